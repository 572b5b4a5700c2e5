// Package notice tells members, in a text or an email with a link, that there is
// something to read, and never what (N6).
//
// A notice goes through these files in order: notify.go runs the steps; due.go finds
// what is due; decide.go decides on each channel; state.go claims the member;
// message.go fills in the template; send.go sends; outcome.go saves the result
// (N1-N4). mailbox.go makes the subscriptions that emails need (N5). links.go and
// deliver.go send links that were asked for (S4).
package notice
