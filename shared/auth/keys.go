package auth

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

const (
	keysFresh   = time.Hour   // after it a key that its issuer has withdrawn is rejected
	keysRetry   = time.Minute // how long old keys are used on after the issuer failed to answer
	maxDocument = 256 << 10   // bytes of a key set or a discovery document
	minRSABits  = 2048
)

// keyClient returns a client that fetches keys quickly or not at all, and follows no
// redirect.
func keyClient() *http.Client {
	return &http.Client{
		Timeout:       2 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// keySet holds an issuer's keys. It fetches them when it needs a key that it does not
// hold, one fetch at a time, and at most three in a row and then one in five seconds.
// So forged key ids cause few fetches, and a rotated key is found within seconds.
// Whoever needs a key that it holds never waits.
type keySet struct {
	issuer chat.Issuer
	client *http.Client
	local  bool
	now    func() time.Time
	limit  *rate.Limiter

	fetching sync.Mutex
	failure  error // of the last fetch

	mu    sync.RWMutex
	keys  map[string]signingKey // by key id
	until time.Time             // when they are to be fetched again
}

type signingKey struct {
	public    crypto.PublicKey
	algorithm string // "" if the key fits any
}

func newKeySet(i chat.Issuer, client *http.Client, local bool, now func() time.Time) *keySet {
	return &keySet{issuer: i, client: client, local: local, now: now, limit: rate.NewLimiter(rate.Every(5*time.Second), 3)}
}

// find returns the key with an id, if it may sign with the algorithm. Otherwise it
// returns the problem unauthenticated, or unavailable while the issuer does not
// answer.
func (k *keySet) find(ctx context.Context, kid, algorithm string) (crypto.PublicKey, error) {
	key, ok, fresh := k.look(kid)
	if !ok || !fresh {
		err := k.refresh(ctx, kid)
		if key, ok, _ = k.look(kid); !ok && err != nil {
			return nil, fmt.Errorf("%w: %w", &problem.Problem{Code: problem.Unavailable, RetryAfter: 5 * time.Second}, err)
		}
	}
	if !ok || key.algorithm != "" && key.algorithm != algorithm {
		return nil, refuse("signature")
	}
	return key.public, nil
}

func (k *keySet) look(kid string) (key signingKey, ok, fresh bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	key, ok = k.keys[kid]
	return key, ok, k.now().Before(k.until)
}

// refresh fetches the keys unless another caller just did, or there were too many
// fetches lately.
func (k *keySet) refresh(ctx context.Context, kid string) error {
	k.fetching.Lock()
	defer k.fetching.Unlock()
	if _, ok, fresh := k.look(kid); ok && fresh {
		return nil
	}
	if !k.limit.AllowN(k.now(), 1) {
		return k.failure
	}
	keys, err := k.fetch(ctx)
	k.failure = err
	k.mu.Lock()
	defer k.mu.Unlock()
	if err != nil {
		k.until = k.now().Add(keysRetry)
		return err
	}
	k.keys, k.until = keys, k.now().Add(keysFresh)
	return nil
}

func (k *keySet) fetch(ctx context.Context) (map[string]signingKey, error) {
	address := k.issuer.KeysURL
	if address == "" {
		var err error
		if address, err = k.discover(ctx); err != nil {
			return nil, err
		}
	}
	var set struct{ Keys []jsonKey }
	if err := k.get(ctx, address, &set); err != nil {
		return nil, err
	}
	keys := map[string]signingKey{}
	for _, each := range set.Keys {
		if key := each.signing(); key != nil && keys[each.KeyID].public == nil {
			keys[each.KeyID] = signingKey{key, each.Algorithm}
		}
	}
	return keys, nil
}

// discover asks the issuer where its keys are. It returns an error if the issuer calls
// itself by another name.
func (k *keySet) discover(ctx context.Context) (string, error) {
	var found struct {
		Issuer string `json:"issuer"`
		Keys   string `json:"jwks_uri"`
	}
	err := k.get(ctx, strings.TrimSuffix(k.issuer.Issuer, "/")+"/.well-known/openid-configuration", &found)
	if err == nil && found.Issuer != k.issuer.Issuer {
		err = errors.New("an issuer's discovery document is another issuer's")
	}
	return found.Keys, err
}

func (k *keySet) get(ctx context.Context, address string, into any) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && !(k.local && u.Scheme == "http") {
		return errors.New("an issuer's address is not https")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := k.client.Do(request)
	if err != nil {
		return fmt.Errorf("an issuer cannot be reached: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("an issuer answers with status %d", response.StatusCode)
	}
	if json.NewDecoder(io.LimitReader(response.Body, maxDocument)).Decode(into) != nil {
		return errors.New("an issuer's document cannot be read")
	}
	return nil
}

// jsonKey is a JSON Web Key (RFC 7517): the public parts of the two kinds that are
// accepted.
type jsonKey struct {
	Type      string `json:"kty"`
	KeyID     string `json:"kid"`
	Use       string `json:"use"`
	Algorithm string `json:"alg"`
	N         string `json:"n"`
	E         string `json:"e"`
	Curve     string `json:"crv"`
	X         string `json:"x"`
	Y         string `json:"y"`
}

// signing returns the key, or nil if it is of a kind that is not accepted: a set may
// hold others too.
func (j jsonKey) signing() crypto.PublicKey {
	switch {
	case j.KeyID == "" || j.Use != "" && j.Use != "sig":
		return nil
	case j.Type == "RSA":
		return j.rsa()
	case j.Type == "EC" && j.Curve == "P-256":
		return j.ecdsa()
	}
	return nil
}

func (j jsonKey) rsa() crypto.PublicKey {
	n, e := number(j.N), number(j.E)
	if n.BitLen() < minRSABits || n.BitLen() > 4*minRSABits || e.BitLen() < 2 || e.BitLen() > 31 {
		return nil
	}
	return &rsa.PublicKey{N: n, E: int(e.Int64())}
}

func (j jsonKey) ecdsa() crypto.PublicKey {
	point := make([]byte, 65) // 4, x, y
	point[0] = 4
	x, y := number(j.X), number(j.Y)
	if x.BitLen() > 256 || y.BitLen() > 256 {
		return nil
	}
	x.FillBytes(point[1:33])
	y.FillBytes(point[33:])
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return nil
	}
	return key
}

// number decodes an unsigned big-endian number. It returns 0 for invalid input.
func number(encoded string) *big.Int {
	bytes, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return new(big.Int)
	}
	return new(big.Int).SetBytes(bytes)
}
