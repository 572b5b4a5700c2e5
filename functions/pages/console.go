package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// consoleConfig is the file of the console that names its issuers. The deployment makes it, not the bundler.
const consoleConfig = "console/config.json"

// consoleIssuer is an identity provider that care managers may sign in with.
type consoleIssuer struct {
	Name     string `json:"name"`
	Issuer   string `json:"issuer"`
	ClientID string `json:"clientId"`
	// Scope is what the console asks for. Without it: openid offline_access.
	Scope string `json:"scope,omitempty"`
	// Origins are further origins that the console may call, where the provider's token endpoint is not on the issuer's.
	Origins []string `json:"origins,omitempty"`
}

// consoleFor returns a copy of the policy and the configuration for the issuers in text, a JSON list. An empty text has no issuers. A
// text that is not such a list, or an address in it that is neither https nor this machine's, is an error.
func consoleFor(text string) (policy string, config []byte, err error) {
	issuers := []consoleIssuer{}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &issuers); err != nil {
			return "", nil, fmt.Errorf("a JSON list of issuers: %w", err)
		}
	}
	sources := []string{"'self'"}
	for _, i := range issuers {
		if i.Name == "" || i.ClientID == "" {
			return "", nil, fmt.Errorf("the issuer %q needs a name and a clientId", i.Issuer)
		}
		for _, address := range append([]string{i.Issuer}, i.Origins...) {
			origin, err := originOf(address)
			if err != nil {
				return "", nil, err
			}
			if !slices.Contains(sources, origin) {
				sources = append(sources, origin)
			}
		}
	}
	config, err = json.Marshal(map[string]any{"issuers": issuers})
	return security["Content-Security-Policy"] + "; connect-src " + strings.Join(sources, " "), config, err
}

// originOf returns the scheme and the host of an address.
func originOf(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || strings.ContainsAny(u.Host, "; ,'*") {
		return "", fmt.Errorf("%q is not an address", address)
	}
	if u.Scheme != "https" && !(u.Scheme == "http" && slices.Contains([]string{"localhost", "127.0.0.1"}, u.Hostname())) {
		return "", fmt.Errorf("%q is not https", address)
	}
	return u.Scheme + "://" + u.Host, nil
}

// withConsole adds the console's configuration, and lets its page call the issuers.
func (s site) withConsole(text string) error {
	policy, config, err := consoleFor(text)
	if err != nil {
		return err
	}
	s[consoleConfig] = newAsset(consoleConfig, config)
	page := s["console.html"]
	page.policy = policy
	s["console.html"] = page
	return nil
}

// console returns the console's configuration, or its page for any of its views.
func (s site) console(r request) response {
	if r.PathParameters["proxy"] == "config.json" {
		return s[consoleConfig].answer(r, http.StatusOK, asked)
	}
	answer := s["console.html"].answer(r, http.StatusOK, asked)
	answer.Headers["Content-Security-Policy"] = s["console.html"].policy
	return answer
}
