package login

import (
	"strings"
	"testing"

	"carechat/shared/problem"
)

// FuzzLink: only the link's own token opens it; every other text gets the same
// refusal, with any birth date (S2).
func FuzzLink(f *testing.F) {
	d := &loginTest{fake: newFake()}
	d.Service = &Service{Store: d.fake, Now: d.clock}
	d.member("ana", anaBorn, phone)
	d.token = d.link("ana")
	for _, link := range []string{
		"", "q3VZb0c2dWJ5c0xhbXBzQW5kT2s", "q3VZb0c2dWJ5c0xhbXBzQW5kT2s.", "q3VZb0c2dWJ5c0xhbXBzQW5kT2s\n", "http://localhost/#/l/q3VZb0c2dWJ5c0xhbXBzQW5kT2s",
		strings.Repeat("ａ", 27), strings.Repeat("A", 28), "LINK#" + strings.Repeat("A", 22),
	} {
		f.Add(link, anaBorn)
	}
	f.Add(strings.Repeat("A", 27), "")
	f.Add("x", "2026-02-30")
	f.Fuzz(func(t *testing.T, link, birthDate string) {
		_, err := d.Exchange(t.Context(), link, birthDate)
		want := problem.LinkInvalid
		if checkBirthDate(birthDate, d.fake.now) != nil {
			want = problem.ValidationFailed
		}
		if !problem.Is(err, want) {
			t.Fatalf("%q with %q: %v, want %s", link, birthDate, err, want)
		}
		if len(d.limits) != 0 || len(d.sessions) != 0 {
			t.Fatalf("%q with %q left something", link, birthDate)
		}
	})
}
