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

// post is a transport of emails that everybody has confirmed.
type post struct{}

func (post) Subscribe(_ context.Context, name, _ string) (topic, subscription string, err error) {
	return "topic-" + name, "subscription-" + name, nil
}
func (post) Confirmed(context.Context, string) (bool, error) { return true, nil }
func (post) Send(_ context.Context, _, _, _ string) error    { return nil }
func (post) Remove(context.Context, string) error            { return nil }

func key(n int) chat.MemberKey {
	return chat.MemberKey{Organization: town.Organization, Member: memberID(n)}
}

// notices tell members of what they have not read, and remind them. A phone
// cannot be reached, and one address changes after its mailbox was made.
func (l life) notices() error {
	sender := &notice.Sender{
		Store: l.Table, Now: func() time.Time { return l.Now }, NewID: l.Chat.NewID, PublicURL: "https://care.example.org",
		Text: func(_ context.Context, phone, _ string) error {
			if phone == "+15550100001" {
				return chat.ErrOptedOut
			}
			return nil
		},
		Mail: post{}, MaxTopics: people,
	}
	var all []error
	for _, wait := range []time.Duration{time.Hour, 25 * time.Hour} {
		l.Now = l.Now.Add(wait)
		for n := range people {
			all = append(all, sender.KeepMailbox(l.ctx, key(n)), sender.Notify(l.ctx, key(n)))
		}
	}
	_, err := l.PutMember(l.ctx, memberID(0), func(p *chat.Profile) {
		p.Phone, p.Email = "+15550100000", "another@example.org"
		p.Subjects = []chat.Subject{{Issuer: town.Issuer, Subject: memberID(0)}}
	})
	return errors.Join(append(all, err)...)
}

// attempt leaves a notice on its way.
func (l life) attempt() error {
	is, err := l.Table.Member(l.ctx, key(2))
	if err != nil {
		return err
	}
	begun := is.Ledger
	begun.Version++
	begun.Texts = append(begun.Texts, l.Now.Add(-time.Hour), l.Now)
	begun.Attempt = &notice.Attempt{
		At: l.Now, Until: l.Now.Add(time.Minute), Channels: []chat.Channel{chat.SMS}, Threads: []string{is.MemberChats.Threads[0].ID},
	}
	return l.Table.SaveAttempt(l.ctx, begun)
}

// failures are one more wrong birth date.
func (l life) failures(m chat.MemberKey) []login.Limits {
	all, err := l.Table.Limits(l.ctx, m)
	if err != nil {
		return nil
	}
	all[0].Failures++
	all[0].Version++
	return all
}
