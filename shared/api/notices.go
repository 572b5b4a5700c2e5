package api

import (
	"cmp"
	"strings"

	"carechat/shared/chat"
)

// PreferencesPut is how a member wants to be notified.
type PreferencesPut struct {
	MemberID   string         `path:"memberId" json:"-"`
	Channels   []chat.Channel `json:"channels"`
	QuietHours *Hours         `json:"quietHours"`
}

// Put returns what the body asks for.
func (p PreferencesPut) Put() chat.PreferencesPut {
	return chat.PreferencesPut{Channels: p.Channels, QuietHours: (*chat.QuietHours)(p.QuietHours)}
}

// Preferences are how a member wants to be notified, and whether that works.
type Preferences struct {
	Channels   []ChannelState `json:"channels"`
	QuietHours *Hours         `json:"quietHours,omitempty"`
	Warning    string         `json:"warning,omitempty"`
}

// ChannelState is a channel and whether it works.
type ChannelState struct {
	Kind     chat.Channel       `json:"kind"`
	Selected bool               `json:"selected"`
	Status   chat.ChannelStatus `json:"status"`
	Since    *Time              `json:"since,omitempty"`   // for care managers only
	Address  string             `json:"address,omitempty"` // masked
	Fix      chat.Fix           `json:"fix,omitempty"`
}

// NewPreferences shapes the channels on which a member can be notified.
func NewPreferences(r chat.MemberChannels) Preferences {
	return Preferences{
		Channels: each(chat.Channels, func(c chat.Channel) ChannelState {
			return ChannelState{Kind: c, Selected: r.Preferences.Chosen(c), Status: r.Status(c), Address: masked(r.Address(c)), Fix: r.Fix(c)}
		}),
		QuietHours: (*Hours)(r.Preferences.QuietHours),
	}
}

// NewPreferencesFor shapes them for a caller: care managers also see since when a channel has had its
// status.
func NewPreferencesFor(c chat.Caller, r chat.MemberChannels) Preferences {
	p := NewPreferences(r)
	for i, state := range p.Channels {
		if since := r.Since(state.Kind); c.Kind == chat.CareManager && !since.IsZero() {
			p.Channels[i].Since = &Time{since}
		}
	}
	return p
}

// NewSavedPreferences adds a warning for a member who has chosen no channel that works.
func NewSavedPreferences(r chat.MemberChannels) Preferences {
	p := NewPreferences(r)
	if r.NoneUsable() {
		p.Warning = "nobodyWillBeTold"
	}
	return p
}

// masked returns enough of an address for its owner to recognize it: the last four
// digits of a phone, the first character and the domain of an email address.
func masked(address string) string {
	const hidden = "•••"
	name, domain, isEmail := strings.Cut(address, "@")
	switch {
	case address == "":
		return ""
	case isEmail:
		return string([]rune(name)[:1]) + hidden + "@" + domain
	}
	return hidden + address[len(address)-4:]
}

// PausePut pauses an enrollment's notices, or ends that.
type PausePut struct {
	MemberID  string `path:"memberId" json:"-"`
	ProgramID string `path:"programId" json:"-"`
	Paused    *bool  `json:"paused"`
}

// Pause is whether an enrollment's notices are paused.
type Pause struct {
	Paused bool `json:"paused"`
}

// NoticesQuery asks for a page of the why-log.
type NoticesQuery struct {
	MemberID string `path:"memberId" json:"-"`
	Cursor   string `query:"cursor" json:"-"`
}

// Notice is one decision about notifying a member.
type Notice struct {
	ID       string        `json:"id"`
	Kind     string        `json:"kind"`
	Channel  chat.Channel  `json:"channel,omitempty"`
	Decision chat.Decision `json:"decision"`
	Rule     string        `json:"rule"`
	By       chat.Asker    `json:"by,omitempty"` // of a link: who asked
	At       Time          `json:"at"`
	Threads  []string      `json:"threads"`
	// MessageID is SNS's id of a text.
	MessageID string `json:"messageId,omitempty"`
}

// NewNotices shapes a page of the why-log.
func NewNotices(p chat.ListPage[chat.Notice], cursor string) List[Notice] {
	return List[Notice]{each(p.Items, newNotice), cursor}
}

func newNotice(n chat.Notice) Notice {
	kind := cmp.Or(string(n.Kind), "notice")
	return Notice{n.ID, kind, n.Channel, n.Decision, n.Rule, n.By, Time{n.At}, append([]string{}, n.Threads...), n.MessageID}
}
