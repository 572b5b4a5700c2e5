package api

import (
	"slices"
	"strings"
)

// Methods returns the methods that a path takes, sorted; nil if it is not a path of
// the API.
func Methods(path string) []string {
	var methods []string
	for _, route := range Routes {
		method, template, _ := strings.Cut(route, " ")
		if matches(template, path) {
			methods = append(methods, method)
		}
	}
	slices.Sort(methods)
	return methods
}

func matches(template, path string) bool {
	want, have := strings.Split(template, "/"), strings.Split(path, "/")
	return slices.EqualFunc(want, have, func(w, h string) bool {
		return w == h || strings.HasPrefix(w, "{") && h != ""
	})
}
