package chat

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"time"

	"carechat/shared/problem"
)

// PreferenceStore keeps how members want to be told.
type PreferenceStore interface {
	// Reach reads everything that decides how a member can be told; nil if there
	// is no such member.
	Reach(ctx context.Context, m MemberKey) (*Reach, error)
	// SavePreferences saves the next version of a member's preferences and, unless
	// it is nil, of their mailbox.
	SavePreferences(ctx context.Context, m MemberKey, p Preferences, b *Mailbox) error
}

// Channels are all that there are, in the order in which they are shown.
var Channels = []Channel{SMS, Email}

// forgotten is how old a confirmation is when nobody can give it any more: SNS
// has dropped the subscription that waited for it.
const forgotten = 48 * time.Hour

// Fix is what mends a channel that does not reach the member.
type Fix string

// The ways to mend a channel.
const (
	ConfirmEmail Fix = "confirmEmail" // save the preferences and open the email that comes
	TextStart    Fix = "textStart"    // answer START from the phone
	AskCareTeam  Fix = "askCareTeam"  // the profile, which is theirs, has the wrong address or none
)

// Fix says how a channel is mended; "" for one that works.
func (r Reach) Fix(c Channel) Fix {
	switch r.Status(c) {
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

// Address is the profile's for a channel; "" for none.
func (r Reach) Address(c Channel) string {
	if c == SMS {
		return r.Profile.Phone
	}
	return r.Profile.Email
}

// ReachesNobody reports whether no chosen channel is usable.
func (r Reach) ReachesNobody() bool {
	for _, c := range r.Preferences.Channels {
		if r.Status(c) == Usable {
			return false
		}
	}
	return true
}

// PreferencesPut are the preferences that a member asks for, in full.
type PreferencesPut struct {
	Channels   []Channel // nil: missing, which is refused
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

// Preferences reads how the caller wants to be told, and whether it works.
func (s *Service) Preferences(ctx context.Context, c Caller, memberID string) (Reach, error) {
	m, err := c.own(memberID)
	if err != nil {
		return Reach{}, err
	}
	return s.reachOf(ctx, m)
}

// PutPreferences replaces the caller's preferences. Choosing email while nobody
// can confirm it any more owes a new confirmation: saving is the way to mend it.
func (s *Service) PutPreferences(ctx context.Context, c Caller, memberID string, p PreferencesPut) (reach Reach, err error) {
	m, err := c.own(memberID)
	if err != nil {
		return reach, err
	}
	if err := p.check(); err != nil {
		return reach, err
	}
	err = RetryOnConflict(ctx, func() error {
		reach, err = s.tryPutPreferences(ctx, m, p)
		return err
	})
	return reach, err
}

func (s *Service) tryPutPreferences(ctx context.Context, m MemberKey, p PreferencesPut) (Reach, error) {
	was, err := s.reachOf(ctx, m)
	if err != nil {
		return was, err
	}
	is, box, changed := was.prefer(p, s.Now())
	if changed {
		err = s.Store.SavePreferences(ctx, m, is.Preferences, box)
	}
	return is, err
}

// own is the member whom the caller is.
func (c Caller) own(memberID string) (MemberKey, error) {
	if err := c.Only(Member); err != nil {
		return MemberKey{}, err
	}
	return c.MemberKey(memberID)
}

// reachOf reads a member's reach, with the mailbox as its transport sees it now.
// If that does not answer, what was seen last has to do.
func (s *Service) reachOf(ctx context.Context, m MemberKey) (Reach, error) {
	r, err := s.Store.Reach(ctx, m)
	if err != nil || r == nil {
		return Reach{}, problem.OrNotFound(err)
	}
	if s.Confirmed != nil && r.Profile.Email != "" && r.Mailbox.Subscription != "" {
		if confirmed, err := s.Confirmed(ctx, r.Mailbox.Subscription); err == nil {
			r.Mailbox = r.Mailbox.Seen(confirmed)
		}
	}
	return *r, nil
}

// prefer is the reach with other preferences, and the mailbox where it owes a
// confirmation for them. Not changed means that nothing is to be saved.
func (r Reach) prefer(p PreferencesPut, now time.Time) (next Reach, box *Mailbox, changed bool) {
	next = r
	next.Preferences = Preferences{inOrder(p.Channels), p.QuietHours, r.Preferences.Version}
	if next.Preferences.Chosen(Email) && r.lacksConfirmation(now) {
		next.Mailbox = r.Mailbox.Owe(strings.ToLower(r.Profile.Email), now)
		box = &next.Mailbox
	}
	if box == nil && reflect.DeepEqual(next.Preferences, r.Preferences) {
		return next, nil, false
	}
	next.Preferences.Version++
	return next, box, true
}

// lacksConfirmation reports whether the mailbox has nothing that its owner could
// still confirm, and nothing due that will bring it.
func (r Reach) lacksConfirmation(now time.Time) bool {
	if !r.Mailbox.DueAt.IsZero() {
		return false
	}
	switch r.Status(Email) {
	case OptedOut:
		return true
	case Unconfirmed:
		return now.Sub(r.Mailbox.SubscribedAt) >= forgotten
	}
	return false
}

// inOrder are the chosen channels in the order of all.
func inOrder(chosen []Channel) []Channel {
	var all []Channel
	for _, c := range Channels {
		if slices.Contains(chosen, c) {
			all = append(all, c)
		}
	}
	return all
}
