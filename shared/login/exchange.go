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
// holds nothing but whose link was tried: a guess is in the audit record too.
type Grant struct {
	Token        string
	ExpiresAt    time.Time
	Landing      Landing
	Organization string
	Members      []string // whose it is; of a refused try everybody whom the link names
}

// Exchange logs a member in: token is a link's last part, birthDate YYYY-MM-DD
// or "" (S2, S3). It returns the problems link-invalid, factor-required (a birth
// date that is missing or wrong), too-many-requests (locked) and
// validation-failed (one that is no date).
func (s *Service) Exchange(ctx context.Context, token, birthDate string) (Grant, error) {
	if birthDate != "" && !isDate(birthDate) {
		return Grant{}, problem.WithField("/birthDate", "format", "must be a date, YYYY-MM-DD")
	}
	link, err := s.link(ctx, token)
	if err != nil {
		return Grant{}, err
	}
	refused := Grant{Organization: link.Organization, Members: link.names()}
	var g guess
	err = chat.RetryOnConflict(ctx, func() (err error) {
		g, err = s.guess(ctx, *link, birthDate)
		return err
	})
	if err != nil {
		return refused, err
	}
	var grant Grant
	err = chat.RetryOnConflict(ctx, func() (err error) {
		grant, err = s.enter(ctx, *link, g)
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

// link finds a link that has not expired. What is no link at all is answered alike.
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

// guess is a right birth date: whose it is, and everybody for whom the try was counted.
type guess struct {
	member chat.MemberKey
	tried  []chat.MemberKey
}

// guess counts a try for every member whom the link may log in, and only then
// compares: of many tries at once no more are compared than were counted (S3).
func (s *Service) guess(ctx context.Context, link Link, birthDate string) (guess, error) {
	all, err := s.candidates(ctx, link)
	if err != nil {
		return guess{}, err
	}
	open, wait := unlocked(all, s.Now())
	switch {
	case len(open) == 0:
		return guess{}, &problem.Problem{Code: problem.TooManyRequests, RetryAfter: wait}
	case birthDate == "":
		return guess{}, problem.New(problem.FactorRequired)
	}
	counted := make([]Limits, len(open))
	for i, c := range open {
		counted[i] = c.limits.failed(s.Now())
	}
	if err := s.Store.SaveLimits(ctx, counted...); err != nil {
		return guess{}, err
	}
	return compare(open, birthDate)
}

// candidates are the active members of the link whose contacts are what they
// were when it was made. Without one it is as if it did not exist.
func (s *Service) candidates(ctx context.Context, link Link) ([]candidate, error) {
	var all []candidate
	var keys []chat.MemberKey
	for _, r := range link.Members {
		p, err := s.Store.Profile(ctx, chat.MemberKey{Organization: link.Organization, Member: r.ID})
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

// names are the ids of everybody whom the link may have been made for.
func (l Link) names() []string {
	var all []string
	for _, r := range l.Members {
		all = append(all, r.ID)
	}
	return all
}

func (l Link) admits(p chat.Profile) bool {
	return p.Active && slices.Contains(l.Members, Reached{p.ID, p.Epoch})
}

// unlocked are those who may try, else how long until the first may.
func unlocked(all []candidate, now time.Time) (open []candidate, wait time.Duration) {
	for _, c := range all {
		left := c.limits.LockedUntil.Sub(now)
		switch {
		case !c.limits.locked(now):
			open = append(open, c)
		case wait == 0 || left < wait:
			wait = left
		}
	}
	return open, wait
}

// compare looks for the one member with the birth date; none and two are the
// same refusal. It takes as long wherever they differ.
func compare(open []candidate, birthDate string) (guess, error) {
	var g guess
	matches := 0
	for _, c := range open {
		g.tried = append(g.tried, c.profile.Key())
		if subtle.ConstantTimeCompare([]byte(c.profile.BirthDate), []byte(birthDate)) == 1 {
			g.member = c.profile.Key()
			matches++
		}
	}
	if matches != 1 {
		return guess{}, problem.New(problem.FactorRequired)
	}
	return g, nil
}

// enter begins the session, if the member may still come in.
func (s *Service) enter(ctx context.Context, link Link, g guess) (Grant, error) {
	profile, err := s.Store.Profile(ctx, g.member)
	if err != nil {
		return Grant{}, err
	}
	if profile == nil || !link.admits(*profile) {
		return Grant{}, problem.New(problem.LinkInvalid)
	}
	limits, err := s.Store.Limits(ctx, g.tried...)
	if err != nil {
		return Grant{}, err
	}
	sessions, err := s.Store.Sessions(ctx, g.member)
	if err != nil {
		return Grant{}, err
	}
	catalog, err := s.Store.Catalog(ctx, link.Organization, false)
	if err != nil {
		return Grant{}, err
	}
	session, token := auth.NewSession(*profile, catalog.Organization, s.Now())
	err = s.Store.BeginSession(ctx, LogIn{session, *profile, surplus(sessions), g.outcome(limits)})
	return Grant{token, session.ExpiresAt, link.Landing, g.member.Organization, []string{g.member.Member}}, err
}

// outcome is what a right guess does to the counts: the member's own begins
// anew, the others' are what they were before it.
func (g guess) outcome(limits []Limits) []Limits {
	after := make([]Limits, len(limits))
	for i, l := range limits {
		if after[i] = l.forgiven(); l.Key == g.member {
			after[i] = l.cleared()
		}
	}
	return after
}

// surplus is the oldest session where one more would be too many.
func surplus(all []auth.Session) *auth.Session {
	if len(all) < auth.MaxSessions {
		return nil
	}
	oldest := slices.MinFunc(all, func(a, b auth.Session) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return &oldest
}
