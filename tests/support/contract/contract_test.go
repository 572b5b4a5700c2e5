package contract

import (
	"carechat/tests/support/module"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
)

func TestTheContractIsValidOpenAPI31(t *testing.T) {
	if got := Document().OpenAPI; got != "3.1.0" {
		t.Errorf("openapi: %s, want 3.1.0", got)
	}
	if err := Document().Validate(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestOperations(t *testing.T) {
	ids := map[string]bool{}
	for _, operation := range Operations() {
		if operation.ID == "" || ids[operation.ID] {
			t.Errorf("%s %s: operationId %q is missing or not unique", operation.Method, operation.Path, operation.ID)
		}
		ids[operation.ID] = true
		declared := Document().Paths.Value(operation.Path).GetOperation(operation.Method)
		if declared.Summary == "" || len(declared.Tags) != 1 {
			t.Errorf("%s: wants a summary and one tag", operation.ID)
		}
		checkSecurity(t, operation, declared)
	}
}

func checkSecurity(t *testing.T, operation Operation, declared *openapi3.Operation) {
	t.Helper()
	if declared.Security == nil {
		t.Errorf("%s: says nothing about security", operation.ID)
		return
	}
	secured := len(*declared.Security) > 0
	if secured != (len(operation.Callers) > 0) {
		t.Errorf("%s: secured is %v, callers are %v", operation.ID, secured, operation.Callers)
	}
	if secured != slices.Contains(operation.Statuses, http.StatusUnauthorized) {
		t.Errorf("%s: secured is %v, statuses are %v", operation.ID, secured, operation.Statuses)
	}
	if some := len(operation.Callers) < 3; secured && some != slices.Contains(operation.Statuses, http.StatusForbidden) {
		t.Errorf("%s: callers are %v, statuses are %v", operation.ID, operation.Callers, operation.Statuses)
	}
}

func TestEveryBodyHasAnExample(t *testing.T) {
	for _, operation := range Operations() {
		declared := Document().Paths.Value(operation.Path).GetOperation(operation.Method)
		if declared.RequestBody != nil {
			wantExamples(t, operation.ID+" request", declared.RequestBody.Value.Content)
		}
		for status, response := range declared.Responses.Map() {
			wantExamples(t, operation.ID+" "+status, response.Value.Content)
		}
	}
	for name, response := range Document().Components.Responses {
		wantExamples(t, name, response.Value.Content)
	}
}

// wantExamples wants at least one, and each of them valid: tools take a wrong
// example for a good one.
func wantExamples(t *testing.T, name string, content openapi3.Content) {
	t.Helper()
	for _, media := range content {
		examples := media.Examples
		if media.Example != nil {
			examples = openapi3.Examples{"example": {Value: &openapi3.Example{Value: media.Example}}}
		}
		if len(examples) == 0 {
			t.Errorf("%s: no example", name)
		}
		for _, example := range examples {
			if err := visit(media.Schema.Value, example.Value.Value); err != nil {
				t.Errorf("%s: example: %v", name, err)
			}
		}
	}
}

func visit(schema *openapi3.Schema, value any) error {
	return schema.VisitJSON(plain(value), openapi3.EnableJSONSchema2020(), openapi3.EnableFormatValidation())
}

// plain turns what YAML made of an example into what JSON would.
func plain(value any) any {
	raw, err := json.Marshal(value)
	if err != nil {
		return value
	}
	var decoded any
	if err := json.Unmarshal(raw, &decoded); err != nil {
		return value
	}
	return decoded
}

// What the operator is shown to send makes an organization that the API could give.
func TestOrganizationExampleIsAnOrganization(t *testing.T) {
	raw, err := os.ReadFile(module.Path("docs/examples/organization.json"))
	if err != nil {
		t.Fatal(err)
	}
	var event struct{ PutOrganization map[string]any }
	if err := json.Unmarshal(raw, &event); err != nil {
		t.Fatal(err)
	}
	delete(event.PutOrganization, "id") // these two are the operator's alone
	delete(event.PutOrganization, "issuers")
	if err := visit(Document().Components.Schemas["Organization"].Value, event.PutOrganization); err != nil {
		t.Error(err)
	}
}

func TestRoute(t *testing.T) {
	for path, want := range map[string]string{
		"/v1/sessions/current":                  "logOut",
		"/v1/members/me":                        "",
		"/v1/members/ana/chat-requests/x":       "",
		"/v1/members/ana/chat-requests//cancel": "",
	} {
		got := ""
		if found, _ := route(http.MethodDelete, path); found != nil {
			got = found.Operation.OperationID
		}
		if got != want {
			t.Errorf("DELETE %s is %q, want %q", path, got, want)
		}
	}
	_, params := route(http.MethodPut, "/v1/members/ana/threads/thr_1/read")
	if diff := cmp.Diff(map[string]string{"memberId": "ana", "threadId": "thr_1"}, params); diff != "" {
		t.Error(diff)
	}
}

func address(t *testing.T, raw string) *url.URL {
	t.Helper()
	parsed, err := url.Parse("http://localhost:3000" + raw)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}
