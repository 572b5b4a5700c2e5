// Package login logs members in: a member asks for a link, gets it by text or
// email, and exchanges it, with a birth date, for a session (S2, S3, S4). The
// store sees hashes alone, and no error repeats a secret. Package notice sends
// the links.
package login
