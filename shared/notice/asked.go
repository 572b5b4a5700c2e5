package notice

import (
	"context"
	"errors"

	"carechat/shared/chat"
)

// Link sends a link that was asked for to a phone or an address, which is these
// members' of one organization. Only an opt-out or an unconfirmed address holds
// it: no cap, no quiet hours, no pause (S4), and no earlier refusal of the number,
// for whoever asks with a phone has it. It returns an error where another try may
// help.
func (s *Sender) Link(ctx context.Context, contact string, whose []chat.Profile, shortName, link string) error {
	if chat.IsPhone(contact) {
		return s.linkByText(ctx, whose[0], shortName, link)
	}
	for _, p := range whose {
		done, err := s.linkByEmail(ctx, p, shortName, link)
		if done || err != nil {
			return err
		}
	}
	return nil
}

func (s *Sender) linkByText(ctx context.Context, p chat.Profile, shortName, link string) error {
	state, err := s.Store.PhoneState(ctx, p.Phone)
	if err != nil || state.IsOptedOut() {
		return err
	}
	said, forgotten := s.send(ctx, chat.MemberChannels{Profile: p, Phone: state}, chat.SMS, LinkAsked(chat.SMS, p.Language, shortName, link))
	return errors.Join(outage(said), forgotten)
}

// linkByEmail is not done where the member's mailbox takes nothing: another's
// with the same address may.
func (s *Sender) linkByEmail(ctx context.Context, p chat.Profile, shortName, link string) (done bool, err error) {
	b, err := s.Store.Mailbox(ctx, p.Key())
	if err != nil {
		return false, err
	}
	r := chat.MemberChannels{Profile: p, Mailbox: b, Preferences: chat.Preferences{Channels: []chat.Channel{chat.Email}}}
	if err := s.look(ctx, &r); err != nil || r.Status(chat.Email) != chat.Usable {
		return false, err
	}
	said, forgotten := s.send(ctx, r, chat.Email, LinkAsked(chat.Email, p.Language, shortName, link))
	return said == nil, errors.Join(outage(said), forgotten)
}
