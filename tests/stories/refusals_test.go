package stories

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"carechat/tests/support/contract"
)

// pathOf returns an operation's path with a member, and another id for everything else.
func pathOf(operation contract.Operation, member, other string) string {
	return strings.NewReplacer("{memberId}", member, "{programId}", other, "{requestId}", other,
		"{threadId}", other, "{id}", other, "{careManagerId}", other).Replace(operation.Path)
}

// checkRefusals makes calls to every operation that all operations refuse alike.
func checkRefusals(t *testing.T, all map[string]caller) {
	for _, operation := range contract.Operations() {
		if operation.ID == "getHealth" {
			continue // it reads nothing
		}
		t.Run(operation.ID, func(t *testing.T) {
			right := all["nobody"]
			if len(operation.Callers) > 0 {
				right = all[operation.Callers[0]]
				checkCallers(t, operation, all)
			}
			checkBodies(t, operation, right)
			if slices.Contains(operation.Statuses, http.StatusNotFound) {
				checkUnknownIDs(t, operation, right)
			}
		})
	}
}

func checkCallers(t *testing.T, operation contract.Operation, all map[string]caller) {
	t.Helper()
	path := pathOf(operation, "ana", "diabetes")
	for kind, c := range all {
		switch {
		case kind == "nobody":
			c.want(t, 401, "unauthenticated", operation.Method, path, string(operation.Body), key...)
		case !slices.Contains(operation.Callers, kind):
			c.want(t, 403, "forbidden", operation.Method, path, string(operation.Body), key...)
		}
	}
}

func checkBodies(t *testing.T, operation contract.Operation, right caller) {
	t.Helper()
	path := pathOf(operation, "ana", "diabetes")
	for _, body := range []string{`{`, `{} {}`, "\xff"} {
		right.want(t, 400, "malformed-json", operation.Method, path, body)
	}
	for _, body := range []string{`{"x":1}`, `[]`, `null`} {
		right.want(t, 422, "validation-failed", operation.Method, path, body)
	}
	right.want(t, 422, "validation-failed", operation.Method, path+"?unknown=1", string(operation.Body), key...)
	if strings.Contains(operation.Path, "{") {
		right.want(t, 422, "validation-failed", operation.Method, pathOf(operation, "a.b", "a.b"), string(operation.Body), key...)
	}
	right.want(t, 413, "too-large", operation.Method, path, `{"x":"`+strings.Repeat("x", 64*1024)+`"}`)
	right.want(t, 415, "unsupported-media-type", operation.Method, path, `{}`, "Content-Type", "text/plain")
}

// checkUnknownIDs checks that what is unknown is 404 (A4). A directory's PUT makes it,
// but nobody is called me.
func checkUnknownIDs(t *testing.T, operation contract.Operation, right caller) {
	t.Helper()
	member, other := "nobody", "nothing"
	switch operation.ID {
	case "putMember", "putCareManager":
		member, other = "me", "me"
	case "putEnrollment":
		other = "diabetes"
	}
	right.want(t, 404, "not-found", operation.Method, pathOf(operation, member, other), string(operation.Body), key...)
}
