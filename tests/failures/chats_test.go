package failures

import (
	"time"

	"carechat/shared/api"
	"carechat/shared/chat"
	"carechat/tests/support/town"
)

// body is the body of a call.
type body = map[string]any

// useCase is one call that writes, with its set-up and what shows its effect.
type useCase struct {
	name string
	// saves is the store's method; "a+b" are two.
	saves string
	// writes are the calls to DynamoDB of a run without failures: the operation and
	// the kinds of its rows.
	writes []string
	setUp  func(*trial)
	call   func(*trial) answer
	// state describes the effect, in the same words whenever it has happened once.
	state func(*trial) string
	// repeatStatus is the status of the same call once more, if it is another one.
	repeatStatus int
	// sentWrite is the write that records what was sent; if it fails, that may be
	// sent again, once.
	sentWrite string
	// optionalWrite is a write that is given up if it keeps failing: what it says is
	// found out again the next time.
	optionalWrite string
	// notRepeatable says that the same call has another effect each time.
	notRepeatable bool
	// contended says that other trials write one of its rows too, so that it retries.
	contended bool
	// outlasts says that a throttle or a conflict is also tried until the function
	// gives up.
	outlasts bool
}

// useCases returns all of them. TestEveryWriteHasAUseCase says which is missing.
func useCases() []useCase {
	return append(append(chatCases(), enrollmentCases()...), append(directoryCases(), append(logInCases(), append(directCases(), noticeCases()...)...)...)...)
}

func (s *trial) path() string       { return "/v1/members/" + s.id }
func (s *trial) enrollment() string { return s.path() + "/enrollments/diabetes" }

// profile returns the PUT of a member with a phone, who logs in with an access token.
func (s *trial) profile(changes ...func(*chat.Profile)) any {
	return api.NewMember(town.Profile(s.id, append([]func(*chat.Profile){
		town.Phone(s.phone), town.Subject(shared.IssuerURL+"/harbor", s.id),
	}, changes...)...))
}

func (s *trial) putMember() { s.platform().Want(201, "PUT", s.path(), s.profile()) }

func (s *trial) enroll() {
	s.putMember()
	s.platform().Want(201, "PUT", s.enrollment(), body{"state": "active", "careManagerId": town.Rivera})
}

func (s *trial) submit(c caller) answer {
	a := c.Call("POST", "/v1/members/me/chat-requests", town.RequestBody(town.Program), "Idempotency-Key", "submit-"+s.id)
	if a.Status == 201 {
		s.request = a.Text("url")
	}
	return a
}

func (s *trial) withRequest() {
	s.enroll()
	s.submit(s.member())
}

// withLateRequest makes a request that is late, of a colleague's.
func (s *trial) withLateRequest() {
	s.putMember()
	s.platform().Want(201, "PUT", s.enrollment(), body{"state": "active", "careManagerId": town.Chen})
	s.submit(s.member())
	chats, err := direct.MemberChats(s.t.Context(), s.key())
	if err != nil {
		s.t.Fatal(err)
	}
	late := chats.Requests[0]
	late.DueAt = time.Now().Add(-time.Hour)
	late.History = append(late.History, chat.Entry{At: late.DueAt, Action: chat.Assigned, By: chat.Platform})
	late.Version++
	if err := direct.UpdateRequest(s.t.Context(), late); err != nil {
		s.t.Fatal(err)
	}
}

func (s *trial) start() answer {
	a := s.rivera().Call("POST", s.path()+"/threads", town.FirstMessageBody(town.Program, "start-"+s.id, "Hello Dana"))
	if a.Status == 201 {
		s.thread = a.Text("thread.url")
	}
	return a
}

func (s *trial) withThread() {
	s.enroll()
	s.start()
}

// withConversation makes an open request and a thread with two unread messages.
func (s *trial) withConversation() {
	s.withRequest()
	s.start()
	s.send(s.member(), "reply-")
}

func (s *trial) send(c caller, key string) answer {
	return c.Call("POST", s.thread+"/messages", town.MessageBody(key+s.id, "How are you?"))
}

// chats describes what both sides see: requests, unread counts, messages with their
// seqs, both cursors, and the owners.
func (s *trial) chats() string {
	mine, theirs := []string{s.path() + "/chats"}, ""
	if s.request != "" {
		mine = append(mine, s.request)
	}
	if s.thread != "" {
		mine = append(mine, s.thread+"/messages?after=0")
		theirs = s.rivera().show(s.thread + "/messages?after=0")
	}
	return s.member().show(mine...) + theirs + s.platform().show(s.enrollment())
}

func chatCases() []useCase {
	all := []useCase{
		{
			name: "submit a request", saves: "CreateRequest", writes: []string{"TransactWriteItems: ENROLLMENT OPEN KEY"},
			setUp: (*trial).enroll,
			call:  func(s *trial) answer { return s.submit(s.member()) },
		},
		{
			name: "change the reason", saves: "UpdateRequest", writes: []string{"UpdateItem: OPEN"}, setUp: (*trial).withRequest,
			call: func(s *trial) answer { return s.member().Call("PATCH", s.request, body{"reasonId": "medication"}) },
		},
		{
			name: "cancel", saves: "EndRequest", writes: []string{"TransactWriteItems: OPEN REQUEST ENDED"}, setUp: (*trial).withRequest,
			call: func(s *trial) answer { return s.member().Call("POST", s.request+"/cancel", nil) },
		},
		{
			name: "close", saves: "EndRequest", writes: []string{"TransactWriteItems: OPEN REQUEST ENDED"}, setUp: (*trial).withRequest,
			call: func(s *trial) answer {
				return s.rivera().Call("POST", s.request+"/close", body{"outcome": "called", "note": "Feeling well."})
			},
		},
		{
			name: "write the first message", saves: "StartThread", writes: []string{"TransactWriteItems: MESSAGE SENT THREAD ENROLLMENT"},
			setUp: (*trial).enroll, call: (*trial).start,
		},
		{
			name: "write while it is late", saves: "ClaimWithMessage", writes: []string{"TransactWriteItems: MESSAGE SENT ENROLLMENT OPEN THREAD"},
			setUp: (*trial).withLateRequest, call: (*trial).start,
		},
	}
	all = append(all, sideCases("the member", (*trial).member)...)
	all = append(all, sideCases("the care manager", (*trial).rivera)...)
	for i := range all {
		all[i].state, all[i].outlasts = (*trial).chats, true
	}
	return all
}

// sideCases returns what either side of a thread does.
func sideCases(who string, by func(*trial) caller) []useCase {
	return []useCase{
		{
			name: "send by " + who, saves: "AddMessage", writes: []string{"TransactWriteItems: MESSAGE SENT THREAD"}, setUp: (*trial).withThread,
			call: func(s *trial) answer { return s.send(by(s), "client-") },
		},
		{
			name: "mark read by " + who, saves: "SaveRead", writes: []string{"UpdateItem: THREAD"}, setUp: (*trial).withConversation,
			call: func(s *trial) answer { return by(s).Call("PUT", s.thread+"/read", body{"seq": 2}) },
		},
	}
}

func enrollmentCases() []useCase {
	put := func(b body) func(*trial) answer {
		return func(s *trial) answer { return s.platform().Call("PUT", s.enrollment(), b) }
	}
	closed := body{"state": "closed", "careManagerId": town.Rivera}
	return []useCase{
		{
			name: "enroll", saves: "SaveEnrolled", writes: []string{"PutItem: ENROLLMENT"}, state: (*trial).chats, repeatStatus: 200,
			setUp: (*trial).putMember,
			call:  put(body{"state": "active", "careManagerId": town.Rivera}),
		},
		{
			name: "hand over", saves: "SaveEnrolled", writes: []string{"TransactWriteItems: ENROLLMENT OPEN THREAD"}, state: (*trial).chats,
			setUp: (*trial).withConversation, outlasts: true,
			call: put(body{"state": "active", "careManagerId": town.Chen}),
		},
		{
			name: "assign", saves: "SaveEnrolled", writes: []string{"TransactWriteItems: ENROLLMENT OPEN THREAD"}, state: (*trial).chats,
			setUp: (*trial).withConversation, outlasts: true,
			call: func(s *trial) answer {
				return s.platform().Call("POST", s.enrollment()+"/assign", body{"careManagerId": town.Chen})
			},
		},
		{
			name: "claim", saves: "SaveEnrolled", writes: []string{"TransactWriteItems: ENROLLMENT OPEN THREAD"}, state: (*trial).chats,
			setUp: func(s *trial) {
				s.withConversation()
				s.platform().Want(200, "POST", s.enrollment()+"/assign", body{"departmentId": town.Department})
			},
			outlasts: true,
			call:     func(s *trial) answer { return s.rivera().Call("POST", s.enrollment()+"/claim", nil) },
		},
		{
			name: "close an enrollment", saves: "SaveEnrolled", writes: []string{"TransactWriteItems: ENROLLMENT OPEN REQUEST ENDED THREAD"},
			setUp: (*trial).withConversation, call: put(closed), state: (*trial).chats,
		},
		{
			name: "open an enrollment again", saves: "SaveEnrolled", writes: []string{"TransactWriteItems: ENROLLMENT THREAD"},
			setUp: func(s *trial) {
				s.withThread()
				s.platform().Want(200, "PUT", s.enrollment(), closed)
			},
			call: put(body{"state": "active", "careManagerId": town.Rivera}), state: (*trial).chats,
		},
	}
}
