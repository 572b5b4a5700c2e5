package apigw

import "testing"

// An address is believed only with the edge's secret, and never one that the caller of the edge wrote.
func TestWhoseAddressIsBelieved(t *testing.T) {
	const edge, caller, forged = "198.51.100.7", "192.0.2.10", "203.0.113.9"
	for name, c := range map[string]struct{ secret, header, want string }{
		"the edge":                    {"s3cret", caller, caller},
		"as API Gateway appends":      {"s3cret", caller + ", " + edge, caller},
		"a caller who names another":  {"s3cret", forged + "," + caller + "," + edge, caller},
		"IPv6":                        {"s3cret", "2001:db8::9, " + edge, "2001:db8::9"},
		"IPv6 in brackets":            {"s3cret", "[2001:db8::9]", "2001:db8::9"},
		"with a port":                 {"s3cret", caller + ":46532", caller},
		"IPv6 with a port":            {"s3cret", "[2001:db8::9]:46532", "2001:db8::9"},
		"no address":                  {"s3cret", "", edge},
		"what is no address":          {"s3cret", caller + ", unknown", edge},
		"the edge alone":              {"s3cret", edge, edge},
		"a header without the secret": {"", forged, edge},
		"a wrong secret":              {"s3cre7", forged, edge},
		"a part of the secret":        {"s3c", forged, edge},
	} {
		r := &Request{SourceIP: edge, headers: map[string]string{"x-edge-secret": c.secret, "x-forwarded-for": c.header}}
		if got := (Edge{"s3cret", "X-Forwarded-For"}).Address(r); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
		if got := (Edge{"", "X-Forwarded-For"}).Address(r); got != edge {
			t.Errorf("%s, without an edge: %s", name, got)
		}
	}
}
