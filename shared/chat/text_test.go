package chat

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"carechat/shared/problem"
)

// What a comment or a message may be (A6).
func TestInvalidTexts(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"plain":                        {"My feet tingle.", ""},
		"lines and tabs":               {"one\n\ttwo", ""},
		"markup is text":               {"<script>alert(1)</script>", ""},
		"right to left":                {"\u202eabc", ""},
		"one letter with many accents": {"e" + strings.Repeat("\u0301", 3000), ""},
		"accents alone":                {strings.Repeat("\u0301", 50), "empty"},
		"what stands for a picture":    {"\ufffc", "required"},
		"a notehead that is not there": {"\U0001d159", "empty"},
		"a blank of Egypt":             {"\U00013441", "empty"},
		"4000 characters":              {strings.Repeat("ñ", 4000), ""},
		"4000 and space around":        {"  " + strings.Repeat("x", 4000) + "\n", ""},
		"4000 emoji are 16 KB":         {strings.Repeat("🙂", 4000), ""},
		"4001 characters":              {strings.Repeat("x", 4001), "too-long"},
		"over 16 KB":                   {strings.Repeat("🙂", 4000) + strings.Repeat(" ", 400), "too-long"},
		"nothing":                      {"", "required"},
		"space":                        {" \n\t ", "empty"},
		"zero width":                   {"\u200b\ufeff\u2060", "required"},
		"joiners and fillers":          {"\u034f\u3164\u115f", "empty"},
		"tag characters":               {"\U000e0041", "empty"},
		"a bell":                       {"a\u0007", ""},
		"a carriage return":            {"a\r\nb", ""},
	} {
		var fields problem.Fields
		checkText(&fields, "/text", stored(c.text))
		got := ""
		if len(fields) > 0 {
			got = fields[0].Code
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestAnExcerptIsOneLineOf200CodePoints(t *testing.T) {
	if got := excerpt("  one\n\ntwo " + strings.Repeat("🙂", 300)); !strings.HasPrefix(got, "one two 🙂") || utf8.RuneCountInString(got) != 200 {
		t.Errorf("%d code points: %q", utf8.RuneCountInString(got), got)
	}
}

func TestPreviewIsOneShortLine(t *testing.T) {
	got := preview("  one\n\ntwo " + strings.Repeat("🙂", 200))
	if utf8.RuneCountInString(got) != 80 || !strings.HasPrefix(got, "one two 🙂") {
		t.Errorf("got %q", got)
	}
}

// A6: what nobody can see is dropped, and line ends of every kind are newlines. All else
// comes back as it was written.
func TestWhatIsStoredOfAText(t *testing.T) {
	for text, want := range map[string]string{
		"one\r\ntwo\rthree\vfour\ffive\u0085six\u2028seven\u2029eight": "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight",
		"a\u0000b\u0007c\u009fd":                        "abcd",
		"soft\u00adhyphen\u200b \ufeffz\u2060ero\ufffc": "softhyphen zero",
		"می\u200cخواهم":                                 "می\u200cخواهم", // a joiner inside a word
		"👩\u200d👩\u200d👧":                               "👩\u200d👩\u200d👧",
		"\u200dloose\u200c \u200djoiners\u200d":         "loose joiners",
		"שלום \u2067אבג\u2069\u200f":                    "שלום \u2067אבג\u2069\u200f", // marks of direction
		"🏴\U000e0067\U000e0062\U000e007f ❤\ufe0f":       "🏴\U000e0067\U000e0062\U000e007f ❤\ufe0f",
		"  space\taround \n\n":                          "  space\taround \n\n",
	} {
		if got := stored(text); got != want {
			t.Errorf("%q is stored as %q, want %q", text, got, want)
		}
	}
}

// A6: for every text, storing what is stored changes nothing, nothing that is seen is
// lost, and its preview is one line, cut between characters.
func TestEveryTextIsStoredAsItIsSeen(t *testing.T) {
	seen := func(text string) string {
		return strings.Map(func(r rune) rune {
			if shows(r) {
				return r
			}
			return -1
		}, strings.ReplaceAll(text, "\ufffc", ""))
	}
	special := rapid.SampledFrom([]rune("\r\n\v\u0085\u2028 \t\u200b\u200c\u200d\u200d\u2060\ufeff\u00ad\u2067\u2069\u0301🏽👩🏴\ufe0f\u0000ab"))
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.StringOf(special), rapid.String()).Draw(t, "text")
		once := stored(text)
		if again := stored(once); again != once {
			t.Fatalf("%q is stored as %q, and that as %q", text, once, again)
		}
		if seen(once) != seen(text) {
			t.Fatalf("%q is stored as %q", text, once)
		}
		if HasControl(once) || strings.ContainsAny(once, "\r\u2028\u2029\u200b\ufeff") {
			t.Fatalf("%q has what nobody sees", once)
		}
		line := preview(once)
		whole := strings.Join(strings.Fields(once), " ")
		if utf8.RuneCountInString(line) > previewRunes || !strings.HasPrefix(whole, line) || strings.ContainsAny(line, "\n\r") {
			t.Fatalf("%q has the preview %q", once, line)
		}
	})
}

// A6: a preview cuts by what a reader takes for one character.
func TestAPreviewSplitsNoCharacter(t *testing.T) {
	family := "👩\u200d👩\u200d👧"
	if got := preview(strings.Repeat("x", 78) + family + "y"); got != strings.Repeat("x", 78) {
		t.Errorf("%q", got)
	}
	if got := preview(strings.Repeat("x", 79) + "e\u0301"); got != strings.Repeat("x", 79) {
		t.Errorf("an accent is cut off: %q", got)
	}
	if got := preview(strings.Repeat("y", 81)); got != strings.Repeat("y", 80) {
		t.Errorf("%q", got)
	}
	if got := preview("e" + strings.Repeat("\u0301", 200)); utf8.RuneCountInString(got) != 80 {
		t.Errorf("%d code points", utf8.RuneCountInString(got))
	}
}
