package api

import (
	"strconv"

	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/problem"
)

// OrganizationPut replaces the caller's organization's settings.
type OrganizationPut struct {
	IfMatch     string `header:"if-match" json:"-"`
	IfNoneMatch string `header:"if-none-match" json:"-"`
	Organization
}

// Organization is an organization's settings.
type Organization struct {
	Name         string      `json:"name"`
	ShortName    string      `json:"shortName"`
	Languages    []string    `json:"languages"`
	TimeZone     string      `json:"timeZone"`
	RequestIntro chat.Labels `json:"requestIntro"`
	Emergency    chat.Labels `json:"emergency"`
	Countries    []string    `json:"countries"`
	Outcomes     []Outcome   `json:"outcomes"`
	Links        Links       `json:"links"`
	Sessions     Sessions    `json:"sessions"`
	Notices      Notices     `json:"notices"`
	Calendar     Calendar    `json:"calendar"`
}

// Outcome is a way to close a task.
type Outcome struct {
	ID     string      `json:"id"`
	Labels chat.Labels `json:"labels"`
}

// Links say how long a link works and, unless it leads to this stack, where it leads.
type Links struct {
	Hours *int   `json:"hours"`
	URL   string `json:"url,omitempty"`
}

// Sessions say how long a member stays logged in.
type Sessions struct {
	IdleMinutes *int `json:"idleMinutes"`
	MaxHours    *int `json:"maxHours"`
}

// Notices say when a member is notified and how often.
type Notices struct {
	DelaySeconds        *int   `json:"delaySeconds"`
	ReminderHours       *int   `json:"reminderHours"`
	QuietHours          *Hours `json:"quietHours,omitempty"`
	TextsPerDay         *int   `json:"textsPerDay"`
	MinutesBetweenTexts *int   `json:"minutesBetweenTexts"`
}

// Hours are local times "HH:MM".
type Hours struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Calendar says when the care side works, by weekday (mon to sun), and within how
// many hours it replies.
type Calendar struct {
	Hours      map[string]Hours `json:"hours"`
	Holidays   []string         `json:"holidays"`
	ReplyHours *int             `json:"replyHours"`
}

// Issuer is an OpenID Connect issuer of an organization, and which claims of its
// access tokens count, where they are not aud, sub and scope.
type Issuer struct {
	Issuer        string         `json:"issuer"`
	Audience      string         `json:"audience"`
	KeysURL       string         `json:"keysUrl,omitempty"`
	AudienceClaim string         `json:"audienceClaim,omitempty"`
	SubjectClaim  string         `json:"subjectClaim,omitempty"`
	Platform      *PlatformClaim `json:"platform,omitempty"`
}

// PlatformClaim makes the caller the platform.
type PlatformClaim struct {
	Claim string `json:"claim"`
	Value string `json:"value"`
}

// OrganizationNew makes or replaces an organization with its issuers.
type OrganizationNew struct {
	ID      string   `json:"id"`
	Issuers []Issuer `json:"issuers"`
	Organization
}

// Provisioned answers an operator's command.
type Provisioned struct {
	Organization OrganizationVersion `json:"organization"`
}

// OrganizationVersion is the current version of an organization.
type OrganizationVersion struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
}

// Put returns what the body and the headers ask for.
func (in OrganizationPut) Put() directory.Put[chat.Organization] {
	p := directory.Put[chat.Organization]{When: Precondition(in.IfMatch, in.IfNoneMatch)}
	p.Entry, p.Missing = in.settings()
	return p
}

// Settings returns the organization to make, and what the command lacks.
func (in OrganizationNew) Settings() (chat.Organization, problem.Fields) {
	o, missing := in.settings()
	o.ID = in.ID
	for n, i := range in.Issuers {
		o.Issuers = append(o.Issuers, i.issuer("/issuers/"+strconv.Itoa(n)+"/platform", &missing))
	}
	return o, missing
}

// issuer reads an issuer. It notes a platform without a claim as missing, because
// that would be read as no platform at all.
func (in Issuer) issuer(platform string, missing *problem.Fields) chat.Issuer {
	i := chat.Issuer{
		Issuer: in.Issuer, Audience: in.Audience, KeysURL: in.KeysURL, AudienceClaim: in.AudienceClaim, SubjectClaim: in.SubjectClaim,
	}
	if in.Platform != nil {
		if i.Platform = chat.PlatformClaim(*in.Platform); i.Platform.Claim == "" {
			missing.Add(platform+"/claim", "required", "must be given")
		}
	}
	return i
}

func (in Organization) settings() (o chat.Organization, missing problem.Fields) {
	o = chat.Organization{
		Name: in.Name, ShortName: in.ShortName, Languages: in.Languages, TimeZone: in.TimeZone,
		RequestIntro: in.RequestIntro, Emergency: in.Emergency, Countries: in.Countries,
		LinkHours: numberOf(in.Links.Hours), LinkURL: in.Links.URL,
		IdleMinutes: numberOf(in.Sessions.IdleMinutes), SessionHours: numberOf(in.Sessions.MaxHours),
		Notices: chat.NoticeRules{
			DelaySeconds: numberOf(in.Notices.DelaySeconds), ReminderHours: numberOf(in.Notices.ReminderHours),
			TextsPerDay: numberOf(in.Notices.TextsPerDay), MinutesBetweenTexts: numberOf(in.Notices.MinutesBetweenTexts),
		},
		Calendar: chat.Calendar{ReplyHours: numberOf(in.Calendar.ReplyHours)},
	}
	for _, each := range in.Outcomes {
		o.Outcomes = append(o.Outcomes, chat.Outcome(each))
	}
	if in.Notices.QuietHours != nil {
		quiet := chat.QuietHours(*in.Notices.QuietHours)
		o.Notices.QuietHours = &quiet
	}
	in.Calendar.read(&o.Calendar, &missing)
	return o, missing
}

// read fills in the calendar and notes what is missing. It leaves out what is empty,
// as a row does.
func (in Calendar) read(c *chat.Calendar, missing *problem.Fields) {
	if in.Hours == nil {
		missing.Add("/calendar/hours", "required", "must be given")
	}
	if in.Holidays == nil {
		missing.Add("/calendar/holidays", "required", "must be given")
	}
	if len(in.Holidays) > 0 {
		c.Holidays = in.Holidays
	}
	for day, hours := range in.Hours {
		if c.Hours == nil {
			c.Hours = map[string]chat.QuietHours{}
		}
		c.Hours[day] = chat.QuietHours(hours)
	}
}

// NewOrganization shapes the settings. The issuers are the operator's.
func NewOrganization(o chat.Organization) Organization {
	out := Organization{
		Name: o.Name, ShortName: o.ShortName, Languages: o.Languages, TimeZone: o.TimeZone,
		RequestIntro: o.RequestIntro, Emergency: o.Emergency, Countries: o.Countries,
		Outcomes: each(o.Outcomes, func(o chat.Outcome) Outcome { return Outcome(o) }),
		Links:    Links{&o.LinkHours, o.LinkURL},
		Sessions: Sessions{&o.IdleMinutes, &o.SessionHours},
		Notices: Notices{
			DelaySeconds: &o.Notices.DelaySeconds, ReminderHours: &o.Notices.ReminderHours,
			TextsPerDay: &o.Notices.TextsPerDay, MinutesBetweenTexts: &o.Notices.MinutesBetweenTexts,
		},
		Calendar: Calendar{map[string]Hours{}, append([]string{}, o.Calendar.Holidays...), &o.Calendar.ReplyHours},
	}
	if o.Notices.QuietHours != nil {
		quiet := Hours(*o.Notices.QuietHours)
		out.Notices.QuietHours = &quiet
	}
	for day, hours := range o.Calendar.Hours {
		out.Calendar.Hours[day] = Hours(hours)
	}
	return out
}
