package rows

import (
	"context"
	"errors"
	"time"

	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/login"
	"carechat/shared/notice"
	"carechat/tests/support/town"
)

const source = "192.0.2.7" // where links are asked for from

var phones = map[string]string{"dana": "+15550100001", "eli": "+15550100002", "fay": "+15550100003"}

// loggedIn is when the story ends with a log-in, after its lock is over.
var loggedIn = time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)

// story is a history that leaves the rows.
type story struct {
	*world
	ctx context.Context
}

// did fails the test if a step failed, and lets a minute pass.
func (s *story) did(_ any, err error) {
	s.T.Helper()
	s.Must(nil, err)
	s.Now = s.Now.Add(time.Minute)
}

// tell leaves rows of every kind in every state that matters.
func (s *story) tell() {
	s.configure()
	for _, id := range []string{"dana", "eli", "fay"} {
		s.PutMember(id, func(p *chat.Profile) {
			p.Phone, p.Email = phones[id], id+"@example.org"
			p.Subjects = []chat.Subject{{Issuer: town.Issuer, Subject: "subject-of-" + id}}
			p.TimeZone = "Europe/Madrid" // where it is not a quiet hour
		})
	}
	s.Enroll("dana", town.Program, "")
	s.Enroll("dana", town.Second, town.Chen)
	s.requests()
	s.talk("dana", town.Program, town.Rivera, true, false) // waits for the care manager
	s.talk("dana", town.Second, town.Chen, false, false)   // the member has not read
	s.talk("eli", town.Program, town.Rivera, true, true)   // both have read
	s.talk("eli", town.Second, town.Chen, true, false)     // the same three, closed
	s.talk("fay", town.Program, town.Rivera, false, false)
	s.talk("fay", town.Second, town.Chen, true, true)
	s.notices()
	for _, e := range [][2]string{{"eli", town.Second}, {"fay", town.Program}, {"fay", town.Second}} {
		s.CloseEnrollment(e[0], e[1], "")
	}
	s.marked()
	s.locked()
	s.did(nil, notice.Alone(s.ctx, s.Table, s.auth.Now, func() {}))
	s.reminder()
	s.logIn()
	s.erased()
}

// erased leaves a member who is being erased, with a thread whose messages are still there.
func (s *story) erased() {
	s.PutMember("gus")
	s.talk("gus", town.Program, town.Rivera, true, true)
	s.did(s.Chat.EraseMember(s.ctx, town.Key("gus")))
	s.did(nil, s.Chat.Erase(s.ctx, town.Key("gus")))
}

func (s *story) configure() {
	o, err := s.Chat.Settings(s.ctx, town.Platform)
	s.did(o, err)
	o.LinkURL = "https://app.example.org/start"
	o.Notices.QuietHours, o.Notices.MinutesBetweenTexts = &chat.QuietHours{From: "21:00", To: "08:00"}, 30
	o.Notices.ReminderHours = 1
	o.Calendar.Hours = map[string]chat.QuietHours{"mon": {From: "09:00", To: "17:00"}}
	o.Calendar.Holidays = []string{"2026-12-25"}
	o.Issuers = []chat.Issuer{{Issuer: town.Issuer, Audience: "care-chats", KeysURL: "https://id.example/harbor/keys"}}
	s.did(s.Chat.Provision(s.ctx, o, nil))
	s.did(s.Chat.PutReason(s.ctx, town.Platform, directory.Put[chat.Reason]{ID: "medication", Entry: chat.Reason{
		Labels: chat.Labels{"en": "Medication"}, Order: 3, ProgramIDs: []string{town.Program}, ReplyHours: 4, Active: true,
	}}))
	s.did(s.Chat.PutCoverage(s.ctx, town.Platform, directory.CoveragePut{
		CoverageRef: directory.CoverageRef{CareManagerID: town.Rivera, ID: "vacation"}, CoverID: town.Chen,
		From: s.Now.Add(7 * 24 * time.Hour), To: s.Now.Add(14 * 24 * time.Hour),
	}))
	s.PutCareManager(town.Okafor, func(m *chat.CareManagerRow) { m.Active = false })
}

// requests leaves an open request, a cancelled one and a closed one.
func (s *story) requests() {
	dana := town.Member("dana")
	ask := func(program, key string) string {
		r, err := s.Chat.Submit(s.ctx, dana, "me", chat.RequestDraft{IdempotencyKey: key, ProgramID: program, ReasonID: "symptoms", Comment: "Dizzy."})
		s.did(r, err)
		return r.Request.ID
	}
	open := ask(town.Program, "key-of-the-open-request")
	s.did(s.Chat.ChangeReason(s.ctx, dana, "me", open, "medication", chat.Precondition{}))
	cancelled := ask(town.Second, "key-of-the-cancelled-one")
	s.did(s.Chat.Cancel(s.ctx, dana, "me", cancelled, chat.Precondition{}))
	closed := ask(town.Second, "key-of-the-closed-request")
	s.did(s.Chat.Close(s.ctx, town.CareManager(town.Chen), "dana", closed, chat.Closing{Outcome: "answered", Note: "Called back."}, chat.Precondition{}))
}

// talk leaves a thread with a care manager's message and, if replied, the member's reply. If read, the care manager reads it.
func (s *story) talk(member, program string, careManager string, replied, read bool) {
	s.Enroll(member, program, careManager)
	text := func(id string) chat.Draft {
		return chat.Draft{ClientMessageID: id + "-" + member + "-" + program, Text: "How are you?"}
	}
	s.did(s.Chat.Start(s.ctx, town.CareManager(careManager), member, program, text("first-of")))
	id := chat.ThreadID(program, careManager)
	if replied {
		s.did(s.Chat.MarkRead(s.ctx, town.Member(member), member, id, 1))
		s.did(s.Chat.Send(s.ctx, town.Member(member), member, id, text("reply-of")))
	}
	if read {
		s.did(s.Chat.MarkRead(s.ctx, town.CareManager(careManager), member, id, 2))
	}
}

// marked leaves the marks of a task and of a waiting thread that will be late.
func (s *story) marked() {
	s.did(nil, s.Chat.CheckRequest(s.ctx, town.Key("dana"), town.Program))
	s.did(nil, s.Chat.CheckReply(s.ctx, town.Key("dana"), chat.ThreadID(town.Program, town.Rivera), "reply-of-dana-"+town.Program))
}

// locked leaves links, and a lock that is over when the story ends.
func (s *story) locked() {
	sender := &notice.LinkSender{
		Store: secrets{s.Table}, Now: s.auth.Now, NewID: s.Chat.NewID,
		Deliver: func(context.Context, string, []chat.Profile, string, string) (notice.Delivery, error) {
			return notice.Delivery{Channel: chat.SMS, Decision: chat.Delivered, Rule: "asked"}, nil
		},
	}
	for _, id := range []string{"eli", "dana"} {
		s.did(nil, s.auth.AskLink(s.ctx, phones[id], source))
		s.did(sender.Send(s.ctx, hashOf("contact", phones[id])))
	}
	if _, err := s.auth.Exchange(s.ctx, secret("eli", 27), "1999-09-09"); err == nil {
		s.did(nil, errors.New("a wrong birth date logged in"))
	}
	limits, err := s.Table.Limits(s.ctx, town.Key("eli"))
	s.did(limits, err)
	is := limits[0]
	is.Version++
	is.Failures, is.LockedUntil = 20, is.Wrong[0]
	is.Sent, is.CappedAt = is.Wrong, is.Wrong[0]
	s.did(nil, s.Table.SaveUnlock(s.ctx, login.Unlock{Limits: is}))
}

// logIn leaves a session, and a link that is owed.
func (s *story) logIn() {
	s.Now = loggedIn
	s.did(nil, s.auth.AskLink(s.ctx, phones["dana"], source))
	s.did(s.auth.Exchange(s.ctx, secret("dana", 27), "1961-05-06"))
}
