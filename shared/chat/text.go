package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
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

// blank holds characters that show nothing although Unicode counts them as letters
// or symbols.
const blank = "\u115f\u1160\u2800\u3164\uffa0\ufffc\U00013441\U00013442\U00013443\U0001d159"

// shows reports whether a character is seen by itself: an accent is not.
func shows(r rune) bool {
	return unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) && !strings.ContainsRune(blank, r)
}

// lineEnds makes every kind of line end a newline.
var lineEnds = strings.NewReplacer(
	"\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// leftovers are what copying leaves in a text and nobody sees.
var leftovers = &unicode.RangeTable{R16: []unicode.Range16{
	{0x00ad, 0x00ad, 1}, {0x180e, 0x180e, 1}, {0x200b, 0x200b, 1}, {0x2060, 0x2064, 1}, {0x206a, 0x206f, 1},
	{0xfeff, 0xfeff, 1}, {0xfff9, 0xfffc, 1},
}, R32: []unicode.Range32{{0xe0001, 0xe0001, 1}}, LatinOffset: 1}

// stored returns a comment, a message or a note as it is kept: as it was written, with
// newlines for line ends of every kind, and without what nobody can see. Joiners stay
// inside words and emoji, and marks of direction stay: whatever shows a text isolates
// it (A6).
func stored(text string) string {
	text = strings.Map(func(r rune) rune {
		if forbiddenControl(r) || unicode.Is(leftovers, r) {
			return -1
		}
		return r
	}, lineEnds.Replace(text))
	return withoutLooseJoiners(text)
}

const joiners = "\u200c\u200d"

// withoutLooseJoiners drops joiners that join nothing: at the beginning, at the end and
// beside a space.
func withoutLooseJoiners(text string) string {
	if !strings.ContainsAny(text, joiners) {
		return text
	}
	var kept strings.Builder
	last := ' ' // the character before, as if the text followed a space
	for rest := text; rest != ""; {
		joined := strings.TrimLeft(rest, joiners)
		first, size := utf8.DecodeRuneInString(joined)
		if size > 0 && !unicode.IsSpace(last) && !unicode.IsSpace(first) {
			kept.WriteString(rest[:len(rest)-len(joined)])
		}
		kept.WriteString(joined[:size])
		last, rest = first, joined[size:]
	}
	return kept.String()
}

// preview returns the beginning of a message on one line.
func preview(text string) string { return beginning(text, previewRunes) }

// excerpt returns the beginning of a comment on one line, for the care side's list of tasks.
func excerpt(text string) string { return beginning(text, excerptRunes) }

// beginning returns at most n code points of a text, on one line. It cuts between what
// a reader takes for characters, unless the first one alone is longer.
func beginning(text string, n int) string {
	text = strings.Join(strings.Fields(text), " ")
	if isASCII(text[:min(n+1, len(text))]) {
		return text[:min(n, len(text))] // each byte is a character
	}
	end, left := 0, n
	for state, rest := -1, text; rest != ""; {
		var character string
		character, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if left -= utf8.RuneCountInString(character); left < 0 {
			break
		}
		end += len(character)
	}
	if end == 0 && text != "" {
		return string([]rune(text)[:min(n, utf8.RuneCountInString(text))])
	}
	return text[:end]
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
}
