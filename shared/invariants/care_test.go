package invariants_test

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/tests/support/town"
)

// of puts a care manager into departments.
func of(departments ...string) func(*chat.CareManagerRow) {
	return func(m *chat.CareManagerRow) { m.DepartmentIDs = departments }
}

// careManagers are all of them: Rivera is of both departments and never disabled.
var careManagers = []string{town.Rivera, town.Chen, town.Okafor}

// caller returns one of the active care managers.
func (h history) caller() chat.Caller {
	active := h.active()
	return active[h.IntN(len(active))]
}

// active returns every active care manager as their row says.
func (h history) active() (all []chat.Caller) {
	for _, m := range h.staff() {
		if m.Active {
			c := town.CareManager(m.ID, m.Covers...)
			c.Departments = m.DepartmentIDs
			all = append(all, c)
		}
	}
	return all
}

func (h history) staff() []chat.CareManagerRow {
	all, err := h.Table.Staff(h.ctx, town.Organization)
	h.Must(nil, err)
	return all
}

// share gives an enrollment to another owner, or changes who sees whose.
func (h history) share(member, program string) (err error) {
	some, other := careManagers[h.IntN(3)], careManagers[1+h.IntN(2)]
	vacation := directory.CoverageRef{CareManagerID: some, ID: "vacation"}
	switch h.IntN(8) {
	case 0, 1:
		_, err = h.Chat.Claim(h.ctx, h.caller(), member, program, chat.Precondition{})
	case 2:
		_, err = h.Chat.Assign(h.ctx, h.caller(), member, program, chat.NewOwner{DepartmentID: departments[h.IntN(2)]}, chat.Precondition{})
	case 3:
		_, err = h.Chat.PutCoverage(h.ctx, town.Platform, directory.CoveragePut{
			CoverageRef: vacation, CoverID: other, From: h.Now.Add(-time.Minute), To: h.Now.Add(time.Duration(1+h.IntN(90)) * time.Minute),
		})
	case 4:
		err = h.Chat.EndCoverage(h.ctx, town.Platform, vacation)
	case 5:
		is := slices.IndexFunc(h.staff(), func(m chat.CareManagerRow) bool { return m.ID == other && m.Active }) >= 0
		h.PutCareManager(other, of(map[string]string{town.Chen: town.Department, town.Okafor: "coaches"}[other]), func(m *chat.CareManagerRow) { m.Active = !is })
	case 6:
		h.PutProgram(program, departments[h.IntN(2)])
	default:
		h.Now = h.Now.Add(time.Duration(h.IntN(120)) * time.Minute)
	}
	return err
}

var departments = []string{town.Department, "coaches"}

// settle lets everything turn late and upkeep do all that is due. Then a care manager is
// covered, one is disabled, a program is moved, and a new member begins to wait.
func (h history) settle() (keptUp time.Time) {
	h.PutCareManager(town.Chen, of(town.Department))
	h.PutCareManager(town.Okafor, of("coaches"))
	for _, id := range []string{"late", "new"} {
		h.PutMember(id)
		h.Enroll(id, town.Program, town.Rivera)
	}
	h.Submit("late", town.Program, "client-late-000000001")
	h.Reply("late", h.Start(town.Rivera, "late", town.Program, "client-late-000000002").ID, "client-late-000000003")
	h.PutProgram(town.Second, town.Department)
	for h.Now = h.Now.Add(3 * time.Hour); h.Upkeep() > 0; {
		h.Now = h.Now.Add(10 * time.Second)
	}
	h.look(h, true)
	keptUp = h.Now
	h.Now = h.Now.Add(time.Second)
	vacation := directory.CoveragePut{
		CoverageRef: directory.CoverageRef{CareManagerID: town.Rivera, ID: "vacation"}, CoverID: town.Chen, From: h.Now, To: h.Now.Add(time.Hour),
	}
	_ = h.Chat.EndCoverage(h.ctx, town.Platform, vacation.CoverageRef)
	h.Must(h.Chat.PutCoverage(h.ctx, town.Platform, vacation))
	h.PutCareManager(town.Okafor, of("coaches"), func(m *chat.CareManagerRow) { m.Active = false })
	h.PutProgram(town.Second, "coaches")
	h.Submit("new", town.Program, "client-new-0000000001")
	h.Reply("new", h.Start(town.Rivera, "new", town.Program, "client-new-0000000002").ID, "client-new-0000000003")
	return keptUp
}

// checkLists compares every care manager's lists, and what the platform sees unattended,
// with what the rows say (S7, T10, T11, T13, G10). Once upkeep has kept up with the clock,
// what is late is in its department's lists.
func (h history) checkLists(keptUp bool) {
	h.T.Helper()
	has := ownedIn(h.Chats("late"), h.Now)
	for n := range people {
		has = append(has, ownedIn(h.Chats(memberID(n)), h.Now)...)
	}
	staff := h.staff()
	programs := h.programs()
	seen := map[string][]string{} // who has what in a list
	for _, c := range h.active() {
		h.seenBy(c, seen)
	}
	tasks, err := h.Chat.Tasks(h.ctx, town.Platform, chat.WorkQuery{Unattended: "true"})
	h.Must(nil, err)
	for _, r := range tasks.Items {
		seen[r.ID] = append(seen[r.ID], "nobody")
	}
	for _, o := range has {
		must, may := o.seenBy(staff, programs, h.Now)
		if keptUp {
			must = append(must, may...)
		}
		got := seen[o.id]
		lacks := func(who string) bool { return !slices.Contains(got, who) }
		extra := func(who string) bool { return !slices.Contains(must, who) && !slices.Contains(may, who) }
		if slices.ContainsFunc(must, lacks) || slices.ContainsFunc(got, extra) || len(got) == 0 && !o.thread {
			h.T.Errorf("%s is in the lists of %v, not of %v and perhaps %v", o, got, must, may)
		}
	}
}

// seenBy adds a care manager to the tasks and threads in their lists.
func (h history) seenBy(c chat.Caller, seen map[string][]string) {
	inbox, err := h.Chat.Inbox(h.ctx, c, chat.Waiting, "")
	ids := map[string]bool{}
	for _, t := range inbox.Items {
		ids[t.Member.ID+t.ID] = true
	}
	for _, scope := range []chat.Scope{chat.Mine, chat.DepartmentWide, chat.CoveringNow} {
		tasks, failed := h.Chat.Tasks(h.ctx, c, chat.WorkQuery{Scope: scope})
		err = errors.Join(err, failed)
		for _, r := range tasks.Items {
			ids[r.ID] = true
		}
	}
	h.Must(nil, err)
	for id := range ids {
		seen[id] = append(seen[id], c.ID)
	}
}

func (h history) programs() map[string]chat.Program {
	catalog, err := h.Table.Catalog(h.ctx, town.Organization, true)
	h.Must(nil, err)
	return catalog.Programs
}

// owned is an open request or a waiting thread.
type owned struct {
	chat.Ownership
	id, program string
	thread      bool
	late        bool
}

func (o owned) String() string {
	return fmt.Sprintf("%s of %s's and the %s (late: %v)", o.id, o.Owner.ID, o.Department, o.late)
}

func ownedIn(all chat.MemberChats, now time.Time) (has []owned) {
	for _, r := range all.Requests {
		has = append(has, owned{r.Ownership, r.ID, r.Program.ID, false, r.Late(now)})
	}
	for _, t := range all.Threads {
		if !t.WaitingSince.IsZero() {
			has = append(has, owned{t.Ownership, t.Member.ID + t.ID, t.Program.ID, true, t.Late(now)})
		}
	}
	return has
}

// seenBy says in whose lists it must be, and in whose it may be because it is late: a mark
// may trail. Nobody's is what is unattended.
func (o owned) seenBy(staff []chat.CareManagerRow, programs map[string]chat.Program, now time.Time) (must, may []string) {
	row := func(id string) chat.CareManagerRow {
		return staff[slices.IndexFunc(staff, func(m chat.CareManagerRow) bool { return m.ID == id })]
	}
	from := []string{o.Owner.ID}
	if o.Owner.Kind == chat.OwnedByCareManager {
		if from = nil; !row(o.Owner.ID).HandOverAt.IsZero() {
			from = row(o.Owner.ID).DepartmentIDs
		}
	} else if p := programs[o.program]; slices.Contains(p.MovedFrom, o.Owner.ID) {
		from = append(from, p.DepartmentID)
	}
	attended := false
	for _, m := range staff {
		is := func(id string) bool { return slices.Contains(from, id) }
		covers := func(v chat.Cover) bool { return v.Of.ID == o.Owner.ID && v.Running(now) }
		switch sees := slices.ContainsFunc(m.DepartmentIDs, is); {
		case !m.Active:
		case sees, m.ID == o.Owner.ID, slices.ContainsFunc(m.Covers, covers):
			must, attended = append(must, m.ID), attended || sees || m.ID == o.Owner.ID
		case o.late && slices.Contains(m.DepartmentIDs, o.Department):
			may = append(may, m.ID)
		}
	}
	if !attended {
		may = append(may, "nobody")
	}
	return must, may
}
