package api

import (
	"carechat/shared/chat"
	"carechat/shared/directory"
)

// EntriesQuery asks for a page of an organization's entries of a kind.
type EntriesQuery struct {
	Cursor string `query:"cursor" json:"-"`
}

// MembersQuery asks for a page of the members who were changed at a time or later.
type MembersQuery struct {
	UpdatedSince string `query:"updatedSince" json:"-"`
	Cursor       string `query:"cursor" json:"-"`
}

// EnrollmentsQuery asks for a page of a member's enrollments.
type EnrollmentsQuery struct {
	MemberID string `path:"memberId" json:"-"`
	Cursor   string `query:"cursor" json:"-"`
}

// ListedEntry is a provisioned entry as a list shows it.
type ListedEntry struct {
	ID        string `json:"id"`
	Version   int    `json:"version"`
	UpdatedAt Time   `json:"updatedAt,omitzero"`
}

// NewListedEntries shapes a page of what was provisioned.
func NewListedEntries(p chat.ListPage[directory.Listed], cursor string) List[ListedEntry] {
	return List[ListedEntry]{each(p.Items, func(e directory.Listed) ListedEntry {
		return ListedEntry{e.ID, e.Version, Time{e.UpdatedAt}}
	}), cursor}
}
