package chat

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// OwnerEnrollments gives each owner one enrollment, of a member called like them.
func (w works) OwnerEnrollments(_ context.Context, _ string, of Work, _ string, _ int) ([]Placed[Enrollment], error) {
	return []Placed[Enrollment]{{of.Owner.ID, Enrollment{Member: Ref{ID: of.Owner.ID}}}}, nil
}

// S7: a caseload lists the enrollments of the owners that the query names, by
// member.
func TestWhoseEnrollmentsACaseloadShows(t *testing.T) {
	w := works{departments: departments{disabled: map[string][]string{"nurses": {"cm-gone"}}}}
	s := &ListService{Store: w, Now: func() time.Time { return noon }}
	for scope, want := range map[Scope][]string{
		"": {"cm-1"}, Mine: {"cm-1"}, DepartmentWide: {"cm-gone", "nurses"},
	} {
		page, err := s.Caseload(t.Context(), nurse, WorkQuery{Scope: scope})
		if err != nil {
			t.Fatal(err)
		}
		var shown []string
		for _, e := range page.Items {
			shown = append(shown, e.Member.ID)
		}
		if diff := cmp.Diff(want, shown); diff != "" {
			t.Errorf("%q: %s", scope, diff)
		}
	}
}
