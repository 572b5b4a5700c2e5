package machine

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"embed"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"html/template"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const audience = "care-chats"

var (
	//go:embed web
	web   embed.FS
	pages = template.Must(template.New("").Funcs(template.FuncMap{"parts": parts}).ParseFS(web, "web/*.html"))
)

// issuer is an identity provider for every organization: whoever asks gets a
// token for whomever they name. It plays the organizations' own.
type issuer struct {
	url    string // its public name
	key    *rsa.PrivateKey
	people []person
}

// person can log in, for the log-in page lists them.
type person struct{ Organization, Role, Subject, Name string }

// newKey makes the signing key, or finds the one of last time in dir.
func newKey(dir string) (*rsa.PrivateKey, error) {
	file := filepath.Join(dir, "issuer-key.pem")
	if dir != "" {
		if kept, err := os.ReadFile(file); err == nil {
			if block, _ := pem.Decode(kept); block != nil {
				return x509.ParsePKCS1PrivateKey(block.Bytes)
			}
		}
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil || dir == "" {
		return key, err
	}
	block := &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}
	return key, os.WriteFile(file, pem.EncodeToMemory(block), 0o600)
}

func (i issuer) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", i.page)
	mux.HandleFunc("GET /{organization}", i.page)
	mux.HandleFunc("GET /{organization}/.well-known/openid-configuration", i.discovery)
	mux.HandleFunc("GET /{organization}/keys", i.keys)
	mux.HandleFunc("GET /token", i.give)
	mux.Handle("GET /web/plain.css", http.FileServerFS(web))
	return mux
}

func (i issuer) name(organization string) string { return i.url + "/" + organization }

func (i issuer) discovery(w http.ResponseWriter, r *http.Request) {
	name := i.name(r.PathValue("organization"))
	sendJSON(w, http.StatusOK, map[string]any{
		"issuer": name, "authorization_endpoint": name, "token_endpoint": i.url + "/token", "jwks_uri": name + "/keys",
		"response_types_supported": []string{"token"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"}, "scopes_supported": []string{"chat", "provision"},
	})
}

func (i issuer) keys(w http.ResponseWriter, _ *http.Request) {
	encode := base64.RawURLEncoding.EncodeToString
	sendJSON(w, http.StatusOK, map[string]any{"keys": []map[string]string{{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": i.keyID(),
		"n": encode(i.key.N.Bytes()), "e": encode(big.NewInt(int64(i.key.E)).Bytes()),
	}}})
}

func (i issuer) keyID() string {
	hash := sha256.Sum256(i.key.N.Bytes())
	return base64.RawURLEncoding.EncodeToString(hash[:12])
}

var organizationID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// give hands out a token to anybody.
func (i issuer) give(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	scope, ok := map[string]string{"member": "chat", "careManager": "chat", "platform": "provision"}[q.Get("role")]
	subject := q.Get("subject")
	if subject == "" && scope == "provision" {
		subject = "platform"
	}
	if !ok || subject == "" || !organizationID.MatchString(q.Get("organization")) {
		sendJSON(w, http.StatusBadRequest, map[string]string{"error": "ask with role=member|careManager|platform, organization= and subject="})
		return
	}
	token, err := i.token(q.Get("organization"), subject, scope)
	if err != nil {
		sendJSON(w, http.StatusInternalServerError, map[string]string{"error": err.Error()})
		return
	}
	sendJSON(w, http.StatusOK, map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": scope})
}

func (i issuer) token(organization, subject, scope string) (string, error) {
	now := time.Now()
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
		"iss": i.name(organization), "sub": subject, "aud": audience, "scope": scope,
		"iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	})
	token.Header["kid"] = i.keyID()
	return token.SignedString(i.key)
}

// page lists who can log in. Every organization has an issuer; the seeded ones have people.
func (i issuer) page(w http.ResponseWriter, r *http.Request) {
	organization := r.PathValue("organization")
	var people []person
	for _, p := range i.people {
		if organization == "" || p.Organization == organization {
			people = append(people, p)
		}
	}
	sendPage(w, "issuer.html", map[string]any{"Organization": organization, "People": people})
}

// Token is where a person's token is to be had.
func (p person) Token() string {
	return "/token?" + url.Values{"role": {p.Role}, "organization": {p.Organization}, "subject": {p.Subject}}.Encode()
}

func sendJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Access-Control-Allow-Origin", "*") // of this machine: nothing here is secret
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false) // a link can be taken out as it is
	_ = encoder.Encode(value)
}

func sendPage(w http.ResponseWriter, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src data:")
	_ = pages.ExecuteTemplate(w, name, data)
}
