package keyword

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

// phones is a table of phones in memory, and the texts that were sent to them.
type phones struct {
	states  map[string]chat.PhoneState
	owners  []chat.Profile // of every phone
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

func (p *phones) MembersWithPhone(context.Context, string, int) (all []chat.MemberKey, err error) {
	for _, m := range p.owners {
		all = append(all, m.Key())
	}
	return all, nil
}

func (p *phones) Profile(_ context.Context, m chat.MemberKey) (*chat.Profile, error) {
	for _, each := range p.owners {
		if each.Key() == m {
			return &each, nil
		}
	}
	return nil, nil
}

func (p *phones) Catalog(context.Context, string, bool) (chat.Catalog, error) {
	return chat.Catalog{Organization: chat.Organization{ShortName: "Harbor Care", Emergency: chat.Labels{"en": "In an emergency call 911."}}}, nil
}

func (p *phones) text(_ context.Context, _, text string) error {
	p.texts = append(p.texts, text)
	return p.refusal
}

// newHandler returns a handler and a phone with this status.
func newHandler(status chat.ChannelStatus) (*Handler, *phones) {
	p := &phones{states: map[string]chat.PhoneState{}}
	if status != "" {
		p.states[ana] = chat.PhoneState{Status: status, At: noon.Add(-time.Hour), Version: 1}
	}
	return &Handler{Store: p, Send: p.text}, p
}

func textOf(id int, text string) Text {
	return Text{ID: fmt.Sprint("m", id), Phone: ana, Body: text, At: noon.Add(time.Duration(id) * time.Second)}
}

func TestATextChangesAPhone(t *testing.T) {
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
			h, p := newHandler(from)
			got, err := h.Handle(t.Context(), textOf(1, text))
			state := p.states[ana]
			if err != nil || state.Status != want.status || got.Changed != want.changed || len(p.texts) > 0 != want.changed {
				t.Errorf("%s from %q: %+v, %+v, texts %q, %v", text, from, state, got, p.texts, err)
			}
			if state.Cause != "m1" || !state.At.Equal(noon.Add(time.Second)) {
				t.Errorf("%s from %q: caused by %s at %v", text, from, state.Cause, state.At)
			}
		}
	}
}

func TestOtherTextsChangeNothing(t *testing.T) {
	h, p := newHandler("")
	got, err := h.Handle(t.Context(), textOf(1, "I can't stop coughing"))
	if err != nil || got.Keyword != None || len(p.states)+len(p.texts) > 0 {
		t.Errorf("%+v %+v, %v", got, p, err)
	}
}

// Deliveries may repeat and overtake each other: the latest text counts, and each is
// confirmed at most once.
func TestTheLatestTextCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, p := newHandler(rapid.SampledFrom([]chat.ChannelStatus{"", chat.Usable, chat.OptedOut, chat.OptedOutAtCarrier}).Draw(t, "status"))
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"STOP", "start", "hello"}), 1, 6).Draw(t, "texts")
		once := rapid.Permutation(indices(words)).Draw(t, "order")
		again := rapid.SliceOf(rapid.SampledFrom(once)).Draw(t, "again")
		confirmed := map[int]bool{}
		for _, id := range append(once, again...) {
			got, err := h.Handle(t.Context(), textOf(id, words[id]))
			if err != nil || got.Changed && confirmed[id] {
				t.Errorf("%q: %+v again, %v", words[id], got, err)
			}
			confirmed[id] = confirmed[id] || got.Changed
		}
		if last := lastKeyword(words); last != None && p.states[ana].IsOptedOut() != (last == Stop) {
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
		if k, _ := Parse(w); k != None {
			last = k
		}
	}
	return last
}

// Of two deliveries of a text at once, one confirms it.
func TestTwoDeliveriesAtOnceConfirmOnce(t *testing.T) {
	h, p := newHandler("")
	p.before = func() { _, _ = h.Handle(t.Context(), textOf(1, "STOP")) }
	got, err := h.Handle(t.Context(), textOf(1, "STOP"))
	if err != nil || got.Changed || len(p.texts) != 1 || p.states[ana].Version != 1 {
		t.Errorf("%+v, %+v, %v", got, p, err)
	}
}

func TestAnUnsentConfirmationUndoesNothing(t *testing.T) {
	for _, refusal := range []error{chat.ErrOptedOut, chat.ErrUnsure, errors.New("throttled")} {
		h, p := newHandler(chat.Usable)
		p.refusal = refusal
		got, err := h.Handle(t.Context(), textOf(1, "STOP"))
		if diff := cmp.Diff(chat.OptedOut, p.states[ana].Status); diff != "" || err != nil || !errors.Is(got.Unconfirmed, refusal) {
			t.Errorf("%s%v, %v", diff, got.Unconfirmed, err)
		}
	}
}

// If the transport still refuses the phone after START, the status says so.
func TestStartFailsWhileTheCarrierRefuses(t *testing.T) {
	h, p := newHandler(chat.OptedOutAtCarrier)
	p.refusal = chat.ErrOptedOut
	for range 2 { // the second is a repeated delivery
		if _, err := h.Handle(t.Context(), textOf(1, "START")); err != nil || p.states[ana].Status != chat.OptedOutAtCarrier {
			t.Errorf("%+v, %v", p.states[ana], err)
		}
	}
	p.refusal = nil
	if _, err := h.Handle(t.Context(), textOf(2, "START")); err != nil || p.states[ana].Status != chat.Usable || len(p.texts) != 2 {
		t.Errorf("%+v, %v", p, err)
	}
}

// A STOP that comes while the confirmation of a START is refused counts: the refusal is
// about the START.
func TestARefusedStartUndoesNoLaterStop(t *testing.T) {
	h, p := newHandler(chat.OptedOutAtCarrier)
	h.Send = func(ctx context.Context, phone, text string) error {
		h.Send = p.text
		_, err := h.Handle(ctx, textOf(2, "STOP"))
		return errors.Join(err, chat.ErrOptedOut)
	}
	if _, err := h.Handle(t.Context(), textOf(1, "START")); err != nil || p.states[ana].Status != chat.OptedOut || p.states[ana].Cause != "m2" {
		t.Errorf("%+v, %v", p.states[ana], err)
	}
}

// Only a later text overrides a text; what SNS said of the number meanwhile does not.
func TestATextCountsWhateverSNSSaidMeanwhile(t *testing.T) {
	for text, want := range map[string]chat.ChannelStatus{"STOP": chat.OptedOut, "START": chat.Usable} {
		h, p := newHandler("")
		p.states[ana] = chat.PhoneState{Status: chat.OptedOutAtCarrier, At: noon.Add(time.Hour), Version: 1}
		if _, err := h.Handle(t.Context(), textOf(1, text)); err != nil || p.states[ana].Status != want {
			t.Errorf("%s: %+v, %v", text, p.states[ana], err)
		}
	}
}

func TestAFailedReadIsAnError(t *testing.T) {
	h, p := newHandler("")
	p.broken = errors.New("no table")
	if _, err := h.Handle(t.Context(), textOf(1, "STOP")); !errors.Is(err, p.broken) || len(p.texts) > 0 {
		t.Errorf("%v, texts %q", err, p.texts)
	}
}
