package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"carechat/shared/api"
	"carechat/shared/apigw"
	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/invariants"
	"carechat/shared/table"
	"carechat/tests/support/emulator"
	"carechat/tests/support/event"
	"carechat/tests/support/localaws"
	"carechat/tests/support/tables"
	"carechat/tests/support/town"
)

// T14: a member is held, released and erased; one who does not exist is not found.
func TestCommandsOfAMember(t *testing.T) {
	w := town.New(t)
	w.CheckAtEnd()
	w.PutMember("ana")
	f := operatorOf(w.Table, func() time.Time { return w.Now })
	const ana, nobody = `{"organization":"harbor","member":"ana"}`, `{"organization":"harbor","member":"nobody"}`
	for _, step := range []struct{ command, answer string }{
		{`{"hold":` + ana + `}`, `{"organization":"harbor","member":"ana","heldAt":"2026-03-02T12:00:00.000Z"}`},
		{`{"eraseMember":` + ana + `}`, `"pointer":"/eraseMember/member"`},
		{`{"release":` + ana + `}`, `{"organization":"harbor","member":"ana"}`},
		{`{"retain":{"organization":"harbor","years":7}}`, `{"members":1,"held":0,"threads":0,"requests":0}`},
		{`{"retain":{"organization":"harbor"}}`, `"pointer":"/retain/years"`},
		{`{"eraseMember":` + ana + `}`, `{"organization":"harbor","member":"ana","erased":"begun"}`},
		{`{"hold":` + nobody + `}`, `"not-found"`}, {`{"hold":{"organization":"harbor","member":"a#"}}`, `"pointer":"/hold/member"`},
		{`{"eraseMember":` + ana + `,"hold":` + ana + `}`, `name one command`},
		{`{"checkTable":{"after":"anywhere"}}`, `"pointer":"/checkTable/after"`},
	} {
		answer, err := f.Invoke(t.Context(), []byte(step.command))
		if err != nil {
			answer = []byte(err.Error())
		}
		if !strings.Contains(string(answer), step.answer) {
			t.Errorf("%s: %s", step.command, answer)
		}
	}
}

// operatorOf returns the function on a table, which it reads by pages of a few rows.
func operatorOf(t *table.Table, now func() time.Time) *apigw.Direct[api.Command] {
	whole := invariants.Table{Reader: table.Whole{Table: t, Rows: 7, Chunk: 3}, Settle: func(context.Context) {}}
	h := handlers{&directory.OperatorService{Store: t, Now: now}, whole}
	return &apigw.Direct[api.Command]{Name: "operator", Handle: h.run, Meter: table.Meter, Log: slog.New(slog.DiscardHandler)}
}

func TestMain(m *testing.M) { emulator.Main(m) }

func newFunction(t *testing.T) func(payload string) string {
	t.Helper()
	name := emulator.NewTable(t)
	t.Cleanup(func() { tables.Check(t, emulator.URL, name) })
	f := operatorOf(localaws.Table(emulator.URL, name, chat.Clock), chat.Clock)
	return func(payload string) string {
		t.Helper()
		answer, err := f.Invoke(t.Context(), []byte(payload))
		var refusal apigw.Refusal
		if err != nil && !errors.As(err, &refusal) {
			t.Fatal(err)
		}
		return string(answer) + refusal.Error()
	}
}

// S6: making an organization is repeatable, and a refusal is an error, so that a script fails.
func TestPutOrganization(t *testing.T) {
	example, invoke := string(event.Read(t)), newFunction(t)
	const made, changed = `{"organization":{"id":"lakeside","version":1}}`, `{"organization":{"id":"lakeside","version":2}}`
	for range 2 {
		if got := invoke(example); got != made {
			t.Errorf("got %s", got)
		}
	}
	if got := invoke(strings.Replace(example, "Lakeside Care", "Lakeside", 1)); got != changed {
		t.Errorf("got %s", got)
	}
	for name, payload := range map[string]string{
		"another's issuer":  strings.Replace(example, `"id": "lakeside"`, `"id": "summit"`, 1),
		"no such zone":      strings.Replace(example, "America/Chicago", "America/Harbor", 1),
		"no command":        `{}`,
		"a command unknown": `{"dropOrganization":{"id":"lakeside"}}`,
		"null":              `{"putOrganization":null}`,
		"no JSON":           `organization`,
		"nothing":           ``,
	} {
		var problem struct{ Code, RequestID string }
		if err := json.Unmarshal([]byte(invoke(payload)), &problem); err != nil || problem.Code == "" || problem.RequestID == "" {
			t.Errorf("%s: %+v, %v", name, problem, err)
		}
	}
	for name, more := range map[string]string{
		"/issuers/0/audienceClaim":  `"audienceClaim": "a b"`,
		"/issuers/0/subjectClaim":   `"subjectClaim": "a\tb"`,
		"/issuers/0/platform/claim": `"platform": {}`,
		"/issuers/0/platform/value": `"platform": {"claim": "roles"}`,
	} {
		if got := invoke(strings.Replace(example, `"audience":`, more+`, "audience":`, 1)); !strings.Contains(got, `"pointer":"/putOrganization`+name+`"`) {
			t.Errorf("%s: got %s", name, got)
		}
	}
	if got := invoke(strings.Replace(example, "America/Chicago", "America/Harbor", 1)); !strings.Contains(got, `"pointer":"/putOrganization/timeZone"`) || strings.Count(got, `"pointer"`) != 1 {
		t.Errorf("got %s", got)
	}
}
