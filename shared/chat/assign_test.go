package chat

import (
	"testing"
	"time"

	"carechat/shared/problem"
)

// S7: who can claim an enrollment depends on its owner, on the caller's departments
// and on who of their colleagues is disabled.
func TestWhoCanClaim(t *testing.T) {
	owned := func(id string) Ownership { return Ownership{Owner{Kind: OwnedByCareManager, ID: id}, "nurses"} }
	queued := func(id string) Ownership { return Ownership{Owner{Kind: OwnedByDepartment, ID: id}, id} }
	nurse := Caller{Kind: CareManager, ID: "cm-1", Departments: []string{"nurses"}}
	stranger := Caller{Kind: CareManager, ID: "cm-1", Departments: []string{"other"}}
	cover := stranger
	cover.Covers = []Cover{{Ref{ID: "cm-2"}, noon.Add(-time.Hour), noon.Add(time.Hour)}}
	for name, c := range map[string]struct {
		caller Caller
		what   Ownership
		want   problem.Code // "" if they can
	}{
		"its department's":                        {nurse, queued("nurses"), ""},
		"a disabled colleague's":                  {nurse, owned("cm-gone"), ""},
		"theirs already":                          {nurse, owned("cm-1"), ""},
		"theirs already, of another department":   {stranger, owned("cm-1"), ""},
		"a colleague's":                           {nurse, owned("cm-2"), problem.AlreadyClaimed},
		"of whom they cover":                      {cover, owned("cm-2"), problem.AlreadyClaimed},
		"another department's":                    {stranger, queued("nurses"), problem.NotFound},
		"of somebody of another department":       {stranger, owned("cm-2"), problem.NotFound},
		"of somebody disabled, other department":  {stranger, owned("cm-gone"), problem.NotFound},
		"another's, which arrives at theirs":      {nurse, queued("coaches"), ""},
		"a department's that is called like them": {Caller{Kind: CareManager, ID: "nurses"}, queued("nurses"), problem.NotFound},
	} {
		table := departments{
			disabled: map[string][]string{"nurses": {"cm-gone"}}, arriving: map[string][]Arrival{"nurses": {{"heart", "coaches"}}},
		}
		may, err := rightsOn(t.Context(), table, c.caller, noon, c.what.Owner)
		if err != nil {
			t.Fatal(err)
		}
		refused := may.claim(Enrollment{Program: Ref{ID: "heart"}, Ownership: c.what})
		if got := codeOf(refused); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func codeOf(err error) problem.Code {
	if p, ok := err.(*problem.Problem); ok && p != nil {
		return p.Code
	}
	return ""
}

// S7: a care manager assigns what they have full rights on; the platform anything.
func TestWhoCanAssign(t *testing.T) {
	e := Enrollment{Ownership: Ownership{Owner{Kind: OwnedByCareManager, ID: "cm-1"}, "nurses"}}
	for id, c := range map[string]struct {
		caller Caller
		want   problem.Code
	}{
		"its owner":    {Caller{Kind: CareManager, ID: "cm-1"}, ""},
		"a colleague":  {Caller{Kind: CareManager, ID: "cm-2", Departments: []string{"nurses"}}, problem.NotFound},
		"the platform": {Caller{Kind: Platform}, ""},
	} {
		if got := codeOf(rights{caller: c.caller, now: noon}.assign(e)); got != c.want {
			t.Errorf("%s: got %q, want %q", id, got, c.want)
		}
	}
}
