package main

import (
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"testing"

	"carechat/local/machine"
	"carechat/shared/api"
	"carechat/shared/apigw"
	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/table"
	"carechat/tests/support/invariants"
	"carechat/tests/support/localaws"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

func newFunction(t *testing.T) func(payload string) string {
	t.Helper()
	emulator, err := machine.StartEmulator(t.Context(), 0, "", "../../.cache")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(emulator.Close)
	config := localaws.Config(emulator.URL)
	db := dynamodb.NewFromConfig(config)
	if _, err := db.CreateTable(t.Context(), table.Schema(t.Name())); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { invariants.Check(t, emulator.URL, t.Name()) })
	store := table.New(table.Settings{Name: t.Name(), Now: chat.Clock, Config: config})
	h := handlers{&directory.OperatorService{Store: store}}
	f := &apigw.Direct[api.Command]{Name: "operator", Handle: h.run, Meter: table.Meter, Log: slog.New(slog.DiscardHandler)}
	return func(payload string) string {
		t.Helper()
		answer, err := f.Invoke(t.Context(), []byte(payload))
		if err != nil {
			t.Fatal(err)
		}
		return string(answer)
	}
}

// S6: making an organization is repeatable, and what is wrong is answered.
func TestMakesOrganizations(t *testing.T) {
	source, err := os.ReadFile("event.json")
	if err != nil {
		t.Fatal(err)
	}
	event, invoke := string(source), newFunction(t)
	const made, changed = `{"organization":{"id":"lakeside","version":1}}`, `{"organization":{"id":"lakeside","version":2}}`
	for range 2 {
		if got := invoke(event); got != made {
			t.Errorf("got %s", got)
		}
	}
	if got := invoke(strings.Replace(event, "Lakeside Care", "Lakeside", 1)); got != changed {
		t.Errorf("got %s", got)
	}
	for name, payload := range map[string]string{
		"another's issuer":  strings.Replace(event, `"id": "lakeside"`, `"id": "summit"`, 1),
		"no such zone":      strings.Replace(event, "America/Chicago", "America/Harbor", 1),
		"no command":        `{}`,
		"a command unknown": `{"dropOrganization":{"id":"lakeside"}}`,
		"null":              `{"putOrganization":null}`,
		"no JSON":           `organization`,
		"nothing":           ``,
	} {
		var answer struct {
			Problem struct{ Code, RequestID string }
		}
		if err := json.Unmarshal([]byte(invoke(payload)), &answer); err != nil || answer.Problem.Code == "" || answer.Problem.RequestID == "" {
			t.Errorf("%s: %+v, %v", name, answer, err)
		}
	}
	if got := invoke(strings.Replace(event, "America/Chicago", "America/Harbor", 1)); !strings.Contains(got, `"pointer":"/putOrganization/timeZone"`) {
		t.Errorf("got %s", got)
	}
}
