package login

import (
	"cmp"
	"slices"
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
	Wrong        []string // hashes of the wrong birth dates that were tried with it
	Version      int      // 0 until one was
}

// maxWrong is how many wrong birth dates end a link (S3).
const maxWrong = 5

// ended reports whether the link opens nothing any more.
func (l Link) ended(now time.Time) bool { return !now.Before(l.ExpiresAt) || len(l.Wrong) >= maxWrong }

// fail returns the link with one more wrong birth date.
func (l Link) fail(guess string) Link {
	l.Wrong = append(slices.Clone(l.Wrong), guess)
	l.Version++
	return l
}

// admits reports whether the link may log a member in, as they are now.
func (l Link) admits(p chat.Profile) bool {
	return p.Active && slices.Contains(l.Members, LinkMember{p.ID, p.Epoch})
}

// memberIDs returns the ids of everybody whom the link names.
func (l Link) memberIDs() []string {
	var all []string
	for _, m := range l.Members {
		all = append(all, m.ID)
	}
	return all
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

// hashGuess returns what is kept of a wrong birth date. Without the token, which is
// kept nowhere, it does not say the date.
func hashGuess(token, birthDate string) string { return auth.Hash("guess", token+birthDate) }

func newLink(organization string, members []LinkMember, landing Landing, expires time.Time) (Link, string) {
	token := auth.NewSecret(linkBytes)
	return Link{Hash: hashToken(token), Organization: organization, Members: members, Landing: landing, ExpiresAt: expires}, token
}

// linkURL returns a URL with the token in its fragment, which browsers send to no
// server (S2). The base may end in a slash; the path of the URL does.
func linkURL(base, token string) string { return strings.TrimSuffix(base, "/") + "/#/l/" + token }
