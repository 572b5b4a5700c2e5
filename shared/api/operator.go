package api

import (
	"carechat/shared/chat"
	"carechat/shared/directory"
)

// Command is what the operator asks for: exactly one of these (S6).
type Command struct {
	PutOrganization *OrganizationNew `json:"putOrganization,omitzero"`
	ExportMember    *MemberRows      `json:"exportMember,omitzero"`
	ReadTable       *MemberRows      `json:"readTable,omitzero"`
	Hold            *MemberNamed     `json:"hold,omitzero"`
	Release         *MemberNamed     `json:"release,omitzero"`
	EraseMember     *MemberNamed     `json:"eraseMember,omitzero"`
	Retain          *RetentionPage   `json:"retain,omitzero"`
	CheckTable      *TablePage       `json:"checkTable,omitzero"`
}

// MemberNamed names a member.
type MemberNamed struct {
	Organization string `json:"organization"`
	Member       string `json:"member"`
}

// Key returns the member.
func (m MemberNamed) Key() chat.MemberKey {
	return chat.MemberKey{Organization: m.Organization, Member: m.Member}
}

// MemberKept says whether a member is held, and how far an erasure has come: erased is "begun" while upkeep deletes, then "done" (T14).
type MemberKept struct {
	MemberNamed
	HeldAt Time   `json:"heldAt,omitzero"`
	Erased string `json:"erased,omitempty"`
}

// Kept returns the answer to holding, releasing or erasing a member.
func Kept(p chat.Profile) MemberKept {
	k := MemberKept{MemberNamed: MemberNamed{p.Organization, p.ID}}
	if !p.HeldAt.IsZero() {
		k.HeldAt = Time{p.HeldAt}
	}
	switch {
	case !p.EraseAt.IsZero():
		k.Erased = "begun"
	case !p.ErasedAt.IsZero():
		k.Erased = "done"
	}
	return k
}

// RetentionPage asks to delete, of a page of members, the inactive threads in which nobody wrote for this many years, and the requests
// that ended before then.
type RetentionPage struct {
	Organization string `json:"organization"`
	Years        int    `json:"years"`
	After        string `json:"after,omitempty"` // of the page before
}

// Retained is what a page of a retention did. After is "" on the last.
type Retained struct {
	Members  int    `json:"members"`
	Held     int    `json:"held"`
	Threads  int    `json:"threads"`
	Requests int    `json:"requests"`
	After    string `json:"after,omitempty"`
}

// RetainedPage returns the answer to a page of a retention.
func RetainedPage(r directory.Retained) Retained { return Retained(r) }

// TablePage asks to check a page of the whole table.
type TablePage struct {
	After string `json:"after,omitempty"` // of the page before
}

// TableChecked says how many rows a page had, and which of them are wrong: the first ones, and how many more there are. After is "" on
// the last page.
type TableChecked struct {
	Rows  int        `json:"rows"`
	Wrong []WrongRow `json:"wrong"`
	More  int        `json:"more"`
	After string     `json:"after,omitempty"`
}

// WrongRow is a row that breaks a rule. Why has ids, numbers and times.
type WrongRow struct {
	PK   string `json:"PK"`
	SK   string `json:"SK"`
	Rule string `json:"rule"`
	Why  string `json:"why"`
}

// MemberRows asks for a page of a member's rows.
type MemberRows struct {
	MemberNamed
	After string `json:"after,omitempty"` // of the page before
}

// RowsPage is a page of rows. After is "" on the last.
type RowsPage struct {
	Rows  []map[string]any `json:"rows"`
	After string           `json:"after,omitempty"`
}

// Exported returns rows as a member's export shows them: everything about the member, and no secret.
func Exported(rows []directory.Row, after string) RowsPage {
	page := RowsPage{Rows: []map[string]any{}, After: after}
	for _, r := range rows {
		if r.Kind == "" {
			continue
		}
		line := map[string]any{"id": r.ID}
		if r.Thread != "" {
			line["threadId"] = r.Thread
		}
		for name, value := range r.Values {
			if !unlocking[name] {
				line[name] = value
			}
		}
		if own, ok := r.Values["kind"]; ok {
			line[r.Kind+"Kind"] = own // such as noticeKind
		}
		line["kind"] = r.Kind
		page.Rows = append(page.Rows, line)
	}
	return page
}

// Supported returns rows as somebody looking for a fault sees them: all of them, with their keys, but not what people wrote.
func Supported(rows []directory.Row, after string) RowsPage {
	page := RowsPage{Rows: []map[string]any{}, After: after}
	for _, r := range rows {
		line := map[string]any{"PK": r.Key[0], "SK": r.Key[1]}
		for name, value := range r.Values {
			line[name] = withoutWords(name, value)
		}
		page.Rows = append(page.Rows, line)
	}
	return page
}

// unlocking are the attributes that hold a key.
var unlocking = map[string]bool{"draftKey": true}

// written are the attributes that hold what a person wrote.
var written = map[string]bool{"text": true, "comment": true, "excerpt": true, "note": true, "preview": true, "why": true}

// withoutWords returns an attribute's value without what may not be shown, however deep it lies.
func withoutWords(name string, value any) any {
	if written[name] || unlocking[name] {
		return "(not shown)"
	}
	switch inner := value.(type) {
	case map[string]any:
		shown := map[string]any{}
		for name, value := range inner {
			shown[name] = withoutWords(name, value)
		}
		return shown
	case []any:
		return each(inner, func(value any) any { return withoutWords(name, value) })
	}
	return value
}
