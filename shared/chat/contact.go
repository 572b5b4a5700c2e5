package chat

import (
	"regexp"
	"strings"
)

var (
	phonePattern = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)
	// One plain address as browsers check it: no display name, no list, no quoting.
	emailPattern = regexp.MustCompile(`^[a-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$`)
)

const maxEmail = 254

// IsPhone reports whether a contact is a phone number in E.164 form.
func IsPhone(contact string) bool { return phonePattern.MatchString(contact) }

// Contact is a phone number or an email address in the one form in which it is
// looked for; false if it is neither. Exactly one address, whatever was given.
func Contact(given string) (string, bool) {
	if IsPhone(given) {
		return given, true
	}
	lower := strings.ToLower(given)
	return lower, len(lower) <= maxEmail && emailPattern.MatchString(lower)
}
