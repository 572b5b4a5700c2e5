package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/shared/sweep"
	"carechat/shared/table"
	"carechat/tests/support/event"
)

var now = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

const today = "2026-03-02T12:00:00.000Z"

// report is the outcome of an event.
type report struct {
	done   []table.Job
	failed []string // sequence numbers
	log    string
	err    error
}

// run has a notifier handle an event. It finds these jobs due in one shard, and
// those of failing fail.
func run(t *testing.T, payload []byte, due []table.Job, failing ...table.Job) (r report) {
	t.Helper()
	var lines bytes.Buffer
	var mu sync.Mutex
	n := notifier{Sweep: &sweep.Sweep[table.Job]{
		Name: "notify",
		Due: func(_ context.Context, _ time.Time, shard string) iter.Seq2[table.Job, error] {
			return func(yield func(table.Job, error) bool) {
				for _, j := range due {
					if shard == table.DueShards(laneOf[j.Kind])[0] && !yield(j, nil) {
						return
					}
				}
			}
		},
		Do: func(_ context.Context, j table.Job) ([]any, error) {
			mu.Lock()
			defer mu.Unlock()
			r.done = append(r.done, j)
			if slices.Contains(failing, j) {
				return about(j, []chat.MemberKey{j.Member}), errors.New("sns: AuthorizationError")
			}
			return about(j, []chat.MemberKey{j.Member}), nil
		},
		Now: func() time.Time { return now }, Log: slog.New(slog.NewJSONHandler(&lines, nil)),
	}, alone: func(_ context.Context, work func()) error { work(); return nil }}
	n.forSweep = func() doFunc { return n.Do }
	out, err := n.handle(t.Context(), payload)
	for _, f := range out.BatchItemFailures {
		r.failed = append(r.failed, f.ItemIdentifier)
	}
	r.log, r.err = lines.String(), err
	return r
}

var laneOf = map[table.JobKind]table.Lane{table.LinkJob: table.LinkLane, table.NoticeJob: table.NoticeLane, table.MailboxJob: table.MailboxLane}

func link(contact string) table.Job { return table.Job{Kind: table.LinkJob, Contact: contact} }

func member(id string) table.Job {
	return table.Job{Kind: table.NoticeJob, Member: chat.MemberKey{Organization: "harbor", Member: id}}
}

const anas = "pZw3aFqb2PMxESsfAgpeVoCBjm7OZ_sZuAEQbR25XQk"

func TestTheStreamSendsWhatIsOwed(t *testing.T) {
	r := run(t, event.Read(t), []table.Job{link("another")})
	if diff := cmp.Diff([]table.Job{link(anas)}, r.done); diff != "" || r.failed != nil || r.err != nil {
		t.Errorf("%s failed %v, %v", diff, r.failed, r.err)
	}
	if strings.Contains(r.log, "+1555") {
		t.Errorf("a phone number is in the log: %s", r.log)
	}
}

// record is a record of the stream, of a row that is due at a time.
func record(pk, sk, sequence, due string) map[string]any {
	image := map[string]any{"PK": map[string]string{"S": pk}, "SK": map[string]string{"S": sk}}
	if due != "" {
		image["DUE_PK"], image["DUE_SK"] = map[string]string{"S": "DUE#NOTICES#1"}, map[string]string{"S": due}
	}
	return map[string]any{"dynamodb": map[string]any{"NewImage": image, "SequenceNumber": sequence}}
}

func stream(t *testing.T, records ...map[string]any) []byte {
	t.Helper()
	event, err := json.Marshal(map[string]any{"Records": records})
	if err != nil {
		t.Fatal(err)
	}
	return event
}

const anaKey = "ORG#harbor#MEMBER#ana"

// N1: what is due later is left to the schedule, and so are mailboxes; what is no
// longer due is left out.
func TestTheStreamDoesWhatIsDueAtOnce(t *testing.T) {
	r := run(t, stream(t,
		record(anaKey, "CHAT#THREAD#thr_1", "1", "2026-03-02T12:00:00.001Z"),
		record("CONTACT#done", "ASKED", "2", ""),
		record("CONTACT#x", anaKey, "3", today),
		record(anaKey, "EMAIL", "4", today),
		record("ORG#harbor#MEMBER#ben", "CHAT#THREAD#thr_2", "5", today),
		record("ORG#harbor#MEMBER#ben", "CHAT#THREAD#thr_3", "6", today),
		map[string]any{"eventName": "REMOVE", "dynamodb": map[string]any{"SequenceNumber": "7"}},
	), nil)
	if diff := cmp.Diff([]table.Job{member("ben")}, r.done); diff != "" || r.failed != nil || r.err != nil {
		t.Errorf("%s failed %v, %v", diff, r.failed, r.err)
	}
}

// A job that fails is tried again and does not hold up the others.
func TestAPoisonedRecordBlocksNoOther(t *testing.T) {
	r := run(t, stream(t,
		record("CONTACT#a", "ASKED", "1", today), record("CONTACT#b", "ASKED", "2", today), record("CONTACT#c", "ASKED", "3", today),
	), nil, link("b"))
	if diff := cmp.Diff([]table.Job{link("a"), link("b"), link("c")}, r.done); diff != "" || r.err != nil {
		t.Errorf("%s %v", diff, r.err)
	}
	if diff := cmp.Diff([]string{"2"}, r.failed); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(r.log, "AuthorizationError") {
		t.Errorf("the log does not say why: %s", r.log)
	}
}

func TestTheScheduleDoesAllThatIsDue(t *testing.T) {
	box := member("d")
	box.Kind = table.MailboxJob
	due := []table.Job{box, member("b"), member("c"), link("a")}
	for _, payload := range []string{`{}`, `{"version":"0","detail-type":"Scheduled Event"}`, `[]`} {
		r := run(t, []byte(payload), due, member("b"))
		if len(r.done) != len(due) || r.done[0] != link("a") {
			t.Errorf("%s: %+v", payload, r.done)
		}
		if r.err == nil {
			t.Error("the failure is not returned")
		}
	}
}

// N2: once SNS takes no more, the sweep's other notices stay due, untried.
func TestAThrottledNoticeEndsTheSweep(t *testing.T) {
	tried := 0
	var lines bytes.Buffer
	n := notifier{Sweep: &sweep.Sweep[table.Job]{
		Name: "notify",
		Due: func(_ context.Context, _ time.Time, shard string) iter.Seq2[table.Job, error] {
			return func(yield func(table.Job, error) bool) {
				for i := 0; shard == table.DueShards(table.NoticeLane)[0] && i < 500; i++ {
					if !yield(member(fmt.Sprint(i)), nil) {
						return
					}
				}
			}
		},
		Now: func() time.Time { return now }, Log: slog.New(slog.NewJSONHandler(&lines, nil)),
	}, alone: func(_ context.Context, work func()) error { work(); return nil }}
	var mu sync.Mutex
	n.forSweep = func() doFunc {
		return func(context.Context, table.Job) ([]any, error) {
			mu.Lock()
			defer mu.Unlock()
			tried++
			return nil, chat.ErrThrottled
		}
	}
	if err := n.sweep(t.Context()); err != nil || tried > workers[table.NoticeLane] {
		t.Errorf("%d tried, %v", tried, err)
	}
}

// A run looks at the clock before each job: what there is no time for stays due.
func TestNoJobBeginsTooLate(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 14*time.Second) // less than a job may need
	defer cancel()
	var lines bytes.Buffer
	do := func(_ context.Context, j table.Job) ([]any, error) {
		t.Errorf("%+v was begun", j)
		return nil, nil
	}
	n := notifier{Sweep: &sweep.Sweep[table.Job]{
		Name: "notify", Do: do, Now: func() time.Time { return now }, Log: slog.New(slog.NewJSONHandler(&lines, nil)),
		Due: func(_ context.Context, _ time.Time, shard string) iter.Seq2[table.Job, error] {
			return func(yield func(table.Job, error) bool) { yield(member(shard), nil) }
		},
	}, forSweep: func() doFunc { return do }, alone: func(_ context.Context, work func()) error { work(); return nil }}
	for _, payload := range [][]byte{stream(t, record("CONTACT#a", "ASKED", "1", today)), []byte(`{}`)} {
		if _, err := n.handle(ctx, payload); err != nil {
			t.Error(err)
		}
	}
}
