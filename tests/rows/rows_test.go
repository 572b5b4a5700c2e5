// Package rows holds every kind of row as each release writes it. Its tests show that this release reads and updates them all (T12).
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

	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/shared/invariants"
	"carechat/shared/login"
	"carechat/shared/notice"
	"carechat/shared/table"
	"carechat/tests/support/emulator"
	"carechat/tests/support/module"
	"carechat/tests/support/tables"
	"carechat/tests/support/town"
)

var update = flag.Bool("update", false, "write the rows of this release anew")

// release is the file of the rows that this code writes, a row a line. After the release it stays as it is: whoever changes what is
// written begins the next file.
const release = "release1.jsonl"

// variants are the states that must have a row.
var variants = []string{
	"person-member", "person-careManager", "enrollment-active", "enrollment-closed",
	"openrequest", "request-closed", "request-cancelled", "endedrequest",
	"thread-active", "thread-active-waiting", "thread-active-unread",
	"thread-inactive", "thread-inactive-waiting", "thread-inactive-unread-reminder",
	"message-member", "message-careManager", "sent-member", "sent-careManager", "owedlink-owed", "owedlink",
	"thread-active-unread-reminder", "thread-active-unread-shown", "state", "state-claimed",
	"mailbox-owed", "mailbox-usable", "notice-sent", "notice-suppressed", "notice-deferred",
	"phonestate-usable", "phonestate-optedOut", "topics",
}

// variant names a row's kind and, if it has several, its state.
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

// releases returns the rows of each release by its file.
func releases(t *testing.T) map[string][]row {
	t.Helper()
	files, err := filepath.Glob("release*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no rows:", err)
	}
	all := map[string][]row{}
	for _, file := range files {
		all[file] = read(t, file)
	}
	return all
}

func read(t *testing.T, file string) (rows []row) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		var r row
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatalf("%s: %v in %s", file, err, line)
		}
		rows = append(rows, r)
	}
	return rows
}

// write returns the rows of a world, a line each, by their keys.
func write(t *testing.T, w *world) []byte {
	t.Helper()
	rows := w.rows(t)
	slices.SortFunc(rows, func(a, b row) int { return strings.Compare(fmt.Sprint(a.key()), fmt.Sprint(b.key())) })
	var text bytes.Buffer
	for _, r := range rows {
		line, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(append(line, '\n'))
	}
	return text.Bytes()
}

// -update writes the file.
func TestTheFileIsWhatThisReleaseWrites(t *testing.T) {
	s := &story{world: newWorld(t), ctx: t.Context()}
	s.tell()
	wrote := write(t, s.world)
	if *update {
		if err := os.WriteFile(release, wrote, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.ReadFile(release)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(file), "\n"), strings.Split(string(wrote), "\n")); diff != "" {
		t.Errorf("%s (-) and what this code writes (+) differ; if it is out, begin the next file, else run this test with -update:\n%s", release, diff)
	}
}

// gridTypes returns the Go types of the kinds of rows in the table's grid.
func gridTypes(t *testing.T) (all []string) {
	t.Helper()
	line := regexp.MustCompile(`(?m)^//\t(?:[A-Z]+\S*)? +[A-Z_]+\S* +([a-z]+\.[A-Z]\w+)`)
	for _, found := range line.FindAllSubmatch(module.Read(t, "shared/table/doc.go"), -1) {
		all = append(all, string(found[1]))
	}
	if len(all) == 0 {
		t.Fatal("no grid")
	}
	return all
}

func TestEveryKindOfRowIsThereInEveryState(t *testing.T) {
	rows := read(t, release)
	has, types := map[string]bool{}, map[string]bool{}
	for _, r := range loaded(t, rows).decoded(t) {
		has[variant(r)], types[fmt.Sprintf("%T", r.Value)] = true, true
	}
	for _, name := range variants {
		if !has[name] {
			t.Errorf("no %s", name)
		}
	}
	for _, name := range gridTypes(t) {
		if !types[name] {
			t.Errorf("no row of the kind %s", name)
		}
	}
	t.Logf("%d rows of %d kinds in %d states", len(rows), len(types), len(has))
}

// Together the rows of a release are a sound table, and members see it.
func TestTheRowsOfEveryReleaseAreASoundTable(t *testing.T) {
	for _, rows := range releases(t) {
		w := loaded(t, rows)
		tables.Check(t, emulator.URL, w.Name)
		w.show(t)
	}
}

// show reads every member's chats and messages.
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
	"programs", "replyHours", "order", "disabled", "subjects", // directory
	"phone", "email", "timeZone", "provisioned", "paused", "epoch", // people
	"outcome", "note", "waitingSince", "unreadSince", "unreadByMemberSince", "due", // chats
	"WORK_PK", "WORK_SK", "DUE_PK", "DUE_SK", "landing", // indexes, log-ins
	"lockedUntil", "address", "dueAt", "attempts", "lost", // work that is owed
	"texts", "stopSaidAt", "dueRule", "dueChannels", "channel", // notices
	"topic", "subscription", "subscribedAt", "status", "old", "cause", // channels
}

// strip removes the optional attributes, however deep.
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

// A row reads without its optional attributes, and with its key alone.
func TestARowMayLackWhatIsOptional(t *testing.T) {
	for release, rows := range releases(t) {
		text, err := os.ReadFile(release)
		for _, name := range optional {
			if err != nil || !bytes.Contains(text, []byte(`"`+name+`":`)) {
				t.Errorf("%s: no row has %s (%v)", release, name, err)
			}
		}
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
