package access

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"carechat/shared/api"
	"carechat/tests/support/contract"
	"carechat/tests/support/town"
)

const matrixFile = "testdata/matrix.txt"

// examples returns the contract's example bodies, by route.
var examples = sync.OnceValue(func() map[string][]byte {
	all := map[string][]byte{}
	for _, o := range contract.Operations() {
		all[o.Method+" "+o.Path] = o.Body
	}
	return all
})

// line is a row of the table: a route and its target.
type line struct{ route, target string }

// lines returns all rows of the table. Logging out is last, because it ends the
// member's session.
func lines() (all []line) {
	for _, route := range api.Routes {
		for _, target := range targets(route) {
			all = append(all, line{route, target})
		}
	}
	slices.SortStableFunc(all, func(a, b line) int { return last(a.route) - last(b.route) })
	return all
}

func last(route string) int {
	if route == "DELETE /v1/sessions/current" {
		return 1
	}
	return 0
}

// targets returns the targets of a route, which the table's head explains.
func targets(route string) []string {
	switch {
	case route == "GET /v1/tasks" || route == "GET /v1/caseload":
		return []string{"-", "own", "foreign", "absent"}
	case route == "POST /v1/links" || route == "POST /v1/sessions":
		return []string{"own", "absent"}
	case strings.Contains(route, "{threadId}"):
		return []string{"own", "handed", "sibling", "foreign", "crossed", "absent"}
	case strings.Contains(route, "{requestId}"):
		return []string{"own", "sibling", "foreign", "crossed", "absent"}
	case strings.Contains(route, "{"):
		return []string{"own", "sibling", "foreign", "absent"}
	}
	return []string{"-"}
}

// What a caller may not see is answered like what does not exist, byte for byte (G8, A4), and every
// answer has the status in the committed table.
func TestTheMatrix(t *testing.T) {
	s := newMatrix(t)
	want, first := readMatrix(t), firstAnswers{}
	got := map[line][]string{}
	for _, l := range lines() {
		for i, caller := range callers {
			a := s.try(l, caller)
			got[l] = append(got[l], fmt.Sprint(a.Status))
			if cells, ok := want[l]; ok && !*update && cells[i] != fmt.Sprint(a.Status) {
				t.Errorf("%s %s as %s: got %d %s, want %s", l.route, l.target, caller, a.Status, a.Raw, cells[i])
			}
			first.check(t, l, caller, a)
			checkVisible(t, l, caller, a)
		}
	}
	if *update {
		writeMatrix(t, got)
	}
}

func (s *matrix) try(l line, caller string) answer {
	method, path, _ := strings.Cut(l.route, " ")
	if caller == helping && l.target == "own" && strings.Contains(path, "/members/{memberId}/") {
		s.makeLate()
	}
	headers := []string{}
	if l.route == "POST /v1/members/{memberId}/chat-requests" {
		headers = append(headers, "Idempotency-Key", town.NewID("mx-key"))
	}
	return s.WithToken(s.tokens[caller]).Retry(method, s.path(path, l.target, caller), s.body(l, caller), headers...)
}

// whose returns the member of a target.
func whose(target string) string {
	return map[string]string{"own": mOwn, "handed": mOwn, "crossed": mOwn, "sibling": mSibling, "foreign": mForeign}[target]
}

func (s *matrix) path(path, target, caller string) string {
	switch path {
	case "/v1/tasks", "/v1/caseload":
		id := map[string]string{"own": "?careManagerId=" + cOwner, "foreign": "?careManagerId=" + cSilva, "absent": "?careManagerId=mx-absent"}
		return path + id[target]
	case "/v1/members/{memberId}":
		return "/v1/members/" + spare[target]
	}
	memberID, thing, as := whose(target), whose(target), caller
	switch {
	case target == "handed":
		as = past
	case target == "crossed":
		thing = mSibling
	case target == "absent" && strings.Count(path, "{") > 1 && !strings.Contains(path, "{programId}"):
		memberID = mOwn
	case target == "absent":
		memberID = "mx-absent"
	}
	program := ask
	if strings.Contains(path, "/enrollments/{programId}/") {
		program = programFor(path, caller)
	}
	return strings.NewReplacer("{memberId}", memberID, "{id}", spare[target], "{programId}", program, "{careManagerId}", holders[target],
		"{requestId}", orAbsent(s.requests[[2]string{thing, programFor(path, caller)}], "req_absent"),
		"{threadId}", orAbsent(s.thread(thing, as), "absent")).Replace(path)
}

func orAbsent(id, absent string) string {
	if id == "" {
		return absent
	}
	return id
}

// programFor returns the program for a caller's call: for the clerk the department's, for
// who helps the one in which something is late, and for cancelling one whose request nothing else needs.
func programFor(path, caller string) string {
	switch {
	case caller == clerk:
		return queue
	case caller == helping:
		return slow
	case strings.HasSuffix(path, "/cancel"):
		return drop
	}
	return led
}

// thread returns the thread for a caller's call: their own, if they have one.
func (s *matrix) thread(who, caller string) string {
	if id := s.threads[[2]string{who, caller}]; id != "" {
		return id
	}
	return s.threads[[2]string{who, map[string]string{mOwn: owner, mSibling: unrelated, mForeign: ownerAbroad}[who]}]
}

func (s *matrix) body(l line, caller string) string {
	_, path, _ := strings.Cut(l.route, " ")
	reason := map[bool]string{true: "callback", false: "medication"}[l.target == "foreign"]
	mark := "said-" + l.target
	holder, cover := holders[l.target], map[bool]string{true: "cm-silva", false: "cm-chen"}[l.target == "foreign"]
	if caller == clerk { // who has claimed what the department owned
		holder = cClerk
	}
	changes := map[string]map[string]any{
		"PUT /v1/care-managers/{careManagerId}/coverages/{id}": {"coverId": cover, "from": "2036-12-01T00:00:00.000Z"},
		"POST /v1/links":                                             {"contact": map[bool]string{true: ownPhone, false: "+15550109099"}[l.target == "own"]},
		"POST /v1/sessions":                                          {"birthDate": town.BirthDate},
		"POST /v1/members/{memberId}/chat-requests":                  {"programId": ask, "reasonId": reason, "comment": mark},
		"PATCH /v1/members/{memberId}/chat-requests/{requestId}":     {"reasonId": reason},
		"POST /v1/members/{memberId}/threads":                        {"programId": programFor(path, caller), "clientMessageId": town.NewID("mx-first"), "text": mark},
		"POST /v1/members/{memberId}/threads/{threadId}/messages":    {"clientMessageId": town.NewID("mx-next"), "text": mark},
		"PUT /v1/members/{memberId}/threads/{threadId}/read":         {"seq": 1},
		"PUT /v1/members/{memberId}/enrollments/{programId}":         {"careManagerId": holder},
		"POST /v1/members/{memberId}/enrollments/{programId}/assign": {"careManagerId": holder},
	}[l.route]
	if l.route == "POST /v1/sessions" && l.target == "own" {
		changes["link"] = s.guestLink
	}
	parts := strings.Split(path, "/")
	if l.route == "PUT /v1/"+parts[2]+"/"+parts[len(parts)-1] && directoryBodies[parts[2]] != nil {
		return directoryBody(s.T, parts[2])
	}
	if examples()[l.route] == nil {
		return ""
	}
	return adapted(s.T, l.route, changes)
}

// firstAnswers holds the first answer with each code.
type firstAnswers map[string]string

// check fails the test if a 401, 403 or 404, or the answer to asking for a link, differs
// from the first one with its code.
func (f firstAnswers) check(t *testing.T, l line, caller string, a answer) {
	t.Helper()
	switch a.Status {
	case http.StatusAccepted, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
	default:
		return
	}
	header, id := a.Header.Clone(), a.Header.Get("X-Request-Id")
	for _, name := range []string{"Date", "X-Request-Id", "Apigw-Requestid"} {
		header.Del(name)
	}
	kind := a.Text("code")
	if a.Status != http.StatusAccepted && (id == "" || strings.Count(a.Raw, id) != 1) {
		t.Errorf("%s %s as %s: its request id is not in %s", l.route, l.target, caller, a.Raw)
	}
	if caller == expired && a.Status == http.StatusUnauthorized && kind != "session-expired" {
		t.Errorf("%s %s: an expired session is refused as %s", l.route, l.target, kind)
	}
	is := fmt.Sprint(header) + "\n" + strings.Replace(a.Raw, id, "ID", 1)
	if a.Status == http.StatusUnauthorized {
		kind += " " + a.Text("reason") // what is wrong with an access token, its maker may know (A8)
	}
	if was, ok := f[kind]; !ok {
		f[kind] = is
	} else if was != is {
		t.Errorf("%s %s as %s: differs from the first such answer:\n%s\nis not\n%s", l.route, l.target, caller, is, was)
	}
}

// mayLearn says who may see whose data.
var mayLearn = map[string][]string{
	"named-own": {member, owner, clerk, past, covering, helping, platform}, "said-own": {member, owner, clerk, past, covering, helping},
	"named-sibling": {sibling, unrelated, platform}, "said-sibling": {sibling, unrelated},
	"named-foreign": {foreign, ownerAbroad, platAbroad}, "said-foreign": {foreign, ownerAbroad},
}

func checkVisible(t *testing.T, l line, caller string, a answer) {
	t.Helper()
	for mark, who := range mayLearn {
		if strings.Contains(a.Raw, mark) && !slices.Contains(who, caller) && !claimsTooLate(l, caller) {
			t.Errorf("%s %s as %s: shows %s: %s", l.route, l.target, caller, mark, a.Raw)
		}
	}
}

const matrixHead = `# Who gets which status: a row is a route and its target, a column is a caller.
# own is the member's; sibling is another member's of the organization; foreign is of another organization; absent does
# not exist; crossed is the sibling's request or thread under the member's own path; handed is the member's thread with
# the care manager who owned the program before (past); - is no target. 429 is the fourth link to a member within 15 minutes.
# The callers are described in callers_test.go. Written with: go test ./tests/access -run TheMatrix -update
`

func writeMatrix(t *testing.T, got map[line][]string) {
	t.Helper()
	var b strings.Builder
	b.WriteString(matrixHead)
	row := func(route, target string, cells []string) {
		fmt.Fprintf(&b, "%-60s %-7s", route, target)
		for i, cell := range cells {
			fmt.Fprintf(&b, " %-*s", max(3, len(callers[i])), cell)
		}
		b.WriteString("\n")
	}
	row("route", "target", callers)
	for _, l := range lines() {
		row(l.route, l.target, got[l])
	}
	var trimmed []string
	for text := range strings.Lines(b.String()) {
		trimmed = append(trimmed, strings.TrimRight(text, " \n"))
	}
	if err := os.WriteFile(matrixFile, []byte(strings.Join(trimmed, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// readMatrix returns the committed table. It fails the test unless the table has
// exactly one row for each line and a cell for every caller.
func readMatrix(t *testing.T) map[line][]string {
	t.Helper()
	raw, err := os.ReadFile(matrixFile)
	if err != nil && !*update {
		t.Fatal(err)
	}
	all := map[line][]string{}
	for text := range strings.Lines(string(raw)) {
		words := strings.Fields(text)
		if len(words) < 3 || words[0] == "#" || words[0] == "route" {
			continue
		}
		l := line{words[0] + " " + words[1], words[2]}
		if all[l] = words[3:]; len(all[l]) != len(callers) && !*update {
			t.Fatalf("%v has %d cells, want one for each of %d callers", l, len(all[l]), len(callers))
		}
	}
	wanted := lines()
	for _, l := range wanted {
		if all[l] == nil && !*update {
			t.Errorf("%s %s is not in the table", l.route, l.target)
		}
	}
	for l := range maps.Keys(all) {
		if !slices.Contains(wanted, l) && !*update {
			t.Errorf("%s %s is in the table, but is no line", l.route, l.target)
		}
	}
	return all
}

// The committed table itself keeps the rules.
func TestTheTableKeepsTheRules(t *testing.T) {
	table := readMatrix(t)
	open := map[string]bool{}
	kinds := map[string][]string{}
	for _, o := range contract.Operations() {
		open[o.Method+" "+o.Path], kinds[o.Method+" "+o.Path] = len(o.Callers) == 0, o.Callers
	}
	for l, cells := range table {
		for i, caller := range callers {
			if err := brokenRule(table, l, caller, cells[i], i, open[l.route], kinds[l.route]); err != "" {
				t.Errorf("%s %s as %s is %s: %s", l.route, l.target, caller, cells[i], err)
			}
		}
	}
}

func brokenRule(table map[line][]string, l line, caller, cell string, column int, open bool, kinds []string) string {
	absent, hasAbsent := table[line{l.route, "absent"}]
	switch {
	case open:
		return ""
	case kindOf[caller] == "" && cell != "401":
		return "a caller without a valid token gets 401"
	case kindOf[caller] != "" && !slices.Contains(kinds, kindOf[caller]) && cell != "403":
		return "the wrong kind of caller gets 403"
	case hasAbsent && l.target != "-" && !claimsTooLate(l, caller) && !slices.Contains(reaches[l.target], caller) && cell != absent[column]:
		return "what is not theirs is answered like what does not exist: " + absent[column]
	}
	return ""
}
