package gateway

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"carechat/local/template"
)

// route is a route with its path in parts.
type route struct {
	template.Route
	segments []string
}

func (r route) key() string { return r.Method + " " + r.Path }

func split(path string) []string { return strings.Split(strings.TrimPrefix(path, "/"), "/") }

// sorted returns the routes, the most specific first: part by part a literal
// before a parameter before the rest of a path, then a method before ANY.
func sorted(all []template.Route) []route {
	var routes []route
	for _, r := range all {
		routes = append(routes, route{r, split(r.Path)})
	}
	slices.SortStableFunc(routes, func(a, b route) int {
		return cmp.Or(slices.CompareFunc(a.segments, b.segments, func(x, y string) int { return cmp.Compare(vague(x), vague(y)) }),
			cmp.Compare(boolInt(a.Method == "ANY"), boolInt(b.Method == "ANY")))
	})
	return routes
}

// vague returns 0 for a literal, 1 for a parameter, 2 for the rest of a path.
func vague(segment string) int {
	return boolInt(strings.HasPrefix(segment, "{")) + boolInt(strings.HasSuffix(segment, "+}"))
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// match returns the route of a request and the values of its path parameters, or
// nil if there is none.
func match(routes []route, method, escapedPath string) (*route, map[string]string) {
	given := split(escapedPath)
	for i := range given {
		if plain, err := url.PathUnescape(given[i]); err == nil {
			given[i] = plain
		}
	}
	for i := range routes {
		if routes[i].Method == "ANY" || routes[i].Method == method {
			if parameters, ok := routes[i].match(given); ok {
				return &routes[i], parameters
			}
		}
	}
	return nil, nil
}

func (r route) match(given []string) (map[string]string, bool) {
	parameters := map[string]string{}
	for i, want := range r.segments {
		if i >= len(given) {
			return nil, false
		}
		name := strings.Trim(want, "{+}")
		value := given[i]
		switch vague(want) {
		case 0:
			if value != want {
				return nil, false
			}
			continue
		case 2:
			value = strings.Join(given[i:], "/")
			given = given[:i+1]
		}
		if value == "" {
			return nil, false
		}
		parameters[name] = value
	}
	return parameters, len(given) == len(r.segments)
}
