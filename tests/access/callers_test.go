package access

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"carechat/shared/chat"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/town"
)

// The callers, in the order of the table's columns.
const (
	nobody       = "nobody"
	expired      = "expired"  // a session of the member's that was idle too long
	member       = "member"   // logged in by a link
	sibling      = "sibling"  // another member of the organization
	foreign      = "foreign"  // a member of another organization
	owner        = "owner"    // owns the member's enrollments
	clerk        = "clerk"    // of the department that owns one enrollment of theirs
	past         = "past"     // whose thread it still is, after a hand-over
	covering     = "covering" // of another department, and covers the owner now
	helping      = "helping"  // of the department of an enrollment in which something is late
	unrelated    = "other"    // looks after the sibling
	ownerAbroad  = "abroad"   // looks after the foreign member
	disabled     = "disabled" // disabled, and owns an enrollment of the member's
	platform     = "platform"
	platAbroad   = "p-abroad"
	linkAsBearer = "link" // a link and nothing else
)

var callers = []string{
	nobody, expired, member, sibling, foreign, owner, clerk, past, covering, helping, unrelated, ownerAbroad, disabled, platform, platAbroad, linkAsBearer,
}

// The people's ids. Every id of the matrix begins with mx.
const (
	mOwn, mSibling, mForeign, mGuest = "mx-own", "mx-sibling", "mx-foreign", "mx-guest"
	cOwner, cClerk, cPast            = "mx-owner", "mx-clerk", "mx-past"
	cFar, cGone, cSilva              = "mx-far", "mx-gone", "mx-silva"
	cCover, cHelper                  = "mx-cover", "mx-helper"
	ownPhone, guestPhone             = "+15550109001", "+15550109002"
)

// Each program is for one thing that the matrix does to it.
const (
	led   = "mx-led"   // a thread, and a request that is read, changed and closed
	drop  = "mx-drop"  // a request that is cancelled
	ask   = "mx-ask"   // the member's first request in it
	queue = "mx-queue" // the member's enrollment is the department's
	held  = "mx-held"  // the member's enrollment is a disabled care manager's
	slow  = "mx-slow"  // the member's request is late, and the owner's
)

var programs = []string{led, drop, ask, queue, held, slow}

// matrix has the people and conversations that the table is about.
type matrix struct {
	*client
	harbor, summit town.Provisioner
	tokens         map[string]string    // of each caller
	guestLink      string               // of a member who does nothing but log in
	requests       map[[2]string]string // by member and program
	threads        map[[2]string]string // by member and caller
}

// spare are ids of entries that nothing else depends on, by target.
var spare = map[string]string{"own": "mx-spare-own", "sibling": "mx-spare-sibling", "foreign": "mx-spare-foreign", "absent": "mx-spare-absent"}

func newMatrix(t *testing.T) *matrix {
	begin(t)
	s := &matrix{client: newClient(t), tokens: map[string]string{}, requests: map[[2]string]string{}, threads: map[[2]string]string{}}
	s.HTTP = &http.Client{Transport: onceEach{t, map[string]bool{}}}
	s.harbor, s.summit = s.platform("harbor"), s.platform("summit")
	s.tokens[platform], s.tokens[platAbroad] = s.harbor.Token, s.summit.Token
	s.staff(s.harbor, "harbor", map[string][2]string{
		owner: {cOwner, "mx-desk"}, clerk: {cClerk, "mx-queue"}, past: {cPast, "mx-past"}, unrelated: {cFar, "mx-far"},
		covering: {cCover, "mx-cover"}, helping: {cHelper, "mx-desk"}, disabled: {cGone, "mx-gone"},
	})
	s.staff(s.summit, "summit", map[string][2]string{ownerAbroad: {cSilva, "mx-desk"}})
	s.members()
	s.conversations()
	s.harbor.Enroll(mOwn, led, cOwner) // the hand-over
	s.threads[[2]string{mOwn, owner}] = s.start(owner, mOwn, led)
	s.harbor.PutCareManager(cGone, "mx-gone", false)
	s.harbor.Put("/v1/care-managers/"+cOwner+"/coverages/mx-now", map[string]any{
		"coverId": cCover, "from": time.Now().Add(-time.Hour).UTC(), "to": time.Now().Add(time.Hour).UTC(),
	})
	s.threads[[2]string{mOwn, helping}] = s.start(owner, mOwn, slow)
	s.spares(s.harbor, "own", "sibling")
	s.spares(s.summit, "foreign")
	s.logIns()
	return s
}

// staff makes departments, the programs and care managers with their departments.
func (s *matrix) staff(by town.Provisioner, organization string, people map[string][2]string) {
	s.T.Helper()
	for _, id := range []string{"mx-desk", "mx-queue"} {
		by.PutDepartment(id)
	}
	for _, p := range programs {
		department := "mx-desk"
		if p == queue {
			department = "mx-queue"
		}
		by.PutProgram(p, department)
	}
	for who, p := range people {
		by.PutDepartment(p[1])
		by.PutCareManager(p[0], p[1], true)
		s.tokens[who] = s.token("careManager", organization, p[0])
	}
}

// members makes the members. Nobody else may see their names.
func (s *matrix) members() {
	s.T.Helper()
	s.harbor.PutMember(mOwn, named("named-own"), town.Phone(ownPhone))
	s.harbor.PutMember(mGuest, named("Guest"), town.Phone(guestPhone))
	s.harbor.PutMember(mSibling, named("named-sibling"), subject("harbor", mSibling))
	s.summit.PutMember(mForeign, named("named-foreign"), subject("summit", mForeign))
	s.tokens[sibling], s.tokens[foreign] = s.token("member", "harbor", mSibling), s.token("member", "summit", mForeign)
	for _, p := range programs {
		mine, ok := map[string]string{led: cPast, queue: "", held: cGone}[p]
		if !ok {
			mine = cOwner
		}
		s.harbor.Enroll(mOwn, p, mine)
		s.harbor.Enroll(mSibling, p, cFar)
		s.summit.Enroll(mForeign, p, cSilva)
	}
}

func named(name string) func(*chat.Profile) {
	return func(p *chat.Profile) { p.Name = name }
}

// subject lets a member log in with access tokens.
func subject(organization, id string) func(*chat.Profile) {
	return town.Subject(here.IssuerURL+"/"+organization, id)
}

// logIns gives the member a session that is over, one that is not, and a link.
func (s *matrix) logIns() {
	s.T.Helper()
	link := s.tokens[linkAsBearer]
	s.tokens[expired] = s.logIn(link, town.BirthDate)
	here.AgeSessions(s.T, "harbor", mOwn, 24*time.Hour)
	s.tokens[member] = s.logIn(link, town.BirthDate)
	s.guestLink = s.link(guestPhone)
}

// conversations opens requests and threads, before the hand-over.
func (s *matrix) conversations() {
	s.T.Helper()
	s.tokens[linkAsBearer] = s.link(ownPhone)
	s.tokens[member] = s.logIn(s.tokens[linkAsBearer], town.BirthDate)
	for _, each := range []struct{ as, id, reason, mark string }{
		{member, mOwn, "symptoms", "said-own"}, {sibling, mSibling, "symptoms", "said-sibling"}, {foreign, mForeign, "question", "said-foreign"},
	} {
		for _, program := range []string{led, drop, queue} {
			a := s.want(201, s.tokens[each.as], "POST", "/v1/members/me/chat-requests",
				form("programId", program, "reasonId", each.reason, "comment", each.mark), "Idempotency-Key", town.NewID("mx-request"))
			s.requests[[2]string{each.id, program}] = a.Text("id")
		}
	}
	s.threads[[2]string{mOwn, past}] = s.start(past, mOwn, led)
	s.threads[[2]string{mOwn, clerk}] = s.start(clerk, mOwn, queue)
	s.threads[[2]string{mSibling, unrelated}] = s.start(unrelated, mSibling, led)
	s.threads[[2]string{mForeign, ownerAbroad}] = s.start(ownerAbroad, mForeign, led)
}

// start is a care manager's first message. It returns the thread's id.
func (s *matrix) start(as, who, program string) string {
	s.T.Helper()
	mark := map[string]string{mOwn: "said-own", mSibling: "said-sibling", mForeign: "said-foreign"}[who]
	return s.want(201, s.tokens[as], "POST", "/v1/members/"+who+"/threads", town.FirstMessageBody(program, town.NewID("mx-start"), mark)).Text("thread.id")
}

// makeLate has the owner own what the caller who is helping helps with, and its request
// late: what they did before may have ended either.
func (s *matrix) makeLate() {
	s.T.Helper()
	s.want(200, s.harbor.Token, "POST", "/v1/members/"+mOwn+"/enrollments/"+slow+"/assign", form("careManagerId", cOwner))
	s.call(s.tokens[member], "POST", "/v1/members/me/chat-requests",
		form("programId", slow, "reasonId", "symptoms", "comment", "said-own"), "Idempotency-Key", town.NewID("mx-late"))
	s.requests[[2]string{mOwn, slow}] = here.MakeLate(s.T, "harbor", mOwn, slow)
}

// spares makes the spare entries.
func (s *matrix) spares(by town.Provisioner, targets ...string) {
	s.T.Helper()
	for _, target := range targets {
		for route := range directoryBodies {
			by.Put("/v1/"+route+"/"+spare[target], directoryBody(s.T, route))
		}
	}
}

// directoryBodies lists what the contract's examples need to fit the matrix.
var directoryBodies = map[string]map[string]any{
	"programs":      {"departmentId": "mx-desk"},
	"reasons":       {},
	"departments":   {},
	"care-managers": {"departmentIds": []string{"mx-desk"}, "subjects": nil},
	"members":       {"phone": nil, "email": nil, "channels": nil},
}

func directoryBody(t testing.TB, route string) string {
	parameter := map[bool]string{true: "{memberId}", false: "{id}"}[route == "members"]
	return adapted(t, "PUT /v1/"+route+"/"+parameter, directoryBodies[route])
}

// adapted returns the example of a route's body without its id and with changes; nil
// removes a field.
func adapted(t testing.TB, route string, changes map[string]any) string {
	t.Helper()
	var body map[string]any
	if err := json.Unmarshal(examples()[route], &body); err != nil {
		t.Fatalf("%s has no example: %v", route, err)
	}
	delete(body, "id")
	for name, value := range changes {
		if body[name] = value; value == nil {
			delete(body, name)
		}
	}
	return apiclient.JSON(body)
}

// claimsTooLate reports whether the caller is of the target's department, which
// learns who owns what it comes to claim (S7).
func claimsTooLate(l line, caller string) bool {
	return strings.HasSuffix(l.route, "/claim") && l.target == "sibling" && slices.Contains([]string{owner, clerk, helping}, caller)
}

// holders are who looks after each target's member.
var holders = map[string]string{"own": cOwner, "sibling": cFar, "foreign": cSilva, "absent": "mx-absent"}

// kindOf returns a caller's kind in the contract; others have none.
var kindOf = map[string]string{
	member: "member", sibling: "member", foreign: "member", owner: "careManager", clerk: "careManager", past: "careManager",
	covering: "careManager", helping: "careManager",
	unrelated: "careManager", ownerAbroad: "careManager", platform: "platform", platAbroad: "platform",
}

// reaches lists the callers whose answer may differ from the one for an absent target.
var reaches = map[string][]string{
	"own": {member, owner, clerk, past, covering, helping, platform}, "handed": {member, owner, past, covering},
	"sibling": {sibling, unrelated, platform}, "foreign": {foreign, ownerAbroad, platAbroad},
}
