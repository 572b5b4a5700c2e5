package gateway

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"carechat/local/template"
)

func isOff(c template.CORS) bool { return len(c.AllowOrigins) == 0 }

func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.Header.Get("Origin") != "" && r.Header.Get("Access-Control-Request-Method") != ""
}

// allow sets the headers for the request's origin. It returns whether CORS is on:
// then the gateway answers preflights itself.
func allow(c template.CORS, w http.ResponseWriter, r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if isOff(c) || origin == "" {
		return !isOff(c)
	}
	h := w.Header()
	h.Add("Vary", "Origin")
	if !slices.ContainsFunc(c.AllowOrigins, func(pattern string) bool { return isOrigin(pattern, origin) }) {
		return true
	}
	h.Set("Access-Control-Allow-Origin", origin)
	if !isPreflight(r) {
		h.Set("Access-Control-Expose-Headers", strings.Join(c.ExposeHeaders, ","))
		return true
	}
	h.Set("Access-Control-Allow-Methods", strings.Join(c.AllowMethods, ","))
	h.Set("Access-Control-Allow-Headers", strings.Join(c.AllowHeaders, ","))
	h.Set("Access-Control-Max-Age", strconv.Itoa(c.MaxAge))
	return true
}

// isOrigin returns whether the pattern allows the origin. A pattern that ends in
// ":*" allows any port of its host, which API Gateway does not have.
func isOrigin(pattern, origin string) bool {
	host, anyPort := strings.CutSuffix(pattern, ":*")
	port, same := strings.CutPrefix(origin, host+":")
	return pattern == origin || pattern == "*" ||
		anyPort && (origin == host || same && strings.Trim(port, "0123456789") == "")
}
