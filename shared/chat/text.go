package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"carechat/shared/problem"
)

// The bounds of a comment and of a message (A6).
const (
	MaxTextRunes = 4000
	maxTextBytes = 16 * 1024
	previewRunes = 80
)

// checkText notes what is wrong with a comment or a message (A6). It is checked
// trimmed and stored verbatim.
func checkText(fields *problem.Fields, pointer, text string) {
	trimmed := strings.TrimSpace(text)
	switch {
	case text == "":
		fields.Add(pointer, "required", "must be given")
	case len(text) > maxTextBytes || utf8.RuneCountInString(trimmed) > MaxTextRunes:
		fields.Add(pointer, "too-long", "at most 4000 characters and 16 KB")
	case strings.ContainsFunc(text, forbiddenControl):
		fields.Add(pointer, "control-character", "no control characters but newline and tab")
	case !strings.ContainsFunc(text, visible):
		fields.Add(pointer, "empty", "must show something")
	}
}

func checkID(fields *problem.Fields, pointer, id string) {
	switch {
	case id == "":
		fields.Add(pointer, "required", "must be given")
	case !ValidID(id):
		fields.Add(pointer, "invalid", "must be 1 to 64 letters, digits, - or _")
	}
}

func forbiddenControl(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }

// blank are characters that show nothing though Unicode counts them as letters,
// marks or symbols.
const blank = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"

func visible(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) &&
		!unicode.Is(unicode.Variation_Selector, r) && !strings.ContainsRune(blank, r)
}

// preview is the beginning of a message on one line.
func preview(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	return string(runes[:min(len(runes), previewRunes)])
}
