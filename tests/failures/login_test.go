package failures

import (
	"fmt"
	"time"

	"carechat/shared/auth"
)

func logInCases() []useCase {
	return []useCase{
		{
			name: "ask for a link", saves: "SaveOwedLink", writes: []string{"PutItem: ASKED"},
			begin: func(s *scene) { s.platform().Want(201, "PUT", s.path(), s.person()) },
			act:   func(s *scene) answer { return s.anybody().Call("POST", "/v1/links", body{"contact": s.phone}) },
			look:  (*scene).oneLink, patient: true,
		},
		{
			name: "log in", saves: "SaveLimits+BeginSession",
			writes: []string{"PutItem: LIMITS", "TransactWriteItems: SESSION PROFILE LIMITS"},
			begin:  (*scene).receive, act: (*scene).logIn, look: (*scene).entered, once: true, patient: true,
		},
		{
			name: "use a session", saves: "UseSession", writes: []string{"UpdateItem: SESSION"},
			begin: (*scene).idle,
			act:   func(s *scene) answer { return s.as(s.session).Call("GET", "/v1/me", nil) },
			look:  (*scene).used,
		},
		{
			name: "take a member's phone away", saves: "SaveMember", writes: []string{"TransactWriteItems: PROFILE CONTACT SESSION"},
			begin: (*scene).enter,
			act:   func(s *scene) answer { return s.platform().Call("PUT", s.path(), without(s.person(), "phone")) },
			look:  func(s *scene) string { return s.as(s.session).see("/v1/me") + s.platform().see(s.path()) },
		},
		{
			name: "log out", saves: "EndSession", writes: []string{"DeleteItem: SESSION"},
			begin: (*scene).enter,
			act:   func(s *scene) answer { return s.as(s.session).Call("DELETE", "/v1/sessions/current", nil) },
			look:  func(s *scene) string { return s.as(s.session).see("/v1/me") }, again: 401,
		},
	}
}

// receive makes a member and gives them a link.
func (s *scene) receive() {
	s.t.Helper()
	s.platform().Want(201, "PUT", s.path(), s.person())
	s.anybody().Want(202, "POST", "/v1/links", body{"contact": s.phone})
	links := s.links()
	if len(links) != 1 {
		s.t.Fatalf("%d links were sent", len(links))
	}
	s.link = links[0]
}

func (s *scene) tryLogIn(birthDate string) answer {
	return s.anybody().Call("POST", "/v1/sessions", body{"link": s.link, "birthDate": birthDate})
}

func (s *scene) logIn() answer {
	a := s.tryLogIn("1961-05-06")
	if a.Status == 201 {
		s.session = a.Text("token")
	}
	return a
}

// enter logs in.
func (s *scene) enter() {
	s.receive()
	s.logIn()
}

// idle logs in and comes back ten minutes later: the next call notes that it was used.
func (s *scene) idle() {
	s.enter()
	for _, each := range s.sessions() {
		each.UsedAt = each.UsedAt.Add(-10 * time.Minute)
		if err := direct.UseSession(s.t.Context(), each); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *scene) sessions() []auth.Session {
	s.t.Helper()
	all, err := direct.Sessions(s.t.Context(), s.key())
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

// oneLink says how many links the phone is sent.
func (s *scene) oneLink() string { return fmt.Sprint(len(s.links()), " link") }

// entered says who is in, and that no try is left over in the count of wrong
// birth dates: four more do not lock (S3). An answer that was lost after its
// session was made leaves that session behind, whose token nobody has.
func (s *scene) entered() string {
	made := len(s.sessions())
	if made < 1 || made > 1+s.lost {
		s.t.Errorf("%d sessions, after %d lost answers", made, s.lost)
	}
	var wrong []int
	for range 4 {
		wrong = append(wrong, s.tryLogIn("1961-05-07").Status)
	}
	return fmt.Sprint(s.as(s.session).see("/v1/me"), wrong)
}

// used says whether the session's use was noted.
func (s *scene) used() string {
	all := s.sessions()
	return fmt.Sprint(len(all), " session, used by now: ", time.Since(all[0].UsedAt) < 5*time.Minute)
}
