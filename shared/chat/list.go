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
	ColleagueStore
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

// each returns the page with every item as show returns it.
func (p ListPage[T]) each(show func(T) T) ListPage[T] {
	for i := range p.Items {
		p.Items[i] = show(p.Items[i])
	}
	return p
}
