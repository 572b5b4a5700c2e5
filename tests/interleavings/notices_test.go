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

// How the model is reached, and so everybody.
const (
	phone   = "+15550100001"
	address = "dana@example.org"
)

// others are addresses that a member changes to: the first actor's, the second's
// and, in the world that moved, the model's.
var others = []string{"one@example.org", "two@example.org", "three@example.org"}

// Which of a sender's calls reads what decides (N2).
const (
	reach  = 0 // profile, preferences, mailbox and ledger
	status = 1 // the phone's
	screen = 2 // enrollments and threads
)

func everything(sent) bool { return true }
func texts(s sent) bool    { return s.channel == chat.SMS }
func old(s sent) bool      { return s.to == address }

// partner is a use case of notices, with those that share rows with it.
type partner struct {
	in   world
	act  act
	with []string // by name; "" is itself
}

var (
	notify       = act{name: "notify", job: true, run: tell}
	keepMailbox  = act{name: "keep the mailbox", job: true, run: keep}
	pause        = act{name: "pause", run: setPaused(true), hushes: everything, heard: screen}
	endPause     = act{name: "end a pause", run: setPaused(false)}
	stop         = act{name: "stop by text", retry: true, run: stopByText, hushes: texts, heard: status}
	changeEmail  = act{name: "change the email", run: moveTo, hushes: old, heard: reach}
	moveAgain    = act{name: "change the email back", run: moveBack}
	disabling    = act{name: "disable the member", run: disable, hushes: everything, heard: reach}
	prefer       = act{name: "save preferences", run: savePreferences}
	preferEmail  = act{name: "choose email alone", run: choose(chat.Email), hushes: texts, heard: reach}
	readAndWrite = act{name: "mark read, and a new message", job: true, run: readThenSend, spells: 1}
	wholeSpell   = act{name: "a new message, and its notice", job: true, run: readThenTell, spells: 1}
)

var partners = []partner{
	{owed, notify, []string{
		"", "hand over", "close enrollment", "send by the member", "send by a care manager", "first message",
		"mark read by the member", "mark read by a care manager",
		pause.name, stop.name, changeEmail.name, preferEmail.name, disabling.name, readAndWrite.name,
	}},
	{closed, notify, []string{"open again", pause.name}},
	{paused, notify, []string{endPause.name}},
	{moved, notify, []string{keepMailbox.name, changeEmail.name}},
	{proved, notify, []string{"", changeEmail.name, preferEmail.name, stop.name, keepMailbox.name}},
	{left, notify, []string{preferEmail.name, changeEmail.name}},
	{told, notify, []string{
		"", "hand over", "close enrollment", "send by a care manager", "first message", "mark read by the member",
		pause.name, stop.name, changeEmail.name, preferEmail.name, readAndWrite.name,
	}},
	{paused, wholeSpell, []string{endPause.name}},
	{owed, pause, []string{"", "hand over", "close enrollment", "first message"}},
	{quiet, pause, []string{"submit"}},
	{closed, pause, []string{"open again"}},
	{paused, endPause, []string{
		"", pause.name, "submit", "hand over", "close enrollment", "send by the member", "send by a care manager",
		"first message", "mark read by the member", "mark read by a care manager",
	}},
	{resting, endPause, []string{"open again"}},
	{owed, stop, []string{"", prefer.name}},
	{owed, changeEmail, []string{"", prefer.name}},
	{moved, keepMailbox, []string{"", changeEmail.name, moveAgain.name, prefer.name}},
	{left, prefer, []string{"", changeEmail.name, keepMailbox.name}},
	{owed, prefer, []string{""}},
}

// noticePairs are the partners' pairs.
func noticePairs() []pair {
	known := append([]act{pause, stop, endPause, keepMailbox, changeEmail, moveAgain, disabling, prefer, preferEmail, readAndWrite}, acts...)
	var all []pair
	for _, p := range partners {
		for _, name := range p.with {
			other := p.act
			if name != "" {
				other = known[slices.IndexFunc(known, func(a act) bool { return a.name == name })]
			}
			all = append(all, pair{[2]act{other, p.act}, p.in, true})
		}
	}
	return all
}

func keyOf(member string) chat.MemberKey {
	return chat.MemberKey{Organization: town.Organization, Member: member}
}

func tell(ctx context.Context, s *stage, _ int, member string) string {
	return outcome(s.sender.Notify(ctx, keyOf(member)), "done")
}

func keep(ctx context.Context, s *stage, _ int, member string) string {
	return outcome(s.sender.KeepMailbox(ctx, keyOf(member)), "done")
}

func setPaused(paused bool) func(context.Context, *stage, int, string) string {
	return func(ctx context.Context, s *stage, _ int, member string) string {
		is, err := s.Pause(ctx, town.Member(member), "me", town.Program, &paused)
		return outcome(err, "paused=%v", is)
	}
}

// stopByText is one text, delivered to each actor.
func stopByText(ctx context.Context, s *stage, _ int, _ string) string {
	heard, err := s.listener.Handle(ctx, keyword.Text{ID: "inbound-1", Phone: phone, Body: "Stop", At: s.now})
	return outcome(err, "%s changed=%v", heard.Keyword, heard.Changed)
}

func moveTo(ctx context.Context, s *stage, actor int, member string) string {
	return putMember(ctx, s, dana(member, others[actor]))
}

func moveBack(ctx context.Context, s *stage, _ int, member string) string {
	return putMember(ctx, s, dana(member, address))
}

func disable(ctx context.Context, s *stage, _ int, member string) string {
	p := dana(member, address)
	p.Entry.Active = false
	return putMember(ctx, s, p)
}

func putMember(ctx context.Context, s *stage, p directory.MemberPut) string {
	stored, err := s.PutMember(ctx, town.Platform, p)
	return outcome(err, "%s %v version=%d", stored.Entry.Email, stored.Entry.Active, stored.Entry.Version)
}

// dana is a member with an address, as the platform knows her.
func dana(member, address string) directory.MemberPut {
	p := directory.MemberPut{}
	p.ID, p.Entry = member, chat.Profile{
		Name: "Dana Test", BirthDate: "1961-05-06", Language: "en", TimeZone: "America/New_York", Active: true,
		Phone: phone, Email: address,
	}
	return p
}

// savePreferences chooses email as the first actor, both channels and hours as the second.
func savePreferences(ctx context.Context, s *stage, actor int, member string) string {
	if actor == 0 {
		return choose(chat.Email)(ctx, s, actor, member)
	}
	return put(ctx, s, member, chat.PreferencesPut{Channels: chat.Channels, QuietHours: &chat.QuietHours{From: "01:00", To: "02:00"}})
}

func choose(c chat.Channel) func(context.Context, *stage, int, string) string {
	return func(ctx context.Context, s *stage, _ int, member string) string {
		return put(ctx, s, member, chat.PreferencesPut{Channels: []chat.Channel{c}})
	}
}

func put(ctx context.Context, s *stage, member string, p chat.PreferencesPut) string {
	r, err := s.PutPreferences(ctx, town.Member(member), "me", p)
	said := fmt.Sprintf("%v quiet=%v", r.Preferences.Channels, r.Preferences.QuietHours != nil)
	for _, c := range r.Preferences.Channels {
		said += fmt.Sprintf(" %s=%s", c, r.Status(c))
	}
	return outcome(err, "%s", said)
}

// readThenSend ends a spell and begins another.
func readThenSend(ctx context.Context, s *stage, _ int, member string) string {
	return markRead(town.Member)(ctx, s, 0, member) + ", " +
		send(func(string) chat.Caller { return rivera })(ctx, s, 0, member)
}

// readThenTell waits for the notice of that.
func readThenTell(ctx context.Context, s *stage, actor int, member string) string {
	said := readThenSend(ctx, s, actor, member)
	s.now = s.now.Add(2 * time.Minute)
	return said + ", " + tell(ctx, s, actor, member)
}
