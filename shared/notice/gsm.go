package notice

import "strings"

// The alphabet of a text message (3GPP TS 23.038): a character of the basic set
// takes one septet, one of the extension two. Any other turns the whole message
// into one that holds 70 characters.
const (
	basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	extension = "\f^{}\\[~]|€"
)

// Septets is a text's length in GSM-7; false if it has other characters.
func Septets(text string) (int, bool) {
	n := 0
	for _, r := range text {
		switch {
		case strings.ContainsRune(basic, r):
			n++
		case strings.ContainsRune(extension, r):
			n += 2
		default:
			return 0, false
		}
	}
	return n, true
}
