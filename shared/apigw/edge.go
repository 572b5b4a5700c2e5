package apigw

import (
	"crypto/subtle"
	"net/netip"
	"strings"

	"carechat/shared/env"
)

// Edge is what stands between callers and API Gateway, such as CloudFront. Without a secret there is none.
type Edge struct {
	Secret string // which the edge sends as X-Edge-Secret
	Header string // in which it says who called it
}

// OpenEdge makes an Edge from the environment variables EDGE_SECRET and EDGE_ADDRESS_HEADER.
func OpenEdge() Edge { return Edge{env.Text("EDGE_SECRET"), env.Text("EDGE_ADDRESS_HEADER")} }

// Address returns the address of whoever calls: the one that the edge names, if the call has the edge's secret and names one, else
// the one that API Gateway saw.
func (e Edge) Address(r *Request) string {
	given := r.Header("x-edge-secret")
	if e.Secret == "" || subtle.ConstantTimeCompare([]byte(given), []byte(e.Secret)) != 1 {
		return r.SourceIP
	}
	return lastBut(r.Header(e.Header), r.SourceIP)
}

// lastBut returns the last address of a list that is not the edge's own, which API Gateway appends: callers put what they like before
// it. It returns the edge's if there is no other, or the last is not an address.
func lastBut(list, edge string) string {
	all := strings.Split(list, ",")
	for i := len(all) - 1; i >= 0; i-- {
		switch text := strings.TrimSpace(all[i]); {
		case text == edge:
		case address(text) == "":
			return edge
		default:
			return address(text)
		}
	}
	return edge
}

// address returns an address without its port, or "" if it is not an address.
func address(text string) string {
	if only, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return only.String()
	}
	if with, err := netip.ParseAddrPort(text); err == nil {
		return with.Addr().String()
	}
	return ""
}
