package notice

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"strings"
	"time"

	"carechat/shared/chat"
	"carechat/shared/login"
)

// maxAttempts bounds how often an address is subscribed: the waits double from
// two minutes to twelve hours and come to more than two days.
const maxAttempts = 12

// KeepMailbox does what is owed for a member's email address: it deletes the
// topics of earlier ones and subscribes the present one, which asks its owner
// once to confirm (N5). It does nothing if nothing is due.
func (s *Sender) KeepMailbox(ctx context.Context, key chat.MemberKey) error {
	b, err := s.Store.Mailbox(ctx, key)
	now := s.Now()
	if err != nil || b.DueAt.IsZero() || now.Before(b.DueAt) {
		return err
	}
	b, err = s.removeOld(ctx, b)
	switch {
	case errors.Is(err, errOvertaken):
		return nil
	case err != nil:
		b.Attempts++
		return errors.Join(err, s.laterMailbox(ctx, b))
	}
	if b.Address == "" || b.Subscription != "" {
		return chat.IgnoreConflict(s.Store.SaveMailbox(ctx, kept(b)))
	}
	return s.subscribe(ctx, b)
}

// kept is a mailbox of which nothing is due.
func kept(b chat.Mailbox) chat.Mailbox {
	b.DueAt, b.Attempts = time.Time{}, 0
	b.Version++
	return b
}

// removeOld deletes topics, one after the other, each counted out as it goes.
func (s *Sender) removeOld(ctx context.Context, b chat.Mailbox) (chat.Mailbox, error) {
	for len(b.Old) > 0 {
		if err := s.Mail.Remove(ctx, b.Old[0]); err != nil {
			return b, err
		}
		next := b
		next.Old, next.Attempts = b.Old[1:], 0
		next.Version++
		if err := s.count(ctx, -1, next); err != nil {
			if errors.Is(err, errOvertaken) {
				err = cmp.Or(s.revive(ctx, b.Key, b.Old[0]), err)
			}
			return b, err
		}
		b = next
	}
	return b, nil
}

// errOvertaken says that the mailbox moved: it has another address by now, or
// somebody else keeps it.
var errOvertaken = errors.New("the mailbox moved meanwhile")

// count saves a mailbox with the count of topics that it changes, and again
// where another mailbox was counted meanwhile.
func (s *Sender) count(ctx context.Context, by int, b chat.Mailbox) error {
	return chat.RetryOnConflict(ctx, func() error {
		t, err := s.Store.Topics(ctx)
		if err != nil {
			return err
		}
		t.Count = max(t.Count+by, 0)
		t.Version++
		err = s.Store.SaveTopics(ctx, t, b)
		if !errors.Is(err, chat.ErrConflict) {
			return err
		}
		is, again := s.Store.Mailbox(ctx, b.Key)
		switch {
		case again != nil:
			return again
		case is.Version != b.Version-1:
			return errOvertaken
		}
		return err
	})
}

// subscribe claims the mailbox and its place among the topics before the
// transport is called, and writes what that answered.
func (s *Sender) subscribe(ctx context.Context, b chat.Mailbox) error {
	topics, err := s.Store.Topics(ctx)
	if err != nil {
		return err
	}
	newTopic := 1
	if b.Topic != "" {
		newTopic = 0 // it is counted: its owner left it, or never came
	}
	if topics.Count+newTopic > s.MaxTopics || b.Attempts >= maxAttempts {
		b.Status = chat.Failing
		return errors.Join(errFull, chat.IgnoreConflict(s.Store.SaveMailbox(ctx, kept(b))))
	}
	b.Attempts++
	b.DueAt = s.Now().Add(login.Lease)
	b.Version++
	if err := s.Store.SaveMailbox(ctx, b); err != nil {
		return chat.IgnoreConflict(err)
	}
	topic, subscription, err := s.Mail.Subscribe(ctx, topicName(b), b.Address)
	switch {
	case errors.Is(err, chat.ErrInvalid):
		b.Status = chat.Failing
		return chat.IgnoreConflict(s.Store.SaveMailbox(ctx, kept(b)))
	case err != nil:
		return errors.Join(err, s.laterMailbox(ctx, b))
	}
	b.Topic, b.Subscription, b.SubscribedAt = topic, subscription, s.Now()
	if err := s.count(ctx, newTopic, kept(b)); !errors.Is(err, errOvertaken) {
		return err
	}
	return s.removeUnwanted(ctx, b)
}

// removeUnwanted deletes a topic that was made while its address became another:
// nobody else knows of it. Of the same address it is found again by its name.
func (s *Sender) removeUnwanted(ctx context.Context, b chat.Mailbox) error {
	is, err := s.Store.Mailbox(ctx, b.Key)
	if err != nil || is.Address == b.Address {
		return err
	}
	return errors.Join(s.Mail.Remove(ctx, b.Topic), s.revive(ctx, b.Key, b.Topic))
}

// revive owes a topic again that was deleted while its address became the one to
// reach: whoever subscribed that meanwhile found it by its name, and lost it.
func (s *Sender) revive(ctx context.Context, key chat.MemberKey, topic string) error {
	return chat.RetryOnConflict(ctx, func() error {
		is, err := s.Store.Mailbox(ctx, key)
		if err != nil || is.Address == "" || !strings.HasSuffix(topic, topicName(is)) {
			return err
		}
		return s.Store.SaveMailbox(ctx, is.Owe(is.Address, s.Now()))
	})
}

var errFull = errors.New("a mailbox was given up: too many topics, or too many tries (docs/operations.md)")

// laterMailbox tries again in a while, which doubles.
func (s *Sender) laterMailbox(ctx context.Context, b chat.Mailbox) error {
	b.DueAt = s.Now().Add(min(time.Minute<<min(b.Attempts, maxAttempts), 12*time.Hour))
	b.Version++
	return chat.IgnoreConflict(s.Store.SaveMailbox(ctx, b))
}

// topicName is a hash of the member and the address: the same for the same two,
// and it says nothing (N5).
func topicName(b chat.Mailbox) string {
	sum := sha256.Sum256([]byte(b.Key.Organization + "\x00" + b.Key.Member + "\x00" + b.Address))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16]))
}
