package table

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/shared/chat"
)

func organizationFields(o *chat.Organization) fields {
	return fields{
		{"name", text(&o.Name)},
		{"shortName", text(&o.ShortName)},
		{"languages", texts(&o.Languages)},
		{"timeZone", text(&o.TimeZone)},
		{"requestIntro", labels(&o.RequestIntro)},
		{"emergency", labels(&o.Emergency)},
		{"countries", texts(&o.Countries)},
		{"outcomes", list(&o.Outcomes, outcomeFields)},
		{"linkHours", number(&o.LinkHours)},
		{"linkUrl", text(&o.LinkURL)},
		{"idleMinutes", number(&o.IdleMinutes)},
		{"sessionHours", number(&o.SessionHours)},
		{"notices", object{
			{"delaySeconds", number(&o.Notices.DelaySeconds)},
			{"reminderHours", number(&o.Notices.ReminderHours)},
			{"quietHours", optional(&o.Notices.QuietHours, hoursFields)},
			{"textsPerDay", number(&o.Notices.TextsPerDay)},
			{"minutesBetweenTexts", number(&o.Notices.MinutesBetweenTexts)},
		}},
		{"calendar", object{
			{"hours", mapOf(&o.Calendar.Hours, hoursFields)},
			{"holidays", texts(&o.Calendar.Holidays)},
			{"replyHours", number(&o.Calendar.ReplyHours)},
		}},
		{"issuers", list(&o.Issuers, keysFields)},
		{"version", number(&o.Version)},
	}
}

func outcomeFields(o *chat.Outcome) fields {
	return fields{{"id", text(&o.ID)}, {"labels", labels(&o.Labels)}}
}

func hoursFields(h *chat.QuietHours) fields {
	return fields{{"from", text(&h.From)}, {"to", text(&h.To)}}
}

// keysFields are how an issuer's tokens are checked.
func keysFields(i *chat.Issuer) fields {
	return fields{{"issuer", text(&i.Issuer)}, {"audience", text(&i.Audience)}, {"keysUrl", text(&i.KeysURL)}}
}

func programFields(p *chat.Program) fields {
	return fields{
		{"name", text(&p.Name)}, {"kind", text(&p.Kind)}, {"department", text(&p.DepartmentID)},
		{"version", number(&p.Version)},
	}
}

func reasonFields(r *chat.Reason) fields {
	return fields{
		{"labels", labels(&r.Labels)}, {"order", number(&r.Order)}, {"active", flag(&r.Active)},
		{"programs", texts(&r.ProgramIDs)}, {"replyHours", number(&r.ReplyHours)}, {"version", number(&r.Version)},
	}
}

func departmentFields(d *chat.Department) fields {
	return fields{{"name", text(&d.Name)}, {"disabled", texts(&d.Disabled)}, {"version", number(&d.Version)}}
}

type optionalValue[T any] struct {
	p      **T
	fields func(*T) fields
}

// optional is a map that may not be there.
func optional[T any](p **T, of func(*T) fields) value { return optionalValue[T]{p, of} }

func (v optionalValue[T]) encode() types.AttributeValue {
	if *v.p == nil {
		return nil
	}
	return &types.AttributeValueMemberM{Value: v.fields(*v.p).item()}
}

func (v optionalValue[T]) decode(a types.AttributeValue) {
	if m, ok := a.(*types.AttributeValueMemberM); ok {
		*v.p = new(T)
		v.fields(*v.p).read(m.Value)
	}
}

// Catalog reads an organization's configuration: one Query, kept in memory for a
// while (T7). Of an organization that is not there it is empty.
func (t *Table) Catalog(ctx context.Context, organization string, fresh bool) (chat.Catalog, error) {
	return t.settings.get(organization, fresh, func() (chat.Catalog, error) {
		rows, _, err := t.query(ctx, span{pk: orgKey(organization), from: configurationFrom, to: settingsSort})
		if err != nil {
			return chat.Catalog{}, err
		}
		c := chat.Catalog{
			Programs: map[string]chat.Program{}, Reasons: map[string]chat.Reason{},
			Departments: map[string]chat.Department{},
		}
		for _, row := range rows {
			addTo(&c, organization, row)
		}
		return c, nil
	})
}

func addTo(c *chat.Catalog, organization string, row item) {
	sk := keyOf(row).sk
	id := sk.lastPart()
	switch {
	case sk == settingsSort:
		c.Organization.ID = organization
		organizationFields(&c.Organization).read(row)
	case strings.HasPrefix(string(sk), string(programPrefix)):
		p := chat.Program{ID: id}
		programFields(&p).read(row)
		c.Programs[id] = p
	case strings.HasPrefix(string(sk), string(reasonPrefix)):
		r := chat.Reason{ID: id}
		reasonFields(&r).read(row)
		c.Reasons[id] = r
	case strings.HasPrefix(string(sk), string(configurationFrom)):
		c.Departments[id] = readDepartment(id, row)
	}
}

func readDepartment(id string, row item) chat.Department {
	d := chat.Department{ID: id}
	departmentFields(&d).read(row)
	return d
}

// DisabledIn lists the disabled care managers of departments, each once: the
// departments' rows say so, and they decide a right, so they are never kept (T7).
func (t *Table) DisabledIn(ctx context.Context, organization string, departments []string) ([]string, error) {
	if len(departments) == 0 {
		return nil, nil
	}
	var keys []rowKey
	for _, id := range departments {
		keys = append(keys, rowKey{orgKey(organization), departmentSort(id)})
	}
	rows, err := t.getAll(ctx, keys...)
	if err != nil {
		return nil, err
	}
	var all []string
	for i, row := range rows {
		all = append(all, readDepartment(departments[i], row).Disabled...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}
