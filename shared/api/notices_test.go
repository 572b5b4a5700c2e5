package api

import (
	"encoding/json"
	"testing"

	"carechat/shared/chat"

	"github.com/google/go-cmp/cmp"
)

// An address is shown as its owner knows it, and as nobody else can use it.
func TestAddressesAreMasked(t *testing.T) {
	for address, want := range map[string]string{
		"":                        "",
		"+15550100101":            "•••0101",
		"+1555010":                "•••5010",
		"ana@example.org":         "a•••@example.org",
		"a@example.org":           "a•••@example.org",
		"ana.reyes+x@example.org": "a•••@example.org",
		"\u212aim@example.org":    "\u212a•••@example.org",
	} {
		if got := masked(address); got != want {
			t.Errorf("%q is shown as %q, want %q", address, got, want)
		}
	}
}

// Both channels are always listed, sms first; what does not apply is left out.
func TestBothChannelsAreShown(t *testing.T) {
	for name, c := range map[string]struct {
		reach chat.MemberChannels
		want  string
	}{
		"nothing": {chat.MemberChannels{}, `{"channels":[{"kind":"sms","selected":false,"status":"missing","fix":"askCareTeam"},` +
			`{"kind":"email","selected":false,"status":"missing","fix":"askCareTeam"}],"warning":"nobodyWillBeTold"}`},
		"a text": {chat.MemberChannels{
			Profile:     chat.Profile{Phone: "+15550100101", Email: "ana@example.org"},
			Preferences: chat.Preferences{Channels: []chat.Channel{chat.SMS}, QuietHours: &chat.QuietHours{From: "22:00", To: "07:00"}},
		}, `{"channels":[{"kind":"sms","selected":true,"status":"usable","address":"•••0101"},` +
			`{"kind":"email","selected":false,"status":"unconfirmed","address":"a•••@example.org","fix":"confirmEmail"}],"quietHours":{"from":"22:00","to":"07:00"}}`},
		"what nobody confirmed": {chat.MemberChannels{
			Profile:     chat.Profile{Email: "ana@example.org"},
			Preferences: chat.Preferences{Channels: []chat.Channel{chat.Email}},
		}, `{"channels":[{"kind":"sms","selected":false,"status":"missing","fix":"askCareTeam"},` +
			`{"kind":"email","selected":true,"status":"unconfirmed","address":"a•••@example.org","fix":"confirmEmail"}],"warning":"nobodyWillBeTold"}`},
	} {
		got, err := json.Marshal(NewSavedPreferences(c.reach))
		if diff := cmp.Diff(c.want, string(got)); diff != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, diff)
		}
		if NewPreferences(c.reach).Warning != "" {
			t.Errorf("%s: reading warns", name)
		}
	}
}
