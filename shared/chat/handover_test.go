package chat

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// T9 and T10, whole: every state of an enrollment and every PUT. Each case says
// the owner, the department, what the open request is then, and whether the
// threads moved.
func TestWhatAPutOfAnEnrollmentComesTo(t *testing.T) {
	nurses := Owner{OwnedByDepartment, "nurses", "Nurses"}
	coaches := Owner{OwnedByDepartment, "coaches", "Coaches"}
	rivera := Owner{OwnedByCareManager, "cm-rivera", "Sam Rivera"}
	chen := Owner{OwnedByCareManager, "cm-chen", "Lin Chen"}
	was := func(state EnrollmentState, provisioned string, o Owner, department string) Enrollment {
		return Enrollment{State: state, Provisioned: provisioned, Ownership: Ownership{o, department}, Version: 7, Paused: true}
	}
	const active, closed = EnrollmentActive, EnrollmentClosed
	for name, c := range map[string]struct {
		was        Enrollment
		state      EnrollmentState
		to         Owner
		owner      Owner
		department string
		request    Action
		threads    bool
		same       bool
	}{
		"new, to the department":                 {Enrollment{}, active, nurses, nurses, "nurses", "", false, false},
		"new, to a care manager":                 {Enrollment{}, active, rivera, rivera, "nurses", "", false, false},
		"new and closed":                         {Enrollment{}, closed, rivera, rivera, "nurses", "", false, false},
		"active, the same":                       {was(active, "cm-rivera", rivera, "nurses"), active, rivera, rivera, "nurses", "", false, true},
		"active, the same, claimed since":        {was(active, "cm-rivera", chen, "nurses"), active, rivera, chen, "nurses", "", false, true},
		"active, the department again, claimed":  {was(active, "", chen, "nurses"), active, nurses, chen, "nurses", "", false, true},
		"active, to another":                     {was(active, "cm-rivera", rivera, "nurses"), active, chen, chen, "nurses", Assigned, true, false},
		"active, to another, assigned elsewhere": {was(active, "cm-rivera", coaches, "coaches"), active, chen, chen, "coaches", Assigned, true, false},
		"active, to whoever claimed it":          {was(active, "cm-rivera", chen, "nurses"), active, chen, chen, "nurses", "", false, false},
		"active, back to the department":         {was(active, "cm-rivera", rivera, "nurses"), active, nurses, nurses, "nurses", Assigned, true, false},
		"active, from another department":        {was(active, "cm-rivera", coaches, "coaches"), active, nurses, nurses, "nurses", Assigned, true, false},
		"active, closes":                         {was(active, "cm-rivera", rivera, "nurses"), closed, rivera, rivera, "nurses", WasCancelled, true, false},
		"active, closes naming nobody":           {was(active, "cm-rivera", rivera, "nurses"), closed, nurses, rivera, "nurses", WasCancelled, true, false},
		"active, closes, claimed since":          {was(active, "cm-rivera", chen, "nurses"), closed, rivera, chen, "nurses", WasCancelled, true, false},
		"closed, the same":                       {was(closed, "cm-rivera", rivera, "nurses"), closed, rivera, rivera, "nurses", "", false, true},
		"closed, naming another":                 {was(closed, "cm-rivera", rivera, "nurses"), closed, chen, rivera, "nurses", "", false, false},
		"closed, opens again":                    {was(closed, "cm-rivera", rivera, "nurses"), active, rivera, rivera, "nurses", "", true, false},
		"closed, opens again, to another":        {was(closed, "cm-rivera", rivera, "nurses"), active, chen, chen, "nurses", "", true, false},
		"closed, opens again, to the department": {was(closed, "cm-rivera", rivera, "nurses"), active, nurses, nurses, "nurses", "", true, false},
		"closed, opens again, claimed before it": {was(closed, "cm-rivera", chen, "nurses"), active, rivera, chen, "nurses", "", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			all := Enrolled{Enrollment: c.was}
			if c.was.Version > 0 {
				all.Threads = []Thread{{ID: "t1", Version: 3, WaitingSince: noon, State: ThreadActive}}
			}
			if c.was.State == active {
				all.Request = &Request{ID: "r1", State: Open, Version: 2, Ownership: c.was.Ownership}
			}
			want := meaning{State: c.state, Owner: c.to, Department: "nurses"}
			if c.to.Kind == OwnedByCareManager {
				want.Provisioned = c.to.ID
			}
			plan, changed, err := planEnrollment(all, want, noon)
			if err != nil || changed == c.same {
				t.Fatalf("changed %v, %v", changed, err)
			}
			expected := c.was
			if expected.Ownership = (Ownership{c.owner, c.department}); !c.same {
				expected.State, expected.Provisioned = c.state, want.Provisioned
				expected.Version++
			}
			if diff := cmp.Diff(expected, plan.Enrollment); diff != "" {
				t.Error(diff)
			}
			checkFollows(t, plan, c.request, c.threads)
		})
	}
}

func checkFollows(t *testing.T, plan Enrolled, action Action, threads bool) {
	t.Helper()
	e := plan.Enrollment
	switch r := plan.Request; {
	case (r != nil) != (action != ""):
		t.Errorf("the request moves: %v", r != nil)
	case r != nil:
		last := r.History[len(r.History)-1]
		if last.Action != action || last.By != Platform || r.Version != 3 || r.Ownership != e.Ownership {
			t.Errorf("the request becomes %+v", r)
		}
		if cancelled := r.State == Cancelled; cancelled != (e.State == EnrollmentClosed) {
			t.Errorf("the request is %s", r.State)
		}
	}
	if (len(plan.Threads) > 0) != threads {
		t.Fatalf("%d threads move", len(plan.Threads))
	}
	for _, each := range plan.Threads {
		active := each.State == ThreadActive
		if each.Ownership != e.Ownership || active != (e.State == EnrollmentActive) || each.Version != 4 || each.WaitingSince != noon {
			t.Errorf("a thread becomes %+v", each)
		}
	}
}

func TestAPutOfAMemberThatLosesAContactEndsTheirSessions(t *testing.T) {
	was := Profile{Organization: "harbor", ID: "ana", Phone: "+15550100101", Email: "Ana@example.org", Active: true, Epoch: 3, LogIns: 5, Version: 2}
	for name, c := range map[string]struct {
		change func(*Profile)
		ends   bool
	}{
		"nothing":            {func(*Profile) {}, false},
		"a name":             {func(p *Profile) { p.Name = "Ana Maria" }, false},
		"another phone":      {func(p *Profile) { p.Phone = "+15550100199" }, true},
		"no phone":           {func(p *Profile) { p.Phone = "" }, true},
		"another email":      {func(p *Profile) { p.Email = "reyes@example.org" }, true},
		"the email's case":   {func(p *Profile) { p.Email = "ana@example.org" }, false},
		"disabled":           {func(p *Profile) { p.Active = false }, true},
		"disabled, renamed":  {func(p *Profile) { p.Active, p.Name = false, "A" }, true},
		"a log-in of theirs": {func(p *Profile) { p.Subjects = []Subject{{"i", "s"}} }, false},
	} {
		entry := was
		entry.Epoch, entry.LogIns, entry.Version = 0, 0, 0
		c.change(&entry)
		got := planMember("harbor", &was, MemberPut{Put: Put[Profile]{ID: "ana", Entry: entry}})
		if ended := got.Is.Epoch == 4; got.LogOut != c.ends || ended != c.ends || got.Is.LogIns != 5 {
			t.Errorf("%s: log-out %v, epoch %d", name, got.LogOut, got.Is.Epoch)
		}
	}
	was.Active = false
	if got := planMember("harbor", &was, MemberPut{Put: Put[Profile]{Entry: Profile{Phone: was.Phone, Email: was.Email, Active: true}}}); got.LogOut {
		t.Error("being enabled again ends nothing")
	}
}

func TestANewMembersChannels(t *testing.T) {
	both := Profile{Phone: "+15550100101", Email: "ana@example.org"}
	for name, c := range map[string]struct {
		profile     Profile
		given, want []Channel
	}{
		"those with an address": {both, nil, []Channel{SMS, Email}},
		"the only address":      {Profile{Email: "a@example.org"}, nil, []Channel{Email}},
		"no address":            {Profile{}, nil, nil},
		"those given":           {both, []Channel{Email}, []Channel{Email}},
		"none, on purpose":      {both, []Channel{}, []Channel{}},
	} {
		got := planMember("harbor", nil, MemberPut{Put: Put[Profile]{Entry: c.profile}, Channels: c.given})
		if diff := cmp.Diff(c.want, got.Channels); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// T11: a department's row lists its disabled care managers, and nobody else.
func TestADepartmentListsWhoIsDisabled(t *testing.T) {
	all := map[string]Department{
		"a": {ID: "a", Version: 1, Disabled: []string{"cm-1", "cm-2"}},
		"b": {ID: "b", Version: 4},
	}
	row := func(active bool, departments ...string) CareManagerRow {
		return CareManagerRow{ID: "cm-2", Active: active, DepartmentIDs: departments}
	}
	only := []string{"cm-1"}
	for name, c := range map[string]struct {
		was, is CareManagerRow
		want    []Department
	}{
		"still disabled":       {row(false, "a"), row(false, "a"), nil},
		"enabled":              {row(false, "a"), row(true, "a"), []Department{{ID: "a", Version: 2, Disabled: only}}},
		"moves, disabled":      {row(false, "a"), row(false, "b"), []Department{{ID: "a", Version: 2, Disabled: only}, {ID: "b", Version: 5, Disabled: []string{"cm-2"}}}},
		"moves, enabled":       {row(false, "a"), row(true, "b"), []Department{{ID: "a", Version: 2, Disabled: only}}},
		"disabled elsewhere":   {row(true, "b"), row(false, "b"), []Department{{ID: "b", Version: 5, Disabled: []string{"cm-2"}}}},
		"active all the while": {row(true, "b"), row(true, "b"), nil},
	} {
		if diff := cmp.Diff(c.want, relist(all, &c.was, c.is), cmp.Transformer("list", orNil[string])); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if diff := cmp.Diff([]string{"cm-1", "cm-2"}, all["a"].Disabled); diff != "" {
		t.Error("the catalog was changed: ", diff)
	}
}

func TestDecidingAPut(t *testing.T) {
	stands := Program{ID: "p", Name: "P", Version: 3}
	for name, c := range map[string]struct {
		current          *Program
		name             string
		when             Precondition
		refused          bool
		version          int
		changed, created bool
	}{
		"new":                       {nil, "P", Precondition{}, false, 1, true, true},
		"new, create only":          {nil, "P", Precondition{Absent: true}, false, 1, true, true},
		"new, of a version":         {nil, "P", Precondition{Matches: []int{1}}, true, 0, false, false},
		"new, of any version":       {nil, "P", Precondition{Exists: true}, true, 0, false, false},
		"the same":                  {&stands, "P", Precondition{}, false, 3, false, false},
		"another":                   {&stands, "Q", Precondition{}, false, 4, true, false},
		"another, of this version":  {&stands, "Q", Precondition{Matches: []int{3}}, false, 4, true, false},
		"another, of an older one":  {&stands, "Q", Precondition{Matches: []int{2}}, true, 0, false, false},
		"the same, create only":     {&stands, "P", Precondition{Absent: true}, true, 0, false, false},
		"the same, of no version":   {&stands, "P", Precondition{Matches: []int{}}, true, 0, false, false},
		"another, of any version":   {&stands, "Q", Precondition{Exists: true}, false, 4, true, false},
		"the same, of this version": {&stands, "P", Precondition{Matches: []int{3}}, false, 3, false, false},
	} {
		got, changed, err := decide(c.current, Program{ID: "p", Name: c.name}, c.when)
		if (err != nil) != c.refused || changed != c.changed || got.Created != c.created || got.Entry.Version != c.version {
			t.Errorf("%s: %+v, changed %v, %v", name, got, changed, err)
		}
	}
}
