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
	"carechat/shared/owed"
)

// mailboxPolicy is how often an address is subscribed: over more than two days.
var mailboxPolicy = owed.Policy{FirstWait: 2 * time.Minute, MaxWait: 12 * time.Hour, MaxAttempts: 12}

var errGivenUp = errors.New("a mailbox was given up: too many topics, or too many tries (docs/operations.md)")

// SyncMailbox brings SNS up to date with a member's email address: it deletes the
// topics of earlier addresses and subscribes the present one, whose owner SNS then
// asks once to confirm (N5). It does nothing if nothing is due.
func (s *Sender) SyncMailbox(ctx context.Context, key chat.MemberKey) error {
	b, err := s.Store.Mailbox(ctx, key)
	now := s.Now()
	if err != nil || !b.Due(now) {
		return err
	}
	b, err = s.removeOld(ctx, b)
	switch {
	case errors.Is(err, errOvertaken):
		return nil
	case err != nil:
		return errors.Join(err, s.retryMailbox(ctx, b, b.Claim(now)))
	}
	if b.Address == "" || b.Subscription != "" {
		return chat.IgnoreConflict(s.Store.SaveMailbox(ctx, done(b)))
	}
	return s.subscribe(ctx, b)
}

// done returns the next version of a mailbox of which nothing is owed.
func done(b chat.Mailbox) chat.Mailbox {
	b.Work = b.Done()
	b.Version++
	return b
}

// retryMailbox saves that an attempt did nothing and is to be repeated.
func (s *Sender) retryMailbox(ctx context.Context, b chat.Mailbox, attempt owed.Work) error {
	b.Work = attempt.Retry(s.Now(), mailboxPolicy)
	b.Version++
	return chat.IgnoreConflict(s.Store.SaveMailbox(ctx, b))
}

// removeOld deletes the old topics and returns the mailbox without them. Each is
// counted out as it goes, and the attempts at the next one start anew.
func (s *Sender) removeOld(ctx context.Context, b chat.Mailbox) (chat.Mailbox, error) {
	for len(b.Old) > 0 {
		if err := s.Mail.Remove(ctx, b.Old[0]); err != nil {
			return b, err
		}
		next := b
		next.Old, next.Work = b.Old[1:], owed.At(b.DueAt)
		next.Version++
		if err := s.count(ctx, -1, next); err != nil {
			if errors.Is(err, errOvertaken) {
				err = cmp.Or(s.oweAgain(ctx, b.Key, b.Old[0]), err)
			}
			return b, err
		}
		b = next
	}
	return b, nil
}

// subscribe claims the mailbox, and its place among the topics, before it calls the
// transport, and saves what that answered.
func (s *Sender) subscribe(ctx context.Context, b chat.Mailbox) error {
	topics, err := s.Store.Topics(ctx)
	if err != nil {
		return err
	}
	newTopic := 1
	if b.Topic != "" {
		newTopic = 0 // it is counted already: its owner left it, or never confirmed
	}
	if topics+newTopic > s.MaxTopics || b.Exhausted(mailboxPolicy) {
		b.Status = chat.Failing
		return errors.Join(errGivenUp, chat.IgnoreConflict(s.Store.SaveMailbox(ctx, done(b))))
	}
	b.Work = b.Claim(s.Now())
	b.Version++
	if err := s.Store.SaveMailbox(ctx, b); err != nil {
		return chat.IgnoreConflict(err)
	}
	topic, subscription, err := s.Mail.Subscribe(ctx, topicName(b), b.Address)
	switch {
	case errors.Is(err, chat.ErrInvalid):
		b.Status = chat.Failing
		return chat.IgnoreConflict(s.Store.SaveMailbox(ctx, done(b)))
	case err != nil:
		return errors.Join(err, s.retryMailbox(ctx, b, b.Work))
	}
	b.Topic, b.Subscription, b.SubscribedAt = topic, subscription, s.Now()
	if err := s.count(ctx, newTopic, done(b)); !errors.Is(err, errOvertaken) {
		return err
	}
	return s.removeUnwanted(ctx, b)
}

// errOvertaken means that the mailbox changed meanwhile: it has another address, or
// another run did its work.
var errOvertaken = errors.New("the mailbox changed meanwhile")

// count saves a mailbox with the count of topics that it changes, and tries again
// if another mailbox was counted meanwhile.
func (s *Sender) count(ctx context.Context, by int, b chat.Mailbox) error {
	return chat.RetryOnConflict(ctx, func() error {
		t, err := s.Store.TopicsWith(ctx, b.Key)
		if err != nil {
			return err
		}
		t.Count = max(t.Count+by, 0)
		t.Version++
		err = s.Store.SaveTopics(ctx, t, b)
		if !errors.Is(err, chat.ErrConflict) {
			return err
		}
		is, readErr := s.Store.Mailbox(ctx, b.Key)
		switch {
		case readErr != nil:
			return readErr
		case is.Version != b.Version-1:
			return errOvertaken
		}
		return err
	})
}

// removeUnwanted deletes a topic that was made while the address became another:
// no row names it. If the address is the same the topic is found again by its name.
func (s *Sender) removeUnwanted(ctx context.Context, b chat.Mailbox) error {
	is, err := s.Store.Mailbox(ctx, b.Key)
	if err != nil || is.Address == b.Address {
		return err
	}
	return errors.Join(s.Mail.Remove(ctx, b.Topic), s.oweAgain(ctx, b.Key, b.Topic))
}

// oweAgain owes a topic again that was deleted while its address became the present
// one: a run that subscribed it meanwhile found it by its name, and it is gone.
func (s *Sender) oweAgain(ctx context.Context, key chat.MemberKey, topic string) error {
	return chat.RetryOnConflict(ctx, func() error {
		is, err := s.Store.Mailbox(ctx, key)
		if err != nil || is.Address == "" || !strings.HasSuffix(topic, topicName(is)) {
			return err
		}
		return s.Store.SaveMailbox(ctx, is.SubscribeTo(is.Address, s.Now()))
	})
}

// topicName returns a hash of the member and the address: always the same, and it
// says nothing about either (N5).
func topicName(b chat.Mailbox) string {
	sum := sha256.Sum256([]byte(b.Key.Organization + "\x00" + b.Key.Member + "\x00" + b.Address))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16]))
}
