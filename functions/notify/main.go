// Command notify sends what is due: from the table's stream, at once, and every
// minute, so that nothing depends on the stream. In this release that is the
// links that members ask for.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/notice"
	"carechat/shared/sns"
	"carechat/shared/table"
)

func main() {
	publicURL := strings.TrimSuffix(os.Getenv("PUBLIC_URL"), "/")
	if publicURL == "" {
		slog.Error("PUBLIC_URL is not set: a link would lead nowhere")
		os.Exit(1)
	}
	t := table.Open()
	out := phones{sns.Open(table.InMemoryBodies(&http.Client{Timeout: 4 * time.Second}))}
	sender := &auth.Sender{
		Store: t, Now: chat.Clock, PublicURL: publicURL, Words: notice.Link, Text: out.text,
	}
	n := notifier{due: t.DueLinks, send: sender.Send, now: chat.Clock, log: slog.New(slog.NewJSONHandler(os.Stdout, nil))}
	lambda.Start(n.handle)
}

// notifier finds what is due and has it sent, one contact after the other.
type notifier struct {
	due  func(ctx context.Context, now time.Time) ([]string, error)
	send func(ctx context.Context, contact string) error
	now  func() time.Time
	log  *slog.Logger
}

// handle takes records of the stream, or any other event: the schedule's.
func (n notifier) handle(ctx context.Context, payload json.RawMessage) (events.DynamoDBEventResponse, error) {
	var e events.DynamoDBEvent
	if json.Unmarshal(payload, &e) == nil && len(e.Records) > 0 {
		return n.stream(ctx, e), nil
	}
	return events.DynamoDBEventResponse{}, n.sweep(ctx)
}

// stream sends for each record that says a link is owed. From the first that
// fails on they come again; what was sent by then is no longer due.
func (n notifier) stream(ctx context.Context, e events.DynamoDBEvent) (out events.DynamoDBEventResponse) {
	for _, r := range e.Records {
		contact, ok := owed(r.Change.NewImage)
		if !ok {
			continue
		}
		if err := n.send(ctx, contact); err != nil {
			n.log.Error("notify", "trigger", "stream", "cause", err.Error())
			out.BatchItemFailures = append(out.BatchItemFailures, events.DynamoDBBatchItemFailure{ItemIdentifier: r.Change.SequenceNumber})
			return out
		}
	}
	return out
}

// owed reads whether a row is due and is a link asked for. Threads are due too:
// their notices are not of this release.
func owed(image map[string]events.DynamoDBAttributeValue) (contact string, ok bool) {
	if textOf(image["DUE_PK"]) == "" {
		return "", false
	}
	return table.AskedRow(textOf(image["PK"]), textOf(image["SK"]))
}

func textOf(v events.DynamoDBAttributeValue) string {
	if v.DataType() != events.DataTypeString {
		return ""
	}
	return v.String()
}

// sweep sends whatever is due by now. One that fails does not hold up the others.
func (n notifier) sweep(ctx context.Context) error {
	contacts, err := n.due(ctx, n.now())
	for _, contact := range contacts {
		err = errors.Join(err, n.send(ctx, contact))
	}
	if err != nil || len(contacts) > 0 {
		n.log.Info("notify", "trigger", "schedule", "due", len(contacts), "failed", err != nil)
	}
	return err
}

// phones are reached through SNS.
type phones struct{ client *sns.Client }

// text counts a number that SNS never sends to as done: no other try would help.
func (p phones) text(ctx context.Context, phone, text string) error {
	err := p.client.Text(ctx, phone, text)
	if errors.Is(err, sns.ErrRefused) {
		slog.Warn("notify", "cause", err.Error())
		return nil
	}
	return err
}
