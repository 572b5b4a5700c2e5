package login

import (
	"cmp"
	"context"
	"strings"
	"time"

	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/env"
	"carechat/shared/problem"
)

// Link is what a URL in a text or an email refers to: whom it may log in, which
// their birth date decides (S2). It opens nothing by itself.
type Link struct {
	Hash         string // of the token
	Organization string
	Members      []Reached
	Landing      Landing
	ExpiresAt    time.Time
}

// Reached is a member whom a link may log in, at the epoch of their contacts
// when it was made: at another one it is void.
type Reached struct {
	ID    string
	Epoch int
}

// Landing is where a link leads: a thread, a request or home.
type Landing struct{ Kind, ID string }

// Home is where a link leads that was asked for.
var Home = Landing{Kind: "home"}

// Mint makes a link for members of an organization: the row, and the URL with
// the token, which is kept nowhere. It leads to the organization's own pages, or
// to those at publicURL.
func Mint(o chat.Organization, publicURL string, whose []chat.Profile, landing Landing, now time.Time) (Link, string) {
	var members []Reached
	for _, p := range whose {
		members = append(members, Reached{p.ID, p.Epoch})
	}
	link, token := newLink(o.ID, members, landing, now.Add(time.Duration(cmp.Or(o.LinkHours, 24))*time.Hour))
	return link, linkURL(cmp.Or(o.LinkURL, publicURL), token)
}

const linkBytes = 20 // 27 characters (S2)

func hashToken(token string) string { return auth.Hash("link", token) }

func newLink(organization string, members []Reached, landing Landing, expires time.Time) (Link, string) {
	token := auth.NewSecret(linkBytes)
	return Link{hashToken(token), organization, members, landing, expires}, token
}

// linkURL carries the token in its fragment, which no server is ever sent (S2).
// A base may end in a slash: the path that is opened ends in one.
func linkURL(base, token string) string { return strings.TrimSuffix(base, "/") + "/#/l/" + token }

// LinkStore is what logging in with a link asks of a table.
type LinkStore interface {
	AskStore
	// Link reads one by its token's hash; nil if there is none.
	Link(ctx context.Context, hash string) (*Link, error)
	Profile(ctx context.Context, m chat.MemberKey) (*chat.Profile, error)
	Catalog(ctx context.Context, organization string, fresh bool) (chat.Catalog, error)
	// Limits reads the members' counts; version 0 where there is no row.
	Limits(ctx context.Context, members ...chat.MemberKey) ([]Limits, error)
	// SaveLimits saves the next version of each, all or none.
	SaveLimits(ctx context.Context, all ...Limits) error
	Sessions(ctx context.Context, m chat.MemberKey) ([]auth.Session, error)
	// BeginSession saves all of a log-in or, with chat.ErrConflict, nothing.
	BeginSession(ctx context.Context, l LogIn) error
	EndSession(ctx context.Context, m chat.MemberKey, hash string) error
}

// LogIn is what changes when a session begins.
type LogIn struct {
	Session auth.Session
	Profile chat.Profile  // as read: it must still be active, of this epoch and this many log-ins
	Ends    *auth.Session // the oldest, where there are too many
	Limits  []Limits      // the next version of each count
}

// Service holds the use cases around links and sessions.
type Service struct {
	Store LinkStore
	Now   func() time.Time
	Local bool // one machine: asking is not counted by source address
}

// OpenService makes a Service as the environment says: STAGE.
func OpenService(store LinkStore) *Service {
	return &Service{Store: store, Now: chat.Clock, Local: env.IsLocal()}
}

// LogOut ends the caller's session. A member without one, whose app has a log-in
// of its own, has nothing here to end.
func (s *Service) LogOut(ctx context.Context, c chat.Caller) error {
	switch {
	case c.Kind != chat.Member:
		return problem.New(problem.Forbidden)
	case c.Session == "":
		return nil
	}
	return s.Store.EndSession(ctx, chat.MemberKey{Organization: c.Organization, Member: c.ID}, c.Session)
}
