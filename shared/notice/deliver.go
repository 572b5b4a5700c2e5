package notice

import (
	"context"
	"errors"

	"carechat/shared/chat"
)

// DeliverLink sends a link to the contact that somebody asked with, which these
// members of one organization have. Only an opt-out or an unconfirmed address
// holds it back: caps, quiet hours and pauses do not (S4), nor does an earlier
// refusal of the number, because whoever asks with a phone has it. DeliverLink
// returns an error if another try may help.
func (s *Sender) DeliverLink(ctx context.Context, contact string, members []chat.Profile, shortName, link string) (Delivery, error) {
	if chat.IsPhone(contact) {
		return s.linkByText(ctx, members[0], shortName, link)
	}
	var d Delivery
	for _, p := range members {
		var err error
		d, err = s.linkByEmail(ctx, p, shortName, link)
		if d.Decision == chat.Delivered || err != nil {
			return d, err
		}
	}
	return d, nil
}

func (s *Sender) linkByText(ctx context.Context, p chat.Profile, shortName, link string) (Delivery, error) {
	state, err := s.Store.PhoneState(ctx, p.Phone)
	if err != nil || state.IsOptedOut() {
		return Delivery{Channel: chat.SMS, Decision: chat.Suppressed, Rule: string(state.Status)}, err
	}
	r := chat.MemberChannels{Profile: p, Phone: state}
	given, unrecorded := s.send(ctx, r, chat.SMS, LinkAsked(chat.SMS, p.Language, shortName, link))
	return delivery(chat.SMS, given), errors.Join(fault(given.err), unrecorded)
}

// linkByEmail is not sent if the member's mailbox takes nothing: that of another
// member with the same address may.
func (s *Sender) linkByEmail(ctx context.Context, p chat.Profile, shortName, link string) (Delivery, error) {
	b, err := s.Store.Mailbox(ctx, p.Key())
	if err != nil {
		return Delivery{}, err
	}
	r := chat.MemberChannels{Profile: p, Mailbox: b, Preferences: chat.Preferences{Channels: []chat.Channel{chat.Email}}}
	err = s.checkEmail(ctx, &r)
	if status := r.Status(chat.Email); err != nil || status != chat.Usable {
		return Delivery{Channel: chat.Email, Decision: chat.Suppressed, Rule: string(status)}, err
	}
	given, unrecorded := s.send(ctx, r, chat.Email, LinkAsked(chat.Email, p.Language, shortName, link))
	return delivery(chat.Email, given), errors.Join(fault(given.err), unrecorded)
}

// delivery returns what became of a link, from the transport's answer.
func delivery(c chat.Channel, given answer) Delivery {
	d := Delivery{Channel: c, Decision: chat.Failed, Rule: ruleSNSError, MessageID: given.messageID}
	switch {
	case given.err == nil:
		d.Decision, d.Rule = chat.Delivered, ruleAsked
	case errors.Is(given.err, chat.ErrOptedOut):
		d.Decision, d.Rule = chat.Suppressed, refusedRule(c)
	case errors.Is(given.err, chat.ErrInvalid):
		d.Rule = ruleInvalid
	}
	return d
}
