package changed

import (
	"os"
	"path/filepath"
	"testing"
)

// Until a change is to be made every one is noted; then that one is made, and no other.
func TestOneChangeIsMade(t *testing.T) {
	folder = t.TempDir()
	if !Kept(1) || Not(2, false) || !Compare(3, "<=", 4, 4) || !Kept(1) {
		t.Error("a change is made")
	}
	if noted, err := os.ReadFile(filepath.Join(folder, Reached)); string(noted) != "1\n2\n3\n" {
		t.Errorf("noted %q, %v", noted, err)
	}
	for operator, want := range map[string]bool{"<": true, "<=": false, ">": true, ">=": false} {
		active = func() int { return 3 }
		if got := Compare(3, operator, 4, 4); got != want || !Kept(1) || Not(2, false) {
			t.Errorf("%s shifted gives %v, or another change is made", operator, got)
		}
		active = func() int { return 2 }
		if Compare(3, operator, 4, 4) == want || !Not(2, false) {
			t.Errorf("%s is shifted, or nothing negated", operator)
		}
	}
	active = func() int { return 1 }
	if Kept(1) {
		t.Error("nothing is deleted")
	}
}
