// Package usecases holds every use case at once, on one store, as tests of
// histories and interleavings call them. A function has those of its job alone.
package usecases

import (
	"time"

	"carechat/shared/chat"
	"carechat/shared/directory"
)

// Store is what all of them need.
type Store interface {
	chat.ListStore
	chat.RequestStore
	chat.CancelStore
	chat.SendStore
	chat.MarkReadStore
	chat.TaskStore
	chat.PreferenceStore
	chat.LinkStore
	chat.UpkeepStore
	directory.Store
	directory.OperatorStore
}

// All has every use case as a method.
type All struct {
	*chat.ListService
	*chat.RequestService
	*chat.CancelService
	*chat.SendService
	*chat.MarkReadService
	*chat.TaskService
	*chat.PreferenceService
	*chat.LinkService
	*chat.UpkeepService
	Directory
	Now   func() time.Time
	NewID func(prefix string) string
}

// Directory has the use cases of the platform and of the operator.
type Directory struct {
	*directory.Service
	*directory.OperatorService
}

// New puts them on a store.
func New(store Store, now func() time.Time, newID func(prefix string) string) *All {
	return &All{
		ListService:       &chat.ListService{Store: store, Now: now},
		RequestService:    &chat.RequestService{Store: store, Now: now, NewID: newID},
		CancelService:     &chat.CancelService{Store: store, Now: now},
		SendService:       &chat.SendService{Store: store, Now: now, NewID: newID},
		MarkReadService:   &chat.MarkReadService{Store: store, Now: now},
		TaskService:       &chat.TaskService{Store: store, Now: now},
		PreferenceService: &chat.PreferenceService{Store: store, Now: now},
		LinkService:       &chat.LinkService{Store: store, Now: now},
		UpkeepService:     &chat.UpkeepService{Store: store, Now: now},
		Directory:         Directory{&directory.Service{Store: store, Now: now}, &directory.OperatorService{Store: store, Now: now}},
		Now:               now, NewID: newID,
	}
}

// On puts the use cases on another store.
func (a *All) On(store Store) { *a = *New(store, a.Now, a.NewID) }
