package table

import (
	"maps"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// change is what an update makes of an attribute: it sets the value, or removes the attribute if the value is nil.
type change struct {
	name  string
	value types.AttributeValue
}

// changes returns what sets the fields that have a value, and removes the others.
func (f fields) changes() []change {
	all := make([]change, len(f))
	for i, each := range f {
		all[i] = change{each.name, each.value.encode()}
	}
	return all
}

// form is what updates that set and remove the same attributes share.
type form struct {
	expression string
	names      map[string]string // by placeholder, because some names are reserved words
	values     []string          // the placeholders of the values that are set, in their order
}

// forms holds each form that this process has used, by its attributes: there are few.
var forms sync.Map

func formOf(changes []change) *form {
	var key strings.Builder
	for _, each := range changes {
		if each.value == nil {
			key.WriteByte('-')
		}
		key.WriteString(each.name)
		key.WriteByte(' ')
	}
	if known, ok := forms.Load(key.String()); ok {
		return known.(*form)
	}
	made := newForm(changes)
	forms.Store(key.String(), made)
	return made
}

func newForm(changes []change) *form {
	f := &form{names: map[string]string{}}
	var set, gone []string
	for _, each := range changes {
		f.names[placeholder(each.name)] = each.name
		if each.value == nil {
			gone = append(gone, placeholder(each.name))
			continue
		}
		set = append(set, placeholder(each.name)+" = :"+each.name)
		f.values = append(f.values, ":"+each.name)
	}
	if len(set) > 0 {
		f.expression = "SET " + strings.Join(set, ", ")
	}
	if len(gone) > 0 {
		f.expression += " REMOVE " + strings.Join(gone, ", ")
	}
	return f
}

// expression returns an update's expression with its names and values, and those of its condition.
func (w write) expression() (string, map[string]string, item) {
	f := formOf(w.set)
	names, values := f.names, make(item, len(f.values)+len(w.values))
	if len(w.names) > 0 {
		names = maps.Clone(names)
		maps.Copy(names, w.names)
	}
	maps.Copy(values, w.values)
	n := 0
	for _, each := range w.set {
		if each.value != nil {
			values[f.values[n]] = each.value
			n++
		}
	}
	if len(values) == 0 {
		values = nil // an empty map is refused
	}
	return f.expression, names, values
}
