package table_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"carechat/shared/chat"
	"carechat/shared/keyword"
	"carechat/shared/notice"
	"carechat/shared/table"
)

// told is the play with a member who can be told by text.
type told struct {
	*play
	sender   *notice.Sender
	listener *keyword.Handler
}

func newTold(t *testing.T) told {
	p := newPlay(t)
	nothing := func(context.Context, string, string) error { return nil }
	taken := func(context.Context, string, string) (string, error) { return pad("message-id", 36), nil }
	return told{p, &notice.Sender{
		Store: withCatalog{p.Table}, Now: func() time.Time { return p.Now }, NewID: p.Chat.NewID,
		PublicURL: "https://care.example.org", Text: taken,
	}, &keyword.Handler{Store: p.Table, Send: nothing}}
}

func (w told) key() chat.MemberKey {
	return chat.MemberKey{Organization: w.member.Organization, Member: w.member.ID}
}

// notify decides what is due after a while.
func (w told) notify(ctx context.Context) error {
	w.later(time.Hour)
	return w.sender.Notify(ctx, w.key())
}

// log makes the why-log longer.
func (w told) log(ctx context.Context) error {
	o := notice.Outcome{Key: w.key()}
	for range 60 {
		o.Log = append(o.Log, chat.Notice{
			Key: w.key(), ID: w.Chat.NewID("ntc"), Channel: chat.SMS, Decision: chat.Delivered, Rule: "reminder", At: w.Now,
			Threads: []string{w.thread.ID},
		})
	}
	return w.Table.SaveOutcome(ctx, o)
}

// acts are what telling a member takes, in an order in which each has what it needs.
func (w told) acts() []act {
	hear := func(text string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := w.listener.Handle(ctx, keyword.Text{ID: fmt.Sprint(text, w.Now.Unix()), Phone: anasPhone, Body: text, At: w.Now})
			return err
		}
	}
	return []act{
		{"", w.start},
		{"", w.notify},
		{"", w.read(func() chat.Caller { return w.member })},
		{"", w.send(func() chat.Caller { return w.manager })},
		{"notify a member of one thread by text", w.notify},
		{"", w.read(func() chat.Caller { return w.member })},
		{"", w.send(func() chat.Caller { return w.manager })},
		{"", w.read(func() chat.Caller { return w.member })},
		{"a notice suppressed: the member has read", w.notify},
		{"look for what is due, in one of 8 shards of a lane", func(ctx context.Context) error {
			for _, err := range w.Table.DueJobs(ctx, w.Now, table.DueShards(table.NoticeLane)[0]) {
				if err != nil {
					return err
				}
			}
			return nil
		}},
		{"", w.log},
		{"a page of 50 of the why-log", func(ctx context.Context) error {
			platform := chat.Caller{Kind: chat.Platform, Organization: w.member.Organization}
			page, err := w.Chat.Notices(ctx, platform, w.member.ID, "")
			if err == nil && len(page.Items) != 50 {
				err = fmt.Errorf("%d in a page", len(page.Items))
			}
			return err
		}},
		{"read preferences", func(ctx context.Context) error {
			_, err := w.Chat.Preferences(ctx, w.member, "me")
			return err
		}},
		{"write preferences", func(ctx context.Context) error {
			_, err := w.Chat.PutPreferences(ctx, w.member, "me", chat.PreferencesPut{
				Channels: []chat.Channel{chat.SMS}, QuietHours: &chat.QuietHours{From: "21:00", To: "08:00"},
			})
			return err
		}},
		{"STOP, a phone's first", hear("STOP")},
		{"START", hear("START")},
	}
}
