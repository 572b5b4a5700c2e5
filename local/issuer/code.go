package issuer

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"carechat/local/web"
)

// codeLife is how long an authorization code is valid.
const codeLife = time.Minute

// signIn is what a page asks for when it sends somebody to sign in: an
// authorization code, by the rules of OpenID Connect with PKCE.
type signIn struct {
	organization, subject string
	redirect, challenge   string
	until                 time.Time
}

// grants holds the codes and refresh tokens that were given out. Each works once.
type grants struct {
	mu    sync.Mutex
	given map[string]signIn
}

// give returns a new code or refresh token.
func (g *grants) give(s signIn) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.given == nil {
		g.given = map[string]signIn{}
	}
	code := rand.Text()
	g.given[code] = s
	return code
}

// take returns what a code or refresh token was given for, and ends it.
func (g *grants) take(code string) (signIn, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	s, ok := g.given[code]
	delete(g.given, code)
	return s, ok && time.Now().Before(s.until)
}

// choose shows the people of an organization as buttons. Whoever signed in before
// in this browser is sent back at once where the page asks for no prompt.
func (i *Issuer) choose(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, ok := i.redirect(q.Get("redirect_uri"))
	if !ok || q.Get("response_type") != "code" || q.Get("code_challenge") == "" || q.Get("code_challenge_method") != "S256" {
		http.Error(w, "ask with response_type=code, a redirect_uri on this machine, code_challenge and code_challenge_method=S256", http.StatusBadRequest)
		return
	}
	organization := r.PathValue("organization")
	if q.Get("prompt") == "none" {
		subject, err := r.Cookie(cookie(organization))
		if err != nil {
			answer(w, r, back, url.Values{"error": {"login_required"}, "state": {q.Get("state")}})
			return
		}
		i.signIn(w, r, back, subject.Value, q)
		return
	}
	people := slices.DeleteFunc(slices.Clone(i.people), func(p Person) bool {
		return p.Organization != organization || p.Role != "careManager"
	})
	web.Page(w, pages, "sign-in.html", map[string]any{"Organization": organization, "People": people})
}

// chosen signs in the person whose button was pressed.
func (i *Issuer) chosen(w http.ResponseWriter, r *http.Request) {
	back, ok := i.redirect(r.URL.Query().Get("redirect_uri"))
	subject := r.FormValue("subject")
	if !ok || subject == "" {
		http.Error(w, "who?", http.StatusBadRequest)
		return
	}
	organization := r.PathValue("organization")
	http.SetCookie(w, &http.Cookie{Name: cookie(organization), Value: subject, Path: "/" + organization, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	i.signIn(w, r, back, subject, r.URL.Query())
}

func (i *Issuer) signIn(w http.ResponseWriter, r *http.Request, back *url.URL, subject string, q url.Values) {
	code := i.codes.give(signIn{
		organization: r.PathValue("organization"), subject: subject, redirect: q.Get("redirect_uri"), challenge: q.Get("code_challenge"),
		until: time.Now().Add(codeLife),
	})
	answer(w, r, back, url.Values{"code": {code}, "state": {q.Get("state")}})
}

// answer sends the browser back to the page that asked.
func answer(w http.ResponseWriter, r *http.Request, back *url.URL, values url.Values) {
	to := *back
	to.RawQuery = values.Encode()
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
}

// redirect returns the address to go back to, which is on this machine.
func (i *Issuer) redirect(address string) (*url.URL, bool) {
	to, err := url.Parse(address)
	if err != nil {
		return nil, false
	}
	own, err := url.Parse(i.url)
	return to, err == nil && to.Scheme == "http" && slices.Contains([]string{"localhost", "127.0.0.1", own.Hostname()}, to.Hostname())
}

// exchange answers a code or a refresh token with an access token.
func (i *Issuer) exchange(w http.ResponseWriter, r *http.Request) {
	grant, ok := signIn{}, false
	switch r.FormValue("grant_type") {
	case "authorization_code":
		sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
		grant, ok = i.codes.take(r.FormValue("code"))
		ok = ok && grant.redirect == r.FormValue("redirect_uri") && grant.challenge == base64.RawURLEncoding.EncodeToString(sum[:])
	case "refresh_token":
		grant, ok = i.codes.take(r.FormValue("refresh_token"))
	}
	if !ok {
		web.JSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	}
	token, err := i.Token(grant.organization, grant.subject, "chat")
	if err != nil {
		web.JSON(w, http.StatusInternalServerError, map[string]string{"error": "server_error"})
		return
	}
	grant.until = time.Now().Add(12 * time.Hour)
	web.JSON(w, http.StatusOK, map[string]any{
		"access_token": token, "token_type": "Bearer", "expires_in": int(tokenLife.Seconds()), "refresh_token": i.codes.give(grant),
	})
}

// cookie is the name of the cookie that says who signed in.
func cookie(organization string) string { return "signed-in-" + organization }
