package table

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"carechat/shared/chat"
	"carechat/shared/login"
	"carechat/shared/notice"
	"carechat/shared/owed"

	"github.com/google/go-cmp/cmp"
)

// Every attribute of every row that notices keep is read back.
func TestRowsOfNoticesReadBack(t *testing.T) {
	m := chat.MemberKey{Organization: "harbor", Member: "ana"}
	readsBack(t, noticeStateFields, func(s *notice.State) { s.Key = m })
	readsBack(t, limitsFields, func(l *login.Limits) { l.Key = m })
	readsBack(t, noticeFields, func(n *chat.Notice) { n.Key, n.ID = m, "ntc_1" })
	readsBack(t, mailboxFields, func(b *chat.Mailbox) { b.Key = m })
	readsBack(t, preferencesFields, func(*chat.Preferences) {})
	readsBack(t, phoneFields, func(*chat.PhoneState) {})
	readsBack(t, topicsFields, func(*notice.Topics) {})
	link := func(l *login.OwedLink) fields { return owedLinkFields(l, time.Now()) }
	readsBack(t, link, func(l *login.OwedLink) { l.Contact = "hash" })
}

// T12: an owed link that an earlier release wrote is anyone's if it names nobody.
func TestAnOwedLinkOfAnEarlierRelease(t *testing.T) {
	for _, c := range []struct {
		l    login.OwedLink
		want bool
	}{
		{login.OwedLink{Work: owed.At(time.Now())}, true}, {login.OwedLink{}, false},
		{login.OwedLink{Work: owed.At(time.Now()), For: []login.Recipient{{By: chat.AskedByPlatform}}}, false},
	} {
		row := owedLinkFields(&c.l, time.Now()).item()
		delete(row, "anyone")
		if got := readOwedLink("hash", row); got.Anyone != c.want {
			t.Errorf("%+v is anyone's: %v", c.l, got.Anyone)
		}
	}
}

// readsBack fills every field and compares what is read back, except what the key says.
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

// An update removes the attributes that have no value any more.
func TestWhatIsLeftOutIsRemoved(t *testing.T) {
	var s notice.State
	removed := map[string]bool{}
	expression, names, _ := noticeStateWrite(notice.State{Version: 2}).expression()
	_, gone, _ := strings.Cut(expression, " REMOVE ")
	for name := range strings.SplitSeq(gone, ", ") {
		removed[names[name]] = true
	}
	for _, f := range noticeStateFields(&s) {
		if zero := f.value.encode() == nil; zero != removed[f.name] {
			t.Errorf("%s: left out %v, removed %v", f.name, zero, removed[f.name])
		}
	}
}

func TestARowThatCannotBeDueAsksForNothing(t *testing.T) {
	for _, k := range [][2]string{
		{"CONTACT#x", "ORG#harbor#MEMBER#ana"}, {"CONTACT#x", "STATUS"}, {"CONTACT#x", "EMAIL"}, {"", ""}, {"", "ASKED"},
		{"ORG#harbor#MEMBER#ana", "PREFERENCES"}, {"ORG#harbor#MEMBER#ana", "ASKED"}, {"ORG#harbor#MEMBER#ana", "REQUEST#r"}, {"ORG#harbor#THREAD#ana#t", "MESSAGE#1"},
		{"ORG#harbor#THREAD#ana#t", "CHAT#THREAD#t"}, {"TOPICS#3", "COUNT"}, {"SWEEP", "LEASE"},
	} {
		if d, ok := JobOf(k[0], k[1]); ok {
			t.Errorf("%v is taken for %+v", k, d)
		}
	}
}
