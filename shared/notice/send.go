package notice

import (
	"context"
	"errors"
	"strings"

	"carechat/shared/chat"
)

// answer is what a transport says to a message: its id of a text that it took, by
// which its log of deliveries says what became of it, or why it did not.
type answer struct {
	messageID string
	err       error
}

// sendAll sends a message on each of its channels. It returns what the transports
// answered, and an error if one of them failed or an answer could not be recorded.
func (s *Sender) sendAll(ctx context.Context, r chat.MemberChannels, messages map[chat.Channel]Message) (answers map[chat.Channel]answer, err error) {
	answers = map[chat.Channel]answer{}
	for _, c := range chat.Channels {
		if m, ok := messages[c]; ok {
			given, unrecorded := s.send(ctx, r, c, m)
			answers[c] = given
			err = errors.Join(err, fault(given.err), unrecorded)
		}
	}
	return answers, err
}

// send hands a message to its transport and records what the answer says of the
// address. If that cannot be recorded the next answer will say it again.
func (s *Sender) send(ctx context.Context, r chat.MemberChannels, c chat.Channel, m Message) (given answer, unrecorded error) {
	if c == chat.Email {
		given.err = s.Mail.Send(ctx, r.Mailbox.Topic, m.Subject, m.Text)
		return given, s.recordMailbox(ctx, r.Mailbox, given.err)
	}
	given.messageID, given.err = s.Text(ctx, r.Profile.Phone, m.Text)
	return given, s.recordPhone(ctx, r, given.err)
}

// fault returns an answer that says something of the transport, and nil for one
// that says something of the address.
func fault(answer error) error {
	if errors.Is(answer, chat.ErrOptedOut) || errors.Is(answer, chat.ErrInvalid) {
		return nil
	}
	return answer
}

func (s *Sender) recordPhone(ctx context.Context, r chat.MemberChannels, answer error) error {
	state := r.Phone
	switch {
	case errors.Is(answer, chat.ErrOptedOut):
		state.Status = chat.OptedOutAtCarrier
	case errors.Is(answer, chat.ErrInvalid):
		state.Status = chat.Failing
	case answer == nil && state.Status == chat.Failing:
		state.Status = chat.Usable
	default:
		return nil
	}
	state.At, state.Cause = s.Now(), ""
	state.Version++
	return chat.IgnoreConflict(s.Store.SavePhoneState(ctx, r.Profile.Phone, state))
}

func (s *Sender) recordMailbox(ctx context.Context, b chat.Mailbox, answer error) error {
	switch {
	case errors.Is(answer, chat.ErrOptedOut):
		b.Status = chat.OptedOut
	case errors.Is(answer, chat.ErrInvalid):
		b.Status = chat.Failing
	default:
		return nil
	}
	b.Version++
	return chat.IgnoreConflict(s.Store.SaveMailbox(ctx, b))
}

// checkEmail asks the transport whether the mailbox of a member who chose emails
// is confirmed (N5), and puts the answer into the reach. An address that has no
// mailbox yet gets one that owes its subscription.
func (s *Sender) checkEmail(ctx context.Context, r *chat.MemberChannels) error {
	switch {
	case !r.Preferences.Chosen(chat.Email):
		return nil
	case r.Mailbox.Version == 0 && r.Profile.Email != "":
		b := chat.Mailbox{Key: r.Profile.Key()}.SubscribeTo(strings.ToLower(r.Profile.Email), s.Now())
		return chat.IgnoreConflict(s.Store.SaveMailbox(ctx, b))
	case r.Mailbox.Subscription == "":
		return nil
	}
	confirmed, err := s.Mail.Confirmed(ctx, r.Mailbox.Subscription)
	if err != nil {
		return err
	}
	seen := r.Mailbox.Seen(confirmed)
	if seen.Status == r.Mailbox.Status {
		return nil
	}
	seen.Version++
	r.Mailbox = seen
	return chat.IgnoreConflict(s.Store.SaveMailbox(ctx, seen))
}
