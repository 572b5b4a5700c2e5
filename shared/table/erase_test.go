package table_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/invariants"
	"carechat/shared/problem"
	"carechat/tests/support/emulator"
	"carechat/tests/support/tables"
	"carechat/tests/support/town"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// rowsOf returns the keys of the rows of a member, and of contacts.
func rowsOf(t *testing.T, w *town.Town, member string) (keys []string) {
	t.Helper()
	all, err := tables.Scan(t.Context(), emulator.URL, w.Name)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range all.Rows {
		if k := invariants.KeyOf(row); strings.Contains(k.PK, member) || strings.HasPrefix(k.PK, "CONTACT#") {
			keys = append(keys, k.PK+" "+k.SK)
		}
	}
	return keys
}

// anErasable town has ben, with everything that a member can have, and another who shares
// nothing with him.
func anErasableTown(t *testing.T, options ...town.Option) *town.Town {
	t.Helper()
	w := town.New(t, append([]town.Option{town.Uncached}, options...)...)
	w.CheckAtEnd()
	w.PutMember("benjamin", town.Phone("+15550100188"), town.Email("benjamin@example.org"), town.Subject(town.Issuer, "benjamins-subject"))
	syncMailbox(t, w)
	w.Enroll("benjamin", town.Program, town.Rivera)
	thread := w.Start(town.Rivera, "benjamin", town.Program, "0123456789abcdef").ID
	for n := range 60 {
		w.Reply("benjamin", thread, fmt.Sprintf("fedcba98765432%02d", n))
	}
	r := w.Submit("benjamin", town.Program, "0123456789abcdef")
	w.Must(w.Chat.Cancel(t.Context(), town.Member("benjamin"), "me", r.ID, chat.Precondition{}))
	w.Submit("benjamin", town.Program, "1123456789abcdef")
	w.Must(w.Chat.PutPreferences(t.Context(), town.Member("benjamin"), "me", chat.PreferencesPut{Channels: []chat.Channel{chat.SMS}}))
	return w
}

// syncMailbox does what benjamin's mailbox owes, as notify does.
func syncMailbox(t *testing.T, w *town.Town) {
	t.Helper()
	w.Must(nil, w.NewSender(w.Table, w.NewSNS()).SyncMailbox(t.Context(), town.Key("benjamin")))
}

// erase erases benjamin and lets upkeep run as often as it takes.
func erase(t *testing.T, w *town.Town) {
	t.Helper()
	w.Must(w.Chat.EraseMember(t.Context(), town.Key("benjamin")))
	w.Upkeep()
	syncMailbox(t, w)
	for range 3 {
		w.Upkeep()
		w.Now = w.Now.Add(6 * time.Minute)
	}
}

// T14: nothing is left of an erased member but the row that says so, and a later PUT makes
// another member.
func TestNothingIsLeftOfAnErasedMember(t *testing.T) {
	w := anErasableTown(t)
	ctx, key := t.Context(), town.Key("benjamin")
	if p, err := w.Chat.EraseMember(ctx, key); err != nil || p.EraseAt.IsZero() {
		t.Fatalf("%+v, %v", p, err)
	}
	if _, err := w.Chat.PutMember(ctx, town.Platform, town.MemberPut("benjamin")); !problem.Is(err, problem.Unavailable) {
		t.Errorf("while it is erased, a PUT: %v", err)
	}
	if _, err := w.Chat.Member(ctx, town.Platform, "benjamin"); !problem.Is(err, problem.NotFound) {
		t.Errorf("the platform reads the member: %v", err)
	}
	if _, err := w.Chat.Submit(ctx, town.Member("benjamin"), "me", chat.RequestDraft{IdempotencyKey: "2123456789abcdef", ProgramID: town.Program, ReasonID: "symptoms"}); err == nil {
		w.Upkeep()
	}
	erase(t, w)
	if keys := rowsOf(t, w, "benjamin"); len(keys) != 1 || !strings.HasSuffix(keys[0], " PROFILE") {
		t.Errorf("there is left: %q", keys)
	}
	if p, err := w.Chat.EraseMember(ctx, key); err != nil || !p.EraseAt.IsZero() || p.ErasedAt.IsZero() {
		t.Errorf("erased again: %+v, %v", p, err)
	}
	if _, err := w.Chat.Hold(ctx, key, true); !problem.Is(err, problem.NotFound) {
		t.Errorf("held: %v", err)
	}
	w.PutMember("benjamin")
	if p, err := w.Chat.Member(ctx, town.Platform, "benjamin"); err != nil || p.Epoch == 0 || len(w.Chats("benjamin").Threads) > 0 {
		t.Errorf("the next member: %+v, %v", p, err)
	}
}

// T14: what was read before a member was erased may be written after that. It goes, too.
func TestAWriteThatBeganBeforeAnErasureIsErased(t *testing.T) {
	w := anErasableTown(t)
	ctx, key := t.Context(), town.Key("benjamin")
	w.Must(w.Chat.EraseMember(ctx, key))
	w.Upkeep()
	w.Must(nil, w.Table.SaveNotices(ctx, chat.Notice{Key: key, ID: "ntc_1", Kind: chat.LinkNotice, Decision: chat.Suppressed, Rule: "cap", At: w.Now}))
	w.Must(nil, w.Table.SavePreferences(ctx, key, chat.Preferences{Version: 1}, nil))
	erase(t, w)
	if keys := rowsOf(t, w, "benjamin"); len(keys) != 1 {
		t.Errorf("there is left: %q", keys)
	}
}

// failing fails each call from the nth on that deletes.
type failing struct {
	next aws.HTTPClient
	left *int
}

func (f failing) Do(r *http.Request) (*http.Response, error) {
	if target := r.Header.Get("X-Amz-Target"); strings.HasSuffix(target, "TransactWriteItems") || strings.HasSuffix(target, "DeleteItem") {
		if *f.left--; *f.left < 0 {
			killed := &http.Response{StatusCode: http.StatusBadRequest, Header: http.Header{}, Request: r}
			killed.Body = io.NopCloser(strings.NewReader(`{"__type":"com.amazon.coral.service#AccessDeniedException"}`))
			return killed, nil // which nobody tries again
		}
	}
	return f.next.Do(r)
}

// T14: an erasure that ends half-way, after whichever write, goes on where it was.
func TestAnErasureThatWasKilledGoesOn(t *testing.T) {
	for n := range 6 { // begin, the thread, the rest, two of messages, what stood for the thread
		left := 1 << 30
		w := anErasableTown(t, town.Through(func(next aws.HTTPClient) aws.HTTPClient { return failing{next, &left} }))
		left = n
		_, begun := w.Chat.EraseMember(t.Context(), town.Key("benjamin"))
		_, first := town.Upkeep(t.Context(), w.Table, w.Chat)
		_, second := town.Upkeep(t.Context(), w.Table, w.Chat)
		if errors.Join(begun, first, second) == nil {
			t.Errorf("after %d writes nothing failed", n)
		}
		left = 1 << 30
		erase(t, w)
		if keys := rowsOf(t, w, "benjamin"); len(keys) != 1 {
			t.Errorf("killed after %d writes, there is left: %q", n, keys)
		}
	}
}

// T14: a hold stops an erasure and a retention, until it is released.
func TestAHoldKeepsEverything(t *testing.T) {
	w := anErasableTown(t)
	ctx, key := t.Context(), town.Key("benjamin")
	w.CloseEnrollment("benjamin", town.Program, town.Rivera)
	for range 2 {
		if p, err := w.Chat.Hold(ctx, key, true); err != nil || p.HeldAt.IsZero() {
			t.Errorf("held: %+v, %v", p, err)
		}
	}
	w.PutMember("benjamin", func(p *chat.Profile) { p.Name = "Ben" })
	w.Now = w.Now.AddDate(10, 0, 0)
	var refused *problem.Problem
	if _, err := w.Chat.EraseMember(ctx, key); !errors.As(err, &refused) || len(refused.Fields) != 1 || refused.Fields[0].Code != "held" {
		t.Errorf("erased: %v", err)
	}
	for _, held := range []bool{true, false} {
		want := directory.Retained{Members: 1, Held: 1}
		if !held {
			want = directory.Retained{Members: 1, Threads: 1, Requests: 2}
			w.Must(w.Chat.Hold(ctx, key, false))
		}
		if r, err := w.Chat.Retain(ctx, town.Organization, 7, ""); err != nil || r != want {
			t.Errorf("held %v: %+v, %v", held, r, err)
		}
	}
	erase(t, w)
}

// T14: a thread is forgotten with its messages when its enrollment is closed and nothing was
// written for the years that are kept; one that began anew keeps what is new.
func TestWhatIsTooOldIsForgotten(t *testing.T) {
	w := anErasableTown(t)
	w.PutMember("dora")
	w.Enroll("dora", town.Program, town.Rivera)
	w.Start(town.Rivera, "dora", town.Program, "0123456789abcdef")
	w.CloseEnrollment("benjamin", town.Program, town.Rivera)
	w.Now = w.Now.AddDate(7, 0, 1)
	for _, test := range []struct{ years, threads, requests int }{{8, 0, 0}, {7, 1, 2}, {7, 0, 0}} {
		want := directory.Retained{Members: 2, Threads: test.threads, Requests: test.requests}
		if r, err := w.Chat.Retain(t.Context(), town.Organization, test.years, ""); err != nil || r != want {
			t.Errorf("%d years: %+v, %v", test.years, r, err)
		}
	}
	if n := len(w.Chats("benjamin").Threads); n != 0 || w.Chats("benjamin").Enrollments[0].Threads != 0 {
		t.Errorf("%d threads are shown", n)
	}
	w.Enroll("benjamin", town.Program, town.Rivera)
	for range 2 {
		if _, err := w.Chat.Start(t.Context(), town.CareManager(town.Rivera), "benjamin", town.Program, chat.Draft{ClientMessageID: "0123456789abcdef", Text: "Anew"}); err == nil {
			break
		}
		w.Upkeep()
	}
	w.Now = w.Now.Add(time.Minute)
	w.Upkeep()
	messages := 0
	for _, key := range rowsOf(t, w, "benjamin") {
		if strings.Contains(key, "MESSAGE#") {
			messages++
		}
	}
	if th := w.Chats("benjamin").Threads; len(th) != 1 || th[0].LastSeq() != 1 || messages != 1 {
		t.Errorf("%+v, %d messages", th, messages)
	}
	if _, err := w.Chat.Retain(t.Context(), town.Organization, 1, ""); !problem.Is(err, problem.ValidationFailed) {
		t.Errorf("one year: %v", err)
	}
}

// T14: what a retention forgot before it failed is counted.
func TestARetentionThatFailsSaysWhatItForgot(t *testing.T) {
	left := 1 << 30
	w := town.New(t, town.Uncached, town.Through(func(next aws.HTTPClient) aws.HTTPClient { return failing{next, &left} }))
	w.PutMember("benjamin")
	w.Enroll("benjamin", town.Program, town.Rivera)
	for n := range 46 { // with their keys' records they take two transactions
		r := w.Submit("benjamin", town.Program, fmt.Sprintf("0123456789abc%03d", n))
		w.Must(w.Chat.Cancel(t.Context(), town.Member("benjamin"), "me", r.ID, chat.Precondition{}))
	}
	w.Now = w.Now.AddDate(7, 0, 1)
	left = 1
	if r, err := w.Chat.Retain(t.Context(), town.Organization, 7, ""); err == nil || r.Requests != 46 {
		t.Errorf("%+v, %v", r, err)
	}
}

// Of a thread that began anew only the old messages go, however many new ones there are.
func TestAPurgeEndsBesideALongNewThread(t *testing.T) {
	w := anErasableTown(t)
	w.CloseEnrollment("benjamin", town.Program, town.Rivera)
	w.Now = w.Now.AddDate(7, 0, 1)
	w.Must(w.Chat.Retain(t.Context(), town.Organization, 7, ""))
	thread := chat.ThreadID(town.Program, town.Rivera)
	for _, key := range []string{ // as a purge from the first message on has left it
		"MESSAGE#0000000001", "SENT#careManager#0123456789abcdef", "MESSAGE#0000000002", "SENT#member#fedcba9876543200",
		"MESSAGE#0000000003", "SENT#member#fedcba9876543201", "MESSAGE#0000000004", "SENT#member#fedcba9876543202",
	} {
		w.Must(w.Client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &w.Name, Key: map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: "ORG#harbor#THREAD#benjamin#" + thread}, "SK": &types.AttributeValueMemberS{Value: key},
		}}))
	}
	w.Enroll("benjamin", town.Program, town.Rivera)
	w.Start(town.Rivera, "benjamin", town.Program, "anew000000000000")
	for n := range 3 {
		w.Reply("benjamin", thread, fmt.Sprintf("anew00000000000%d", n+1))
	}
	for n := 0; ; n++ {
		left, err := w.Table.PurgeMessages(t.Context(), town.Key("benjamin"), thread, 4)
		if w.Must(nil, err); !left {
			break
		}
		if n > 20 {
			t.Fatal("it never ends")
		}
	}
	if th := w.Thread("benjamin", thread); th.LastSeq() != 4 {
		t.Errorf("%d messages", th.LastSeq())
	}
	for _, key := range rowsOf(t, w, "benjamin") {
		if strings.Contains(key, "PURGE#") || strings.Contains(key, "MESSAGE#0000000005") {
			t.Errorf("%s is left", key)
		}
	}
}
