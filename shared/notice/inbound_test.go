package notice

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"carechat/shared/chat"
)

const ana = "+15550100101"

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// phones is a table of phones in memory, and the texts that they were sent.
type phones struct {
	states  map[string]chat.PhoneState
	texts   []string
	before  func() // a save
	refusal error  // of texts
	broken  error  // reads fail
}

func (p *phones) PhoneState(_ context.Context, phone string) (chat.PhoneState, error) {
	return p.states[phone], p.broken
}

func (p *phones) SavePhoneState(_ context.Context, phone string, s chat.PhoneState) error {
	if p.before != nil {
		before := p.before
		p.before = nil
		before()
	}
	if s.Version != p.states[phone].Version+1 {
		return chat.ErrConflict
	}
	p.states[phone] = s
	return nil
}

func (p *phones) text(_ context.Context, _, text string) error {
	p.texts = append(p.texts, text)
	return p.refusal
}

// listen hears for a phone that stands like this.
func listen(status chat.ChannelStatus) (*Listener, *phones) {
	p := &phones{states: map[string]chat.PhoneState{}}
	if status != "" {
		p.states[ana] = chat.PhoneState{Status: status, At: noon.Add(-time.Hour), Version: 1}
	}
	return &Listener{Store: p, Send: p.text}, p
}

func textOf(id int, text string) Inbound {
	return Inbound{ID: fmt.Sprint("m", id), Phone: ana, Text: text, At: noon.Add(time.Duration(id) * time.Second)}
}

func TestATextMovesAPhone(t *testing.T) {
	for from, to := range map[chat.ChannelStatus]map[string]struct {
		status  chat.ChannelStatus
		changed bool
	}{
		"":                     {"STOP": {chat.OptedOut, true}, "START": {chat.Usable, false}},
		chat.Usable:            {"STOP": {chat.OptedOut, true}, "START": {chat.Usable, false}},
		chat.Failing:           {"STOP": {chat.OptedOut, true}, "START": {chat.Usable, false}},
		chat.OptedOut:          {"STOP": {chat.OptedOut, false}, "START": {chat.Usable, true}},
		chat.OptedOutAtCarrier: {"STOP": {chat.OptedOut, false}, "START": {chat.Usable, true}},
	} {
		for text, want := range to {
			l, p := listen(from)
			heard, err := l.Hear(t.Context(), textOf(1, text))
			state := p.states[ana]
			if err != nil || state.Status != want.status || heard.Changed != want.changed || len(p.texts) > 0 != want.changed {
				t.Errorf("%s from %q: %+v, %+v, texts %q, %v", text, from, state, heard, p.texts, err)
			}
			if state.Cause != "m1" || !state.At.Equal(noon.Add(time.Second)) {
				t.Errorf("%s from %q: caused by %s at %v", text, from, state.Cause, state.At)
			}
		}
	}
}

func TestOrdinaryTextsLeaveNothing(t *testing.T) {
	l, p := listen("")
	heard, err := l.Hear(t.Context(), textOf(1, "I can't stop coughing"))
	if err != nil || heard.Keyword != NoKeyword || len(p.states)+len(p.texts) > 0 {
		t.Errorf("%+v %+v, %v", heard, p, err)
	}
}

// Deliveries may repeat and overtake each other: the latest text counts, and
// each is confirmed once at the most.
func TestTheLatestTextCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, p := listen(rapid.SampledFrom([]chat.ChannelStatus{"", chat.Usable, chat.OptedOut, chat.OptedOutAtCarrier}).Draw(t, "status"))
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"STOP", "start", "hello"}), 1, 6).Draw(t, "texts")
		once := rapid.Permutation(indices(words)).Draw(t, "order")
		again := rapid.SliceOf(rapid.SampledFrom(once)).Draw(t, "again")
		confirmed := map[int]bool{}
		for _, id := range append(once, again...) {
			heard, err := l.Hear(t.Context(), textOf(id, words[id]))
			if err != nil || heard.Changed && confirmed[id] {
				t.Errorf("%q: %+v again, %v", words[id], heard, err)
			}
			confirmed[id] = confirmed[id] || heard.Changed
		}
		if last := lastKeyword(words); last != NoKeyword && silent(p.states[ana]) != (last == Stop) {
			t.Errorf("%q ends %q", words, p.states[ana].Status)
		}
	})
}

func indices(words []string) []int {
	var all []int
	for i := range words {
		all = append(all, i)
	}
	return all
}

func lastKeyword(words []string) (last Keyword) {
	for _, w := range words {
		if k, _ := KeywordOf(w); k != NoKeyword {
			last = k
		}
	}
	return last
}

// Two deliveries of one text at once: one of them confirms.
func TestTwoDeliveriesAtOnceConfirmOnce(t *testing.T) {
	l, p := listen("")
	p.before = func() { _, _ = l.Hear(t.Context(), textOf(1, "STOP")) }
	heard, err := l.Hear(t.Context(), textOf(1, "STOP"))
	if err != nil || heard.Changed || len(p.texts) != 1 || p.states[ana].Version != 1 {
		t.Errorf("%+v, %+v, %v", heard, p, err)
	}
}

func TestAnUnsentConfirmationUndoesNothing(t *testing.T) {
	for _, refusal := range []error{ErrOptedOut, ErrUnsure, errors.New("throttled")} {
		l, p := listen(chat.Usable)
		p.refusal = refusal
		heard, err := l.Hear(t.Context(), textOf(1, "STOP"))
		if diff := cmp.Diff(chat.OptedOut, p.states[ana].Status); diff != "" || err != nil || !errors.Is(heard.Failed, refusal) {
			t.Errorf("%s%v, %v", diff, heard.Failed, err)
		}
	}
}

// START does not help where the transport goes on refusing: the status says so.
func TestStartIsNotBelievedAgainstTheCarrier(t *testing.T) {
	l, p := listen(chat.OptedOutAtCarrier)
	p.refusal = ErrOptedOut
	for range 2 { // the second is a repeated delivery
		if _, err := l.Hear(t.Context(), textOf(1, "START")); err != nil || p.states[ana].Status != chat.OptedOutAtCarrier {
			t.Errorf("%+v, %v", p.states[ana], err)
		}
	}
	p.refusal = nil
	if _, err := l.Hear(t.Context(), textOf(2, "START")); err != nil || p.states[ana].Status != chat.Usable || len(p.texts) != 2 {
		t.Errorf("%+v, %v", p, err)
	}
}

// A STOP that comes while the answer to a START is refused is the last word: what
// the refusal says is of the START.
func TestARefusedStartUndoesNoLaterStop(t *testing.T) {
	l, p := listen(chat.OptedOutAtCarrier)
	l.Send = func(ctx context.Context, phone, text string) error {
		l.Send = p.text
		_, err := l.Hear(ctx, textOf(2, "STOP"))
		return errors.Join(err, ErrOptedOut)
	}
	if _, err := l.Hear(t.Context(), textOf(1, "START")); err != nil || p.states[ana].Status != chat.OptedOut || p.states[ana].Cause != "m2" {
		t.Errorf("%+v, %v", p.states[ana], err)
	}
}

// Only a later text overtakes a text: what SNS said of the number meanwhile does not.
func TestATextCountsWhateverSNSSaidMeanwhile(t *testing.T) {
	for text, want := range map[string]chat.ChannelStatus{"STOP": chat.OptedOut, "START": chat.Usable} {
		l, p := listen("")
		p.states[ana] = chat.PhoneState{Status: chat.OptedOutAtCarrier, At: noon.Add(time.Hour), Version: 1}
		if _, err := l.Hear(t.Context(), textOf(1, text)); err != nil || p.states[ana].Status != want {
			t.Errorf("%s: %+v, %v", text, p.states[ana], err)
		}
	}
}

func TestWhatIsNotAppliedIsAnError(t *testing.T) {
	l, p := listen("")
	p.broken = errors.New("no table")
	if _, err := l.Hear(t.Context(), textOf(1, "STOP")); !errors.Is(err, p.broken) || len(p.texts) > 0 {
		t.Errorf("%v, texts %q", err, p.texts)
	}
}
