package chat

import (
	"context"
	"testing"
	"time"
)

// departments scripts the one read that deciding a right can need, and counts it.
type departments struct {
	store
	disabled map[string][]string
	arriving map[string][]Arrival
	chats    MemberChats
	reads    *int
}

func (d departments) MemberChats(context.Context, MemberKey) (MemberChats, error) {
	return d.chats, nil
}

func (d departments) Departments(_ context.Context, _ string, ids []string) (all []Department, err error) {
	if d.reads != nil {
		*d.reads++
	}
	for _, id := range ids {
		all = append(all, Department{ID: id, Disabled: d.disabled[id], Arriving: d.arriving[id]})
	}
	return all, nil
}

// S7, for every way in which an enrollment can be a caller's.
func TestRightsOnAnEnrollment(t *testing.T) {
	table := departments{
		disabled: map[string][]string{"nurses": {"cm-gone"}},
		arriving: map[string][]Arrival{"nurses": {{"heart", "coaches"}, {"diabetes", "triage"}}},
	}
	owned := func(id string) Ownership { return Ownership{Owner{Kind: OwnedByCareManager, ID: id}, "nurses"} }
	queued := func(id string) Ownership { return Ownership{Owner{Kind: OwnedByDepartment, ID: id}, id} }
	covers := func(from, to time.Duration) []Cover {
		return []Cover{{Ref{ID: "cm-away"}, noon.Add(from), noon.Add(to)}}
	}
	nurse := Caller{Kind: CareManager, ID: "cm-1", Departments: []string{"nurses"}}
	with := func(v []Cover) Caller {
		return Caller{Kind: CareManager, ID: "cm-1", Departments: []string{"other"}, Covers: v}
	}
	for name, c := range map[string]struct {
		caller Caller
		what   Ownership
		want   Access
	}{
		"a member, in their own data":          {Caller{Kind: Member, ID: "ana"}, owned("cm-1"), FullAccess},
		"the platform":                         {Caller{Kind: Platform}, owned("cm-1"), NoAccess},
		"its owner":                            {nurse, owned("cm-1"), FullAccess},
		"a colleague":                          {nurse, owned("cm-2"), NoAccess},
		"a colleague of a disabled owner":      {nurse, owned("cm-gone"), FullAccess},
		"a colleague, of another department's": {nurse, Ownership{Owner{Kind: OwnedByCareManager, ID: "cm-gone"}, "other"}, FullAccess},
		"another department's, owner gone":     {with(nil), owned("cm-gone"), NoAccess},
		"of the department that owns it":       {nurse, queued("nurses"), FullAccess},
		"of another department":                {nurse, queued("other"), NoAccess},
		"of the department that it goes to":    {nurse, queued("coaches"), FullAccess},
		"where another program goes to":        {nurse, queued("triage"), NoAccess},
		"of that it goes to, a care manager's": {nurse, Ownership{Owner{Kind: OwnedByCareManager, ID: "coaches"}, "coaches"}, NoAccess},
		"who covers the owner now":             {with(covers(-time.Hour, time.Hour)), owned("cm-away"), FullAccess},
		"who will cover the owner":             {with(covers(time.Hour, 2*time.Hour)), owned("cm-away"), NoAccess},
		"whose cover has just ended":           {with(covers(-time.Hour, 0)), owned("cm-away"), NoAccess},
		"whose cover has just begun":           {with(covers(0, time.Hour)), owned("cm-away"), FullAccess},
		"who covers somebody else":             {with(covers(-time.Hour, time.Hour)), owned("cm-2"), NoAccess},
		"a care manager named as department":   {Caller{Kind: CareManager, ID: "nurses"}, queued("nurses"), NoAccess},
	} {
		got, err := accessTo(t.Context(), table, c.caller, noon, MemberKey{}, "heart", c.what)
		if err != nil || got != c.want {
			t.Errorf("%s: got %v, %v; want %v", name, got, err, c.want)
		}
	}
}

// T13: what is late is open to the care managers of its enrollment's department, of
// which its owner need not be. One that is late does not open another.
func TestRightsWhileSomethingIsLate(t *testing.T) {
	theirs := Ownership{Owner{Kind: OwnedByCareManager, ID: "cm-2"}, "nurses"}
	nurse := Caller{Kind: CareManager, ID: "cm-1", Departments: []string{"nurses"}}
	stranger := Caller{Kind: CareManager, ID: "cm-1", Departments: []string{"other"}}
	heart := Ref{ID: "heart"}
	request := func(due time.Duration) MemberChats {
		return MemberChats{Requests: []Request{{State: Open, Program: heart, DueAt: noon.Add(due)}}}
	}
	waits := func(late time.Duration) MemberChats {
		return MemberChats{Threads: []Thread{{Program: heart, WaitingSince: noon.Add(-time.Hour), LateAt: noon.Add(late)}}}
	}
	for name, c := range map[string]struct {
		caller  Caller
		program string
		rows    MemberChats
		want    Access
	}{
		"a late task":                         {nurse, "heart", request(-1), Helping},
		"a task that is due now":              {nurse, "heart", request(0), NoAccess},
		"a late task, another program":        {nurse, "diabetes", request(-1), NoAccess},
		"a late task, another department":     {stranger, "heart", request(-1), NoAccess},
		"a late task, the member's own":       {Caller{Kind: Member, ID: "ana"}, "heart", request(-1), FullAccess},
		"a late thread":                       {nurse, "heart", waits(-1), Helping},
		"a thread that waits, not yet late":   {nurse, "heart", waits(time.Minute), NoAccess},
		"a thread that has just begun to":     {nurse, "heart", MemberChats{Threads: []Thread{{Program: heart, WaitingSince: noon}}}, NoAccess},
		"a late task, to the enrollments own": {Caller{Kind: CareManager, ID: "cm-2"}, "heart", request(-1), FullAccess},
	} {
		got, err := accessTo(t.Context(), departments{chats: c.rows}, c.caller, noon, MemberKey{}, c.program, theirs)
		if err != nil || got != c.want {
			t.Errorf("%s: got %v, %v; want %v", name, got, err, c.want)
		}
	}
}

func TestWhoIsNamedOnAThreadMayReadIt(t *testing.T) {
	thread := Thread{CareManager: Ref{ID: "cm-1"}, Ownership: Ownership{Owner{Kind: OwnedByCareManager, ID: "cm-2"}, "nurses"}}
	for id, want := range map[string]Access{"cm-1": ReadOnly, "cm-2": FullAccess, "cm-3": NoAccess} {
		got, err := accessToThread(t.Context(), departments{}, Caller{Kind: CareManager, ID: id}, noon, thread)
		if err != nil || got != want {
			t.Errorf("%s: got %v, %v; want %v", id, got, err, want)
		}
	}
}

// However many rows a member has, who of the care manager's colleagues is
// disabled is read once, and not at all where it cannot matter.
func TestDisabledCareManagersAreReadOnce(t *testing.T) {
	theirs := Ownership{Owner{Kind: OwnedByCareManager, ID: "cm-2"}, "nurses"}
	gone := Ownership{Owner{Kind: OwnedByCareManager, ID: "cm-gone"}, "nurses"}
	own := Ownership{Owner{Kind: OwnedByCareManager, ID: "cm-1"}, "nurses"}
	nurse := Caller{Kind: CareManager, ID: "cm-1", Departments: []string{"nurses"}}
	for name, c := range map[string]struct {
		caller                                Caller
		owned                                 []Ownership
		reads, enrollments, requests, threads int
	}{
		"others' and their own":   {nurse, []Ownership{theirs, gone, own, theirs}, 1, 2, 2, 2},
		"their own alone":         {nurse, []Ownership{own, own}, 0, 2, 2, 2},
		"the member's, all of it": {Caller{Kind: Member, ID: "ana"}, []Ownership{theirs, gone}, 0, 2, 2, 2},
		"the platform's, nothing": {Caller{Kind: Platform, ID: "cm-1"}, []Ownership{own, gone}, 0, 0, 0, 0},
	} {
		reads := 0
		table := departments{disabled: map[string][]string{"nurses": {"cm-gone"}}, reads: &reads}
		var all MemberChats
		for _, h := range c.owned {
			all.Enrollments = append(all.Enrollments, Enrollment{Ownership: h})
			all.Requests = append(all.Requests, Request{Ownership: h})
			all.Threads = append(all.Threads, Thread{Ownership: h})
		}
		got, err := viewOf(t.Context(), table, c.caller, noon, all)
		if err != nil || reads != c.reads || len(got.Enrollments) != c.enrollments || len(got.Requests) != c.requests || len(got.threads) != c.threads {
			t.Errorf("%s: %d reads, %d, %d and %d rows, %v", name, reads, len(got.Enrollments), len(got.Requests), len(got.threads), err)
		}
	}
}

func TestMemberKeyOfAPath(t *testing.T) {
	ana := Caller{Kind: Member, Organization: "harbor", ID: "ana"}
	rivera := Caller{Kind: CareManager, Organization: "harbor", ID: "cm-rivera"}
	for name, c := range map[string]struct {
		caller Caller
		id     string
		want   string
	}{
		"a member by their id":       {ana, "ana", "ana"},
		"a member as me":             {ana, "me", "ana"},
		"another member":             {ana, "ben", ""},
		"a care manager of a member": {rivera, "ana", "ana"},
		"me is nobody to the staff":  {rivera, "me", ""},
		"an invalid id":              {rivera, "a#b", ""},
		"an empty one":               {ana, "", ""},
	} {
		m, err := c.caller.MemberKey(c.id)
		if m.Member != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: got %q, %v", name, m.Member, err)
		}
	}
}
