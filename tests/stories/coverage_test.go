package stories

import (
	"strings"
	"testing"

	"carechat/local/machine"
	"carechat/tests/support/contract"
)

// Every operation is seen with every status that the contract declares, except those
// that only a failure causes.
func TestEveryOperationAndStatus(t *testing.T) {
	here := start(t, machine.Config{})
	all := newCallers(t, here)
	member, careManager, platform := all["member"], all["careManager"], all["platform"]
	t.Run("alike", func(t *testing.T) { checkRefusals(t, all) })
	t.Run("session", func(t *testing.T) { session(t, here, all["nobody"]) })
	t.Run("directory", func(t *testing.T) { directory(t, platform, here.machine.IssuerURL+"/harbor") })
	t.Run("mistakes", func(t *testing.T) { checkMistakes(t, platform) })
	t.Run("requests", func(t *testing.T) { requests(t, member, careManager) })
	t.Run("threads", func(t *testing.T) { threads(t, member, careManager) })
	t.Run("notices", func(t *testing.T) { notices(t, member, careManager, platform) })
	t.Run("owners", func(t *testing.T) { owners(t, careManager, platform) })
	t.Run("coverages", func(t *testing.T) { coverages(t, careManager, platform) })
	t.Run("lists", func(t *testing.T) { lists(t, member, careManager, platform) })
	for _, missing := range contract.Unseen(429, 500, 503) {
		t.Errorf("never seen: %s", missing)
	}
}

func session(t *testing.T, here *host, nobody caller) {
	nobody.want(t, 200, "", "GET", "/v1/health", "")
	nobody.want(t, 422, "validation-failed", "POST", "/v1/links", `{"contact":"nobody"}`)
	nobody.want(t, 422, "validation-failed", "POST", "/v1/sessions", `{}`)
	nobody.want(t, 410, "link-invalid", "POST", "/v1/sessions", `{"link":"x"}`)
	link := here.bash(t, `source lib.sh; ask_for_link; echo "$LINK"`)
	nobody.want(t, 403, "factor-required", "POST", "/v1/sessions", `{"link":"`+link+`"}`)
	made := nobody.want(t, 201, "", "POST", "/v1/sessions", `{"link":"`+link+`","birthDate":"1970-02-03"}`)
	member := caller{nobody.WithToken(made.Text("token"))}
	member.want(t, 200, "", "GET", "/v1/me", "")
	member.want(t, 204, "", "DELETE", "/v1/sessions/current", "")
	member.want(t, 401, "unauthenticated", "GET", "/v1/me", "")
}

func directory(t *testing.T, platform caller, issuer string) {
	settings := platform.want(t, 200, "", "GET", "/v1/organization", "")
	checkReplace(t, platform, "/v1/organization", settings.Raw)
	person := `"displayName":"Extra","birthDate":"1990-01-01","language":"en","timeZone":"America/New_York","active":true`
	for _, entry := range []struct{ path, body string }{
		{"/v1/departments/extra", `{"name":"Extra"}`},
		{"/v1/programs/extra", `{"name":"Extra","kind":"guided","departmentId":"extra"}`},
		{"/v1/reasons/extra", `{"labels":{"en":"Extra","es":"Extra"},"order":9,"active":false}`},
		{"/v1/care-managers/extra", `{"displayName":"Extra","departmentIds":["extra"],"active":true}`},
		{"/v1/members/extra", `{` + person + `}`},
		{"/v1/members/extra/enrollments/extra", `{"state":"active","careManagerId":"extra"}`},
	} {
		platform.want(t, 201, "", "PUT", entry.path, entry.body)
		checkReplace(t, platform, entry.path, entry.body)
	}
	for _, list := range []string{"programs", "reasons", "departments", "care-managers", "members", "members/extra/enrollments"} {
		platform.want(t, 200, "", "GET", "/v1/"+list, "")
		platform.want(t, 400, "invalid-cursor", "GET", "/v1/"+list+"?cursor=x", "")
	}
	platform.want(t, 422, "validation-failed", "GET", "/v1/members?updatedSince=today", "")
	// Nobody has the id me.
	platform.want(t, 404, "not-found", "PUT", "/v1/care-managers/me", `{"displayName":"Extra","departmentIds":["extra"],"active":true}`)
	platform.want(t, 404, "not-found", "PUT", "/v1/members/me", `{`+person+`}`)
	// A change whose answer was lost may be repeated with its If-Match (A3).
	for range 2 {
		platform.want(t, 200, "", "PUT", "/v1/members/extra/enrollments/extra", `{"state":"active"}`, "If-Match", `"1"`)
	}
	taken := `"subjects":[{"issuer":"` + issuer + `","subject":"cm-chen"}]}`
	platform.want(t, 409, "subject-taken", "PUT", "/v1/care-managers/other",
		`{"displayName":"Other","departmentIds":["extra"],"active":true,`+taken)
	platform.want(t, 409, "subject-taken", "PUT", "/v1/members/other", `{`+person+`,`+taken)
}

// checkReplace replaces an entry that exists, and reads it.
func checkReplace(t *testing.T, platform caller, path, body string) {
	t.Helper()
	platform.want(t, 200, "", "PUT", path, body)
	platform.want(t, 412, "version-mismatch", "PUT", path, body, "If-None-Match", "*")
	platform.want(t, 412, "version-mismatch", "PUT", path, body, "If-Match", `"999"`)
	platform.want(t, 422, "validation-failed", "PUT", path, `{}`)
	checkUnchanged(t, platform, path)
}

// checkUnchanged reads twice: the second answer is 304.
func checkUnchanged(t *testing.T, c caller, path string) {
	t.Helper()
	first := c.want(t, 200, "", "GET", path, "")
	c.want(t, 304, "", "GET", path, "", "If-None-Match", first.Header.Get("ETag"))
}

func requests(t *testing.T, member, careManager caller) {
	const all, ask = "/v1/members/me/chat-requests", `{"programId":"diabetes","reasonId":"symptoms","comment":"Hello?"}`
	member.want(t, 200, "", "GET", "/v1/members/me/request-form", "")
	member.want(t, 422, "validation-failed", "POST", all, `{}`, key...)
	member.want(t, 400, "idempotency-key-missing", "POST", all, ask)
	made := member.want(t, 201, "", "POST", all, ask, key...)
	member.want(t, 201, "", "POST", all, ask, key...)
	member.want(t, 409, "idempotency-key-reused", "POST", all, `{}`, key...) // before any refusal (A2)
	member.want(t, 409, "open-request-exists", "POST", all, ask, "Idempotency-Key", "coverage-9876543210")

	one := made.Text("url")
	stale := []string{"If-Match", `"999"`}
	checkUnchanged(t, member, one)
	member.want(t, 200, "", "PATCH", one, `{"reasonId":"medication"}`)
	member.want(t, 422, "validation-failed", "PATCH", one, `{"reasonId":"none"}`)
	member.want(t, 412, "version-mismatch", "PATCH", one, `{"reasonId":"other"}`, stale...)
	member.want(t, 412, "version-mismatch", "POST", one+"/cancel", "", stale...)
	careManager.want(t, 412, "version-mismatch", "POST", one+"/close", `{"outcome":"called"}`, stale...)
	careManager.want(t, 422, "validation-failed", "POST", one+"/close", `{"outcome":"none"}`)
	careManager.want(t, 200, "", "POST", one+"/close", `{"outcome":"called","note":"All well."}`)
	member.want(t, 409, "request-closed", "PATCH", one, `{"reasonId":"other"}`)
	member.want(t, 409, "request-closed", "POST", one+"/cancel", "")

	one = member.want(t, 201, "", "POST", all, ask, "Idempotency-Key", "coverage-5555555555").Text("url")
	member.want(t, 200, "", "POST", one+"/cancel", "{}")
	careManager.want(t, 409, "request-cancelled", "POST", one+"/close", `{"outcome":"called"}`)
}

func threads(t *testing.T, member, careManager caller) {
	const all = "/v1/members/ana/threads"
	careManager.want(t, 422, "validation-failed", "POST", all, `{"programId":"diabetes"}`)
	first := `{"programId":"diabetes","clientMessageId":"coverage-0000000001","text":"`
	started := careManager.want(t, 201, "", "POST", all, first+`Hello"}`)
	one, _, _ := strings.Cut(started.Header.Get("Location"), "/messages")
	careManager.want(t, 201, "", "POST", all, first+`Hello"}`)
	careManager.want(t, 409, "idempotency-key-reused", "POST", all, first+`Goodbye"}`)
	careManager.want(t, 409, "idempotency-key-reused", "POST", all, first+`"}`) // before any refusal (A2)
	careManager.want(t, 403, "not-eligible", "POST", all, `{"programId":"wellness-calls","clientMessageId":"coverage-0000000002","text":"Hello"}`)

	reply := `{"clientMessageId":"coverage-0000000001","text":"`
	member.want(t, 422, "validation-failed", "POST", one+"/messages", reply+`"}`)
	member.want(t, 201, "", "POST", one+"/messages", reply+`Thanks"}`)
	member.want(t, 409, "idempotency-key-reused", "POST", one+"/messages", reply+`No thanks"}`)
	member.want(t, 200, "", "PUT", one+"/read", `{"seq":1}`)
	member.want(t, 422, "validation-failed", "PUT", one+"/read", `{"seq":999}`)
	member.want(t, 422, "validation-failed", "GET", one+"/messages?limit=0", "")
	checkUnchanged(t, member, one+"/messages")
}

func notices(t *testing.T, member, careManager, platform caller) {
	const preferences, pause = "/v1/members/me/preferences", "/v1/members/ana/enrollments/diabetes/pause"
	member.want(t, 200, "", "GET", preferences, "")
	member.want(t, 200, "", "PUT", preferences, `{"channels":[]}`)
	member.want(t, 200, "", "PUT", preferences, `{"channels":["sms","email"],"quietHours":{"from":"22:00","to":"07:00"}}`)
	member.want(t, 422, "validation-failed", "PUT", preferences, `{"channels":["sms","pigeon"]}`)
	member.want(t, 200, "", "PUT", pause, `{"paused":true}`)
	careManager.want(t, 200, "", "PUT", pause, `{"paused":true}`)
	platform.want(t, 200, "", "PUT", pause, `{"paused":false}`)
	member.want(t, 422, "validation-failed", "PUT", pause, `{}`)
	for _, c := range []caller{careManager, platform} {
		c.want(t, 200, "", "GET", "/v1/members/ana/notices", "")
		c.want(t, 202, "", "POST", "/v1/members/ana/links", "{}")
	}
	careManager.want(t, 400, "invalid-cursor", "GET", "/v1/members/ana/notices?cursor=x", "")
}

// owners hands ana's enrollment over several times, and back.
func owners(t *testing.T, careManager, platform caller) {
	const enrollment = "/v1/members/ana/enrollments/diabetes"
	stale := []string{"If-Match", `"999"`}
	careManager.want(t, 200, "", "POST", enrollment+"/claim", "")
	careManager.want(t, 412, "version-mismatch", "POST", enrollment+"/claim", "", stale...)
	careManager.want(t, 422, "validation-failed", "POST", enrollment+"/assign", `{"careManagerId":"cm-nobody"}`)
	careManager.want(t, 412, "version-mismatch", "POST", enrollment+"/assign", `{"careManagerId":"cm-chen"}`, stale...)
	careManager.want(t, 200, "", "POST", enrollment+"/assign", `{"careManagerId":"cm-chen"}`)
	careManager.want(t, 409, "already-claimed", "POST", enrollment+"/claim", "")
	platform.want(t, 200, "", "POST", enrollment+"/assign", `{"careManagerId":"cm-rivera"}`)
	const closed = "/v1/members/extra/enrollments/extra"
	platform.want(t, 200, "", "PUT", closed, `{"state":"closed"}`)
	platform.want(t, 403, "not-eligible", "POST", closed+"/assign", `{"departmentId":"extra"}`)
}

func coverages(t *testing.T, careManager, platform caller) {
	const all = "/v1/care-managers/me/coverages"
	span := `,"from":"2026-01-01T00:00:00Z","to":"2126-01-02T00:00:00+01:00"}`
	careManager.want(t, 200, "", "GET", all, "")
	careManager.want(t, 409, "coverage-overlaps", "PUT", all+"/long", `{"coverId":"cm-chen"`+span) // the seed's is in a week
	const extra = "/v1/care-managers/extra/coverages/long"
	platform.want(t, 201, "", "PUT", extra, `{"coverId":"cm-chen"`+span)
	platform.want(t, 200, "", "PUT", extra, `{"coverId":"cm-okafor"`+span)
	platform.want(t, 422, "validation-failed", "PUT", extra, `{"coverId":"extra"`+span)
	platform.want(t, 422, "validation-failed", "PUT", extra, `{"coverId":"cm-chen","from":"today","to":"tomorrow"}`)
	careManager.want(t, 404, "not-found", "DELETE", extra, "")
	platform.want(t, 204, "", "DELETE", extra, "")
	platform.want(t, 404, "not-found", "DELETE", extra, "")
}

func lists(t *testing.T, member, careManager, platform caller) {
	for _, path := range []string{"/v1/members/me/chats", "/v1/members/me/unread", "/v1/members/me/threads"} {
		checkUnchanged(t, member, path)
	}
	for _, path := range []string{"/v1/members/ana/chats", "/v1/members/ana/threads?state=inactive", "/v1/tasks", "/v1/inbox?list=unreadByMember"} {
		checkUnchanged(t, careManager, path)
	}
	checkUnchanged(t, platform, "/v1/tasks?departmentId=nurses")
	platform.want(t, 422, "validation-failed", "GET", "/v1/tasks?departmentId=nothing", "")
	platform.want(t, 422, "validation-failed", "GET", "/v1/tasks?careManagerId=nobody", "")
	careManager.want(t, 200, "", "GET", "/v1/me", "")
	platform.want(t, 200, "", "GET", "/v1/me", "")
	careManager.want(t, 200, "", "GET", "/v1/caseload?scope=department", "")
	careManager.want(t, 400, "invalid-cursor", "GET", "/v1/caseload?cursor=x", "")
	platform.want(t, 422, "validation-failed", "GET", "/v1/caseload", "")
	careManager.want(t, 422, "validation-failed", "GET", "/v1/tasks?scope=all", "")
	careManager.want(t, 422, "validation-failed", "GET", "/v1/inbox?list=all", "")
	member.want(t, 422, "validation-failed", "GET", "/v1/members/me/threads?state=all", "")
	careManager.want(t, 400, "invalid-cursor", "GET", "/v1/tasks?cursor=x", "")
	careManager.want(t, 400, "invalid-cursor", "GET", "/v1/inbox?cursor=x", "")
}
