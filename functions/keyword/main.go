// Command keyword handles the texts that members send to us: STOP ends all texts
// to a phone, START brings them back. AWS End User Messaging publishes inbound
// texts to the topic that invokes this function (N7).
package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"carechat/shared/chat"
	"carechat/shared/env"
	"carechat/shared/keyword"
	"carechat/shared/sns"
	"carechat/shared/table"
	"carechat/shared/wide"
)

func main() {
	t := table.Open()
	out := sns.Open(4 * time.Second)
	send := func(ctx context.Context, phone, text string) error {
		_, err := out.Text(ctx, phone, text)
		return err
	}
	h := keyword.Handler{Store: t, Send: send, PublicURL: strings.TrimSuffix(env.Required("PUBLIC_URL"), "/")}
	lambda.Start(function{apply: h.Handle, log: slog.New(slog.NewJSONHandler(os.Stdout, nil))}.handle)
}

type function struct {
	apply func(context.Context, keyword.Text) (keyword.Result, error)
	log   *slog.Logger
}

// handle applies the texts of an SNS event. It logs and drops what it cannot read,
// because another try would not help. It returns an error if a text was not applied:
// Lambda then invokes it again, and in the end keeps the event as a dead letter.
func (f function) handle(ctx context.Context, payload json.RawMessage) error {
	var event events.SNSEvent
	if json.Unmarshal(payload, &event) != nil || len(event.Records) == 0 {
		f.log.Error("text", "function", "keyword", "cause", "not an SNS event")
		return nil
	}
	var failed error
	for _, r := range event.Records {
		failed = errors.Join(failed, f.one(ctx, r.SNS))
	}
	return failed
}

// one applies a text and logs one line about it: the keyword and the outcome, never
// the phone or the words.
func (f function) one(ctx context.Context, m events.SNSEntity) error {
	ctx, units := table.Meter(ctx)
	start := time.Now()
	about := func(attrs ...any) []any {
		return slices.Concat([]any{
			"function", "keyword", "requestId", m.MessageID, "durationMs", float64(time.Since(start).Microseconds()) / 1000, "units", units(),
		}, wide.IDs(ctx), attrs)
	}
	text, ok := read(m)
	if !ok {
		f.log.Error("text", about("cause", "not an inbound text")...)
		return nil
	}
	result, err := f.apply(ctx, text)
	switch {
	case err != nil:
		f.log.Error("text", about("keyword", result.Keyword, "cause", err.Error())...)
	case result.Unconfirmed != nil:
		f.log.Warn("text", about("keyword", result.Keyword, "changed", result.Changed, "unconfirmed", result.Unconfirmed.Error())...)
	default:
		f.log.Info("text", about("keyword", result.Keyword, "changed", result.Changed, "answered", result.Answered)...)
	}
	return err
}

// read reads a text from the JSON of two-way SMS. It returns false for anything else.
func read(m events.SNSEntity) (keyword.Text, bool) {
	var in struct{ OriginationNumber, MessageBody, InboundMessageID string }
	if json.Unmarshal([]byte(m.Message), &in) != nil {
		return keyword.Text{}, false
	}
	text := keyword.Text{
		ID: in.InboundMessageID, Phone: in.OriginationNumber, Body: in.MessageBody, At: m.Timestamp.UTC().Truncate(time.Millisecond),
	}
	return text, chat.IsPhone(text.Phone) && text.ID != "" && !text.At.IsZero()
}
