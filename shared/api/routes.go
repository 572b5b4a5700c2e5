package api

import (
	"slices"
	"strings"
)

// Routes are all routes of the API, as API Gateway's route keys. A test holds
// template.yaml, openapi.yaml and the functions to the same set.
var Routes = []string{
	"GET /v1/health",
	"GET /v1/me",
	"POST /v1/links",
	"POST /v1/sessions",
	"DELETE /v1/sessions/current",
	"GET /v1/members/{memberId}/chats",
	"GET /v1/members/{memberId}/unread",
	"GET /v1/members/{memberId}/request-form",
	"POST /v1/members/{memberId}/chat-requests",
	"GET /v1/members/{memberId}/chat-requests/{requestId}",
	"PATCH /v1/members/{memberId}/chat-requests/{requestId}",
	"POST /v1/members/{memberId}/chat-requests/{requestId}/cancel",
	"POST /v1/members/{memberId}/chat-requests/{requestId}/close",
	"GET /v1/members/{memberId}/threads",
	"POST /v1/members/{memberId}/threads",
	"GET /v1/members/{memberId}/threads/{threadId}/messages",
	"POST /v1/members/{memberId}/threads/{threadId}/messages",
	"PUT /v1/members/{memberId}/threads/{threadId}/read",
	"GET /v1/members/{memberId}/preferences",
	"PUT /v1/members/{memberId}/preferences",
	"PUT /v1/members/{memberId}/enrollments/{programId}/pause",
	"POST /v1/members/{memberId}/enrollments/{programId}/claim",
	"POST /v1/members/{memberId}/enrollments/{programId}/assign",
	"GET /v1/members/{memberId}/notices",
	"POST /v1/members/{memberId}/links",
	"GET /v1/tasks",
	"GET /v1/caseload",
	"GET /v1/inbox",
	"GET /v1/organization",
	"PUT /v1/organization",
	"GET /v1/programs",
	"GET /v1/programs/{id}",
	"PUT /v1/programs/{id}",
	"GET /v1/reasons",
	"GET /v1/reasons/{id}",
	"PUT /v1/reasons/{id}",
	"GET /v1/departments",
	"GET /v1/departments/{id}",
	"PUT /v1/departments/{id}",
	"GET /v1/care-managers",
	"GET /v1/care-managers/{id}",
	"PUT /v1/care-managers/{id}",
	"GET /v1/care-managers/{careManagerId}/coverages",
	"PUT /v1/care-managers/{careManagerId}/coverages/{id}",
	"DELETE /v1/care-managers/{careManagerId}/coverages/{id}",
	"GET /v1/members",
	"GET /v1/members/{memberId}",
	"PUT /v1/members/{memberId}",
	"GET /v1/members/{memberId}/enrollments",
	"GET /v1/members/{memberId}/enrollments/{programId}",
	"PUT /v1/members/{memberId}/enrollments/{programId}",
}

// Methods returns the methods that a path takes, sorted; nil if it is not a path of
// the API.
func Methods(path string) []string {
	var methods []string
	for _, route := range Routes {
		method, template, _ := strings.Cut(route, " ")
		if matches(template, path) {
			methods = append(methods, method)
		}
	}
	slices.Sort(methods)
	return methods
}

func matches(template, path string) bool {
	want, have := strings.Split(template, "/"), strings.Split(path, "/")
	return slices.EqualFunc(want, have, func(w, h string) bool {
		return w == h || strings.HasPrefix(w, "{") && h != ""
	})
}
