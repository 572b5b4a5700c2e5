package notice

import (
	"context"
	"errors"
	"time"

	"carechat/shared/chat"
)

// Inbound is a text that somebody sent to us.
type Inbound struct {
	ID    string // the same at each delivery
	Phone string // whose, E.164
	Text  string
	At    time.Time // when it came in
}

// PhoneStore is what inbound texts ask of a table: the part of Store that is
// about phones.
type PhoneStore interface {
	PhoneState(ctx context.Context, phone string) (chat.PhoneState, error)
	SavePhoneState(ctx context.Context, phone string, s chat.PhoneState) error
}

// Listener does what inbound texts ask for (N7).
type Listener struct {
	Store PhoneStore
	// Send sends a text to a phone; its errors are those of a transport.
	Send func(ctx context.Context, phone, text string) error
}

// Heard is what became of an inbound text.
type Heard struct {
	Keyword Keyword
	Changed bool  // the phone gets no more texts, or gets them again
	Failed  error // why there is no confirmation of that
}

// Hear applies a text, whoever's phone it is of, and confirms what it changed by
// one text. An error means that it is not applied. A repeated delivery changes
// and confirms nothing, so a crash in between leaves what was applied unconfirmed.
func (l *Listener) Hear(ctx context.Context, t Inbound) (Heard, error) {
	k, language := KeywordOf(t.Text)
	if k == NoKeyword {
		return Heard{}, nil
	}
	changed, err := l.apply(ctx, t, k)
	if err != nil || !changed {
		return Heard{Keyword: k}, err
	}
	failed := l.Send(ctx, t.Phone, Confirmation(k, language))
	if k == Start && errors.Is(failed, ErrOptedOut) {
		err = l.refused(ctx, t)
	}
	return Heard{k, true, failed}, err
}

func (l *Listener) apply(ctx context.Context, t Inbound, k Keyword) (changed bool, err error) {
	err = chat.RetryOnConflict(ctx, func() error {
		s, err := l.Store.PhoneState(ctx, t.Phone)
		changed = false
		if err != nil || old(t, s) {
			return err
		}
		next := heard(t, k, s)
		changed = silent(s) != silent(next)
		return l.Store.SavePhoneState(ctx, t.Phone, next)
	})
	return changed, err
}

// old reports whether a text was applied before, or overtaken by a later one.
func old(t Inbound, s chat.PhoneState) bool {
	return s.Cause != "" && (s.Cause == t.ID || t.At.Before(s.At))
}

// heard is a phone after a text, which also proves that the number is one.
func heard(t Inbound, k Keyword, s chat.PhoneState) chat.PhoneState {
	next := chat.PhoneState{Status: chat.Usable, At: t.At, Cause: t.ID, Version: s.Version + 1}
	if k == Stop {
		next.Status = chat.OptedOut
	}
	return next
}

func silent(s chat.PhoneState) bool {
	return s.Status == chat.OptedOut || s.Status == chat.OptedOutAtCarrier
}

// refused notes that the transport goes on refusing a phone whose owner said
// START: they are told so, and not that texts come.
func (l *Listener) refused(ctx context.Context, t Inbound) error {
	return chat.RetryOnConflict(ctx, func() error {
		s, err := l.Store.PhoneState(ctx, t.Phone)
		if err != nil || s.Cause != t.ID {
			return err
		}
		s.Status = chat.OptedOutAtCarrier
		s.Version++
		return l.Store.SavePhoneState(ctx, t.Phone, s)
	})
}
