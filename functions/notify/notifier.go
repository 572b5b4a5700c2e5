package main

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"carechat/shared/chat"
	"carechat/shared/notice"
	"carechat/shared/table"
)

// worker does jobs.
type worker struct {
	notices *notice.Sender
	links   *notice.LinkSender
}

// do does a job and returns whom it was about.
func (w worker) do(ctx context.Context, j table.Job) ([]chat.MemberKey, error) {
	about := []chat.MemberKey{j.Member}
	switch j.Kind {
	case table.LinkJob:
		return w.links.Send(ctx, j.Contact)
	case table.MailboxJob:
		return about, w.notices.SyncMailbox(ctx, j.Member)
	}
	return about, w.notices.Notify(ctx, j.Member)
}

// notifier finds the jobs that are due and has them done. Any job may be done again:
// one that is done is no longer due.
type notifier struct {
	due func(ctx context.Context, now time.Time, shard string) iter.Seq2[table.Job, error]
	do  func(ctx context.Context, j table.Job) ([]chat.MemberKey, error)
	now func() time.Time
	log *slog.Logger
}

// handle takes records of the stream, or any other event, which is the schedule's.
// It returns the records whose jobs failed, so that the stream sends them again;
// for the schedule it returns an error if a job failed.
func (n notifier) handle(ctx context.Context, payload json.RawMessage) (events.DynamoDBEventResponse, error) {
	var e events.DynamoDBEvent
	if json.Unmarshal(payload, &e) == nil && len(e.Records) > 0 {
		return n.stream(ctx, e), nil
	}
	return events.DynamoDBEventResponse{}, n.sweep(ctx)
}

// stream does the jobs that the records say are due now. It tries them all: one that
// fails does not hold up the others.
func (n notifier) stream(ctx context.Context, e events.DynamoDBEvent) (out events.DynamoDBEventResponse) {
	done := map[table.Job]bool{}
	for _, r := range e.Records {
		j, ok := n.dueNow(r.Change.NewImage)
		if !ok || done[j] {
			continue
		}
		if n.outOfTime(ctx) || n.try(ctx, "stream", j) != nil {
			out.BatchItemFailures = append(out.BatchItemFailures, events.DynamoDBBatchItemFailure{ItemIdentifier: r.Change.SequenceNumber})
			continue
		}
		done[j] = true
	}
	return out
}

// dueNow returns the job of a row that is due by now. What is due later is left to
// the schedule.
func (n notifier) dueNow(image map[string]events.DynamoDBAttributeValue) (table.Job, bool) {
	at, err := time.Parse(time.RFC3339, textOf(image["DUE_SK"]))
	if err != nil || n.now().Before(at) {
		return table.Job{}, false
	}
	return table.JobOf(textOf(image["PK"]), textOf(image["SK"]))
}

func textOf(v events.DynamoDBAttributeValue) string {
	if v.DataType() != events.DataTypeString {
		return ""
	}
	return v.String()
}

// margin is left of the function's time so that a job that has begun can end,
// although SNS may hang.
const margin = 15 * time.Second

func (n notifier) outOfTime(ctx context.Context) bool {
	ends, ok := ctx.Deadline()
	return ok && time.Until(ends) < margin
}

// sweep does the jobs that are due by now, the shards side by side. A shard that
// fails does not hold up the others; jobs that there is no time for stay due for the
// next sweep.
func (n notifier) sweep(ctx context.Context) error {
	var wait sync.WaitGroup
	failed := make([]error, len(table.DueShards()))
	for i, shard := range table.DueShards() {
		wait.Go(func() { failed[i] = n.sweepShard(ctx, shard) })
	}
	wait.Wait()
	return errors.Join(failed...)
}

func (n notifier) sweepShard(ctx context.Context, shard string) (failed error) {
	for j, err := range n.due(ctx, n.now(), shard) {
		switch {
		case err != nil:
			n.log.Error("notify", "trigger", "schedule", "cause", err.Error())
			return errors.Join(failed, err)
		case n.outOfTime(ctx):
			n.log.Warn("notify", "trigger", "schedule", "cause", "out of time")
			return failed
		}
		failed = errors.Join(failed, n.try(ctx, "schedule", j))
	}
	return failed
}

// try does one job and logs whom it was about, never what was sent.
func (n notifier) try(ctx context.Context, trigger string, j table.Job) error {
	members, err := n.do(ctx, j)
	about := []any{"trigger", trigger, "kind", j.Kind}
	switch len(members) {
	case 0:
	case 1:
		about = append(about, "organization", members[0].Organization, "memberId", members[0].Member)
	default:
		about = append(about, "members", members)
	}
	if err != nil {
		n.log.Error("notify", append(about, "cause", err.Error())...)
		return err
	}
	n.log.Info("notify", about...)
	return nil
}
