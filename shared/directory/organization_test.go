package directory

import (
	"errors"
	"strings"
	"testing"

	"carechat/shared/chat"
	"carechat/shared/problem"

	"github.com/google/go-cmp/cmp"
)

func goodOrganization() chat.Organization {
	return chat.Organization{
		ID: "harbor", Name: "Harbor Care", ShortName: "Harbor Care", Languages: []string{"en", "es"}, TimeZone: "America/New_York",
		RequestIntro: chat.Labels{"en": "Tell us.", "es": "Cuéntenos."}, Emergency: chat.Labels{"en": "Call 911.", "es": "Llame al 911."}, Countries: []string{"+1"},
		Outcomes: []chat.Outcome{{ID: "answered", Labels: chat.Labels{"en": "Answered", "es": "Respondido"}}}, LinkHours: 24, IdleMinutes: 30, SessionHours: 12,
		Notices: chat.NoticeRules{DelaySeconds: 0, ReminderHours: 24, QuietHours: &chat.QuietHours{From: "21:00", To: "08:00"}, TextsPerDay: 3},
		Calendar: chat.Calendar{
			Hours: map[string]chat.QuietHours{"mon": {From: "08:00", To: "17:00"}}, Holidays: []string{"2026-12-25"}, ReplyHours: 24,
		},
	}
}

// A4: what members read is in each of the organization's languages, unless it stays as it was.
func TestMembersReadWordsInEachLanguage(t *testing.T) {
	half := goodOrganization()
	delete(half.Emergency, "es")
	english := goodOrganization()
	english.Languages = []string{"en"}
	delete(english.Emergency, "es")
	for name, c := range map[string]struct {
		was    chat.Organization
		change func(*chat.Organization)
		want   []string // nil for accepted
	}{
		"a new one":                 {chat.Organization{}, func(o *chat.Organization) {}, nil},
		"a new one without Spanish": {chat.Organization{}, func(o *chat.Organization) { delete(o.Emergency, "es"); delete(o.RequestIntro, "es") }, []string{"/emergency/es required", "/requestIntro/es required"}},
		"more than it speaks":       {chat.Organization{}, func(o *chat.Organization) { o.Languages = []string{"es"} }, nil},
		"as it was":                 {half, func(o *chat.Organization) { delete(o.Emergency, "es") }, nil},
		"another half":              {half, func(o *chat.Organization) { o.Emergency = chat.Labels{"en": "Dial 911."} }, []string{"/emergency/es required"}},
		"as it was, and a language": {english, func(o *chat.Organization) { delete(o.Emergency, "es") }, []string{"/emergency/es required"}},
	} {
		o := goodOrganization()
		c.change(&o)
		var got []string
		if p := new(problem.Problem); errors.As(checkWords(c.was, o), &p) {
			got = pointers(p.Fields)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestInvalidSettings(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*chat.Organization)
		want   []string
	}{
		"as they are":            {func(*chat.Organization) {}, nil},
		"no name":                {func(o *chat.Organization) { o.Name = "" }, []string{"/name required"}},
		"a blank name":           {func(o *chat.Organization) { o.Name = " \u200b" }, []string{"/name empty"}},
		"a long name":            {func(o *chat.Organization) { o.Name = strings.Repeat("é", 101) }, []string{"/name too-long"}},
		"a name of two lines":    {func(o *chat.Organization) { o.Name = "a\nb" }, []string{"/name control-character"}},
		"20 accented characters": {func(o *chat.Organization) { o.ShortName = strings.Repeat("é", 20) }, nil},
		"21 characters":          {func(o *chat.Organization) { o.ShortName = strings.Repeat("a", 21) }, []string{"/shortName too-long"}},
		"11 that count twice":    {func(o *chat.Organization) { o.ShortName = strings.Repeat("€", 11) }, []string{"/shortName too-long"}},
		"20, one counts twice":   {func(o *chat.Organization) { o.ShortName = strings.Repeat("a", 19) + "€" }, []string{"/shortName too-long"}},
		"not of a text":          {func(o *chat.Organization) { o.ShortName = "Ação" }, []string{"/shortName invalid"}},
		"no language":            {func(o *chat.Organization) { o.Languages = nil }, []string{"/languages too-few"}},
		"one language twice":     {func(o *chat.Organization) { o.Languages = []string{"en", "en"} }, []string{"/languages/1 duplicate"}},
		"a language unknown":     {func(o *chat.Organization) { o.Languages = []string{"fr"} }, []string{"/languages/0 unknown"}},
		"words in another":       {func(o *chat.Organization) { o.Emergency["fr/~x"] = "Oui" }, []string{"/emergency unknown"}},
		"no words":               {func(o *chat.Organization) { o.RequestIntro = nil }, []string{"/requestIntro required"}},
		"a zone of nowhere":      {func(o *chat.Organization) { o.TimeZone = "Mars/Olympus" }, []string{"/timeZone unknown"}},
		"this machine's zone":    {func(o *chat.Organization) { o.TimeZone = "Local" }, []string{"/timeZone unknown"}},
		"a file of zones":        {func(o *chat.Organization) { o.TimeZone = "localtime" }, []string{"/timeZone unknown"}},
		"rules of zones":         {func(o *chat.Organization) { o.TimeZone = "posixrules" }, []string{"/timeZone unknown"}},
		"leap seconds":           {func(o *chat.Organization) { o.TimeZone = "right/UTC" }, []string{"/timeZone unknown"}},
		"a zone off its path":    {func(o *chat.Organization) { o.TimeZone = "../etc/passwd" }, []string{"/timeZone unknown"}},
		"a country by name":      {func(o *chat.Organization) { o.Countries = []string{"US"} }, []string{"/countries/0 invalid"}},
		"an outcome twice":       {func(o *chat.Organization) { o.Outcomes = append(o.Outcomes, o.Outcomes[0]) }, []string{"/outcomes/1 duplicate"}},
		"an outcome without":     {func(o *chat.Organization) { o.Outcomes[0].Labels = nil }, []string{"/outcomes/0/labels required"}},
		"no outcome":             {func(o *chat.Organization) { o.Outcomes = nil }, []string{"/outcomes too-few"}},
		"links for ever":         {func(o *chat.Organization) { o.LinkHours = 73 }, []string{"/links/hours out-of-range"}},
		"a link in the clear":    {func(o *chat.Organization) { o.LinkURL = "http://x.example" }, []string{"/links/url invalid"}},
		"a long link":            {func(o *chat.Organization) { o.LinkURL = "https://x.example/" + strings.Repeat("a", 43) }, []string{"/links/url too-long"}},
		"a link of 60":           {func(o *chat.Organization) { o.LinkURL = "https://x.example/" + strings.Repeat("a", 42) }, nil},
		"a link with a query":    {func(o *chat.Organization) { o.LinkURL = "https://x.example/?a=b" }, []string{"/links/url invalid"}},
		"no idle time":           {func(o *chat.Organization) { o.IdleMinutes = NotGiven }, []string{"/sessions/idleMinutes required"}},
		"a negative delay":       {func(o *chat.Organization) { o.Notices.DelaySeconds = -1 }, []string{"/notices/delaySeconds out-of-range"}},
		"quiet at 24:00":         {func(o *chat.Organization) { o.Notices.QuietHours.To = "24:00" }, []string{"/notices/quietHours/to invalid"}},
		"no quiet hours":         {func(o *chat.Organization) { o.Notices.QuietHours = nil }, nil},
		"an eighth day":          {func(o *chat.Organization) { o.Calendar.Hours["holiday"] = chat.QuietHours{} }, []string{"/calendar/hours unknown"}},
		"closed before it opens": {func(o *chat.Organization) { o.Calendar.Hours["tue"] = chat.QuietHours{From: "17:00", To: "08:00"} }, []string{"/calendar/hours/tue/to out-of-range"}},
		"closed as it opens":     {func(o *chat.Organization) { o.Calendar.Hours["tue"] = chat.QuietHours{From: "08:00", To: "08:00"} }, []string{"/calendar/hours/tue/to out-of-range"}},
		"around the clock":       {func(o *chat.Organization) { o.Calendar.Hours = map[string]chat.QuietHours{} }, nil},
		"30 February":            {func(o *chat.Organization) { o.Calendar.Holidays[0] = "2026-02-30" }, []string{"/calendar/holidays/0 invalid"}},
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
