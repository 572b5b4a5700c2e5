// Package auth says who is calling: a member by a session, everybody else by an
// access token of their organization's OpenID Connect issuer (S1, S5). Secrets are made and
// hashed here; the store sees hashes alone, and no error repeats a secret.
package auth
