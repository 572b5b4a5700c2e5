package chat

import (
	"slices"
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

// N8, T11: one that began and was replaced before upkeep ran is told all the same.
func TestAReplacedCoverageIsToldThatBeganUntold(t *testing.T) {
	by := func(id string, to time.Duration) Coverage {
		return Coverage{By: Ref{ID: id}, From: noon, To: noon.Add(to)}
	}
	at := noon.Add(time.Minute)
	for name, c := range map[string]struct {
		next Coverage
		want []string
	}{
		"by another":          {by("cm-okafor", time.Hour), []string{"coverage.started cm-chen 1m0s", "coverage.ended cm-chen 1m0s", "coverage.started cm-okafor 1h0m0s"}},
		"by a longer of hers": {by("cm-chen", 3*time.Hour), []string{"coverage.started cm-chen 3h0m0s"}},
	} {
		was := CoverageMark{}.Replaced(by("cm-chen", 2*time.Hour), noon)
		var told []string
		for is, more := was.Replaced(c.next, at), true; more; is, more = is.tell(at) {
			if e, ok := coverageEvent(&was, &is, at); ok {
				told = append(told, string(e.Type)+" "+e.Cover+" "+e.To.Sub(noon).String())
			}
			was = is
		}
		if !slices.Equal(told, c.want) {
			t.Errorf("%s: told %v, not %v", name, told, c.want)
		}
	}
}
