package api

import (
	"encoding/json"
	"maps"
	"os"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/tests/support/contract"
)

const secret = "What a person wrote"

// full returns a row whose every text is secret, but for those that set gives it.
func full[T any](set func(*T)) *T {
	row := new(T)
	fill(reflect.ValueOf(row).Elem())
	set(row)
	return row
}

func fill(v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Date(2026, 3, 2, 16, 0, 0, 0, time.UTC)))
	case v.Kind() == reflect.String:
		v.SetString(secret)
	case v.Kind() == reflect.Int:
		v.SetInt(1)
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	}
}

var owned = chat.Ownership{Owner: chat.Owner{Kind: chat.OwnedByCareManager, ID: "cm-rivera", Name: secret}}

func request(state chat.RequestState, reason string) *chat.Request {
	return full(func(r *chat.Request) {
		r.Organization, r.ID, r.Member.ID, r.Program.ID, r.Ownership = "harbor", "req_1", "ana", "diabetes", owned
		r.State, r.Reason.ID = state, reason
	})
}

func thread(sent int, unread time.Time) *chat.Thread {
	return full(func(t *chat.Thread) {
		t.Organization, t.ID, t.Member.ID, t.Program.ID, t.Ownership = "harbor", "thr_1", "ana", "diabetes", owned
		t.CareManager.ID, t.MemberSide.Sent, t.Last.Role, t.UnreadByMemberSince = "cm-rivera", sent, chat.Member, unread
	})
}

// changes has a change for every type of event.
func changes() [][2]any {
	unread := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	enrollment := full(func(e *chat.Enrollment) {
		e.Organization, e.Member.ID, e.Program.ID, e.Ownership, e.State = "harbor", "ana", "diabetes", owned, chat.EnrollmentActive
	})
	late := full(func(l *chat.LateMark) {
		l.Key, l.ProgramID, l.RequestID, l.Owner, l.Listed = chat.MemberKey{Organization: "harbor", Member: "ana"}, "diabetes", "req_1", owned.Owner, true
	})
	coverage := full(func(m *chat.CoverageMark) {
		m.Organization, m.Covered, m.ID, m.Told.By.ID = "harbor", "cm-rivera", "vacation", "cm-chen"
	})
	unattended := full(func(a *chat.Attendance) { a.Organization, a.Department, a.Unattended = "harbor", "nurses", true })
	erasing := full(func(p *chat.Profile) { p.Organization, p.ID = "harbor", "ana" })
	erased := full(func(p *chat.Profile) { p.Organization, p.ID, p.EraseAt = "harbor", "ana", time.Time{} })
	return [][2]any{
		{nil, request(chat.Open, "other")}, {request(chat.Open, "other"), request(chat.Open, "symptoms")},
		{nil, request(chat.Cancelled, "other")}, {nil, request(chat.Closed, "other")}, {nil, late}, {nil, enrollment},
		{nil, thread(1, time.Time{})}, {thread(1, time.Time{}), thread(1, unread)},
		{nil, coverage}, {coverage, &chat.CoverageMark{Organization: "harbor", Covered: "cm-rivera", ID: "vacation", Version: 2}},
		{nil, unattended}, {unattended, &chat.Attendance{Organization: "harbor", Department: "nurses", Version: 2}},
		{erasing, erased},
	}
}

// N8: events have what events.json says, and nothing that a person wrote or is called.
func TestAnEventHasIDsAndTimesAlone(t *testing.T) {
	var types []string
	for _, change := range changes() {
		e, ok := chat.EventOf(change[0], change[1], time.Date(2026, 3, 2, 16, 0, 0, 0, time.UTC))
		if !ok {
			t.Fatalf("%+v is no event", change)
		}
		message, err := json.Marshal(NewEvent(e))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(message), secret) {
			t.Errorf("it has more: %s", message)
		}
		if err := contract.CheckEvent(string(message)); err != nil {
			t.Error(err)
		}
		types = append(types, string(e.Type))
	}
	if diff := cmp.Diff(types, listed(t)); diff != "" {
		t.Errorf("what is published (-) and events.json's list (+) differ:\n%s", diff)
	}
}

// eventsFile is what events.json says.
type eventsFile struct {
	OneOf []struct {
		Ref string `json:"$ref"`
	}
	Definitions map[string]struct{ Examples []json.RawMessage }
}

func readEvents(t *testing.T) (f eventsFile) {
	t.Helper()
	source, err := os.ReadFile("events.json")
	if err == nil {
		err = json.Unmarshal(source, &f)
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// listed returns the types in events.json, in its order.
func listed(t *testing.T) (names []string) {
	t.Helper()
	for _, each := range readEvents(t).OneOf {
		names = append(names, path.Base(each.Ref))
	}
	return names
}

func TestEveryTypeOfEventHasAnExample(t *testing.T) {
	definitions := readEvents(t).Definitions
	for _, name := range listed(t) {
		examples := definitions[name].Examples
		if len(examples) == 0 {
			t.Errorf("%s has none", name)
		}
		for _, each := range examples {
			if err := contract.CheckEvent(string(each)); err != nil || !strings.Contains(string(each), `"`+name+`"`) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// asyncapi.yaml has a message for each type, with the payload that events.json says.
func TestTheTopicsDocumentListsEveryEvent(t *testing.T) {
	type ref struct {
		Ref string `yaml:"$ref"`
	}
	var document struct {
		Channels map[string]struct {
			Address  string
			Messages map[string]ref
		}
		Components struct {
			Messages map[string]struct{ Payload ref }
		}
	}
	source, err := os.ReadFile("asyncapi.yaml")
	if err == nil {
		err = yaml.Unmarshal(source, &document)
	}
	if err != nil {
		t.Fatal(err)
	}
	want := slices.Sorted(slices.Values(listed(t)))
	topic := document.Channels["chatEvents"]
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(topic.Messages))); diff != "" || topic.Address != "ChatEvents" {
		t.Errorf("the topic %s:\n%s", topic.Address, diff)
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(document.Components.Messages))); diff != "" {
		t.Error(diff)
	}
	for _, name := range want {
		if got := topic.Messages[name].Ref; got != "#/components/messages/"+name {
			t.Errorf("%s refers to %s", name, got)
		}
		if got := document.Components.Messages[name].Payload.Ref; got != "./events.json#/definitions/"+name {
			t.Errorf("%s has the payload %s", name, got)
		}
	}
}
