// Package gsm counts the length of a text message as the telephone network does.
package gsm

import "strings"

// The alphabet of a text message (3GPP TS 23.038): a character of the basic set takes one septet, one of the extension two. Any other
// character makes the whole message one of 70 characters.
const (
	Basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	Extension = "\f^{}\\[~]|€"
)

// OnePart is how many septets one part of a text message holds.
const OnePart = 160

// Septets returns a text's length, or false if it has other characters.
func Septets(text string) (int, bool) {
	n := 0
	for _, r := range text {
		switch {
		case strings.ContainsRune(Basic, r):
			n++
		case strings.ContainsRune(Extension, r):
			n += 2
		default:
			return 0, false
		}
	}
	return n, true
}
