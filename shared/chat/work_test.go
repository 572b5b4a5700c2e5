package chat

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"carechat/shared/problem"

	"github.com/google/go-cmp/cmp"
)

// works is a table with the threads that wait with each owner, by their
// positions, and how many open tasks each has; one of ten is overdue.
type works struct {
	departments
	threads map[string][]string
	tasks   map[string]int
}

func (w works) OwnerThreads(_ context.Context, _ string, of Work, _ InboxList, after string, limit int) (all []Placed[Thread], err error) {
	for _, position := range w.threads[of.Owner.ID+of.ProgramID] {
		if position > after && len(all) < limit {
			all = append(all, Placed[Thread]{position, Thread{ID: position}})
		}
	}
	return all, nil
}

func (works) Catalog(context.Context, string, bool) (Catalog, error) { return Catalog{}, nil }

func (works) Colleagues(context.Context, string) (map[string]CareManagerRow, error) { return nil, nil }

func (w works) LateThreads(ctx context.Context, _, department, after string, limit int) ([]Placed[Thread], error) {
	return w.OwnerThreads(ctx, "", Work{Owner: Owner{ID: "late in " + department}}, Waiting, after, limit)
}

func (w works) TasksDue(_ context.Context, _ string, of Work, limit int) (due []time.Time, err error) {
	for n := range min(w.tasks[of.Owner.ID+of.ProgramID], limit) {
		due = append(due, noon.Add(time.Hour))
		if n < w.tasks[of.Owner.ID+of.ProgramID]/10 {
			due[n] = noon.Add(-time.Hour)
		}
	}
	return due, nil
}

// nurse is of one department; she covers a colleague now, another one no more and
// a third one not yet.
var nurse = Caller{
	Kind: CareManager, Organization: "harbor", ID: "cm-1", Departments: []string{"nurses"},
	Covers: []Cover{
		{Ref{ID: "cm-away"}, noon.Add(-time.Hour), noon.Add(time.Hour)},
		{Ref{ID: "cm-back"}, noon.Add(-time.Hour), noon},
		{Ref{ID: "cm-soon"}, noon.Add(time.Hour), noon.Add(2 * time.Hour)},
	},
}

func inboxOf(t *testing.T, w works, after string) Inbox {
	t.Helper()
	s := &ListService{Store: w, Now: func() time.Time { return noon }}
	page, err := s.Inbox(t.Context(), nurse, Waiting, after)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// S7, T10, T13: an inbox has what belongs to the caller, their departments, their disabled
// colleagues and those whom they cover now, what arrives at their departments and what is
// late there, and nothing else.
func TestWhoseThreadsAnInboxShows(t *testing.T) {
	w := works{departments: departments{
		disabled: map[string][]string{"nurses": {"cm-gone"}, "coaches": {"cm-other"}},
		arriving: map[string][]Arrival{"nurses": {{"/heart", "coaches"}, {"/heart", "nurses"}}, "coaches": {{"/heart", "triage"}}},
	}, threads: map[string][]string{}}
	for _, owner := range []string{"coaches/heart", "nurses/heart", "triage/heart", "cm-1", "nurses", "cm-gone", "cm-away", "cm-back", "cm-soon", "cm-2", "coaches", "cm-other", "late in nurses", "late in coaches"} {
		w.threads[owner] = []string{owner}
	}
	var shown []string
	for _, thread := range inboxOf(t, w, "").Items {
		shown = append(shown, thread.ID)
	}
	if diff := cmp.Diff([]string{"cm-1", "cm-away", "cm-gone", "coaches/heart", "late in nurses", "nurses"}, shown); diff != "" {
		t.Error(diff)
	}
}

// Page after page of several owners' lists, each thread is seen once, in order,
// however many there are.
func TestPagesOfWork(t *testing.T) {
	owners := []string{"cm-1", "nurses", "cm-away"}
	for _, n := range []int{0, 1, workPage - 1, workPage, workPage + 1, 2 * workPage, 2*workPage + 1, 3 * workPage} {
		w := works{threads: map[string][]string{}}
		var want, seen []string
		for i := range n {
			position := fmt.Sprintf("%03d", i)
			want, w.threads[owners[i%3]] = append(want, position), append(w.threads[owners[i%3]], position)
		}
		for after, pages := "", 0; pages == 0 || after != ""; pages++ {
			page := inboxOf(t, w, after)
			if len(page.Items) > workPage || page.Next != "" && len(page.Items) < workPage {
				t.Fatalf("%d: a page of %d", n, len(page.Items))
			}
			for _, thread := range page.Items {
				seen = append(seen, thread.ID)
			}
			after = page.Next
		}
		if !slices.Equal(want, seen) {
			t.Errorf("%d: saw %d: %v", n, len(seen), seen)
		}
	}
}

// The inbox counts each kind of task to a hundred, over all owners together.
func TestTasksAreCountedToAHundred(t *testing.T) {
	for want, tasks := range map[[2]int]map[string]int{
		{0, 0}:     {},
		{40, 4}:    {"cm-1": 10, "nurses": 10, "cm-away": 20, "cm-2": 50},
		{100, 12}:  {"cm-1": 60, "nurses": 60},
		{100, 100}: {"cm-1": 900, "nurses": 900},
	} {
		if got := inboxOf(t, works{tasks: tasks}, ""); [2]int{got.Open, got.Overdue} != want {
			t.Errorf("%v: %d open, %d overdue, want %v", tasks, got.Open, got.Overdue, want)
		}
	}
}

// Only care managers give a scope, and only the platform an owner: the other kind of
// caller is refused, not ignored (A4).
func TestTaskQueriesByKindOfCaller(t *testing.T) {
	platform := Caller{Kind: Platform, Organization: "harbor", ID: "platform"}
	for _, try := range []struct {
		c    Caller
		q    WorkQuery
		want []string
	}{
		{nurse, WorkQuery{CareManagerID: "cm-1"}, []string{"?careManagerId"}},
		{nurse, WorkQuery{Scope: Mine, DepartmentID: "nurses"}, []string{"?departmentId"}},
		{nurse, WorkQuery{CareManagerID: "cm-1", DepartmentID: "nurses"}, []string{"?careManagerId", "?departmentId"}},
		{nurse, WorkQuery{Scope: "all"}, []string{"?scope"}},
		{platform, WorkQuery{}, []string{"?careManagerId"}},
		{platform, WorkQuery{CareManagerID: "cm-1", DepartmentID: "nurses"}, []string{"?careManagerId"}},
		{platform, WorkQuery{Scope: Mine, CareManagerID: "cm-1"}, []string{"?scope"}},
	} {
		_, err := (&ListService{}).Tasks(t.Context(), try.c, try.q)
		var p *problem.Problem
		if !errors.As(err, &p) || p.Code != problem.ValidationFailed {
			t.Errorf("%s, %+v: %v", try.c.Kind, try.q, err)
			continue
		}
		var got []string
		for _, e := range p.Fields {
			got = append(got, e.Pointer)
		}
		if diff := cmp.Diff(try.want, got); diff != "" {
			t.Errorf("%s, %+v (-want +got):\n%s", try.c.Kind, try.q, diff)
		}
	}
}
