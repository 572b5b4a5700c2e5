package failures

// body is what a call sends.
type body = map[string]any

// useCase is one call that writes, with what comes before it and what shows its effect.
type useCase struct {
	name string
	// saves is the store's method; "a+b" are two.
	saves string
	// writes are the calls to DynamoDB of a clean run: the operation and the kinds of its rows.
	writes []string
	begin  func(*scene)
	act    func(*scene) answer
	// look says how things stand, in the same words whenever the effect is there once.
	look func(*scene) string
	// again is the status of the same call once more, where it is another one.
	again int
	// told is the write that says what was sent; without it that may be sent again, once.
	told string
	// relearned is a write that is given up when it goes on failing: what it
	// says is found out again the next time.
	relearned string
	// once says that the same call has another effect each time.
	once bool
	// contended: other scenes write one of its rows too, so that it tries again.
	contended bool
	// patient: a throttle or a conflict outlasts the function's patience here, too.
	patient bool
}

// useCases are all of them. TestEveryWriteHasAUseCase says what a new one lacks.
func useCases() []useCase {
	return append(append(chatCases(), enrollmentCases()...), append(directoryCases(), append(logInCases(), append(directCases(), noticeCases()...)...)...)...)
}

func (s *scene) path() string       { return "/v1/members/" + s.id }
func (s *scene) enrollment() string { return s.path() + "/enrollments/diabetes" }

// person is a member with a phone, whose app has a log-in of its own.
func (s *scene) person() body {
	return body{
		"displayName": "Dana Test", "birthDate": "1961-05-06", "language": "en", "timeZone": "America/New_York", "active": true,
		"phone": s.phone, "subjects": []body{{"issuer": shared.IssuerURL + "/harbor", "subject": s.id}},
	}
}

func (s *scene) enroll() {
	s.platform().Want(201, "PUT", s.path(), s.person())
	s.platform().Want(201, "PUT", s.enrollment(), body{"state": "active", "careManagerId": "cm-rivera"})
}

func (s *scene) submit(c caller) answer {
	a := c.Call("POST", "/v1/members/me/chat-requests", body{
		"programId": "diabetes", "reasonId": "symptoms", "comment": "My feet tingle.",
	}, "Idempotency-Key", "submit-"+s.id)
	if a.Status == 201 {
		s.request = a.Text("url")
	}
	return a
}

func (s *scene) ask() {
	s.enroll()
	s.submit(s.member())
}

func (s *scene) start() answer {
	a := s.rivera().Call("POST", s.path()+"/threads", body{
		"programId": "diabetes", "clientMessageId": "start-" + s.id, "text": "Hello Dana",
	})
	if a.Status == 201 {
		s.thread = a.Text("thread.url")
	}
	return a
}

func (s *scene) greet() {
	s.enroll()
	s.start()
}

// converse has an open request and a thread with two messages, none of them read.
func (s *scene) converse() {
	s.ask()
	s.start()
	s.send(s.member(), "reply-")
}

func (s *scene) send(c caller, key string) answer {
	return c.Call("POST", s.thread+"/messages", body{"clientMessageId": key + s.id, "text": "How are you?"})
}

// chats is what both sides see: requests, unread marks, messages with their
// seqs, both cursors, and whose they are.
func (s *scene) chats() string {
	mine, theirs := []string{s.path() + "/chats"}, ""
	if s.request != "" {
		mine = append(mine, s.request)
	}
	if s.thread != "" {
		mine = append(mine, s.thread+"/messages?after=0")
		theirs = s.rivera().see(s.thread + "/messages?after=0")
	}
	return s.member().see(mine...) + theirs + s.platform().see(s.enrollment())
}

func chatCases() []useCase {
	all := []useCase{
		{
			name: "submit a request", saves: "CreateRequest", writes: []string{"TransactWriteItems: ENROLLMENT OPEN KEY"},
			begin: (*scene).enroll,
			act:   func(s *scene) answer { return s.submit(s.member()) },
		},
		{
			name: "change the reason", saves: "UpdateRequest", writes: []string{"UpdateItem: OPEN"}, begin: (*scene).ask,
			act: func(s *scene) answer { return s.member().Call("PATCH", s.request, body{"reasonId": "medication"}) },
		},
		{
			name: "cancel", saves: "EndRequest", writes: []string{"TransactWriteItems: OPEN REQUEST"}, begin: (*scene).ask,
			act: func(s *scene) answer { return s.member().Call("POST", s.request+"/cancel", nil) },
		},
		{
			name: "close", saves: "EndRequest", writes: []string{"TransactWriteItems: OPEN REQUEST"}, begin: (*scene).ask,
			act: func(s *scene) answer {
				return s.rivera().Call("POST", s.request+"/close", body{"outcome": "called", "note": "Feeling well."})
			},
		},
		{
			name: "write the first message", saves: "StartThread", writes: []string{"TransactWriteItems: MESSAGE SENT THREAD ENROLLMENT"},
			begin: (*scene).enroll, act: (*scene).start,
		},
	}
	all = append(all, sideCases("the member", (*scene).member)...)
	all = append(all, sideCases("the care manager", (*scene).rivera)...)
	for i := range all {
		all[i].look, all[i].patient = (*scene).chats, true
	}
	return all
}

// sideCases are what both sides of a thread do.
func sideCases(who string, by func(*scene) caller) []useCase {
	return []useCase{
		{
			name: "send by " + who, saves: "AddMessage", writes: []string{"TransactWriteItems: MESSAGE SENT THREAD"}, begin: (*scene).greet,
			act: func(s *scene) answer { return s.send(by(s), "client-") },
		},
		{
			name: "mark read by " + who, saves: "SaveRead", writes: []string{"UpdateItem: THREAD"}, begin: (*scene).converse,
			act: func(s *scene) answer { return by(s).Call("PUT", s.thread+"/read", body{"seq": 2}) },
		},
	}
}

func enrollmentCases() []useCase {
	put := func(b body) func(*scene) answer {
		return func(s *scene) answer { return s.platform().Call("PUT", s.enrollment(), b) }
	}
	closed := body{"state": "closed", "careManagerId": "cm-rivera"}
	return []useCase{
		{
			name: "enroll", saves: "SaveEnrolled", writes: []string{"PutItem: ENROLLMENT"}, look: (*scene).chats, again: 200,
			begin: func(s *scene) { s.platform().Want(201, "PUT", s.path(), s.person()) },
			act:   put(body{"state": "active", "careManagerId": "cm-rivera"}),
		},
		{
			name: "hand over", saves: "SaveEnrolled", writes: []string{"TransactWriteItems: ENROLLMENT OPEN THREAD"}, look: (*scene).chats,
			begin: (*scene).converse, patient: true,
			act: put(body{"state": "active", "careManagerId": "cm-chen"}),
		},
		{
			name: "close an enrollment", saves: "SaveEnrolled", writes: []string{"TransactWriteItems: ENROLLMENT OPEN REQUEST THREAD"},
			begin: (*scene).converse, act: put(closed), look: (*scene).chats,
		},
		{
			name: "open an enrollment again", saves: "SaveEnrolled", writes: []string{"TransactWriteItems: ENROLLMENT THREAD"},
			begin: func(s *scene) {
				s.greet()
				s.platform().Want(200, "PUT", s.enrollment(), closed)
			},
			act: put(body{"state": "active", "careManagerId": "cm-rivera"}), look: (*scene).chats,
		},
	}
}
