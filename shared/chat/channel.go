package chat

import (
	"slices"
	"strings"
	"time"

	"carechat/shared/owed"
)

// Channel is a way to notify a member.
type Channel string

// The channels of a notice.
const (
	SMS   Channel = "sms"
	Email Channel = "email"
)

// Channels are all that there are, in the order in which they are shown.
var Channels = []Channel{SMS, Email}

// ChannelStatus says whether a member can be notified on a channel and, if not, why.
type ChannelStatus string

// The statuses of a channel. Members are notified only on a Usable one.
const (
	Usable            ChannelStatus = "usable"
	Unconfirmed       ChannelStatus = "unconfirmed"       // the mailbox's owner has not confirmed it yet
	OptedOut          ChannelStatus = "optedOut"          // by STOP, or by unsubscribing
	OptedOutAtCarrier ChannelStatus = "optedOutAtCarrier" // SNS refuses the number
	Failing           ChannelStatus = "failing"           // SNS says that there is no such address
	Missing           ChannelStatus = "missing"           // the profile has none
)

// PhoneState is what is known of a phone number, whoever has it: an opt-out is the
// phone's, and outlives a profile that loses and regains the number (N7).
type PhoneState struct {
	Status ChannelStatus // Usable, OptedOut, OptedOutAtCarrier or Failing; "" is Usable
	At     time.Time     // since when
	Cause  string        // the id of the text that caused it, or ""
	// AnsweredAt is when the phone was last told that nobody reads its texts (N7).
	AnsweredAt time.Time
	Version    int
}

// IsOptedOut reports whether the phone's owner, or the carrier for them, refuses
// every text.
func (s PhoneState) IsOptedOut() bool {
	return s.Status == OptedOut || s.Status == OptedOutAtCarrier
}

// Mailbox is a member's email address at the transport, which sends only to
// addresses that their owner has confirmed (N5).
type Mailbox struct {
	Key          MemberKey
	Address      string        // where emails are to go, lower case; "" for none
	Topic        string        // of Address; "" until it is subscribed
	Subscription string        // of Topic
	SubscribedAt time.Time     // when the confirmation was sent
	Status       ChannelStatus // as last seen: Usable, OptedOut (unsubscribed), Failing; "" is Unconfirmed
	Old          []string      // topics to delete
	owed.Work                  // subscribing Address and deleting Old
	Version      int
}

// Preferences are how a member wants to be notified.
type Preferences struct {
	Channels   []Channel   // chosen
	QuietHours *QuietHours // of the member's own, in their time zone, besides the organization's
	Version    int
}

// MemberChannels is everything that decides on which channels a member can be
// notified.
type MemberChannels struct {
	Profile     Profile
	Preferences Preferences
	Phone       PhoneState // of the profile's phone
	Mailbox     Mailbox
}

// Status returns whether a channel works and, if not, why.
func (m MemberChannels) Status(c Channel) ChannelStatus {
	if c == SMS {
		return m.phoneStatus()
	}
	return m.emailStatus()
}

// Since returns since when a channel has had its status; zero if that is not known.
func (m MemberChannels) Since(c Channel) time.Time {
	if c == SMS && m.Profile.Phone != "" && m.Phone.Status == m.phoneStatus() {
		return m.Phone.At
	}
	return time.Time{}
}

func (m MemberChannels) phoneStatus() ChannelStatus {
	switch {
	case m.Profile.Phone == "":
		return Missing
	case m.Phone.Status != "":
		return m.Phone.Status
	}
	return Usable
}

func (m MemberChannels) emailStatus() ChannelStatus {
	switch {
	case m.Profile.Email == "":
		return Missing
	case m.Mailbox.Status == "" || m.Mailbox.Address != strings.ToLower(m.Profile.Email):
		return Unconfirmed
	}
	return m.Mailbox.Status
}

// Address returns the profile's address for a channel; "" if it has none.
func (m MemberChannels) Address(c Channel) string {
	if c == SMS {
		return m.Profile.Phone
	}
	return m.Profile.Email
}

// NoneUsable reports whether no chosen channel works.
func (m MemberChannels) NoneUsable() bool {
	return !slices.ContainsFunc(m.Preferences.Channels, func(c Channel) bool { return m.Status(c) == Usable })
}

// Fix is what makes a channel work again on which the member cannot be notified.
type Fix string

// The ways to make a channel work again.
const (
	ConfirmEmail Fix = "confirmEmail" // save the preferences and open the email that comes
	TextStart    Fix = "textStart"    // text START from the phone
	AskCareTeam  Fix = "askCareTeam"  // the profile, which is theirs, has the wrong address or none
)

// Fix returns what makes a channel work again; "" for one that works.
func (m MemberChannels) Fix(c Channel) Fix {
	switch m.Status(c) {
	case Usable:
		return ""
	case Failing, Missing:
		return AskCareTeam
	}
	if c == Email {
		return ConfirmEmail
	}
	return TextStart
}

// Seen returns the mailbox after its transport was asked whether the subscription
// is confirmed. One that was, and is not any more, has been unsubscribed.
func (m Mailbox) Seen(confirmed bool) Mailbox {
	switch {
	case confirmed:
		m.Status = Usable
	case m.Status == Usable:
		m.Status = OptedOut
	}
	return m
}

// SubscribeTo returns the mailbox with a subscription of an address due now; with ""
// it is only to end. The topic of the former address is to be deleted, because a
// subscription that nobody confirmed cannot be (N5).
func (m Mailbox) SubscribeTo(address string, now time.Time) Mailbox {
	if address != m.Address && m.Topic != "" {
		m.Old = append(slices.Clone(m.Old), m.Topic)
		m.Topic = ""
	}
	m.Address, m.Subscription, m.SubscribedAt, m.Status = address, "", time.Time{}, ""
	m.Work = owed.At(now)
	m.Version++
	return m
}

// Chosen reports whether the member wants to be notified this way.
func (p Preferences) Chosen(c Channel) bool { return slices.Contains(p.Channels, c) }
