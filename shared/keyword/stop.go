package keyword

import (
	"slices"
	"strings"
	"sync"
)

// The words of which a text that asks for no more texts is made (N7), lower case and
// without accents, in English and Spanish. The lists are closed: a text with any
// other word is an ordinary one.
const (
	// A clear stop word needs no other. An unclear one, which also ends other things,
	// stands alone or with the name of what it ends.
	clearWords   = "stop stopall unsubscribe optout revoke arret baja borreme borrenme quiteme quitenme"
	unclearWords = "cancel end quit remove td alto parar pare paren cancelar cancele cancelen detener detenga detengan fin basta labaja"
	negations    = "no not dont never nunca jamas"
	// With a negation and what is not to be sent these ask for no more of it.
	sendingWords = "send text message contact envie envien enviar enviarme mande manden mandar mandarme escriba escriban " + wantingWords
	wantingWords = "want need like wish more quiero deseo necesito mas"
	// Whoever does not get texts may miss them: these count with a word of wanting alone.
	gettingWords = "get receive getting receiving reciba recibir"
	things       = "text texts texting message messages messaging sms notification notifications alert alerts reminder reminders " +
		"mensaje mensajes texto textos aviso avisos notificacion notificaciones recordatorio recordatorios"
	courtesyWords = "please pls plz kindly thanks thankyou thx now all ok okay hi hello reply respond " +
		"por favor gracias ya hola responda responder"
	fillers = "i id im am you would do to us me my any anymore these those this the that your from of out for sending " +
		"contacting list number phone subscription a las los la el todos todas sus estos estas de mi me mis dar darme enviando " +
		"mandando lista numero con quisiera wrong equivocado"
)

// spanish are the stop words, negations and verbs of Spanish alone.
const spanish = "baja labaja borreme borrenme quiteme quitenme alto parar pare paren cancelar cancele cancelen detener detenga detengan fin basta nunca jamas " +
	"quiero deseo necesito envie envien enviar enviarme mande manden mandar mandarme escriba escriban reciba recibir mas"

var lists = sync.OnceValue(func() map[string]map[string]bool {
	all := map[string]map[string]bool{}
	for _, list := range []string{clearWords, unclearWords, negations, sendingWords, wantingWords, gettingWords, things, courtesyWords, fillers, spanish} {
		words := map[string]bool{}
		for _, word := range strings.Fields(list) {
			words[word] = true
		}
		all[list] = words
	}
	return all
})

// asOneWord writes as one word what means the same as one. "La baja" is a sick leave too, and
// a question whether to stop may be about tablets. Two spaces are between words, so that
// phrases may follow each other.
var asOneWord = sync.OnceValue(func() *strings.Replacer {
	var all []string
	for one, phrases := range map[string]string{
		"optout":   "opt out|opt me out|take me off|remove me|leave me alone",
		"parar":    "deje de|dejen de|dejar de",
		"thankyou": "thank you",
		"labaja":   "la baja|mi baja",
		"whether":  "do i stop|do i need to stop|am i to stop|you want me to stop|you need me to stop|you like me to stop",
	} {
		for phrase := range strings.SplitSeq(phrases, "|") {
			all = append(all, " "+strings.ReplaceAll(phrase, " ", "  ")+" ", " "+one+" ")
		}
	}
	return strings.NewReplacer(all...)
})

// asksToStop reports whether normalized words ask for no more texts, and in which
// language. "Don't stop" does not, nor does a stop word in any other sentence.
func asksToStop(text string) (language string, ok bool) {
	words := strings.Fields(asOneWord().Replace(" " + strings.ReplaceAll(text, " ", "  ") + " "))
	has := func(list string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return lists()[list][w] })
	}
	only := func(all ...string) bool {
		return !slices.ContainsFunc(words, func(w string) bool {
			return !slices.ContainsFunc(all, func(list string) bool { return lists()[list][w] })
		})
	}
	switch {
	case has(negations) && has(clearWords):
		ok = only(clearWords, negations, sendingWords, gettingWords, things, courtesyWords, fillers) && stopsUnnegated(words)
	case has(negations):
		asks := has(wantingWords) || has(sendingWords) && !has(gettingWords)
		ok = asks && has(things) && only(negations, sendingWords, gettingWords, things, courtesyWords, fillers)
	case has(clearWords):
		ok = only(clearWords, unclearWords, sendingWords, gettingWords, things, courtesyWords, fillers)
	case has(unclearWords):
		ok = only(unclearWords, courtesyWords) || has(things) && only(unclearWords, sendingWords, gettingWords, things, courtesyWords, fillers)
	}
	return languageOf(words), ok
}

// stopsUnnegated reports whether a clear stop word stands before every negation, or
// last after words that ask for no more texts, and none right after a negation. "STOP,
// no more" does; "I do not want to stop" does not.
func stopsUnnegated(words []string) bool {
	isStop := func(w string) bool { return lists()[clearWords][w] }
	isNegation := func(w string) bool { return lists()[negations][w] }
	for i, w := range words[1:] {
		if isStop(w) && isNegation(words[i]) {
			return false
		}
	}
	if slices.IndexFunc(words, isStop) < slices.IndexFunc(words, isNegation) {
		return true
	}
	before, last := words[:len(words)-1], words[len(words)-1]
	if !isStop(last) || slices.Contains([]string{"to", "de"}, before[len(before)-1]) {
		return false
	}
	_, asks := asksToStop(strings.Join(before, " "))
	return asks
}

// languageOf returns "es" for a text with a word of Spanish alone, and "" for one with
// STOP, which every language uses, and no clearer word.
func languageOf(words []string) string {
	switch {
	case slices.ContainsFunc(words, func(w string) bool { return lists()[spanish][w] }):
		return "es"
	case slices.Contains(words, "stop") || slices.Contains(words, "stopall"):
		return ""
	}
	return "en"
}
