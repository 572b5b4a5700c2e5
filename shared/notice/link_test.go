package notice

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const token = "q3VZb0c2dWJ5c0xhbXBzQW5kT2s"

func TestLinkSaysItInTheMembersLanguage(t *testing.T) {
	const link = "https://care.example.org/#/l/" + token
	for language, want := range map[string]string{
		"en": "Harbor Care: here is the log-in link you asked for: " + link,
		"es": "Harbor Care: su enlace para entrar: " + link,
		"fr": "Harbor Care: here is the log-in link you asked for: " + link,
		"":   "Harbor Care: here is the log-in link you asked for: " + link,
	} {
		if got := Link(language, "Harbor Care", link); got != want {
			t.Errorf("%q: %q", language, got)
		}
	}
}

// The usual names and addresses have the whole sentence, the stack's own address too.
func TestLinkKeepsTheSentence(t *testing.T) {
	for _, base := range []string{"http://localhost:3000", "https://abcdefghij.execute-api.ap-southeast-2.amazonaws.com"} {
		for language := range links {
			got := Link(language, strings.Repeat("W", 11), base+"/#/l/"+token)
			if len(got) < len(base)+len(token)+25 {
				t.Errorf("%s: only %q is left", language, got)
			}
		}
	}
}

// Whatever an organization may be set to: one part, with the whole link in it.
func TestLinkIsOnePart(t *testing.T) {
	name := rapid.SliceOfN(rapid.SampledFrom([]rune(basic+extension)), 1, 20)
	rest := rapid.StringOfN(rapid.RuneFrom([]rune("abcXYZ019-._~/%$&'()*+,;=:@!")), 1, 52, 52)
	rapid.Check(t, func(t *rapid.T) {
		link := "https://" + rest.Draw(t, "address") + "/#/l/" + token
		got := Link(rapid.SampledFrom([]string{"en", "es", "de"}).Draw(t, "language"), string(name.Draw(t, "name")), link)
		if n, ok := Septets(got); !ok || n > maxSeptets {
			t.Errorf("%d septets, GSM-7 %v: %q", n, ok, got)
		}
		if !strings.HasSuffix(got, link) {
			t.Errorf("%q does not end with the link", got)
		}
	})
}

// N6: the only things that vary are the two slots.
func TestTextsHaveTwoSlots(t *testing.T) {
	for language, template := range links {
		words := strings.NewReplacer("%[1]s", "", "%[2]s", "").Replace(string(template))
		if strings.Contains(words, "%") {
			t.Errorf("%s: %q has another slot", language, template)
		}
		if _, ok := Septets(words); !ok {
			t.Errorf("%s: %q is not GSM-7", language, template)
		}
	}
}

func TestSeptets(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "é": 1, "€": 2, "a~b": 4, "í": -1, "“": -1} {
		n, ok := Septets(text)
		if !ok {
			n = -1
		}
		if n != want {
			t.Errorf("%q: %d, want %d", text, n, want)
		}
	}
}
