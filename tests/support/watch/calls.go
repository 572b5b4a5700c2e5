package watch

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"testing"
	"time"

	"carechat/local/lambda"
	"carechat/local/sns"
	"carechat/local/stream"
	"carechat/shared/api"
	"carechat/shared/chat"
	"carechat/tests/support/apiclient"
)

// RunSchedule makes the schedule's call of notify, which sends what is due.
func (m *Machine) RunSchedule(t testing.TB) {
	t.Helper()
	if _, err := m.Invoke(t.Context(), "notify", stream.ScheduleEvent(time.Now())); err != nil {
		t.Fatal(err)
	}
}

// RunUpkeep makes the schedule's call of upkeep.
func (m *Machine) RunUpkeep(t testing.TB) {
	t.Helper()
	if _, err := m.Invoke(t.Context(), "upkeep", stream.ScheduleEvent(time.Now())); err != nil {
		t.Fatal(err)
	}
}

// PutOrganization makes an organization by the operator, or replaces it, and
// returns what the operator answers.
func (m *Machine) PutOrganization(t testing.TB, o chat.Organization) apiclient.Answer {
	t.Helper()
	in := api.OrganizationNew{ID: o.ID, Organization: api.NewOrganization(o)}
	for _, each := range o.Issuers {
		in.Issuers = append(in.Issuers, issuer(each))
	}
	raw, err := m.Invoke(t.Context(), "operator", []byte(apiclient.JSON(api.Command{PutOrganization: &in})))
	var failed *lambda.FunctionError
	if errors.As(err, &failed) {
		return refusal(failed)
	}
	if err != nil {
		t.Fatal(err)
	}
	return apiclient.NewAnswer(http.StatusOK, nil, raw)
}

// issuer shapes an issuer as the operator's command has it.
func issuer(i chat.Issuer) api.Issuer {
	out := api.Issuer{
		Issuer: i.Issuer, Audience: i.Audience, KeysURL: i.KeysURL, AudienceClaim: i.AudienceClaim, SubjectClaim: i.SubjectClaim,
	}
	if i.Platform != (chat.PlatformClaim{}) {
		platform := api.PlatformClaim(i.Platform)
		out.Platform = &platform
	}
	return out
}

// refusal returns the problem in a function's error as an API call would answer it.
func refusal(failed *lambda.FunctionError) apiclient.Answer {
	message := apiclient.NewAnswer(0, nil, failed.Payload).Text("errorMessage")
	a := apiclient.NewAnswer(0, nil, []byte(message))
	a.Status, _ = strconv.Atoi(a.Text("status"))
	return a
}

// Messages returns what phones, mailboxes and subscribers got, oldest first.
func (m *Machine) Messages(t testing.TB) []sns.Message {
	t.Helper()
	all, err := m.messages()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TextsTo returns the texts of the messages that a phone or an address got, oldest first.
func (m *Machine) TextsTo(t testing.TB, to string) (texts []string) {
	t.Helper()
	for _, each := range m.Messages(t) {
		if each.To == to {
			texts = append(texts, each.Text)
		}
	}
	return texts
}

// Events returns the first n events about a member, in the order in which the topic
// got them. It fails the test if they have not come after 20 seconds.
func (m *Machine) Events(t testing.TB, member string, n int) []api.Event {
	t.Helper()
	return m.EventsThat(t, n, func(e api.Event) bool { return e.MemberID == member })
}

// EventsThat returns the first n events that are as wanted, as Events does.
func (m *Machine) EventsThat(t testing.TB, n int, wanted func(api.Event) bool) []api.Event {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		var all []api.Event
		for _, each := range m.Messages(t) {
			var e api.Event
			if each.Channel == "event" && json.Unmarshal([]byte(each.Text), &e) == nil && wanted(e) {
				all = append(all, e)
			}
		}
		if len(all) >= n {
			return all[:n]
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d events, not %d: %+v", len(all), n, all)
		}
	}
}

func (m *Machine) messages() (all []sns.Message, err error) {
	a, err := apiclient.Client{API: m.InboxURL}.Try("GET", "/messages", nil)
	if err == nil {
		err = json.Unmarshal([]byte(a.Raw), &all)
	}
	return all, err
}

// Client returns a client of the machine's API that sends no token.
func (m *Machine) Client(t testing.TB) apiclient.Client { return apiclient.New(t, m.Machine) }
