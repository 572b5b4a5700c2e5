package issuer

import (
	"carechat/tests/support/fetch"
	"encoding/json"
	"html"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
)

func TestTokensVerify(t *testing.T) {
	i, err := New("http://localhost:3002", "http://localhost:3000", "", []Person{
		{"harbor", "careManager", "cm-rivera", "Sam Rivera"}, {"harbor", "careManager", "cm-chen", "Lin Chen"}, {"summit", "member", "carla", "Carla"},
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(i.Handler())
	t.Cleanup(server.Close)
	c := fetch.Client(t)
	keys, err := keyfunc.NewJWKSetJSON(json.RawMessage(fetch.Get(t, c, server.URL+"/harbor/keys")))
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string][2]string{
		"role=careManager&organization=harbor&subject=cm-rivera": {"cm-rivera", "chat"},
		"role=member&organization=harbor&subject=x":              {"x", "chat"},
		"role=platform&organization=harbor":                      {"platform", "provision"},
	} {
		var given struct {
			AccessToken string `json:"access_token"`
		}
		if err := json.Unmarshal([]byte(fetch.Get(t, c, server.URL+"/token?"+query)), &given); err != nil {
			t.Fatal(err)
		}
		token, err := jwt.Parse(given.AccessToken, keys.Keyfunc, jwt.WithValidMethods([]string{"RS256"}), jwt.WithAudience("care-chats"),
			jwt.WithIssuer("http://localhost:3002/harbor"), jwt.WithExpirationRequired(), jwt.WithIssuedAt())
		if err != nil {
			t.Fatal(err)
		}
		claims := token.Claims.(jwt.MapClaims)
		if diff := cmp.Diff(want, [2]string{claims["sub"].(string), claims["scope"].(string)}); diff != "" {
			t.Error(diff)
		}
	}
	for path, want := range map[string]string{
		"/token?role=king&organization=harbor&subject=x": "error", "/token?role=member&organization=harbor": "error",
		"/token?role=platform&organization=harbor&as=text": "eyJ",
		"/harbor/.well-known/openid-configuration":         `"jwks_uri":"http://localhost:3002/harbor/keys"`, "/harbor": "Sam Rivera", "/summit": "Carla", "/": "Lin Chen",
	} {
		if body := fetch.Get(t, c, server.URL+path); !strings.Contains(body, want) {
			t.Errorf("%s: %s", path, body)
		}
	}
}

func TestThePageGroupsPeopleByOrganization(t *testing.T) {
	i, err := New("http://localhost:3002", "http://localhost:3000", "", []Person{
		{"harbor", "careManager", "cm-rivera", "Sam Rivera"}, {"summit", "member", "carla", "Carla"}, {"harbor", "member", "ana", "Ana"},
	})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	i.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	page := html.UnescapeString(w.Body.String())
	for _, want := range []string{
		"<h2>harbor</h2>", "Sam Rivera", "Ana", "<h2>summit</h2>", "Carla",
		`curl http://localhost:3000/v1/me -H "Authorization: Bearer $(curl -s 'http://localhost:3002/token?organization=summit&role=member&subject=carla&as=text')"`,
	} {
		_, rest, found := strings.Cut(page, want)
		if !found {
			t.Fatalf("%s is not there, or not in its place: %s", want, w.Body)
		}
		page = rest
	}
}
