package auth

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// FuzzSession: a token that is taken for a session's is the one spelling of
// whose it is; its ids are A1's, so that they can stand in a key (S1).
func FuzzSession(f *testing.F) {
	secret := strings.Repeat("x", 43)
	for _, token := range []string{
		"m.harbor.ana." + secret, "m.harbor.ana." + secret + "\n", "M.harbor.ana." + secret, "m.harbor..ana." + secret, "m.har#bor.ana." + secret,
		"m.harbor.ana." + secret[1:], "m.harbor.ana.x." + secret, "m...", "m.h\x00.ana." + secret, "m.ｈ.ana." + secret,
	} {
		f.Add(token)
	}
	f.Fuzz(func(t *testing.T, token string) {
		m, h, ok := parseSession(token)
		if !ok {
			return
		}
		if !isSession(token) || !chat.ValidID(m.Organization) || !chat.ValidID(m.Member) {
			t.Fatalf("%q is of %q", token, m)
		}
		own := token[len(token)-43:]
		if sessionToken(m, own) != token || hash(sessionKind, own) != h || hash(linkKind, own) == h {
			t.Fatalf("%q does not come back", token)
		}
	})
}

// FuzzBearer: nothing that is not signed by the issuer or minted by us gets in,
// and nothing makes the verifier fail or panic (S1, S5).
func FuzzBearer(f *testing.F) {
	h := newFake()
	h.issuers["https://issuer.example.org"] = Issuer{"harbor", chat.Issuer{Issuer: "https://issuer.example.org"}}
	v := New(Settings{Store: h, Now: h.clock, Keep: time.Minute, Audience: "care-chats", Client: &http.Client{Transport: offline{}}})
	for _, token := range []string{
		"", ".", "..", strings.Repeat(".", 8<<10), strings.Repeat("a.", 4000), "eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4Iiwic3ViIjoieSJ9.",
		"eyJhbGciOiJIUzI1NiIsImtpZCI6InIxIn0.eyJpc3MiOiJ4Iiwic3ViIjoieSJ9.AAAA", "m.harbor.ana." + strings.Repeat("x", 43),
		"eyJhbGciOiJSUzI1NiIsImtpZCI6InIxIn0.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlLm9yZyIsInN1YiI6IngifQ.AAAA", "bnVsbA.bnVsbA.AAAA", "W10.e30.AA",
	} {
		f.Add(token)
	}
	f.Fuzz(func(t *testing.T, token string) {
		if alg, kid, c, ok := readUnverified(token); ok {
			if (alg != "RS256" && alg != "ES256" && alg != "PS256") || kid == "" || c.Issuer == "" || c.Subject == "" || strings.Count(token, ".") != 2 {
				t.Fatalf("%q is looked at: %q %q %v", token, alg, kid, c)
			}
		}
		c, err := v.Caller(t.Context(), token, true)
		if c.Kind != "" || !problem.Is(err, problem.NotAuthenticated) && !problem.Is(err, problem.Unavailable) {
			t.Fatalf("%q is %v, %v", token, c, err)
		}
	})
}

// offline reaches no issuer.
type offline struct{}

func (offline) RoundTrip(*http.Request) (*http.Response, error) { return nil, errors.New("offline") }

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
