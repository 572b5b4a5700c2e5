package main

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"carechat/shared/chat"
	"carechat/shared/notice"
	"carechat/shared/sweep"
	"carechat/shared/table"
	"carechat/shared/wide"
)

// worker does jobs.
type worker struct {
	notices *notice.Sender
	links   *notice.LinkSender
}

// forSweep returns what does the jobs of one sweep.
func (w worker) forSweep() doFunc {
	w.notices = w.notices.ForSweep()
	return w.do
}

// do does a job and returns what the log says of it: its kind and whom it was about,
// never what was sent.
func (w worker) do(ctx context.Context, j table.Job) ([]any, error) {
	ctx, counted := wide.Counting(ctx)
	members, err := w.send(ctx, j)
	return append(about(j, members), wide.Measured(time.Now(), counted()...)...), err
}

func (w worker) send(ctx context.Context, j table.Job) ([]chat.MemberKey, error) {
	about := []chat.MemberKey{j.Member}
	switch j.Kind {
	case table.LinkJob:
		return w.links.Send(ctx, j.Contact)
	case table.MailboxJob:
		return about, w.notices.SyncMailbox(ctx, j.Member)
	case table.NoticeJob:
		return about, w.notices.Notify(ctx, j.Member)
	}
	return about, nil // it is upkeep's
}

func about(j table.Job, members []chat.MemberKey) []any {
	kind := []any{"kind", j.Kind}
	switch len(members) {
	case 0:
		return kind
	case 1:
		return append(kind, "organization", members[0].Organization, "memberId", members[0].Member)
	}
	return append(kind, "members", members)
}

// notifier does the jobs that are due, from the stream and on a schedule.
type notifier struct {
	*sweep.Sweep[table.Job]
	// forSweep returns what does the jobs of one sweep.
	forSweep func() doFunc
	// alone does the work unless another run is at it.
	alone func(ctx context.Context, work func()) error
}

// doFunc does a job and returns what the log says of it.
type doFunc func(ctx context.Context, j table.Job) ([]any, error)

// handle takes records of the stream, or any other event, which is the schedule's.
// It returns the records whose jobs failed in a way that needs a person, so that the
// stream sends them again; for the schedule it returns such an error.
func (n notifier) handle(ctx context.Context, payload json.RawMessage) (events.DynamoDBEventResponse, error) {
	var e events.DynamoDBEvent
	if json.Unmarshal(payload, &e) == nil && len(e.Records) > 0 {
		return n.stream(ctx, e), nil
	}
	return events.DynamoDBEventResponse{}, n.sweep(ctx)
}

// stream does the jobs that the records say are due now, links first. It tries them
// all: one that fails does not hold up the others. What is only late is left to the
// schedule, and so are mailboxes, of which an import makes thousands.
func (n notifier) stream(ctx context.Context, e events.DynamoDBEvent) (out events.DynamoDBEventResponse) {
	done := map[table.Job]bool{}
	for _, kind := range []table.JobKind{table.LinkJob, table.NoticeJob} {
		for _, r := range e.Records {
			j, ok := n.dueNow(r.Change.NewImage)
			if !ok || j.Kind != kind || done[j] || n.OutOfTime(ctx) {
				continue
			}
			if sweep.NeedsAPerson(n.Try(ctx, "stream", j)) != nil {
				out.BatchItemFailures = append(out.BatchItemFailures, events.DynamoDBBatchItemFailure{ItemIdentifier: r.Change.SequenceNumber})
				continue
			}
			done[j] = true
		}
	}
	return out
}

// dueNow returns the job of a row that is due by now. What is due later is left to
// the schedule.
func (n notifier) dueNow(image map[string]events.DynamoDBAttributeValue) (table.Job, bool) {
	at, err := time.Parse(time.RFC3339, textOf(image["DUE_SK"]))
	if err != nil || n.Now().Before(at) {
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
