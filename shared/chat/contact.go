package chat

import (
	"regexp"
	"strings"
	"sync"
)

// emailPattern is one plain address as browsers check it: no display name, no
// list, no quoting. It has no (?i), which would take the Kelvin sign for a k. It
// is compiled on first use: few functions look at an address.
var emailPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$`)
})

const maxEmail = 254

// IsPhone reports whether a contact is a phone number in E.164 form: a plus and 7
// to 15 digits, the first of which is not 0.
func IsPhone(contact string) bool {
	digits, plus := strings.CutPrefix(contact, "+")
	return plus && 7 <= len(digits) && len(digits) <= 15 && digits[0] != '0' &&
		!strings.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' })
}

// Contact returns the one form in which a phone number or an email address is looked
// up; false if it is neither. Whatever was given, the result is exactly one address.
func Contact(given string) (string, bool) {
	if IsPhone(given) {
		return given, true
	}
	return strings.ToLower(given), len(given) <= maxEmail && emailPattern().MatchString(given)
}
