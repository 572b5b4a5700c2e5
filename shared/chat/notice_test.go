package chat

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"carechat/shared/problem"
)

// logged is a table with a why-log.
type logged struct {
	*screens
	log []Notice // newest first
}

func (l logged) Notices(_ context.Context, _ MemberKey, before string, limit int) ([]Notice, error) {
	from := 0
	if before != "" {
		from = slices.IndexFunc(l.log, func(n Notice) bool { return n.ID == before }) + 1
	}
	return l.log[from:min(from+limit, len(l.log))], nil
}

// Page after page, each notice is seen once, however many there are.
func TestPagesOfTheWhyLog(t *testing.T) {
	platform := Caller{Kind: Platform, Organization: "harbor"}
	for _, n := range []int{0, 1, noticePage - 1, noticePage, noticePage + 1, 2 * noticePage, 2*noticePage + 1} {
		table := logged{screens: anas()}
		for i := range n {
			table.log = append(table.log, Notice{ID: fmt.Sprintf("ntc_%03d", n-i)})
		}
		s := &ListService{Store: table, Now: func() time.Time { return noon }}
		var seen []Notice
		for before, pages := "", 0; pages == 0 || before != ""; pages++ {
			page, err := s.Notices(t.Context(), platform, "ana", before)
			if err != nil || len(page.Items) > noticePage || page.Next != "" && len(page.Items) < noticePage {
				t.Fatalf("%d: a page of %d, %v", n, len(page.Items), err)
			}
			seen, before = append(seen, page.Items...), page.Next
		}
		if !slices.EqualFunc(seen, table.log, func(a, b Notice) bool { return a.ID == b.ID }) {
			t.Errorf("%d: saw %d", n, len(seen))
		}
	}
	s := &ListService{Store: logged{screens: anas()}, Now: func() time.Time { return noon }}
	if _, err := s.Notices(t.Context(), platform, "ana", "NOTICE#x"); !problem.Is(err, problem.InvalidCursor) {
		t.Error(err)
	}
}

// S4 and S7: whoever may see anything of a member sees why they were notified or
// not; whoever has more than read-only rights may have a link sent.
func TestWhoSeesTheWhyLogAndSendsALink(t *testing.T) {
	manager := func(id string, departments ...string) Caller {
		return Caller{Kind: CareManager, Organization: "harbor", ID: id, Departments: departments}
	}
	platform := Caller{Kind: Platform, Organization: "harbor"}
	for name, c := range map[string]struct {
		caller      Caller
		member      string
		sees, sends problem.Code
	}{
		"an owner":                 {manager("cm-rivera", "nurses"), "ana", "", ""},
		"of a department":          {manager("cm-1", "coaches"), "ana", "", ""},
		"who is named on a thread": {manager("cm-past", "nurses"), "ana", "", problem.Forbidden},
		"a colleague of the owner": {manager("cm-1", "nurses"), "ana", problem.NotFound, problem.NotFound},
		"of somebody not there":    {manager("cm-rivera", "nurses"), "ben", problem.NotFound, problem.NotFound},
		"of what is no id":         {manager("cm-rivera", "nurses"), "a b", problem.NotFound, problem.NotFound},
		"the platform":             {platform, "ana", "", ""},
		"the platform, of nobody":  {platform, "ben", problem.NotFound, problem.NotFound},
		"the platform, of me":      {platform, "me", problem.NotFound, problem.NotFound},
		"another platform":         {Caller{Kind: Platform, Organization: "summit"}, "ana", problem.NotFound, problem.NotFound},
		"the member":               {ana, "me", problem.Forbidden, problem.Forbidden},
	} {
		table, clock := logged{screens: anas()}, func() time.Time { return noon }
		_, sees := (&ListService{Store: table, Now: clock}).Notices(t.Context(), c.caller, c.member, "")
		m, sends := (&LinkService{Store: table, Now: clock}).Recipient(t.Context(), c.caller, c.member)
		if !refused(sees, c.sees) || !refused(sends, c.sends) {
			t.Errorf("%s: sees %v, sends %v", name, sees, sends)
		}
		if c.sends == "" && m != (MemberKey{"harbor", "ana"}) {
			t.Errorf("%s: sends to %v", name, m)
		}
	}
}

// refused reports whether err is the refusal wanted, "" being none.
func refused(err error, want problem.Code) bool {
	return want == "" && err == nil || want != "" && problem.Is(err, want)
}
