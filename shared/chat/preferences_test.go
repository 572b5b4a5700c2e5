package chat

import (
	"context"
	"errors"
	"testing"
	"time"

	"carechat/shared/problem"

	"github.com/google/go-cmp/cmp"
)

// What makes a channel work again depends on the channel and on what is wrong with it.
func TestFixForEachStatus(t *testing.T) {
	channels := func(phone, email ChannelStatus) MemberChannels {
		r := MemberChannels{Profile: Profile{Phone: "+15550100101", Email: "Ana@example.org"}, Mailbox: Mailbox{Address: "ana@example.org"}}
		r.Phone.Status, r.Mailbox.Status = phone, email
		return r
	}
	for name, c := range map[string]struct {
		channels   MemberChannels
		sms, email Fix
	}{
		"nothing known":        {channels("", ""), "", ConfirmEmail},
		"both work":            {channels(Usable, Usable), "", ""},
		"both opted out":       {channels(OptedOut, OptedOut), TextStart, ConfirmEmail},
		"refused by a carrier": {channels(OptedOutAtCarrier, Usable), TextStart, ""},
		"no such addresses":    {channels(Failing, Failing), AskCareTeam, AskCareTeam},
		"no addresses":         {MemberChannels{}, AskCareTeam, AskCareTeam},
	} {
		if sms, email := c.channels.Fix(SMS), c.channels.Fix(Email); sms != c.sms || email != c.email {
			t.Errorf("%s: %q and %q, want %q and %q", name, sms, email, c.sms, c.email)
		}
	}
}

func TestInvalidPreferences(t *testing.T) {
	hours := func(from, to string) *QuietHours { return &QuietHours{from, to} }
	for name, c := range map[string]struct {
		put  PreferencesPut
		want []string
	}{
		"both":               {PreferencesPut{[]Channel{SMS, Email}, hours("22:00", "07:00")}, nil},
		"none":               {PreferencesPut{[]Channel{}, nil}, nil},
		"nothing":            {PreferencesPut{}, []string{"/channels required"}},
		"one twice":          {PreferencesPut{[]Channel{SMS, SMS}, nil}, []string{"/channels/1 duplicate"}},
		"one unknown":        {PreferencesPut{[]Channel{SMS, "pigeon"}, nil}, []string{"/channels/1 unknown"}},
		"an empty one":       {PreferencesPut{[]Channel{""}, nil}, []string{"/channels/0 required"}},
		"too many":           {PreferencesPut{[]Channel{SMS, Email, SMS}, nil}, []string{"/channels too-many"}},
		"quiet all day":      {PreferencesPut{[]Channel{SMS}, hours("08:00", "08:00")}, []string{"/quietHours/to same"}},
		"quiet from when":    {PreferencesPut{[]Channel{SMS}, hours("", "08:00")}, []string{"/quietHours/from required"}},
		"quiet until when":   {PreferencesPut{[]Channel{SMS}, hours("22:00", "")}, []string{"/quietHours/to required"}},
		"quiet, in no hours": {PreferencesPut{[]Channel{SMS}, &QuietHours{}}, []string{"/quietHours/from required", "/quietHours/to required"}},
		"quiet until 24:00":  {PreferencesPut{[]Channel{SMS}, hours("22:00", "24:00")}, []string{"/quietHours/to invalid"}},
		"quiet at ten":       {PreferencesPut{[]Channel{SMS}, hours("10pm", "7")}, []string{"/quietHours/from invalid", "/quietHours/to invalid"}},
	} {
		var got []string
		if p := (*problem.Problem)(nil); errors.As(c.put.check(), &p) {
			got = pointers(p.Fields)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Saving makes an email address work again: whatever state its mailbox is in, one confirmation is
// owed if none can be given any more, and never two.
func TestChoosingEmailMakesAConfirmationDue(t *testing.T) {
	ago := func(d time.Duration) time.Time { return noon.Add(-d) }
	box := func(s ChannelStatus, subscribed time.Time) Mailbox {
		return Mailbox{Address: "ana@example.org", Topic: "t", Subscription: "s", SubscribedAt: subscribed, Status: s, Version: 3}
	}
	due := box("", ago(72*time.Hour))
	due.DueAt = ago(time.Minute)
	for name, c := range map[string]struct {
		email  string
		box    Mailbox
		chosen []Channel
		owes   bool
	}{
		"never subscribed":           {"ana@example.org", Mailbox{}, []Channel{Email}, true},
		"waiting for a day":          {"ana@example.org", box("", ago(24*time.Hour)), []Channel{Email}, false},
		"waiting, almost forgotten":  {"ana@example.org", box("", ago(48*time.Hour-time.Millisecond)), []Channel{Email}, false},
		"waiting, forgotten":         {"ana@example.org", box("", ago(48*time.Hour)), []Channel{SMS, Email}, true},
		"forgotten, but not chosen":  {"ana@example.org", box("", ago(72*time.Hour)), []Channel{SMS}, false},
		"forgotten, and due already": {"ana@example.org", due, []Channel{Email}, false},
		"confirmed long ago":         {"ana@example.org", box(Usable, ago(9000*time.Hour)), []Channel{Email}, false},
		"unsubscribed just now":      {"ana@example.org", box(OptedOut, ago(time.Minute)), []Channel{Email}, true},
		"no such address":            {"ana@example.org", box(Failing, ago(72*time.Hour)), []Channel{Email}, false},
		"no address":                 {"", Mailbox{}, []Channel{Email}, false},
	} {
		was := MemberChannels{Profile: Profile{Email: c.email, Active: true}, Mailbox: c.box, Preferences: Preferences{Channels: c.chosen, Version: 1}}
		is, owed, changed := was.prefer(PreferencesPut{Channels: c.chosen}, noon)
		if (owed != nil) != c.owes || changed != c.owes {
			t.Errorf("%s: owes %v, changes %v", name, owed, changed)
		}
		if owed != nil && (owed.Version != c.box.Version+1 || !owed.DueAt.Equal(noon) || is.Status(Email) != Unconfirmed) {
			t.Errorf("%s: owes %+v, which is %s", name, *owed, is.Status(Email))
		}
		if _, _, changed := is.prefer(PreferencesPut{Channels: c.chosen}, noon); changed {
			t.Errorf("%s: again changes something", name)
		}
	}
	disabled := MemberChannels{Profile: Profile{Email: "ana@example.org"}}
	if _, owed, _ := disabled.prefer(PreferencesPut{Channels: []Channel{Email}}, noon); owed != nil {
		t.Error("a member who was disabled meanwhile is asked to confirm")
	}
}

func TestMailboxIgnoresTheCaseOfItsAddress(t *testing.T) {
	was := MemberChannels{Profile: Profile{Email: "Ana@Example.org", Active: true}, Mailbox: Mailbox{Address: "ana@example.org", Topic: "t", Version: 1}}
	_, owed, _ := was.prefer(PreferencesPut{Channels: []Channel{Email}}, noon)
	if owed == nil || owed.Topic != "t" || owed.Old != nil {
		t.Errorf("%+v", owed)
	}
}

// members is a table that has ana, whose rows move once.
type members struct {
	store
	channels MemberChannels
	moves    int
	box      *Mailbox
	changed  int
}

func (m *members) MemberChannels(_ context.Context, k MemberKey) (*MemberChannels, error) {
	if k != m.channels.Profile.Key() {
		return nil, nil
	}
	r := m.channels
	return &r, nil
}

func (m *members) SavePreferences(_ context.Context, _ MemberKey, p Preferences, b *Mailbox) error {
	if m.moves--; m.moves >= 0 {
		m.channels.Preferences.Version++
		return ErrConflict
	}
	if p.Version != m.channels.Preferences.Version+1 {
		return errors.New("not the next version")
	}
	m.channels.Preferences, m.box = p, b
	m.changed++
	return nil
}

var ana = Caller{Kind: Member, Organization: "harbor", ID: "ana"}

func newMembers() *members {
	return &members{channels: MemberChannels{
		Profile:     Profile{Organization: "harbor", ID: "ana", Phone: "+15550100101", Email: "ana@example.org"},
		Preferences: Preferences{Channels: []Channel{SMS}, Version: 4},
		Mailbox:     Mailbox{Address: "ana@example.org", Topic: "t", Subscription: "s", SubscribedAt: noon, Version: 2},
	}}
}

// The same PUT again changes nothing, and the order of the channels does not matter.
func TestPreferencesAreSavedOnce(t *testing.T) {
	m := newMembers()
	m.moves = 2
	s := &PreferenceService{Store: m, Now: func() time.Time { return noon }}
	for _, channels := range [][]Channel{{Email, SMS}, {SMS, Email}, {Email, SMS}} {
		r, err := s.PutPreferences(t.Context(), ana, "me", PreferencesPut{channels, &QuietHours{"22:00", "07:00"}})
		want := Preferences{[]Channel{SMS, Email}, &QuietHours{"22:00", "07:00"}, 7}
		if diff := cmp.Diff(want, r.Preferences); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
	}
	if m.changed != 1 || m.box != nil {
		t.Errorf("saved %d times, the mailbox is %v", m.changed, m.box)
	}
	if r, err := s.PutPreferences(t.Context(), ana, "me", PreferencesPut{Channels: []Channel{}}); err != nil || !r.NoneUsable() || m.changed != 2 {
		t.Errorf("none: %+v %v", r.Preferences, err)
	}
}

// A mailbox is as its transport sees it; if that does not answer, as it was seen last.
func TestMailboxStatusComesFromItsTransport(t *testing.T) {
	down := errors.New("no answer")
	for name, c := range map[string]struct {
		was       ChannelStatus
		confirmed bool
		err       error
		want      ChannelStatus
	}{
		"confirmed since":           {"", true, nil, Usable},
		"not confirmed yet":         {"", false, nil, Unconfirmed},
		"confirmed still":           {Usable, true, nil, Usable},
		"unsubscribed since":        {Usable, false, nil, OptedOut},
		"no answer, confirmed once": {Usable, false, down, Usable},
		"no answer, never before":   {"", true, down, Unconfirmed},
	} {
		m, asked := newMembers(), ""
		m.channels.Mailbox.Status = c.was
		s := &PreferenceService{Store: m, Now: func() time.Time { return noon }, Confirmed: func(_ context.Context, subscription string) (bool, error) {
			asked = subscription
			return c.confirmed, c.err
		}}
		r, err := s.Preferences(t.Context(), ana, "me")
		if err != nil || r.Status(Email) != c.want || asked != "s" {
			t.Errorf("%s: %s, %v; want %s; asked about %q", name, r.Status(Email), err, c.want, asked)
		}
	}
}

// Nobody is asked about a mailbox that is not there.
func TestTransportIsAskedOnlyAboutSubscriptions(t *testing.T) {
	for name, change := range map[string]func(*MemberChannels){
		"no address":           func(r *MemberChannels) { r.Profile.Email = "" },
		"not yet a subscriber": func(r *MemberChannels) { r.Mailbox.Subscription = "" },
	} {
		m := newMembers()
		change(&m.channels)
		s := &PreferenceService{Store: m, Now: func() time.Time { return noon }, Confirmed: func(context.Context, string) (bool, error) {
			t.Errorf("%s: asked all the same", name)
			return false, nil
		}}
		if _, err := s.Preferences(t.Context(), ana, "ana"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPreferencesAreTheMembersOwn(t *testing.T) {
	s := &PreferenceService{Store: newMembers(), Now: func() time.Time { return noon }}
	for name, c := range map[string]struct {
		caller Caller
		member string
		want   problem.Code
	}{
		"somebody else's":      {ana, "ben", problem.NotFound},
		"of another's member":  {Caller{Kind: Member, Organization: "summit", ID: "ana"}, "me", problem.NotFound},
		"the platform's":       {Caller{Kind: Platform, Organization: "harbor"}, "ana", problem.Forbidden},
		"before what is wrong": {ana, "a b", problem.NotFound},
	} {
		_, read := s.Preferences(t.Context(), c.caller, c.member)
		_, wrote := s.PutPreferences(t.Context(), c.caller, c.member, PreferencesPut{Channels: []Channel{}})
		if !problem.Is(read, c.want) || !problem.Is(wrote, c.want) {
			t.Errorf("%s: %v and %v, want %s", name, read, wrote, c.want)
		}
	}
}

// ownedMembers are members whose enrollments have an owner.
type ownedMembers struct {
	*members
	owner Owner
}

func (m ownedMembers) MemberChats(context.Context, MemberKey) (MemberChats, error) {
	return MemberChats{Enrollments: []Enrollment{{Ownership: Ownership{Owner: m.owner}, State: EnrollmentActive}}}, nil
}

func (m ownedMembers) Departments(context.Context, string, []string) ([]Department, error) {
	return nil, nil
}

// S7: a care manager who may see something of a member sees how they are notified, and changes
// nothing.
func TestCareManagersSeeHowTheirMembersAreNotified(t *testing.T) {
	s := &PreferenceService{Store: ownedMembers{newMembers(), Owner{Kind: OwnedByCareManager, ID: "cm-1"}}, Now: func() time.Time { return noon }}
	theirs, other := Caller{Kind: CareManager, Organization: "harbor", ID: "cm-1"}, Caller{Kind: CareManager, Organization: "harbor", ID: "cm-2"}
	if r, err := s.Preferences(t.Context(), theirs, "ana"); err != nil || r.Status(SMS) != Usable {
		t.Errorf("their care manager: %+v, %v", r, err)
	}
	if _, err := s.Preferences(t.Context(), other, "ana"); !problem.Is(err, problem.NotFound) {
		t.Errorf("another care manager: %v, want %s", err, problem.NotFound)
	}
	if _, err := s.PutPreferences(t.Context(), theirs, "ana", PreferencesPut{Channels: []Channel{}}); !problem.Is(err, problem.Forbidden) {
		t.Errorf("a change: %v, want %s", err, problem.Forbidden)
	}
}

func TestAChannelIsAsItIsSinceThen(t *testing.T) {
	m := MemberChannels{Profile: Profile{Phone: "+15550100101", Email: "ana@example.org"}, Phone: PhoneState{Status: OptedOut, At: noon}}
	if got := m.Since(SMS); !got.Equal(noon) {
		t.Errorf("a phone that said STOP: since %v", got)
	}
	m.Profile.Phone = ""
	if !m.Since(SMS).IsZero() || !m.Since(Email).IsZero() {
		t.Errorf("nobody knows since when: %v and %v", m.Since(SMS), m.Since(Email))
	}
}
