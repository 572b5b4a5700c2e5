package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"carechat/shared/notice"
	"carechat/shared/table"
)

// jobs are what can be due.
type jobs struct {
	notices *notice.Sender
	links   *notice.LinkSender
}

func (j jobs) do(ctx context.Context, d table.Due) error {
	switch {
	case d.Contact != "":
		return j.links.Send(ctx, d.Contact)
	case d.Mailbox:
		return j.notices.KeepMailbox(ctx, d.Member)
	}
	return j.notices.Notify(ctx, d.Member)
}

// notifier finds what is due and has it done. Everything that it does may be
// repeated: what was done is no longer due.
type notifier struct {
	due func(ctx context.Context, now time.Time, shard string) ([]table.Due, error)
	do  func(ctx context.Context, d table.Due) error
	now func() time.Time
	log *slog.Logger
}

// handle takes records of the stream, or any other event: the schedule's.
func (n notifier) handle(ctx context.Context, payload json.RawMessage) (events.DynamoDBEventResponse, error) {
	var e events.DynamoDBEvent
	if json.Unmarshal(payload, &e) == nil && len(e.Records) > 0 {
		return n.stream(ctx, e), nil
	}
	return events.DynamoDBEventResponse{}, n.sweep(ctx)
}

// stream does what the records say is due at once. Those that failed come again;
// they hold up no other, for all are tried first.
func (n notifier) stream(ctx context.Context, e events.DynamoDBEvent) (out events.DynamoDBEventResponse) {
	done := map[table.Due]bool{}
	for _, r := range e.Records {
		d, ok := n.dueNow(r.Change.NewImage)
		if !ok || done[d] {
			continue
		}
		if n.outOfTime(ctx) || n.try(ctx, "stream", d) != nil {
			out.BatchItemFailures = append(out.BatchItemFailures, events.DynamoDBBatchItemFailure{ItemIdentifier: r.Change.SequenceNumber})
			continue
		}
		done[d] = true
	}
	return out
}

// dueNow reads what a row asks for, if it is due by now. The schedule comes for
// what is due later.
func (n notifier) dueNow(image map[string]events.DynamoDBAttributeValue) (table.Due, bool) {
	at, err := time.Parse(time.RFC3339, textOf(image["DUE_SK"]))
	if err != nil || n.now().Before(at) {
		return table.Due{}, false
	}
	return table.DueRow(textOf(image["PK"]), textOf(image["SK"]))
}

func textOf(v events.DynamoDBAttributeValue) string {
	if v.DataType() != events.DataTypeString {
		return ""
	}
	return v.String()
}

// margin is left of the function's time for what was begun to end: SNS may hang.
const margin = 15 * time.Second

func (n notifier) outOfTime(ctx context.Context) bool {
	ends, ok := ctx.Deadline()
	return ok && time.Until(ends) < margin
}

// sweep does whatever is due by now, the shards side by side. One that fails
// does not hold up the others; what there was no time for is due a minute later.
func (n notifier) sweep(ctx context.Context) error {
	var wait sync.WaitGroup
	failed := make([]error, len(table.DueShards()))
	for i, shard := range table.DueShards() {
		wait.Go(func() { failed[i] = n.sweepShard(ctx, shard) })
	}
	wait.Wait()
	return errors.Join(failed...)
}

func (n notifier) sweepShard(ctx context.Context, shard string) error {
	all, err := n.due(ctx, n.now(), shard)
	if err != nil {
		n.log.Error("notify", "trigger", "schedule", "cause", err.Error())
		return err
	}
	for _, d := range all {
		if n.outOfTime(ctx) {
			n.log.Warn("notify", "trigger", "schedule", "cause", "out of time")
			break
		}
		err = errors.Join(err, n.try(ctx, "schedule", d))
	}
	return err
}

// try does one thing and says so: whose it was, never what was sent.
func (n notifier) try(ctx context.Context, trigger string, d table.Due) error {
	err := n.do(ctx, d)
	kind := "notice"
	switch {
	case d.Contact != "":
		kind = "link"
	case d.Mailbox:
		kind = "mailbox"
	}
	at := []any{"trigger", trigger, "kind", kind, "organization", d.Member.Organization, "memberId", d.Member.Member}
	if err != nil {
		n.log.Error("notify", append(at, "cause", err.Error())...)
		return err
	}
	n.log.Info("notify", at...)
	return nil
}
