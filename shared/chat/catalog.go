package chat

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"
)

// Labels hold one text in several languages, by language code.
type Labels map[string]string

// Organization is a tenant's settings as its platform PUTs them.
type Organization struct {
	ID           string
	Name         string
	ShortName    string // 1-20 GSM-7 characters: it stands in every text
	Languages    []string
	TimeZone     string // IANA
	RequestIntro Labels
	Emergency    Labels
	Countries    []string // calling codes of phones that may be texted, such as "+1"
	Outcomes     []Outcome
	LinkHours    int    // 1-72
	LinkURL      string // https, at most 60 characters; "" for the stack's own
	IdleMinutes  int    // 5-60
	SessionHours int    // 1-12
	Notices      NoticeRules
	Calendar     Calendar
	Issuers      []Issuer
	Version      int
}

// Outcome is a way to close a task.
type Outcome struct {
	ID     string
	Labels Labels
}

// NoticeRules are an organization's settings of when a member is notified, and how often
// (N1-N3).
type NoticeRules struct {
	DelaySeconds        int // 0-86400
	ReminderHours       int // 1-168
	QuietHours          *QuietHours
	TextsPerDay         int // 1-100
	MinutesBetweenTexts int // 0-1440
}

// delays are how long after a message something is due.
type delays struct {
	notice time.Duration // to the member (N1)
	reply  time.Duration // from the care side, if it works around the clock: never too long (T13)
}

func (o Organization) delays() delays {
	return delays{time.Duration(o.Notices.DelaySeconds) * time.Second, time.Duration(o.Calendar.ReplyHours) * time.Hour}
}

// QuietHours are local times "HH:MM" between which nobody is notified.
type QuietHours struct{ From, To string }

// Issuer is an OpenID Connect issuer that belongs to one organization, and how its
// access tokens are read (S5).
type Issuer struct {
	Issuer        string
	Audience      string
	KeysURL       string        // "" to discover it
	AudienceClaim string        // has the audience, alone or among others; "" is aud
	SubjectClaim  string        // names the person; "" is sub
	Platform      PlatformClaim // makes the caller the platform; zero is the scope "provision"
}

// PlatformClaim is a claim with a value in it, alone or among others.
type PlatformClaim struct{ Claim, Value string }

// ProgramKind is guided (has chat) or classic (telephone only).
type ProgramKind string

// The kinds of program.
const (
	Guided  ProgramKind = "guided"
	Classic ProgramKind = "classic"
)

// Program is a digital program that members are enrolled in.
type Program struct {
	ID           string
	Name         string
	Names        Labels // in the languages of members; may be empty
	Kind         ProgramKind
	DepartmentID string
	Version      int
	UpdatedAt    time.Time // when a PUT last changed it
	// MovedFrom are the departments that may still own enrollments in it, since MovedAt:
	// upkeep hands these over (T10). Zero when it has.
	MovedFrom []string
	MovedAt   time.Time
}

// Reason is an entry in the request form's list.
type Reason struct {
	ID         string
	Labels     Labels
	Order      int
	Active     bool
	ProgramIDs []string // none: every program
	ReplyHours int      // 0: the calendar's
	Version    int
	UpdatedAt  time.Time // when a PUT last changed it
}

// OfferedIn reports whether the reason can be chosen in the program now.
func (r Reason) OfferedIn(programID string) bool {
	return r.Active && (len(r.ProgramIDs) == 0 || slices.Contains(r.ProgramIDs, programID))
}

// Department is the queue that owns what no care manager owns.
type Department struct {
	ID       string
	Name     string
	Disabled []string // its disabled care managers who may still own something (T11)
	Arriving []Arrival
	Version  int
	// UpdatedAt is when a PUT of it last changed it.
	UpdatedAt time.Time
}

// Without returns the department at its next version, without a disabled care manager.
func (d Department) Without(careManager string) Department {
	d.Disabled = slices.DeleteFunc(slices.Clone(d.Disabled), func(id string) bool { return id == careManager })
	d.Version++
	return d
}

// Catalog is an organization's configuration. It may be a minute old (T7): it
// decides what is offered and shown, never a right.
type Catalog struct {
	Organization Organization
	Programs     map[string]Program
	Reasons      map[string]Reason
	Departments  map[string]Department
}

// CatalogStore reads what the platform configured.
type CatalogStore interface {
	// Catalog reads an organization's catalog, from memory unless fresh (T7). The catalog
	// of an organization that does not exist is empty.
	Catalog(ctx context.Context, organization string, fresh bool) (Catalog, error)
}

// named returns a program with its current name.
func (c Catalog) named(program Ref) Ref {
	if now := c.Programs[program.ID].Name; now != "" {
		program.Name = now
	}
	return program
}

// HasDepartment reports whether the organization has a department.
func (c Catalog) HasDepartment(id string) bool { return c.Departments[id].ID != "" }

// HasProgram reports whether the organization has a program.
func (c Catalog) HasProgram(id string) bool { return c.Programs[id].ID != "" }

// In returns the text in a language, else in the first of the organization's
// languages that has one, else in any.
func (o Organization) In(texts Labels, language string) string {
	for _, l := range append([]string{language}, o.Languages...) {
		if text := texts[l]; text != "" {
			return text
		}
	}
	for _, l := range slices.Sorted(maps.Keys(texts)) {
		return texts[l]
	}
	return ""
}

// MayText reports whether a phone is in a country whose phones may be texted.
func (o Organization) MayText(phone string) bool {
	return slices.ContainsFunc(o.Countries, func(code string) bool { return len(phone) > len(code) && phone[:len(code)] == code })
}

// activeReasons returns the reasons that can be chosen, in the organization's order.
func (c Catalog) activeReasons() []Reason {
	var all []Reason
	for _, r := range c.Reasons {
		if r.Active {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// replyBy returns when a request with this reason, made now, must be answered: after its
// reply hours, in working time of the organization's time zone (T13).
func (c Catalog) replyBy(r Reason, now time.Time) time.Time {
	zone, err := time.LoadLocation(c.Organization.TimeZone)
	if err != nil {
		zone = time.UTC // a zone is checked when it is PUT; a member's request does not fail for it
	}
	hours := cmp.Or(r.ReplyHours, c.Organization.Calendar.ReplyHours)
	return c.Organization.Calendar.After(now, time.Duration(hours)*time.Hour, zone)
}

// CatalogWith reads an organization's catalog. If it lacks something, CatalogWith
// reads it once more, past the memory (T7).
func CatalogWith(ctx context.Context, store CatalogStore, organization string, has func(Catalog) bool) (Catalog, error) {
	catalog, err := store.Catalog(ctx, organization, false)
	if err == nil && !has(catalog) {
		return store.Catalog(ctx, organization, true)
	}
	return catalog, err
}
