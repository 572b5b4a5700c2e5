package keyword

import (
	"context"
	"errors"
	"time"

	"carechat/shared/chat"
)

// Text is a text that somebody sent to us.
type Text struct {
	ID    string // the same at each delivery
	Phone string // the sender's, E.164
	Body  string
	At    time.Time // when it was received
}

// Store keeps the state of phones. Its errors include chat.ErrConflict.
type Store interface {
	// PhoneState reads the state of a phone; version 0 if there is none.
	PhoneState(ctx context.Context, phone string) (chat.PhoneState, error)
	SavePhoneState(ctx context.Context, phone string, s chat.PhoneState) error
	MemberStore
}

// Handler applies the texts that people send to us (N7).
type Handler struct {
	Store Store
	// Send sends a text to a phone. Its errors are those of a transport.
	Send func(ctx context.Context, phone, text string) error
	// PublicURL is where members ask for a link, for an organization without pages of
	// its own.
	PublicURL string
}

// Result is the outcome of a text.
type Result struct {
	Keyword     Keyword
	Changed     bool  // the phone gets no more texts, or gets them again
	Answered    bool  // another text was answered with a note that nobody reads it
	Unconfirmed error // why the confirmation was not sent, or nil
}

// Handle applies a text to the phone that it came from and, if that opted the
// phone out or in, confirms it by one text. It answers any other text at most once a
// day. A delivery that repeats a text changes
// and confirms nothing, so a text whose handling crashed stays unconfirmed. Handle
// returns an error if the text was not applied.
func (h *Handler) Handle(ctx context.Context, t Text) (Result, error) {
	k, language := Parse(t.Body)
	if k == None {
		answered, err := h.answer(ctx, t)
		return Result{Answered: answered}, err
	}
	changed, err := h.apply(ctx, t, k)
	if err != nil || !changed {
		return Result{Keyword: k}, err
	}
	unconfirmed := h.Send(ctx, t.Phone, Confirmation(k, language))
	if k == Start && errors.Is(unconfirmed, chat.ErrOptedOut) {
		err = h.startRefused(ctx, t)
	}
	return Result{Keyword: k, Changed: true, Unconfirmed: unconfirmed}, err
}

func (h *Handler) apply(ctx context.Context, t Text, k Keyword) (changed bool, err error) {
	err = chat.RetryOnConflict(ctx, func() error {
		s, err := h.Store.PhoneState(ctx, t.Phone)
		changed = false
		if err != nil || outdated(t, s) {
			return err
		}
		next := after(t, k, s)
		changed = s.IsOptedOut() != next.IsOptedOut()
		return h.Store.SavePhoneState(ctx, t.Phone, next)
	})
	return changed, err
}

// outdated reports whether a text was applied before, or a later one was.
func outdated(t Text, s chat.PhoneState) bool {
	return s.Cause != "" && (s.Cause == t.ID || t.At.Before(s.At))
}

// after returns the state of a phone after a text, which also proves that the
// number works.
func after(t Text, k Keyword, s chat.PhoneState) chat.PhoneState {
	next := chat.PhoneState{Status: chat.Usable, At: t.At, Cause: t.ID, AnsweredAt: s.AnsweredAt, Version: s.Version + 1}
	if k == Stop {
		next.Status = chat.OptedOut
	}
	return next
}

// startRefused records that the transport still refuses a phone after its owner's
// START, so that the member is told so instead of waiting for texts.
func (h *Handler) startRefused(ctx context.Context, t Text) error {
	return chat.RetryOnConflict(ctx, func() error {
		s, err := h.Store.PhoneState(ctx, t.Phone)
		if err != nil || s.Cause != t.ID {
			return err
		}
		s.Status = chat.OptedOutAtCarrier
		s.Version++
		return h.Store.SavePhoneState(ctx, t.Phone, s)
	})
}
