package machine

import (
	"encoding/json"
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"carechat/tests/support/localaws"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/smithy-go"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
)

// testClient keeps no connection when the test is over.
func testClient(t *testing.T) *http.Client {
	c := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func get(t *testing.T, c *http.Client, url string) string {
	t.Helper()
	response, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestTextsReachTheInbox(t *testing.T) {
	server := httptest.NewServer(Inbox("http://localhost:3001"))
	t.Cleanup(server.Close)
	c := testClient(t)
	client := sns.NewFromConfig(localaws.Through(server.URL, c), func(o *sns.Options) { o.RetryMaxAttempts = 1 })
	text := "Harbor Care: you have a message: http://localhost:3000/#/l/abc. <b> & ñ"
	out, err := client.Publish(t.Context(), &sns.PublishInput{PhoneNumber: aws.String("+15550100101"), Message: aws.String(text)})
	if err != nil || aws.ToString(out.MessageId) == "" {
		t.Fatal(out, err)
	}
	var got []Message
	if err := json.Unmarshal([]byte(get(t, c, server.URL+"/messages")), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0].Channel != "sms" || got[0].To != "+15550100101" || got[0].Text != text || got[0].At.IsZero() {
		t.Errorf("%+v", got)
	}
	if page := get(t, c, server.URL); !strings.Contains(page, `<a href="http://localhost:3000/#/l/abc" `) || strings.Contains(page, "<b>") {
		t.Errorf("the page shows no working link: %s", page)
	}
	for _, bad := range []*sns.PublishInput{
		{PhoneNumber: aws.String("555"), Message: aws.String("x")},
		{TopicArn: aws.String("topic"), Message: aws.String("x")},
	} {
		_, err := client.Publish(t.Context(), bad)
		if refused := smithy.APIError(nil); !errors.As(err, &refused) || refused.ErrorCode() != "InvalidParameter" {
			t.Errorf("%v", err)
		}
	}
	request, _ := http.NewRequest(http.MethodDelete, server.URL+"/messages", nil)
	response, err := c.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if left := get(t, c, server.URL+"/messages"); left != "[]\n" {
		t.Errorf("left: %s", left)
	}
}

// asked is the answer of SNS to a call, which must be no refusal.
func asked(t *testing.T, b *inbox, form url.Values) string {
	t.Helper()
	w := httptest.NewRecorder()
	request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	b.handler().ServeHTTP(w, request)
	if w.Code != http.StatusOK {
		t.Fatal(w.Code, w.Body)
	}
	return w.Body.String()
}

// opened is what a person sees at an address of the inbox.
func opened(b *inbox, address string) string {
	w := httptest.NewRecorder()
	request := httptest.NewRequest(http.MethodGet, address, nil)
	request.Header.Set("Accept", "text/html")
	b.handler().ServeHTTP(w, request)
	return w.Body.String()
}

func openInbox(file string) *inbox {
	b := &inbox{url: "http://localhost:3001", file: file, invoke: http.NotFound}
	b.restore()
	return b
}

func TestTheInboxIsKept(t *testing.T) {
	file := t.TempDir() + "/inbox.json"
	b := openInbox(file)
	arn := topicARN("member-1")
	asked(t, b, url.Values{"Action": {"CreateTopic"}, "Name": {"member-1"}})
	asked(t, b, url.Values{"Action": {"Subscribe"}, "TopicArn": {arn}, "Protocol": {"email"}, "Endpoint": {"ana@example.org"}})
	b.handler().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPut, "/opted-out/+15550100199", nil))
	b.handler().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/sms", strings.NewReader(`{"from": "+15550100101", "text": "STOP"}`)))
	if diff := cmp.Diff(b.kept, openInbox(file).kept); diff != "" || len(b.Messages) != 1 || len(b.Texts) != 1 || len(b.Subscriptions) != 1 || !b.OptedOut["+15550100199"] {
		t.Error(diff, b.kept)
	}
}

func TestThePageConfirmsAndAnswers(t *testing.T) {
	b := openInbox("")
	arn := topicARN("member-1")
	asked(t, b, url.Values{"Action": {"CreateTopic"}, "Name": {"member-1"}})
	asked(t, b, url.Values{"Action": {"Subscribe"}, "TopicArn": {arn}, "Protocol": {"email"}, "Endpoint": {"ana@example.org"}})
	asked(t, b, url.Values{"Action": {"Publish"}, "PhoneNumber": {"+15550100101"}, "Message": {"<b>hello</b>"}})
	page := html.UnescapeString(opened(b, "/"))
	confirm := b.toConfirm(b.Messages[0])
	for _, want := range []string{`value="` + confirm + `"`, `data-from="+15550100101"`, "<b>hello"} {
		if confirm == "" || !strings.Contains(page, want) {
			t.Errorf("%s is not in %s", want, page)
		}
	}
	if body := opened(b, strings.TrimPrefix(confirm, b.url)); !strings.Contains(body, "The subscription is confirmed.") || strings.Contains(opened(b, "/"), "<button value=\"http") {
		t.Errorf("confirmed: %s", body)
	}
	asked(t, b, url.Values{"Action": {"DeleteTopic"}, "TopicArn": {arn}})
	if body := opened(b, strings.TrimPrefix(confirm, b.url)); !strings.Contains(body, "no longer good") {
		t.Errorf("its topic is gone: %s", body)
	}
	for _, not := range []string{"Publish", "DeleteTopic", "none"} { // a link may not do that
		if body := opened(b, "/?Action="+not); !strings.Contains(body, "InvalidAction") {
			t.Errorf("%s: %s", not, body)
		}
	}
}

func TestTokensVerify(t *testing.T) {
	key, err := newKey("")
	if err != nil {
		t.Fatal(err)
	}
	seeds, err := readSeeds("http://localhost:3002", "")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(issuer{"http://localhost:3002", key, people(seeds)}.handler())
	t.Cleanup(server.Close)
	c := testClient(t)
	keys, err := keyfunc.NewJWKSetJSON(json.RawMessage(get(t, c, server.URL+"/harbor/keys")))
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
		if err := json.Unmarshal([]byte(get(t, c, server.URL+"/token?"+query)), &given); err != nil {
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
		"/harbor/.well-known/openid-configuration": `"jwks_uri":"http://localhost:3002/harbor/keys"`, "/harbor": "Sam Rivera", "/summit": "Carla", "/": "Lin Chen",
	} {
		if body := get(t, c, server.URL+path); !strings.Contains(body, want) {
			t.Errorf("%s: %s", path, body)
		}
	}
}
