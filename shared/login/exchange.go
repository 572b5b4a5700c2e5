package login

import (
	"context"
	"crypto/subtle"
	"slices"
	"time"

	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/problem"
)

// Grant is what a link and a birth date are exchanged for. Beside a refusal it
// holds only whose link was tried, for the audit record.
type Grant struct {
	Token        string
	ExpiresAt    time.Time
	Landing      Landing
	Organization string
	Members      []string // the member; after a refusal every member whom the link names
}

// Exchange logs a member in. The token is a link's last part, the birth date
// YYYY-MM-DD or "" (S2, S3). Exchange returns the problems link-invalid,
// factor-required (the birth date is missing or wrong), too-many-requests (the
// member is locked) and validation-failed (the birth date is not a date).
func (s *Service) Exchange(ctx context.Context, token, birthDate string) (Grant, error) {
	if birthDate != "" && !isDate(birthDate) {
		return Grant{}, problem.WithField("/birthDate", "format", "must be a date, YYYY-MM-DD")
	}
	link, err := s.link(ctx, token)
	if err != nil {
		return Grant{}, err
	}
	refused := Grant{Organization: link.Organization, Members: link.memberIDs()}
	var m match
	err = chat.RetryOnConflict(ctx, func() (err error) {
		m, err = s.guess(ctx, *link, birthDate)
		return err
	})
	if err != nil {
		return refused, err
	}
	var grant Grant
	err = chat.RetryOnConflict(ctx, func() (err error) {
		grant, err = s.begin(ctx, *link, m)
		return err
	})
	if err != nil {
		return refused, err
	}
	return grant, nil
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// link reads a link that has not expired. It returns the problem link-invalid for
// any other, and for a token that no link can have.
func (s *Service) link(ctx context.Context, token string) (*Link, error) {
	if !auth.IsSecret(token, linkBytes) {
		return nil, problem.New(problem.LinkInvalid)
	}
	link, err := s.Store.Link(ctx, hashToken(token))
	if err == nil && (link == nil || !s.Now().Before(link.ExpiresAt)) {
		return nil, problem.New(problem.LinkInvalid)
	}
	return link, err
}

// candidate is a member whom a link may log in.
type candidate struct {
	profile chat.Profile
	limits  Limits
}

// match is the member whose birth date was right, and everybody for whom the
// guess was counted.
type match struct {
	member  chat.MemberKey
	counted []chat.MemberKey
}

// guess counts a guess for every member whom the link may log in, and compares
// only then: of many guesses at once no more are compared than were counted (S3).
func (s *Service) guess(ctx context.Context, link Link, birthDate string) (match, error) {
	all, err := s.candidates(ctx, link)
	if err != nil {
		return match{}, err
	}
	some, wait := unlocked(all, s.Now())
	switch {
	case len(some) == 0:
		return match{}, &problem.Problem{Code: problem.TooManyRequests, RetryAfter: wait}
	case birthDate == "":
		return match{}, problem.New(problem.FactorRequired)
	}
	counted := make([]Limits, len(some))
	for i, c := range some {
		counted[i] = c.limits.fail(s.Now())
	}
	if err := s.Store.SaveLimits(ctx, counted...); err != nil {
		return match{}, err
	}
	return compare(some, birthDate)
}

// candidates reads the active members of the link whose contacts have not changed
// since it was made. It returns the problem link-invalid if there is none.
func (s *Service) candidates(ctx context.Context, link Link) ([]candidate, error) {
	var all []candidate
	var keys []chat.MemberKey
	for _, m := range link.Members {
		p, err := s.Store.Profile(ctx, chat.MemberKey{Organization: link.Organization, Member: m.ID})
		if err != nil {
			return nil, err
		}
		if p != nil && link.admits(*p) {
			all, keys = append(all, candidate{profile: *p}), append(keys, p.Key())
		}
	}
	if len(all) == 0 {
		return nil, problem.New(problem.LinkInvalid)
	}
	limits, err := s.Store.Limits(ctx, keys...)
	for i := range limits {
		all[i].limits = limits[i]
	}
	return all, err
}

// memberIDs returns the ids of everybody whom the link names.
func (l Link) memberIDs() []string {
	var all []string
	for _, m := range l.Members {
		all = append(all, m.ID)
	}
	return all
}

func (l Link) admits(p chat.Profile) bool {
	return p.Active && slices.Contains(l.Members, LinkMember{p.ID, p.Epoch})
}

// unlocked returns the candidates who are not locked or, if all are, how long it
// is until the first is not.
func unlocked(all []candidate, now time.Time) (some []candidate, wait time.Duration) {
	for _, c := range all {
		left := c.limits.LockedUntil.Sub(now)
		switch {
		case !c.limits.locked(now):
			some = append(some, c)
		case wait == 0 || left < wait:
			wait = left
		}
	}
	return some, wait
}

// compare returns the one candidate with the birth date. No match and two are the
// same refusal, factor-required. It takes equally long wherever dates differ.
func compare(all []candidate, birthDate string) (match, error) {
	var m match
	matches := 0
	for _, c := range all {
		m.counted = append(m.counted, c.profile.Key())
		if subtle.ConstantTimeCompare([]byte(c.profile.BirthDate), []byte(birthDate)) == 1 {
			m.member = c.profile.Key()
			matches++
		}
	}
	if matches != 1 {
		return match{}, problem.New(problem.FactorRequired)
	}
	return m, nil
}

// begin begins the session, if the link still admits the member.
func (s *Service) begin(ctx context.Context, link Link, m match) (Grant, error) {
	profile, err := s.Store.Profile(ctx, m.member)
	if err != nil {
		return Grant{}, err
	}
	if profile == nil || !link.admits(*profile) {
		return Grant{}, problem.New(problem.LinkInvalid)
	}
	limits, err := s.Store.Limits(ctx, m.counted...)
	if err != nil {
		return Grant{}, err
	}
	sessions, err := s.Store.Sessions(ctx, m.member)
	if err != nil {
		return Grant{}, err
	}
	catalog, err := s.Store.Catalog(ctx, link.Organization, false)
	if err != nil {
		return Grant{}, err
	}
	session, token := auth.NewSession(*profile, catalog.Organization, s.Now())
	err = s.Store.BeginSession(ctx, LogIn{session, *profile, surplus(sessions), m.limitsAfter(limits)})
	return Grant{token, session.ExpiresAt, link.Landing, m.member.Organization, []string{m.member.Member}}, err
}

// limitsAfter returns the counts after a right guess: the member's own starts anew,
// each other one is what it was before the guess.
func (m match) limitsAfter(limits []Limits) []Limits {
	after := make([]Limits, len(limits))
	for i, l := range limits {
		if after[i] = l.forgive(); l.Key == m.member {
			after[i] = l.reset()
		}
	}
	return after
}

// surplus returns the oldest session if one more would be too many, else nil.
func surplus(all []auth.Session) *auth.Session {
	if len(all) < auth.MaxSessions {
		return nil
	}
	oldest := slices.MinFunc(all, func(a, b auth.Session) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return &oldest
}
