package auth

import (
	"context"
	"net/http"
	"sync"
	"time"

	"carechat/shared/chat"
	"carechat/shared/env"
	"carechat/shared/problem"
)

// CallerStore is what finding out who is calling asks of a table. Reads are
// strongly consistent; nil is nothing there.
type CallerStore interface {
	SessionStore
	// Identity reads in one call whose an issuer is, and who a subject of it is. The
	// person's own row, which lists its subjects, decides.
	Identity(ctx context.Context, s chat.Subject) (*Issuer, *chat.Person, error)
	CareManager(ctx context.Context, organization, id string) (*chat.CareManagerRow, error)
	Profile(ctx context.Context, m chat.MemberKey) (*chat.Profile, error)
}

// Issuer is an OpenID Connect issuer: it belongs to one organization (S5).
type Issuer struct {
	Organization string
	chat.Issuer
}

// Settings are what a Verifier is made of.
type Settings struct {
	Store     CallerStore
	Now       func() time.Time
	CacheTime time.Duration // how long issuers and subjects are kept in memory (T7)
	Audience  string        // of tokens whose issuer's row names none
	Local     bool          // plain http to issuers is allowed
	Client    *http.Client  // fetches keys
}

// Verifier finds out who is calling. It is safe for concurrent use.
type Verifier struct {
	Settings

	mu         sync.Mutex
	identities map[chat.Subject]identity
	keys       map[chat.Issuer]*keySet
}

// unauthenticated says nothing about why: what is wrong with a token is for its
// maker to know.
var unauthenticated = problem.New(problem.NotAuthenticated)

// Open returns a Verifier as the environment says: STAGE, AUDIENCE and SETTINGS_SECONDS. It calls nobody before the first token.
func Open(store CallerStore) *Verifier {
	return New(Settings{
		Store: store, Now: chat.Clock, CacheTime: env.CacheTime(),
		Audience: env.Text("AUDIENCE"), Local: env.IsLocal(), Client: keyClient(),
	})
}

// New makes a Verifier with explicit settings.
func New(s Settings) *Verifier {
	return &Verifier{Settings: s, identities: map[chat.Subject]identity{}, keys: map[chat.Issuer]*keySet{}}
}

// maxToken is the size of a bearer token that is looked at, in bytes.
const maxToken = 8 << 10

// Caller verifies a bearer token, on every request anew. A session that is used
// is extended unless extend says not to (A7). It returns the problems
// unauthenticated and, for a session that is there but over, session-expired.
func (v *Verifier) Caller(ctx context.Context, bearer string, extend bool) (chat.Caller, error) {
	switch {
	case bearer == "" || len(bearer) > maxToken:
		return chat.Caller{}, unauthenticated
	case isSession(bearer):
		return v.bySession(ctx, bearer, extend)
	}
	return v.byToken(ctx, bearer)
}
