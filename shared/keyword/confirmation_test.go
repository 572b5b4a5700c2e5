package keyword

import (
	"strings"
	"testing"

	"carechat/tests/support/gsm"
)

// N6: a confirmation is fixed words, and one part.
func TestConfirmationsAreOnePartWithoutASlot(t *testing.T) {
	texts := map[string]bool{}
	for _, k := range []Keyword{Stop, Start} {
		for _, language := range []string{"", "en", "es"} {
			text := Confirmation(k, language)
			if n, ok := gsm.Septets(text); !ok || n > gsm.OnePart || n < 20 || strings.ContainsAny(text, "{}%<$\n") {
				t.Errorf("%s in %q: %d septets, GSM-7 %v: %q", k, language, n, ok, text)
			}
			texts[text] = true
		}
	}
	if len(texts) != 6 {
		t.Errorf("only %d different texts", len(texts))
	}
}

// The answer that a confirmation names is understood.
func TestConfirmationsNameKeywords(t *testing.T) {
	for k, answer := range map[Keyword]string{Stop: "START", Start: "STOP"} {
		for _, language := range []string{"en", "es"} {
			if !strings.Contains(Confirmation(k, language), answer) {
				t.Errorf("%s in %s does not name %s", k, language, answer)
			}
		}
	}
}

// Each language that a phrase can have has its confirmations.
func TestEveryLanguageHasItsConfirmations(t *testing.T) {
	for _, k := range []Keyword{Stop, Start} {
		for _, language := range []string{"", "en", "es"} {
			if Confirmation(k, language) == "" {
				t.Errorf("%s in %q has no confirmation", k, language)
			}
		}
	}
}
