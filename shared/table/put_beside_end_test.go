package table_test

import (
	"context"
	"testing"
	"time"

	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/tests/support/town"
)

// putLate is a store in which something happens just before the platform's PUT is saved.
type putLate struct {
	directory.Store
	before func()
}

func (s *putLate) happen() {
	if f := s.before; f != nil {
		s.before = nil
		f()
	}
}

func (s *putLate) SaveProgram(ctx context.Context, organization string, p chat.Program, departments []chat.Department) error {
	s.happen()
	return s.Store.SaveProgram(ctx, organization, p, departments)
}

func (s *putLate) SaveCareManager(ctx context.Context, was *chat.CareManagerRow, is chat.CareManagerRow, departments []chat.Department, left []chat.Attendance) error {
	s.happen()
	return s.Store.SaveCareManager(ctx, was, is, departments, left)
}

func (s *putLate) SaveCoverage(ctx context.Context, rows []chat.CareManagerRow, mark chat.CoverageMark) error {
	s.happen()
	return s.Store.SaveCoverage(ctx, rows, mark)
}

// T10, T11: what upkeep ends just before a PUT is saved stays ended.
func TestAPutBesideTheEndOfAHandOver(t *testing.T) {
	for name, put := range map[string]func(w *town.Town){
		"of a moved program": func(w *town.Town) {
			p := town.ProgramPut(town.Program, "coaches")
			p.Entry.Name = "Another name"
			w.Must(w.Chat.PutProgram(w.T.Context(), town.Platform, p))
		},
		"of a disabled care manager": func(w *town.Town) {
			w.PutCareManager(town.Rivera, func(m *chat.CareManagerRow) {
				m.Active, m.Name, m.DepartmentIDs = false, "Another name", []string{town.Department}
			})
		},
		"of their coverage": func(w *town.Town) {
			w.Must(w.Chat.PutCoverage(w.T.Context(), town.Platform, directory.CoveragePut{
				CoverageRef: directory.CoverageRef{CareManagerID: town.Rivera, ID: "leave"}, CoverID: town.Chen,
				From: w.Now, To: w.Now.Add(time.Hour),
			}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := town.New(t, town.Uncached)
			w.CheckAtEnd()
			w.PutProgram(town.Program, "coaches")
			disabled(w, town.Rivera)
			w.Now = w.Now.Add(5 * time.Minute)
			w.Chat.Service.Store = &putLate{w.Table, func() { w.Upkeep() }}
			put(w)
		})
	}
}

// readsLate is a store in which something happens before the second read.
type readsLate struct {
	directory.Store
	reads  int
	before func()
}

func (s *readsLate) count() {
	if s.reads++; s.reads == 2 {
		s.before()
	}
}

func (s *readsLate) Catalog(ctx context.Context, organization string, fresh bool) (chat.Catalog, error) {
	s.count()
	return s.Store.Catalog(ctx, organization, fresh)
}

func (s *readsLate) CareManager(ctx context.Context, organization, id string) (*chat.CareManagerRow, error) {
	s.count()
	return s.Store.CareManager(ctx, organization, id)
}

// T11: a department lists nobody who is enabled just as they are disabled.
func TestAPutOfACareManagerBesideAnother(t *testing.T) {
	for name, active := range map[string]bool{"enabled while disabled": true, "disabled while enabled": false} {
		t.Run(name, func(t *testing.T) {
			w := town.New(t, town.Uncached)
			w.CheckAtEnd()
			set := func(active bool) func(*chat.CareManagerRow) {
				return func(m *chat.CareManagerRow) { m.Active = active }
			}
			w.PutCareManager(town.Rivera, set(active))
			w.Chat.Service.Store = &readsLate{Store: w.Table, before: func() {
				_, err := (&directory.Service{Store: w.Table, Now: w.Chat.Now}).PutCareManager(t.Context(), town.Platform, town.CareManagerPut(town.Rivera, set(!active)))
				w.Must(nil, err)
			}}
			w.PutCareManager(town.Rivera, set(active), func(m *chat.CareManagerRow) { m.Name = "Another name" })
		})
	}
}
