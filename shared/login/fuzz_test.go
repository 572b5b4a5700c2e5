package login

import (
	"strings"
	"testing"

	"carechat/shared/problem"
)

// FuzzLink: no text but the link's own opens it, and every other is answered
// alike, with whatever birth date (S2).
func FuzzLink(f *testing.F) {
	d := &desk{fake: newFake()}
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
		if birthDate != "" && !isDate(birthDate) {
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

// FuzzContact: one address in one spelling, which no list, header or display
// name can be hidden in; a contact in its form is its own form (S4).
func FuzzContact(f *testing.F) {
	for _, given := range []string{
		"+15550100101", "Ana@Example.org", "a@b,c@d", "a@b\r\nBcc: c@d", "Ana <a@b>", "+1 (555) 010", "+１５５５０１００１０１", "a@b\n", "+15550100101\n",
		`"a b"@c`, "a@[127.0.0.1]", "a+tag@b.c", "K@b.c", "\u212a@b.c",
	} {
		f.Add(given)
	}
	f.Fuzz(func(t *testing.T, given string) {
		contact, err := contactOf(given)
		if err != nil {
			if !problem.Is(err, problem.ValidationFailed) {
				t.Fatal(err)
			}
			return
		}
		if again, err := contactOf(contact); err != nil || again != contact {
			t.Fatalf("%q became %q and then %q", given, contact, again)
		}
		if strings.ContainsAny(contact, " ,;<>\"\r\n\t()[]\\:") || strings.Count(contact, "@") > 1 || len(contact) > 254 {
			t.Fatalf("%q is taken for one address", given)
		}
	})
}
