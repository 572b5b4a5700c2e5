package table

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/shared/chat"
	"carechat/shared/directory"
)

// exported names the kinds of rows that say something about a member. The others are locks, secrets' hashes and counts.
var exported = []struct {
	*kind
	name string
}{
	{&profileKind, "profile"}, {&preferencesKind, "preferences"}, {&enrollmentKind, "enrollment"}, {&openRequestKind, "request"},
	{&requestKind, "request"}, {&threadKind, "thread"}, {&messageKind, "message"}, {&noticeKind, "notice"}, {&mailboxKind, "mailbox"},
}

// firstSort and lastSort are the ends of the range of every sort key.
const firstSort, lastSort sort = "A", "Z"

// MemberRows implements directory.ExportStore. It reads the member's own rows, then the messages of one thread after the other. A
// cursor is the thread, "" for the member's own rows, and the last sort key that was read.
func (t *Table) MemberRows(ctx context.Context, m chat.MemberKey, after string, limit int) ([]directory.Row, string, error) {
	threads, err := t.query(ctx, begins(memberKey(m), threadPrefix))
	if err != nil {
		return nil, "", err
	}
	parts := []string{""}
	for _, row := range threads {
		parts = append(parts, keyOf(row).sk.lastPart())
	}
	at, last, _ := strings.Cut(after, "|")
	var rows []directory.Row
	for _, thread := range parts {
		if thread < at { // threads are in the order of their ids
			continue
		}
		s := span{pk: memberKey(m), from: firstSort, to: lastSort.until(), limit: int32(limit - len(rows))}
		if thread != "" {
			s.pk = messagesKey(m, thread)
		}
		if thread == at {
			s.after = sort(last)
		}
		found, err := t.query(ctx, s)
		if err != nil {
			return nil, "", err
		}
		for _, row := range found {
			rows = append(rows, memberRow(row, thread))
		}
		if len(rows) >= limit {
			return rows, thread + "|" + rows[len(rows)-1].Key[1], nil
		}
	}
	return rows, "", nil
}

func memberRow(row item, thread string) directory.Row {
	k := keyOf(row)
	r := directory.Row{ID: k.sk.lastPart(), Thread: thread, Key: [2]string{string(k.pk), string(k.sk)}, Values: map[string]any{}}
	for _, e := range exported {
		if k.sk.is(e.sort) {
			r.Kind = e.name
		}
	}
	for name, v := range row {
		if name != TTLAttribute && !strings.HasSuffix(name, "PK") && !strings.HasSuffix(name, "SK") {
			r.Values[name] = shown(v)
		}
	}
	return r
}

// moments is above every number in a row that is not a time in milliseconds.
const moments = 1e12

// shown returns an attribute's value as encoding/json would have decoded it, and times as text.
func shown(v types.AttributeValue) any {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberBOOL:
		return v.Value
	case *types.AttributeValueMemberN:
		n, _ := strconv.ParseInt(v.Value, 10, 64)
		if n > moments {
			return time.UnixMilli(n).UTC().Format(timeFormat)
		}
		return n
	case *types.AttributeValueMemberL:
		all := []any{}
		for _, each := range v.Value {
			all = append(all, shown(each))
		}
		return all
	case *types.AttributeValueMemberM:
		all := map[string]any{}
		for name, each := range v.Value {
			all[name] = shown(each)
		}
		return all
	case *types.AttributeValueMemberSS:
		return v.Value
	}
	return nil
}
