package machine

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// route is one of the HTTP API's.
type route struct {
	method   string // or ANY
	path     string // such as /v1/members/{memberId}/chats or /v1/{proxy+}
	segments []string
	function string
}

func newRoute(method, path, function string) route {
	return route{strings.ToUpper(method), path, split(path), function}
}

func (r route) key() string { return r.method + " " + r.path }

func split(path string) []string { return strings.Split(strings.TrimPrefix(path, "/"), "/") }

// sortRoutes puts the most specific first: word by word a literal before a
// parameter before the rest of a path, then a method before ANY.
func sortRoutes(all []route) {
	slices.SortStableFunc(all, func(a, b route) int {
		return cmp.Or(slices.CompareFunc(a.segments, b.segments, func(x, y string) int { return cmp.Compare(vague(x), vague(y)) }),
			cmp.Compare(boolInt(a.method == "ANY"), boolInt(b.method == "ANY")))
	})
}

func vague(segment string) int {
	return boolInt(strings.HasPrefix(segment, "{")) + boolInt(strings.HasSuffix(segment, "+}"))
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// match finds the route of a request and the values of its path parameters.
func match(routes []route, method, escapedPath string) (*route, map[string]string) {
	given := split(escapedPath)
	for i := range given {
		if plain, err := url.PathUnescape(given[i]); err == nil {
			given[i] = plain
		}
	}
	for i := range routes {
		if routes[i].method == "ANY" || routes[i].method == method {
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
