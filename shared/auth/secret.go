package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"

	"carechat/shared/chat"
)

const (
	sessionKind  = "session" // of a session's secret, for Hash
	sessionBytes = 32        // 43 characters (S1)
)

// NewSecret returns a secret of random bytes, in base64url.
func NewSecret(bytes int) string {
	secret := make([]byte, bytes)
	rand.Read(secret) // which never fails
	return base64.RawURLEncoding.EncodeToString(secret)
}

// IsSecret reports whether s has the form of a secret of that many bytes.
func IsSecret(s string, bytes int) bool {
	return len(s) == base64.RawURLEncoding.EncodedLen(bytes) && isBase64URL(s)
}

// isBase64URL reports whether no part is empty or has a character that base64url
// lacks. A regular expression would be compiled at every start of every function.
func isBase64URL(parts ...string) bool {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return !slices.ContainsFunc(parts, func(p string) bool { return p == "" || strings.Trim(p, alphabet) != "" })
}

// Hash returns the hash by which a secret is stored and found. It covers the
// secret's kind, so a secret of one kind never passes for one of another.
func Hash(kind, secret string) string {
	sum := sha256.Sum256([]byte(kind + ":v1:" + secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// isSession reports whether a token is a session's and not a JWT: it has four
// parts, a JWT has three.
func isSession(token string) bool {
	return strings.HasPrefix(token, "m.") && strings.Count(token, ".") == 3
}

// sessionToken returns the token that the member's client sends.
func sessionToken(m chat.MemberKey, secret string) string {
	return "m." + m.Organization + "." + m.Member + "." + secret
}

// parseSession returns whose session a token claims to be, and the hash of its
// secret. It returns false for a token that is not spelled as sessionToken does.
func parseSession(token string) (m chat.MemberKey, hash string, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 4 || parts[0] != "m" || !chat.ValidID(parts[1]) || !chat.ValidID(parts[2]) || !IsSecret(parts[3], sessionBytes) {
		return m, "", false
	}
	return chat.MemberKey{Organization: parts[1], Member: parts[2]}, Hash(sessionKind, parts[3]), true
}
