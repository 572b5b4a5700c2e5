package access

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"carechat/shared/apigw"
	"carechat/shared/chat"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/town"
)

// secretPlaces lists where a secret can be used, and the answer of each place to the
// kinds of secret that it accepts; every other kind gets the last status.
var secretPlaces = map[string]struct {
	knows  map[string]int
	others int
}{
	"a log-in's link":               {map[string]int{"link": 201}, 410},
	"a member's bearer token":       {map[string]int{"session": 200, "member's token": 200, "care manager's token": 403, "platform's token": 403}, 401},
	"the secret of a session":       {map[string]int{"session's secret": 200}, 401},
	"a care manager's bearer token": {map[string]int{"care manager's token": 200, "session": 403, "member's token": 403, "platform's token": 403}, 401},
	"the platform's bearer token":   {map[string]int{"platform's token": 200, "session": 403, "member's token": 403, "care manager's token": 403}, 401},
	"a list's cursor":               {map[string]int{"cursor": 200}, 400},
	"another organization's cursor": {nil, 400},
}

// A secret of one kind is accepted in no other place, nor is the hash that the table
// has of it (S1, S2, S5, A7).
func TestOneKindOfSecretIsNeverTakenForAnother(t *testing.T) {
	begin(t)
	c := newClient(t)
	secrets := c.secrets()
	put := map[string]func(string) answer{
		"a log-in's link": func(s string) answer {
			return c.call("", "POST", "/v1/sessions", form("link", s, "birthDate", town.BirthDate))
		},
		"a member's bearer token": func(s string) answer { return c.call(s, "GET", "/v1/members/me/unread", "") },
		"the secret of a session": func(s string) answer {
			return c.call("m.harbor.nx-member."+s, "GET", "/v1/members/me/unread", "")
		},
		"a care manager's bearer token": func(s string) answer { return c.call(s, "GET", "/v1/inbox", "") },
		"the platform's bearer token":   func(s string) answer { return c.call(s, "GET", "/v1/organization", "") },
		"a list's cursor": func(s string) answer {
			return c.call(secrets["care manager's token"], "GET", "/v1/tasks?cursor="+s, "")
		},
		"another organization's cursor": func(s string) answer {
			return c.call(c.token("careManager", "summit", "cm-silva"), "GET", "/v1/tasks?cursor="+s, "")
		},
	}
	for place, takes := range secretPlaces {
		for kind, secret := range secrets {
			want, ok := takes.knows[kind]
			if !ok {
				want = takes.others
			}
			if a := put[place](secret); a.Status != want {
				t.Errorf("%s as %s: got %d %s, want %d", kind, place, a.Status, a.Raw, want)
			}
		}
	}
}

// secrets returns one of each kind, of one member and one care manager.
func (c *client) secrets() map[string]string {
	c.T.Helper()
	const phone = "+15550109003"
	harbor := c.platform("harbor")
	harbor.PutMember("nx-member", town.Phone(phone), subject("harbor", "nx-member"))
	harbor.Enroll("nx-member", town.Program, town.Rivera)
	link := c.link(phone)
	session := c.logIn(link, town.BirthDate)
	key := "nx-key-" + strings.Repeat("k", 36) // as long as a session's secret
	c.want(201, session, "POST", "/v1/members/me/chat-requests", form("programId", "diabetes", "reasonId", "symptoms", "comment", "Hello"), "Idempotency-Key", key)
	all := map[string]string{
		"link": link, "session": session, "session's secret": session[strings.LastIndex(session, ".")+1:], "idempotency key": key,
		"member's token": c.token("member", "harbor", "nx-member"), "care manager's token": c.token("careManager", "harbor", "cm-rivera"),
		"platform's token": harbor.Token,
		"cursor":           apigw.Cursor("TASK", "careManager", "harbor", "cm-rivera", "tasks", "", "", ""),
		"birth date":       town.BirthDate, "member's id": "nx-member",
	}
	for _, r := range here.Rows(c.T) {
		pk, sk := textOf(r, "PK"), textOf(r, "SK")
		if hash, ok := strings.CutPrefix(pk, "LINK#"); ok {
			all["link's hash"] = hash
		}
		if hash, ok := strings.CutPrefix(sk, "SESSION#"); ok && pk == "ORG#harbor#MEMBER#nx-member" {
			all["session's hash"] = hash
		}
	}
	if all["link's hash"] == "" || all["session's hash"] == "" {
		c.T.Fatal("no hash is in the table")
	}
	return all
}

// fakeIssuer is an identity provider of an organization's. It signs what a test wants.
type fakeIssuer struct {
	*httptest.Server
	key *rsa.PrivateKey
}

func newFakeIssuer(t *testing.T) *fakeIssuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	keys := apiclient.JSON(map[string]any{"keys": []any{map[string]string{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "ours", "n": encode(key.N.Bytes()), "e": encode(big.NewInt(int64(key.E)).Bytes()),
	}}})
	f := &fakeIssuer{key: key, Server: httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, keys)
	}))}
	t.Cleanup(f.Close)
	putOrganization(t, town.Settings("forge", f.URL, func(o *chat.Organization) { o.Issuers[0].KeysURL = f.URL + "/keys" }))
	return f
}

// sign returns a valid token of the platform's with changes of its claims and, where a
// name begins with "header.", of its header.
func (f *fakeIssuer) sign(t *testing.T, method jwt.SigningMethod, key any, changes map[string]any) string {
	t.Helper()
	now := time.Now()
	claims := jwt.MapClaims{"iss": f.URL, "sub": "platform", "aud": "care-chats", "scope": "provision", "iat": now.Unix(), "exp": now.Add(time.Hour).Unix()}
	token := jwt.NewWithClaims(method, claims)
	token.Header["kid"] = "ours"
	for name, value := range changes {
		in := map[string]any(claims)
		if rest, ok := strings.CutPrefix(name, "header."); ok {
			in, name = token.Header, rest
		}
		if in[name] = value; value == nil {
			delete(in, name)
		}
	}
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// S5: an access token is accepted only if every part of it is right; refusals for the
// same reason are alike.
func TestForgedAndInvalidAccessTokens(t *testing.T) {
	begin(t)
	c, f := newClient(t), newFakeIssuer(t)
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&f.key.PublicKey)})
	rs256 := func(changes map[string]any) string { return f.sign(t, jwt.SigningMethodRS256, f.key, changes) }
	good := rs256(nil)
	for claim, value := range map[string]any{"organization": "harbor", "org": "harbor"} { // no claim says whose token it is
		if a := c.want(200, rs256(map[string]any{claim: value}), "GET", "/v1/me", ""); a.Text("organization.id") != "forge" {
			t.Errorf("with %s: %s", claim, a.Raw)
		}
	}
	refused := map[string]string{
		"another audience":           rs256(map[string]any{"aud": "another"}),
		"audience in other letters":  rs256(map[string]any{"aud": "Care-Chats"}),
		"no audience":                rs256(map[string]any{"aud": nil}),
		"another's issuer":           rs256(map[string]any{"iss": here.IssuerURL + "/harbor"}),
		"an unknown issuer":          rs256(map[string]any{"iss": "https://nobody.example.org"}),
		"an issuer with a slash":     rs256(map[string]any{"iss": f.URL + "/"}),
		"no issuer":                  rs256(map[string]any{"iss": nil}),
		"expired":                    rs256(map[string]any{"exp": time.Now().Add(-time.Hour).Unix()}),
		"without expiry":             rs256(map[string]any{"exp": nil}),
		"not yet":                    rs256(map[string]any{"nbf": time.Now().Add(time.Hour).Unix()}),
		"an unknown subject":         rs256(map[string]any{"scope": "chat"}),
		"a scope that only contains": rs256(map[string]any{"scope": "provisioning no-provision"}),
		"no key id":                  rs256(map[string]any{"header.kid": nil}),
		"an unknown key":             rs256(map[string]any{"header.kid": "theirs"}),
		"a key in the header":        f.sign(t, jwt.SigningMethodRS256, other, map[string]any{"header.jwk": map[string]string{"kty": "RSA"}, "header.jku": f.URL}),
		"another key":                f.sign(t, jwt.SigningMethodRS256, other, nil),
		"the public key as a secret": f.sign(t, jwt.SigningMethodHS256, public, nil),
		"another algorithm":          f.sign(t, jwt.SigningMethodRS512, f.key, nil),
		"no signature":               f.sign(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil),
		"an extension":               rs256(map[string]any{"header.crit": []string{"exp"}}),
		"another payload":            withPayload(t, good, "sub", "root"),
		"cut short":                  good[:len(good)-1],
		"four parts":                 good + ".x",
	}
	first := firstAnswers{}
	for name, token := range refused {
		a := c.call(token, "GET", "/v1/organization", "")
		if a.Status != 401 {
			t.Errorf("%s: got %d %s, want 401", name, a.Status, a.Raw)
		}
		first.check(t, line{"GET /v1/organization", name}, "fake issuer", a)
	}
	c.want(200, good, "GET", "/v1/organization", "")
}

// withPayload returns a token with another claim and the old signature.
func withPayload(t *testing.T, token, claim, value string) string {
	t.Helper()
	parts := strings.Split(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(raw, &claims); err != nil {
		t.Fatal(err)
	}
	claims[claim] = value
	parts[1] = base64.RawURLEncoding.EncodeToString([]byte(apiclient.JSON(claims)))
	return strings.Join(parts, ".")
}
