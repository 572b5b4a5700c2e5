// Package auth says who is calling: a member by a session that a link and a
// birth date were exchanged for, everybody else by an access token of their
// organization's OpenID Connect issuer (design section 6). Secrets are made and
// hashed here; the store sees hashes alone, and no error repeats a secret.
package auth
