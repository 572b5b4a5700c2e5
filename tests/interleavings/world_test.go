package interleavings

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/shared/chat"
	"carechat/shared/table"
	"carechat/tests/invariants"
	"carechat/tests/town"
)

// conversation is how many messages a thread has at the start.
const conversation = 4

// model is the member of whom every run's own is a copy.
const model = "model-member"

// build makes a world with the use cases and answers with the model's rows.
func build(t *testing.T, endpoint string, kind world) (*town.Town, []invariants.Item) {
	t.Helper()
	ctx := t.Context()
	w, err := town.New(ctx, endpoint, func(next aws.HTTPClient) aws.HTTPClient { return gate{next} })
	if err != nil {
		t.Fatal(err)
	}
	var all []error
	done := func(_ any, err error) { all = append(all, err) }
	done(w.PutMember(ctx, model, func(*chat.Profile) {}))
	done(w.Enroll(ctx, model, town.Program, chat.EnrollmentActive, town.CareManagerID(1)))
	done(w.Chat.Submit(ctx, town.Member(model), "me", chat.Ask{
		IdempotencyKey: key("first", 0), ProgramID: town.Program, ReasonID: "symptoms", Comment: "Hello",
	}))
	for n := range conversation / 2 {
		done(w.Chat.Start(ctx, rivera, model, town.Program, chat.Draft{ClientMessageID: key("hello", n), Text: "Hello"}))
		done(w.Chat.Send(ctx, town.Member(model), "me", threadID, chat.Draft{ClientMessageID: key("answer", n), Text: "Hello"}))
	}
	if kind == quiet {
		done(w.Chat.Cancel(ctx, town.Member(model), "me", requestID, chat.Precondition{}))
	}
	if kind == closed {
		done(w.Enroll(ctx, model, town.Program, chat.EnrollmentClosed, town.CareManagerID(1)))
	}
	s, err := invariants.Scan(ctx, endpoint, w.Name)
	if err := errors.Join(append(all, err)...); err != nil {
		t.Fatal(err)
	}
	var rows []invariants.Item
	for _, row := range s.Rows {
		if k := invariants.KeyOf(row); strings.Contains(k.PK, model) {
			rows = append(rows, row)
		}
	}
	return w, rows
}

// copyTo writes a world's rows once more, for a member of this run's own.
func copyTo(ctx context.Context, w *town.Town, rows []invariants.Item, member string) error {
	var puts []types.WriteRequest
	for _, row := range rows {
		c := renamed(&types.AttributeValueMemberM{Value: row}, member).(*types.AttributeValueMemberM).Value
		r, err := table.DecodeRow(c)
		if err != nil {
			return err
		}
		if r.Must.Due.PK != "" { // its shard hangs on the member
			c["DUE_PK"] = &types.AttributeValueMemberS{Value: r.Must.Due.PK}
		}
		puts = append(puts, types.WriteRequest{PutRequest: &types.PutRequest{Item: c}})
	}
	out, err := w.Client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{w.Name: puts}})
	if err == nil && len(out.UnprocessedItems) > 0 {
		err = errors.New("rows were not written")
	}
	return err
}

// renamed speaks of another member, all the way down.
func renamed(v types.AttributeValue, member string) types.AttributeValue {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return &types.AttributeValueMemberS{Value: strings.ReplaceAll(v.Value, model, member)}
	case *types.AttributeValueMemberM:
		row := invariants.Item{}
		for name, each := range v.Value {
			row[name] = renamed(each, member)
		}
		return &types.AttributeValueMemberM{Value: row}
	}
	return v
}

// rowsOf are all rows of a member and of the threads that these acts can make.
func rowsOf(ctx context.Context, w *town.Town, member string) ([]invariants.Item, error) {
	partitions := []string{"ORG#" + town.Organization + "#MEMBER#" + member}
	for n := 1; n <= 2; n++ {
		partitions = append(partitions, "ORG#"+town.Organization+"#THREAD#"+member+"#"+chat.ThreadID(town.Program, town.CareManagerID(n)))
	}
	var all []invariants.Item
	for _, pk := range partitions {
		out, err := w.Client.Query(ctx, &dynamodb.QueryInput{
			TableName: &w.Name, ConsistentRead: aws.Bool(true), KeyConditionExpression: aws.String("PK = :pk"),
			ExpressionAttributeValues: invariants.Item{":pk": &types.AttributeValueMemberS{Value: pk}},
		})
		if err != nil {
			return nil, err
		}
		all = append(all, out.Items...)
	}
	return all, nil
}

// end is the state that a run leaves: what the care side and the member see of
// it, without what tells two runs apart.
func end(rows []invariants.Item) string {
	var b strings.Builder
	for _, item := range rows {
		r, err := table.DecodeRow(item)
		if err != nil {
			return err.Error()
		}
		switch v := r.Value.(type) {
		case chat.Enrollment:
			fmt.Fprintf(&b, "enrollment %s %s threads=%d version=%d\n", v.State, v.Owner.ID, v.Threads, v.Version)
		case table.OpenRequest:
			fmt.Fprintf(&b, "open %s\n", history(v.Request))
		case chat.Request:
			fmt.Fprintf(&b, "ended %s\n", history(v))
		case chat.Thread:
			fmt.Fprintf(&b, "thread %s %s of %s %v %v waits=%v unread=%v due=%v last=%d version=%d\n", v.CareManager.ID, v.State, v.Owner.ID,
				v.MemberSide, v.CareManagerSide, !v.WaitingSince.IsZero(), !v.UnreadSince.IsZero(), v.DueAt, v.Last.Seq, v.Version)
		case chat.Message:
			fmt.Fprintf(&b, "message %d %s %s\n", v.Seq, v.Role, v.ClientMessageID)
		}
	}
	return b.String()
}

func history(r chat.Request) string {
	s := request(r)
	for _, e := range r.History {
		s += fmt.Sprintf(" %s:%s:%s", e.Action, e.By, e.Reason.ID)
	}
	return s
}
