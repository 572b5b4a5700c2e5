package hostile

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"carechat/shared/apigw"
	"carechat/tests/support/contract"
)

// invalidNumbers lists values, as they are sent, that no number in a query accepts (A4).
var invalidNumbers = []string{
	"", "-1", "10abc", "1.5", "1e3", "+1", "%2B1", "01", "0x10", "%D9%A3", "%EF%BC%91", "NaN", "null", "[]", "99999999999999999999", "-9223372036854775809", "1,1000", "1%00", "%20" + "1",
	marker, strings.Repeat("9", 3000), "1%3BSELECT",
}

// A4: an invalid number or word in a query is 422, and so is a repeated one.
func TestInvalidQueries(t *testing.T) {
	type parameter struct {
		operation, name string
		values          []string
	}
	words := []string{"ACTIVE", "active,inactive", "mine,department", "createdAt%3BDROP", "PK", ":v0", "'%20OR%20'1'='1", "%00", "%FF", marker, strings.Repeat("x", 3000), "waiting%20", "null"}
	var probes []probe
	for _, p := range []parameter{
		{"listMessages", "after", invalidNumbers}, {"listMessages", "before", invalidNumbers},
		{"listMessages", "limit", append([]string{"0", "101", "1000000000"}, invalidNumbers...)},
		{"listThreads", "state", words}, {"listTasks", "scope", words}, {"getInbox", "list", words},
	} {
		o := operation(p.operation)
		for _, value := range p.values {
			probes = append(probes, probe{fmt.Sprintf("%s?%s=%.30s", o.ID, p.name, value), queried(base(o), p.name+"="+value), []int{422}})
		}
		probes = append(probes, probe{o.ID + " with two " + p.name, queried(base(o), p.name+"=1&"+p.name+"=2"), []int{422}})
	}
	platform := base(operation("listTasks")).without("Authorization").with("Authorization", "Bearer "+here.tokens["platform"])
	for _, query := range []string{"", "careManagerId=", "careManagerId=cm-rivera&departmentId=nurses", "careManagerId=cm-rivera&careManagerId=cm-chen", "careManagerId=%23" + marker, "departmentId=nurses%23" + marker} {
		probes = append(probes, probe{"platform?" + query, queried(platform, query), []int{422}})
	}
	refuse(t, probes)
}

// lists lists the operations with a cursor, with the query that their cursor is for.
var lists = []struct {
	operation string
	scope     []string
}{
	{"listTasks", []string{"tasks", "", "", ""}},
	{"getInbox", []string{"inbox", ""}},
	{"listNotices", []string{"notices", "hostage"}},
}

// A7: a cursor that was cut, changed, or made for another caller or query is 400.
func TestInvalidCursors(t *testing.T) {
	var probes []probe
	for _, list := range lists {
		o := operation(list.operation)
		own := func(kind, organization, id string, scope ...string) string {
			return apigw.Cursor("TASK#2026-03-02T12:00:00.000Z#ana#req_1", append([]string{kind, organization, id}, scope...)...)
		}
		good := own("careManager", "harbor", "cm-rivera", list.scope...)
		all := map[string]string{
			"a colleague's": own("careManager", "harbor", "cm-chen", list.scope...), "another organization's": own("careManager", "summit", "cm-rivera", list.scope...),
			"the platform's": own("platform", "harbor", "cm-rivera", list.scope...), "another list's": own("careManager", "harbor", "cm-rivera", "other", ""),
			"padded": good + "=", "twice": good + good, "two of them": good + "&cursor=" + good, "a key": base64.RawURLEncoding.EncodeToString([]byte(`{"PK":{"S":"ORG#summit"}}`)),
			"raw JSON": url.QueryEscape(`{"PK":"` + marker + `"}`), "a word": marker, "a nul": "%00", "no UTF-8": "%FF%FE", "long": strings.Repeat("A", 9000), "spaces": "+" + good,
		}
		for i := range len(good) {
			all[fmt.Sprintf("cut at %d", i+1)] = good[:len(good)-1-i] + strings.Repeat("A", min(i, 1))
			flipped := []byte(good)
			flipped[i] = map[bool]byte{true: 'B', false: 'A'}[flipped[i] == 'A']
			all[fmt.Sprintf("changed at %d", i)] = string(flipped)
		}
		delete(all, fmt.Sprintf("cut at %d", len(good))) // nothing is the first page
		delete(all, fmt.Sprintf("changed at %d", len(good)-1))
		for name, cursor := range all {
			if cursor != "" {
				probes = append(probes, probe{o.ID + " with a cursor " + name, queried(base(o), "cursor="+cursor), []int{400}})
			}
		}
		probes = append(probes, probe{o.ID + " with 1 MB", queried(base(o), "cursor="+strings.Repeat("A", 1<<20)), []int{431, 0}})
	}
	refuse(t, probes)
}

// A cursor is not a secret: a caller who makes one for a position of their choice sees
// at most their own list, and breaks nothing.
func TestForgedPositions(t *testing.T) {
	l := here.line()
	defer l.hangUp()
	for _, list := range lists {
		for _, position := range []string{
			"\x00", "~", "\U0010FFFF", "\uffff", "TASK#\U0010FFFF\U0010FFFF", "NOTICE#\U0010FFFF", "ntc_zzz", "A", "TASK#", "WAITING#\U0010FFFF", "zzz", "ORG#summit#OWNER#careManager#cm-silva", "\xff\xfe",
			strings.Repeat("A", 700), "TASK#1\xff", "TASK#" + strings.Repeat("9", 1100), "TASK#" + strings.Repeat("0", 1100), "WAITING#" + strings.Repeat("0", 1100), strings.Repeat("z", 4000),
		} {
			cursor := apigw.Cursor(position, append([]string{"careManager", "harbor", "cm-rivera"}, list.scope...)...)
			c := queried(base(operation(list.operation)), "cursor="+cursor)
			a, err := l.send(c)
			if err != nil || !slices.Contains([]int{200, 400}, a.status) {
				t.Errorf("%s after %.30q: %d %s %v", list.operation, position, a.status, a.body, err)
			} else if err := c.check(a); err != nil && len(cursor) <= 1024 {
				t.Error(err)
			}
			if strings.Contains(string(a.body), "summit") || strings.Contains(string(a.body), "cm-silva") {
				t.Errorf("%s after %.30q shows another organization: %s", list.operation, position, a.body)
			}
		}
	}
}

// An unknown program in a query, and what is no parameter, change nothing (A4).
func TestIgnoredQueries(t *testing.T) {
	l := here.line()
	defer l.hangUp()
	same := func(o contract.Operation, queries ...string) {
		want, err := l.send(base(o))
		if err != nil || want.status != 200 {
			t.Fatalf("%s: %d %v", o.ID, want.status, err)
		}
		for _, query := range queries {
			c := queried(base(o), query)
			got, err := l.send(c)
			if err != nil || got.status != 200 || string(got.body) != string(want.body) {
				t.Errorf("%s?%.40s: %d %.200s %v", o.ID, query, got.status, got.body, err)
			} else if err := c.check(got); err != nil && !strings.Contains(query, "programId") {
				t.Error(err)
			}
		}
	}
	same(operation("getRequestForm"), "programId=", "programId=%23", "programId=ORG%23summit", "programId=%00", "programId=%FF", "programId="+strings.Repeat("x", 900), "programId=a&programId=b")
	same(operation("getMe"), "a;b", "%zz", "&&&")
}

// A4: a parameter that the route does not know is refused: ignoring it would hide a typing
// mistake.
func TestUnknownParameters(t *testing.T) {
	var probes []probe
	for _, o := range operations() {
		for _, query := range []string{marker + "%40=1", "limitt=1", "sttate=active", "memberId=ana", "organization=summit", "%00=", "=", "__proto__=x", "%FF=%FE"} {
			probes = append(probes, probe{o.ID + "?" + query, queried(base(o), query), []int{422}})
		}
	}
	refuse(t, probes)
}
