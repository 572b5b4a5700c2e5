package chat

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"time"

	"carechat/shared/problem"
)

// PreferenceStore keeps how members want to be notified.
type PreferenceStore interface {
	MemberChatsStore
	RightsStore
	EnrolledStore
	// MemberChannels reads everything that decides on which channels a member can be
	// notified; nil if there is no such member.
	MemberChannels(ctx context.Context, m MemberKey) (*MemberChannels, error)
	// SavePreferences saves the next version of a member's preferences and, unless
	// it is nil, of their mailbox.
	SavePreferences(ctx context.Context, m MemberKey, p Preferences, b *Mailbox) error
}

// PreferenceService keeps how members want to be notified, and pauses the notices
// of an enrollment.
type PreferenceService struct {
	Store PreferenceStore
	Now   func() time.Time
	// Confirmed asks the transport of emails whether the owner of a subscription
	// has confirmed it (N5). If it is nil, what was last seen counts.
	Confirmed func(ctx context.Context, subscription string) (bool, error)
}

// confirmable is how long a subscription can be confirmed: then SNS drops it.
const confirmable = 48 * time.Hour

// PreferencesPut is what a PUT of a member's preferences brings: full replacement.
type PreferencesPut struct {
	Channels   []Channel // nil if missing, which is refused
	QuietHours *QuietHours
}

func (p PreferencesPut) check() error {
	var wrong problem.Fields
	if p.Channels == nil {
		wrong.Add("/channels", "required", "must be given")
	}
	CheckChannels(&wrong, "/channels", p.Channels)
	if q := p.QuietHours; q != nil {
		CheckHours(&wrong, "/quietHours", *q)
		if q.From == q.To && q.From != "" {
			wrong.Add("/quietHours/to", "same", "must differ from the beginning")
		}
	}
	return wrong.Err()
}

// Preferences reads how a member wants to be notified, and whether that works: for
// the member, and for every care manager who may see anything of them (S7).
func (s *PreferenceService) Preferences(ctx context.Context, c Caller, memberID string) (MemberChannels, error) {
	if err := c.Only(Member, CareManager); err != nil {
		return MemberChannels{}, err
	}
	m, err := c.MemberKey(memberID)
	if err == nil && c.Kind == CareManager {
		_, err = viewChats(ctx, s.Store, c, s.Now(), memberID)
	}
	if err != nil {
		return MemberChannels{}, err
	}
	return s.channelsOf(ctx, m)
}

// PutPreferences replaces the calling member's preferences. If they choose email
// and nobody can confirm their address any more, a new confirmation is due: a
// member gets one by saving again.
func (s *PreferenceService) PutPreferences(ctx context.Context, c Caller, memberID string, p PreferencesPut) (channels MemberChannels, err error) {
	m, err := c.own(memberID)
	if err != nil {
		return channels, err
	}
	if err := p.check(); err != nil {
		return channels, err
	}
	err = RetryOnConflict(ctx, func() error {
		channels, err = s.tryPutPreferences(ctx, m, p)
		return err
	})
	return channels, err
}

func (s *PreferenceService) tryPutPreferences(ctx context.Context, m MemberKey, p PreferencesPut) (MemberChannels, error) {
	was, err := s.channelsOf(ctx, m)
	if err != nil {
		return was, err
	}
	is, box, changed := was.prefer(p, s.Now())
	if changed {
		err = s.Store.SavePreferences(ctx, m, is.Preferences, box)
	}
	return is, err
}

// channelsOf reads a member's channels, with the mailbox as its transport sees it
// now. If the transport does not answer, what was last seen counts.
func (s *PreferenceService) channelsOf(ctx context.Context, m MemberKey) (MemberChannels, error) {
	r, err := s.Store.MemberChannels(ctx, m)
	if err != nil || r == nil {
		return MemberChannels{}, problem.OrNotFound(err)
	}
	if s.Confirmed != nil && r.Profile.Email != "" && r.Mailbox.Subscription != "" {
		if confirmed, err := s.Confirmed(ctx, r.Mailbox.Subscription); err == nil {
			r.Mailbox = r.Mailbox.Seen(confirmed)
		}
	}
	return *r, nil
}

// prefer returns the channels under other preferences and, if they need a new
// confirmation, the mailbox. It returns false if there is nothing to save.
func (m MemberChannels) prefer(p PreferencesPut, now time.Time) (next MemberChannels, box *Mailbox, changed bool) {
	next = m
	next.Preferences = Preferences{inOrder(p.Channels), p.QuietHours, m.Preferences.Version}
	if next.Preferences.Chosen(Email) && m.lacksConfirmation(now) {
		next.Mailbox = m.Mailbox.SubscribeTo(strings.ToLower(m.Profile.Email), now)
		box = &next.Mailbox
	}
	if box == nil && reflect.DeepEqual(next.Preferences, m.Preferences) {
		return next, nil, false
	}
	next.Preferences.Version++
	return next, box, true
}

// lacksConfirmation reports whether the mailbox has nothing that its owner could
// still confirm, and nothing due that will bring it.
func (m MemberChannels) lacksConfirmation(now time.Time) bool {
	if !m.Mailbox.DueAt.IsZero() || !m.Profile.Active { // the mailbox of a disabled member has no address
		return false
	}
	switch m.Status(Email) {
	case OptedOut:
		return true
	case Unconfirmed:
		return now.Sub(m.Mailbox.SubscribedAt) >= confirmable
	}
	return false
}

// inOrder returns the chosen channels in the order in which they are shown; nil
// for none, as a row reads it back.
func inOrder(chosen []Channel) []Channel {
	var all []Channel
	for _, c := range Channels {
		if slices.Contains(chosen, c) {
			all = append(all, c)
		}
	}
	return all
}
