package keyword

import (
	"errors"
	"strings"
	"testing"
	"time"

	"carechat/shared/chat"
	"carechat/tests/support/gsm"
)

// N7: whoever answers a notice learns once a day that nobody reads it; a phone that
// opted out, or is no active member's, gets nothing, and nothing of a text is kept.
func TestAnyOtherTextIsAnsweredOnceADay(t *testing.T) {
	active := chat.Profile{Organization: "harbor", ID: "ana", Phone: ana, Language: "en", Active: true}
	disabled, moved := active, active
	disabled.ID, disabled.Active, moved.Phone = "ben", false, "+15550100199"
	for name, c := range map[string]struct {
		status chat.ChannelStatus
		owners []chat.Profile
		want   int
	}{
		"a member's":         {"", []chat.Profile{active}, 2},
		"one of two":         {chat.Usable, []chat.Profile{disabled, active}, 2},
		"nobody's":           {"", nil, 0},
		"a disabled one's":   {"", []chat.Profile{disabled}, 0},
		"another's by now":   {"", []chat.Profile{moved}, 0},
		"opted out":          {chat.OptedOut, []chat.Profile{active}, 0},
		"out at the carrier": {chat.OptedOutAtCarrier, []chat.Profile{active}, 0},
	} {
		h, p := newHandler(c.status)
		p.owners = c.owners
		for n, after := range []time.Duration{0, 0, 24*time.Hour - time.Minute, 24 * time.Hour} {
			text := textOf(n, "My secret cough is worse")
			text.At = noon.Add(after)
			if _, err := h.Handle(t.Context(), text); err != nil {
				t.Fatal(err)
			}
		}
		if len(p.texts) != c.want {
			t.Errorf("%s: %q", name, p.texts)
		}
		if c.want > 0 && (!strings.Contains(p.texts[0], "Harbor Care") || !strings.Contains(p.texts[0], "911")) {
			t.Errorf("%s: %q", name, p.texts[0])
		}
	}
}

// N7: a text whose answer was not sent is answered at its repeat, once; one whose answer
// may have been sent, or that nobody can get, is not.
func TestAnAnswerThatWasNotSentIsSentAtTheRepeat(t *testing.T) {
	for _, c := range []struct {
		refusal error
		again   bool
	}{{chat.ErrThrottled, true}, {chat.ErrBusy, true}, {chat.ErrUnsure, false}, {chat.ErrOptedOut, false}, {chat.ErrInvalid, false}} {
		h, p := newHandler(chat.Usable)
		p.owners = []chat.Profile{{Organization: "harbor", ID: "ana", Phone: ana, Language: "en", Active: true}}
		p.refusal = c.refusal
		if got, err := h.Handle(t.Context(), textOf(1, "hello")); !errors.Is(err, c.refusal) || got.Answered == c.again {
			t.Errorf("%v: %+v, %v", c.refusal, got, err)
		}
		p.refusal = nil
		for _, answered := range []bool{c.again, false} {
			if got, err := h.Handle(t.Context(), textOf(1, "hello")); err != nil || got.Answered != answered {
				t.Errorf("%v: %+v, %v, want answered %v", c.refusal, got, err, answered)
			}
		}
	}
}

// N7: an organization's emergency line is sent in another language if it has none in the
// member's, and 911 is named only where every phone may call it.
func TestTheEmergencyLineFitsWhoReadsIt(t *testing.T) {
	long := chat.Labels{"en": strings.Repeat("Call somebody. ", 12)}
	for want, o := range map[string]chat.Organization{
		"Llame al numero 112": {Languages: []string{"es"}, Emergency: chat.Labels{"es": "Llame al número 112"}},
		"Call 112.":           {Languages: []string{"en"}, Emergency: chat.Labels{"en": "Call 112."}},
		"llame al 911":        {Countries: []string{"+1"}, Emergency: long},
		"llame a emergencia":  {Countries: []string{"+1", "+52"}, Emergency: long},
	} {
		if text := NobodyReads(o, "es", "https://chats.example.org"); !strings.Contains(text, want) {
			t.Errorf("%q is without %q", text, want)
		}
	}
}

// N7: the answer is one part, whatever an organization's words are.
func TestTheAnswerIsOnePart(t *testing.T) {
	long := strings.Repeat("Llame al número de emergencia. ", 9)
	for _, language := range []string{"en", "es", "fr", ""} {
		for _, o := range []chat.Organization{
			{ShortName: "Harbor"},
			{ShortName: "Abcdefghijklmnopqrst", LinkURL: "https://" + strings.Repeat("x", 52), Emergency: chat.Labels{"en": long, "es": long}},
			{ShortName: "{}[]~|€ñü", Emergency: chat.Labels{"es": "¡Llame al 911! Si se siente en peligro, vaya a urgencias.", "en": "Call 911 😀"}},
		} {
			text := NobodyReads(o, language, "https://abcdefghij.execute-api.us-east-1.amazonaws.com")
			if n, ok := gsm.Septets(text); !ok || n > gsm.OnePart || strings.Contains(text, "{link}") {
				t.Errorf("%q: %d septets, %v: %q", language, n, ok, text)
			}
		}
	}
}
