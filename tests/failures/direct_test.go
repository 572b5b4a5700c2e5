package failures

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"carechat/local/sns"
	"carechat/shared/login"
	"carechat/tests/support/apiclient"
)

// What follows has no route: the operator's command and what notify does. Each
// is told as a call is, so that whoever calls comes back when the table was ill.

// directCases are all of them.
func directCases() []useCase {
	platform := func(s *scene) caller { return s.own("platform", s.id, "platform") }
	shown := func(s *scene) string { return platform(s).see("/v1/organization") }
	return []useCase{
		{
			name: "make an organization", saves: "SaveOrganization", writes: []string{"TransactWriteItems: SETTINGS ISSUER"},
			begin: func(*scene) {}, act: func(s *scene) answer { return s.operate(s.organization()) }, look: shown,
		},
		{
			name: "take an organization's issuer away", saves: "SaveOrganization", writes: []string{"TransactWriteItems: SETTINGS ISSUER ISSUER"},
			begin: func(s *scene) { s.operate(s.organization()) }, look: shown,
			act: func(s *scene) answer {
				return s.operate(with(s.organization(), "issuers", []body{{"issuer": "https://" + s.id + ".example.org", "audience": "care-chats"}}))
			},
		},
		{
			name: "send a link", saves: "SaveOwedLink", writes: []string{"TransactWriteItems: ASKED LINK", "UpdateItem: ASKED"}, told: "ASKED",
			begin: func(s *scene) {
				s.platform().Want(201, "PUT", s.path(), s.person())
				s.anybody().Want(202, "POST", "/v1/links", body{"contact": s.phone})
			},
			act: (*scene).sendLink, look: (*scene).linkSent,
		},
	}
}

// organization is the scene's own, with an issuer.
func (s *scene) organization() body {
	issuer := shared.IssuerURL + "/" + s.id
	return body{
		"id": s.id, "name": "Case", "shortName": "Case", "languages": []string{"en"}, "timeZone": "America/Denver",
		"requestIntro": body{"en": "Ask."}, "emergency": body{"en": "Call 911."}, "countries": []string{"+1"},
		"outcomes": []body{{"id": "called", "labels": body{"en": "Called"}}},
		"links":    body{"hours": 24}, "sessions": body{"idleMinutes": 30, "maxHours": 12},
		"notices":  body{"delaySeconds": 120, "reminderHours": 24, "textsPerDay": 3, "minutesBetweenTexts": 15},
		"calendar": body{"hours": body{"mon": body{"from": "09:00", "to": "18:00"}}, "holidays": []string{}, "replyHours": 24},
		"issuers":  []body{{"issuer": issuer, "audience": "care-chats", "keysUrl": issuer + "/keys"}},
	}
}

// operate makes or changes an organization.
func (s *scene) operate(organization body) answer {
	s.t.Helper()
	made, err := shared.Invoke(s.t.Context(), "operator", []byte(apiclient.JSON(body{"putOrganization": organization})))
	if err != nil {
		s.t.Fatal(err)
	}
	a := told(http.StatusOK, made)
	if refused := a.Text("problem.status"); refused != "" {
		a.Status, _ = strconv.Atoi(refused)
	}
	return a
}

// told is what a direct invocation answers, as a call's answer.
func told(status int, raw []byte) answer {
	a := answer{Status: status, Header: http.Header{"Retry-After": {"1"}}, Raw: string(raw)}
	_ = json.Unmarshal(raw, &a.Body)
	return a
}

// asked is what the phone is owed.
func (s *scene) asked() login.OwedLink {
	s.t.Helper()
	asked, err := direct.OwedLinkTo(s.t.Context(), s.phone)
	if err != nil {
		s.t.Fatal(err)
	}
	return asked
}

// contact is what the phone's rows are called.
func (s *scene) contact() string { return s.asked().Contact }

// sendLink is notify's work for the phone, as the stream has it done.
func (s *scene) sendLink() answer { return s.notify("CONTACT#"+s.contact(), "ASKED") }

// notify is told by the stream that something is due in a row.
func (s *scene) notify(pk, sk string) answer {
	s.t.Helper()
	text := func(v string) body { return body{"S": v} }
	image := body{"PK": text(pk), "SK": text(sk), "DUE_SK": text(time.Now().UTC().Format(time.RFC3339))}
	raw, err := shared.Invoke(s.t.Context(), "notify", []byte(apiclient.JSON(body{
		"Records": []body{{"eventSource": "aws:dynamodb", "dynamodb": body{"NewImage": image, "SequenceNumber": "1"}}},
	})))
	if err != nil {
		s.t.Fatal(err)
	}
	a := told(http.StatusOK, nil)
	if strings.Contains(string(raw), `"itemIdentifier":"1"`) {
		a.Status = http.StatusServiceUnavailable // the record comes again
	}
	return a
}

// texts are what the phone was sent.
func (s *scene) texts() (all []string) {
	s.t.Helper()
	var messages []sns.Message
	inbox := apiclient.Client{T: s.t, API: shared.InboxURL}.Want(200, "GET", "/messages", nil)
	if err := json.Unmarshal([]byte(inbox.Raw), &messages); err != nil {
		s.t.Fatal(err)
	}
	for _, each := range messages {
		if each.To == s.phone {
			all = append(all, each.Text)
		}
	}
	return all
}

// once says how often the phone was texted. Where the write is lost that says
// what was sent, it may be sent once more (G6).
func (s *scene) once() string {
	n := len(s.texts())
	if n == 2 && s.untold {
		n = 1
	}
	return fmt.Sprint(n, " texts")
}

// linkSent lets the leases of lost tries run out, until nothing is owed.
func (s *scene) linkSent() string {
	s.t.Helper()
	for asked := s.asked(); asked.Owed() && s.acted; asked = s.asked() {
		asked.DueAt = time.Now().Add(-time.Second)
		asked.Version++
		if err := direct.SaveOwedLink(s.t.Context(), asked); err != nil {
			s.t.Fatal(err)
		}
		s.sendLink()
	}
	return s.once()
}
