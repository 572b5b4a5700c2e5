package table_test

import (
	"cmp"
	"context"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/problem"
	"carechat/shared/table"
	"carechat/tests/support/town"
)

// careManagerNow returns a care manager as a caller, with what their row says now.
func careManagerNow(t testing.TB, w *town.Town, id string) chat.Caller {
	t.Helper()
	row, err := w.Table.CareManager(t.Context(), "harbor", id)
	if err != nil || row == nil {
		t.Fatal(row, err)
	}
	return chat.Caller{
		Kind: chat.CareManager, Organization: "harbor", ID: id, Name: row.Name, Departments: row.DepartmentIDs, Covers: row.Covers,
	}
}

// T11, S7: while a coverage runs, who covers has the covered one's rights and lists,
// and the member sees who it is. It starts and ends by the clock, and by no write.
func TestACoverageRunsByTheClock(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	ana := chat.Caller{Kind: chat.Member, Organization: "harbor", ID: "ana"}
	rivera := careManagerNow(t, w.Town, "cm-rivera")
	w.Must(w.Chat.Start(ctx, rivera, "ana", "diabetes", chat.Draft{ClientMessageID: "0123456789abcdef", Text: "Hi"}))
	put := directory.CoveragePut{
		CoverageRef: directory.CoverageRef{CareManagerID: "me", ID: "vacation"}, CoverID: "cm-chen",
		From: w.Now.Add(time.Hour), To: w.Now.Add(2 * time.Hour),
	}
	made, err := w.Chat.PutCoverage(ctx, rivera, put)
	if err != nil || !made.Created {
		t.Fatalf("made %+v, %v", made, err)
	}
	check := func(when string, runs bool) {
		t.Helper()
		chen := careManagerNow(t, w.Town, "cm-chen")
		caseload, err := w.Chat.Caseload(ctx, chen, chat.WorkQuery{Scope: chat.CoveringNow})
		if err != nil || (len(caseload.Items) == 1) != runs {
			t.Errorf("%s, who covers has %+v, %v", when, caseload, err)
		}
		if _, err := w.Chat.ListService.Chats(ctx, chen, "ana"); (err == nil) != runs {
			t.Errorf("%s, who covers sees the member's chats: %v", when, err)
		}
		screen, err := w.Chat.ListService.Chats(ctx, ana, "me")
		if err != nil || (screen.Threads[0].Cover.By.ID == "cm-chen") != runs {
			t.Errorf("%s, the member sees %+v, %v", when, screen.Threads[0].Cover, err)
		}
	}
	check("before it", false)
	w.Now = put.From
	check("from its start", true)
	w.PutCareManager(town.Chen, func(m *chat.CareManagerRow) { m.Active = false })
	if screen, err := w.Chat.ListService.Chats(ctx, ana, "me"); err != nil || screen.Threads[0].Cover.By.ID != "" {
		t.Errorf("of somebody who is disabled the member sees %+v, %v", screen.Threads[0].Cover, err)
	}
	w.Now = put.To
	check("at its end", false)
	if all, err := w.Chat.Coverages(ctx, rivera, "me"); err != nil || len(all) != 0 {
		t.Errorf("after its end there are %+v, %v", all, err)
	}
}

// T11: both care managers' rows say the same of a coverage, whatever it becomes.
func TestACoverageIsReplacedAndEnds(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	ref := directory.CoverageRef{CareManagerID: "cm-rivera", ID: "vacation"}
	put := func(id, by string, from, to time.Duration) (directory.Stored[chat.Coverage], error) {
		ref := directory.CoverageRef{CareManagerID: "cm-rivera", ID: id}
		return w.Chat.PutCoverage(ctx, platform, directory.CoveragePut{CoverageRef: ref, CoverID: by, From: w.Now.Add(from), To: w.Now.Add(to)})
	}
	covering := func(want map[string]int) {
		t.Helper()
		for id, n := range want {
			if got := careManagerNow(t, w.Town, id).Covers; len(got) != n {
				t.Errorf("%s covers %+v, want %d", id, got, n)
			}
		}
	}
	w.Must(w.Chat.PutCareManager(ctx, platform, directory.Put[chat.CareManagerRow]{
		ID: "cm-okafor", Entry: chat.CareManagerRow{Name: "Ngozi", DepartmentIDs: []string{"nurses"}, Active: true},
	}))
	w.Must(put("vacation", "cm-chen", -time.Hour, time.Hour))
	again, err := put("vacation", "cm-chen", -time.Hour, time.Hour)
	if err != nil || again.Created {
		t.Errorf("the same again: %+v, %v", again, err)
	}
	covering(map[string]int{"cm-chen": 1, "cm-okafor": 0})
	w.Must(put("vacation", "cm-okafor", 0, 3*time.Hour))
	covering(map[string]int{"cm-chen": 0, "cm-okafor": 1})
	if _, err := put("illness", "cm-chen", 2*time.Hour, 4*time.Hour); !problem.Is(err, problem.CoverageOverlaps) {
		t.Errorf("another in the same time: %v", err)
	}
	w.Must(put("illness", "cm-okafor", 3*time.Hour, 4*time.Hour)) // it begins as the other ends
	covering(map[string]int{"cm-okafor": 2})
	for name, refused := range map[string]error{
		"oneself":      second(put("new", "cm-rivera", 5*time.Hour, 6*time.Hour)),
		"nobody":       second(put("new", "cm-nobody", 5*time.Hour, 6*time.Hour)),
		"no time":      second(put("new", "cm-chen", 5*time.Hour, 5*time.Hour)),
		"what is past": second(put("new", "cm-chen", -2*time.Hour, -time.Hour)),
		"from no time": second(w.Chat.PutCoverage(ctx, platform, directory.CoveragePut{
			CoverageRef: directory.CoverageRef{CareManagerID: "cm-rivera", ID: "new"}, CoverID: "cm-chen", To: w.Now.Add(time.Minute),
		})),
		"without a name": second(put("new", "", 5*time.Hour, 6*time.Hour)),
	} {
		if !problem.Is(refused, problem.ValidationFailed) {
			t.Errorf("%s: %v", name, refused)
		}
	}
	if err := w.Chat.EndCoverage(ctx, platform, ref); err != nil {
		t.Error(err)
	}
	covering(map[string]int{"cm-okafor": 1})
	if err := w.Chat.EndCoverage(ctx, platform, ref); !problem.Is(err, problem.NotFound) {
		t.Errorf("ended again: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

// S7: who covers somebody is set by themselves, by a colleague of a shared
// department and by the platform.
func TestWhoSetsACoverage(t *testing.T) {
	w := newTown(t)
	stranger := chat.Caller{Kind: chat.CareManager, Organization: "harbor", ID: "cm-far", Departments: []string{"coaches"}}
	for _, c := range []struct {
		by   chat.Caller
		want problem.Code
	}{
		{careManagerNow(t, w.Town, "cm-rivera"), ""}, {careManagerNow(t, w.Town, "cm-chen"), ""}, {platform, ""},
		{stranger, problem.NotFound}, {chat.Caller{Kind: chat.Member, Organization: "harbor", ID: "ana"}, problem.Forbidden},
	} {
		_, err := w.Chat.Coverages(t.Context(), c.by, "cm-rivera")
		if c.want == "" && err != nil || c.want != "" && !problem.Is(err, c.want) {
			t.Errorf("%s: %v, want %q", c.by.ID, err, c.want)
		}
	}
}

// T11, N8: each start and each end of a coverage is told once, whatever became of it and
// however long upkeep was down. Nothing is told of one that never ran.
func TestEachStartAndEndOfACoverageIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		run  func(v *coverageTest)
		want []string
	}{
		"it runs its time": {func(v *coverageTest) {
			v.put("cm-chen", time.Hour, 2*time.Hour)
			v.hear(time.Hour)
			v.hear(time.Hour)
		}, []string{"started cm-chen 1h-2h", "ended cm-chen 1h-2h"}},
		"upkeep was down for all of it": {func(v *coverageTest) {
			v.put("cm-chen", time.Hour, 2*time.Hour)
			v.hear(24 * time.Hour)
		}, []string{"started cm-chen 1h-2h", "ended cm-chen 1h-2h"}},
		"it is taken back": {func(v *coverageTest) {
			v.put("cm-chen", time.Hour, 2*time.Hour)
			v.end()
			v.hear(24 * time.Hour)
		}, nil},
		"it is ended": {func(v *coverageTest) {
			v.put("cm-chen", 0, 2*time.Hour)
			v.hear(time.Hour)
			v.end()
			v.hear(0)
		}, []string{"started cm-chen 0s-2h", "ended cm-chen 0s-1h"}},
		"it is ended before it was told": {func(v *coverageTest) {
			v.put("cm-chen", -time.Hour, 2*time.Hour)
			v.Now = v.Now.Add(time.Minute)
			v.end()
			v.hear(0)
		}, []string{"started cm-chen -1h-2h", "ended cm-chen -1h-1m"}},
		"it is made longer": {func(v *coverageTest) {
			v.put("cm-chen", 0, 2*time.Hour)
			v.hear(time.Hour)
			v.put("cm-chen", 0, 3*time.Hour)
			v.hear(time.Hour)
			v.hear(time.Hour)
		}, []string{"started cm-chen 0s-2h", "ended cm-chen 0s-3h"}},
		"another covers": {func(v *coverageTest) {
			v.put("cm-chen", 0, 2*time.Hour)
			v.hear(time.Hour)
			v.put("cm-okafor", time.Hour, 4*time.Hour)
			v.hear(time.Hour)
		}, []string{"started cm-chen 0s-2h", "ended cm-chen 0s-1h", "started cm-okafor 1h-4h"}},
		"others cover, one after another, while upkeep is down": {func(v *coverageTest) {
			v.put("cm-chen", 0, 9*time.Hour)
			v.Now = v.Now.Add(time.Hour)
			v.put("cm-okafor", time.Hour, 9*time.Hour)
			v.Now = v.Now.Add(time.Hour)
			v.put("cm-chen", 2*time.Hour, 9*time.Hour)
			v.hear(time.Hour)
		}, []string{"started cm-chen 0s-9h", "ended cm-chen 0s-1h", "started cm-okafor 1h-9h", "ended cm-okafor 1h-2h", "started cm-chen 2h-9h"}},
		"it is replaced and taken back in a moment": {func(v *coverageTest) {
			v.put("cm-chen", 0, 9*time.Hour)
			v.put("cm-okafor", 0, 9*time.Hour)
			v.end()
			v.hear(time.Hour)
		}, nil},
		"it is put off while it runs, and taken back": {func(v *coverageTest) {
			v.put("cm-chen", 0, 2*time.Hour)
			v.hear(time.Hour)
			v.put("cm-chen", 5*time.Hour, 6*time.Hour)
			v.end()
			v.hear(24 * time.Hour)
		}, []string{"started cm-chen 0s-2h", "ended cm-chen 0s-1h"}},
	} {
		t.Run(name, func(t *testing.T) {
			v := &coverageTest{world: newTown(t)}
			v.start = v.Now
			heard := &heardMarks{v.Table, v.note}
			v.Chat.Service.Store, v.Chat.UpkeepService.Store = heard, heard
			v.PutCareManager("cm-okafor", func(m *chat.CareManagerRow) { m.DepartmentIDs = []string{"nurses"} })
			c.run(v)
			v.hear(time.Hour)
			if diff := gocmp.Diff(c.want, v.heard); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// coverageTest is a coverage of Rivera's, whose times are since the start.
type coverageTest struct {
	*world
	start    time.Time
	heard    []string
	sequence int
}

var vacation = directory.CoverageRef{CareManagerID: "cm-rivera", ID: "vacation"}

func (v *coverageTest) put(by string, from, to time.Duration) {
	v.Must(v.Chat.PutCoverage(v.T.Context(), platform, directory.CoveragePut{
		CoverageRef: vacation, CoverID: by, From: v.start.Add(from), To: v.start.Add(to),
	}))
}

func (v *coverageTest) end() { v.Must(nil, v.Chat.EndCoverage(v.T.Context(), platform, vacation)) }

// hear lets time pass and has upkeep run.
func (v *coverageTest) hear(d time.Duration) {
	v.T.Helper()
	v.Now = v.Now.Add(d)
	v.Upkeep()
}

// note keeps what publish tells of a mark's change.
func (v *coverageTest) note(was, is chat.CoverageMark) {
	e, ok := chat.EventOf(&was, &is, v.Now)
	if !ok || e.Sequence <= v.sequence {
		v.T.Errorf("%+v is told of %+v", e, is)
	}
	v.sequence = e.Sequence
	short := func(at time.Time) string {
		return strings.TrimSuffix(strings.TrimSuffix(at.Sub(v.start).String(), "0s"), "0m")
	}
	from := cmp.Or(short(e.From), "0s")
	v.heard = append(v.heard, strings.TrimPrefix(string(e.Type), "coverage.")+" "+e.Cover+" "+from+"-"+short(e.To))
}

// heardMarks notes each save of a mark.
type heardMarks struct {
	*table.Table
	heard func(was, is chat.CoverageMark)
}

func (h *heardMarks) SaveCoverageMark(ctx context.Context, is chat.CoverageMark) error {
	was, err := h.CoverageMark(ctx, is.Organization, is.Covered, is.ID)
	if err == nil {
		err = h.Table.SaveCoverageMark(ctx, is)
	}
	if err == nil {
		h.heard(was, is)
	}
	return err
}
