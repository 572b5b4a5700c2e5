package auth

import (
	"crypto/rand"
	"crypto/rsa"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// forged returns a token whose key id no issuer has.
func (h *house) forged(t *testing.T, kid string) string {
	return signed(t, jwt.SigningMethodRS256, rsaKey, map[string]any{"kid": kid}, h.claims(nil))
}

// Forged key ids cause few fetches and make nobody wait; a key that was rotated
// meanwhile is accepted within seconds.
func TestForgedKeyIDsAndARotation(t *testing.T) {
	h := newHouse(t)
	good := h.token(t, nil)
	if got := h.code(t, good); got != "" {
		t.Fatal(got)
	}
	for range 100 {
		if got := h.code(t, h.forged(t, rand.Text())); got != problem.NotAuthenticated {
			t.Fatal(got)
		}
	}
	if h.issuer.fetches != 3 {
		t.Errorf("%d fetches", h.issuer.fetches)
	}
	h.issuer.publish(rsaJWK("r2", &rsaKey.PublicKey))
	rotated := h.forged(t, "r2")
	if got := h.code(t, rotated); got != problem.NotAuthenticated {
		t.Errorf("in the very moment: %q", got)
	}
	h.fake.now = h.fake.now.Add(5 * time.Second)
	h.code(t, h.forged(t, rand.Text())) // uses up the fetch, which finds the key as well
	if got := h.code(t, rotated); got != "" {
		t.Errorf("after five seconds: %q", got)
	}
	if got := h.code(t, good); got != problem.NotAuthenticated {
		t.Errorf("with the key that was withdrawn: %q", got)
	}
}

func TestARotatedKeyIsFetchedAtOnce(t *testing.T) {
	h := newHouse(t)
	h.code(t, h.token(t, nil))
	h.issuer.publish(rsaJWK("r2", &rsaKey.PublicKey))
	if got := h.code(t, h.forged(t, "r2")); got != "" {
		t.Error(got)
	}
}

// Old keys stay in use while the issuer is down; a withdrawn key is used for an hour
// at most.
func TestKeysExpire(t *testing.T) {
	h := newHouse(t)
	h.CacheTime = 0
	token := h.token(t, jwt.MapClaims{"exp": start.Add(48 * time.Hour).Unix()})
	h.code(t, token)
	h.issuer.say(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	h.fake.now = start.Add(2 * time.Hour)
	for range 10 {
		if got := h.code(t, token); got != "" {
			t.Fatal(got)
		}
	}
	if h.issuer.fetches != 2 {
		t.Errorf("%d fetches", h.issuer.fetches)
	}
	h.issuer.say(nil)
	h.issuer.publish(rsaJWK("r2", &rsaKey.PublicKey))
	h.fake.now = h.fake.now.Add(time.Minute)
	if got := h.code(t, token); got != problem.NotAuthenticated {
		t.Errorf("withdrawn an hour ago: %q", got)
	}
}

// An issuer that does not answer logs nobody out.
func TestAnUnreachableIssuer(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"down":    func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
		"no JSON": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) },
		"endless": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"keys":[{"kid":"` + strings.Repeat("x", 1<<20)))
		},
		"elsewhere": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/.well-known/openid-configuration", http.StatusFound)
		},
		"hanging up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.issuer.say(answer)
			token := h.token(t, nil)
			for range 5 { // beyond the limit of fetches too
				if got := h.code(t, token); got != problem.Unavailable {
					t.Fatalf("%q", got)
				}
			}
			h.issuer.say(nil)
			h.fake.now = start.Add(5 * time.Second)
			if got := h.code(t, token); got != "" {
				t.Errorf("when it is back: %s", got)
			}
		})
	}
}

func TestDiscovery(t *testing.T) {
	h := newHouse(t)
	h.issuers[h.issuer.URL] = Issuer{"harbor", chat.Issuer{Issuer: h.issuer.URL}}
	if got := h.code(t, h.token(t, nil)); got != "" {
		t.Error(got)
	}
	other := newIssuer(t)
	h.issuers[h.issuer.URL+"/"] = Issuer{"harbor", chat.Issuer{Issuer: h.issuer.URL + "/"}}
	if got := h.code(t, h.token(t, jwt.MapClaims{"iss": h.issuer.URL + "/"})); got != problem.Unavailable || other.fetches != 0 {
		t.Errorf("an issuer that calls itself otherwise: %q", got)
	}
}

func TestPlainHTTPIsForOneMachineOnly(t *testing.T) {
	for _, local := range []bool{true, false} {
		for _, keysURL := range []bool{true, false} {
			h := newHouse(t)
			h.Local = local
			if !keysURL {
				h.issuers[h.issuer.URL] = Issuer{"harbor", chat.Issuer{Issuer: h.issuer.URL}}
			}
			got := h.code(t, h.token(t, nil))
			if (got == "") != local || !local && (got != problem.Unavailable || h.issuer.fetches != 0) {
				t.Errorf("local %v, keysUrl %v: %q, %d fetches", local, keysURL, got, h.issuer.fetches)
			}
		}
	}
}

// A set may hold keys that are not accepted; the others count.
func TestInvalidKeys(t *testing.T) {
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	check(t, err)
	offCurve := with(ecJWK("off", &ecKey.PublicKey), "y", encoded(big.NewInt(1)))
	for name, key := range map[string]map[string]string{
		"small":     rsaJWK("k", &small.PublicKey),
		"even":      with(rsaJWK("k", &rsaKey.PublicKey), "e", encoded(big.NewInt(1))),
		"no number": with(rsaJWK("k", &rsaKey.PublicKey), "n", "!"),
		"huge e":    with(rsaJWK("k", &rsaKey.PublicKey), "e", encoded(rsaKey.N)),
		"secret":    {"kty": "oct", "kid": "k", "k": "AAAA"},
		"other EC":  with(ecJWK("k", &ecKey.PublicKey), "crv", "P-521"),
		"off curve": offCurve,
		"long EC":   with(ecJWK("k", &ecKey.PublicKey), "x", encoded(rsaKey.N)),
		"unnamed":   rsaJWK("", &rsaKey.PublicKey),
	} {
		k := jsonKey{
			Type: key["kty"], KeyID: key["kid"], Use: key["use"], Algorithm: key["alg"], N: key["n"], E: key["e"],
			Curve: key["crv"], X: key["x"], Y: key["y"],
		}
		if k.signing() != nil {
			t.Errorf("%s is taken", name)
		}
	}
	h := newHouse(t)
	h.issuer.publish(offCurve, map[string]string{"kty": "oct", "kid": "r1"}, rsaJWK("r1", &rsaKey.PublicKey), rsaJWK("r1", &small.PublicKey))
	if got := h.code(t, h.token(t, nil)); got != "" {
		t.Errorf("the good one among them: %s", got)
	}
}

// Of two keys with one id the first counts: a second one that is slipped in behind it
// signs nothing.
func TestOfTwoKeysWithOneIDTheFirstCounts(t *testing.T) {
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	check(t, err)
	h := newHouse(t)
	h.issuer.publish(rsaJWK("r1", &rsaKey.PublicKey), rsaJWK("r1", &other.PublicKey))
	if got := h.code(t, h.token(t, nil)); got != "" {
		t.Errorf("signed with the first: %s", got)
	}
	h = newHouse(t)
	h.issuer.publish(rsaJWK("r1", &other.PublicKey), rsaJWK("r1", &rsaKey.PublicKey))
	if got := h.code(t, h.token(t, nil)); got == "" {
		t.Error("signed with the second: taken")
	}
}
