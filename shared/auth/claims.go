package auth

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"carechat/shared/chat"
)

// claims are the claims of an access token that count. None names the organization:
// the issuer's row does.
type claims struct {
	jwt.RegisteredClaims
	all           map[string]any
	audienceClaim string // "" is aud
}

// UnmarshalJSON reads the registered claims, each of its type, and all of them as
// they are.
func (c *claims) UnmarshalJSON(raw []byte) error {
	if err := json.Unmarshal(raw, &c.RegisteredClaims); err != nil {
		return err
	}
	return json.Unmarshal(raw, &c.all)
}

// GetAudience returns the audiences, for the library to compare.
func (c *claims) GetAudience() (jwt.ClaimStrings, error) {
	if c.audienceClaim == "" {
		return c.Audience, nil
	}
	return c.values(c.audienceClaim), nil
}

// key is what an identity is remembered by.
func (c *claims) key() chat.Subject { return c.subject("") }

// subject returns whom the token names by a claim, "" being sub.
func (c *claims) subject(claim string) chat.Subject {
	name, _ := c.all[cmp.Or(claim, "sub")].(string)
	return chat.Subject{Issuer: c.Issuer, Subject: name}
}

// isPlatform reports whether the token is the platform's: it has the value that its
// issuer says, or else the scope "provision" (S5).
func (c *claims) isPlatform(by chat.PlatformClaim) bool {
	if by.Claim == "" {
		scope, _ := c.all["scope"].(string)
		return slices.Contains(strings.Fields(scope), "provision")
	}
	return slices.Contains(c.values(by.Claim), by.Value)
}

// values returns what a claim has: the words of a text, or the texts of a list.
func (c *claims) values(name string) (values []string) {
	switch v := c.all[name].(type) {
	case string:
		return strings.Fields(v)
	case []any:
		for _, each := range v {
			if text, ok := each.(string); ok {
				values = append(values, text)
			}
		}
	}
	return values
}
