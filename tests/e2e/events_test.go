package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/api"
	"carechat/shared/chat"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/town"
)

// N8: the platform hears of each step of a request and its conversation, in order,
// with the owner at that moment.
func TestEachStepIsAnEvent(t *testing.T) {
	c := newMember(t, shared)
	request := c.Submit(town.NewID("key"))
	path := c.Path() + "/chat-requests/" + request.Text("id")
	c.Self.Want(200, "PATCH", path, map[string]string{"reasonId": town.OtherReason})
	thread := c.Start()
	c.Self.Want(201, "POST", thread+"/messages", town.MessageBody(town.NewID("reply"), "Thank you"))
	c.Rivera.Want(200, "POST", c.Path()+"/enrollments/diabetes/assign", map[string]string{"careManagerId": town.Chen})
	c.Chen.Want(200, "POST", path+"/close", map[string]string{"outcome": "called"})
	c.Self.Want(200, "PUT", thread+"/read", `{"seq": 1}`) // of which nobody hears

	var got []string
	for _, e := range shared.Events(t, c.ID, 7) {
		if e.OrganizationID != town.Organization || e.ProgramID != town.Program {
			t.Errorf("%+v", e)
		}
		got = append(got, fmt.Sprintf("%s %d %s %s", e.Type, e.Sequence, e.Owner.ID, e.Author))
	}
	want := []string{
		"enrollment.assigned 1 cm-rivera ", "chatRequest.submitted 1 cm-rivera ", "chatRequest.reasonChanged 2 cm-rivera ",
		"message.sent 1 cm-rivera careManager", "message.sent 2 cm-rivera member",
		"enrollment.assigned 4 cm-chen ", "chatRequest.closed 4 cm-chen ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// N8, T11, T13, G10: the platform hears of what the clock does, as soon as upkeep has seen it.
func TestWhatTheClockCausesIsAnEvent(t *testing.T) {
	c := newMember(t, shared)
	request := c.Submit(town.NewID("key")).Text("id")
	shared.MakeLate(t, town.Organization, c.ID, town.Program)
	away := town.NewID("cm-away")
	c.Platform.PutCareManager(away, town.Department, true)
	coverage := "/v1/care-managers/" + away + "/coverages/vacation"
	from, to := time.Now().Add(-time.Hour).UTC().Truncate(time.Millisecond), time.Now().Add(time.Hour).UTC().Truncate(time.Millisecond)
	c.Rivera.Want(201, "PUT", coverage, map[string]any{"coverId": town.Chen, "from": from, "to": to})
	empty := town.NewID("department")
	c.Platform.PutDepartment(empty)
	c.Platform.PutProgram(empty, empty)
	c.Platform.Enroll(c.ID, empty, "")
	shared.HurryUpkeep(t)
	shared.RunUpkeep(t)
	shared.EventsThat(t, 1, func(e api.Event) bool { return e.DepartmentID == empty && e.Type == chat.DepartmentUnattended })
	late := shared.EventsThat(t, 1, func(e api.Event) bool { return e.ChatRequestID == request && e.Type == chat.RequestLate })[0]
	if late.MemberID != c.ID || late.Owner.ID != town.Rivera || late.DueAt.IsZero() {
		t.Errorf("%+v", late)
	}
	c.Rivera.Want(204, "DELETE", coverage, nil)
	shared.RunUpkeep(t)
	told := shared.EventsThat(t, 2, func(e api.Event) bool { return e.CareManagerID == away })
	for i, kind := range []chat.EventType{chat.CoverageStarted, chat.CoverageEnded} {
		if e := told[i]; e.Type != kind || e.CoverID != town.Chen || !e.From.Equal(from) || e.To.Equal(to) != (i == 0) {
			t.Errorf("%+v is no %s", e, kind)
		}
	}
	if told[0].Sequence >= told[1].Sequence {
		t.Errorf("the end is not after the start: %+v", told)
	}
}

// N8, T14: the platform hears when nothing is left of a member, and not before. The schedule
// runs beside the test and may do any step of it.
func TestAnErasureIsAnEvent(t *testing.T) {
	c := newMember(t, shared)
	command := fmt.Sprintf(`{"eraseMember": {"organization": %q, "member": %q}}`, town.Organization, c.ID)
	done := func() bool {
		answer, err := shared.Invoke(t.Context(), "operator", []byte(command))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(string(answer), "done")
	}
	begun := done()
	shared.RunUpkeep(t)
	if begun || done() {
		t.Error("an erasure is done before a call that began earlier has ended")
	}
	shared.AgeErasure(t, town.Organization, c.ID)
	for n := 0; !done(); n++ {
		if n == 5 {
			t.Fatal("an erasure does not end")
		}
		shared.RunUpkeep(t)
	}
	erased := shared.EventsThat(t, 1, func(e api.Event) bool { return e.MemberID == c.ID && e.Type == chat.MemberErased })[0]
	if erased.Aggregate != "member/"+c.ID || erased.OrganizationID != town.Organization || erased.Owner.ID != "" {
		t.Errorf("%+v", erased)
	}
}

// follower is a system that follows the events, as docs/api.md says: it ignores those
// that are not newer than what it knows of their aggregate.
type follower struct {
	sequences map[string]int    // by aggregate
	open      map[string]string // requests: the aggregate of whose enrollment
	owners    map[string]string // enrollments
}

func newFollower() *follower {
	return &follower{map[string]int{}, map[string]string{}, map[string]string{}}
}

func enrollmentOf(member, program string) string { return "enrollment/" + member + "/" + program }

func (f *follower) hear(e api.Event) {
	if e.Sequence <= f.sequences[e.Aggregate] {
		return
	}
	f.sequences[e.Aggregate] = e.Sequence
	switch e.Type {
	case chat.RequestSubmitted, chat.RequestReasonChanged:
		f.open[e.Aggregate] = enrollmentOf(e.MemberID, e.ProgramID)
	case chat.RequestCancelled, chat.RequestClosed:
		delete(f.open, e.Aggregate)
	case chat.EnrollmentAssigned:
		f.owners[e.Aggregate] = e.Owner.ID
	}
}

// reconcile takes what the lists of these owners say for what is so: the versions of
// their items are the sequences of the aggregates.
func (f *follower) reconcile(platform apiclient.Client, owners ...string) {
	clear(f.open)
	clear(f.owners)
	for _, owner := range owners {
		for _, each := range items(platform, "/v1/caseload?"+owner) {
			enrollment := enrollmentOf(each.Text("member.id"), each.Text("program.id"))
			f.owners[enrollment], f.sequences[enrollment] = each.Text("owner.id"), version(each)
		}
		for _, each := range items(platform, "/v1/tasks?"+owner) {
			request := "chatRequest/" + each.Text("id")
			f.open[request], f.sequences[request] = enrollmentOf(each.Text("member.id"), each.Text("program.id")), version(each)
		}
	}
}

func version(a apiclient.Answer) int {
	n, _ := a.At("version").(float64)
	return int(n)
}

// items returns the items of all pages of a list.
func items(by apiclient.Client, path string) (all []apiclient.Answer) {
	for cursor := ""; ; {
		page := by.Want(200, "GET", path+cursor, nil)
		list, _ := page.At("items").([]any)
		for _, each := range list {
			body, _ := each.(map[string]any)
			all = append(all, apiclient.Answer{Body: body})
		}
		if page.Text("nextCursor") == "" {
			return all
		}
		cursor = "&cursor=" + page.Text("nextCursor")
	}
}

// of returns what the follower knows of some members: whose each open request is.
func (f *follower) of(members ...string) map[string]string {
	known := map[string]string{}
	for _, member := range members {
		enrollment := enrollmentOf(member, town.Program)
		known[enrollment] = f.owners[enrollment]
		for request, of := range f.open {
			if of == enrollment {
				known[request] = f.owners[enrollment]
			}
		}
	}
	return known
}

// N8: after an outage of the stream, a follower of the events catches up from the lists, and a
// late event does not overwrite what it read there.
func TestAfterAnOutageTheListsReconcile(t *testing.T) {
	owners := []string{"careManagerId=cm-rivera", "careManagerId=cm-chen", "careManagerId=cm-okafor", "departmentId=nurses"}
	stays, ends := newMember(t, shared), newMember(t, shared)
	ending := "/chat-requests/" + ends.Submit(town.NewID("key")).Text("id")
	late := newFollower()
	for _, e := range append(shared.Events(t, stays.ID, 1), shared.Events(t, ends.ID, 2)...) {
		late.hear(e)
	}

	shared.SetTriggers(false)
	stays.Submit(town.NewID("key"))
	stays.Rivera.Want(200, "POST", stays.Path()+"/enrollments/diabetes/assign", map[string]string{"departmentId": town.Department})
	ends.Rivera.Want(200, "POST", ends.Path()+ending+"/close", map[string]string{"outcome": "called"})
	late.reconcile(stays.Platform.Client, owners...)
	shared.SetTriggers(true)

	all := newFollower()
	for _, e := range append(shared.Events(t, stays.ID, 3), shared.Events(t, ends.ID, 3)...) {
		all.hear(e)
		late.hear(e)
	}
	lists := newFollower()
	lists.reconcile(stays.Platform.Client, owners...)
	want := lists.of(stays.ID, ends.ID)
	if len(want) != 3 {
		t.Errorf("the lists have %v", want)
	}
	for name, f := range map[string]*follower{"missed nothing": all, "reconciled": late} {
		if diff := cmp.Diff(want, f.of(stays.ID, ends.ID)); diff != "" {
			t.Errorf("who %s and the lists differ:\n%s", name, diff)
		}
	}
}
