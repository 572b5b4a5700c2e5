package table_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"carechat/shared/api"
	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/problem"
	"carechat/tests/support/town"
)

// rename gives the diabetes program, its department, Rivera and ana other names.
func rename(w *town.Town) {
	ctx := w.T.Context()
	w.Must(w.Chat.PutProgram(ctx, town.Platform, directory.Put[chat.Program]{
		ID: town.Program, Entry: chat.Program{Name: "New program", Kind: chat.Guided, DepartmentID: town.Department},
	}))
	w.Must(w.Chat.PutDepartment(ctx, town.Platform, directory.Put[chat.Department]{ID: town.Department, Entry: chat.Department{Name: "New department"}}))
	w.PutCareManager(town.Rivera, func(m *chat.CareManagerRow) { m.Name = "New colleague" })
	w.PutMember("ana", func(p *chat.Profile) { p.Name = "New member" })
	w.Upkeep()
}

// aNamedTown is a town in which ana has a thread with Rivera, a request that has ended
// and an open one, of the owner named: a care manager, or the department for "".
func aNamedTown(t *testing.T, owner string) (w *town.Town, ended chat.Request, thread string) {
	w = town.New(t, town.Uncached)
	w.CheckAtEnd()
	w.PutMember("ana")
	w.Enroll("ana", town.Program, town.Rivera)
	ended = w.Submit("ana", town.Program, "0123456789abcdef")
	w.Must(w.Chat.Close(t.Context(), town.CareManager(town.Rivera), "ana", ended.ID, chat.Closing{Outcome: "answered"}, chat.Precondition{}))
	thread = w.Start(town.Rivera, "ana", town.Program, "0123456789abcdef").ID
	w.Reply("ana", thread, "fedcba9876543210")
	w.Submit("ana", town.Program, "fedcba9876543210")
	w.Enroll("ana", town.Program, owner)
	return w, ended, thread
}

// read returns the JSON of every answer that shows what stands, by what it is.
func read(w *town.Town, thread string) map[string]string {
	ctx, ana, rivera := w.T.Context(), town.Member("ana"), careManagerNow(w.T, w, town.Rivera)
	all := map[string]string{}
	note := func(what string, shown any, err error) {
		w.Must(nil, err)
		text, err := json.Marshal(shown)
		w.Must(nil, err)
		all[what] = string(text)
	}
	form, err := w.Chat.RequestForm(ctx, ana, "me", "")
	note("form", api.NewForm(form), err)
	for _, c := range []chat.Caller{ana, rivera} {
		chats, err := w.Chat.ListService.Chats(ctx, c, "ana")
		chats.Ended = nil
		note("chats, "+string(c.Kind), api.NewChats(c, chats, w.Now), err)
		threads, err := w.Chat.Threads(ctx, c, "ana", chat.ThreadActive)
		note("threads, "+string(c.Kind), api.NewThreads(c, threads, w.Now), err)
		page, err := w.Chat.Messages(ctx, c, "ana", thread, chat.MessageQuery{Limit: 1})
		note("messages' thread, "+string(c.Kind), api.NewThread(c, page.Thread, w.Now), err)
		request, err := w.Chat.Request(ctx, c, "ana", chats.Requests[0].ID)
		note("request, "+string(c.Kind), api.NewRequest(c, request, w.Now), err)
	}
	query := chat.WorkQuery{Scope: chat.DepartmentWide}
	if w.Chats("ana").Enrollments[0].Owner.Kind == chat.OwnedByCareManager {
		query.Scope = chat.Mine
	}
	tasks, err := w.Chat.Tasks(ctx, rivera, query)
	note("tasks", api.NewTasks(rivera, tasks, w.Now, ""), err)
	caseload, err := w.Chat.Caseload(ctx, rivera, query)
	note("caseload", api.NewCaseload(caseload, ""), err)
	inbox, err := w.Chat.Inbox(ctx, rivera, chat.Waiting, "")
	note("inbox", api.NewInbox(rivera, inbox, w.Now, ""), err)
	return all
}

// T10: what is open or active shows current names, whoever owns it. Messages and what has
// ended keep theirs.
func TestCurrentNamesAreShown(t *testing.T) {
	for _, owner := range []string{town.Rivera, ""} {
		w, ended, thread := aNamedTown(t, owner)
		rename(w)
		for what, shown := range read(w, thread) {
			shown = strings.ReplaceAll(shown, `"author":{"role":"member","displayName":"Dana Test"`, "") // as it was said
			for _, old := range []string{`"name":"diabetes"`, `"displayName":"nurses"`, "Name of " + town.Rivera, "Dana Test"} {
				if strings.Contains(shown, old) {
					t.Errorf("owned by %q: %s shows %s: %s", owner, what, old, shown)
				}
			}
			if !strings.Contains(shown, "New ") {
				t.Errorf("owned by %q: %s shows no name of now: %s", owner, what, shown)
			}
		}
		kept, err := w.Chat.Request(t.Context(), town.Member("ana"), "me", ended.ID)
		if err != nil || kept.Program.Name != ended.Program.Name {
			t.Errorf("the request that ended shows %+v, %v", kept.Program, err)
		}
		page, err := w.Chat.Messages(t.Context(), town.Member("ana"), "me", thread, chat.MessageQuery{Limit: 50})
		if err != nil || page.Items[0].Author.Name != "Name of "+town.Rivera || page.Items[1].Author.Name != "Dana Test" {
			t.Errorf("the messages are signed %+v, %v", page.Items, err)
		}
	}
}

// T10: every answer to a change has current names, and so has a refusal's current.
func TestAnswersToChangesShowCurrentNames(t *testing.T) {
	w, _, _ := aNamedTown(t, town.Rivera)
	rename(w)
	ctx, ana, stale := t.Context(), town.Member("ana"), chat.Precondition{Matches: []int{99}}
	open := w.Chats("ana").Requests[0]
	chen := careManagerNow(t, w, town.Chen)
	_, claimed := w.Chat.Claim(ctx, chen, "ana", town.Program, chat.Precondition{})
	_, assigned := w.Chat.Assign(ctx, town.Platform, "ana", town.Program, chat.NewOwner{CareManagerID: town.Chen}, stale)
	_, second := w.Chat.Submit(ctx, ana, "me", chat.RequestDraft{IdempotencyKey: "another-key-of-hers", ProgramID: town.Program, ReasonID: town.Reason, Comment: "Hi"})
	_, cancelled := w.Chat.Cancel(ctx, ana, "me", open.ID, stale)
	for what, err := range map[string]error{"claim": claimed, "assign": assigned, "submit": second, "cancel": cancelled} {
		var p *problem.Problem
		if !errors.As(err, &p) {
			t.Fatal(what, err)
		}
		switch current := p.Current.(type) {
		case chat.Enrollment:
			if current.Owner.Name != "New colleague" || current.Program.Name != "New program" || current.Member.Name != "New member" {
				t.Errorf("%s shows %+v", what, current)
			}
		case chat.Request:
			if current.Program.Name != "New program" {
				t.Errorf("%s shows %+v", what, current)
			}
		default:
			t.Errorf("%s: %v", what, err)
		}
	}
	repeated, err := w.Chat.Submit(ctx, ana, "me", chat.RequestDraft{IdempotencyKey: "fedcba9876543210", ProgramID: town.Program, ReasonID: town.Reason, Comment: "Hello"})
	if err != nil || repeated.Request.Program.Name != "New program" {
		t.Errorf("a repeat shows %+v, %v", repeated.Request.Program, err)
	}
	changed, err := w.Chat.ChangeReason(ctx, ana, "me", open.ID, town.OtherReason, chat.Precondition{})
	if err != nil || changed.Program.Name != "New program" {
		t.Errorf("a changed reason shows %+v, %v", changed.Program, err)
	}
	posted, err := w.Chat.Start(ctx, careManagerNow(t, w, town.Rivera), "ana", town.Program, chat.Draft{ClientMessageID: "one-more-message", Text: "Hi"})
	if th := posted.Thread; err != nil || th.Program.Name != "New program" || th.CareManager.Name != "New colleague" || th.Owner.Name != "New colleague" {
		t.Errorf("a message's thread shows %+v, %v", th, err)
	}
}

// T10: a member's new name reaches their sessions, and upkeep looks until no call can write
// the old one any more.
func TestAMembersNewNameReachesTheirRows(t *testing.T) {
	d := newLoginTest(t)
	link := d.link(t)
	logIn := func() string {
		grant, err := d.auth.Exchange(t.Context(), link, anaBorn)
		must(t, err)
		return grant.Token
	}
	token := logIn()
	key := d.ana()
	profile, err := d.Table.Profile(t.Context(), key)
	must(t, err)
	renamed := *profile
	renamed.Name, renamed.Language, renamed.RenamedAt, renamed.Version = "New member", "es", d.Now, profile.Version+1
	must(t, d.Table.SaveMember(t.Context(), directory.MemberChange{Was: profile, Is: renamed}))
	for _, later := range []time.Duration{0, time.Minute, 5 * time.Minute} {
		d.Now = d.Now.Add(later)
		d.Upkeep()
		c, err := d.gate.Caller(t.Context(), token, false)
		if err != nil || c.Name != "New member" || c.Language != "es" {
			t.Errorf("the session is %q's, in %q, %v", c.Name, c.Language, err)
		}
	}
	if n := d.Upkeep(); n != 0 {
		t.Errorf("%d jobs are left", n)
	}
}

// T10: upkeep that comes late renames a row just before a call puts the old name back. It
// looks again.
func TestANewNameIsNotPutBackForGood(t *testing.T) {
	w := town.New(t, town.Uncached)
	w.PutMember("ana")
	w.Enroll("ana", town.Program, town.Rivera)
	thread := w.Start(town.Rivera, "ana", town.Program, "0123456789abcdef").ID
	w.PutMember("ana", func(p *chat.Profile) { p.Name = "Another name" })
	w.Now = w.Now.Add(5 * time.Minute)
	w.Chat.On(&late{Table: w.Table, before: func() { w.Upkeep() }})
	w.Reply("ana", thread, "fedcba9876543210")
	for range 2 {
		w.Now = w.Now.Add(time.Minute)
		w.Upkeep()
	}
	if name := w.Thread("ana", thread).Member.Name; name != "Another name" || w.Upkeep() != 0 {
		t.Errorf("she is called %s", name)
	}
}
