package machine

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"time"

	"carechat/local/issuer"
)

// Fictional organizations and people, as PUTs in their order.
//
//go:embed seed/*.json
var seedFiles embed.FS

type seed struct {
	Organization map[string]any
	Puts         []struct {
		Path string
		Body json.RawMessage
	}
}

func (s seed) id() string { return fmt.Sprint(s.Organization["id"]) }

// readSeeds fills in what this machine's identity provider is called, and where
// the functions reach its keys.
func readSeeds(issuerURL, keysURL string) (all []seed, err error) {
	const week = 7 * 24 * time.Hour
	now := time.Now().UTC()
	for _, organization := range []string{"harbor", "summit"} {
		source, err := seedFiles.ReadFile("seed/" + organization + ".json")
		if err != nil {
			return nil, err
		}
		filled := strings.NewReplacer("{issuer}", issuerURL+"/"+organization, "{audience}", issuer.Audience,
			"{inAWeek}", now.Add(week).Format(time.RFC3339), "{inTwoWeeks}", now.Add(2*week).Format(time.RFC3339),
			"{keysUrl}", keysURL+"/"+organization+"/keys").Replace(string(source))
		var s seed
		if err := json.Unmarshal([]byte(filled), &s); err != nil {
			return nil, fmt.Errorf("seed/%s.json: %w", organization, err)
		}
		all = append(all, s)
	}
	return all, nil
}

// seed makes the fictional organizations and people through the API at url. The
// functions reach the identity provider at keysURL. The log, which is
// long, is written only if that fails.
func (m *Machine) seed(url, keysURL string) (err error) {
	if m.config.NoSeed {
		return nil
	}
	all, err := readSeeds(m.IssuerURL, keysURL)
	if err != nil {
		return err
	}
	var held bytes.Buffer
	m.log.SetOutput(&held)
	defer func() {
		m.log.SetOutput(m.config.Log)
		if err != nil {
			_, _ = held.WriteTo(m.config.Log)
		}
	}()
	s := seeder{m.client, url, m.issuer.Token, m.Invoke}
	for _, each := range all {
		if err := s.seed(m.ctx, each); err != nil {
			return err
		}
	}
	return nil
}

// consoleIssuers returns the parameter ConsoleIssuers: the seed's organizations at this machine's identity provider.
func (m *Machine) consoleIssuers() (string, error) {
	all, err := readSeeds(m.IssuerURL, "")
	issuers := []map[string]any{}
	for _, s := range all {
		issuers = append(issuers, map[string]any{
			"name": s.Organization["name"], "issuer": m.IssuerURL + "/" + s.id(), "clientId": "console",
		})
	}
	text, _ := json.Marshal(issuers) // strings alone
	return string(text), err
}

// people are who the log-in page lists.
func people(all []seed) []issuer.Person {
	var list []issuer.Person
	for _, s := range all {
		for _, put := range s.Puts {
			folder, id := path.Split(put.Path)
			role := map[string]string{"/care-managers/": "careManager", "/members/": "member"}[folder]
			var named struct{ DisplayName string }
			if role != "" && json.Unmarshal(put.Body, &named) == nil {
				list = append(list, issuer.Person{Organization: s.id(), Role: role, Subject: id, Name: named.DisplayName})
			}
		}
		list = append(list, issuer.Person{Organization: s.id(), Role: "platform", Subject: "platform", Name: "The platform"})
	}
	return list
}

// contacts says whose each phone and address is.
func contacts(all []seed) map[string]string {
	names := map[string]string{}
	for _, s := range all {
		for _, put := range s.Puts {
			var member struct{ DisplayName, Phone, Email string }
			if json.Unmarshal(put.Body, &member) == nil {
				names[member.Phone], names[member.Email] = member.DisplayName, member.DisplayName
			}
		}
	}
	delete(names, "")
	return names
}

// seeder seeds through the API, like any other client of it.
type seeder struct {
	client *http.Client
	api    string
	token  func(organization, subject, scope string) (string, error)
	invoke func(ctx context.Context, function string, payload []byte) ([]byte, error)
}

// seed makes an organization and its people, unless the last one exists: a
// machine that was ended while it seeded has made some, which are made again.
func (s seeder) seed(ctx context.Context, what seed) error {
	token, err := s.token(what.id(), "platform", "provision")
	if err != nil {
		return err
	}
	last := what.Puts[len(what.Puts)-1].Path
	status, answer, err := s.call(ctx, token, http.MethodGet, last, nil)
	if err != nil || status == http.StatusOK {
		return err
	}
	if status != http.StatusNotFound && status != http.StatusUnauthorized { // which an unknown issuer gets
		return fmt.Errorf("seed: GET /v1%s: %d %s", last, status, answer)
	}
	payload, err := json.Marshal(map[string]any{"putOrganization": what.Organization})
	if err != nil {
		return err
	}
	if _, err := s.invoke(ctx, "operator", payload); err != nil {
		return fmt.Errorf("seed: operator: %w", err)
	}
	for _, put := range what.Puts {
		status, answer, err := s.call(ctx, token, http.MethodPut, put.Path, put.Body)
		if err == nil && status >= 300 {
			err = fmt.Errorf("%d %s", status, answer)
		}
		if err != nil {
			return fmt.Errorf("seed: PUT /v1%s: %w", put.Path, err)
		}
	}
	return nil
}

// call calls the API, and again while it is busy: a container that has just
// started may not know the emulator's host yet.
func (s seeder) call(ctx context.Context, token, method, path string, body []byte) (status int, answer []byte, err error) {
	for range 30 {
		status, answer, err = s.once(ctx, token, method, path, body)
		if err != nil || status != http.StatusServiceUnavailable {
			break
		}
		time.Sleep(time.Second)
	}
	return status, answer, err
}

func (s seeder) once(ctx context.Context, token, method, path string, body []byte) (status int, answer []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, method, s.api+"/v1"+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := s.client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(response.Body)
	return response.StatusCode, answer, err
}

// healthy waits until an API that somebody else started answers.
func (s seeder) waitForAPI(ctx context.Context) error {
	for {
		if status, _, err := s.call(ctx, "", http.MethodGet, "/health", nil); err == nil && status == http.StatusOK {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second / 2):
		}
	}
}
