package login

import (
	"cmp"
	"strings"
	"time"

	"carechat/shared/auth"
	"carechat/shared/chat"
)

// Link is what a URL in a text or an email refers to. It says whom it may log in,
// of whom the birth date picks one; it opens nothing by itself (S2).
type Link struct {
	Hash         string // of the token
	Organization string
	Members      []LinkMember
	Landing      Landing
	ExpiresAt    time.Time
}

// LinkMember is a member whom a link may log in, at the epoch that their profile
// had when the link was made: once the epoch is another, the link is void.
type LinkMember struct {
	ID    string
	Epoch int
}

// Landing is where a link leads: a thread, a request or home.
type Landing struct{ Kind, ID string }

// Home is where a link leads that was asked for.
var Home = Landing{Kind: "home"}

// Mint makes a link for members of an organization. It returns the row and the URL
// with the token, which is stored nowhere. The URL leads to the organization's own
// pages or, if it has none, to those at publicURL.
func Mint(o chat.Organization, publicURL string, members []chat.Profile, landing Landing, now time.Time) (Link, string) {
	var named []LinkMember
	for _, p := range members {
		named = append(named, LinkMember{p.ID, p.Epoch})
	}
	link, token := newLink(o.ID, named, landing, now.Add(time.Duration(cmp.Or(o.LinkHours, 24))*time.Hour))
	return link, linkURL(cmp.Or(o.LinkURL, publicURL), token)
}

const linkBytes = 20 // 27 characters (S2)

func hashToken(token string) string { return auth.Hash("link", token) }

func newLink(organization string, members []LinkMember, landing Landing, expires time.Time) (Link, string) {
	token := auth.NewSecret(linkBytes)
	return Link{hashToken(token), organization, members, landing, expires}, token
}

// linkURL returns a URL with the token in its fragment, which browsers send to no
// server (S2). The base may end in a slash; the path of the URL does.
func linkURL(base, token string) string { return strings.TrimSuffix(base, "/") + "/#/l/" + token }
