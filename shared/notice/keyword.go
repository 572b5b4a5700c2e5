package notice

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Keyword is what a whole text asks for.
type Keyword string

// The keywords. Any other text asks for nothing that we could do.
const (
	NoKeyword Keyword = ""
	Stop      Keyword = "stop"
	Start     Keyword = "start"
)

// meaning is what a keyword asks for, and in which language; "" is any.
type meaning struct {
	keyword  Keyword
	language string
}

// keywords are in small letters, without accents and signs. Those of STOP are
// AWS's and the FCC's (which has revoke as well), and what people write instead.
// "Yes" starts nothing: it may answer anything, and must not undo a STOP.
var keywords = index(map[meaning]string{
	{Stop, ""}: "stop|stopall",
	{Stop, "en"}: "unsubscribe|unsubscribe me|cancel|end|quit|revoke|opt out|optout|opt me out|remove|remove me|arret|td|" +
		"no more|do not text me|dont text me|stop it|do not contact me|dont contact me",
	{Stop, "es"}:  "alto|baja|dar de baja|darme de baja|parar|pare|cancelar|detener|no mas|basta|fin|no me escriban|no me escriban mas",
	{Start, ""}:   "start|unstop",
	{Start, "en"}: "subscribe|resubscribe|opt in|optin|opt me in",
	{Start, "es"}: "iniciar|inicio|empezar|comenzar|reanudar|alta",
})

func index(words map[meaning]string) map[string]meaning {
	all := map[string]meaning{}
	for m, list := range words {
		for word := range strings.SplitSeq(list, "|") {
			all[word] = m
		}
	}
	return all
}

// A keyword may have polite words around it, and say of what.
const (
	polite = "please|pls|plz|kindly|thanks|thank you|thx|now|por favor|gracias|ya"
	things = "all|texting|texting me|messaging me|contacting me|" +
		"(?:sending )?(?:me )?(?:all |the |these |your |los |las |sus )?(?:texts?|text messages?|messages?|sms|notifications?|alerts?|reminders?|mensajes?|textos?|avisos?|notificaciones|recordatorios?)"
)

var wholeText = regexp.MustCompile(
	`^(?:(?:` + polite + `) )*(.+?)(?: (?:` + things + `))?(?: (?:` + polite + `))*$`)

// KeywordOf says what a text asks for, and in which language; "" is any (N7). The
// whole text counts: a keyword, perhaps said twice, with the few words above
// around it and nothing else. So "Stop texting me, please!" is STOP, and neither
// "I can't stop coughing" nor "When does it end?" is. Letters' case, accents and
// all signs are ignored.
func KeywordOf(text string) (k Keyword, language string) {
	parts := wholeText.FindStringSubmatch(plain(text))
	if parts == nil {
		return NoKeyword, ""
	}
	m := keywords[parts[1]]
	return m.keyword, m.language
}

var accents = strings.NewReplacer("á", "a", "à", "a", "â", "a", "ä", "a", "é", "e", "è", "e", "ê", "e", "ë", "e",
	"í", "i", "î", "i", "ï", "i", "ó", "o", "ô", "o", "ö", "o", "ú", "u", "ù", "u", "û", "u", "ü", "u", "ñ", "n", "ç", "c")

// plain are a text's words in small letters, one space between them, none twice
// in a row. Apostrophes, accents that stand by themselves and what is invisible
// separate no words; every other sign does.
func plain(text string) string {
	words := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return r
		case r == '\'', r == '’', unicode.In(r, unicode.Mn, unicode.Cf):
			return -1
		default:
			return ' '
		}
	}, accents.Replace(strings.ToLower(text)))
	return strings.Join(slices.Compact(strings.Fields(words)), " ")
}

// Confirmation is the text that answers a keyword: one GSM-7 part, and without a
// slot, for a phone is no organization's (N6). Notices of every language name STOP
// and START, so these are answered in all of them.
func Confirmation(k Keyword, language string) string {
	file := map[Keyword]string{Stop: "stopped.txt", Start: "started.txt"}[k]
	if language == "" {
		return spoken("en", file) + " " + spoken("es", file)
	}
	return spoken(language, file)
}
