package notice

import (
	"context"
	"errors"

	"carechat/shared/chat"
)

// DeliverLink sends a link that was asked for to the contact that it was asked
// with, which is these members' of one organization. Only an opt-out or an
// unconfirmed address holds it back: no cap, no quiet hours and no pause (S4), and
// no earlier refusal of the number, for whoever asks with a phone has it.
// DeliverLink returns an error if another try may help.
func (s *Sender) DeliverLink(ctx context.Context, contact string, members []chat.Profile, shortName, link string) error {
	if chat.IsPhone(contact) {
		return s.linkByText(ctx, members[0], shortName, link)
	}
	for _, p := range members {
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
	r := chat.MemberChannels{Profile: p, Phone: state}
	answer, unrecorded := s.send(ctx, r, chat.SMS, LinkAsked(chat.SMS, p.Language, shortName, link))
	return errors.Join(fault(answer), unrecorded)
}

// linkByEmail is not done if the member's mailbox takes nothing: that of another
// member with the same address may.
func (s *Sender) linkByEmail(ctx context.Context, p chat.Profile, shortName, link string) (done bool, err error) {
	b, err := s.Store.Mailbox(ctx, p.Key())
	if err != nil {
		return false, err
	}
	r := chat.MemberChannels{Profile: p, Mailbox: b, Preferences: chat.Preferences{Channels: []chat.Channel{chat.Email}}}
	if err := s.checkEmail(ctx, &r); err != nil || r.Status(chat.Email) != chat.Usable {
		return false, err
	}
	answer, unrecorded := s.send(ctx, r, chat.Email, LinkAsked(chat.Email, p.Language, shortName, link))
	return answer == nil, errors.Join(fault(answer), unrecorded)
}
