// Package api holds what goes over the wire: openapi.yaml is the contract, the structs
// are its requests and answers, and the functions turn domain values into what a
// caller is shown. Fields with a path, query or header tag come from there; the
// others are the JSON body. What does not apply is left out, never null.
package api

import "time"

// Time is an instant, in RFC 3339, UTC, with milliseconds. The zero Time is left out.
type Time struct{ time.Time }

const timeFormat = "2006-01-02T15:04:05.000Z"

// MarshalJSON formats the instant.
func (t Time) MarshalJSON() ([]byte, error) {
	return []byte(`"` + t.UTC().Format(timeFormat) + `"`), nil
}
