package auth

import (
	"cmp"
	"context"
	"crypto"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// algorithms are those that a token may be signed with: neither "none" nor any whose
// secret would be the public key.
var algorithms = []string{"RS256", "ES256", "PS256"}

// skew is how far an issuer's clock may be ahead of ours: a token may be used that
// much before the times when it was issued and begins. After it expires it is never
// used (S5).
const skew = 30 * time.Second

// identity is an issuer and the person whom a subject of it names, as they were read.
type identity struct {
	issuer  *Issuer
	subject chat.Subject // by the claim that the issuer names people by
	person  *chat.Person
	until   time.Time // how long it stays in memory; zero if it was read just now
}

// byToken returns the caller behind an access token. Whom a subject names may come
// from memory, because the person's own row decides; the platform has only its
// issuer's row, which is read each time. Memory alone refuses nobody: before a
// refusal it is read again (T7).
func (v *Verifier) byToken(ctx context.Context, token string) (chat.Caller, error) {
	alg, kid, unverified, ok := readUnverified(token)
	if !ok {
		return chat.Caller{}, refuse("malformed")
	}
	id, err := v.identity(ctx, unverified)
	if err != nil {
		return chat.Caller{}, err
	}
	if err := v.verify(ctx, token, alg, kid, id.issuer); err != nil {
		return chat.Caller{}, err
	}
	c, err := v.person(ctx, unverified, id)
	if kept := !id.until.IsZero(); kept && problem.Is(err, problem.NotAuthenticated) {
		if id, err = v.readIdentity(ctx, unverified); err == nil {
			c, err = v.person(ctx, unverified, id)
		}
	}
	if err == nil {
		v.remember(unverified, id)
	}
	return c, err
}

// readUnverified reads what a token says of itself, which names the key that can
// prove it. It ignores keys that a token contains or points to.
func readUnverified(token string) (alg, kid string, c claims, ok bool) {
	if parts := strings.Split(token, "."); len(parts) != 3 || !isBase64URL(parts...) {
		return "", "", c, false
	}
	parsed, _, err := jwt.NewParser(jwt.WithStrictDecoding()).ParseUnverified(token, &c)
	if err != nil {
		return "", "", c, false
	}
	alg, _ = parsed.Header["alg"].(string)
	kid, _ = parsed.Header["kid"].(string)
	_, critical := parsed.Header["crit"] // extensions that a reader must understand; this one understands none
	return alg, kid, c, slices.Contains(algorithms, alg) && kid != "" && !critical && c.Issuer != "" && c.Subject != ""
}

// verify checks signature, issuer, audience and times. If one is wrong it returns the
// problem unauthenticated.
func (v *Verifier) verify(ctx context.Context, token, alg, kid string, issuer *Issuer) error {
	if issuer == nil {
		return refuse("issuer")
	}
	audience := cmp.Or(issuer.Audience, v.Audience)
	if audience == "" {
		return refuse("audience")
	}
	key, err := v.keySet(issuer.Issuer).find(ctx, kid, alg)
	if err != nil {
		return err
	}
	c := claims{audienceClaim: issuer.AudienceClaim}
	_, err = jwt.NewParser(
		jwt.WithValidMethods([]string{alg}), jwt.WithStrictDecoding(), jwt.WithTimeFunc(v.Now), jwt.WithLeeway(skew),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithIssuer(issuer.Issuer.Issuer), jwt.WithAudience(audience),
	).ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return crypto.PublicKey(key), nil })
	if err != nil {
		return refuse(flaw(err))
	}
	if !v.Now().Before(c.ExpiresAt.Time) { // the library has the skew here too
		return refuse("expired")
	}
	return nil
}

// flaw returns what is wrong with a token. The signature is verified before what
// the token says, so nobody learns from a forged one.
func flaw(err error) string {
	for _, each := range []struct {
		err    error
		reason string
	}{
		{jwt.ErrTokenSignatureInvalid, "signature"},
		{jwt.ErrTokenExpired, "expired"},
		{jwt.ErrTokenNotValidYet, "expired"},
		{jwt.ErrTokenUsedBeforeIssued, "expired"},
		{jwt.ErrTokenInvalidAudience, "audience"},
		{jwt.ErrTokenInvalidIssuer, "issuer"},
	} {
		if errors.Is(err, each.err) {
			return each.reason
		}
	}
	return "malformed"
}

// person reads the row of the person whom the subject names, on each request, and
// returns the caller if it still has the subject.
func (v *Verifier) person(ctx context.Context, c claims, id identity) (chat.Caller, error) {
	s := id.subject
	switch {
	case id.issuer == nil:
		return chat.Caller{}, refuse("issuer")
	case c.isPlatform(id.issuer.Platform):
		return chat.Caller{Kind: chat.Platform, Organization: id.issuer.Organization, ID: cmp.Or(s.Subject, c.Subject), Issuer: s.Issuer}, nil
	case s.Subject == "":
		return chat.Caller{}, refuse("malformed")
	case id.person == nil:
		return chat.Caller{}, refuse("subject")
	case id.person.Kind == chat.CareManager:
		return v.asCareManager(ctx, s, id.issuer.Organization, id.person.ID)
	}
	return v.asMember(ctx, s, chat.MemberKey{Organization: id.issuer.Organization, Member: id.person.ID})
}

func (v *Verifier) asCareManager(ctx context.Context, s chat.Subject, organization, id string) (chat.Caller, error) {
	row, err := v.Store.CareManager(ctx, organization, id)
	if err != nil {
		return chat.Caller{}, err
	}
	if row == nil || !row.Active || !slices.Contains(row.Subjects, s) {
		return chat.Caller{}, refuse("subject")
	}
	return chat.Caller{
		Kind: chat.CareManager, Organization: organization, ID: id,
		Name: row.Name, Departments: row.DepartmentIDs, Covers: row.Covers, Issuer: s.Issuer,
	}, nil
}

func (v *Verifier) asMember(ctx context.Context, s chat.Subject, m chat.MemberKey) (chat.Caller, error) {
	row, err := v.Store.Profile(ctx, m)
	if err != nil {
		return chat.Caller{}, err
	}
	if row == nil || !row.Active || !slices.Contains(row.Subjects, s) {
		return chat.Caller{}, refuse("subject")
	}
	return chat.Caller{
		Kind: chat.Member, Organization: m.Organization, ID: m.Member,
		Name: row.Name, Language: row.Language, TimeZone: row.TimeZone, Issuer: s.Issuer,
	}, nil
}

// identity returns who a token's claims say is calling, from memory unless it is the
// platform.
func (v *Verifier) identity(ctx context.Context, c claims) (identity, error) {
	v.mu.Lock()
	kept, ok := v.identities[c.key()]
	v.mu.Unlock()
	if ok && v.Now().Before(kept.until) && !c.isPlatform(kept.issuer.Platform) && c.subject(kept.issuer.SubjectClaim) == kept.subject {
		return kept, nil
	}
	return v.readIdentity(ctx, c)
}

// readIdentity reads it. Where the issuer names people by another claim than sub,
// its row, which says so, is read first.
func (v *Verifier) readIdentity(ctx context.Context, c claims) (identity, error) {
	id := identity{subject: c.key()}
	var err error
	id.issuer, id.person, err = v.Store.Identity(ctx, id.subject)
	if err == nil && id.issuer != nil && id.issuer.SubjectClaim != "" {
		id.subject = c.subject(id.issuer.SubjectClaim)
		id.issuer, id.person, err = v.Store.Identity(ctx, id.subject)
	}
	return id, err
}

// manyIdentities bounds the memory: beyond it everything is forgotten.
const manyIdentities = 10_000

// remember keeps the identity in memory for a while, once a token has proved it. One
// that came from memory is not kept longer.
func (v *Verifier) remember(c claims, id identity) {
	if v.CacheTime <= 0 || !id.until.IsZero() {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.identities) >= manyIdentities {
		clear(v.identities)
	}
	id.until = v.Now().Add(v.CacheTime)
	v.identities[c.key()] = id
}

func (v *Verifier) keySet(i chat.Issuer) *keySet {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.keys[i] == nil {
		v.keys[i] = newKeySet(i, v.Client, v.Local, v.Now)
	}
	return v.keys[i]
}
