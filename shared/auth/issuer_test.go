package auth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/golang-jwt/jwt/v5"
)

// issuer is an identity provider of a test. Its keys can be rotated, and it counts
// the requests.
type issuer struct {
	*httptest.Server
	mu      sync.Mutex
	keys    []map[string]string
	fetches int
	answer  http.HandlerFunc // instead of the keys
}

var rsaKey, ecKey = func() (*rsa.PrivateKey, *ecdsa.PrivateKey) {
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	e, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return r, e
}()

func newIssuer(t *testing.T) *issuer {
	i := &issuer{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /keys", i.serveKeys)
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": i.URL, "jwks_uri": i.URL + "/keys"})
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	i.publish(rsaJWK("r1", &rsaKey.PublicKey), ecJWK("e1", &ecKey.PublicKey))
	return i
}

func (i *issuer) publish(keys ...map[string]string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = keys
}

// say makes it answer something other than its keys; nil ends that.
func (i *issuer) say(answer http.HandlerFunc) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.answer = answer
}

func (i *issuer) serveKeys(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.fetches++
	if i.answer != nil {
		i.answer(w, r)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"keys": i.keys})
}

func encoded(n *big.Int) string { return base64.RawURLEncoding.EncodeToString(n.Bytes()) }

func rsaJWK(kid string, k *rsa.PublicKey) map[string]string {
	return map[string]string{"kty": "RSA", "kid": kid, "use": "sig", "n": encoded(k.N), "e": encoded(big.NewInt(int64(k.E)))}
}

func ecJWK(kid string, k *ecdsa.PublicKey) map[string]string {
	point, err := k.Bytes()
	if err != nil {
		panic(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	return map[string]string{"kty": "EC", "kid": kid, "crv": "P-256", "alg": "ES256", "x": encode(point[1:33]), "y": encode(point[33:])}
}

// signed returns a token with these claims and headers.
func signed(t *testing.T, method jwt.SigningMethod, key crypto.PrivateKey, header map[string]any, claims jwt.MapClaims) string {
	t.Helper()
	token := jwt.NewWithClaims(method, claims)
	for name, value := range header {
		token.Header[name] = value
	}
	s, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
