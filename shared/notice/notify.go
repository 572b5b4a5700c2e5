package notice

import (
	"context"
	"errors"
	"time"

	"carechat/shared/chat"
	"carechat/shared/login"
)

// Sender notifies members that there is something to read.
type Sender struct {
	Store Store
	Now   func() time.Time
	NewID func(prefix string) string
	// PublicURL is where links lead for an organization without pages of its own.
	PublicURL string
	// Text sends a text to a phone (E.164) and returns the transport's id of it. Its
	// errors are those of package chat.
	Text func(ctx context.Context, phone, text string) (id string, err error)
	Mail Mail
	// Pace says when the next message may go out on a channel; nil for at once.
	Pace map[chat.Channel]*Pace
	// MaxTopics is how many members can have a mailbox (N5).
	MaxTopics int
}

// Notify decides everything that is due to a member now and sends it: one notice
// on each chosen channel, about all that is unread (N2, N3). If another run holds
// the member, Notify returns nil; what is due stays due for that run or the next.
// It returns a transport's error once the outcome is saved: what was not taken is
// due again later, and after chat.ErrThrottled still.
func (s *Sender) Notify(ctx context.Context, key chat.MemberKey) error {
	f, p, err := s.decide(ctx, key)
	if err == nil && len(p.sends()) > 0 {
		var waited bool
		if waited, err = s.wait(ctx, p.sends()); waited && err == nil {
			f, p, err = s.decide(ctx, key) // it may have been read, or stopped, in the meantime
		}
	}
	switch {
	case err != nil || f.State.busy(f.now):
		return err
	case len(p.sends()) == 0:
		return errors.Join(f.mailError, chat.IgnoreConflict(s.save(ctx, f, p, f.idle(p))))
	}
	return errors.Join(f.mailError, s.tell(ctx, f, p))
}

// decide reads what is known of a member and decides what is due now. If another run
// holds the member nothing is decided.
func (s *Sender) decide(ctx context.Context, key chat.MemberKey) (facts, plan, error) {
	m, err := s.Store.Member(ctx, key)
	f := facts{Member: m, now: s.Now()}
	if err != nil || m.State.busy(f.now) {
		return f, plan{}, err
	}
	// Never from memory: quiet hours and caps hold from the moment they are set.
	catalog, err := s.Store.Catalog(ctx, key.Organization, true)
	if err != nil {
		return f, plan{}, err
	}
	f.organization = catalog.Organization
	f.State = m.State.at(m.Channels.Profile.Epoch)
	p := f.due()
	if len(p.due) > 0 {
		f.mailError = s.checkEmail(ctx, &f.Channels)
		p.decisions = f.decide(p.due)
	}
	return f, p, nil
}

// wait returns when the pace of each channel lets a message go out, and whether that
// took any time.
func (s *Sender) wait(ctx context.Context, channels []chat.Channel) (waited bool, err error) {
	for _, c := range channels {
		if pace := s.Pace[c]; pace != nil {
			took, err := pace.Wait(ctx)
			if waited = waited || took; err != nil {
				return waited, err
			}
		}
	}
	return waited, nil
}

// tell claims the member, sends the plan's messages and saves the outcome.
func (s *Sender) tell(ctx context.Context, f facts, p plan) error {
	claimed, messages, err := s.claim(ctx, f, p)
	if err != nil {
		return chat.IgnoreConflict(err)
	}
	answers, err := s.sendAll(ctx, f.Channels, messages)
	p, concluded := f.conclude(p, claimed, answers)
	return errors.Join(err, s.save(ctx, f, p, &concluded))
}

// claim saves that this run holds the member, in one write with the links of the
// messages that it returns (N2). If another run was first it returns
// chat.ErrConflict.
func (s *Sender) claim(ctx context.Context, f facts, p plan) (State, map[chat.Channel]Message, error) {
	claimed := f.State.Claim(f.now, p.sends())
	var links []login.Link
	messages := map[chat.Channel]Message{}
	for _, c := range p.sends() {
		link, url := login.Mint(f.organization, s.PublicURL, []chat.Profile{f.Channels.Profile}, p.landing(), f.now)
		links = append(links, link)
		messages[c] = News(c, f.Channels.Profile.Language, f.organization.ShortName, url, f.State.mustSayStop(f.now))
	}
	return claimed, messages, s.Store.SaveClaim(ctx, claimed, links...)
}
