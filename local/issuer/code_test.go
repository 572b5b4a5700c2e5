package issuer

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"carechat/tests/support/fetch"

	"github.com/golang-jwt/jwt/v5"
)

const verifier = "a-verifier-of-some-forty-characters-is-enough"

// browser is at an identity provider with one care manager, and follows no redirect.
type browser struct {
	*http.Client
	url string
}

func newBrowser(t *testing.T) browser {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	i, err := New("http://"+server.Listener.Addr().String(), "http://localhost:3000", "", []Person{{"harbor", "careManager", "cm-rivera", "Sam Rivera"}, {"harbor", "member", "ana", "Ana"}})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = i.Handler()
	server.Start()
	t.Cleanup(server.Close)
	jar, _ := cookiejar.New(nil) // without options it cannot fail
	client := fetch.Client(t)
	client.Jar = jar
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return browser{client, i.url}
}

// asked is what the console asks with.
func asked(more ...string) url.Values {
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{
		"response_type": {"code"}, "client_id": {"console"}, "redirect_uri": {"http://localhost:3000/console"}, "state": {"s1"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	for i := 0; i < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return q
}

// redirected returns what the provider sends back to the console.
func (b browser) redirected(t *testing.T, method string, q, form url.Values) url.Values {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, b.url+"/harbor/authorize?"+q.Encode(), strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := b.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	to, err := answer.Location()
	if err != nil {
		t.Fatalf("%s: %d without a redirect", method, answer.StatusCode)
	}
	return to.Query()
}

// exchanged returns the answer of the token endpoint.
func (b browser) exchanged(t *testing.T, form url.Values) (given struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	Error        string `json:"error"`
}) {
	t.Helper()
	answer, err := b.PostForm(b.url+"/token", form)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(&given); err != nil {
		t.Fatal(err)
	}
	return given
}

func codeForm(code, verifier string) url.Values {
	return url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "code_verifier": {verifier}, "redirect_uri": {"http://localhost:3000/console"},
	}
}

func TestACodeAndItsVerifierGiveTokensOnce(t *testing.T) {
	b := newBrowser(t)
	if page := fetch.Get(t, b.Client, b.url+"/harbor/authorize?"+asked().Encode()); !strings.Contains(page, "Sam Rivera</button>") || strings.Contains(page, "Ana") {
		t.Errorf("the page does not list the care managers as buttons: %s", page)
	}
	back := b.redirected(t, http.MethodPost, asked(), url.Values{"subject": {"cm-rivera"}})
	if back.Get("state") != "s1" {
		t.Errorf("the state came back as %q", back.Get("state"))
	}
	given := b.exchanged(t, codeForm(back.Get("code"), verifier))
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(given.AccessToken, claims); err != nil || claims["sub"] != "cm-rivera" || claims["scope"] != "chat" {
		t.Errorf("got %v (%v)", claims, err)
	}
	if again := b.exchanged(t, codeForm(back.Get("code"), verifier)); again.Error != "invalid_grant" {
		t.Errorf("the code was good twice: %+v", again)
	}
	renew := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {given.RefreshToken}}
	if renewed := b.exchanged(t, renew); renewed.AccessToken == "" || renewed.RefreshToken == given.RefreshToken {
		t.Errorf("the refresh token gave %+v", renewed)
	}
	if again := b.exchanged(t, renew); again.Error != "invalid_grant" {
		t.Errorf("the refresh token was good twice: %+v", again)
	}
}

func TestACodeNeedsItsVerifier(t *testing.T) {
	b := newBrowser(t)
	back := b.redirected(t, http.MethodPost, asked(), url.Values{"subject": {"cm-rivera"}})
	if given := b.exchanged(t, codeForm(back.Get("code"), "another")); given.Error != "invalid_grant" {
		t.Errorf("got %+v", given)
	}
}

func TestWhoSignedInBeforeIsAskedNothing(t *testing.T) {
	b := newBrowser(t)
	silent := asked("prompt", "none")
	if back := b.redirected(t, http.MethodGet, silent, nil); back.Get("error") != "login_required" || back.Get("state") != "s1" {
		t.Errorf("nobody signed in, and got %v", back)
	}
	b.redirected(t, http.MethodPost, asked(), url.Values{"subject": {"cm-rivera"}})
	if back := b.redirected(t, http.MethodGet, silent, nil); back.Get("code") == "" {
		t.Errorf("after signing in got %v", back)
	}
}

func TestACodeGoesToThisMachineAlone(t *testing.T) {
	b := newBrowser(t)
	for name, q := range map[string]url.Values{
		"another host": asked("redirect_uri", "http://example.org/console"), "no challenge": asked("code_challenge", ""),
		"a plain challenge": asked("code_challenge_method", "plain"), "a token at once": asked("response_type", "token"),
	} {
		answer, err := b.Get(b.url + "/harbor/authorize?" + q.Encode())
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: got %d, want 400", name, answer.StatusCode)
		}
	}
}
