package directory

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"carechat/shared/chat"

	"github.com/google/go-cmp/cmp"
)

func TestLosingAContactEndsSessions(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	was := chat.Profile{Organization: "harbor", ID: "ana", Phone: "+15550100101", Email: "Ana@example.org", Active: true, Epoch: 3, LogIns: 5, Version: 2}
	for name, c := range map[string]struct {
		change func(*chat.Profile)
		ends   bool
	}{
		"nothing":            {func(*chat.Profile) {}, false},
		"a name":             {func(p *chat.Profile) { p.Name = "Ana Maria" }, false},
		"another phone":      {func(p *chat.Profile) { p.Phone = "+15550100199" }, true},
		"no phone":           {func(p *chat.Profile) { p.Phone = "" }, true},
		"another email":      {func(p *chat.Profile) { p.Email = "reyes@example.org" }, true},
		"the email's case":   {func(p *chat.Profile) { p.Email = "ana@example.org" }, false},
		"disabled":           {func(p *chat.Profile) { p.Active = false }, true},
		"disabled, renamed":  {func(p *chat.Profile) { p.Active, p.Name = false, "A" }, true},
		"a log-in of theirs": {func(p *chat.Profile) { p.Subjects = []chat.Subject{{Issuer: "i", Subject: "s"}} }, false},
	} {
		entry := was
		entry.Epoch, entry.LogIns, entry.Version = 0, 0, 0
		c.change(&entry)
		got := planMember("harbor", &was, MemberPut{Put: Put[chat.Profile]{ID: "ana", Entry: entry}}, at)
		if ended := got.Is.Epoch == 4; got.LogOut != c.ends || ended != c.ends || got.Is.LogIns != 5 {
			t.Errorf("%s: log-out %v, epoch %d", name, got.LogOut, got.Is.Epoch)
		}
		if is := got.Is.RenamedAt.Equal(at); is != (entry.Name != was.Name) {
			t.Errorf("%s: copies are rewritten: %v", name, is)
		}
	}
	was.Active = false
	if got := planMember("harbor", &was, MemberPut{Put: Put[chat.Profile]{Entry: chat.Profile{Phone: was.Phone, Email: was.Email, Active: true}}}, at); got.LogOut {
		t.Error("being enabled again ends nothing")
	}
}

func TestChannelsOfANewMember(t *testing.T) {
	both := chat.Profile{Phone: "+15550100101", Email: "ana@example.org"}
	for name, c := range map[string]struct {
		profile     chat.Profile
		given, want []chat.Channel
	}{
		"those with an address": {both, nil, []chat.Channel{chat.SMS, chat.Email}},
		"the only address":      {chat.Profile{Email: "a@example.org"}, nil, []chat.Channel{chat.Email}},
		"no address":            {chat.Profile{}, nil, nil},
		"those given":           {both, []chat.Channel{chat.Email}, []chat.Channel{chat.Email}},
		"none, on purpose":      {both, []chat.Channel{}, []chat.Channel{}},
	} {
		got := planMember("harbor", nil, MemberPut{Put: Put[chat.Profile]{Entry: c.profile}, Channels: c.given}, time.Time{})
		if diff := cmp.Diff(c.want, got.Channels); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestInvalidMembers(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	o := goodOrganization()
	o.Issuers = []chat.Issuer{{Issuer: "https://id.example"}}
	for name, c := range map[string]struct {
		change func(*MemberPut)
		want   []string
	}{
		"as they are":         {func(*MemberPut) {}, nil},
		"born today":          {func(p *MemberPut) { p.Entry.BirthDate = "2026-03-02" }, nil},
		"born tomorrow":       {func(p *MemberPut) { p.Entry.BirthDate = "2026-03-03" }, []string{"/birthDate in-the-future"}},
		"born on no day":      {func(p *MemberPut) { p.Entry.BirthDate = "2025-02-29" }, []string{"/birthDate invalid"}},
		"born in the year 1":  {func(p *MemberPut) { p.Entry.BirthDate = "0001-01-01" }, []string{"/birthDate invalid"}},
		"born on some day":    {func(p *MemberPut) { p.Entry.BirthDate = "" }, []string{"/birthDate required"}},
		"no contact":          {func(p *MemberPut) { p.Entry.Phone, p.Entry.Email = "", "" }, nil},
		"a phone with spaces": {func(p *MemberPut) { p.Entry.Phone = "+1 555 0100101" }, []string{"/phone invalid"}},
		"a word for a phone":  {func(p *MemberPut) { p.Entry.Phone = "none" }, []string{"/phone invalid"}},
		"a phone abroad":      {func(p *MemberPut) { p.Entry.Phone = "+445550100101" }, []string{"/phone country-not-allowed"}},
		"two addresses":       {func(p *MemberPut) { p.Entry.Email = "a@example.org,b@example.org" }, []string{"/email invalid"}},
		"a named address":     {func(p *MemberPut) { p.Entry.Email = "Ana <a@example.org>" }, []string{"/email invalid"}},
		"a long address":      {func(p *MemberPut) { p.Entry.Email = "a@" + strings.Repeat("b.", 126) + "org" }, []string{"/email invalid"}},
		"no language":         {func(p *MemberPut) { p.Entry.Language = "" }, []string{"/language required"}},
		"a foreign issuer": {func(p *MemberPut) {
			p.Entry.Subjects = []chat.Subject{{Issuer: "https://other.example", Subject: "ana"}}
		}, []string{"/subjects/0/issuer unknown"}},
		"a log-in":           {func(p *MemberPut) { p.Entry.Subjects = []chat.Subject{{Issuer: "https://id.example", Subject: "ana"}} }, nil},
		"a log-in of nobody": {func(p *MemberPut) { p.Entry.Subjects = []chat.Subject{{Issuer: "https://id.example", Subject: ""}} }, []string{"/subjects/0/subject required"}},
		"a log-in twice": {func(p *MemberPut) {
			p.Entry.Subjects = []chat.Subject{{Issuer: "https://id.example", Subject: "ana"}, {Issuer: "https://id.example", Subject: "ana"}}
		}, []string{"/subjects/1 duplicate"}},
		"a channel unknown":      {func(p *MemberPut) { p.Channels = []chat.Channel{"pigeon"} }, []string{"/channels/0 unknown"}},
		"a channel without":      {func(p *MemberPut) { p.Entry.Email = ""; p.Channels = []chat.Channel{chat.Email} }, nil},
		"a channel twice":        {func(p *MemberPut) { p.Channels = []chat.Channel{chat.SMS, chat.SMS} }, []string{"/channels/1 duplicate"}},
		"the clock of nowhere":   {func(p *MemberPut) { p.Entry.TimeZone = "EST5EDT6" }, []string{"/timeZone unknown"}},
		"nothing to be called":   {func(p *MemberPut) { p.Entry.Name = "" }, []string{"/displayName required"}},
		"a name with a tab":      {func(p *MemberPut) { p.Entry.Name = "Ana\tReyes" }, []string{"/displayName control-character"}},
		"a name to be displayed": {func(p *MemberPut) { p.Entry.Name = "Zoë O’Neil-Ñandú" }, nil},
	} {
		p := MemberPut{Put: Put[chat.Profile]{ID: "ana", Entry: chat.Profile{
			Name: "Ana Reyes", BirthDate: "1970-02-03", Phone: "+15550100101", Email: "Ana@example.org", Language: "en", TimeZone: "America/New_York",
		}}}
		c.change(&p)
		var f checks
		checkMember(&f, o, p, now)
		if diff := cmp.Diff(c.want, pointers(f.Fields)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// threads is a store with a member's threads.
type threads struct {
	Store
	all []chat.Thread
}

func (s threads) MemberChats(context.Context, chat.MemberKey) (chat.MemberChats, error) {
	return chat.MemberChats{Threads: s.all}, nil
}

// N3: a member who is enabled again is notified of what is unread in any of their
// threads.
func TestWhatIsUnreadIsResumed(t *testing.T) {
	var all []chat.Thread
	for n := range 180 {
		th := chat.Thread{ID: fmt.Sprint("thr_", n), State: chat.ThreadActive}
		if n >= 177 {
			th.CareManagerSide.Sent = 1
		}
		all = append(all, th)
	}
	s := &Service{Store: threads{all: all}, Now: func() time.Time { return noon }}
	got, err := s.resumedThreads(t.Context(), &chat.Profile{}, chat.Profile{Active: true})
	if err != nil || len(got) != 3 || got[0].ID != "thr_177" || !got[2].DueAt.Equal(noon) {
		t.Errorf("%d threads, %v", len(got), err)
	}
}
