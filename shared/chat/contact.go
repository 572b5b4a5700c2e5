package chat

import (
	"regexp"
	"strings"
)

var (
	phonePattern = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)
	// One plain address as browsers check it: no display name, no list, no quoting.
	// No (?i): it would take the Kelvin sign for a k.
	emailPattern = regexp.MustCompile(`^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$`)
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
	return strings.ToLower(given), len(given) <= maxEmail && emailPattern.MatchString(given)
}
