package chat

import (
	"strings"
	"unicode"
)

// The bounds of a comment and of a message (A6).
const (
	MaxTextRunes = 4000
	maxTextBytes = 16 * 1024
	previewRunes = 80
	excerptRunes = 200
)

// HasControl reports whether a text has a control character that is neither a
// newline nor a tab.
func HasControl(text string) bool { return strings.ContainsFunc(text, forbiddenControl) }

func forbiddenControl(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }

// HasVisible reports whether a text shows anything.
func HasVisible(text string) bool { return strings.ContainsFunc(text, shows) }

// blank holds characters that show nothing although Unicode counts them as
// letters, marks or symbols.
const blank = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"

func shows(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) &&
		!unicode.Is(unicode.Variation_Selector, r) && !strings.ContainsRune(blank, r)
}

// preview returns the beginning of a message on one line.
func preview(text string) string { return beginning(text, previewRunes) }

// excerpt returns the beginning of a comment on one line, for the care side's list of tasks.
func excerpt(text string) string { return beginning(text, excerptRunes) }

// beginning returns at most n code points of a text, on one line.
func beginning(text string, n int) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	return string(runes[:min(len(runes), n)])
}
