package failures

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"carechat/shared/chat"
	"carechat/shared/login"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/town"
)

// The operator's command and the work of notify have no route. Their results are
// given as answers, with a 503 where the caller comes back later.

// directCases returns their use cases.
func directCases() []useCase {
	platform := func(s *trial) caller { return s.own("platform", s.id, "platform") }
	shown := func(s *trial) string { return platform(s).show("/v1/organization") }
	return []useCase{
		{
			name: "make an organization", saves: "SaveOrganization", writes: []string{"TransactWriteItems: SETTINGS ISSUER"},
			setUp: func(*trial) {}, call: func(s *trial) answer { return s.operate() }, state: shown,
		},
		{
			name: "take an organization's issuer away", saves: "SaveOrganization", writes: []string{"TransactWriteItems: SETTINGS ISSUER ISSUER"},
			setUp: func(s *trial) { s.operate() }, state: shown,
			call: func(s *trial) answer {
				return s.operate(func(o *chat.Organization) { o.Issuers[0].Issuer = "https://" + s.id + ".example.org" })
			},
		},
		{
			name: "send a link", saves: "SaveOwedLink+SaveNotices", sentWrite: "ASKED",
			writes: []string{"UpdateItem: ASKED", "TransactWriteItems: ASKED LINK", "PutItem: NOTICE", "UpdateItem: ASKED"},
			setUp: func(s *trial) {
				s.putMember()
				s.anybody().Want(202, "POST", "/v1/links", body{"contact": s.phone})
			},
			call: (*trial).sendLink, state: (*trial).linkState,
		},
	}
}

// organization returns the trial's own organization.
func (s *trial) organization(changes ...func(*chat.Organization)) chat.Organization {
	issuer := shared.IssuerURL + "/" + s.id
	keys := func(o *chat.Organization) { o.Issuers[0].KeysURL = issuer + "/keys" }
	return town.Settings(s.id, issuer, append([]func(*chat.Organization){keys}, changes...)...)
}

// operate makes that organization, or changes it.
func (s *trial) operate(changes ...func(*chat.Organization)) answer {
	s.t.Helper()
	a := shared.PutOrganization(s.t, s.organization(changes...))
	a.Header = retryHeader
	return a
}

// retryHeader is in every answer of what has no route, as it is in a 503.
var retryHeader = http.Header{"Retry-After": {"1"}}

// pending returns the link that is to be sent to the phone.
func (s *trial) pending() login.OwedLink {
	s.t.Helper()
	asked, err := direct.OwedLinkTo(s.t.Context(), s.phone)
	if err != nil {
		s.t.Fatal(err)
	}
	return asked
}

// contact returns the phone as its rows' keys have it.
func (s *trial) contact() string { return s.pending().Contact }

// sendLink calls notify as the stream does for the phone's row.
func (s *trial) sendLink() answer { return s.notify("CONTACT#"+s.contact(), "ASKED") }

// notify calls notify with a record of the stream, of a row in which something is due.
func (s *trial) notify(pk, sk string) answer {
	s.t.Helper()
	text := func(v string) body { return body{"S": v} }
	image := body{"PK": text(pk), "SK": text(sk), "DUE_SK": text(time.Now().UTC().Format(time.RFC3339))}
	raw, err := shared.Invoke(s.t.Context(), "notify", []byte(apiclient.JSON(body{
		"Records": []body{{"eventSource": "aws:dynamodb", "dynamodb": body{"NewImage": image, "SequenceNumber": "1"}}},
	})))
	if err != nil {
		s.t.Fatal(err)
	}
	a := answer{Status: http.StatusOK, Header: retryHeader}
	if strings.Contains(string(raw), `"itemIdentifier":"1"`) {
		a.Status = http.StatusServiceUnavailable // the record comes again
	}
	return a
}

// textCount says how many texts the phone got. If the write fails that records what
// was sent, one more is allowed (G6).
func (s *trial) textCount() string {
	n := len(shared.TextsTo(s.t, s.phone))
	if n == 2 && s.sentUnrecorded {
		n = 1
	}
	return fmt.Sprint(n, " texts")
}

// linkState ends the leases of lost attempts until nothing is due, and counts the texts.
func (s *trial) linkState() string {
	s.t.Helper()
	for asked := s.pending(); asked.Owed() && s.acted; asked = s.pending() {
		asked.DueAt = time.Now().Add(-time.Second)
		asked.Version++
		if err := direct.SaveOwedLink(s.t.Context(), asked); err != nil {
			s.t.Fatal(err)
		}
		s.sendLink()
	}
	return s.textCount()
}
