package keyword

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestKeywords(t *testing.T) {
	for want, texts := range map[meaning][]string{
		{Stop, ""}: {
			"STOP", "stop", " Stop.\n", "“Stop!!!”", "STOPALL", "Stop all", "stop stop STOP", "Stop please", "please stop", "PLEASE, STOP NOW. Thank you",
			"stop texting me", "Stop sending me texts", "stop all messages please", "Por favor STOP", "Responda STOP", "St\u200bop", "stop mensajes", "STOP 🛑", "Stop notifications", "stop the reminders please", "stop alerts",
			"Stop. Don't text me", "STOP, no more", "No! STOP texting me", "Stop. Do not send me any more messages", "STOP please do not contact me",
			"I don't want any more texts. STOP",
			"Reply STOP", "STOP to opt out", "Reply STOP to opt out", "please stop sending text reminders", "stop these messages", "I want to stop getting these texts",
		},
		{Stop, "en"}: {
			"Unsubscribe", "unsubscribe me please", "CANCEL", "End", "quit", "Quit!", "Revoke", "OPT OUT", "opt-out", "OptOut", "remove", "ARRET", "Arrêt", "Arre\u0302t", "td",
			"Opt me out", "cancel texts", "cancel all", "quit, thank you", "Stop it.", "Please stop it!", "please unsubscribe me from these texts", "I want to opt out", "I would like to opt out of all messages", "revoke",
			"I do not want any more messages", "do not send me texts", "don't contact me", "Don't text me", "don’t text me", "No more texts, thanks", "I don't want to get texts",
			"take me off your list", "Please remove me from this list.", "leave me alone", "remove messages", "unsubscribe, wrong number",
			"Opt out! Opt out!", "Thank you, opt out", "opt out. thank you", "Remove me. Take me off your list!", "leave me alone, opt me out", "No, more texts", "No, no more texts",
		},
		{Stop, "es"}:  {"ALTO", "Alto, por favor", "Baja", "parar", "cancelar", "NO MÁS", "no mas, gracias", "Ya no más mensajes", "no ma\u0301s", "Detener", "darme de baja por favor", "basta ya", "No me escriban más", "No más avisos", "parar las notificaciones", "No quiero mensajes", "no quiero recibir más mensajes", "Quiero darme de baja", "no me envíen textos", "Dejen de enviarme mensajes", "deje de mandarme textos por favor", "Bórrenme de la lista", "la baja de los mensajes", "No, más mensajes", "No, no quiero mensajes"},
		{Start, ""}:   {"START", "start please", "Unstop", "¡Start!", "Start texting me"},
		{Start, "en"}: {"opt in", "OPT-IN", "Subscribe"},
		{Start, "es"}: {"INICIAR", "empezar", "Iniciar los mensajes", "alta"},
	} {
		for _, text := range texts {
			if k, language := Parse(text); k != want.keyword || language != want.language {
				t.Errorf("%q is %q in %q, want %q in %q", text, k, language, want.keyword, want.language)
			}
		}
	}
}

// An ordinary sentence is not a keyword, whatever words it has.
func TestSentencesAreNoKeywords(t *testing.T) {
	for _, text := range []string{
		"", " ", "?", "Yes", "Sí", "no", "thanks", "thank you!", "now", "please", "gracias", "all", "texts",
		"I can't stop coughing", "When does it end?", "Stop by later", "Don't stop", "do not stop", "I stopped the medication", "stop it hurts",
		"should I quit smoking", "Please cancel my appointment", "cancel tomorrow", "I want to end", "End me", "the end", "to end", "you end",
		"When should I stop the tablets?", "No", "no thanks", "please don't stop texting me", "never stop", "no pare", "I want to end it all", "I want to end all",
		"stop sending me to that clinic", "I do not want the operation", "unsubscribe me from the study", "I don't want medication reminders at night",
		"Can I start the new pills?", "start tomorrow", "when do I start", "restart", "nonstop", "stopping",
		"I don't get my messages", "I do not get your texts", "I don't receive texts from you", "I never get messages", "I am not getting your text messages",
		"I do not want to stop", "I don't want my texts to stop", "No, don't stop", "I do not want to opt out", "No quiero darme de baja", "stop, don't stop",
		"No más dolor", "no cancelar", "cancelar mi cita", "presión baja", "alto azúcar", "el fin", "no parar", "dar de alta",
		"ya dejé de fumar", "no deje de enviarme mensajes", "remove me from the study", "take me off the medication", "don't leave me alone", "wrong number", "quíteme el dolor",
		"Do I need to stop?", "Do I stop now?", "Would you like me to stop?", "Should I stop taking the tablets?", "Can you take me off the list for Tuesday?", "leave me alone with the pills?",
		"Necesito la baja", "Quiero mi baja por favor", "No, text me", "No, please send me a message", "No, I want messages", "No, quiero recibir más mensajes", "No, envíen mensajes",
		"Liked “Harbor Care: new message https://care.example.org Reply STOP to opt out”", "STOP START", "start stop",
		strings.Repeat("please ", 1000) + "help",
	} {
		if k, language := Parse(text); k != None || language != "" {
			t.Errorf("%q is %q in %q", text, k, language)
		}
	}
}

// Case, signs and polite words do not matter to a keyword; any other word makes the
// text an ordinary one.
func TestTheWholeTextCounts(t *testing.T) {
	var all, courtesies []string
	for keyword := range meanings() {
		all = append(all, keyword)
	}
	courtesies = append(strings.Split(polite, "|"), "")
	rapid.Check(t, func(t *rapid.T) {
		keyword := rapid.SampledFrom(all).Draw(t, "keyword")
		sign := rapid.SampledFrom([]string{"", " ", "!", "...", "\n", "¡", "🙏"})
		courtesy := rapid.SampledFrom(courtesies)
		text := sign.Draw(t, "first") + courtesy.Draw(t, "before") + " " + strings.ToUpper(keyword) + " " + courtesy.Draw(t, "after") + sign.Draw(t, "last")
		if k, language := Parse(text); (meaning{k, language}) != meanings()[keyword] {
			t.Errorf("%q is %q in %q", text, k, language)
		}
		word := rapid.SampledFrom([]string{"coughing", "appointment", "can't", "pills", "dolor", "cita"}).Draw(t, "word")
		for _, sentence := range []string{word + " " + text, text + " " + word} {
			if k, _ := Parse(sentence); k != None {
				t.Errorf("%q is %q", sentence, k)
			}
		}
	})
}
