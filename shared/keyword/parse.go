package keyword

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// Keyword is what a text asks for.
type Keyword string

// The keywords. None stands for every other text.
const (
	None  Keyword = ""
	Stop  Keyword = "stop"
	Start Keyword = "start"
)

// meaning is what a phrase asks for, and its language: "" for one that every
// language uses.
type meaning struct {
	keyword  Keyword
	language string
}

// phrases are lower case, without accents and punctuation. Those of STOP are what the
// words of stop.go do not make. "Yes" starts nothing: it may answer anything, and must
// not undo a STOP.
var phrases = map[meaning]string{
	{Stop, "en"}:  "no more|do not text me|dont text me|stop it|do not contact me|dont contact me|unsubscribe me|remove me",
	{Stop, "es"}:  "no mas|no me escriban|no me escriban mas",
	{Start, ""}:   "start|unstop",
	{Start, "en"}: "subscribe|resubscribe|opt in|optin|opt me in",
	{Start, "es"}: "iniciar|inicio|empezar|comenzar|reanudar|alta",
}

// meanings has the meaning of each phrase.
var meanings = sync.OnceValue(func() map[string]meaning {
	all := map[string]meaning{}
	for m, list := range phrases {
		for phrase := range strings.SplitSeq(list, "|") {
			all[phrase] = m
		}
	}
	return all
})

// A phrase may have polite words around it, and name what is to stop or start.
const (
	polite = "please|pls|plz|kindly|thanks|thank you|thx|now|por favor|gracias|ya|reply|responda"
	named  = "all|texting|texting me|messaging me|contacting me|" +
		"(?:sending )?(?:me )?(?:all |the |these |your |los |las |sus )?(?:texts?|text messages?|messages?|sms|notifications?|alerts?|reminders?|mensajes?|textos?|avisos?|notificaciones|recordatorios?)"
)

var wholeText = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:(?:` + polite + `) )*(.+?)(?: (?:` + named + `))?(?: (?:` + polite + `))*$`)
})

// exclaimed is a "No!" before what a text says.
var exclaimed = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)^\W*no\s*[!.,;:]`) })

// wished is what after such a "No!" asks for texts.
var wished = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(?:want|need|like|wish|send|(?:text|message|contact) me|quiero|deseo|necesito|envien?|manden?)\b`)
})

// Parse returns what a text asks for and the language of its words, "" for those that
// every language uses (N7). The whole text counts: a phrase above with the words around
// it, or words of stop.go alone. "Stop texting me, please!" and "Reply STOP to opt out"
// are Stop; "I can't stop coughing", "Please don't stop texting me" and "When does it
// end?" are None. Case, accents and punctuation do not matter.
func Parse(text string) (k Keyword, language string) {
	words := normalize(text)
	if parts := wholeText().FindStringSubmatch(words); parts != nil {
		if m, ok := meanings()[parts[1]]; ok {
			return m.keyword, m.language
		}
	}
	said := []string{words, normalize(exclaimed().ReplaceAllString(text, ""))}
	if said[0] != said[1] && wished().MatchString(said[1]) {
		said = said[1:] // "No, text me" is a wish for texts
	}
	for _, words := range said {
		if language, ok := asksToStop(words); ok {
			return Stop, language
		}
	}
	return None, ""
}

var withoutAccents = strings.NewReplacer("á", "a", "à", "a", "â", "a", "ä", "a", "é", "e", "è", "e", "ê", "e", "ë", "e",
	"í", "i", "î", "i", "ï", "i", "ó", "o", "ô", "o", "ö", "o", "ú", "u", "ù", "u", "û", "u", "ü", "u", "ñ", "n", "ç", "c")

// normalize returns a text's words in lower case with one space between them, and
// drops a word that repeats the one before it. Apostrophes, combining accents and
// invisible characters vanish; every other sign separates words.
func normalize(text string) string {
	words := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return r
		case r == '\'', r == '’', unicode.In(r, unicode.Mn, unicode.Cf):
			return -1
		default:
			return ' '
		}
	}, withoutAccents.Replace(strings.ToLower(text)))
	return strings.Join(slices.Compact(strings.Fields(words)), " ")
}
