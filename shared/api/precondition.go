package api

import (
	"strconv"
	"strings"

	"carechat/shared/chat"
)

// Precondition reads If-Match and If-None-Match (A3). A tag that cannot be one of our
// versions matches nothing.
func Precondition(ifMatch, ifNoneMatch string) chat.Precondition {
	p := chat.Precondition{
		Exists: strings.TrimSpace(ifMatch) == "*",
		Absent: strings.TrimSpace(ifNoneMatch) == "*",
	}
	if ifMatch != "" && !p.Exists {
		p.Matches = []int{}
		for tag := range strings.SplitSeq(ifMatch, ",") {
			version, err := strconv.Atoi(strings.Trim(strings.TrimSpace(tag), `"`))
			if err == nil && strings.TrimSpace(tag) == `"`+strconv.Itoa(version)+`"` {
				p.Matches = append(p.Matches, version)
			}
		}
	}
	return p
}
