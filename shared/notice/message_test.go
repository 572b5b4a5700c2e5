package notice

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"carechat/shared/chat"
	"carechat/tests/support/gsm"
)

const token = "q3VZb0c2dWJ5c0xhbXBzQW5kT2s"

func TestMessagesAreInTheMembersLanguage(t *testing.T) {
	const link = "https://care.example.org/#/l/" + token
	for language, want := range map[string]string{
		"en": "Harbor: you have a new message. Log in: " + link,
		"es": "Harbor: tiene un mensaje nuevo. Entrar: " + link,
		"fr": "Harbor: you have a new message. Log in: " + link,
		"":   "Harbor: you have a new message. Log in: " + link,
	} {
		if got := News(chat.SMS, language, "Harbor", link, false).Text; got != want {
			t.Errorf("%q: %q", language, got)
		}
	}
}

// N4: for every setting that an organization can have, a text is one part with the
// whole link, and says how to stop such texts when it has to.
func TestATextIsOnePart(t *testing.T) {
	// What a PUT of an organization takes: 20 characters, 60 of a plain https URL.
	name := rapid.SliceOfN(rapid.SampledFrom([]rune(gsm.Basic+gsm.Extension)), 1, 20)
	rest := rapid.StringMatching(`[A-Za-z0-9.-]{1,30}/[A-Za-z0-9._/-]{0,21}`)
	rapid.Check(t, func(t *rapid.T) {
		short := name.Draw(t, "name")
		for n, _ := gsm.Septets(string(short)); n > 20; n, _ = gsm.Septets(string(short)) {
			short = short[1:]
		}
		link := "https://" + rest.Draw(t, "address") + "/#/l/" + token
		language := rapid.SampledFrom([]string{"en", "es", "de"}).Draw(t, "language")
		stop := rapid.Bool().Draw(t, "stop")
		texts := []string{
			News(chat.SMS, language, string(short), link, stop).Text,
			LinkAsked(chat.SMS, language, string(short), link).Text,
		}
		for _, text := range texts {
			if n, ok := gsm.Septets(text); !ok || n > gsm.OnePart {
				t.Errorf("%d septets, GSM-7 %v: %q", n, ok, text)
			}
			if !strings.Contains(text, link) {
				t.Errorf("%q lacks the link", text)
			}
		}
		if strings.Contains(texts[0], "STOP") != stop {
			t.Errorf("stop %v: %q", stop, texts[0])
		}
	})
}

// N6: the two slots are all that varies in a template.
func TestTemplatesHaveTwoSlots(t *testing.T) {
	slots := regexp.MustCompile(`\{[^}]*\}?|%|<|\$`)
	files := 0
	err := fs.WalkDir(templates, "words", func(path string, f fs.DirEntry, err error) error {
		if err != nil || f.IsDir() {
			return err
		}
		files++
		text, err := templates.ReadFile(path)
		for _, slot := range slots.FindAllString(string(text), -1) {
			if slot != "{organization}" && slot != "{link}" {
				t.Errorf("%s has another slot: %q", path, slot)
			}
		}
		if strings.HasSuffix(path, "subject.txt") && strings.ContainsAny(string(text), "{\n") {
			t.Errorf("%s: a subject is one fixed line", path)
		}
		return err
	})
	if err != nil || files == 0 {
		t.Fatalf("%d files, %v", files, err)
	}
}

// Every language has every template.
func TestLanguagesHaveTheSameTemplates(t *testing.T) {
	names := func(language string) (all []string) {
		files, err := templates.ReadDir("words/" + language)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			all = append(all, f.Name())
		}
		return all
	}
	if en, es := strings.Join(names("en"), " "), strings.Join(names("es"), " "); en != es {
		t.Errorf("en has %s, es has %s", en, es)
	}
}
