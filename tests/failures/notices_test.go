package failures

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"carechat/local/lambda"
	"carechat/shared/chat"
	"carechat/tests/support/apiclient"
)

// noticeCases are how a member wants to be told, and being told.
func noticeCases() []useCase {
	prefer := func(s *scene) string { return s.member().see("/v1/members/me/preferences") }
	pause := func(paused bool) func(*scene) answer {
		return func(s *scene) answer { return s.member().Call("PUT", s.enrollment()+"/pause", body{"paused": paused}) }
	}
	return []useCase{
		{
			name: "choose channels", saves: "SavePreferences", writes: []string{"UpdateItem: PREFERENCES"}, begin: (*scene).enroll, look: prefer,
			act: func(s *scene) answer {
				return s.member().Call("PUT", "/v1/members/me/preferences", body{"channels": []string{}})
			},
		},
		{
			name: "pause", saves: "SaveEnrolled", writes: []string{"UpdateItem: ENROLLMENT"}, begin: (*scene).converse, act: pause(true),
			look: (*scene).chats,
		},
		{
			name: "end a pause", saves: "SaveEnrolled", writes: []string{"TransactWriteItems: ENROLLMENT THREAD"}, look: (*scene).chats,
			begin: func(s *scene) { s.converse(); pause(true)(s) }, act: pause(false),
		},
		{
			name: "send a member a link", saves: "SaveOwedLink", writes: []string{"PutItem: ASKED"}, begin: (*scene).enroll,
			act: func(s *scene) answer { return s.rivera().Call("POST", s.path()+"/links", nil) }, look: (*scene).oneLink,
		},
		{
			name: "tell of a message", saves: "SaveClaim+SaveOutcome", told: "NOTICE_STATE NOTICE THREAD",
			writes: []string{"TransactWriteItems: NOTICE_STATE LINK", "TransactWriteItems: NOTICE_STATE NOTICE THREAD"},
			begin:  (*scene).greet, act: (*scene).tell, look: (*scene).wasTold,
		},
		{
			name: "be refused by the carrier", saves: "SavePhoneState+SaveClaim+SaveOutcome", relearned: "STATUS",
			writes: []string{"TransactWriteItems: NOTICE_STATE LINK", "PutItem: STATUS", "TransactWriteItems: NOTICE_STATE NOTICE THREAD"},
			begin: func(s *scene) {
				s.greet()
				apiclient.Client{T: s.t, API: shared.InboxURL}.Call("PUT", "/opted-out/"+s.phone, nil)
			},
			act: (*scene).tell, look: func(s *scene) string { return s.wasTold() + prefer(s) },
		},
		{
			name: "tell of nothing", saves: "SaveOutcome", writes: []string{"TransactWriteItems: NOTICE THREAD"},
			begin: func(s *scene) {
				s.greet()
				s.member().Want(200, "PUT", s.thread+"/read", body{"seq": 1})
			},
			act: (*scene).tell, look: (*scene).wasTold,
		},
		{
			name: "follow an address", saves: "SaveMailbox+SaveTopics", contended: true,
			writes: []string{"TransactWriteItems: COUNT EMAIL", "UpdateItem: EMAIL", "TransactWriteItems: COUNT EMAIL"},
			begin:  (*scene).moveAddress, act: (*scene).keepMailbox, look: (*scene).followed,
		},
		{
			name: "hear STOP", saves: "SavePhoneState", writes: []string{"PutItem: STATUS"}, begin: (*scene).enroll, look: prefer,
			act: func(s *scene) answer { return s.textBack("STOP") },
		},
		{
			name: "hear START", saves: "SavePhoneState", writes: []string{"UpdateItem: STATUS"}, look: prefer,
			begin: func(s *scene) { s.enroll(); s.textBack("STOP") }, act: func(s *scene) answer { return s.textBack("START") },
		},
	}
}

func (s *scene) row() string { return "ORG#harbor#MEMBER#" + s.id }

// tell is notify's work for the thread.
func (s *scene) tell() answer {
	return s.notify(s.row(), "CHAT#THREAD#"+s.thread[strings.LastIndex(s.thread, "/")+1:])
}

// wasTold lets the leases of lost tries run out, until nothing is due, and says
// what the member was told and what the why-log knows of it.
func (s *scene) wasTold() string {
	s.t.Helper()
	for {
		m, err := direct.Member(s.t.Context(), s.key())
		if err != nil {
			s.t.Fatal(err)
		}
		if !m.State.Owed() {
			break
		}
		m.State.DueAt = time.Now().Add(-time.Second)
		m.State.Version++
		if err := direct.SaveClaim(s.t.Context(), m.State); err != nil {
			s.t.Fatal(err)
		}
		s.tell()
	}
	var log []string
	items, _ := s.platform().Want(200, "GET", s.path()+"/notices", nil).At("items").([]any)
	for _, each := range items {
		n := apiclient.Answer{Body: each.(body)}
		log = append(log, n.Text("channel")+" "+n.Text("decision")+" "+n.Text("rule"))
	}
	return fmt.Sprintln(s.once(), log)
}

// moveAddress has a mailbox at the transport, and then another address.
func (s *scene) moveAddress() {
	s.t.Helper()
	s.platform().Want(201, "PUT", s.path(), with(s.person(), "email", s.id+"@old.example.org"))
	if a := s.keepMailbox(); a.Status != http.StatusOK {
		s.t.Fatal("no mailbox")
	}
	s.platform().Want(200, "PUT", s.path(), with(s.person(), "email", s.id+"@example.org"))
}

func (s *scene) keepMailbox() answer { return s.notify(s.row(), "EMAIL") }

// followed lets the leases of lost tries run out, until nothing is due, and says
// how the mailbox stands. That each topic is counted is the invariants' business.
func (s *scene) followed() string {
	s.t.Helper()
	for {
		b, err := direct.Mailbox(s.t.Context(), s.key())
		if err != nil {
			s.t.Fatal(err)
		}
		if b.DueAt.IsZero() || !s.acted {
			return s.plain(fmt.Sprint(b.Address, b.Topic != "", len(b.Old), b.Status))
		}
		b.DueAt = time.Now().Add(-time.Second)
		b.Version++
		if err := direct.SaveMailbox(s.t.Context(), b); err != nil {
			s.t.Fatal(err)
		}
		s.keepMailbox()
	}
}

// textBack is a text from the scene's phone.
func (s *scene) textBack(words string) answer {
	s.t.Helper()
	message := apiclient.JSON(body{"originationNumber": s.phone, "messageBody": words, "inboundMessageId": words + "-" + s.id})
	_, err := shared.Invoke(s.t.Context(), "keyword", []byte(apiclient.JSON(body{"Records": []body{{
		"EventSource": "aws:sns", "Sns": body{"MessageId": s.id, "Message": message, "Timestamp": chat.Clock().Format(time.RFC3339Nano)},
	}}})))
	a := told(http.StatusOK, nil)
	var failed *lambda.FunctionError
	switch {
	case errors.As(err, &failed):
		a.Status = http.StatusServiceUnavailable // SNS calls again
	case err != nil:
		s.t.Fatal(err)
	}
	return a
}
