// Package notice knows what a member is told and in which words. A text says
// that there is something and where, never what: its two slots are the
// organization's short name and a link (N6).
package notice
