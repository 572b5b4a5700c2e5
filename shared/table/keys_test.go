package table

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"carechat/shared/chat"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// idGen makes ids as A1 allows them.
func idGen() *rapid.Generator[string] { return rapid.StringMatching(`[A-Za-z0-9_-]{1,64}`) }

// Keys of different things never run together, for whatever ids (G8).
func TestKeysAreInjective(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := func(name string) string { return idGen().Draw(t, name) }
		a, b := chat.MemberKey{Organization: id("o1"), Member: id("m1")}, chat.MemberKey{Organization: id("o2"), Member: id("m2")}
		t1, t2 := id("t1"), id("t2")
		if (memberKey(a) == memberKey(b)) != (a == b) {
			t.Fatalf("%v and %v share a partition", a, b)
		}
		if (messagesKey(a, t1) == messagesKey(b, t2)) != (a == b && t1 == t2) {
			t.Fatal("two conversations share a partition")
		}
		if strings.HasPrefix(string(messagesKey(a, t1)), string(memberKey(a))+"#") {
			t.Fatal("a conversation lies in its member's partition")
		}
		if got, ok := memberSort(a).member(); !ok || got != a {
			t.Fatalf("%v comes back as %v", a, got)
		}
		if memberKey(a).organizationOf() != a.Organization || threadSort(t1).lastPart() != t1 {
			t.Fatal("a key does not read back")
		}
	})
}

// Nothing of another kind begins with a prefix that a list is read by.
func TestPrefixesAreKeptApart(t *testing.T) {
	prefixes := []sort{chatPrefix, sessionPrefix, "REQUEST#", "KEY#", noticePrefix, profileSort, preferencesSort, limitsSort, mailboxSort}
	for i, a := range prefixes {
		for _, b := range prefixes[i+1:] {
			if strings.HasPrefix(string(a), string(b)) || strings.HasPrefix(string(b), string(a)) {
				t.Errorf("%s and %s run together", a, b)
			}
		}
	}
	for _, sk := range []sort{departmentSort("z"), programSort("z"), reasonSort("z"), settingsSort} {
		if sk < departmentPrefix || sk > settingsSort {
			t.Errorf("%s is outside the configuration's range", sk)
		}
	}
	if sk := careManagerSort("z"); sk >= departmentPrefix {
		t.Error("staff lie inside the configuration's range")
	}
}

// Keys sort as what they stand for.
func TestKeysSortByTimeAndBySeq(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.IntRange(1, 999_999_999).Draw(t, "a"), rapid.IntRange(1, 999_999_999).Draw(t, "b")
		if (messageSort(a) < messageSort(b)) != (a < b) {
			t.Fatalf("%d and %d", a, b)
		}
		at := func(ms int) sort { return dueSort(time.UnixMilli(int64(ms) * 1000)) }
		if (at(a) < at(b)) != (a < b) {
			t.Fatalf("times %d and %d", a, b)
		}
	})
}

// A thread stands in its owner's work by the row alone (T10). Of a closed program
// what waits is in a list, what the member has not read is in none (T9).
func TestWhereAThreadStands(t *testing.T) {
	since := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	closed := chat.Thread{ID: "t", Member: chat.Ref{ID: "eli"}, State: chat.ThreadInactive, UnreadByMemberSince: since}
	if got := threadWork(closed); got != "" {
		t.Errorf("what is unread in a closed program is at %q", got)
	}
	closed.WaitingSince = since
	for want, thread := range map[sort]chat.Thread{
		"":                                       {},
		"WAITING#2026-03-02T12:00:00.000Z#ana#t": {ID: "t", Member: chat.Ref{ID: "ana"}, WaitingSince: since, UnreadByMemberSince: since.Add(1)},
		"UNREAD#2026-03-02T12:00:00.000Z#ana#t":  {ID: "t", Member: chat.Ref{ID: "ana"}, UnreadByMemberSince: since},
		"WAITING#2026-03-02T12:00:00.000Z#eli#t": closed,
	} {
		if got := threadWork(thread); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// What is written is read back, whatever it is: every attribute of every row.
func TestRowsReadBack(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 0, 0, 5e6, time.UTC)
	thread := chat.Thread{}
	fill(reflect.ValueOf(&thread).Elem(), at)
	var gotThread chat.Thread
	threadFields(&gotThread).read(threadFields(&thread).item())
	gotThread.Organization, gotThread.ID = thread.Organization, thread.ID // from the key
	if d := cmp.Diff(thread, gotThread); d != "" {
		t.Errorf("thread: %s", d)
	}

	request := chat.Request{}
	fill(reflect.ValueOf(&request).Elem(), at)
	var gotRequest chat.Request
	requestFields(&gotRequest).read(requestFields(&request).item())
	gotRequest.Organization, gotRequest.CheckAt = request.Organization, request.CheckAt // from the keys
	if d := cmp.Diff(request, gotRequest); d != "" {
		t.Errorf("request: %s", d)
	}

	enrollment, message := chat.Enrollment{}, chat.Message{}
	fill(reflect.ValueOf(&enrollment).Elem(), at)
	fill(reflect.ValueOf(&message).Elem(), at)
	var gotEnrollment chat.Enrollment
	var gotMessage chat.Message
	enrollmentFields(&gotEnrollment).read(enrollmentFields(&enrollment).item())
	messageFields(&gotMessage).read(messageFields(&message).item())
	gotEnrollment.Organization = enrollment.Organization
	gotMessage.Seq, gotMessage.Author.ID = message.Seq, message.Author.ID // from the key and the thread
	gotMessage.CheckAt = message.CheckAt                                  // which its client's record has
	if d := cmp.Diff(enrollment, gotEnrollment) + cmp.Diff(message, gotMessage); d != "" {
		t.Error(d)
	}
}

// fill gives every field of a struct a value that is not zero.
func fill(v reflect.Value, at time.Time) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(at))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), at)
		}
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), at)
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), at)
		}
	case v.Kind() == reflect.String:
		v.SetString("text of " + v.Type().Name())
	case v.Kind() == reflect.Int:
		v.SetInt(7)
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	}
}
