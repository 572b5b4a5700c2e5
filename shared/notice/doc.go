// Package notice tells members that there is something to read, in a text or an
// email with a link: never what (N6).
//
// decide.go says what happens to what is due now, from what was read strongly;
// sender.go claims the member, sends, and outcome.go writes what became of it
// (N2). mailbox.go keeps the subscriptions that emails need (N5), asked.go sends
// links that were asked for (S4), keyword.go and inbound.go hear STOP and START
// (N7). The words are files, one folder per language.
package notice
