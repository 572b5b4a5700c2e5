package table

import (
	"testing"

	"carechat/shared/chat"
)

// G8: every part of a key counts. Ids that are all different, as random ones
// are, would not show that one is left out: here any of them may be the same.
func TestEveryPartOfAKeyCounts(t *testing.T) {
	type row struct {
		fuzzKey
		kind int
	}
	var all []row
	ids := []string{"a", "b"}
	for _, o := range ids {
		for _, m := range ids {
			for _, id := range ids {
				for kind, k := range keysOf(chat.MemberKey{Organization: o, Member: m}, id) {
					all = append(all, row{k, kind})
				}
			}
		}
	}
	for _, x := range all {
		for _, y := range all {
			same := x.kind == y.kind && x.of == y.of
			if (x.pk == y.pk && x.sk == y.sk) != same {
				t.Fatalf("rows of %q and %q: %q %q and %q %q", x.of, y.of, x.pk, x.sk, y.pk, y.sk)
			}
		}
	}
}
