package table

import (
	"reflect"
	"testing"
	"time"

	"carechat/shared/chat"
	"carechat/shared/login"
	"carechat/shared/notice"

	"github.com/google/go-cmp/cmp"
)

// What notices keep is read back, whatever it is: every attribute of every row.
func TestRowsOfNoticesReadBack(t *testing.T) {
	m := chat.MemberKey{Organization: "harbor", Member: "ana"}
	readsBack(t, ledgerFields, func(l *notice.Ledger) { l.Key = m })
	readsBack(t, limitsFields, func(l *login.Limits) { l.Key = m })
	readsBack(t, noticeFields, func(n *chat.Notice) { n.Key, n.ID = m, "ntc_1" })
	readsBack(t, mailboxFields, func(b *chat.Mailbox) { b.Key = m })
	readsBack(t, preferencesFields, func(*chat.Preferences) {})
	readsBack(t, phoneFields, func(*chat.PhoneState) {})
	readsBack(t, topicsFields, func(*notice.Topics) {})
	asked := func(a *login.Asked) fields { return askedFields(a, time.Now()) }
	readsBack(t, asked, func(a *login.Asked) { a.Contact = "hash" })
}

// readsBack fills every field and compares what comes back but for what the key says.
func readsBack[T any](t *testing.T, of func(*T) fields, key func(*T)) {
	t.Helper()
	var want, got T
	fill(reflect.ValueOf(&want).Elem(), time.Date(2026, 3, 2, 12, 0, 0, 5e6, time.UTC))
	of(&got).read(of(&want).item())
	key(&want)
	key(&got)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%T: %s", want, d)
	}
}

// An update that leaves something out takes it away: none of it lingers.
func TestWhatIsLeftOutIsRemoved(t *testing.T) {
	var l notice.Ledger
	removed := map[string]bool{}
	for _, name := range ledgerWrite(notice.Ledger{Version: 2}).remove {
		removed[name] = true
	}
	for _, f := range ledgerFields(&l) {
		if zero := f.value.encode() == nil; zero != removed[f.name] {
			t.Errorf("%s: left out %v, removed %v", f.name, zero, removed[f.name])
		}
	}
}

func TestARowThatCannotBeDueAsksForNothing(t *testing.T) {
	for _, k := range [][2]string{
		{"CONTACT#x", "ORG#harbor#MEMBER#ana"}, {"CONTACT#x", "STATUS"}, {"CONTACT#x", "EMAIL"}, {"", ""}, {"", "ASKED"},
		{"ORG#harbor#MEMBER#ana", "PROFILE"}, {"ORG#harbor#MEMBER#ana", "ASKED"}, {"ORG#harbor#MEMBER#ana", "CHAT#OPEN#p"},
		{"ORG#harbor#THREAD#ana#t", "CHAT#THREAD#t"}, {"TOPICS", "COUNT"},
	} {
		if d, ok := DueRow(k[0], k[1]); ok {
			t.Errorf("%v is taken for %+v", k, d)
		}
	}
}
