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

// FuzzSession: a token that is accepted as a session's is the only spelling of its
// parts, and its ids are valid, so that they can be part of a key (S1, A1).
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
		if sessionToken(m, own) != token || Hash(sessionKind, own) != h || Hash("link", own) == h {
			t.Fatalf("%q does not come back", token)
		}
	})
}

// FuzzBearer: only what the issuer signed or this package made is accepted, and
// nothing makes the verifier fail or panic (S1, S5).
func FuzzBearer(f *testing.F) {
	h := newFake()
	h.issuers["https://issuer.example.org"] = Issuer{"harbor", chat.Issuer{Issuer: "https://issuer.example.org"}}
	v := New(Settings{Store: h, Now: h.clock, CacheTime: time.Minute, Audience: "care-chats", Client: &http.Client{Transport: offline{}}})
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
