package interleavings

import (
	"context"
	"fmt"
	"slices"
	"time"

	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/keyword"
	"carechat/tests/support/town"
)

// The contacts of the model, and so of everybody.
const (
	phone   = "+15550100001"
	address = "dana@example.org"
)

// others are the addresses that a member changes to: the first actor's, the
// second's, and the model's in the state addressChanged.
var others = []string{"one@example.org", "two@example.org", "three@example.org"}

// What a sender reads in which of its calls, from 0 (N2).
const (
	readsReach = 0 // profile, preferences, mailbox and notice state
	readsPhone = 1 // the phone's state
	readsChats = 2 // enrollments and threads
)

func anything(sent) bool       { return true }
func aText(s sent) bool        { return s.channel == chat.SMS }
func atOldAddress(s sent) bool { return s.to == address }

// partner is an action of notices with those that share rows with it.
type partner struct {
	in   state
	act  action
	with []string // names; "" is the action itself
}

var (
	notify       = action{name: "notify", multiSave: true, run: sendNotices}
	keepMailbox  = action{name: "keep the mailbox", multiSave: true, run: followAddress}
	pause        = action{name: "pause", run: setPaused(true), forbids: anything, readAt: readsChats}
	endPause     = action{name: "end a pause", run: setPaused(false)}
	stop         = action{name: "stop by text", retry: true, run: stopByText, forbids: aText, readAt: readsPhone}
	changeEmail  = action{name: "change the email", run: changeEmailTo, forbids: atOldAddress, readAt: readsReach}
	moveAgain    = action{name: "change the email back", run: changeEmailBack}
	disabling    = action{name: "disable the member", run: disable, forbids: anything, readAt: readsReach}
	enabling     = action{name: "enable the member", run: enable}
	prefer       = action{name: "save preferences", run: savePreferences}
	preferEmail  = action{name: "choose email alone", run: choose(chat.Email), forbids: aText, readAt: readsReach}
	readAndWrite = action{name: "mark read, and a new message", multiSave: true, run: readThenSend, spells: 1}
	wholeSpell   = action{name: "a new message, and its notice", multiSave: true, run: readThenNotify, spells: 1}
)

var partners = []partner{
	{noticeDue, notify, []string{
		"", "hand over", "close enrollment", "send by the member", "send by a care manager", "first message",
		"mark read by the member", "mark read by a care manager",
		pause.name, stop.name, changeEmail.name, preferEmail.name, disabling.name, readAndWrite.name,
	}},
	{closed, notify, []string{"open again", pause.name}},
	{paused, notify, []string{endPause.name}},
	{addressChanged, notify, []string{keepMailbox.name, changeEmail.name}},
	{confirmed, notify, []string{"", changeEmail.name, preferEmail.name, stop.name, keepMailbox.name}},
	{unsubscribed, notify, []string{preferEmail.name, changeEmail.name}},
	{notified, notify, []string{
		"", "hand over", "close enrollment", "send by a care manager", "first message", "mark read by the member",
		pause.name, stop.name, changeEmail.name, preferEmail.name, readAndWrite.name,
	}},
	{paused, wholeSpell, []string{endPause.name}},
	{disabledMember, notify, []string{enabling.name}},
	{disabledMember, wholeSpell, []string{enabling.name}},
	{noticeDue, pause, []string{"", "hand over", "close enrollment", "first message"}},
	{cancelled, pause, []string{"submit"}},
	{closed, pause, []string{"open again"}},
	{paused, endPause, []string{
		"", pause.name, "submit", "hand over", "close enrollment", "send by the member", "send by a care manager",
		"first message", "mark read by the member", "mark read by a care manager",
	}},
	{pausedAndClosed, endPause, []string{"open again"}},
	{noticeDue, stop, []string{"", prefer.name}},
	{noticeDue, changeEmail, []string{"", prefer.name}},
	{addressChanged, keepMailbox, []string{"", changeEmail.name, moveAgain.name, prefer.name}},
	{unsubscribed, prefer, []string{"", changeEmail.name, keepMailbox.name}},
	{noticeDue, prefer, []string{""}},
}

// noticePairs returns the pairs of partners.
func noticePairs() []pair {
	known := append([]action{pause, stop, endPause, keepMailbox, changeEmail, moveAgain, disabling, enabling, prefer, preferEmail, readAndWrite}, actions...)
	var all []pair
	for _, p := range partners {
		for _, name := range p.with {
			other := p.act
			if name != "" {
				other = known[slices.IndexFunc(known, func(a action) bool { return a.name == name })]
			}
			all = append(all, pair{actions: [2]action{other, p.act}, in: p.in, drains: true})
		}
	}
	return all
}

func sendNotices(ctx context.Context, s *services, _ int, member string) string {
	return outcome(s.sender.Notify(ctx, town.Key(member)), "done")
}

func followAddress(ctx context.Context, s *services, _ int, member string) string {
	return outcome(s.sender.SyncMailbox(ctx, town.Key(member)), "done")
}

func setPaused(paused bool) func(context.Context, *services, int, string) string {
	return func(ctx context.Context, s *services, _ int, member string) string {
		is, err := s.Pause(ctx, town.Member(member), "me", town.Program, &paused)
		return outcome(err, "paused=%v", is)
	}
}

// stopByText handles one text, which is delivered to both actors.
func stopByText(ctx context.Context, s *services, _ int, _ string) string {
	heard, err := s.keywords.Handle(ctx, keyword.Text{ID: "inbound-1", Phone: phone, Body: "Stop", At: s.now})
	return outcome(err, "%s changed=%v", heard.Keyword, heard.Changed)
}

func changeEmailTo(ctx context.Context, s *services, actor int, member string) string {
	return putMember(ctx, s, dana(member, others[actor]))
}

func changeEmailBack(ctx context.Context, s *services, _ int, member string) string {
	return putMember(ctx, s, dana(member, address))
}

func disable(ctx context.Context, s *services, _ int, member string) string {
	return putMember(ctx, s, switched(member, false))
}

func enable(ctx context.Context, s *services, _ int, member string) string {
	return putMember(ctx, s, switched(member, true))
}

// switched returns the platform's PUT that enables or disables a member.
func switched(member string, on bool) directory.MemberPut {
	p := dana(member, address)
	p.Entry.Active = on
	return p
}

func putMember(ctx context.Context, s *services, p directory.MemberPut) string {
	stored, err := s.PutMember(ctx, town.Platform, p)
	return outcome(err, "%s %v version=%d", stored.Entry.Email, stored.Entry.Active, stored.Entry.Version)
}

// dana returns the platform's PUT of a member with an address.
func dana(member, address string) directory.MemberPut {
	return town.MemberPut(member, town.Phone(phone), town.Email(address))
}

// savePreferences chooses email as the first actor, both channels and quiet hours as
// the second.
func savePreferences(ctx context.Context, s *services, actor int, member string) string {
	if actor == 0 {
		return choose(chat.Email)(ctx, s, actor, member)
	}
	return put(ctx, s, member, chat.PreferencesPut{Channels: chat.Channels, QuietHours: &chat.QuietHours{From: "01:00", To: "02:00"}})
}

func choose(c chat.Channel) func(context.Context, *services, int, string) string {
	return func(ctx context.Context, s *services, _ int, member string) string {
		return put(ctx, s, member, chat.PreferencesPut{Channels: []chat.Channel{c}})
	}
}

func put(ctx context.Context, s *services, member string, p chat.PreferencesPut) string {
	r, err := s.PutPreferences(ctx, town.Member(member), "me", p)
	said := fmt.Sprintf("%v quiet=%v", r.Preferences.Channels, r.Preferences.QuietHours != nil)
	for _, c := range r.Preferences.Channels {
		said += fmt.Sprintf(" %s=%s", c, r.Status(c))
	}
	return outcome(err, "%s", said)
}

// readThenSend ends an unread spell and begins another.
func readThenSend(ctx context.Context, s *services, _ int, member string) string {
	return markRead(town.Member)(ctx, s, 0, member) + ", " +
		send(func(string) chat.Caller { return rivera })(ctx, s, 0, member)
}

// readThenNotify also sends the new spell's notice, once it is due.
func readThenNotify(ctx context.Context, s *services, actor int, member string) string {
	said := readThenSend(ctx, s, actor, member)
	s.now = s.now.Add(2 * time.Minute)
	return said + ", " + sendNotices(ctx, s, actor, member)
}
