package table

import (
	"context"
	"slices"

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

var organizationKind = kind{settingsSort, func(row item) any {
	return valueOf(row, chat.Organization{ID: keyOf(row).pk.organizationOf()}, organizationFields)
}}

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

var programKind = kind{programPrefix, func(row item) any {
	return valueOf(row, chat.Program{ID: keyOf(row).sk.lastPart()}, programFields)
}}

func reasonFields(r *chat.Reason) fields {
	return fields{
		{"labels", labels(&r.Labels)}, {"order", number(&r.Order)}, {"active", flag(&r.Active)},
		{"programs", texts(&r.ProgramIDs)}, {"replyHours", number(&r.ReplyHours)}, {"version", number(&r.Version)},
	}
}

var reasonKind = kind{reasonPrefix, func(row item) any {
	return valueOf(row, chat.Reason{ID: keyOf(row).sk.lastPart()}, reasonFields)
}}

func departmentFields(d *chat.Department) fields {
	return fields{{"name", text(&d.Name)}, {"disabled", texts(&d.Disabled)}, {"version", number(&d.Version)}}
}

var departmentKind = kind{departmentPrefix, func(row item) any { return readDepartment(row) }}

func readDepartment(row item) *chat.Department {
	return valueOf(row, chat.Department{ID: keyOf(row).sk.lastPart()}, departmentFields)
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

// Catalog reads an organization's configuration with one Query and keeps it in memory for a while (T7). If there is no such
// organization, the catalog is empty.
func (t *Table) Catalog(ctx context.Context, organization string, fresh bool) (chat.Catalog, error) {
	return t.settings.get(organization, fresh, func() (chat.Catalog, error) {
		rows, _, err := t.query(ctx, span{pk: orgKey(organization), from: departmentPrefix, to: settingsSort})
		if err != nil {
			return chat.Catalog{}, err
		}
		c := chat.Catalog{
			Programs: map[string]chat.Program{}, Reasons: map[string]chat.Reason{},
			Departments: map[string]chat.Department{},
		}
		for _, row := range rows {
			switch v := Decode(row).(type) {
			case *chat.Organization:
				c.Organization = *v
			case *chat.Program:
				c.Programs[v.ID] = *v
			case *chat.Reason:
				c.Reasons[v.ID] = *v
			case *chat.Department:
				c.Departments[v.ID] = *v
			}
		}
		return c, nil
	})
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
	for _, row := range rows {
		if d := readDepartment(row); d != nil {
			all = append(all, d.Disabled...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}
