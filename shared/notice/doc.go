// Package notice tells members that there is something to read, in a text or an email
// with a link, and never what (N6).
//
// The way of a notice, in the order of its files: notify.go has the rest done; due.go
// finds what is due; decide.go decides on each channel; state.go claims the member;
// message.go fills in the words; send.go sends; outcome.go saves what came of it
// (N1-N4). mailbox.go makes the subscriptions that emails need (N5). links.go and
// deliver.go send links that were asked for (S4).
package notice
