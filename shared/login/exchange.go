package login

import (
	"context"
	"crypto/subtle"
	"errors"
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
	Members      []string      // the member; after a refusal every member whom the link names
	Locks        []chat.Notice // the locks that a refusal led to, which stand in the why-log
}

// Exchange logs a member in. The token is a link's last part, the birth date
// YYYY-MM-DD or "" (S2, S3). Exchange returns the problems link-invalid,
// factor-required (the birth date is missing or wrong), too-many-requests (the
// member is locked), both with the organization whose link it is, and
// validation-failed (nobody's birth date can be that).
func (s *Service) Exchange(ctx context.Context, token, birthDate string) (grant Grant, err error) {
	if err := checkBirthDate(birthDate, s.Now()); err != nil {
		return Grant{}, err
	}
	err = chat.RetryOnConflict(ctx, func() error {
		grant, err = s.try(ctx, token, birthDate)
		return err
	})
	return grant, s.introduce(ctx, grant.Organization, err)
}

// checkBirthDate refuses what nobody's birth date can be, so that a typing mistake
// does not count as a guess. It accepts a missing one.
func checkBirthDate(given string, now time.Time) error {
	if given == "" {
		return nil
	}
	date, err := time.Parse(time.DateOnly, given)
	switch tomorrow := now.UTC().AddDate(0, 0, 1); { // where it is tomorrow already
	case err != nil:
		return problem.WithField("/birthDate", "format", "must be a date, YYYY-MM-DD")
	case date.After(tomorrow):
		return problem.WithField("/birthDate", "out-of-range", "must not be in the future")
	}
	return nil
}

// try compares one birth date. What it finds leaves this function only if it is
// saved on the link and the counts that it was decided on: of many guesses at once
// no more are answered than were counted (S3).
func (s *Service) try(ctx context.Context, token, birthDate string) (Grant, error) {
	link, err := s.link(ctx, token)
	if err != nil {
		return Grant{}, err
	}
	refused := Grant{Organization: link.Organization, Members: link.memberIDs()}
	all, err := s.candidates(ctx, *link)
	if err != nil {
		return refused, err
	}
	some, locked := unlocked(all, s.Now())
	switch {
	case len(some) == 0:
		return refused, locked
	case birthDate == "":
		return refused, problem.New(problem.FactorRequired)
	}
	m := compare(some, birthDate)
	if m != nil {
		return s.begin(ctx, *link, *m)
	}
	refused.Locks, err = s.count(ctx, *link, some, hashGuess(token, birthDate))
	if err != nil {
		return refused, err
	}
	return refused, problem.New(problem.FactorRequired)
}

// introduce adds to a refusal whose link it is, so that a page can say so before
// anybody has logged in: a text names the organization too (S3). Without its row the
// refusal is what it was.
func (s *Service) introduce(ctx context.Context, organization string, refusal error) error {
	var p *problem.Problem
	if !errors.As(refusal, &p) || p.Code != problem.FactorRequired && p.Code != problem.TooManyRequests {
		return refusal
	}
	catalog, err := s.Store.Catalog(ctx, organization, false)
	if err != nil || catalog.Organization.Name == "" {
		return refusal
	}
	introduced := *p
	introduced.Organization = &problem.Organization{Name: catalog.Organization.Name, Languages: catalog.Organization.Languages}
	return &introduced
}

// link reads a link that may still be tried. It returns the problem link-invalid
// for any other, and for a token that no link can have.
func (s *Service) link(ctx context.Context, token string) (*Link, error) {
	if !auth.IsSecret(token, linkBytes) {
		return nil, problem.New(problem.LinkInvalid)
	}
	link, err := s.Store.Link(ctx, hashToken(token))
	if err == nil && (link == nil || link.ended(s.Now())) {
		return nil, problem.New(problem.LinkInvalid)
	}
	return link, err
}

// candidate is a member whom a link may log in.
type candidate struct {
	profile chat.Profile
	limits  Limits
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

// unlocked returns the candidates who are not locked or, if all are, the refusal of
// the one whose lock ends first.
func unlocked(all []candidate, now time.Time) (some []candidate, locked *problem.Problem) {
	for _, c := range all {
		p := c.limits.locked(now)
		switch {
		case p == nil:
			some = append(some, c)
		case locked == nil || p.RetryAfter < locked.RetryAfter:
			locked = p
		}
	}
	return some, locked
}

// compare returns the one candidate with the birth date: nil for none, and for two.
// It takes equally long wherever dates differ.
func compare(all []candidate, birthDate string) *candidate {
	var match *candidate
	matches := 0
	for i, c := range all {
		if subtle.ConstantTimeCompare([]byte(c.profile.BirthDate), []byte(birthDate)) == 1 {
			match = &all[i]
			matches++
		}
	}
	if matches != 1 {
		return nil
	}
	return match
}

// count counts a wrong birth date on the link and for everybody whom it could have
// logged in, and returns the locks that this led to. The same one again is not
// counted.
func (s *Service) count(ctx context.Context, link Link, all []candidate, guess string) ([]chat.Notice, error) {
	if slices.Contains(link.Wrong, guess) {
		return nil, nil
	}
	counted := Guess{Link: link.fail(guess)}
	for _, c := range all {
		limits := c.limits.fail(s.Now())
		counted.Limits = append(counted.Limits, limits)
		if rule := limits.lock(s.Now()); rule != "" {
			counted.Locks = append(counted.Locks, s.row(chat.LockNotice, c.profile.Key(), rule))
		}
	}
	return counted.Locks, s.Store.SaveGuess(ctx, counted)
}

// row returns a row of the why-log about a link that is not sent, or a lock.
func (s *Service) row(kind chat.NoticeKind, m chat.MemberKey, rule string) chat.Notice {
	return chat.Notice{Kind: kind, Key: m, ID: s.NewID("ntc"), Decision: chat.Suppressed, Rule: rule, At: s.Now()}
}

// begin begins the session.
func (s *Service) begin(ctx context.Context, link Link, c candidate) (Grant, error) {
	m := c.profile.Key()
	grant := Grant{Organization: m.Organization, Members: []string{m.Member}, Landing: link.Landing}
	sessions, err := s.Store.Sessions(ctx, m)
	if err != nil {
		return grant, err
	}
	catalog, err := s.Store.Catalog(ctx, link.Organization, false)
	if err != nil {
		return grant, err
	}
	session, token := auth.NewSession(c.profile, catalog.Organization, s.Now())
	grant.Token, grant.ExpiresAt = token, session.ExpiresAt
	link.Version++
	return grant, s.Store.BeginSession(ctx, LogIn{session, c.profile, surplus(sessions), link, c.limits.loggedIn()})
}

// surplus returns the oldest session if one more would be too many, else nil.
func surplus(all []auth.Session) *auth.Session {
	if len(all) < auth.MaxSessions {
		return nil
	}
	oldest := slices.MinFunc(all, func(a, b auth.Session) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return &oldest
}
