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
	chat.Store
	directory.Store
	directory.OperatorStore
}

// All has every use case as a method.
type All struct {
	*chat.Service
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
		Service:   &chat.Service{Store: store, Now: now, NewID: newID},
		Directory: Directory{&directory.Service{Store: store, Now: now}, &directory.OperatorService{Store: store}},
		Now:       now, NewID: newID,
	}
}

// On puts the use cases on another store.
func (a *All) On(store Store) { *a = *New(store, a.Now, a.NewID) }
