package table_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"carechat/shared/apigw"
	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/tests/support/module"
)

var rewrite = flag.Bool("update", false, "rewrite the golden files")

var costsFile = module.Path("docs/table.md")

// docs/table.md says what every operation costs. This test holds it exactly:
// calls, units and strong reads, for texts of 200 bytes, names of 20, ids of 10,
// keys of 36 and settings in memory.
func TestEveryOperationCostsWhatTheDocumentSays(t *testing.T) {
	p, told := newPlay(t), newTold(t)
	holdSection(t, strings.Join(slices.Concat(doorCosts(t), p.costs(t, p.acts()), p.costs(t, p.upkeepActs()), told.costs(t, told.acts()), provisioningCosts(t), configurationCosts(t)), "\n"))
}

// costs are the rows of acts, one second after the other.
func (w *world) costs(t *testing.T, acts []act) (rows []string) {
	t.Helper()
	for _, act := range acts {
		var err error
		w.later(time.Second)
		s := w.recorder.during(func() { err = act.run(t.Context()) })
		if err != nil {
			t.Fatalf("%s: %v", act.name, err)
		}
		if act.name != "" {
			rows = append(rows, s.row(act.name))
		}
	}
	return rows
}

// doorCosts are the rows of letting a member in.
func doorCosts(t *testing.T) []string {
	d := newLoginTest(t)
	link, session := d.link(t), ""
	var rows []string
	measure := func(name string, run func() error) {
		d.later(time.Second)
		var err error
		if s := d.recorder.during(func() { err = run() }); err == nil {
			rows = append(rows, s.row(name))
		}
		must(t, err)
	}
	measure("ask for a link", func() error { return d.auth.AskLink(t.Context(), anasPhone, "192.0.2.10") })
	measure("send a member a link by name", func() error { return d.auth.AskLinkFor(t.Context(), d.ana(), chat.AskedByPlatform) })
	measure("log in (two members share the phone)", func() error {
		grant, err := d.auth.Exchange(t.Context(), link, anaBorn)
		session = grant.Token
		return err
	})
	authenticate := func() error {
		_, err := d.gate.Caller(t.Context(), session, true)
		return err
	}
	measure("authenticate, by session", authenticate)
	screen := d.screen(t, session)
	measure("Chats screen with its session, which the process does not know yet", screen)
	measure("Chats screen with its session, which the process knows", screen)
	d.later(10 * time.Minute)
	measure("authenticate, by session, its idle time is written", authenticate)
	measure("log out", func() error {
		caller, err := d.gate.Caller(t.Context(), session, true)
		if err != nil {
			return err
		}
		return d.auth.LogOut(t.Context(), caller)
	})
	return rows
}

// screen returns the call of a function that has not been called, for ana's Chats screen.
func (d *loginTest) screen(t *testing.T, token string) func() error {
	const route = "GET /v1/members/{memberId}/chats"
	f := &apigw.Function[chat.Caller]{
		Authenticate: d.gate.Caller, Early: true, Log: slog.New(slog.DiscardHandler),
		Routes: apigw.Routes[chat.Caller]{
			route: apigw.Handle(func(ctx context.Context, c chat.Caller, _ struct{}) (apigw.Answer, error) {
				_, err := d.Chat.Chats(ctx, c, "me")
				return apigw.Answer{Status: 204}, err
			}),
		},
	}
	event := fmt.Appendf(nil, `{"routeKey": %q, "headers": {"authorization": "Bearer %s"}}`, route, token)
	return func() error {
		answer, err := f.Invoke(t.Context(), event)
		if err == nil && !bytes.Contains(answer, []byte(`"statusCode":204`)) {
			err = fmt.Errorf("got %s", answer)
		}
		return err
	}
}

// holdSection compares what lies between the document's two marks.
func holdSection(t *testing.T, want string) {
	t.Helper()
	raw, err := os.ReadFile(costsFile)
	if err != nil {
		t.Fatal(err)
	}
	const from, to, rule = "<!-- costs -->\n", "\n<!-- /costs -->", "|---|---|---|---|---|---|\n"
	before, rest, ok := strings.Cut(string(raw), from)
	got, after, ok2 := strings.Cut(rest, to)
	if !ok || !ok2 {
		t.Fatalf("%s has no section between %q and %q", costsFile, from, to)
	}
	head, body, _ := strings.Cut(got, rule)
	if body == want {
		return
	}
	if !*rewrite {
		t.Fatalf("the document and the code disagree; go test ./shared/table -run Costs -update rewrites it.\ndocument:\n%s\ncode:\n%s", body, want)
	}
	text := before + from + head + rule + want + to + after
	if err := os.WriteFile(costsFile, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// play is a small world to measure in: one member with three enrollments.
type play struct {
	*world
	member, manager chat.Caller
	asked           chat.SubmittedRequest
	thread          chat.Thread
	seq             int
}

type act struct {
	name string // "" is not measured
	run  func(context.Context) error
}

// pad makes a word of a length.
func pad(word string, length int) string { return (word + strings.Repeat("x", length))[:length] }

func newPlay(t *testing.T) *play {
	p := &play{world: newWorld(t)}
	p.member = chat.Caller{Kind: chat.Member, Organization: pad("org", 10), ID: pad("mem", 10), Name: pad("Member", 20)}
	p.manager = chat.Caller{Kind: chat.CareManager, Organization: pad("org", 10), ID: pad("man", 10), Name: pad("Manager", 20), Departments: []string{pad("dep", 10)}}
	must(t, p.Table.SaveMember(t.Context(), directory.MemberChange{Channels: []chat.Channel{chat.SMS}, Is: chat.Profile{
		Organization: p.member.Organization, ID: p.member.ID, Name: p.member.Name, BirthDate: anaBorn, Phone: anasPhone,
		Language: "en", TimeZone: "America/New_York", Active: true, Version: 1,
	}}))
	row := chat.CareManagerRow{Organization: p.manager.Organization, ID: p.manager.ID, Name: p.manager.Name, DepartmentIDs: p.manager.Departments, Active: true, Version: 1}
	must(t, p.Table.SaveCareManager(t.Context(), nil, row, nil, nil))
	for _, id := range []string{"pro", "qro", "rro"} {
		err := p.Table.SaveEnrollment(t.Context(), chat.Enrollment{
			Organization: p.member.Organization, Member: chat.Ref{ID: p.member.ID, Name: p.member.Name},
			Program: chat.Ref{ID: pad(id, 10), Name: pad("Program", 20)}, State: chat.EnrollmentActive,
			Ownership: chat.Ownership{
				Owner:      chat.Owner{Kind: chat.OwnedByCareManager, ID: p.manager.ID, Name: p.manager.Name},
				Department: pad("dep", 10),
			},
			Provisioned: p.manager.ID, Version: 1,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func (p *play) draft() chat.Draft {
	p.seq++
	return chat.Draft{ClientMessageID: pad(fmt.Sprintf("client-%06d-", p.seq), 36), Text: pad("text ", 200)}
}

func (p *play) submit(ctx context.Context) (err error) {
	p.seq++
	p.asked, err = p.Chat.Submit(ctx, p.member, p.member.ID, chat.RequestDraft{
		IdempotencyKey: pad(fmt.Sprintf("key-%06d-", p.seq), 36), ProgramID: pad("pro", 10),
		ReasonID: pad("rea", 10), Comment: pad("comment ", 200),
	})
	return err
}

func (p *play) change(reason string) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := p.Chat.ChangeReason(ctx, p.member, p.member.ID, p.asked.Request.ID, pad(reason, 10), chat.Precondition{})
		return err
	}
}

func (p *play) send(c func() chat.Caller) func(context.Context) error {
	return func(ctx context.Context) error {
		posted, err := p.Chat.Send(ctx, c(), p.member.ID, p.thread.ID, p.draft())
		p.thread = posted.Thread
		return err
	}
}

func (p *play) read(c func() chat.Caller) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := p.Chat.MarkRead(ctx, c(), p.member.ID, p.thread.ID, p.thread.LastSeq())
		return err
	}
}

func (p *play) start(ctx context.Context) error {
	posted, err := p.Chat.Start(ctx, p.manager, p.member.ID, pad("pro", 10), p.draft())
	p.thread = posted.Thread
	return err
}

// acts are the operations in an order in which each has what it needs.
func (p *play) acts() []act {
	member := func() chat.Caller { return p.member }
	manager := func() chat.Caller { return p.manager }
	page := func(ctx context.Context) error {
		_, err := p.Chat.Messages(ctx, p.member, p.member.ID, p.thread.ID, chat.MessageQuery{Limit: 50})
		return err
	}
	me := func(ctx context.Context) error {
		_, err := p.Chat.Me(ctx, p.member)
		return err
	}
	return []act{
		{"who one is, the first time: a key for drafts is made", me},
		{"who one is", me},
		{"request form", func(ctx context.Context) error {
			_, err := p.Chat.RequestForm(ctx, p.member, p.member.ID, "")
			return err
		}},
		{"make a request", p.submit},
		{"change its reason", p.change("rea2")},
		{"change it again", p.change("rea1")},
		{"read a request", func(ctx context.Context) error {
			_, err := p.Chat.Request(ctx, p.member, p.member.ID, p.asked.Request.ID)
			return err
		}},
		{"tasks of a care manager", func(ctx context.Context) error {
			_, err := p.Chat.Tasks(ctx, p.manager, chat.WorkQuery{})
			return err
		}},
		{"caseload of a care manager", func(ctx context.Context) error {
			_, err := p.Chat.Caseload(ctx, p.manager, chat.WorkQuery{})
			return err
		}},
		{"cancel a request", func(ctx context.Context) error {
			_, err := p.Chat.Cancel(ctx, p.member, p.member.ID, p.asked.Request.ID, chat.Precondition{})
			return err
		}},
		{"", p.submit},
		{"close a request", func(ctx context.Context) error {
			_, err := p.Chat.Close(ctx, p.manager, p.member.ID, p.asked.Request.ID, chat.Closing{Outcome: pad("out", 10)}, chat.Precondition{})
			return err
		}},
		{"first message of a thread", p.start},
		{"mark read by the member", p.read(member)},
		{"send by a care manager, a later spell's first", p.send(manager)},
		{"send by a care manager, in a spell", p.send(manager)},
		{"send by the member, the care side begins to wait", p.send(member)},
		{"send by the member, the care side waits", p.send(member)},
		{"send by a care manager, who waits", p.send(manager)},
		{"mark read by the member, the care side waits", p.read(member)},
		{"mark read by a care manager, the wait ends", p.read(manager)},
		{"", p.fill(60)},
		{"a page of 50 messages", page},
		{"", p.more(19)},
		{"", p.submit},
		{"Chats screen, unread dot (20 threads, 3 enrollments, 1 request)", func(ctx context.Context) error {
			_, err := p.Chat.Chats(ctx, p.member, p.member.ID)
			return err
		}},
		{"threads that are active (20 of them)", func(ctx context.Context) error {
			_, err := p.Chat.Threads(ctx, p.member, p.member.ID, chat.ThreadActive)
			return err
		}},
		{"pause a program's notices (20 threads)", func(ctx context.Context) error {
			paused := true
			_, err := p.Chat.Pause(ctx, p.member, p.member.ID, pad("pro", 10), &paused)
			return err
		}},
		{"hand over (1 request, 20 threads)", p.handOver},
		{"inbox of a care manager with one department", func(ctx context.Context) error {
			_, err := p.Chat.Inbox(ctx, p.manager, chat.Waiting, "")
			return err
		}},
		{"claim an enrollment (1 request, 20 threads)", func(ctx context.Context) error {
			_, err := p.Chat.Claim(ctx, p.manager, p.member.ID, pad("pro", 10), chat.Precondition{})
			return err
		}},
		{"assign it to its department", func(ctx context.Context) error {
			_, err := p.Chat.Assign(ctx, p.manager, p.member.ID, pad("pro", 10), chat.NewOwner{DepartmentID: pad("dep", 10)}, chat.Precondition{})
			return err
		}},
	}
}

// handOver is the platform's PUT that gives the enrollment to the department.
func (p *play) handOver(ctx context.Context) error {
	platform := chat.Caller{Kind: chat.Platform, Organization: p.member.Organization}
	_, err := p.Chat.PutEnrollment(ctx, platform, p.member.ID, pad("pro", 10), directory.EnrollmentPut{State: chat.EnrollmentActive})
	return err
}

// fill makes the thread longer.
func (p *play) fill(n int) func(context.Context) error {
	return func(ctx context.Context) error {
		for range n {
			if err := p.send(func() chat.Caller { return p.member })(ctx); err != nil {
				return err
			}
		}
		return nil
	}
}

// more adds threads of other care managers.
func (p *play) more(n int) func(context.Context) error {
	return func(ctx context.Context) error {
		for i := range n {
			other := p.thread
			other.CareManager.ID = pad(fmt.Sprintf("man%d", i), 10)
			other.ID, other.Version = chat.ThreadID(other.Program.ID, other.CareManager.ID), 1
			if err := p.Table.SaveThread(ctx, other); err != nil {
				return err
			}
		}
		return nil
	}
}

// later moves the world's clock on.
func (w *world) later(d time.Duration) { w.Now = w.Now.Add(d) }
