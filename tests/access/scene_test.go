package access

import (
	"encoding/json"
	"net/http"
	"testing"
)

// The callers, in the table's order.
const (
	nobody       = "nobody"
	expired      = "expired"  // a session of the member's that was left idle
	member       = "member"   // by a link and a session
	sibling      = "sibling"  // another member of the organization
	foreign      = "foreign"  // a member of another organization
	owner        = "owner"    // the care manager who owns the member's programs
	clerk        = "clerk"    // of the department that owns one program of theirs
	past         = "past"     // named on a thread, whose program was handed over
	unrelated    = "other"    // looks after the sibling
	ownerAbroad  = "abroad"   // looks after the foreign member
	disabled     = "disabled" // owns a program of the member's, and is disabled
	platform     = "platform"
	platAbroad   = "p-abroad"
	linkAsBearer = "link" // a link and nothing else
)

var callers = []string{
	nobody, expired, member, sibling, foreign, owner, clerk, past, unrelated, ownerAbroad, disabled, platform, platAbroad, linkAsBearer,
}

// The people's ids. Everything of this scene begins with mx.
const (
	mOwn, mSibling, mForeign, mGuest = "mx-own", "mx-sibling", "mx-foreign", "mx-guest"
	cOwner, cClerk, cPast            = "mx-owner", "mx-clerk", "mx-past"
	cFar, cGone, cSilva              = "mx-far", "mx-gone", "mx-silva"
	ownPhone, guestPhone             = "+15550109001", "+15550109002"
	birthDate                        = "1961-05-06"
)

// Each program is for one thing that the matrix does to it.
const (
	led   = "mx-led"   // a thread, and a request that is read, changed and closed
	drop  = "mx-drop"  // a request that is cancelled
	ask   = "mx-ask"   // asked in for the first time
	queue = "mx-queue" // the member's is the department's
	held  = "mx-held"  // the member's is a disabled care manager's
)

// scene is who and what the matrix is about.
type scene struct {
	*client
	tokens    map[string]string    // of each caller
	guestLink string               // of a member who does nothing but log in
	requests  map[[2]string]string // by member and program
	threads   map[[2]string]string // by member and caller
}

// spare are ids of directory entries that nothing else depends on, by target.
var spare = map[string]string{"own": "mx-spare-own", "sibling": "mx-spare-sibling", "foreign": "mx-spare-foreign", "absent": "mx-spare-absent"}

func newScene(t *testing.T) *scene {
	begin(t)
	s := &scene{client: newClient(t), tokens: map[string]string{}, requests: map[[2]string]string{}, threads: map[[2]string]string{}}
	s.HTTP = &http.Client{Transport: thrifty{t, map[string]bool{}}}
	s.tokens[platform], s.tokens[platAbroad] = token(t, "platform", "harbor", "platform"), token(t, "platform", "summit", "platform")
	s.staff(platform, "harbor", map[string][2]string{
		owner: {cOwner, "mx-desk"}, clerk: {cClerk, "mx-queue"}, past: {cPast, "mx-past"}, unrelated: {cFar, "mx-far"}, disabled: {cGone, "mx-gone"},
	})
	s.staff(platAbroad, "summit", map[string][2]string{ownerAbroad: {cSilva, "mx-desk"}})
	s.people()
	s.conversations()
	s.put(platform, "/v1/members/"+mOwn+"/enrollments/"+led, form("state", "active", "careManagerId", cOwner)) // the hand-over
	s.threads[[2]string{mOwn, owner}] = s.greet(owner, mOwn, led)
	s.put(platform, "/v1/care-managers/"+cGone, staffed("mx-gone", false))
	s.spares(platform, "own", "sibling")
	s.spares(platAbroad, "foreign")
	s.logIns()
	return s
}

func (s *scene) put(as, path, body string) {
	s.T.Helper()
	if a := s.WithToken(s.tokens[as]).Retry("PUT", path, body); a.Status/100 != 2 {
		s.T.Fatalf("PUT %s: %d %s", path, a.Status, a.Raw)
	}
}

func staffed(department string, active bool) string {
	return marshal(map[string]any{"displayName": "Sam Test", "departmentIds": []string{department}, "active": active})
}

// staff makes departments, the programs and care managers.
func (s *scene) staff(as, organization string, people map[string][2]string) {
	s.T.Helper()
	for _, p := range append([][2]string{{"", "mx-desk"}, {"", "mx-queue"}}, values(people)...) {
		s.put(as, "/v1/departments/"+p[1], form("name", "Nurses"))
	}
	for _, p := range []string{led, drop, ask, queue, held} {
		department := "mx-desk"
		if p == queue {
			department = "mx-queue"
		}
		s.put(as, "/v1/programs/"+p, form("name", "Program", "kind", "guided", "departmentId", department))
	}
	for who, p := range people {
		s.put(as, "/v1/care-managers/"+p[0], staffed(p[1], true))
		s.tokens[who] = token(s.T, "careManager", organization, p[0])
	}
}

func values(m map[string][2]string) (all [][2]string) {
	for _, v := range m {
		all = append(all, v)
	}
	return all
}

// people makes the members; what marks them must be seen by nobody else.
func (s *scene) people() {
	s.T.Helper()
	s.put(platform, "/v1/members/"+mOwn, person(`"phone": "`+ownPhone+`"`, "named-own"))
	s.put(platform, "/v1/members/"+mGuest, person(`"phone": "`+guestPhone+`"`, "Guest"))
	s.put(platform, "/v1/members/"+mSibling, person(subjects("harbor", mSibling), "named-sibling"))
	s.put(platAbroad, "/v1/members/"+mForeign, person(subjects("summit", mForeign), "named-foreign"))
	s.tokens[sibling], s.tokens[foreign] = token(s.T, "member", "harbor", mSibling), token(s.T, "member", "summit", mForeign)
	for _, p := range []string{led, drop, ask, queue, held} {
		first := map[string]string{led: cPast, queue: "", held: cGone}
		mine, ok := first[p]
		if !ok {
			mine = cOwner
		}
		s.enroll(platform, mOwn, p, mine)
		s.enroll(platform, mSibling, p, cFar)
		s.enroll(platAbroad, mForeign, p, cSilva)
	}
}

func (s *scene) enroll(as, who, program, careManager string) {
	s.T.Helper()
	body := map[string]string{"state": "active"}
	if careManager != "" {
		body["careManagerId"] = careManager
	}
	s.put(as, "/v1/members/"+who+"/enrollments/"+program, marshal(body))
}

func person(more, name string) string {
	return `{"displayName": "` + name + `", "birthDate": "` + birthDate + `", "language": "en", "timeZone": "America/New_York", "active": true, ` + more + `}`
}

func subjects(organization, subject string) string {
	return `"subjects": [{"issuer": "` + here.IssuerURL + "/" + organization + `", "subject": "` + subject + `"}]`
}

// logIns gives the member a session that is over, one that is not, and a link.
func (s *scene) logIns() {
	s.T.Helper()
	link := s.tokens[linkAsBearer]
	s.tokens[expired] = s.logIn(link, birthDate)
	expireSessions(s.T, "harbor", mOwn)
	s.tokens[member] = s.logIn(link, birthDate)
	s.guestLink = s.link(guestPhone)
}

// conversations opens requests and threads, before the hand-over.
func (s *scene) conversations() {
	s.T.Helper()
	s.tokens[linkAsBearer] = s.link(ownPhone)
	s.tokens[member] = s.logIn(s.tokens[linkAsBearer], birthDate)
	for _, each := range []struct{ as, id, reason, mark string }{
		{member, mOwn, "symptoms", "said-own"}, {sibling, mSibling, "symptoms", "said-sibling"}, {foreign, mForeign, "question", "said-foreign"},
	} {
		for _, program := range []string{led, drop, queue} {
			a := s.want(201, s.tokens[each.as], "POST", "/v1/members/me/chat-requests",
				form("programId", program, "reasonId", each.reason, "comment", each.mark), "Idempotency-Key", newID("mx-ask"))
			s.requests[[2]string{each.id, program}] = a.Text("id")
		}
	}
	s.threads[[2]string{mOwn, past}] = s.greet(past, mOwn, led)
	s.threads[[2]string{mOwn, clerk}] = s.greet(clerk, mOwn, queue)
	s.threads[[2]string{mSibling, unrelated}] = s.greet(unrelated, mSibling, led)
	s.threads[[2]string{mForeign, ownerAbroad}] = s.greet(ownerAbroad, mForeign, led)
}

// greet is a care manager's first message; it gives the thread's id.
func (s *scene) greet(as, who, program string) string {
	s.T.Helper()
	mark := map[string]string{mOwn: "said-own", mSibling: "said-sibling", mForeign: "said-foreign"}[who]
	a := s.want(201, s.tokens[as], "POST", "/v1/members/"+who+"/threads",
		form("programId", program, "clientMessageId", newID("mx-greet"), "text", mark))
	return a.Text("thread.id")
}

// spares makes those entries.
func (s *scene) spares(as string, targets ...string) {
	s.T.Helper()
	for _, target := range targets {
		for route := range directoryBodies {
			s.put(as, "/v1/"+route+"/"+spare[target], directoryBody(s.T, route))
		}
	}
}

// directoryBodies are what an example of the contract needs to fit the scene.
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

// adapted is the example of a route's body without its id, with changes; nil takes away.
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
	return marshal(body)
}
