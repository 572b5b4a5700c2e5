package table_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/shared/login"
	"carechat/shared/owed"
	"carechat/shared/table"
	"carechat/tests/support/emulator"
	"carechat/tests/support/localaws"
)

// dueJobs lists what is due in every shard.
func (w *world) dueJobs(t *testing.T, now time.Time) (all []table.Job) {
	t.Helper()
	for _, lane := range []table.Lane{table.MailboxLane, table.NoticeLane, table.LinkLane} {
		for _, shard := range table.DueShards(lane) {
			for j, err := range w.Table.DueJobs(t.Context(), now, shard) {
				must(t, err)
				if j.DueAt.IsZero() || j.DueAt.After(now) {
					t.Errorf("%+v is due", j)
				}
				j.DueAt = time.Time{}
				all = append(all, j)
			}
		}
	}
	return all
}

// T12: rows of a kind that a later release owes work with are passed over, however
// many are due before a job.
func TestDueRowsOfALaterKindStopNothing(t *testing.T) {
	w := newWorld(t)
	w.madeUp = true
	must(t, w.Table.SaveMailbox(t.Context(), chat.Mailbox{Key: ana, Work: owed.At(w.Now), Version: 1}))
	client := localaws.DynamoDB(emulator.URL)
	shard := w.dueShard(t)
	var later []types.WriteRequest
	for n := range 1100 {
		later = append(later, types.WriteRequest{PutRequest: &types.PutRequest{Item: map[string]types.AttributeValue{
			"PK": text("LATER"), "SK": text(fmt.Sprint("KIND#", n)),
			"DUE_PK": text(shard), "DUE_SK": text(w.Now.Add(-time.Hour).Format(time.RFC3339)),
		}}})
	}
	for batch := range slices.Chunk(later, 25) {
		_, err := client.BatchWriteItem(t.Context(), &dynamodb.BatchWriteItemInput{
			RequestItems: map[string][]types.WriteRequest{w.Name: batch},
		})
		must(t, err)
	}
	want := []table.Job{{Kind: table.MailboxJob, Member: ana}}
	if d := cmp.Diff(want, w.dueJobs(t, w.Now)); d != "" {
		t.Error(d)
	}
}

// T12: a row that an earlier release put into another shard, when there were fewer, is
// found there and leaves it when its work is done: the number of shards can grow.
func TestShardsOfWhatIsDueCanGrow(t *testing.T) {
	w := newWorld(t)
	b := chat.Mailbox{Key: ana, Work: owed.At(w.Now), Version: 1}
	must(t, w.Table.SaveMailbox(t.Context(), b))
	shards := table.DueShards(table.MailboxLane)
	before := shards[(slices.Index(shards, w.dueShard(t))+1)%len(shards)]
	_, err := localaws.DynamoDB(emulator.URL).UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: &w.Name, Key: map[string]types.AttributeValue{"PK": text("ORG#harbor#MEMBER#ana"), "SK": text("EMAIL")},
		UpdateExpression: aws.String("SET DUE_PK = :shard"), ExpressionAttributeValues: map[string]types.AttributeValue{":shard": text(before)},
	})
	must(t, err)
	want := []table.Job{{Kind: table.MailboxJob, Member: ana}}
	if d := cmp.Diff(want, w.dueJobs(t, w.Now)); d != "" {
		t.Error(d)
	}
	b.Work, b.Version = owed.Work{}, 2
	must(t, w.Table.SaveMailbox(t.Context(), b))
	if left := w.dueJobs(t, w.Now); len(left) > 0 {
		t.Errorf("still due: %v", left)
	}
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// dueShard returns the shard of ana's rows.
func (w *world) dueShard(t *testing.T) string {
	t.Helper()
	for _, shard := range table.DueShards(table.MailboxLane) {
		for range w.Table.DueJobs(t.Context(), w.Now, shard) {
			return shard
		}
	}
	t.Fatal("nothing is due")
	return ""
}

// A job is listed once it is due, the oldest first, each once.
func TestDueJobs(t *testing.T) {
	w := newWorld(t)
	thread := func(id string, due time.Time) {
		must(t, w.Table.SaveThread(t.Context(), chat.Thread{
			Organization: "harbor", ID: id, Member: chat.Ref{ID: "ana"}, DueAt: due, Version: 1,
		}))
	}
	start := w.Now
	thread("t1", start.Add(2*time.Minute))
	thread("t2", start.Add(3*time.Minute))
	thread("t3", time.Time{})
	box := chat.Mailbox{Key: ana, Work: owed.At(start.Add(time.Minute)), Version: 1}
	must(t, w.Table.SaveMailbox(t.Context(), box))
	must(t, w.Table.SaveOwedLink(t.Context(), login.OwedLink{Contact: "hash", Work: owed.At(start), Version: 1}))
	mailbox, notice, link := table.Job{Kind: table.MailboxJob, Member: ana}, table.Job{Kind: table.NoticeJob, Member: ana}, table.Job{Kind: table.LinkJob, Contact: "hash"}
	for _, c := range []struct {
		after time.Duration
		anas  []table.Job // in their order: they have one shard
		links int
	}{
		{-time.Millisecond, nil, 0}, {0, nil, 1}, {time.Minute, []table.Job{mailbox}, 1},
		{2 * time.Minute, []table.Job{mailbox, notice}, 1}, {time.Hour, []table.Job{mailbox, notice}, 1},
	} {
		all := w.dueJobs(t, start.Add(c.after))
		anas := slices.DeleteFunc(slices.Clone(all), func(j table.Job) bool { return j == link })
		if d := cmp.Diff(c.anas, anas); d != "" && len(c.anas)+len(anas) > 0 || len(all)-len(anas) != c.links {
			t.Errorf("after %v: %+v", c.after, all)
		}
	}
	box.DueAt = time.Time{}
	box.Version++
	must(t, w.Table.SaveMailbox(t.Context(), box))
	if all := w.dueJobs(t, start.Add(time.Hour)); slices.Contains(all, mailbox) || len(all) != 2 {
		t.Errorf("done, and listed: %+v", all)
	}
}
