// Package id makes ids that sort by time.
package id

import "github.com/oklog/ulid/v2"

// New returns an id that sorts by time: the prefix, such as "req", and a ULID (A1).
func New(prefix string) string { return prefix + "_" + ulid.Make().String() }
