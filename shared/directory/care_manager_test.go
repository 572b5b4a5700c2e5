package directory

import (
	"context"
	"testing"
	"time"

	"carechat/shared/chat"

	"github.com/google/go-cmp/cmp"
)

// T11: a department's row lists its disabled care managers who may still own something,
// and nobody else.
func TestDepartmentsListTheirDisabledCareManagers(t *testing.T) {
	all := map[string]chat.Department{
		"a": {ID: "a", Version: 1, Disabled: []string{"cm-1", "cm-2"}},
		"b": {ID: "b", Version: 4},
	}
	row := func(active bool, departments ...string) chat.CareManagerRow {
		m := chat.CareManagerRow{ID: "cm-2", Active: active, DepartmentIDs: departments}
		if !active {
			m.HandOverAt = time.Unix(1, 0)
		}
		return m
	}
	only := []string{"cm-1"}
	for name, c := range map[string]struct {
		was, is chat.CareManagerRow
		want    []chat.Department
	}{
		"still disabled":         {row(false, "a"), row(false, "a"), []chat.Department{{ID: "a", Version: 2, Disabled: []string{"cm-1", "cm-2"}}}},
		"enabled":                {row(false, "a"), row(true, "a"), []chat.Department{{ID: "a", Version: 2, Disabled: only}}},
		"moves, disabled":        {row(false, "a"), row(false, "b"), []chat.Department{{ID: "a", Version: 2, Disabled: only}, {ID: "b", Version: 5, Disabled: []string{"cm-2"}}}},
		"moves, enabled":         {row(false, "a"), row(true, "b"), []chat.Department{{ID: "a", Version: 2, Disabled: only}}},
		"disabled elsewhere":     {row(true, "b"), row(false, "b"), []chat.Department{{ID: "b", Version: 5, Disabled: []string{"cm-2"}}}},
		"active all the while":   {row(true, "b"), row(true, "b"), nil},
		"disabled, owns nothing": {row(false, "b"), chat.CareManagerRow{ID: "cm-2", DepartmentIDs: []string{"b"}}, nil},
	} {
		if diff := cmp.Diff(c.want, relist(all, &c.was, c.is), cmp.Transformer("list", orNil[string])); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if diff := cmp.Diff([]string{"cm-1", "cm-2"}, all["a"].Disabled); diff != "" {
		t.Error("the catalog was changed: ", diff)
	}
}

// staff is a table with one care manager.
type staff struct {
	Store
	row   chat.CareManagerRow
	saved *chat.CareManagerRow
}

func (s *staff) Catalog(context.Context, string, bool) (chat.Catalog, error) {
	return chat.Catalog{Organization: chat.Organization{Issuers: []chat.Issuer{{Issuer: "https://id.example"}}}, Departments: map[string]chat.Department{"nurses": {ID: "nurses"}}}, nil
}

func (s *staff) CareManager(context.Context, string, string) (*chat.CareManagerRow, error) {
	return &s.row, nil
}

func (s *staff) SubjectOf(context.Context, chat.Subject) (*chat.Person, error) { return nil, nil }

func (s *staff) SaveCareManager(_ context.Context, _ *chat.CareManagerRow, is chat.CareManagerRow, _ []chat.Department, _ []chat.Attendance) error {
	s.saved = &is
	return nil
}

// T11: a PUT of a care manager leaves whom they cover.
func TestPutOfACareManagerKeepsTheirCovers(t *testing.T) {
	covers := []chat.Cover{{Of: chat.Ref{ID: "cm-away"}, From: noon, To: noon.Add(time.Hour)}}
	table := &staff{row: chat.CareManagerRow{
		Organization: "harbor", ID: "cm-1", Name: "Sam", DepartmentIDs: []string{"nurses"}, Active: true,
		Subjects: []chat.Subject{{Issuer: "https://id.example", Subject: "cm-1"}}, Covers: covers, Version: 3,
	}}
	s := &Service{Store: table, Now: func() time.Time { return noon }}
	platform := chat.Caller{Kind: chat.Platform, Organization: "harbor", ID: "platform", Issuer: "https://id.example"}
	for _, name := range []string{"Sam", "Samuel"} { // which says the same, and something else
		put := Put[chat.CareManagerRow]{ID: "cm-1", Entry: chat.CareManagerRow{Name: name, DepartmentIDs: []string{"nurses"}, Active: true}}
		stored, err := s.PutCareManager(t.Context(), platform, put)
		if diff := cmp.Diff(covers, stored.Entry.Covers); diff != "" || err != nil {
			t.Errorf("%s: %s %v", name, diff, err)
		}
	}
	if table.saved == nil || table.saved.Version != 4 || len(table.saved.Covers) != 1 {
		t.Errorf("saved %+v", table.saved)
	}
}
