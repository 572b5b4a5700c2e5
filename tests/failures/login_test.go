package failures

import (
	"fmt"
	"time"

	"carechat/shared/auth"
	"carechat/tests/support/town"
)

func logInCases() []useCase {
	return []useCase{
		{
			name: "ask for a link", saves: "SaveOwedLink", writes: []string{"PutItem: ASKED"},
			setUp: (*trial).putMember,
			call:  func(s *trial) answer { return s.anybody().Call("POST", "/v1/links", body{"contact": s.phone}) },
			state: (*trial).oneLink, outlasts: true,
		},
		{
			name: "log in", saves: "BeginSession",
			writes: []string{"TransactWriteItems: SESSION PROFILE LINK LIMITS"},
			setUp:  (*trial).withLink, call: (*trial).logIn, state: (*trial).logInState, notRepeatable: true, outlasts: true,
		},
		{
			name: "guess a birth date", saves: "SaveGuess", writes: []string{"TransactWriteItems: LINK LIMITS"},
			setUp: (*trial).withLink, call: func(s *trial) answer { return s.tryLogIn("1961-05-07") }, state: (*trial).guessesCounted,
		},
		{
			name: "use a session", saves: "UseSession", writes: []string{"UpdateItem: SESSION"},
			setUp: (*trial).withIdleSession,
			call:  func(s *trial) answer { return s.as(s.session).Call("GET", "/v1/members/me/unread", nil) },
			state: (*trial).sessionUse,
		},
		{
			name: "get a key for drafts", saves: "SaveDraftKey", writes: []string{"UpdateItem: PROFILE"},
			setUp: (*trial).withSession,
			call:  func(s *trial) answer { return s.as(s.session).Call("GET", "/v1/me", nil) },
			state: (*trial).hasDraftKey,
		},
		{
			name: "take a member's phone away", saves: "SaveMember", writes: []string{"TransactWriteItems: PROFILE CONTACT SESSION"},
			setUp: (*trial).withSession,
			call:  func(s *trial) answer { return s.platform().Call("PUT", s.path(), s.profile(town.Phone(""))) },
			state: func(s *trial) string { return s.as(s.session).show("/v1/me") + s.platform().show(s.path()) },
		},
		{
			name: "log out", saves: "EndSession", writes: []string{"DeleteItem: SESSION"},
			setUp: (*trial).withSession,
			call:  func(s *trial) answer { return s.as(s.session).Call("DELETE", "/v1/sessions/current", nil) },
			state: func(s *trial) string { return s.as(s.session).show("/v1/me") }, repeatStatus: 401,
		},
	}
}

// hasDraftKey says whether the member has a key for drafts.
func (s *trial) hasDraftKey() string {
	s.t.Helper()
	key, err := direct.DraftKey(s.t.Context(), town.Member(s.id))
	return fmt.Sprint(key != "", err)
}

// withLink makes a member and sends them a link.
func (s *trial) withLink() {
	s.t.Helper()
	s.putMember()
	s.anybody().Want(202, "POST", "/v1/links", body{"contact": s.phone})
	links := s.links()
	if len(links) != 1 {
		s.t.Fatalf("%d links were sent", len(links))
	}
	s.link = links[0]
}

func (s *trial) tryLogIn(birthDate string) answer {
	return s.anybody().Call("POST", "/v1/sessions", body{"link": s.link, "birthDate": birthDate})
}

func (s *trial) logIn() answer {
	a := s.tryLogIn(town.BirthDate)
	if a.Status == 201 {
		s.session = a.Text("token")
	}
	return a
}

// guessesCounted says how many wrong birth dates are counted.
func (s *trial) guessesCounted() string {
	limits, err := direct.Limits(s.t.Context(), s.key())
	if err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprint(limits[0].Failures, " counted")
}

// withSession makes a member who is logged in.
func (s *trial) withSession() {
	s.withLink()
	s.logIn()
}

// withIdleSession makes a session that was last used ten minutes ago: its next use is saved.
func (s *trial) withIdleSession() {
	s.withSession()
	for _, each := range s.sessions() {
		each.UsedAt = each.UsedAt.Add(-10 * time.Minute)
		if err := direct.UseSession(s.t.Context(), each); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *trial) sessions() []auth.Session {
	s.t.Helper()
	all, err := direct.Sessions(s.t.Context(), s.key())
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

// oneLink says how many links the phone gets.
func (s *trial) oneLink() string { return fmt.Sprint(len(s.links()), " link") }

// logInState says who is logged in, and that four more wrong birth dates do not lock
// (S3), so that none is left over in their count. An answer that was lost after its
// session was made leaves that session behind, whose token nobody has.
func (s *trial) logInState() string {
	made := len(s.sessions())
	if made < 1 || made > 1+s.lost {
		s.t.Errorf("%d sessions, after %d lost answers", made, s.lost)
	}
	var wrong []int
	for range 4 {
		wrong = append(wrong, s.tryLogIn("1961-05-07").Status)
	}
	return fmt.Sprint(s.as(s.session).show("/v1/me"), wrong)
}

// sessionUse says whether the session's use was saved.
func (s *trial) sessionUse() string {
	all := s.sessions()
	return fmt.Sprint(len(all), " session, used by now: ", time.Since(all[0].UsedAt) < 5*time.Minute)
}
