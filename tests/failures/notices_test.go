package failures

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"carechat/local/lambda"
	"carechat/local/stream"
	"carechat/shared/chat"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/town"
)

// noticeCases returns preferences, and the sending of notices.
func noticeCases() []useCase {
	prefer := func(s *trial) string { return s.member().show("/v1/members/me/preferences") }
	pause := func(paused bool) func(*trial) answer {
		return func(s *trial) answer { return s.member().Call("PUT", s.enrollment()+"/pause", body{"paused": paused}) }
	}
	return []useCase{
		{
			name: "choose channels", saves: "SavePreferences", writes: []string{"UpdateItem: PREFERENCES"}, setUp: (*trial).enroll, state: prefer,
			call: func(s *trial) answer {
				return s.member().Call("PUT", "/v1/members/me/preferences", body{"channels": []string{}})
			},
		},
		{
			name: "pause", saves: "SaveEnrolled", writes: []string{"UpdateItem: ENROLLMENT"}, setUp: (*trial).withConversation, call: pause(true),
			state: (*trial).chats,
		},
		{
			name: "end a pause", saves: "SaveEnrolled", writes: []string{"TransactWriteItems: ENROLLMENT THREAD"}, state: (*trial).chats,
			setUp: func(s *trial) { s.withConversation(); pause(true)(s) }, call: pause(false),
		},
		{
			name: "send a member a link", saves: "SaveUnlock+SaveOwedLink", writes: []string{"PutItem: LIMITS", "PutItem: ASKED"}, setUp: (*trial).enroll,
			call: func(s *trial) answer { return s.rivera().Call("POST", s.path()+"/links", nil) }, state: (*trial).oneLink,
		},
		{
			name: "notify of a message", saves: "SaveClaim+SaveOutcome", sentWrite: "NOTICE_STATE NOTICE THREAD",
			writes: []string{"TransactWriteItems: NOTICE_STATE LINK", "TransactWriteItems: NOTICE_STATE NOTICE THREAD"},
			setUp:  (*trial).withThread, call: (*trial).notifyOfThread, state: (*trial).notificationState,
		},
		{
			name: "be refused by the carrier", saves: "SavePhoneState+SaveClaim+SaveOutcome", optionalWrite: "STATUS",
			writes: []string{"TransactWriteItems: NOTICE_STATE LINK", "PutItem: STATUS", "TransactWriteItems: NOTICE_STATE NOTICE THREAD"},
			setUp: func(s *trial) {
				s.withThread()
				apiclient.Client{T: s.t, API: shared.InboxURL}.Call("PUT", "/opted-out/"+s.phone, nil)
			},
			call: (*trial).notifyOfThread, state: func(s *trial) string { return s.notificationState() + prefer(s) },
		},
		{
			name: "notify of nothing", saves: "SaveOutcome", writes: []string{"TransactWriteItems: NOTICE THREAD"},
			setUp: func(s *trial) {
				s.withThread()
				s.member().Want(200, "PUT", s.thread+"/read", body{"seq": 1})
			},
			call: (*trial).notifyOfThread, state: (*trial).notificationState,
		},
		{
			name: "follow an address", saves: "SaveMailbox+SaveTopics", contended: true,
			writes: []string{"TransactWriteItems: COUNT EMAIL", "UpdateItem: EMAIL", "TransactWriteItems: COUNT EMAIL"},
			setUp:  (*trial).withChangedAddress, call: (*trial).keepMailbox, state: (*trial).mailboxState,
		},
		{
			name: "handle STOP", saves: "SavePhoneState", writes: []string{"PutItem: STATUS"}, setUp: (*trial).enroll, state: prefer,
			call: func(s *trial) answer { return s.textBack("STOP") },
		},
		{
			name: "handle START", saves: "SavePhoneState", writes: []string{"UpdateItem: STATUS"}, state: prefer,
			setUp: func(s *trial) { s.enroll(); s.textBack("STOP") }, call: func(s *trial) answer { return s.textBack("START") },
		},
	}
}

func (s *trial) row() string { return "ORG#harbor#MEMBER#" + s.id }

// notifyOfThread calls notify as the stream does for the thread's row.
func (s *trial) notifyOfThread() answer {
	return s.notify(s.row(), "CHAT#THREAD#"+s.thread[strings.LastIndex(s.thread, "/")+1:])
}

// notificationState ends the leases of lost attempts until nothing is due, and
// describes the texts sent and the why-log.
func (s *trial) notificationState() string {
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
		s.notifyOfThread()
	}
	return fmt.Sprintln(s.textCount(), town.WhyLog(s.platform().Client, s.id))
}

// withChangedAddress makes a member with a mailbox and then changes the address.
func (s *trial) withChangedAddress() {
	s.t.Helper()
	s.platform().Want(201, "PUT", s.path(), s.profile(town.Email(s.id+"@old.example.org")))
	if a := s.keepMailbox(); a.Status != http.StatusOK {
		s.t.Fatal("no mailbox")
	}
	s.platform().Want(200, "PUT", s.path(), s.profile(town.Email(s.id+"@example.org")))
}

// keepMailbox makes the schedule's call, which finds the trial's mailbox alone. It
// answers 503 if the function fails.
func (s *trial) keepMailbox() (a answer) {
	s.t.Helper()
	endpoint.sweep(s.row(), func() {
		_, err := shared.Invoke(s.t.Context(), "notify", stream.ScheduleEvent(time.Now()))
		a = answer{Status: http.StatusOK, Header: retryHeader}
		if failed := new(lambda.FunctionError); errors.As(err, &failed) {
			a.Status = http.StatusServiceUnavailable
		} else if err != nil {
			s.t.Fatal(err)
		}
	})
	return a
}

func (s *trial) mailbox() chat.Mailbox {
	s.t.Helper()
	b, err := direct.Mailbox(s.t.Context(), s.key())
	if err != nil {
		s.t.Fatal(err)
	}
	return b
}

// mailboxState ends the leases of lost attempts until nothing is due, and describes
// the mailbox. That each topic is counted is checked by the invariants.
func (s *trial) mailboxState() string {
	s.t.Helper()
	for {
		b := s.mailbox()
		if b.DueAt.IsZero() || !s.acted {
			return s.anonymize(fmt.Sprint(b.Address, b.Topic != "", len(b.Old), b.Status))
		}
		b.DueAt = time.Now().Add(-time.Second)
		b.Version++
		if err := direct.SaveMailbox(s.t.Context(), b); err != nil {
			s.t.Fatal(err)
		}
		s.keepMailbox()
	}
}

// textBack sends a text from the trial's phone.
func (s *trial) textBack(words string) answer {
	s.t.Helper()
	message := apiclient.JSON(body{"originationNumber": s.phone, "messageBody": words, "inboundMessageId": words + "-" + s.id})
	_, err := shared.Invoke(s.t.Context(), "keyword", []byte(apiclient.JSON(body{"Records": []body{{
		"EventSource": "aws:sns", "Sns": body{"MessageId": s.id, "Message": message, "Timestamp": chat.Clock().Format(time.RFC3339Nano)},
	}}})))
	a := answer{Status: http.StatusOK, Header: retryHeader}
	var failed *lambda.FunctionError
	switch {
	case errors.As(err, &failed):
		a.Status = http.StatusServiceUnavailable // SNS retries
	case err != nil:
		s.t.Fatal(err)
	}
	return a
}
