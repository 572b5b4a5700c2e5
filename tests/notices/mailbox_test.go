package notices

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/tests/support/town"
)

// topics plays SNS's topics, records the calls and fails as a test wants.
type topics struct {
	*town.SNS
	subscribed   []string // addresses
	removed      []string // topics
	subscribeErr error
	removeErr    error
	onSubscribe  func() // called once, while SNS subscribes
	beforeRemove func() // called once
	unconfirmed  bool   // nobody confirms
	unresponsive bool   // Confirmed fails
}

func (p *topics) Subscribe(ctx context.Context, name, address string) (topic, subscription string, err error) {
	if p.subscribeErr != nil {
		return "", "", p.subscribeErr
	}
	p.subscribed = append(p.subscribed, address)
	if do := p.onSubscribe; do != nil {
		p.onSubscribe = nil
		do()
	}
	return p.SNS.Subscribe(ctx, name, address)
}

func (p *topics) Confirmed(ctx context.Context, subscription string) (bool, error) {
	switch {
	case p.unresponsive:
		return false, errors.New("sns: Throttled")
	case p.unconfirmed:
		return false, nil
	}
	return p.SNS.Confirmed(ctx, subscription)
}

func (p *topics) Remove(ctx context.Context, topic string) error {
	if do := p.beforeRemove; do != nil {
		p.beforeRemove = nil
		do()
	}
	p.removed = append(p.removed, topic)
	if p.removeErr != nil {
		return p.removeErr
	}
	return p.SNS.Remove(ctx, topic)
}

// newTopics returns a member with an email address beside the SNS that has it.
func newTopics(t *testing.T) (*harness, *topics, *member) {
	w := newHarness(t)
	p := &topics{SNS: w.SNS}
	w.sender.Mail = p
	return w, p, w.newMember(town.Email("dana@example.org"))
}

func (p *member) mailbox() chat.Mailbox {
	b, err := p.w.Table.Mailbox(p.w.ctx(), p.key)
	p.w.Must(nil, err)
	return b
}

// topicsCounted returns how many topics the table counts.
func (w *harness) topicsCounted() int {
	c, err := w.Table.Topics(w.ctx())
	w.Must(nil, err)
	return c
}

// N5: an address is subscribed once, by the schedule and not by the PUT.
func TestAnAddressIsSubscribedOnce(t *testing.T) {
	w, sns, p := newTopics(t)
	if len(sns.subscribed) != 0 {
		t.Fatal("subscribed while the platform waits")
	}
	w.pass(10*time.Minute, time.Minute)
	p.put(func(p *chat.Profile) { p.Email, p.Language = "Dana@Example.org", "es" })
	w.pass(24*time.Hour, time.Hour)
	if diff := cmp.Diff([]string{"dana@example.org"}, sns.subscribed); diff != "" || w.topicsCounted() != 1 {
		t.Errorf("%s, %d topics", diff, w.topicsCounted())
	}
}

// N5: another address gets another topic, and the old one is deleted.
func TestAnotherAddressIsAnotherTopic(t *testing.T) {
	w, sns, p := newTopics(t)
	w.Must(nil, w.runSchedule())
	first := p.mailbox().Topic
	p.put(town.Email("new@example.org"))
	w.Must(nil, w.runSchedule())
	b := p.mailbox()
	if diff := cmp.Diff([]string{first}, sns.removed); diff != "" || b.Topic == first || b.Address != "new@example.org" || w.topicsCounted() != 1 {
		t.Errorf("%s %+v, %d topics", diff, b, w.topicsCounted())
	}
	p.put()
	w.Must(nil, w.runSchedule())
	if left := p.mailbox(); w.topicsCounted() != 0 || left.Topic != "" || len(left.Old) != 0 || !slices.Contains(sns.removed, b.Topic) {
		t.Errorf("without an address: %d topics, %+v", w.topicsCounted(), left)
	}
}

// N5: if the address changes while SNS subscribes it, its topic is deleted.
func TestATopicThatIsNoLongerWantedIsDeleted(t *testing.T) {
	w, sns, p := newTopics(t)
	sns.onSubscribe = func() {
		p.put(town.Email("new@example.org"))
	}
	w.Must(nil, w.runSchedule())
	w.Must(nil, w.runSchedule())
	if len(w.Topics) != 1 || w.Topics[p.mailbox().Topic] != "new@example.org" || w.topicsCounted() != 1 {
		t.Errorf("topics %v, %d counted, %+v", w.Topics, w.topicsCounted(), p.mailbox())
	}
}

// N5: if an address is wanted again and subscribed anew while SNS still deletes its
// topic, the new topic goes with the old one and is made once more.
func TestATopicThatIsWantedAgainWhileItIsDeletedIsMadeAgain(t *testing.T) {
	for name, tooLate := range map[string]bool{"an earlier address's topic": false, "a topic made too late": true} {
		t.Run(name, func(t *testing.T) {
			w, sns, p := newTopics(t)
			address := func(email string) {
				p.put(town.Email(email))
			}
			leave := func() {
				address("new@example.org")
				sns.beforeRemove = func() {
					address("dana@example.org")
					w.Must(nil, w.runSchedule())
				}
			}
			if tooLate {
				sns.onSubscribe = leave // while SNS still subscribes the address
			} else {
				w.Must(nil, w.runSchedule())
				leave()
			}
			w.pass(time.Hour, time.Minute)
			if b := p.mailbox(); w.Topics[b.Topic] != "dana@example.org" || len(w.Topics) != 1 || w.topicsCounted() != 1 {
				t.Errorf("topics %v, %d counted, %+v", w.Topics, w.topicsCounted(), b)
			}
		})
	}
}

// T12: an earlier release stored the address without a mailbox.
func TestAnAddressOfAnEarlierReleaseIsSubscribed(t *testing.T) {
	w, sns, p := newTopics(t)
	_, err := w.Client.DeleteItem(w.ctx(), &dynamodb.DeleteItemInput{TableName: &w.Name, Key: map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: "ORG#harbor#MEMBER#" + p.id}, "SK": &types.AttributeValueMemberS{Value: "EMAIL"},
	}})
	w.Must(nil, err)
	p.write(town.Program)
	w.pass(5*time.Minute, time.Minute)
	if diff := cmp.Diff([]string{"dana@example.org"}, sns.subscribed); diff != "" || p.mailbox().Subscription == "" {
		t.Errorf("%s %+v", diff, p.mailbox())
	}
}

// A topic that cannot be deleted is retried with growing delays, and takes no
// attempt from the address that follows it.
func TestATopicThatCannotBeDeletedIsTriedAgain(t *testing.T) {
	w, sns, p := newTopics(t)
	w.Must(nil, w.runSchedule())
	p.put(town.Email("new@example.org"))
	sns.removeErr = errors.New("sns: Throttled")
	for range 24 * 12 {
		w.Now = w.Now.Add(5 * time.Minute)
		_ = w.runSchedule()
	}
	if tries := len(sns.removed); tries < 8 || tries > 12 {
		t.Errorf("%d tries in a day", tries)
	}
	sns.removeErr = nil
	w.pass(12*time.Hour, time.Hour)
	if b := p.mailbox(); b.Subscription == "" || b.Attempts != 0 || len(b.Old) != 0 || w.topicsCounted() != 1 {
		t.Errorf("afterwards %+v, %d topics", b, w.topicsCounted())
	}
}

// SNS is asked before each email: unsubscribing is an opt-out, and an address that
// was never confirmed is said to be so.
func TestASubscriptionIsCheckedBeforeEachEmail(t *testing.T) {
	w, sns, p := newTopics(t)
	w.rules.MinutesBetweenTexts = 0
	sns.unconfirmed = true
	notify := func() {
		p.write(town.Program)
		w.pass(2*time.Minute, time.Minute)
		p.readAll()
	}
	notify()
	sns.unconfirmed = false
	notify()
	sns.unconfirmed = true
	notify()
	wantLog(t, p, "sms sent: due", "email suppressed: unconfirmed", "sms sent: due", "email sent: due", "sms sent: due", "email suppressed: optedOut")
}

// An email waits until SNS says whether its address is confirmed, and the
// schedule's run fails so that somebody notices.
func TestAnEmailWaitsUntilItsMailboxIsKnown(t *testing.T) {
	w, sns, p := newTopics(t)
	w.Must(nil, w.runSchedule())
	sns.unresponsive = true
	p.write(town.Program)
	w.Now = w.Now.Add(2 * time.Minute)
	if err := w.runSchedule(); err == nil {
		t.Error("the run did not fail")
	}
	sns.unresponsive = false
	w.pass(time.Hour, time.Minute)
	wantLog(t, p, "sms sent: due", "email deferred: snsError", "email sent: due")
}

// N2: each channel is decided by itself: an email that waits again and again sends no
// second text.
func TestAnEmailDeferredTwiceSendsOneText(t *testing.T) {
	w, sns, p := newTopics(t)
	w.rules.MinutesBetweenTexts = 0
	w.Must(nil, w.runSchedule())
	sns.unresponsive = true
	p.write(town.Program)
	for range 20 {
		w.Now = w.Now.Add(time.Minute)
		_ = w.runSchedule()
	}
	sns.unresponsive = false
	w.pass(time.Hour, time.Minute)
	log := p.whyLog()
	deferred := slices.DeleteFunc(slices.Clone(log), func(row string) bool { return row != "email deferred: snsError" })
	if p.texts() != 1 || len(deferred) < 2 || log[len(log)-1] != "email sent: due" {
		t.Errorf("%d texts: %q", p.texts(), log)
	}
}

// N5: at the limit of topics a mailbox is failing, and the schedule's run fails.
func TestNoMoreTopicsThanTheLimit(t *testing.T) {
	w, sns, p := newTopics(t)
	w.sender.MaxTopics = 1
	w.Must(nil, w.runSchedule())
	other := w.newMember(town.Email("other@example.org"))
	if err := w.runSchedule(); err == nil {
		t.Error("the run did not fail")
	}
	if len(sns.subscribed) != 1 || other.mailbox().Status != chat.Failing || p.mailbox().Status == chat.Failing {
		t.Errorf("subscribed %v, %+v", sns.subscribed, other.mailbox())
	}
	w.Must(nil, w.Table.SaveMailbox(w.ctx(), p.mailbox().SubscribeTo("dana@example.org", w.Now)))
	w.Must(nil, w.runSchedule()) // other's is given up
	if len(sns.subscribed) != 2 || p.mailbox().Status == chat.Failing {
		t.Errorf("a topic that is counted already: subscribed %v, %+v", sns.subscribed, p.mailbox())
	}
}

// A subscription is retried after an outage, and given up if the address is invalid.
func TestASubscriptionIsTriedAgain(t *testing.T) {
	w, sns, p := newTopics(t)
	sns.subscribeErr = errors.New("sns: Throttled")
	for range 5 * 60 {
		w.Now = w.Now.Add(time.Minute)
		_ = w.runSchedule()
	}
	sns.subscribeErr = nil
	w.pass(12*time.Hour, time.Hour)
	if len(sns.subscribed) != 1 || p.mailbox().Topic == "" {
		t.Errorf("after an outage: subscribed %v, %+v", sns.subscribed, p.mailbox())
	}
	sns.subscribeErr = chat.ErrInvalid
	bad := w.newMember(town.Email("nobody@example.org"))
	w.Must(nil, w.runSchedule())
	if b := bad.mailbox(); b.Status != chat.Failing || !b.DueAt.IsZero() {
		t.Errorf("an invalid address: %+v", b)
	}
}

// S4: a link asked for by email is sent only to a confirmed address.
func TestALinkByEmail(t *testing.T) {
	w, sns, p := newTopics(t)
	w.Must(nil, w.runSchedule())
	profile, _ := w.Table.Profile(w.ctx(), p.key)
	whose := []chat.Profile{*profile}
	send := func() {
		_, err := w.sender.DeliverLink(w.ctx(), "dana@example.org", whose, "Harbor", "https://care.example.org/#/l/x")
		w.Must(nil, err)
	}
	sns.unconfirmed = true
	send()
	if len(w.Sent) != 0 {
		t.Fatal("sent to an unconfirmed address")
	}
	sns.unconfirmed = false
	send()
	if len(w.Sent) != 1 || w.Sent[0].Channel != chat.Email || w.Sent[0].To != "dana@example.org" {
		t.Errorf("sent %v", w.Sent)
	}
	phoneIs(chat.OptedOut)(w, p)
	_, err := w.sender.DeliverLink(w.ctx(), p.phone, whose, "Harbor", "https://care.example.org/#/l/x")
	w.Must(nil, err)
	if len(w.Sent) != 1 {
		t.Error("a text in spite of an opt-out")
	}
}
