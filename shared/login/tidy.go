package login

import (
	"strings"
	"unicode"
)

// tidy returns a contact as somebody pasted it in the form in which chat.Contact
// knows it, if it is one phone number or one email address (S4). It drops what
// nobody sees, such as the marks of direction that a list of contacts adds; the
// name of a link's scheme; a name before an address; and what people put between
// the digits of a phone number. It adds nothing: a number without a country stays
// one.
func tidy(given string) string {
	text := strings.TrimSpace(strings.Map(dropUnseen, given))
	for _, scheme := range []string{"tel:", "sms:", "mailto:"} {
		if len(text) >= len(scheme) && strings.EqualFold(text[:len(scheme)], scheme) {
			text, _, _ = strings.Cut(text[len(scheme):], "?")
			break
		}
	}
	text = strings.TrimSpace(text)
	if strings.Contains(text, "@") {
		return inBrackets(text)
	}
	return strings.Map(dropBetweenDigits, text)
}

// dropUnseen drops format characters: marks of direction, zero-width spaces. A
// control character stays, and makes a contact none.
func dropUnseen(r rune) rune {
	if unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

func dropBetweenDigits(r rune) rune {
	const minus = '\u2212' // the one dash that is no punctuation
	if r == '(' || r == ')' || r == '.' || r == '/' || r == minus || unicode.Is(unicode.Pd, r) || unicode.Is(unicode.Zs, r) {
		return -1
	}
	return r
}

// inBrackets returns the address of "Ana <ana@example.org>", and any other text as
// it is. A text with several brackets is no one address.
func inBrackets(text string) string {
	_, rest, found := strings.Cut(text, "<")
	address, end, closed := strings.Cut(rest, ">")
	if !found || !closed || strings.TrimSpace(end) != "" {
		return text
	}
	return strings.TrimSpace(address)
}
