package chat

import "time"

// ListStore is what lists read. Only a person's first key for drafts is written.
type ListStore interface {
	DraftKeyStore
	CatalogStore
	RightsStore
	ProfileStore
	CareManagerStore
	StaffStore
	CoverageStore
	MemberChatsStore
	EnrollmentStore
	FindRequestStore
	MessageStore
	NoticeStore
	WorkStore
}

// ListService answers what screens show and poll.
type ListService struct {
	Store ListStore
	Now   func() time.Time
}

// ListPage is a page of a list and where the next one starts, "" on the last.
type ListPage[T any] struct {
	Items []T
	Next  string
}
