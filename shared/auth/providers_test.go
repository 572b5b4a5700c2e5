package auth

import (
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
)

// provider is how an identity provider is registered, and what its access tokens say,
// as docs/identity.md has it. iss, iat and exp are added.
type provider struct {
	issuer      chat.Issuer
	careManager jwt.MapClaims // whose subject is person
	machine     jwt.MapClaims // the platform's
	strangers   map[string]jwt.MapClaims
}

const person = "6f2d1c3a-9b0e-4c57-8d42-0a1b2c3d4e5f"

var providers = map[string]provider{
	"Amazon Cognito": {
		issuer: chat.Issuer{Audience: "care-chats/use", AudienceClaim: "scope", Platform: chat.PlatformClaim{Claim: "scope", Value: "care-chats/provision"}},
		careManager: jwt.MapClaims{
			"sub": person, "token_use": "access", "scope": "openid care-chats/use", "auth_time": start.Unix(), "version": 2,
			"client_id": "1example23456789", "username": person, "cognito:groups": []string{"nurses"}, "jti": "a", "origin_jti": "b", "event_id": "c",
		},
		machine: jwt.MapClaims{
			"sub": "1machine23456789", "token_use": "access", "scope": "care-chats/use care-chats/provision", "auth_time": start.Unix(), "version": 2,
			"client_id": "1machine23456789", "jti": "a",
		},
		strangers: map[string]jwt.MapClaims{
			"an ID token":                  {"sub": person, "token_use": "id", "aud": "1example23456789", "email": "rivera@example.org"},
			"a token without the scope":    {"sub": person, "token_use": "access", "scope": "aws.cognito.signin.user.admin", "client_id": "1example23456789"},
			"a scope of another server":    {"sub": person, "token_use": "access", "scope": "others/use", "client_id": "1example23456789"},
			"a scope that begins the same": {"sub": person, "token_use": "access", "scope": "care-chats/use.more"},
		},
	},
	"Microsoft Entra ID": {
		issuer: chat.Issuer{
			Audience: "11112222-bbbb-3333-cccc-4444dddd5555", SubjectClaim: "oid",
			Platform: chat.PlatformClaim{Claim: "roles", Value: "provision"},
		},
		careManager: jwt.MapClaims{
			"aud": "11112222-bbbb-3333-cccc-4444dddd5555", "ver": "2.0", "nbf": start.Unix(), "oid": person, "sub": "pairwise-of-rivera", "scp": "use",
			"azp": "00001111-aaaa-2222-bbbb-3333cccc4444", "azpacr": "0", "tid": "aaaabbbb-0000-cccc-1111-dddd2222eeee", "uti": "u", "rh": "r",
		},
		machine: jwt.MapClaims{
			"aud": "11112222-bbbb-3333-cccc-4444dddd5555", "ver": "2.0", "nbf": start.Unix(), "oid": "machine", "sub": "machine", "roles": []string{"provision"},
			"azp": "22223333-cccc-4444-dddd-5555eeee6666", "azpacr": "1", "tid": "aaaabbbb-0000-cccc-1111-dddd2222eeee", "uti": "u", "rh": "r",
		},
		strangers: map[string]jwt.MapClaims{
			"a token for Microsoft Graph": {"aud": "00000003-0000-0000-c000-000000000000", "oid": person, "sub": "s", "scp": "User.Read"},
			"an ID token of the page":     {"aud": "00001111-aaaa-2222-bbbb-3333cccc4444", "oid": person, "sub": "s"},
			"a token without an oid":      {"aud": "11112222-bbbb-3333-cccc-4444dddd5555", "sub": person, "scp": "use"},
			"a scope named as the role":   {"aud": "11112222-bbbb-3333-cccc-4444dddd5555", "oid": "nobody", "sub": "s", "scp": "provision", "scope": "provision"},
		},
	},
	"Okta": {
		issuer: chat.Issuer{Audience: "care-chats", SubjectClaim: "uid", Platform: chat.PlatformClaim{Claim: "scp", Value: "provision"}},
		careManager: jwt.MapClaims{
			"ver": 1, "jti": "AT.a", "aud": "care-chats", "cid": "0oaexample", "uid": person, "scp": []string{"openid", "use"}, "sub": "rivera@example.org",
			"auth_time": start.Unix(),
		},
		machine: jwt.MapClaims{
			"ver": 1, "jti": "AT.b", "aud": "care-chats", "cid": "0oamachine", "scp": []string{"provision"}, "sub": "0oamachine",
		},
		strangers: map[string]jwt.MapClaims{
			"a token of the org's own server": {"aud": "https://example.okta.com", "uid": person, "scp": []string{"openid"}, "sub": "rivera@example.org"},
			"another's machine":               {"aud": "care-chats", "scp": []string{"use"}, "sub": "0oaother"},
		},
	},
	"Keycloak": {
		issuer: chat.Issuer{Audience: "care-chats"},
		careManager: jwt.MapClaims{
			"jti": "a", "aud": []string{"care-chats", "account"}, "sub": person, "typ": "Bearer", "azp": "console", "sid": "s", "acr": "1",
			"realm_access": map[string]any{"roles": []string{"offline_access"}}, "scope": "openid profile", "preferred_username": "rivera",
		},
		machine: jwt.MapClaims{
			"jti": "b", "aud": "care-chats", "sub": "0a1b2c3d-service-account", "typ": "Bearer", "azp": "platform", "scope": "profile provision",
			"client_id": "platform", "clientHost": "192.0.2.7", "preferred_username": "service-account-platform",
		},
		strangers: map[string]jwt.MapClaims{
			"a token without the audience": {"aud": "account", "sub": person, "scope": "openid"},
			"a role named as the scope":    {"aud": "care-chats", "sub": "s", "scope": "openid", "realm_access": map[string]any{"roles": []string{"provision"}}},
		},
	},
}

// S5: the tokens of the providers in docs/identity.md, as each makes them, name the
// care manager and the platform, and no other token of theirs does.
func TestTokensOfKnownProviders(t *testing.T) {
	for name, p := range providers {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			p.issuer.Issuer = h.issuer.URL // which they discover
			h.issuers[h.issuer.URL] = Issuer{"harbor", p.issuer}
			h.people[h.subject(person)] = chat.Person{Kind: chat.CareManager, ID: "cm-rivera"}
			h.changeStaff(func(r *chat.CareManagerRow) { r.Subjects = []chat.Subject{h.subject(person)} })
			for range 2 { // the second time from memory
				got, err := h.Caller(t.Context(), h.bare(t, p.careManager), true)
				if err != nil || got.Kind != chat.CareManager || got.ID != "cm-rivera" {
					t.Errorf("care manager: %+v, %v", got, err)
				}
			}
			got, err := h.Caller(t.Context(), h.bare(t, p.machine), true)
			want := chat.Caller{Kind: chat.Platform, Organization: "harbor", ID: p.machine["sub"].(string), Issuer: h.issuer.URL}
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("platform: %v\n%s", err, diff)
			}
			for which, claims := range p.strangers {
				if got, err := h.Caller(t.Context(), h.bare(t, claims), true); err == nil {
					t.Errorf("%s is taken for %+v", which, got)
				}
			}
		})
	}
}

// bare returns a token with these claims alone, iss, iat and exp.
func (h *house) bare(t *testing.T, own jwt.MapClaims) string {
	all := jwt.MapClaims{"iss": h.issuer.URL, "iat": start.Unix(), "exp": start.Add(time.Hour).Unix()}
	for name, value := range own {
		all[name] = value
	}
	return signed(t, jwt.SigningMethodRS256, rsaKey, map[string]any{"kid": "r1"}, all)
}

// T7: for a subject by another claim than sub, memory gives nothing old: the token
// says whom it names.
func TestAnotherClaimIsNeverFromMemory(t *testing.T) {
	h := newHouse(t)
	h.issuers[h.issuer.URL] = Issuer{"harbor", chat.Issuer{Issuer: h.issuer.URL, SubjectClaim: "uid"}}
	if got := h.refusal(t, h.token(t, jwt.MapClaims{"uid": "rivera", "sub": "one"})); got != "<nil>" {
		t.Fatal(got)
	}
	for name, c := range map[string]struct {
		uid    any
		reason string
	}{"another person's": {"nobody", "subject"}, "none": {nil, "malformed"}, "no text": {7, "malformed"}} {
		if got := h.refusal(t, h.token(t, jwt.MapClaims{"uid": c.uid, "sub": "one"})); got != "unauthenticated ("+c.reason+")" {
			t.Errorf("%s: %s", name, got)
		}
	}
}
