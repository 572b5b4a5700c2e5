// Package issuer plays the identity providers of the organizations.
package issuer

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"embed"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"html/template"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"time"

	"carechat/local/data"
	"carechat/local/web"

	"github.com/golang-jwt/jwt/v5"
)

// Audience is the audience of every access token.
const Audience = "care-chats"

var (
	//go:embed page
	files embed.FS
	pages = template.Must(template.ParseFS(files, "page/*.html"))
)

// Issuer is an identity provider for every organization. Whoever asks gets a
// token for whomever they name.
type Issuer struct {
	url    string
	api    string // where a token is accepted
	key    *rsa.PrivateKey
	people []Person
	codes  grants
}

// tokenLife is how long an access token is valid.
const tokenLife = time.Hour

// Person is somebody whom the log-in page lists.
type Person struct{ Organization, Role, Subject, Name string }

// New returns the identity provider at url, whose tokens are for the API at another
// address. Its signing key is the one in the file, or a new one, which the file keeps.
func New(url, api string, file data.File, people []Person) (*Issuer, error) {
	key, err := loadKey(file)
	return &Issuer{url: url, api: api, key: key, people: people}, err
}

func loadKey(file data.File) (*rsa.PrivateKey, error) {
	if kept, err := os.ReadFile(string(file)); err == nil {
		if block, _ := pem.Decode(kept); block != nil {
			return x509.ParsePKCS1PrivateKey(block.Bytes)
		}
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil || file == "" {
		return key, err
	}
	block := &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}
	return key, os.WriteFile(string(file), pem.EncodeToMemory(block), 0o600)
}

// Handler returns the identity provider's pages and endpoints.
func (i *Issuer) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", i.page)
	mux.HandleFunc("GET /{organization}", i.page)
	mux.HandleFunc("GET /{organization}/.well-known/openid-configuration", i.discovery)
	mux.HandleFunc("GET /{organization}/keys", i.keys)
	mux.HandleFunc("GET /{organization}/authorize", i.choose)
	mux.HandleFunc("POST /{organization}/authorize", i.chosen)
	mux.HandleFunc("POST /token", i.exchange)
	mux.HandleFunc("GET /token", i.give)
	mux.HandleFunc("GET /web/plain.css", web.Style)
	mux.HandleFunc("GET /web/copy.js", func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, files, "page/copy.js") })
	return mux
}

func (i *Issuer) name(organization string) string { return i.url + "/" + organization }

func (i *Issuer) discovery(w http.ResponseWriter, r *http.Request) {
	name := i.name(r.PathValue("organization"))
	web.JSON(w, http.StatusOK, map[string]any{
		"issuer": name, "authorization_endpoint": name + "/authorize", "token_endpoint": i.url + "/token", "jwks_uri": name + "/keys",
		"response_types_supported": []string{"code"}, "code_challenge_methods_supported": []string{"S256"},
		"grant_types_supported": []string{"authorization_code", "refresh_token"}, "token_endpoint_auth_methods_supported": []string{"none"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"}, "scopes_supported": []string{"chat", "provision"},
	})
}

func (i *Issuer) keys(w http.ResponseWriter, _ *http.Request) {
	encode := base64.RawURLEncoding.EncodeToString
	web.JSON(w, http.StatusOK, map[string]any{"keys": []map[string]string{{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": i.keyID(),
		"n": encode(i.key.N.Bytes()), "e": encode(big.NewInt(int64(i.key.E)).Bytes()),
	}}})
}

func (i *Issuer) keyID() string {
	hash := sha256.Sum256(i.key.N.Bytes())
	return base64.RawURLEncoding.EncodeToString(hash[:12])
}

var organizationID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// give answers with a token for whomever the query names; alone with as=text, for
// a shell.
func (i *Issuer) give(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	scope, ok := map[string]string{"member": "chat", "careManager": "chat", "platform": "provision"}[q.Get("role")]
	subject := q.Get("subject")
	if subject == "" && scope == "provision" {
		subject = "platform"
	}
	if !ok || subject == "" || !organizationID.MatchString(q.Get("organization")) {
		web.JSON(w, http.StatusBadRequest, map[string]string{"error": "ask with role=member|careManager|platform, organization= and subject="})
		return
	}
	token, err := i.Token(q.Get("organization"), subject, scope)
	if err != nil {
		web.JSON(w, http.StatusInternalServerError, map[string]string{"error": err.Error()})
		return
	}
	if q.Get("as") == "text" {
		_, _ = io.WriteString(w, token) // a caller who has gone needs no answer
		return
	}
	web.JSON(w, http.StatusOK, map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": int(tokenLife.Seconds()), "scope": scope})
}

// Token returns an access token that is valid for tokenLife.
func (i *Issuer) Token(organization, subject, scope string) (string, error) {
	now := time.Now()
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
		"iss": i.name(organization), "sub": subject, "aud": Audience, "scope": scope,
		"iat": now.Unix(), "exp": now.Add(tokenLife).Unix(),
	})
	token.Header["kid"] = i.keyID()
	return token.SignedString(i.key)
}

// group is an organization with its people.
type group struct {
	Organization string
	People       []listed
}

// listed is a person with a line for a shell that calls the API as them.
type listed struct {
	Person
	Curl string
}

// page lists the people of an organization, or of all.
func (i *Issuer) page(w http.ResponseWriter, r *http.Request) {
	organization := r.PathValue("organization")
	var groups []group
	for _, p := range i.people {
		if organization != "" && p.Organization != organization {
			continue
		}
		at := slices.IndexFunc(groups, func(g group) bool { return g.Organization == p.Organization })
		if at < 0 {
			at, groups = len(groups), append(groups, group{Organization: p.Organization})
		}
		curl := fmt.Sprintf(`curl %s/v1/me -H "Authorization: Bearer $(curl -s '%s%s&as=text')"`, i.api, i.url, p.Token())
		groups[at].People = append(groups[at].People, listed{p, curl})
	}
	web.Page(w, pages, "issuer.html", map[string]any{"Organization": organization, "Groups": groups})
}

// Token returns the path of the person's token.
func (p Person) Token() string {
	return "/token?" + url.Values{"role": {p.Role}, "organization": {p.Organization}, "subject": {p.Subject}}.Encode()
}
