package chat

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"carechat/shared/problem"

	"github.com/google/go-cmp/cmp"
)

func pointers(f problem.Fields) []string {
	var all []string
	for _, each := range f {
		all = append(all, each.Pointer+" "+each.Code)
	}
	slices.Sort(all)
	return all
}

func goodOrganization() Organization {
	return Organization{
		ID: "harbor", Name: "Harbor Care", ShortName: "Harbor Care", Languages: []string{"en", "es"}, TimeZone: "America/New_York",
		RequestIntro: Labels{"en": "Tell us."}, Emergency: Labels{"en": "Call 911.", "es": "Llame al 911."}, Countries: []string{"+1"},
		Outcomes: []Outcome{{"answered", Labels{"en": "Answered"}}}, LinkHours: 24, IdleMinutes: 30, SessionHours: 12,
		Notices: NoticeRules{DelaySeconds: 0, ReminderHours: 24, QuietHours: &QuietHours{"21:00", "08:00"}, TextsPerDay: 3},
		Calendar: Calendar{
			Hours: map[string]QuietHours{"mon": {"08:00", "17:00"}}, Holidays: []string{"2026-12-25"}, ReplyHours: 24,
		},
	}
}

func TestWhatSettingsMustBe(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Organization)
		want   []string
	}{
		"as they are":            {func(*Organization) {}, nil},
		"no name":                {func(o *Organization) { o.Name = "" }, []string{"/name required"}},
		"a blank name":           {func(o *Organization) { o.Name = " \u200b" }, []string{"/name empty"}},
		"a long name":            {func(o *Organization) { o.Name = strings.Repeat("é", 101) }, []string{"/name too-long"}},
		"a name of two lines":    {func(o *Organization) { o.Name = "a\nb" }, []string{"/name control-character"}},
		"20 accented characters": {func(o *Organization) { o.ShortName = strings.Repeat("é", 20) }, nil},
		"21 characters":          {func(o *Organization) { o.ShortName = strings.Repeat("a", 21) }, []string{"/shortName too-long"}},
		"11 that count twice":    {func(o *Organization) { o.ShortName = strings.Repeat("€", 11) }, []string{"/shortName too-long"}},
		"not of a text":          {func(o *Organization) { o.ShortName = "Ação" }, []string{"/shortName invalid"}},
		"no language":            {func(o *Organization) { o.Languages = nil }, []string{"/languages too-few"}},
		"one language twice":     {func(o *Organization) { o.Languages = []string{"en", "en"} }, []string{"/languages/1 duplicate"}},
		"a language unknown":     {func(o *Organization) { o.Languages = []string{"fr"} }, []string{"/languages/0 unknown"}},
		"words in another":       {func(o *Organization) { o.Emergency = Labels{"fr/~x": "Oui"} }, []string{"/emergency unknown"}},
		"no words":               {func(o *Organization) { o.RequestIntro = nil }, []string{"/requestIntro required"}},
		"a zone of nowhere":      {func(o *Organization) { o.TimeZone = "Mars/Olympus" }, []string{"/timeZone unknown"}},
		"this machine's zone":    {func(o *Organization) { o.TimeZone = "Local" }, []string{"/timeZone unknown"}},
		"a zone off its path":    {func(o *Organization) { o.TimeZone = "../etc/passwd" }, []string{"/timeZone unknown"}},
		"a country by name":      {func(o *Organization) { o.Countries = []string{"US"} }, []string{"/countries/0 invalid"}},
		"an outcome twice":       {func(o *Organization) { o.Outcomes = append(o.Outcomes, o.Outcomes[0]) }, []string{"/outcomes/1 duplicate"}},
		"an outcome without":     {func(o *Organization) { o.Outcomes[0].Labels = nil }, []string{"/outcomes/0/labels required"}},
		"no outcome":             {func(o *Organization) { o.Outcomes = nil }, []string{"/outcomes too-few"}},
		"links for ever":         {func(o *Organization) { o.LinkHours = 73 }, []string{"/links/hours out-of-range"}},
		"a link in the clear":    {func(o *Organization) { o.LinkURL = "http://x.example" }, []string{"/links/url invalid"}},
		"a long link":            {func(o *Organization) { o.LinkURL = "https://x.example/" + strings.Repeat("a", 43) }, []string{"/links/url too-long"}},
		"a link of 60":           {func(o *Organization) { o.LinkURL = "https://x.example/" + strings.Repeat("a", 42) }, nil},
		"a link with a query":    {func(o *Organization) { o.LinkURL = "https://x.example/?a=b" }, []string{"/links/url invalid"}},
		"no idle time":           {func(o *Organization) { o.IdleMinutes = NotGiven }, []string{"/sessions/idleMinutes required"}},
		"a negative delay":       {func(o *Organization) { o.Notices.DelaySeconds = -1 }, []string{"/notices/delaySeconds out-of-range"}},
		"quiet at 24:00":         {func(o *Organization) { o.Notices.QuietHours.To = "24:00" }, []string{"/notices/quietHours/to invalid"}},
		"no quiet hours":         {func(o *Organization) { o.Notices.QuietHours = nil }, nil},
		"an eighth day":          {func(o *Organization) { o.Calendar.Hours["holiday"] = QuietHours{} }, []string{"/calendar/hours unknown"}},
		"30 February":            {func(o *Organization) { o.Calendar.Holidays[0] = "2026-02-30" }, []string{"/calendar/holidays/0 invalid"}},
	} {
		o := goodOrganization()
		c.change(&o)
		var f checks
		checkOrganization(&f, o)
		if diff := cmp.Diff(c.want, pointers(f.Fields)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestWhatAMemberMustBe(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	o := goodOrganization()
	o.Issuers = []Issuer{{Issuer: "https://id.example"}}
	for name, c := range map[string]struct {
		change func(*MemberPut)
		want   []string
	}{
		"as they are":            {func(*MemberPut) {}, nil},
		"born today":             {func(p *MemberPut) { p.Entry.BirthDate = "2026-03-02" }, nil},
		"born tomorrow":          {func(p *MemberPut) { p.Entry.BirthDate = "2026-03-03" }, []string{"/birthDate in-the-future"}},
		"born on no day":         {func(p *MemberPut) { p.Entry.BirthDate = "2025-02-29" }, []string{"/birthDate invalid"}},
		"born on some day":       {func(p *MemberPut) { p.Entry.BirthDate = "" }, []string{"/birthDate required"}},
		"no contact":             {func(p *MemberPut) { p.Entry.Phone, p.Entry.Email = "", "" }, nil},
		"a phone with spaces":    {func(p *MemberPut) { p.Entry.Phone = "+1 555 0100101" }, []string{"/phone invalid"}},
		"a phone abroad":         {func(p *MemberPut) { p.Entry.Phone = "+445550100101" }, []string{"/phone country-not-allowed"}},
		"two addresses":          {func(p *MemberPut) { p.Entry.Email = "a@example.org,b@example.org" }, []string{"/email invalid"}},
		"a named address":        {func(p *MemberPut) { p.Entry.Email = "Ana <a@example.org>" }, []string{"/email invalid"}},
		"a long address":         {func(p *MemberPut) { p.Entry.Email = "a@" + strings.Repeat("b.", 126) + "org" }, []string{"/email invalid"}},
		"no language":            {func(p *MemberPut) { p.Entry.Language = "" }, []string{"/language required"}},
		"a foreign issuer":       {func(p *MemberPut) { p.Entry.Subjects = []Subject{{"https://other.example", "ana"}} }, []string{"/subjects/0/issuer unknown"}},
		"a log-in":               {func(p *MemberPut) { p.Entry.Subjects = []Subject{{"https://id.example", "ana"}} }, nil},
		"a log-in of nobody":     {func(p *MemberPut) { p.Entry.Subjects = []Subject{{"https://id.example", ""}} }, []string{"/subjects/0/subject required"}},
		"a channel unknown":      {func(p *MemberPut) { p.Channels = []Channel{"pigeon"} }, []string{"/channels/0 unknown"}},
		"a channel without":      {func(p *MemberPut) { p.Entry.Email = ""; p.Channels = []Channel{Email} }, nil},
		"a channel twice":        {func(p *MemberPut) { p.Channels = []Channel{SMS, SMS} }, []string{"/channels/1 duplicate"}},
		"the clock of nowhere":   {func(p *MemberPut) { p.Entry.TimeZone = "EST5EDT6" }, []string{"/timeZone unknown"}},
		"nothing to be called":   {func(p *MemberPut) { p.Entry.Name = "" }, []string{"/displayName required"}},
		"a name with a tab":      {func(p *MemberPut) { p.Entry.Name = "Ana\tReyes" }, []string{"/displayName control-character"}},
		"a name to be displayed": {func(p *MemberPut) { p.Entry.Name = "Zoë O’Neil-Ñandú" }, nil},
	} {
		p := MemberPut{Put: Put[Profile]{ID: "ana", Entry: Profile{
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

func TestWhatEntriesReferToMustBeThere(t *testing.T) {
	catalog := Catalog{
		Organization: Organization{Issuers: []Issuer{{Issuer: "https://id.example"}}},
		Programs:     map[string]Program{"diabetes": {ID: "diabetes"}},
		Departments:  map[string]Department{"nurses": {ID: "nurses"}},
	}
	good := Labels{"en": "How I feel"}
	for name, c := range map[string]struct {
		check func(*checks)
		want  []string
	}{
		"a program": {func(f *checks) {
			programKind.check(f, catalog, Program{Name: "D", Kind: Guided, DepartmentID: "nurses"})
		}, nil},
		"of no department": {func(f *checks) { programKind.check(f, catalog, Program{Name: "D", Kind: Guided, DepartmentID: "x"}) }, []string{"/departmentId unknown"}},
		"of no kind":       {func(f *checks) { programKind.check(f, catalog, Program{Name: "D", DepartmentID: "nurses"}) }, []string{"/kind required"}},
		"a reason":         {func(f *checks) { reasonKind.check(f, catalog, Reason{Labels: good, ProgramIDs: []string{"diabetes"}}) }, nil},
		"for no program":   {func(f *checks) { reasonKind.check(f, catalog, Reason{Labels: good, ProgramIDs: []string{}}) }, []string{"/programIds too-few"}},
		"for a program not there": {func(f *checks) {
			reasonKind.check(f, catalog, Reason{Labels: good, ProgramIDs: []string{"diabetes", "x"}})
		}, []string{"/programIds/1 unknown"}},
		"for what is no id":    {func(f *checks) { reasonKind.check(f, catalog, Reason{Labels: good, ProgramIDs: []string{"a b"}}) }, []string{"/programIds/0 invalid"}},
		"a reason of no place": {func(f *checks) { reasonKind.check(f, catalog, Reason{Labels: good, Order: NotGiven}) }, []string{"/order required"}},
		"a reply at once":      {func(f *checks) { reasonKind.check(f, catalog, Reason{Labels: good, ReplyHours: -1}) }, []string{"/replyHours out-of-range"}},
		"a care manager": {func(f *checks) {
			checkCareManager(f, catalog, CareManagerRow{Name: "R", DepartmentIDs: []string{"nurses"}})
		}, nil},
		"who belongs nowhere": {func(f *checks) { checkCareManager(f, catalog, CareManagerRow{Name: "R"}) }, []string{"/departmentIds too-few"}},
		"who belongs there twice": {func(f *checks) {
			checkCareManager(f, catalog, CareManagerRow{Name: "R", DepartmentIDs: []string{"nurses", "nurses"}})
		}, []string{"/departmentIds/1 duplicate"}},
		"an issuer":               {func(f *checks) { checkIssuers(f, []Issuer{{"http://localhost:1/a", "care-chats", "http://x:2/keys"}}) }, nil},
		"an issuer that is none":  {func(f *checks) { checkIssuers(f, []Issuer{{"ftp://a", "care-chats", ""}}) }, []string{"/issuers/0/issuer invalid"}},
		"an issuer for nobody":    {func(f *checks) { checkIssuers(f, []Issuer{{"https://a", "", ""}}) }, []string{"/issuers/0/audience required"}},
		"the same issuer twice":   {func(f *checks) { checkIssuers(f, []Issuer{{"https://a", "x", ""}, {"https://a", "y", ""}}) }, []string{"/issuers/1 duplicate"}},
		"an organization without": {func(f *checks) { checkIssuers(f, nil) }, []string{"/issuers required"}},
	} {
		var f checks
		c.check(&f)
		if diff := cmp.Diff(c.want, pointers(f.Fields)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestWhichPhonesAreReached(t *testing.T) {
	const phone = "+15550100101"
	for code, want := range map[string]bool{"+1": true, "+1555": true, "+1246": false, "+44": false, phone: false, phone + "0": false} {
		if got := (Organization{Countries: []string{"+999", code}}).Reaches(phone); got != want {
			t.Errorf("%s: %v", code, got)
		}
	}
	if (Organization{}).Reaches(phone) {
		t.Error("an organization of no country reaches a phone")
	}
}

// staff is a table with one care manager.
type staff struct {
	Store
	row   CareManagerRow
	saved *CareManagerRow
}

func (s *staff) Catalog(context.Context, string, bool) (Catalog, error) {
	return Catalog{Organization: Organization{Issuers: []Issuer{{Issuer: "https://id.example"}}}, Departments: map[string]Department{"nurses": {ID: "nurses"}}}, nil
}

func (s *staff) CareManager(context.Context, string, string) (*CareManagerRow, error) {
	return &s.row, nil
}

func (s *staff) SubjectHolder(context.Context, Subject) (Holder, error) { return Holder{}, nil }

func (s *staff) SaveCareManager(_ context.Context, _ *CareManagerRow, is CareManagerRow, _ []Department) error {
	s.saved = &is
	return nil
}

// T11: whom somebody covers is not the directory's, and no PUT of it ends that.
func TestAPutOfACareManagerLeavesWhomTheyCover(t *testing.T) {
	covers := []Cover{{Ref{ID: "cm-away"}, noon, noon.Add(time.Hour)}}
	table := &staff{row: CareManagerRow{
		Organization: "harbor", ID: "cm-1", Name: "Sam", DepartmentIDs: []string{"nurses"}, Active: true,
		Subjects: []Subject{{"https://id.example", "cm-1"}}, Covers: covers, Version: 3,
	}}
	s := &Service{Store: table, Now: func() time.Time { return noon }}
	platform := Caller{Kind: Platform, Organization: "harbor", ID: "platform", Issuer: "https://id.example"}
	for _, name := range []string{"Sam", "Samuel"} { // which says the same, and something else
		put := Put[CareManagerRow]{ID: "cm-1", Entry: CareManagerRow{Name: name, DepartmentIDs: []string{"nurses"}, Active: true}}
		stored, err := s.PutCareManager(t.Context(), platform, put)
		if diff := cmp.Diff(covers, stored.Entry.Covers); diff != "" || err != nil {
			t.Errorf("%s: %s %v", name, diff, err)
		}
	}
	if table.saved == nil || table.saved.Version != 4 || len(table.saved.Covers) != 1 {
		t.Errorf("saved %+v", table.saved)
	}
}
