// Package keyword handles texts that people send to us: STOP ends all texts to a
// phone, START brings them back, and nothing else changes anything (N7). parse.go
// reads a text, handler.go applies it and confirms it.
package keyword
