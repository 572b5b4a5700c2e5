package notice

import "fmt"

// template has two slots: the organization's short name and the link.
type template string

// links are the texts of a link that was asked for, in GSM-7's characters alone
// (which leave out most of Spanish's accented vowels).
var links = map[string]template{
	"en": "%[1]s: here is the log-in link you asked for: %[2]s",
	"es": "%[1]s: su enlace para entrar: %[2]s",
}

// shorter say the same where an address is so long that more would not fit:
// at last the link alone.
var shorter = []template{"%[1]s: %[2]s", "%[2]s"}

// Link is the text of a link that was asked for, in English unless the language
// is known. It is one GSM-7 part of at most 160 septets for every setting that an
// organization can have.
func Link(language, shortName, link string) string {
	t, ok := links[language]
	if !ok {
		t = links["en"]
	}
	for _, each := range append([]template{t}, shorter...) {
		if text := fmt.Sprintf(string(each), shortName, link); fits(text) {
			return text
		}
	}
	return link
}
