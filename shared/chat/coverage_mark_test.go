package chat

import (
	"testing"
	"time"
)

// N8: the start of a coverage is told, then its end, and nothing else.
func TestAMarkTellsAStartAndAnEnd(t *testing.T) {
	m := CoverageMark{}.Replaced(Coverage{By: Ref{ID: "cm-chen"}, From: noon, To: noon.Add(time.Hour)}, noon.Add(-time.Hour))
	for n, c := range []struct {
		at            time.Duration
		tells, stands bool
	}{{-1, false, false}, {0, true, true}, {time.Minute, false, true}, {time.Hour, true, false}, {2 * time.Hour, false, false}} {
		was := m.Version
		told := false
		if m, told = m.tell(noon.Add(c.at)); told != c.tells || m.Told.exists() != c.stands || told != (m.Version == was+1) {
			t.Errorf("%d: tells %v, %+v", n, told, m)
		}
	}
}
