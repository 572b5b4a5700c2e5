package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"carechat/shared/api"
	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/tests/support/fixture"
)

// sent is how many messages each of the member's two threads has: more than a page.
var sent = map[string]int{"cm-rivera": 210, "cm-chen": 3}

// newExport returns what a command that reads all of the member answers, page by page.
func newExport(t *testing.T) func(command string) (rows []map[string]any, pages int) {
	t.Helper()
	f := fixture.Open(t)
	for manager, n := range sent {
		f.Thread(t, manager, n)
	}
	operator := operatorOf(f.Table(fixture.Network()), chat.Clock)
	return func(command string) (rows []map[string]any, pages int) {
		t.Helper()
		for after := ""; pages == 0 || after != ""; pages++ {
			body := fmt.Sprintf(`{%q: {"organization": %q, "member": %q, "after": %q}}`, command, fixture.Organization, fixture.MemberID, after)
			raw, err := operator.Invoke(t.Context(), []byte(strings.Replace(body, `, "after": ""`, "", 1)))
			if err != nil {
				t.Fatal(err)
			}
			var page api.RowsPage
			if err := json.Unmarshal(raw, &page); err != nil {
				t.Fatal(err)
			}
			rows, after = append(rows, page.Rows...), page.After
		}
		return rows, pages
	}
}

// An export has each message and thread once, over all pages, and nothing that only the system needs.
func TestAnExportHasEverythingOfAMemberOnce(t *testing.T) {
	rows, pages := newExport(t)("exportMember")
	seen, kinds := map[string]bool{}, map[string]int{}
	for _, r := range rows {
		kinds[fmt.Sprint(r["kind"])]++
		if id := fmt.Sprint(r["kind"], r["threadId"], r["id"]); seen[id] {
			t.Errorf("%s is there twice", id)
		} else {
			seen[id] = true
		}
		if r["PK"] != nil || r["WORK_PK"] != nil || r["kind"] == "message" && (r["text"] == nil || r["threadId"] == nil) {
			t.Errorf("a row is %v", r)
		}
	}
	if kinds["thread"] != 2 || kinds["message"] != 213 || len(kinds) != 2 || pages < 2 {
		t.Errorf("%d pages with %v", pages, kinds)
	}
}

// Support sees all rows, and no words.
func TestSupportReadsNoWords(t *testing.T) {
	rows, _ := newExport(t)("readTable")
	request := map[string]any{"comment": "text x", "excerpt": "text x", "note": "text x"}
	rows = append(rows, api.Supported([]directory.Row{{Kind: "request", Key: [2]string{"PK", "SK"}, Values: request}}, "").Rows...)
	if len(rows) < 213 {
		t.Errorf("%d rows", len(rows))
	}
	for _, r := range rows {
		if body := fmt.Sprint(r); r["PK"] == nil || r["SK"] == nil || strings.Contains(body, "text x") {
			t.Fatalf("a row is %s", body)
		}
	}
}

// A row's kind is what the row is, whatever kind it has of its own.
func TestAnExportedRowSaysItsKind(t *testing.T) {
	rows := []directory.Row{{Kind: "notice", ID: "n1", Values: map[string]any{"kind": "lock"}}}
	if got := api.Exported(rows, "").Rows[0]; got["kind"] != "notice" || got["noticeKind"] != "lock" || got["id"] != "n1" {
		t.Errorf("a row is %v", got)
	}
}

// A key that a person's drafts are locked with on their device is in no export.
func TestNoSecretIsExported(t *testing.T) {
	rows := []directory.Row{{Kind: "profile", ID: "PROFILE", Values: map[string]any{"name": "Ana", "draftKey": "a-secret"}}}
	for name, page := range map[string]api.RowsPage{"exported": api.Exported(rows, ""), "supported": api.Supported(rows, "")} {
		if body := fmt.Sprint(page); strings.Contains(body, "a-secret") || !strings.Contains(body, "Ana") {
			t.Errorf("%s: %s", name, body)
		}
	}
}

func TestAnUnknownMemberIsNotExported(t *testing.T) {
	invoke := newFunction(t)
	for payload, code := range map[string]string{
		`{"exportMember": {"organization": "harbor", "member": "nobody"}}`:                                          "not-found",
		`{"exportMember": {"organization": "harbor", "member": "no#body"}}`:                                         "/exportMember/member",
		`{"readTable": {"organization": "", "member": "ana"}}`:                                                      "/readTable/organization",
		`{"exportMember": {"organization": "a", "member": "b"}, "readTable": {"organization": "a", "member": "b"}}`: "name one command",
	} {
		if got := invoke(payload); !strings.Contains(got, code) {
			t.Errorf("%s: %s", payload, got)
		}
	}
}
