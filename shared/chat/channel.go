package chat

import (
	"slices"
	"strings"
	"time"
)

// Channel is a way to tell a member that there is a message.
type Channel string

// The channels of a notice.
const (
	SMS   Channel = "sms"
	Email Channel = "email"
)

// ChannelStatus says whether a channel reaches the member and, if not, why.
type ChannelStatus string

// The statuses of a channel. Only Usable reaches anybody.
const (
	Usable            ChannelStatus = "usable"
	Unconfirmed       ChannelStatus = "unconfirmed"       // the mailbox's owner has not confirmed it yet
	OptedOut          ChannelStatus = "optedOut"          // by STOP, or by unsubscribing
	OptedOutAtCarrier ChannelStatus = "optedOutAtCarrier" // SNS refuses the number
	Failing           ChannelStatus = "failing"           // SNS says that there is no such address
	Missing           ChannelStatus = "missing"           // the profile has none
)

// PhoneState is what is known of a phone number, whoever's it is: an opt-out is
// the phone's, and outlives a profile that loses and regains it (N7).
type PhoneState struct {
	Status  ChannelStatus // Usable, OptedOut, OptedOutAtCarrier or Failing; "" is Usable
	At      time.Time     // since when
	Cause   string        // the id of the text that asked for it, or ""
	Version int
}

// IsOptedOut reports whether the phone's owner, or the carrier for them, refuses
// every text.
func (s PhoneState) IsOptedOut() bool {
	return s.Status == OptedOut || s.Status == OptedOutAtCarrier
}

// Mailbox is a member's email address at the transport, which sends only to
// what its owner has confirmed (N5).
type Mailbox struct {
	Key          MemberKey
	Address      string        // the one to reach, lower case; "" for none
	Topic        string        // of Address; "" until it is subscribed
	Subscription string        // of Topic
	SubscribedAt time.Time     // when the confirmation was asked for
	Status       ChannelStatus // as last seen: Usable, OptedOut (unsubscribed), Failing; "" is Unconfirmed
	Old          []string      // topics to delete
	DueAt        time.Time     // when something of this is to be done; zero for nothing
	Attempts     int           // at what is due
	Version      int
}

// Preferences are how a member wants to be told.
type Preferences struct {
	Channels   []Channel   // chosen
	QuietHours *QuietHours // of the member's own, in their time zone, besides the organization's
	Version    int
}

// Reach is everything that decides how a member can be told.
type Reach struct {
	Profile     Profile
	Preferences Preferences
	Phone       PhoneState // of the profile's phone
	Mailbox     Mailbox
}

// Status is a channel's true one.
func (r Reach) Status(c Channel) ChannelStatus {
	if c == SMS {
		return r.phoneStatus()
	}
	return r.emailStatus()
}

func (r Reach) phoneStatus() ChannelStatus {
	switch {
	case r.Profile.Phone == "":
		return Missing
	case r.Phone.Status != "":
		return r.Phone.Status
	}
	return Usable
}

func (r Reach) emailStatus() ChannelStatus {
	switch {
	case r.Profile.Email == "":
		return Missing
	case r.Mailbox.Status == "" || r.Mailbox.Address != strings.ToLower(r.Profile.Email):
		return Unconfirmed
	}
	return r.Mailbox.Status
}

// Seen is the mailbox after its transport was asked whether the subscription is
// confirmed. One that was and is no longer has been unsubscribed.
func (m Mailbox) Seen(confirmed bool) Mailbox {
	switch {
	case confirmed:
		m.Status = Usable
	case m.Status == Usable:
		m.Status = OptedOut
	}
	return m
}

// Owe asks for a subscription of an address, or with "" for its end, from now
// on. The topic of another address is to be deleted: a subscription that nobody
// confirmed cannot be (N5).
func (m Mailbox) Owe(address string, now time.Time) Mailbox {
	if address != m.Address && m.Topic != "" {
		m.Old = append(slices.Clone(m.Old), m.Topic)
		m.Topic = ""
	}
	m.Address, m.Subscription, m.SubscribedAt, m.Status = address, "", time.Time{}, ""
	m.DueAt, m.Attempts = now, 0
	m.Version++
	return m
}

// Chosen reports whether the member wants to be told this way.
func (p Preferences) Chosen(c Channel) bool { return slices.Contains(p.Channels, c) }
