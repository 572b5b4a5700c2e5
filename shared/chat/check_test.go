package chat

import (
	"slices"

	"carechat/shared/problem"
)

func pointers(f problem.Fields) []string {
	var all []string
	for _, each := range f {
		all = append(all, each.Pointer+" "+each.Code)
	}
	slices.Sort(all)
	return all
}

// store is what fakes embed: what they do not have panics.
type store interface {
	ListStore
	RequestStore
	CancelStore
	SendStore
	MarkReadStore
	TaskStore
	PreferenceStore
	LinkStore
}
