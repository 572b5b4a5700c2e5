package auth

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// house is an organization with an issuer, a care manager and a member who has
// a log-in of their own.
type house struct {
	*fake
	*Verifier
	issuer *issuer
}

func newHouse(t *testing.T) *house {
	h := &house{fake: newFake(), issuer: newIssuer(t)}
	h.Verifier = New(Settings{Store: h.fake, Now: h.clock, CacheTime: time.Minute, Audience: "care-chats", Local: true, Client: keyClient()})
	h.issuers[h.issuer.URL] = Issuer{"harbor", chat.Issuer{Issuer: h.issuer.URL, KeysURL: h.issuer.URL + "/keys"}}
	h.people[h.subject("rivera")] = chat.Person{Kind: chat.CareManager, ID: "cm-rivera"}
	h.staff["cm-rivera"] = chat.CareManagerRow{
		Organization: "harbor", ID: "cm-rivera", Name: "Sam Rivera", DepartmentIDs: []string{"nurses"}, Active: true,
		Subjects: []chat.Subject{h.subject("rivera")}, Covers: []chat.Cover{{Of: chat.Ref{ID: "cm-chen"}}},
	}
	h.people[h.subject("ana")] = chat.Person{Kind: chat.Member, ID: "ana"}
	p := h.member("ana", anaBorn, phone)
	p.Subjects = []chat.Subject{h.subject("ana")}
	h.profiles[p.Key()] = p
	return h
}

func (h *house) subject(s string) chat.Subject { return chat.Subject{Issuer: h.issuer.URL, Subject: s} }

// claims returns the claims of a valid token, with changes.
func (h *house) claims(changes jwt.MapClaims) jwt.MapClaims {
	all := jwt.MapClaims{
		"iss": h.issuer.URL, "sub": "rivera", "aud": "care-chats", "scope": "openid chat",
		"iat": start.Unix(), "exp": start.Add(time.Hour).Unix(),
	}
	for name, value := range changes {
		if all[name] = value; value == nil {
			delete(all, name)
		}
	}
	return all
}

func (h *house) token(t *testing.T, changes jwt.MapClaims) string {
	return signed(t, jwt.SigningMethodRS256, rsaKey, map[string]any{"kid": "r1"}, h.claims(changes))
}

// code returns the code with which a token is refused, "" if it is accepted.
func (h *house) code(t *testing.T, token string) problem.Code {
	t.Helper()
	_, err := h.Caller(t.Context(), token, true)
	if err != nil && codeOf(err) == "" {
		t.Fatal(err)
	}
	return codeOf(err)
}

func TestCallersOfAccessTokens(t *testing.T) {
	h := newHouse(t)
	for name, c := range map[string]struct {
		changes jwt.MapClaims
		want    chat.Caller
	}{
		"care manager": {nil, chat.Caller{
			Kind: chat.CareManager, Organization: "harbor", ID: "cm-rivera", Name: "Sam Rivera",
			Departments: []string{"nurses"}, Covers: []chat.Cover{{Of: chat.Ref{ID: "cm-chen"}}},
		}},
		"member": {jwt.MapClaims{"sub": "ana"}, chat.Caller{
			Kind: chat.Member, Organization: "harbor", ID: "ana", Name: "Name of ana", Language: "es", TimeZone: "America/New_York",
		}},
		"platform":              {jwt.MapClaims{"sub": "machine", "scope": "provision"}, chat.Caller{Kind: chat.Platform, Organization: "harbor", ID: "machine"}},
		"platform, more scopes": {jwt.MapClaims{"sub": "machine", "scope": "a provision b"}, chat.Caller{Kind: chat.Platform, Organization: "harbor", ID: "machine"}},
		"several audiences":     {jwt.MapClaims{"sub": "machine", "scope": "provision", "aud": []string{"x", "care-chats"}}, chat.Caller{Kind: chat.Platform, Organization: "harbor", ID: "machine"}},
		"a claimed organization": {jwt.MapClaims{"sub": "machine", "scope": "provision", "organization": "summit", "org_id": "summit"},
			chat.Caller{Kind: chat.Platform, Organization: "harbor", ID: "machine"}},
	} {
		got, err := h.Caller(t.Context(), h.token(t, c.changes), true)
		check(t, err)
		c.want.Issuer = h.issuer.URL
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestEveryAlgorithm(t *testing.T) {
	h := newHouse(t)
	for _, token := range []string{
		h.token(t, nil),
		signed(t, jwt.SigningMethodPS256, rsaKey, map[string]any{"kid": "r1"}, h.claims(nil)),
		signed(t, jwt.SigningMethodES256, ecKey, map[string]any{"kid": "e1"}, h.claims(nil)),
	} {
		if got := h.code(t, token); got != "" {
			t.Error(got)
		}
	}
}

// A8: whoever made a token learns what is wrong with it.
func TestInvalidClaims(t *testing.T) {
	for name, c := range map[string]struct {
		reason  string
		changes jwt.MapClaims
	}{
		"another audience":        {"audience", jwt.MapClaims{"aud": "care-chats-2"}},
		"audience in other case":  {"audience", jwt.MapClaims{"aud": "Care-Chats"}},
		"no audience":             {"malformed", jwt.MapClaims{"aud": nil}},
		"a part of it":            {"audience", jwt.MapClaims{"aud": "care"}},
		"another issuer":          {"issuer", jwt.MapClaims{"iss": "https://issuer.example.org"}},
		"issuer with a slash":     {"issuer", jwt.MapClaims{"iss": "SLASH"}},
		"no issuer":               {"malformed", jwt.MapClaims{"iss": nil}},
		"no subject":              {"malformed", jwt.MapClaims{"sub": nil}},
		"an unknown subject":      {"subject", jwt.MapClaims{"sub": "nobody"}},
		"the person's own id":     {"subject", jwt.MapClaims{"sub": "cm-rivera"}},
		"no expiry":               {"malformed", jwt.MapClaims{"exp": nil}},
		"expired":                 {"expired", jwt.MapClaims{"exp": start.Add(-skew).Unix()}},
		"expired just now":        {"expired", jwt.MapClaims{"exp": start.Unix()}},
		"expiry that is a word":   {"malformed", jwt.MapClaims{"exp": "never"}},
		"from the future":         {"expired", jwt.MapClaims{"iat": start.Add(skew + time.Second).Unix()}},
		"not yet valid":           {"expired", jwt.MapClaims{"nbf": start.Add(skew + time.Second).Unix()}},
		"a scope like provision":  {"subject", jwt.MapClaims{"sub": "machine", "scope": "provisioning"}},
		"a scope in a list":       {"subject", jwt.MapClaims{"sub": "machine", "scope": []string{"provision"}}},
		"a scope in another case": {"subject", jwt.MapClaims{"sub": "machine", "scope": "Provision"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			if c.changes["iss"] == "SLASH" {
				c.changes["iss"] = h.issuer.URL + "/"
			}
			if got := h.refusal(t, h.token(t, c.changes)); got != "unauthenticated ("+c.reason+")" {
				t.Errorf("%s, want %s", got, c.reason)
			}
		})
	}
	h := newHouse(t)
	for name, changes := range map[string]jwt.MapClaims{
		"expires in a second":    {"exp": start.Add(time.Second).Unix()},
		"issued within the skew": {"iat": start.Add(skew - time.Second).Unix(), "nbf": start.Add(skew - time.Second).Unix()},
	} {
		if got := h.code(t, h.token(t, changes)); got != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// Nothing that a token says of its own signature is believed.
func TestForgedTokens(t *testing.T) {
	h := newHouse(t)
	h.issuer.publish(rsaJWK("r1", &rsaKey.PublicKey), ecJWK("e1", &ecKey.PublicKey), with(rsaJWK("enc", &rsaKey.PublicKey), "use", "enc"),
		with(rsaJWK("ps", &rsaKey.PublicKey), "alg", "PS256"))
	der, err := x509.MarshalPKIXPublicKey(&rsaKey.PublicKey)
	check(t, err)
	publicPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	good := h.token(t, nil)
	parts := strings.Split(good, ".")
	kid := map[string]any{"kid": "r1"}
	as := func(alg string) string {
		header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"` + alg + `","kid":"r1","typ":"JWT"}`))
		return header + "." + parts[1] + "."
	}
	for name, token := range map[string]string{
		"none":                       as("none"),
		"None":                       as("None"),
		"nOnE with a signature":      as("nOnE") + parts[2],
		"no algorithm":               as(""),
		"HS256 with the public key":  signed(t, jwt.SigningMethodHS256, publicPEM, kid, h.claims(nil)),
		"HS256 with the modulus":     signed(t, jwt.SigningMethodHS256, rsaKey.N.Bytes(), kid, h.claims(nil)),
		"RS512":                      signed(t, jwt.SigningMethodRS512, rsaKey, kid, h.claims(nil)),
		"ES256 by an RSA key's id":   signed(t, jwt.SigningMethodES256, ecKey, kid, h.claims(nil)),
		"RS256 by an EC key's id":    signed(t, jwt.SigningMethodRS256, rsaKey, map[string]any{"kid": "e1"}, h.claims(nil)),
		"RS256 by a PS256 key's id":  signed(t, jwt.SigningMethodRS256, rsaKey, map[string]any{"kid": "ps"}, h.claims(nil)),
		"a key for encryption":       signed(t, jwt.SigningMethodRS256, rsaKey, map[string]any{"kid": "enc"}, h.claims(nil)),
		"no key id":                  signed(t, jwt.SigningMethodRS256, rsaKey, nil, h.claims(nil)),
		"a key id that is no text":   signed(t, jwt.SigningMethodRS256, rsaKey, map[string]any{"kid": 1}, h.claims(nil)),
		"an extension":               signed(t, jwt.SigningMethodRS256, rsaKey, map[string]any{"kid": "r1", "crit": []string{"b64"}, "b64": false}, h.claims(nil)),
		"an empty signature":         parts[0] + "." + parts[1] + ".",
		"another payload":            parts[0] + "." + strings.Split(h.token(t, jwt.MapClaims{"scope": "provision"}), ".")[1] + "." + parts[2],
		"two signatures":             good + "." + parts[2],
		"padding":                    good + "=",
		"white space":                good + "\n",
		"as JSON":                    `{"payload":"` + parts[1] + `","signatures":[]}`,
		"another curve's small key":  parts[0] + "." + parts[1] + "." + base64.RawURLEncoding.EncodeToString(make([]byte, 64)),
		"expired and badly signed":   h.token(t, jwt.MapClaims{"exp": start.Add(-time.Hour).Unix()})[:200] + ".AAAA",
		"larger than eight kilobyte": h.token(t, jwt.MapClaims{"padding": strings.Repeat("x", 8<<10)}),
	} {
		// Whoever made a forged one learns no more than that.
		if got := h.refusal(t, token); got != "unauthenticated (signature)" && got != "unauthenticated (malformed)" {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := h.code(t, good); got != "" {
		t.Errorf("the good one: %s", got)
	}
}

func with(m map[string]string, name, value string) map[string]string {
	m = maps.Clone(m)
	m[name] = value
	return m
}

// A key that a token contains or points to is never used.
func TestTokensBringNoKeys(t *testing.T) {
	h, other := newHouse(t), newIssuer(t)
	for name, header := range map[string]map[string]any{
		"jku": {"kid": "x1", "jku": other.URL + "/keys"},
		"jwk": {"kid": "x1", "jwk": rsaJWK("x1", &rsaKey.PublicKey)},
		"x5u": {"kid": "x1", "x5u": other.URL + "/keys"},
	} {
		token := signed(t, jwt.SigningMethodRS256, rsaKey, header, h.claims(nil))
		if got := h.code(t, token); got != problem.NotAuthenticated {
			t.Errorf("%s: %q", name, got)
		}
	}
	if other.fetches != 0 {
		t.Error("another place was asked for keys")
	}
}

func TestThePersonsRowDecides(t *testing.T) {
	for name, change := range map[string]func(*house){
		"disabled":            func(h *house) { h.changeStaff(func(r *chat.CareManagerRow) { r.Active = false }) },
		"without the subject": func(h *house) { h.changeStaff(func(r *chat.CareManagerRow) { r.Subjects = nil }) },
		"gone":                func(h *house) { delete(h.staff, "cm-rivera") },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			token := h.token(t, nil)
			if got := h.code(t, token); got != "" {
				t.Fatal(got)
			}
			change(h)
			if got := h.code(t, token); got != problem.NotAuthenticated {
				t.Errorf("on the next call: %q", got)
			}
		})
	}
	h := newHouse(t)
	p := h.profiles[key("ana")]
	p.Active = false
	h.profiles[key("ana")] = p
	if got := h.code(t, h.token(t, jwt.MapClaims{"sub": "ana"})); got != problem.NotAuthenticated {
		t.Errorf("a disabled member: %q", got)
	}
}

func (h *house) changeStaff(by func(*chat.CareManagerRow)) {
	row := h.staff["cm-rivera"]
	by(&row)
	h.staff["cm-rivera"] = row
}

// Whom a subject names may come from memory; a subject that moved is found at once.
func TestIdentitiesStayInMemory(t *testing.T) {
	h := newHouse(t)
	token := h.token(t, nil)
	for range 3 {
		h.code(t, token)
	}
	if h.identical != 1 {
		t.Errorf("%d reads of the identity", h.identical)
	}
	h.people[h.subject("rivera")] = chat.Person{Kind: chat.CareManager, ID: "cm-new"}
	h.staff["cm-new"] = chat.CareManagerRow{ID: "cm-new", Active: true, Subjects: []chat.Subject{h.subject("rivera")}}
	h.changeStaff(func(r *chat.CareManagerRow) { r.Subjects = nil })
	for range 2 {
		if c, err := h.Caller(t.Context(), token, true); err != nil || c.ID != "cm-new" {
			t.Fatalf("%q, %v", c.ID, err)
		}
	}
	if h.identical != 2 {
		t.Errorf("%d reads of the identity", h.identical)
	}
	h.fake.now = start.Add(time.Minute)
	delete(h.issuers, h.issuer.URL)
	if got := h.code(t, token); got != problem.NotAuthenticated {
		t.Errorf("the issuer was taken away: %q", got)
	}
}

// T7: the time in memory counts from when it was read, even if it is used meanwhile.
func TestAnIdentityInUseExpires(t *testing.T) {
	h := newHouse(t)
	token := h.token(t, nil)
	for range 4 { // within the minute that it stays in memory
		if got := h.code(t, token); got != "" {
			t.Fatal(got)
		}
		h.fake.now = h.fake.now.Add(15 * time.Second)
		delete(h.issuers, h.issuer.URL)
	}
	if got := h.code(t, token); got != problem.NotAuthenticated {
		t.Errorf("the issuer was taken away a minute ago: %q", got)
	}
}

// The platform has no row of its own: its issuer's row decides on each call (T7, S5).
func TestThePlatformEndsWithItsIssuer(t *testing.T) {
	h := newHouse(t)
	token := h.token(t, jwt.MapClaims{"sub": "machine", "scope": "provision"})
	if got := h.code(t, token); got != "" {
		t.Fatal(got)
	}
	moved := h.issuers[h.issuer.URL]
	moved.Organization = "summit"
	h.issuers[h.issuer.URL] = moved
	if c, err := h.Caller(t.Context(), token, true); err != nil || c.Organization != "summit" {
		t.Errorf("the issuer is another organization's now: %q, %v", c.Organization, err)
	}
	delete(h.issuers, h.issuer.URL)
	if got := h.code(t, token); got != problem.NotAuthenticated {
		t.Errorf("the issuer was taken away: %q", got)
	}
}

// The same subject of two issuers is two people, of two organizations.
func TestASubjectBelongsToItsIssuer(t *testing.T) {
	h, other := newHouse(t), newIssuer(t)
	h.issuers[other.URL] = Issuer{"summit", chat.Issuer{Issuer: other.URL, Audience: "summit-chats"}}
	theirs := func(audience string) string {
		return h.token(t, jwt.MapClaims{"iss": other.URL, "aud": audience})
	}
	if got := h.code(t, theirs("summit-chats")); got != problem.NotAuthenticated {
		t.Errorf("harbor's care manager by summit's issuer: %q", got)
	}
	h.people[chat.Subject{Issuer: other.URL, Subject: "rivera"}] = chat.Person{Kind: chat.CareManager, ID: "cm-rivera"}
	if got := h.code(t, theirs("summit-chats")); got != problem.NotAuthenticated {
		t.Errorf("a row that does not list the subject: %q", got)
	}
	if got := h.code(t, theirs("care-chats")); got != problem.NotAuthenticated {
		t.Errorf("the default audience, where the issuer has its own: %q", got)
	}
}
