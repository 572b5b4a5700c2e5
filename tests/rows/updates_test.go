package rows

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/invariants"
	"carechat/shared/keyword"
	"carechat/shared/login"
	"carechat/shared/notice"
	"carechat/shared/problem"
	"carechat/shared/table"
	"carechat/tests/support/emulator"
	"carechat/tests/support/tables"
	"carechat/tests/support/town"
)

const unknown = "fromALaterRelease"

// settled are the kinds of row that no use case updates in place, and why.
var settled = map[string]string{
	"chat.Message":      "immutable",
	"chat.Notice":       "immutable",
	"table.Sent":        "immutable: the record of a client's id",
	"chat.Request":      "immutable: ending takes the open row away and makes this one",
	"chat.EndedRequest": "immutable: the next request that ends takes its place",
	"chat.KeyRecord":    "immutable; one that has expired is replaced",
	"login.Link":        "immutable",
	"chat.Person":       "made and taken away, never changed",
	"table.Contact":     "its key says it all: made and taken away",
	"table.Purge":       "made and taken away",
}

// isSettled reports whether no use case updates a row in place. Nothing may survive in the
// row of an erased member.
func isSettled(r invariants.Row) bool {
	p, isProfile := r.Value.(chat.Profile)
	return settled[fmt.Sprintf("%T", r.Value)] != "" || isProfile && p.Present() == nil
}

// Whatever is updated keeps what a later release wrote into it.
func TestUnknownAttributesSurvive(t *testing.T) {
	for release, rows := range releases(t) {
		for _, r := range rows {
			r[unknown] = map[string]any{"S": "kept"}
		}
		w := loaded(t, rows)
		updated := 0
		for _, r := range rows {
			was, stands := w.byKey(t), w.decoded(t)[r.key()]
			if isSettled(stands) {
				continue
			}
			if err := w.change(t.Context(), stands); err != nil {
				t.Errorf("%s %v: %v", variant(stands), r.key(), err)
			}
			if reflect.DeepEqual(was[r.key()], w.byKey(t)[r.key()]) {
				t.Errorf("%s %v was not updated", variant(stands), r.key())
			}
			updated++
		}
		is := w.byKey(t)
		for _, r := range rows {
			if is[r.key()][unknown] == nil {
				t.Errorf("%v lost what it did not know", r.key())
			}
		}
		t.Logf("%s: %d rows of %d were updated", release, updated, len(rows))
		tables.Check(t, emulator.URL, w.Name)
	}
}

func (w *world) byKey(t *testing.T) map[invariants.Key]row {
	t.Helper()
	all := map[invariants.Key]row{}
	for _, r := range w.rows(t) {
		all[r.key()] = r
	}
	return all
}

// change updates a row by the use case that updates its kind.
func (w *world) change(ctx context.Context, r invariants.Row) (err error) {
	member := town.Member(r.Member.Member)
	switch v := r.Value.(type) {
	case chat.Enrollment: // which opens a closed one, with its threads
		w.Enroll(v.Member.ID, v.Program.ID, map[string]string{town.Rivera: town.Chen, town.Chen: town.Rivera}[v.Owner.ID])
	case table.OpenRequest:
		_, err = w.Chat.ChangeReason(ctx, member, "me", v.ID, "symptoms", chat.Precondition{})
	case chat.Thread:
		_, readErr := w.Chat.MarkRead(ctx, member, "me", v.ID, v.LastSeq())
		_, err = w.Chat.Send(ctx, member, "me", v.ID, chat.Draft{ClientMessageID: "one-more-" + v.ID, Text: "One more."})
		err = errors.Join(readErr, err)
	case login.Limits:
		_, err = w.auth.Exchange(ctx, secret(r.Member.Member, 27), "1999-09-10")
		var refused *problem.Problem
		if errors.As(err, &refused) && refused.Code == problem.FactorRequired {
			err = nil
		}
	case notice.Sweep:
		err = notice.Alone(ctx, w.Table, w.auth.Now, func() {})
	case notice.State:
		v.Version++
		err = w.Table.SaveClaim(ctx, v)
	case chat.Preferences:
		_, err = w.Chat.PutPreferences(ctx, member, "me", chat.PreferencesPut{
			Channels: []chat.Channel{chat.SMS}, QuietHours: &chat.QuietHours{From: "23:00", To: "05:00"},
		})
	case chat.Mailbox, chat.PhoneState, notice.Topics:
		err = w.reach(ctx, r.Member, v)
	case auth.Session:
		verifier := auth.New(auth.Settings{Store: w.Table, Now: w.auth.Now})
		_, err = verifier.Caller(ctx, "m."+town.Organization+"."+member.ID+"."+secret(member.ID, 43), true)
	case chat.LateMark:
		if v.ThreadID == "" {
			return w.Chat.CheckRequest(ctx, r.Member, v.ProgramID)
		}
		err = w.Chat.CheckReply(ctx, r.Member, v.ThreadID, "")
	case chat.Attendance:
		_, err = w.Chat.CheckAttendance(ctx, town.Organization, v.Department)
	case chat.CoverageMark:
		_, err = w.Chat.PutCoverage(ctx, town.Platform, directory.CoveragePut{
			CoverageRef: directory.CoverageRef{CareManagerID: v.Covered, ID: v.ID}, CoverID: v.Next.By.ID, From: v.Next.From, To: v.Next.To.Add(time.Hour),
		})
	case login.OwedLink, login.AskCount:
		err = errors.Join(w.auth.AskLink(ctx, phones["dana"], source), w.auth.AskLink(ctx, phones["eli"], source))
	default:
		return w.put(ctx, v)
	}
	return err
}

// countTopics saves the count in which a member's topics are, with their mailbox.
func (w *world) countTopics(ctx context.Context, m chat.MemberKey) error {
	count, err := w.Table.TopicsWith(ctx, m)
	b, readErr := w.Table.Mailbox(ctx, m)
	if err = errors.Join(err, readErr); err != nil || b.Version == 0 {
		return err
	}
	count.Version++
	b.Version++
	return w.Table.SaveTopics(ctx, count, b)
}

// reach updates what emails and texts go by.
func (w *world) reach(ctx context.Context, m chat.MemberKey, row any) (err error) {
	sender := w.sender()
	switch v := row.(type) {
	case chat.Mailbox: // what it owes, or that it was unsubscribed
		clear(w.sns.Topics) // the owner unsubscribes
		profile, readErr := w.Table.Profile(ctx, m)
		err = errors.Join(readErr, sender.SyncMailbox(ctx, m))
		_, sendErr := sender.DeliverLink(ctx, v.Address, []chat.Profile{*profile}, "", "")
		err = errors.Join(err, sendErr)
	case chat.PhoneState:
		for _, phone := range phones {
			_, hearErr := w.listener().Handle(ctx, keyword.Text{ID: w.Chat.NewID("text"), Phone: phone, Body: "STOP", At: w.Now})
			err = errors.Join(err, hearErr)
		}
	case notice.Topics:
		for _, id := range []string{"dana", "eli", "fay"} {
			err = errors.Join(err, w.countTopics(ctx, town.Key(id)))
		}
	}
	return err
}

// put replaces an entry of the directory.
func (w *world) put(ctx context.Context, entry any) (err error) {
	switch v := entry.(type) {
	case chat.Organization:
		v.Name += " again"
		_, err = w.Chat.PutSettings(ctx, town.Platform, directory.Put[chat.Organization]{Entry: v})
	case auth.Issuer:
		o, _ := w.Chat.Settings(ctx, town.Platform)
		v.KeysURL += "/again"
		o.Issuers = []chat.Issuer{v.Issuer}
		_, err = w.Chat.Provision(ctx, o, nil)
	case chat.Program:
		v.Name += " again"
		_, err = w.Chat.PutProgram(ctx, town.Platform, directory.Put[chat.Program]{ID: v.ID, Entry: v})
	case chat.Reason:
		v.Order++
		_, err = w.Chat.PutReason(ctx, town.Platform, directory.Put[chat.Reason]{ID: v.ID, Entry: v})
	case chat.Department:
		v.Name += " again"
		_, err = w.Chat.PutDepartment(ctx, town.Platform, directory.Put[chat.Department]{ID: v.ID, Entry: v})
	case chat.CareManagerRow:
		v.Name += " again"
		_, err = w.Chat.PutCareManager(ctx, town.Platform, directory.Put[chat.CareManagerRow]{ID: v.ID, Entry: v})
	case chat.Profile:
		v.Name += " again"
		w.PutMember(v.ID, func(p *chat.Profile) { *p = v })
	default:
		err = errors.New("no use case is known that updates it")
	}
	return err
}
