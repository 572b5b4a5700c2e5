package chat

import (
	"strings"
	"testing"
	"unicode/utf8"

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
		"4000 characters":              {strings.Repeat("ñ", 4000), ""},
		"4000 and space around":        {"  " + strings.Repeat("x", 4000) + "\n", ""},
		"4000 emoji are 16 KB":         {strings.Repeat("🙂", 4000), ""},
		"4001 characters":              {strings.Repeat("x", 4001), "too-long"},
		"over 16 KB":                   {strings.Repeat("🙂", 4000) + strings.Repeat(" ", 400), "too-long"},
		"nothing":                      {"", "required"},
		"space":                        {" \n\t ", "empty"},
		"zero width":                   {"\u200b\ufeff\u2060", "empty"},
		"joiners and fillers":          {"\u034f\u3164\u115f", "empty"},
		"tag characters":               {"\U000e0041", "empty"},
		"a bell":                       {"a\u0007", "control-character"},
		"a carriage return":            {"a\r\nb", "control-character"},
		"a NUL":                        {"a\u0000", "control-character"},
		"a C1 control":                 {"a\u0085", "control-character"},
	} {
		var fields problem.Fields
		checkText(&fields, "/text", c.text)
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
