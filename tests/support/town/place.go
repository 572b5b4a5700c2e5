package town

import (
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"

	"carechat/shared/api"
	"carechat/shared/chat"
	"carechat/tests/support/apiclient"
)

// Place is the seeded organization at a machine, over HTTP.
type Place struct {
	Anyone       apiclient.Client // sends no token
	Platform     Provisioner
	Rivera, Chen apiclient.Client // care managers
}

// At returns the organization with a client for each caller.
func At(anyone apiclient.Client) Place {
	return Place{
		Anyone: anyone, Platform: Provisioner{anyone.As("platform", Organization, "platform")},
		Rivera: anyone.As("careManager", Organization, Rivera), Chen: anyone.As("careManager", Organization, Chen),
	}
}

// Provisioner is an organization's platform, which puts what others need.
type Provisioner struct{ apiclient.Client }

// Put makes an entry or replaces it, and fails the test if it is refused.
func (p Provisioner) Put(path string, body any) apiclient.Answer {
	a := p.Retry("PUT", path, body)
	if a.Status != http.StatusOK && a.Status != http.StatusCreated {
		p.TB().Helper()
		p.TB().Fatalf("PUT %s: got %d %s", path, a.Status, a.Raw)
	}
	return a
}

// PutDepartment makes a department, or replaces one.
func (p Provisioner) PutDepartment(id string) {
	p.Put("/v1/departments/"+id, map[string]any{"name": "Nurses"})
}

// PutProgram makes a guided program, or replaces one.
func (p Provisioner) PutProgram(id, department string) {
	p.Put("/v1/programs/"+id, map[string]any{"name": "Program", "kind": "guided", "departmentId": department})
}

// PutCareManager makes a care manager of one department, or replaces one.
func (p Provisioner) PutCareManager(id, department string, active bool) {
	p.Put("/v1/care-managers/"+id, map[string]any{"displayName": "Sam Test", "departmentIds": []string{department}, "active": active})
}

// PutMember makes a member, or replaces one.
func (p Provisioner) PutMember(id string, changes ...func(*chat.Profile)) {
	p.Put("/v1/members/"+id, api.NewMember(Profile(id, changes...)))
}

// Enroll enrolls a member, opens the enrollment again or hands it over. Without a
// care manager it is the department's.
func (p Provisioner) Enroll(member, program, careManager string) {
	p.Put("/v1/members/"+member+"/enrollments/"+program, api.Enrollment{State: chat.EnrollmentActive, CareManagerID: careManager})
}

// CloseEnrollment closes an enrollment, which stays its owner's.
func (p Provisioner) CloseEnrollment(member, program, careManager string) {
	p.Put("/v1/members/"+member+"/enrollments/"+program, api.Enrollment{State: chat.EnrollmentClosed, CareManagerID: careManager})
}

// SetNotices changes the organization's rules of notices.
func (p Provisioner) SetNotices(rules map[string]any) {
	settings := p.Want(http.StatusOK, "GET", "/v1/organization", nil).Body
	notices, _ := settings["notices"].(map[string]any)
	for name, value := range rules {
		notices[name] = value
	}
	p.Want(http.StatusOK, "PUT", "/v1/organization", settings)
}

// NotifyAtOnce makes notices due at once, and lets one text follow another at once.
func (p Provisioner) NotifyAtOnce() {
	p.SetNotices(map[string]any{"delaySeconds": 0, "minutesBetweenTexts": 0})
}

// Person is a member with a client that calls as they do.
type Person struct {
	Place
	ID   string
	Self apiclient.Client
}

// NewMember makes a member of the test's own, who logs in with the identity
// provider and is enrolled in Program with Rivera.
func (p Place) NewMember(id string, changes ...func(*chat.Profile)) Person {
	p.Platform.PutMember(id, append([]func(*chat.Profile){Subject(p.Anyone.Issuer+"/"+Organization, id)}, changes...)...)
	p.Platform.Enroll(id, Program, Rivera)
	return Person{p, id, p.Anyone.As("member", Organization, id)}
}

// Path returns the member's path in the API.
func (p Person) Path() string { return "/v1/members/" + p.ID }

// Submit requests a chat and returns the answer, whatever it is.
func (p Person) Submit(key string) apiclient.Answer {
	return p.Self.Retry("POST", "/v1/members/me/chat-requests", RequestBody(Program), "Idempotency-Key", key)
}

// Start writes Rivera's first message and returns the thread's path.
func (p Person) Start() string {
	return p.Rivera.Want(http.StatusCreated, "POST", p.Path()+"/threads", FirstMessageBody(Program, NewID("start"), "Hello Dana")).Text("thread.url")
}

// RequestBody returns the body of a chat request.
func RequestBody(program string) map[string]any {
	return map[string]any{"programId": program, "reasonId": Reason, "comment": "My feet tingle."}
}

// MessageBody returns the body of a message; a client's id of one never changes.
func MessageBody(id, text string) map[string]any {
	return map[string]any{"clientMessageId": id, "text": text}
}

// FirstMessageBody returns the body of a care manager's message to a member.
func FirstMessageBody(program, id, text string) map[string]any {
	return map[string]any{"programId": program, "clientMessageId": id, "text": text}
}

var ids atomic.Int64

// NewID returns an id that nobody has used, valid as an idempotency key too.
func NewID(prefix string) string { return fmt.Sprintf("%s-%016d", prefix, ids.Add(1)) }

// WhyLog returns a member's why-log as a caller sees it, oldest first, as
// "channel decision: rule".
func WhyLog(by apiclient.Client, member string) (lines []string) {
	items, _ := by.Want(http.StatusOK, "GET", "/v1/members/"+member+"/notices", nil).At("items").([]any)
	for _, item := range slices.Backward(items) {
		row, _ := item.(map[string]any)
		n := apiclient.Answer{Body: row}
		lines = append(lines, n.Text("channel")+" "+n.Text("decision")+": "+n.Text("rule"))
	}
	return lines
}
