package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"

	"carechat/shared/chat"
)

// sessionKind is what the hash of a session's secret begins with.
const sessionKind = "session"

const sessionBytes = 32 // 43 characters (S1)

// NewSecret makes a secret of random bytes, in base64url.
func NewSecret(bytes int) string {
	secret := make([]byte, bytes)
	rand.Read(secret) // which never fails
	return base64.RawURLEncoding.EncodeToString(secret)
}

// Hash hashes a secret, so that the secret itself is stored nowhere. The hash covers
// the secret's kind: a secret of one kind never passes for one of another.
func Hash(kind, secret string) string {
	sum := sha256.Sum256([]byte(kind + ":v1:" + secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

var sessionPattern = regexp.MustCompile(`^m\.([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{43})$`)

// isSession tells a session's token from a JWT: it has four parts, a JWT three.
func isSession(token string) bool {
	return strings.HasPrefix(token, "m.") && strings.Count(token, ".") == 3
}

// sessionToken is what the member's client sends.
func sessionToken(m chat.MemberKey, secret string) string {
	return "m." + m.Organization + "." + m.Member + "." + secret
}

// parseSession reads whose session a token claims to be, and the secret's hash.
func parseSession(token string) (m chat.MemberKey, sessionHash string, ok bool) {
	parts := sessionPattern.FindStringSubmatch(token)
	if parts == nil {
		return m, "", false
	}
	return chat.MemberKey{Organization: parts[1], Member: parts[2]}, Hash(sessionKind, parts[3]), true
}
