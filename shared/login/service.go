package login

import (
	"context"
	"time"

	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/env"
	"carechat/shared/problem"
)

// Store keeps links, and what changes when somebody logs in. Its reads are
// strongly consistent.
type Store interface {
	AskStore
	// Link reads a link by its token's hash; nil if there is none.
	Link(ctx context.Context, hash string) (*Link, error)
	Profile(ctx context.Context, m chat.MemberKey) (*chat.Profile, error)
	Catalog(ctx context.Context, organization string, fresh bool) (chat.Catalog, error)
	// Limits reads the counts of members, in their order; version 0 where there is none.
	Limits(ctx context.Context, members ...chat.MemberKey) ([]Limits, error)
	// SaveGuess saves a wrong birth date or, with chat.ErrConflict, nothing.
	SaveGuess(ctx context.Context, g Guess) error
	// SaveUnlock saves all of it or, with chat.ErrConflict, nothing.
	SaveUnlock(ctx context.Context, u Unlock) error
	Sessions(ctx context.Context, m chat.MemberKey) ([]auth.Session, error)
	// BeginSession saves all of a log-in or, with chat.ErrConflict, nothing.
	BeginSession(ctx context.Context, l LogIn) error
	EndSession(ctx context.Context, m chat.MemberKey, hash string) error
}

// LogIn is what changes when a session begins.
type LogIn struct {
	Session auth.Session
	Profile chat.Profile  // as read: it must still be active, of this epoch and this many log-ins
	Ends    *auth.Session // the oldest session, if there are too many; else nil
	Link    Link          // the next version
	Limits  Limits        // the next version
}

// Guess is what a wrong birth date changes.
type Guess struct {
	Link   Link          // the next version
	Limits []Limits      // the next version of each count
	Locks  []chat.Notice // new rows of the why-log
}

// Unlock is what changes when a member is sent a link by name.
type Unlock struct {
	Limits      Limits        // the next version
	EndsLinksOf *chat.Profile // the profile, as read, whose older links end; nil for none
	Log         []chat.Notice // new rows of the why-log
}

// Service holds the use cases around links and sessions.
type Service struct {
	Store Store
	Now   func() time.Time
	NewID func(prefix string) string
	Local bool // on one machine, where nothing is counted by source address

	door door
}

// Open makes a Service from the environment variable STAGE.
func Open(store Store, newID func(prefix string) string) *Service {
	return &Service{Store: store, Now: chat.Clock, NewID: newID, Local: env.IsLocal()}
}

// LogOut ends the caller's session. It does nothing for a member whose app has a
// log-in of its own, and returns the problem forbidden for any other caller.
func (s *Service) LogOut(ctx context.Context, c chat.Caller) error {
	switch {
	case c.Kind != chat.Member:
		return problem.New(problem.Forbidden)
	case c.Session == "":
		return nil
	}
	return s.Store.EndSession(ctx, chat.MemberKey{Organization: c.Organization, Member: c.ID}, c.Session)
}
