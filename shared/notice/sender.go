package notice

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"carechat/shared/chat"
	"carechat/shared/login"
)

// Sender tells members that there is something to read.
type Sender struct {
	Store Store
	Now   func() time.Time
	NewID func(prefix string) string
	// PublicURL is the stack's own address, of pages that an organization has not put elsewhere.
	PublicURL string
	// Text sends a text to a phone (E.164). Its errors are chat.ErrOptedOut, chat.ErrInvalid,
	// chat.ErrUnsure or any other, of which nothing was sent.
	Text func(ctx context.Context, phone, text string) error
	Mail Mail
	// MaxTopics is how many members can have a mailbox (N5).
	MaxTopics int
}

// Notify decides everything that is due to a member now, and sends it: one
// notice on each chosen channel, of all that is unread (N2, N3). Whoever comes
// second while a notice is on its way leaves; what is due then stays due. An
// error of a transport is returned after it was written down: what it did not
// take is due again later.
func (s *Sender) Notify(ctx context.Context, key chat.MemberKey) error {
	m, err := s.Store.Member(ctx, key)
	now := s.Now()
	if err != nil || m.Ledger.busy(now) {
		return err
	}
	// Never from memory: quiet hours and caps hold from the moment they are set.
	catalog, err := s.Store.Catalog(ctx, key.Organization, true)
	if err != nil {
		return err
	}
	at := situation{Member: m, now: now, organization: catalog.Organization}
	at.Ledger = m.Ledger.found().at(m.Reach.Profile.Epoch)
	p := at.sort()
	var down error
	if len(p.owed) > 0 {
		down = s.look(ctx, &at.Reach)
		at.mailDown = down != nil
		p.verdicts = at.judge(p.owed)
	}
	if len(p.sends()) == 0 {
		return errors.Join(down, chat.IgnoreConflict(s.conclude(ctx, at, p, at.idle(m.Ledger, p))))
	}
	return errors.Join(down, s.tell(ctx, at, p))
}

// idle is the ledger after a decision that sends nothing, nil if that leaves it
// as it was: only what waits to be repeated still remembers a lost attempt.
func (s situation) idle(was Ledger, p plan) *Ledger {
	next := s.Ledger
	waits := slices.ContainsFunc(p.verdicts, func(v verdict) bool { return v.decision == chat.Deferred })
	if !waits {
		next.Lost = 0
	}
	if s.mailDown {
		next.Setbacks++
	}
	if was.Attempt == nil && next.Lost == was.Lost && next.Setbacks == was.Setbacks {
		return nil
	}
	next.Version++
	return &next
}

// look asks whether a mailbox that would be written to is confirmed (N5). An
// address that an earlier release wrote down is owed its subscription.
func (s *Sender) look(ctx context.Context, r *chat.MemberChannels) error {
	switch {
	case !r.Preferences.Chosen(chat.Email):
		return nil
	case r.Mailbox.Version == 0 && r.Profile.Email != "":
		owed := chat.Mailbox{Key: r.Profile.Key()}.Owe(strings.ToLower(r.Profile.Email), s.Now())
		return chat.IgnoreConflict(s.Store.SaveMailbox(ctx, owed))
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

// tell claims the member, sends, and writes what became of it.
func (s *Sender) tell(ctx context.Context, at situation, p plan) error {
	begun := at.Ledger.begun(Attempt{
		At: at.now, Until: at.now.Add(login.Lease), Channels: p.sends(), Threads: ids(p.unread),
	})
	var links []login.Link
	messages := map[chat.Channel]Message{}
	for _, c := range p.sends() {
		link, url := s.link(at, p)
		links = append(links, link)
		o := at.organization
		messages[c] = News(c, at.Reach.Profile.Language, o.ShortName, url, at.Ledger.saysStop(at.now))
	}
	if err := s.Store.SaveAttempt(ctx, begun, links...); err != nil {
		return chat.IgnoreConflict(err)
	}
	var failed error
	ended := begun
	ended.Lost, ended.Setbacks = 0, 0
	for i, v := range p.verdicts {
		if v.decision == chat.Delivered {
			said, forgotten := s.send(ctx, at.Reach, v.channel, messages[v.channel])
			p.verdicts[i], ended = result(v.channel, said, p.rule(), at, ended)
			failed = errors.Join(failed, outage(said), forgotten)
		}
	}
	ended.Attempt = nil
	ended.Version++
	return errors.Join(failed, s.conclude(ctx, at, p, &ended))
}

// link mints one that lands on the thread, or on Chats if several are unread (N3).
func (s *Sender) link(at situation, p plan) (login.Link, string) {
	landing := login.Home
	if len(p.unread) == 1 {
		landing = login.Landing{Kind: "thread", ID: p.unread[0].ID}
	}
	return login.Mint(at.organization, s.PublicURL, []chat.Profile{at.Reach.Profile}, landing, at.now)
}

// send hands a message to its transport and notes what that says of the
// address; forgotten is why it could not be noted, and will be learned again.
func (s *Sender) send(ctx context.Context, r chat.MemberChannels, c chat.Channel, m Message) (said, forgotten error) {
	if c == chat.Email {
		said = s.Mail.Send(ctx, r.Mailbox.Topic, m.Subject, m.Text)
		return said, s.noteMailbox(ctx, r.Mailbox, said)
	}
	said = s.Text(ctx, r.Profile.Phone, m.Text)
	return said, s.notePhone(ctx, r, said)
}

func (s *Sender) notePhone(ctx context.Context, r chat.MemberChannels, err error) error {
	state := r.Phone
	switch {
	case errors.Is(err, chat.ErrOptedOut):
		state.Status = chat.OptedOutAtCarrier
	case errors.Is(err, chat.ErrInvalid):
		state.Status = chat.Failing
	case err == nil && state.Status == chat.Failing:
		state.Status = chat.Usable
	default:
		return nil
	}
	state.At, state.Cause = s.Now(), ""
	state.Version++
	return chat.IgnoreConflict(s.Store.SavePhoneState(ctx, r.Profile.Phone, state))
}

func (s *Sender) noteMailbox(ctx context.Context, b chat.Mailbox, err error) error {
	switch {
	case errors.Is(err, chat.ErrOptedOut):
		b.Status = chat.OptedOut
	case errors.Is(err, chat.ErrInvalid):
		b.Status = chat.Failing
	default:
		return nil
	}
	b.Version++
	return chat.IgnoreConflict(s.Store.SaveMailbox(ctx, b))
}

// result is the verdict on what was sent, and what the ledger keeps of it.
func result(c chat.Channel, err error, rule string, at situation, l Ledger) (verdict, Ledger) {
	untexted := func() {
		if c == chat.SMS {
			l = l.untexted(at.Ledger)
		}
	}
	switch {
	case err == nil:
		return verdict{channel: c, decision: chat.Delivered, rule: rule}, l
	case errors.Is(err, chat.ErrOptedOut) && c == chat.SMS:
		untexted()
		return verdict{channel: c, decision: chat.Suppressed, rule: ruleOptedOutAtCarrier}, l
	case errors.Is(err, chat.ErrOptedOut):
		return verdict{channel: c, decision: chat.Suppressed, rule: ruleOptedOut}, l
	case errors.Is(err, chat.ErrInvalid):
		untexted()
		return verdict{channel: c, decision: chat.Failed, rule: ruleInvalid}, l
	case errors.Is(err, chat.ErrUnsure):
		if l.Lost = at.Ledger.Lost + 1; l.Lost >= maxLost {
			l.Lost = 0
			return verdict{channel: c, decision: chat.Failed, rule: ruleSNSError}, l
		}
		return verdict{c, chat.Deferred, ruleSNSError, at.now.Add(at.Ledger.backoff())}, l
	}
	untexted()
	l.Setbacks = at.Ledger.Setbacks + 1
	return verdict{c, chat.Deferred, ruleSNSError, at.now.Add(at.Ledger.backoff())}, l
}

// outage is an error that says something of the transport and not of the address.
func outage(err error) error {
	if errors.Is(err, chat.ErrOptedOut) || errors.Is(err, chat.ErrInvalid) {
		return nil
	}
	return err
}

func ids(threads []chat.Thread) []string {
	var all []string
	for _, t := range threads {
		all = append(all, t.ID)
	}
	return all
}
