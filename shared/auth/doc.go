// Package auth says who is calling: a member by a session, anybody by an access
// token of their organization's OpenID Connect issuer (S1, S5). It makes and hashes
// secrets, so that the store sees only hashes, and no error repeats a secret.
package auth
