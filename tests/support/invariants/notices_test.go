package invariants_test

import (
	"context"
	"errors"
	"time"

	"carechat/shared/chat"
	"carechat/shared/login"
	"carechat/shared/notice"
	"carechat/tests/support/town"
)

// mail is a transport of emails whose every address is confirmed.
type mail struct{}

func (mail) Subscribe(_ context.Context, name, _ string) (topic, subscription string, err error) {
	return "topic-" + name, "subscription-" + name, nil
}
func (mail) Confirmed(context.Context, string) (bool, error) { return true, nil }
func (mail) Send(_ context.Context, _, _, _ string) error    { return nil }
func (mail) Remove(context.Context, string) error            { return nil }

// notices sends notices and reminders. One phone has opted out, and one address
// changes after its mailbox was made.
func (h history) notices() {
	sender := &notice.Sender{
		Store: h.Table, Now: func() time.Time { return h.Now }, NewID: h.Chat.NewID, PublicURL: "https://care.example.org",
		Text: func(_ context.Context, phone, _ string) error {
			if phone == "+15550100001" {
				return chat.ErrOptedOut
			}
			return nil
		},
		Mail: mail{}, MaxTopics: people,
	}
	for _, wait := range []time.Duration{time.Hour, 25 * time.Hour} {
		h.Now = h.Now.Add(wait)
		for n := range people {
			h.Must(nil, errors.Join(sender.SyncMailbox(h.ctx, town.Key(memberID(n))), sender.Notify(h.ctx, town.Key(memberID(n)))))
		}
	}
	h.PutMember(memberID(0), contacts(0, "another@example.org"))
}

// attempt leaves a notice whose attempt has not ended.
func (h history) attempt() {
	is, err := h.Table.Member(h.ctx, town.Key(memberID(2)))
	h.Must(nil, err)
	claimed := is.State.Claim(h.Now, []chat.Channel{chat.SMS})
	claimed.Texts = append([]time.Time{h.Now.Add(-time.Hour)}, claimed.Texts...)
	h.Must(nil, h.Table.SaveClaim(h.ctx, claimed))
}

// failures returns a member's limits with one more wrong birth date.
func (h history) failures(m chat.MemberKey) []login.Limits {
	all, err := h.Table.Limits(h.ctx, m)
	if err != nil {
		return nil
	}
	all[0].Failures++
	all[0].Version++
	return all
}
