// Package rows holds a row of each kind as each release wrote it, and the tests
// that this release reads and updates them all (T12).
package rows

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"carechat/shared/chat"
	"carechat/shared/login"
	"carechat/shared/notice"
	"carechat/shared/table"
	"carechat/tests/support/emulator"
	"carechat/tests/support/invariants"
	"carechat/tests/support/module"
	"carechat/tests/support/town"
)

var update = flag.Bool("update", false, "write the rows of this release anew")

// release is the one whose rows this code writes. Once it is out its files stay
// as they are: whoever changes what is written begins the next folder.
const release = "v2"

// variants are the states of which there is a row beside one of every kind.
var variants = []string{
	"person-member", "person-careManager", "enrollment-active", "enrollment-closed",
	"openrequest", "request-closed", "request-cancelled",
	"thread-active", "thread-active-waiting", "thread-active-unread",
	"thread-inactive", "thread-inactive-waiting", "thread-inactive-unread-reminder",
	"message-member", "message-careManager", "sent-member", "sent-careManager", "owedlink-owed", "owedlink",
	"thread-active-unread-reminder", "thread-active-unread-shown", "state", "state-claimed",
	"mailbox-owed", "mailbox-usable", "notice-sent", "notice-suppressed", "notice-deferred",
	"phonestate-usable", "phonestate-optedOut", "topics",
}

// variant is what a row is a case of: its kind and, where that matters, its state.
func variant(r invariants.Row) string {
	_, kind, _ := strings.Cut(strings.ToLower(fmt.Sprintf("%T", r.Value)), ".")
	also := func(state string, is bool) {
		if is {
			kind += "-" + state
		}
	}
	switch v := r.Value.(type) {
	case chat.Enrollment:
		also(string(v.State), true)
	case chat.Request:
		also(string(v.State), true)
	case chat.Thread:
		also(string(v.State), true)
		also("waiting", !v.WaitingSince.IsZero())
		also("unread", !v.UnreadSince.IsZero())
		also(string(v.DueRule), v.DueRule != "")
		also("shown", !v.UnreadByMemberSince.IsZero())
	case chat.Message:
		also(string(v.Role), true)
	case table.Sent:
		also(strings.Split(r.Stands.Table.SK, "#")[1], true)
	case chat.Person:
		also(string(v.Kind), true)
	case login.OwedLink:
		also("owed", !v.DueAt.IsZero())
	case chat.Mailbox:
		also("owed", !v.DueAt.IsZero())
		also(string(v.Status), v.Status != "")
	case chat.Notice:
		also(string(v.Decision), true)
	case chat.PhoneState:
		also(string(v.Status), true)
	case notice.State:
		also("claimed", v.Owed())
	}
	return kind
}

func releases(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob("v*")
	if err != nil || len(all) == 0 {
		t.Fatal("there are no rows:", err)
	}
	return all
}

// read reads the rows of a release in the order of their files' names.
func read(t *testing.T, release string) (files map[string][]byte, rows []row) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(release, "*.json"))
	files = map[string][]byte{}
	for _, path := range paths {
		var r row
		text, readErr := os.ReadFile(path)
		if readErr == nil {
			err = json.Unmarshal(text, &r)
		}
		if readErr != nil || err != nil {
			t.Fatal(path, readErr, err)
		}
		files[filepath.Base(path)], rows = text, append(rows, r)
	}
	return files, rows
}

// write names and spells every row of a world; equal variants are numbered by key.
func write(t *testing.T, w *world) map[string][]byte {
	t.Helper()
	kinds, rows := w.decoded(t), w.rows(t)
	slices.SortFunc(rows, func(a, b row) int {
		return strings.Compare(fmt.Sprint(a.key()), fmt.Sprint(b.key()))
	})
	count, files := map[string]int{}, map[string][]byte{}
	for _, r := range rows {
		kind := variant(kinds[r.key()])
		count[kind]++
		text, err := json.MarshalIndent(r, "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		files[fmt.Sprintf("%s-%d.json", kind, count[kind])] = append(text, '\n')
	}
	return files
}

// The files are what this release writes, to the byte; -update writes them.
func TestTheFilesAreWhatThisReleaseWrites(t *testing.T) {
	s := &story{world: newWorld(t), ctx: t.Context()}
	if err := s.tell(); err != nil {
		t.Fatal(err)
	}
	wrote := write(t, s.world)
	if *update {
		err := os.RemoveAll(release)
		for name, text := range wrote {
			_ = os.MkdirAll(release, 0o755)
			if err == nil {
				err = os.WriteFile(filepath.Join(release, name), text, 0o600)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	files, _ := read(t, release)
	for name, text := range wrote {
		if !bytes.Equal(text, files[name]) {
			t.Errorf("%s/%s: this code writes\n%s", release, name, text)
		}
	}
	if len(files) != len(wrote) {
		t.Errorf("%d files, this code writes %d rows", len(files), len(wrote))
	}
	if t.Failed() {
		t.Logf("if %s is out, begin the next folder; if not, run this test with -update", release)
	}
}

var kindPattern = regexp.MustCompile(`^[A-Z_]+(#[A-Z_]+)*#?`)

// kinds are what sort keys begin with, as the table's grid has them; one without
// a # is a whole key.
func kinds(t *testing.T) (all []string) {
	t.Helper()
	text, err := os.ReadFile(module.Path("shared/table/doc.go"))
	_, grid, ok := strings.Cut(string(text), "//\tPK")
	grid, _, _ = strings.Cut(grid, "//\n")
	from, to := strings.Index(grid, "SK")+len("PK"), strings.Index(grid, "Go")+len("PK")
	if err != nil || !ok {
		t.Fatal("no grid:", err)
	}
	for line := range strings.Lines(grid) {
		if line, ok := strings.CutPrefix(line, "//\t"); ok && len(line) > from {
			for _, each := range strings.Fields(line[from:min(to, len(line))]) {
				all = append(all, kindPattern.FindString(each))
			}
		}
	}
	return all
}

func TestEveryKindOfRowHasAFile(t *testing.T) {
	_, rows := read(t, release)
	has := map[string]bool{}
	var keys []string
	for k, r := range loaded(t, rows).decoded(t) {
		has[variant(r)], keys = true, append(keys, k.SK)
	}
	for _, name := range variants {
		if !has[name] {
			t.Errorf("no %s", name)
		}
	}
	known := kinds(t)
	for _, begins := range known {
		if !slices.ContainsFunc(keys, func(sk string) bool {
			return sk == begins || strings.HasSuffix(begins, "#") && strings.HasPrefix(sk, begins)
		}) {
			t.Errorf("no row of the kind %s", begins)
		}
	}
	t.Logf("%d rows of %d kinds in %d states", len(rows), len(known), len(has))
}

// Together the rows of a release are one sound table, which reads.
func TestTheRowsOfEveryReleaseAreASoundTable(t *testing.T) {
	for _, release := range releases(t) {
		_, rows := read(t, release)
		w := loaded(t, rows)
		invariants.Check(t, emulator.URL, w.Name)
		w.show(t)
	}
}

// show reads what members see.
func (w *world) show(t *testing.T) {
	t.Helper()
	for id := range phones {
		chats, err := w.Chat.Chats(t.Context(), town.Member(id), "me")
		if err != nil {
			t.Errorf("%s's chats: %v", id, err)
		}
		for _, th := range chats.Threads {
			page, err := w.Chat.Messages(t.Context(), town.Member(id), "me", th.ID, chat.MessageQuery{Limit: 50})
			if err != nil || len(page.Items) != th.LastSeq() {
				t.Errorf("%s's messages: %d, %v", id, len(page.Items), err)
			}
		}
	}
}

// optional are the attributes that a row may lack.
var optional = []string{
	"linkUrl", "quietHours", "hours", "holidays", "minutesBetweenTexts", "keysUrl", // settings
	"programs", "replyHours", "order", "disabled", "covers", "subjects", // directory
	"phone", "email", "timeZone", "provisioned", "paused", "epoch", // people
	"outcome", "note", "waitingSince", "unreadSince", "unreadByMemberSince", "due", // chats
	"WORK_PK", "WORK_SK", "DUE_PK", "DUE_SK", "landing", // indexes, log-ins
	"lockedUntil", "address", "dueAt", "attempts", "lost", "served", "for",
	"texts", "stopSaidAt", "attempt", "setbacks", "dueRule", "dueChannels", "channel", // notices
	"topic", "subscription", "subscribedAt", "status", "old", "cause",
}

// strip takes away what is optional, wherever it is.
func strip(v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range optional {
			delete(v, name)
		}
		for _, each := range v {
			strip(each)
		}
	case []any:
		for _, each := range v {
			strip(each)
		}
	}
}

// A row without all that it may lack reads; so does one of which its key alone is left.
func TestARowMayLackWhatIsOptional(t *testing.T) {
	for _, release := range releases(t) {
		_, rows := read(t, release)
		var bare []row
		for _, r := range rows {
			strip(map[string]any(r))
			bare = append(bare, row{"PK": r["PK"], "SK": r["SK"]})
		}
		w := loaded(t, rows)
		w.decoded(t)
		w.show(t)
		loaded(t, bare).decoded(t)
	}
}
