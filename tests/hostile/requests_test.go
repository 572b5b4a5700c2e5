package hostile

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"carechat/shared/api"
	"carechat/tests/support/contract"
)

// The contract's operations are all routes, so that every route is probed.
func TestEveryRouteIsProbed(t *testing.T) {
	var declared []string
	for _, o := range contract.Operations() {
		declared = append(declared, o.Method+" "+o.Path)
	}
	for _, route := range api.Routes {
		if !slices.Contains(declared, route) {
			t.Errorf("%s is not in the contract", route)
		}
	}
	if len(declared) != len(api.Routes) {
		t.Errorf("%d operations, %d routes", len(declared), len(api.Routes))
	}
}

// invalidIDs lists path segments, as they are sent, that are no ids (A1, A4), some of
// them meant for keys, for files or for code that decodes twice.
var invalidIDs = []string{
	"", ".", "..", "%2e%2e%2f" + marker, "..%5c" + marker, "a%2Fb", "%252e%252f", "ana%00" + marker, "a%0d%0aX:" + marker, "ana%20", "%23", "ORG%23summit", "T1%23MESSAGE%230000000001",
	"MEMBER%23x%5cu0000", "a;matrix=" + marker, "$default", "~", "%EF%BF%BF", "%E2%88%95etc", "%EF%BD%81na", "%FF", ":v0", "attribute_exists(PK)", "'%20OR%20'1'='1", "%24%7bjndi:" + marker + "%7d", "a%2Cb",
	strings.Repeat("a", 65), strings.Repeat(marker, 200),
}

// A1, A4: an invalid id in a path is 422, whoever asks.
func TestInvalidIDs(t *testing.T) {
	var probes []probe
	for _, o := range operations() {
		for _, parameter := range parameters(o, "path") {
			for _, id := range invalidIDs {
				with := o
				with.Path = strings.Replace(o.Path, "{"+parameter+"}", id, 1)
				// 404 and 405 if it makes another path.
				probes = append(probes, probe{fmt.Sprintf("%s %s=%.30q", o.ID, parameter, id), base(o).to(here.path(with)), []int{422, 404, 405}})
			}
		}
	}
	refuse(t, probes)
}

// A9: a path that is nearly one of the API's. What follows a list's path is an id,
// and an invalid id is 422.
func TestInvalidPaths(t *testing.T) {
	var probes []probe
	for _, o := range operations() {
		path, want := here.path(o), []int{400, 404, 405}
		if hasEntries(o) {
			want = append(want, 422)
		}
		for name, target := range map[string]string{
			"trailing slash": path + "/", "two slashes": "/v1/" + path[3:], "dot": path + "/.", "up": path + "/../", "a nul behind": path + "/%00", "encoded slash": "/v1%2f" + path[4:],
			"another base": "/v2" + path[3:], "upper case": strings.ToUpper(path), "2,000 more": path + "/" + strings.Repeat("x", 2000), "not an escape": path + "/%zz",
			"no slash": path[1:], "an absolute URL": "http://example.org" + path + "/" + marker + "/x", "a unicode slash": "/v1\u2215" + path[4:],
		} {
			probes = append(probes, probe{o.ID + " by " + name, base(o).to(target), want})
		}
	}
	refuse(t, probes)
}

// hasEntries reports whether an operation's path is a list's, with entries below it.
func hasEntries(list contract.Operation) bool {
	return slices.ContainsFunc(operations(), func(o contract.Operation) bool {
		return strings.HasPrefix(o.Path, list.Path+"/{") && strings.Count(o.Path, "/") == strings.Count(list.Path, "/")+1
	})
}

// A method that is not declared is 405, even if a header asks for another.
func TestUndeclaredMethods(t *testing.T) {
	var probes []probe
	for _, o := range operations() {
		declared := api.Methods(here.path(o))
		for _, method := range []string{"HEAD", "OPTIONS", "TRACE", "PROPFIND", "DELETE", "PATCH", "PUT", "POST", "GET", "QUERY", "PURGE", strings.ToLower(o.Method), "M-" + marker} {
			if !slices.Contains(declared, method) {
				c := base(o).by(method).with("X-HTTP-Method-Override", o.Method).with("X-HTTP-Method", o.Method).with("X-Method-Override", o.Method)
				probes = append(probes, probe{o.ID + " by " + method, c, []int{405}})
			}
		}
	}
	refuse(t, probes)
}

// A5: JSON with another media type, or compressed.
func TestInvalidMediaTypes(t *testing.T) {
	media := []string{
		"", "text/plain", "text/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json;charset=utf-7", "application/json;charset=utf-16",
		"application/json, text/plain", "application/json5", "application/problem+json", "application/json;charset=utf-8;charset=utf-7", "*/*", "application/json;" + marker + `="`,
		"application/jso\u212a",
	}
	var probes []probe
	for _, o := range operations() {
		if !takesBody(o) {
			continue
		}
		for _, each := range media {
			probes = append(probes, probe{o.ID + " as " + each, base(o).without("Content-Type").with("Content-Type", each), []int{415}})
		}
		probes = append(probes, probe{o.ID + " without a type", base(o).without("Content-Type"), []int{415}},
			probe{o.ID + " of two types", base(o).with("Content-Type", "application/json"), []int{415}})
		for _, coding := range []string{"gzip", "deflate", "br", "zstd", "identity", "gzip, gzip", "x-" + marker} {
			probes = append(probes, probe{o.ID + " compressed by " + coding, base(o).with("Content-Encoding", coding), []int{415}})
		}
	}
	refuse(t, probes)
}

// S1, S5: a call without a valid token gets 401, whatever else is wrong.
func TestInvalidTokens(t *testing.T) {
	good := here.tokens["member"]
	parts := strings.Split(good, ".")
	encode := base64.RawURLEncoding.EncodeToString
	values := []string{
		"", "Bearer", "Bearer ", good, "Basic " + good, "bearer" + good, "Token " + good, "DPoP " + good, "Bearer " + marker, "Bearer " + good[1:], "Bearer " + good + "=", "Bearer " + good + ".",
		"Bearer " + good + " " + good, "Bearer " + good + "," + good, "Bearer \"" + good + `"`, "Bearer " + parts[0] + "." + parts[1] + ".", "Bearer " + parts[0] + "." + parts[1],
		"Bearer " + encode([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".", "Bearer " + encode([]byte(`{"alg":"RS256","kid":"../`+marker+`"}`)) + "." + parts[1] + "." + parts[2],
		"Bearer " + encode([]byte(`{"alg":"RS256","kid":"x","jku":"http://`+marker+`.example.org"}`)) + "." + parts[1] + "." + parts[2],
		"Bearer m.harbor." + here.member.ID + "." + strings.Repeat("x", 43), "Bearer m.harbor#.ana." + strings.Repeat("x", 43), "Bearer m..." + marker, "Bearer " + strings.Repeat(".", 7000),
		"Bearer " + strings.Repeat("a.", 3000), "Bearer \xff\xfe" + marker, "Bearer eyJ\u2028",
	}
	var probes []probe
	for _, o := range operations() {
		if len(o.Callers) == 0 {
			continue
		}
		bare := base(o).without("Authorization")
		probes = append(probes, probe{o.ID + " by nobody", bare, []int{401}},
			probe{o.ID + " by two", base(o).with("Authorization", "Bearer "+here.tokens["platform"]), []int{401}},
			probe{o.ID + " in another header", bare.with("X-Authorization", "Bearer "+good).with("X-Amzn-Remapped-Authorization", "Bearer "+good), []int{401}},
			probe{o.ID + " in a cookie", bare.with("Cookie", "Authorization=Bearer "+good+"; access_token="+good), []int{401}},
			probe{o.ID + " in the query", queried(bare, "access_token="+good), []int{401}},
			probe{o.ID + " by 1 MB of dots", bare.with("Authorization", "Bearer "+strings.Repeat(".", 1<<20)), []int{431, 0}})
		some := values
		if !slices.Contains([]string{"getMe", "sendMessage", "putMember", "logOut"}, o.ID) {
			some = []string{"Bearer " + marker, "Bearer " + good[1:], "Basic " + good, "Bearer " + parts[0] + "." + parts[1] + "."}
		}
		for _, value := range some {
			probes = append(probes, probe{fmt.Sprintf("%s by %.40q", o.ID, value), bare.with("Authorization", value), []int{401}})
		}
	}
	refuse(t, probes)
}

// A2: an invalid key, or two keys.
func TestInvalidIdempotencyKeys(t *testing.T) {
	o := operation("requestChat")
	bare := base(o).without("Idempotency-Key")
	probes := []probe{{"no key", bare, []int{400}}, {"two keys", base(o).with("Idempotency-Key", "hostile-0123456789"), []int{400}}}
	for _, key := range []string{"", strings.Repeat("k", 15), strings.Repeat("k", 129), "0123456789 12345", "0123456789#12345", "０１２３４５６７８９０１２３４５", "0123456789\xff12345",
		"hostile-" + marker + "\u00e9", "KEY#0123456789abc", "'; DROP TABLE keys", strings.Repeat("k", 8000), `"0123456789abcdef"`, "0123456789abcdef,"} {
		probes = append(probes, probe{fmt.Sprintf("key %.30q", key), bare.with("Idempotency-Key", key), []int{400}})
	}
	refuse(t, probes)
}

// A3: an invalid version does not match.
func TestInvalidVersions(t *testing.T) {
	var probes []probe
	for _, o := range operations() {
		if !slices.Contains(parameters(o, "header"), "If-Match") {
			continue
		}
		for _, version := range []string{`"0"`, `"-1"`, `"999999"`, `"1e400"`, `"` + marker + `"`, `"9223372036854775808"`, `"` + strings.Repeat("9", 5000) + `"`, "\"\xff\"", `"\u0000"`} {
			probes = append(probes, probe{fmt.Sprintf("%s If-Match: %.30q", o.ID, version), base(o).with("If-Match", version), []int{412, 422}}) // 422: the example has another issuer
		}
		for _, version := range []string{"1", "''", ":v0", `"1`, `1"`, `"1" "2"`, marker} {
			probes = append(probes, probe{fmt.Sprintf("%s If-Match: %.30q", o.ID, version), base(o).with("If-Match", version), []int{400}})
		}
	}
	refuse(t, probes)
}

// parameters returns the names of an operation's parameters in path, query or header.
func parameters(o contract.Operation, in string) (names []string) {
	item := contract.Document().Paths.Value(o.Path)
	for _, each := range [][]*openapi3.ParameterRef{item.Parameters, item.GetOperation(o.Method).Parameters} {
		for _, p := range each {
			if p.Value.In == in {
				names = append(names, p.Value.Name)
			}
		}
	}
	return names
}

func operation(id string) contract.Operation {
	all := contract.Operations()
	return all[slices.IndexFunc(all, func(o contract.Operation) bool { return o.ID == id })]
}

// queried returns a call with a query, which is sent as it is.
func queried(c call, query string) call { return c.to(c.target + "?" + query) }
