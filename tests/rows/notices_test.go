package rows

import (
	"context"
	"errors"
	"time"

	"carechat/shared/chat"
	"carechat/shared/keyword"
	"carechat/shared/notice"
	"carechat/tests/support/town"
)

func (w *world) sender() *notice.Sender { return w.NewSender(secrets{w.Table}, w.sns) }

func (w *world) listener() *keyword.Handler {
	return &keyword.Handler{Store: w.Table, Send: func(context.Context, string, string) error { return nil }}
}

// crashing is a store that crashes before it saves the outcome of a notice.
type crashing struct{ secrets }

var errCrash = errors.New("a crash")

func (crashing) SaveOutcome(context.Context, notice.Outcome) error { return errCrash }

// notices leaves notices that dana got by text and email, and suppressed ones of eli and fay, who have read. Eli's address changes;
// fay's phone has said STOP, and eli's START.
func (s *story) notices() {
	s.did(s.Chat.PutPreferences(s.ctx, town.Member("dana"), "me", chat.PreferencesPut{
		Channels: []chat.Channel{chat.SMS, chat.Email}, QuietHours: &chat.QuietHours{From: "22:00", To: "07:00"},
	}))
	for _, id := range []string{"dana", "eli"} {
		s.did(nil, s.sender().SyncMailbox(s.ctx, town.Key(id)))
	}
	for _, text := range [][2]string{{"fay", "STOP"}, {"eli", "STOP"}, {"eli", "START"}} {
		s.did(s.listener().Handle(s.ctx, keyword.Text{ID: "text-of-" + text[0] + "-" + text[1], Phone: phones[text[0]], Body: text[1], At: s.Now}))
	}
	for _, id := range []string{"dana", "eli", "fay"} {
		s.did(nil, s.sender().Notify(s.ctx, town.Key(id)))
	}
	s.PutMember("eli", func(p *chat.Profile) {
		p.Phone, p.Email, p.TimeZone = phones["eli"], "eli.other@example.org", "Europe/Madrid"
		p.Subjects = []chat.Subject{{Issuer: town.Issuer, Subject: "subject-of-eli"}}
	})
}

// reminder reminds dana, after which the care side sees the unread thread. Two more threads begin. Eli is told of one by text. Dana is
// told of the other by email and, once another text is allowed, by a text whose sender crashes.
func (s *story) reminder() {
	s.Now = s.Now.Add(time.Hour)
	notify := func(id string) { s.did(nil, s.sender().Notify(s.ctx, town.Key(id))) }
	notify("dana")
	s.Enroll("dana", town.Second, town.Rivera)
	s.Enroll("eli", town.Program, town.Chen)
	s.did(s.Chat.Start(s.ctx, town.CareManager(town.Rivera), "dana", town.Second, chat.Draft{ClientMessageID: "one-more-for-dana", Text: "And now?"}))
	s.did(s.Chat.Start(s.ctx, town.CareManager(town.Chen), "eli", town.Program, chat.Draft{ClientMessageID: "one-more-for-eli", Text: "And now?"}))
	s.Now = s.Now.Add(time.Minute)
	notify("dana")
	notify("eli")
	s.Now = s.Now.Add(30 * time.Minute)
	crash := s.sender()
	crash.Store = crashing{secrets{s.Table}}
	if err := crash.Notify(s.ctx, town.Key("dana")); !errors.Is(err, errCrash) {
		s.did(nil, errors.New("nothing crashed"))
	}
}
