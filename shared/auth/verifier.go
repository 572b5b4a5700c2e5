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

// CallerStore reads who is calling. Its reads are strongly consistent and return nil
// for what is not there.
type CallerStore interface {
	SessionStore
	// Identity reads, in one call, the issuer of a subject and the person whom the
	// subject names. The person's own row, which lists its subjects, decides.
	Identity(ctx context.Context, s chat.Subject) (*Issuer, *chat.Person, error)
	CareManager(ctx context.Context, organization, id string) (*chat.CareManagerRow, error)
	Profile(ctx context.Context, m chat.MemberKey) (*chat.Profile, error)
}

// Issuer is an OpenID Connect issuer. It belongs to one organization (S5).
type Issuer struct {
	Organization string
	chat.Issuer
}

// Settings configure a Verifier.
type Settings struct {
	Store     CallerStore
	Now       func() time.Time
	CacheTime time.Duration // how long issuers and subjects stay in memory (T7)
	Audience  string        // of tokens whose issuer names none
	Local     bool          // issuers may have plain http addresses
	Client    *http.Client  // fetches keys
}

// Verifier finds out who is calling. It is safe for concurrent use.
type Verifier struct {
	Settings

	mu         sync.Mutex
	identities map[chat.Subject]identity
	keys       map[chat.Issuer]*keySet
}

// refuse returns the problem unauthenticated. The reason is for whoever made the
// token (A8): expired (its times do not include now), audience, issuer, signature,
// subject (unknown and disabled people alike), malformed; for a session's token
// it is always session.
func refuse(reason string) error { return problem.WithReason(problem.NotAuthenticated, reason) }

// Open makes a Verifier from the environment: STAGE, AUDIENCE and SETTINGS_SECONDS.
// It calls nobody before the first token.
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

// maxToken is the longest bearer token that is read, in bytes.
const maxToken = 8 << 10

// Caller verifies the bearer token of a request and returns who is calling. With
// extend it records that a session was used, which keeps it alive (A7). Caller
// returns the problem session-expired for a session that has ended by itself, and
// unauthenticated for every other token that it does not accept.
func (v *Verifier) Caller(ctx context.Context, bearer string, extend bool) (chat.Caller, error) {
	switch {
	case bearer == "":
		return chat.Caller{}, problem.New(problem.NotAuthenticated)
	case len(bearer) > maxToken:
		return chat.Caller{}, refuse("malformed")
	case isSession(bearer):
		return v.bySession(ctx, bearer, extend)
	}
	return v.byToken(ctx, bearer)
}
