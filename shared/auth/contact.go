package auth

import (
	"regexp"
	"strings"

	"carechat/shared/problem"
)

var (
	phonePattern = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)
	// One plain address as browsers check it: no display name, no list, no quoting.
	emailPattern = regexp.MustCompile(`^[a-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$`)
)

const maxEmail = 254

// Contact is a phone number (E.164) or an email address in the one form in
// which it is kept and looked for; false if it is neither.
func Contact(given string) (string, bool) {
	if phonePattern.MatchString(given) {
		return given, true
	}
	lower := strings.ToLower(given)
	return lower, len(lower) <= maxEmail && emailPattern.MatchString(lower)
}

func isPhone(contact string) bool { return strings.HasPrefix(contact, "+") }

func contactOf(given string) (string, error) {
	contact, ok := Contact(given)
	if !ok {
		return "", problem.WithField("/contact", "format", "must be a phone number such as +15550100100, or one email address")
	}
	return contact, nil
}
