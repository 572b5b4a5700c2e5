package api

import (
	"slices"
	"strconv"
	"strings"

	"carechat/shared/chat"
)

// Named is an id with its name.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Labelled is an id with the words that a person chooses it by.
type Labelled struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

// Person is somebody's id with their display name.
type Person struct {
	ID          string `json:"id"`
	DisplayName string `json:"displayName"`
}

// Owner is who has an enrollment now.
type Owner struct {
	Kind        chat.OwnerKind `json:"kind"`
	ID          string         `json:"id"`
	DisplayName string         `json:"displayName"`
}

func named(r chat.Ref) Named        { return Named(r) }
func labelled(r chat.Ref) Labelled  { return Labelled{r.ID, r.Name} }
func person(r chat.Ref) Person      { return Person{r.ID, r.Name} }
func newOwner(o chat.Owner) Owner   { return Owner{o.Kind, o.ID, o.Name} }
func requestURL(m, r string) string { return "/v1/members/" + m + "/chat-requests/" + r }
func threadURL(m, t string) string  { return "/v1/members/" + m + "/threads/" + t }

// MessageURL is the page that begins with a message.
func MessageURL(member, thread string, seq int) string {
	return threadURL(member, thread) + "/messages?after=" + strconv.Itoa(seq-1)
}

// Precondition reads If-Match and If-None-Match (A3). A tag that is no version
// of ours matches nothing.
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

// each shapes the items of a list, which is never null.
func each[T, S any](items []T, shape func(T) S) []S {
	all := slices.Grow([]S{}, len(items))
	for _, item := range items {
		all = append(all, shape(item))
	}
	return all
}

// Nothing is the input of a call that takes none, and the body of an answer
// that says no more than its status.
type Nothing struct{}

// MemberRef names a member.
type MemberRef struct {
	MemberID string `path:"memberId" json:"-"`
}
