package table_test

import (
	"context"
	"testing"
	"time"

	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/problem"
	"carechat/shared/table"
	"carechat/tests/support/emulator"
	"carechat/tests/support/localaws"
	"carechat/tests/support/town"
	"carechat/tests/support/usecases"
)

// torn is a store in which something happens between two reads, or between what
// was read and what is saved: once, where a test says.
type torn struct {
	withCatalog
	between func()
}

// newTorn has the use cases of a world work on one.
func newTorn(w *world) *torn {
	s := &torn{withCatalog: withCatalog{w.Table}}
	w.Chat.On(s)
	return s
}

func (s *torn) tear() {
	if f := s.between; f != nil {
		s.between = nil
		f()
	}
}

func (s *torn) UpdateRequest(ctx context.Context, r chat.Request) error {
	s.tear()
	return s.withCatalog.UpdateRequest(ctx, r)
}

// RequestIntent reads the key's record first. Rows that are read at once may be
// of different moments, in any order.
func (s *torn) RequestIntent(ctx context.Context, m chat.MemberKey, programID, key string) (*chat.Enrollment, *chat.Request, *chat.KeyRecord, error) {
	_, _, record, err := s.withCatalog.RequestIntent(ctx, m, programID, key)
	if err != nil {
		return nil, nil, nil, err
	}
	s.tear()
	e, open, _, err := s.withCatalog.RequestIntent(ctx, m, programID, key)
	return e, open, record, err
}

// EnrollmentAndThread reads the enrollment first.
func (s *torn) EnrollmentAndThread(ctx context.Context, m chat.MemberKey, programID, threadID string) (*chat.Enrollment, *chat.Thread, error) {
	e, _, err := s.withCatalog.EnrollmentAndThread(ctx, m, programID, threadID)
	if err != nil {
		return nil, nil, err
	}
	s.tear()
	_, t, err := s.withCatalog.EnrollmentAndThread(ctx, m, programID, threadID)
	return e, t, err
}

func (p *play) ask(key string) chat.RequestDraft {
	return chat.RequestDraft{IdempotencyKey: pad(key, 36), ProgramID: pad("pro", 10), ReasonID: pad("rea", 10), Comment: key}
}

// G4: a change that was decided on a request which has ended meanwhile leaves
// alone the next one in the program, though both are at the same version.
func TestChangesAreSavedOnlyOnTheRequestTheyWereDecidedOn(t *testing.T) {
	p := newPlay(t)
	s, ctx := newTorn(p.world), t.Context()
	first, err := p.Chat.Submit(ctx, p.member, "me", p.ask("first"))
	must(t, err)
	var next chat.SubmittedRequest
	s.between = func() {
		_, err := p.Chat.Cancel(ctx, p.member, "me", first.Request.ID, chat.Precondition{})
		must(t, err)
		next, err = p.Chat.Submit(ctx, p.member, "me", p.ask("next"))
		must(t, err)
	}
	_, err = p.Chat.ChangeReason(ctx, p.member, "me", first.Request.ID, pad("rea2", 10), chat.Precondition{})
	if !problem.Is(err, problem.RequestCancelled) {
		t.Errorf("the change of what was cancelled: %v", err)
	}
	stands, err := p.Chat.Request(ctx, p.member, "me", next.Request.ID)
	if err != nil || stands.Comment != "next" || stands.Reason.ID != pad("rea", 10) {
		t.Errorf("the next request is %+v, %v", stands, err)
	}
}

// A2: a repeat is no second request, whenever the first try wins.
func TestRepeatsAreAnsweredWhenTheFirstTryWinsBetweenTwoReads(t *testing.T) {
	p := newPlay(t)
	s, ctx := newTorn(p.world), t.Context()
	s.between = func() {
		_, err := p.Chat.Submit(ctx, p.member, "me", p.ask("ask"))
		must(t, err)
	}
	got, err := p.Chat.Submit(ctx, p.member, "me", p.ask("ask"))
	if err != nil || !got.Replayed {
		t.Errorf("replayed %v, %v", got.Replayed, err)
	}
}

// S7, T9: what decides whether a message may be written is the row that it moves.
func TestMessagesAreDecidedOnTheSavedThread(t *testing.T) {
	for name, c := range map[string]struct {
		put  directory.EnrollmentPut
		code problem.Code
	}{
		"handed over": {enroll("cm-chen"), problem.NotFound},
		"closed":      {directory.EnrollmentPut{State: chat.EnrollmentClosed}, problem.NotEligible},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t)
			s := &torn{withCatalog: withCatalog{w.Table}}
			w.Chat.On(ownCatalog{s})
			rivera := chat.Caller{Kind: chat.CareManager, Organization: "harbor", ID: "cm-rivera", Name: "Sam", Departments: []string{"nurses"}}
			first := chat.Draft{ClientMessageID: "0123456789abcdef", Text: "Hello"}
			w.Must(w.Chat.Start(t.Context(), rivera, "ana", "diabetes", first))
			s.between = func() { w.Must(w.Chat.PutEnrollment(t.Context(), platform, "ana", "diabetes", c.put)) }
			_, err := w.Chat.Start(t.Context(), rivera, "ana", "diabetes", chat.Draft{ClientMessageID: "fedcba9876543210", Text: "Still here?"})
			if !problem.Is(err, c.code) {
				t.Errorf("got %v, want %s", err, c.code)
			}
			if again, err := w.Chat.Start(t.Context(), rivera, "ana", "diabetes", first); err != nil || !again.Replayed || again.Thread.LastSeq() != 1 {
				t.Errorf("the thread has %d messages, %v", again.Thread.LastSeq(), err)
			}
		})
	}
}

// late is a store in which something happens just before a message is saved.
type late struct {
	*table.Table
	before func()
}

func (s *late) AddMessage(ctx context.Context, t chat.Thread, m chat.Message) error {
	if f := s.before; f != nil {
		s.before = nil
		f()
	}
	return s.Table.AddMessage(ctx, t, m)
}

// A2: a repeat that finds its first try's message answers with the thread as it
// stands, that message in it.
func TestRepeatsShowTheThreadWithTheMessage(t *testing.T) {
	w := newTown(t)
	s := &late{Table: w.Table}
	w.Chat.On(s)
	rivera := chat.Caller{Kind: chat.CareManager, Organization: "harbor", ID: "cm-rivera", Name: "Sam", Departments: []string{"nurses"}}
	start := func(id string) chat.Posted {
		t.Helper()
		got, err := w.Chat.Start(t.Context(), rivera, "ana", "diabetes", chat.Draft{ClientMessageID: id, Text: "Hello"})
		must(t, err)
		return got
	}
	start("0123456789abcdef")
	s.before = func() { start("fedcba9876543210") }
	if got := start("fedcba9876543210"); !got.Replayed || got.Message.Seq != 2 || got.Thread.LastSeq() != 2 {
		t.Errorf("replayed %v, message %d of %d", got.Replayed, got.Message.Seq, got.Thread.LastSeq())
	}
}

// ownCatalog reads the table's own catalog.
type ownCatalog struct{ *torn }

func (s ownCatalog) Catalog(ctx context.Context, organization string, fresh bool) (chat.Catalog, error) {
	return s.Table.Catalog(ctx, organization, fresh)
}

// elsewhere is the same domain in another process, which keeps settings for an hour.
func (w *world) elsewhere() *usecases.All {
	keeps := table.New(table.Settings{
		Name: w.Name, CacheTime: time.Hour, Now: func() time.Time { return w.Now }, Config: localaws.Config(emulator.URL),
	})
	return usecases.New(keeps, w.Chat.Now, w.Chat.NewID)
}

// T7: whose department a program is gives rights, so that it is never taken from
// memory: an enrollment that goes there goes to the one that has the program now.
func TestProgramsDepartmentIsNeverFromMemory(t *testing.T) {
	w := newTown(t)
	other := w.elsewhere()
	w.Must(other.PutEnrollment(t.Context(), platform, "ana", "diabetes", enroll("cm-rivera"))) // it knows the program now
	w.Must(w.Chat.PutProgram(t.Context(), platform, town.ProgramPut("diabetes", "coaches")))
	got, err := other.PutEnrollment(t.Context(), platform, "ana", "diabetes", enroll(""))
	must(t, err)
	if e := got.Entry; e.Owner.ID != "coaches" || e.Owner.Name != "Coaches" || e.Department != "coaches" {
		t.Errorf("it went to %+v", e.Ownership)
	}
}

// T7: a miss in what is kept in memory is read.
func TestMissesInMemoryAreRead(t *testing.T) {
	w := newTown(t)
	other := w.elsewhere()
	rivera := chat.Caller{Kind: chat.CareManager, Organization: "harbor", ID: "cm-rivera", Departments: []string{"nurses"}}
	w.Must(other.Me(t.Context(), rivera))
	w.Must(w.Chat.PutDepartment(t.Context(), platform, directory.Put[chat.Department]{ID: "night", Entry: chat.Department{Name: "At night"}}))
	rivera.Departments = append(rivera.Departments, "night")
	me, err := other.Me(t.Context(), rivera)
	if err != nil || me.Departments[1].Name != "At night" {
		t.Errorf("%+v, %v", me.Departments, err)
	}
}
