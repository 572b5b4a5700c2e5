package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/shared/chat"
	"carechat/shared/notice"
	"carechat/shared/sweep"
	"carechat/shared/table"
	"carechat/tests/support/emulator"
	"carechat/tests/support/module"
	"carechat/tests/support/town"
)

func TestMain(m *testing.M) { emulator.Main(m) }

// perSecond is how many texts the drained sweep may send a second.
const perSecond = 100

// TestManyNoticesDueAtOnceDrain has many notices due at once, behind rows of a kind
// that this release does not know and a job that always fails: each is sent by one
// attempt, no sweep fails, and it takes hardly longer than the rate allows (N2).
// DRAIN=2000 says how many (make drain); only then the time is checked.
func TestManyNoticesDueAtOnceDrain(t *testing.T) {
	many, err := strconv.Atoi(os.Getenv("DRAIN"))
	isMeasured := err == nil
	if !isMeasured {
		many = 100
	}
	w := town.New(t)
	w.PutMember("poison")
	w.Enroll("poison", town.Program, town.Rivera)
	w.Start(town.Rivera, "poison", town.Program, "poison-poison-poison")
	for n := range many {
		id := fmt.Sprint("due-", n)
		w.PutMember(id, town.Phone(fmt.Sprintf("+1555010%04d", n)))
		w.Enroll(id, town.Program, town.Rivera)
		w.Start(town.Rivera, id, town.Program, fmt.Sprintf("hello-hello-%05d", n))
	}
	unknownRows(t, w, many/4)
	w.Now = w.Now.Add(8 * time.Hour)

	var texts counted
	var lines bytes.Buffer
	n := drained(w, &texts, &lines)
	began := time.Now()
	if err := n.sweep(t.Context()); err != nil {
		t.Errorf("the sweep failed: %v", err)
	}
	took := time.Since(began)
	eachSentOnce(t, w, &texts, many)
	if !strings.Contains(lines.String(), `"oldestNoticeSeconds":`) {
		t.Error("the backlog's age is not in the log")
	}
	ideal := time.Second * time.Duration(many) / perSecond
	t.Logf("%d notices in %.1f s at %d a second, %.2f times the ideal %.1f s", many, took.Seconds(), perSecond, took.Seconds()/ideal.Seconds(), ideal.Seconds())
	if !isMeasured {
		return
	}
	if took > ideal*11/10 {
		t.Error("more than 1.1 times the ideal")
	}
	module.WriteSection(t, "docs/performance.md", "drain", fmt.Sprintf("| due at once | SNS takes a second | the last goes out after | |\n|---|---|---|---|\n"+
		"| %d | %d | %.1f s | measured: %.2f times the ideal of %.0f s |\n", many, perSecond, took.Seconds(), took.Seconds()/ideal.Seconds(), ideal.Seconds())+model())
}

// model returns the rows of the page for more notices than are measured: a sweep sends
// nine tenths of the rate for 58 of each minute's 60 seconds.
func model() string {
	var rows strings.Builder
	for _, due := range []int{20_000, 1_000_000} {
		for _, rate := range []float64{20, 100} {
			fmt.Fprintf(&rows, "| %d | %.0f | %.0f minutes | model, one attempt each |\n", due, rate, float64(due)/(0.9*rate)/58)
		}
	}
	return rows.String()
}

// counted is how many texts each phone got.
type counted struct {
	mu     sync.Mutex
	phones map[string]int
	ids    int
}

func (c *counted) send(_ context.Context, phone, _ string) (id string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phones == nil {
		c.phones = map[string]int{}
	}
	c.phones[phone]++
	return "text", nil
}

func (c *counted) newID(prefix string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ids++
	return fmt.Sprintf("%s_%026d", prefix, 1_000_000+c.ids)
}

// drained returns a notifier that counts its texts, sends perSecond of them a second
// and fails at the member poison.
func drained(w *town.Town, texts *counted, lines io.Writer) notifier {
	log := slog.New(slog.NewJSONHandler(lines, nil))
	sender := &notice.Sender{
		Store: w.Table, Now: func() time.Time { return w.Now }, PublicURL: "https://care.example.org",
		NewID: texts.newID, Text: texts.send,
		Pace: map[chat.Channel]*notice.Pace{chat.SMS: {Every: time.Second / perSecond}},
	}
	n := notifier{
		Sweep: &sweep.Sweep[table.Job]{
			Name: "notify", Due: sweep.Timed(w.Table.DueJobs, table.Job.Due, "notify", log), Now: sender.Now, Log: log,
		},
		alone: func(ctx context.Context, work func()) error { return notice.Alone(ctx, w.Table, sender.Now, work) },
	}
	n.forSweep = func() doFunc {
		do := worker{notices: sender}.forSweep()
		return func(ctx context.Context, j table.Job) ([]any, error) {
			if j.Member.Member == "poison" {
				return nil, chat.ErrBusy
			}
			return do(ctx, j)
		}
	}
	return n
}

// eachSentOnce checks that each of the members due-0, due-1 and so on got one text
// and that the why-log says so.
func eachSentOnce(t *testing.T, w *town.Town, texts *counted, many int) {
	t.Helper()
	for n := range many {
		phone := fmt.Sprintf("+1555010%04d", n)
		if texts.phones[phone] != 1 {
			t.Errorf("%d texts to %s", texts.phones[phone], phone)
		}
		log, err := w.Table.Notices(t.Context(), town.Key(fmt.Sprint("due-", n)), "", 10)
		if err != nil || len(log) != 1 || log[0].Decision != chat.Delivered {
			t.Errorf("the why-log of due-%d: %+v, %v", n, log, err)
		}
	}
}

// unknownRows owes work of a kind that no release knows yet, due before all else, in
// every shard of the notices.
func unknownRows(t *testing.T, w *town.Town, many int) {
	t.Helper()
	text := func(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
	shards := table.DueShards(table.NoticeLane)
	for n := range many {
		_, err := w.Client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &w.Name, Item: map[string]types.AttributeValue{
			"PK": text("LATER"), "SK": text(fmt.Sprint("KIND#", n)),
			"DUE_PK": text(shards[n%len(shards)]), "DUE_SK": text(w.Now.Add(-time.Hour).Format("2006-01-02T15:04:05.000Z")),
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
}
