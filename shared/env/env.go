// Package env reads a function's settings from its environment. A setting that is missing or invalid ends the process with a line in
// the log: better at the start than at a member's request.
package env

import (
	"log/slog"
	"os"
	"strconv"
	"time"
)

// Text returns the variable's value, "" if it is not set.
func Text(name string) string { return os.Getenv(name) }

// Required returns the value of a variable that must be set.
func Required(name string) string {
	value := Text(name)
	if value == "" {
		fatal(name + " is not set")
	}
	return value
}

// Number returns the value of a variable that must be a whole number, 0 or more.
func Number(name string) int {
	n, err := strconv.Atoi(Required(name))
	if err != nil || n < 0 {
		fatal(name + " is not a whole number, 0 or more")
	}
	return n
}

// CacheTime returns for how long settings and names may be kept in memory (T7): SETTINGS_SECONDS, or a minute if that is not set.
func CacheTime() time.Duration {
	if Text("SETTINGS_SECONDS") == "" {
		return time.Minute
	}
	return time.Duration(Number("SETTINGS_SECONDS")) * time.Second
}

// IsLocal reports whether the function belongs to a stack on one machine, where issuers may use plain http.
func IsLocal() bool { return Text("STAGE") == "local" }

// Endpoint returns the address of an AWS service, "" for AWS's own. A run by `sam local` must name one: it never reaches an AWS
// account or a phone.
func Endpoint(name string) string {
	if Text("AWS_SAM_LOCAL") == "true" {
		return Required(name)
	}
	return Text(name)
}

func fatal(message string) {
	slog.Error(message)
	os.Exit(1)
}
