package table_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/tests/support/emulator"
	"carechat/tests/support/localaws"
)

// T5: of two decisions on one row, the second to save is told that it moved.
func TestASaveOnAMovedRowIsRefused(t *testing.T) {
	p := newPlay(t)
	ctx := t.Context()
	if err := p.start(ctx); err != nil {
		t.Fatal(err)
	}
	key := chat.MemberKey{Organization: p.member.Organization, Member: p.member.ID}
	first, err := p.Table.Thread(ctx, key, p.thread.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.send(func() chat.Caller { return p.member })(ctx); err != nil {
		t.Fatal(err)
	}
	stale := *first
	stale.Version++
	if err := p.Table.SaveRead(ctx, stale); !errors.Is(err, chat.ErrConflict) {
		t.Errorf("got %v, want ErrConflict", err)
	}
}

// A2: an idempotency record that has expired does not block, though DynamoDB
// has not removed its row yet.
func TestAnExpiredKeyDoesNotBlock(t *testing.T) {
	p := newPlay(t)
	ctx := t.Context()
	ask := chat.RequestDraft{IdempotencyKey: pad("key-", 36), ProgramID: pad("pro", 10), ReasonID: pad("rea", 10), Comment: "one"}
	first, err := p.Chat.Submit(ctx, p.member, "me", ask)
	if err == nil {
		_, err = p.Chat.Cancel(ctx, p.member, "me", first.Request.ID, chat.Precondition{})
	}
	if err != nil {
		t.Fatal(err)
	}
	again, err := p.Chat.Submit(ctx, p.member, "me", ask)
	if err != nil || !again.Replayed || again.Request.ID != first.Request.ID || again.Request.State != chat.Cancelled {
		t.Errorf("within its life: %+v, %v", again, err)
	}
	p.later(31 * 24 * time.Hour)
	fresh, err := p.Chat.Submit(ctx, p.member, "me", ask)
	if err != nil || fresh.Replayed || fresh.Request.ID == first.Request.ID {
		t.Errorf("after its life: %+v, %v", fresh, err)
	}
}

// Pages cover a thread exactly, in both directions, at every size.
func TestPagesOfMessages(t *testing.T) {
	p := newPlay(t)
	ctx := t.Context()
	if err := errors.Join(p.start(ctx), p.fill(11)(ctx)); err != nil {
		t.Fatal(err)
	}
	ptr := func(n int) *int { return &n }
	for name, c := range map[string]struct {
		page        chat.MessageQuery
		first, last int
		more        bool
	}{
		"the newest":               {chat.MessageQuery{Limit: 5}, 8, 12, true},
		"all":                      {chat.MessageQuery{Limit: 12}, 1, 12, false},
		"more than there are":      {chat.MessageQuery{Limit: 100}, 1, 12, false},
		"older ones":               {chat.MessageQuery{Before: ptr(8), Limit: 5}, 3, 7, true},
		"the oldest":               {chat.MessageQuery{Before: ptr(3), Limit: 5}, 1, 2, false},
		"none before the first":    {chat.MessageQuery{Before: ptr(1), Limit: 5}, 0, 0, false},
		"from the beginning":       {chat.MessageQuery{After: ptr(0), Limit: 5}, 1, 5, true},
		"the last ones after":      {chat.MessageQuery{After: ptr(10), Limit: 5}, 11, 12, false},
		"none after the last":      {chat.MessageQuery{After: ptr(12), Limit: 5}, 0, 0, false},
		"none far after the last":  {chat.MessageQuery{After: ptr(999_999_999), Limit: 5}, 0, 0, false},
		"between":                  {chat.MessageQuery{After: ptr(3), Before: ptr(6), Limit: 5}, 4, 5, false},
		"between, more than asked": {chat.MessageQuery{After: ptr(3), Before: ptr(12), Limit: 5}, 4, 8, true},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := p.Chat.Messages(ctx, p.member, "me", p.thread.ID, c.page)
			if err != nil {
				t.Fatal(err)
			}
			if got.HasMore != c.more {
				t.Errorf("HasMore is %v", got.HasMore)
			}
			if c.first == 0 && len(got.Items) == 0 {
				return
			}
			for i, m := range got.Items {
				if m.Seq != c.first+i {
					t.Fatalf("item %d has seq %d", i, m.Seq)
				}
			}
			if n := len(got.Items); n == 0 || got.Items[n-1].Seq != c.last {
				t.Errorf("%d items, want %d to %d", n, c.first, c.last)
			}
		})
	}
}

// A page of the longest messages is more than one answer of DynamoDB's can hold
// (1 MB): it has the messages that were asked for all the same, and no more.
func TestAPageOfTheLongestMessages(t *testing.T) {
	p := newPlay(t)
	ctx := t.Context()
	must(t, p.start(ctx))
	for n := range 149 {
		_, err := p.Chat.Send(ctx, p.manager, p.member.ID, p.thread.ID, chat.Draft{
			ClientMessageID: fmt.Sprintf("client-%029d", n), Text: strings.Repeat("\U0001F600", 4000),
		})
		must(t, err)
	}
	after := 0
	for name, page := range map[string]chat.MessageQuery{"newest": {Limit: 100}, "oldest": {After: &after, Limit: 100}} {
		got, err := p.Chat.Messages(ctx, p.member, "me", p.thread.ID, page)
		if err != nil || len(got.Items) != 100 || !got.HasMore {
			t.Errorf("%s: %d messages, %v", name, len(got.Items), err)
		}
	}
}

// T12: a release passes over rows of a kind that a later one brings.
func TestRowsOfALaterKindArePassedOver(t *testing.T) {
	w := newTown(t)
	w.madeUp = true
	ana := chat.MemberKey{Organization: "harbor", Member: "ana"}
	before, err := w.Table.MemberChats(t.Context(), ana)
	must(t, err)
	known, err := w.Table.Catalog(t.Context(), "harbor", true)
	must(t, err)
	client := localaws.DynamoDB(emulator.URL)
	for pk, sk := range map[string]string{"ORG#harbor#MEMBER#ana": "CHAT#LATER#1", "ORG#harbor": "LATER#1"} {
		_, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &w.Name, Item: map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: pk}, "SK": &types.AttributeValueMemberS{Value: sk},
		}})
		must(t, err)
	}
	after, err := w.Table.MemberChats(t.Context(), ana)
	must(t, err)
	still, err := w.Table.Catalog(t.Context(), "harbor", true)
	must(t, err)
	if diff := cmp.Diff(before, after) + cmp.Diff(known, still); diff != "" {
		t.Error(diff)
	}
}

// T6: reads of a member's own data are strongly consistent, reads of indexes are not.
func TestWhichReadsAreStrong(t *testing.T) {
	p := newPlay(t)
	for _, act := range p.acts() {
		s := p.recorder.during(func() {
			if err := act.run(t.Context()); err != nil {
				t.Fatalf("%s: %v", act.name, err)
			}
		})
		for _, call := range s.calls {
			read := strings.HasPrefix(call, "GetItem") || strings.HasPrefix(call, "BatchGetItem") || strings.HasPrefix(call, "Query")
			work := strings.HasPrefix(act.name, "inbox") || strings.HasPrefix(act.name, "tasks") || strings.HasPrefix(act.name, "caseload")
			if strong := strings.HasSuffix(call, "(strong)"); read && !strong && !work {
				t.Errorf("%s reads its rows by %s", act.name, call)
			}
		}
	}
}
