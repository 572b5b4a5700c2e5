package machine

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

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
	client := sns.New(sns.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(server.URL), HTTPClient: c, RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	})
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
