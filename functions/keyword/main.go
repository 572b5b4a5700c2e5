// Command keyword does what members ask for by texting back: STOP ends all texts
// to their phone, START brings them back. It hears them from the topic to which
// AWS End User Messaging hands inbound texts (N7).
package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"carechat/shared/chat"
	"carechat/shared/notice"
	"carechat/shared/sns"
	"carechat/shared/table"
)

func main() {
	t := table.Open()
	out := sns.Open(4 * time.Second)
	l := notice.Listener{Store: t, Send: out.Text}
	lambda.Start(ear{hear: l.Hear, log: slog.New(slog.NewJSONHandler(os.Stdout, nil))}.handle)
}

type ear struct {
	hear func(context.Context, notice.Inbound) (notice.Heard, error)
	log  *slog.Logger
}

// handle takes what the topic says. What cannot be read is in the log and is not
// repeated: it would be no better. An error is: Lambda repeats the call, and in
// the end it is a dead letter.
func (e ear) handle(ctx context.Context, payload json.RawMessage) error {
	var event events.SNSEvent
	if json.Unmarshal(payload, &event) != nil || len(event.Records) == 0 {
		e.log.Error("text", "function", "keyword", "cause", "no event of SNS")
		return nil
	}
	var failed error
	for _, r := range event.Records {
		failed = errors.Join(failed, e.one(ctx, r.SNS))
	}
	return failed
}

// one leaves the one line of a text: what it asked for and what became of that,
// not who wrote what.
func (e ear) one(ctx context.Context, m events.SNSEntity) error {
	ctx, units := table.Meter(ctx)
	start := time.Now()
	about := func(attrs ...any) []any {
		return append([]any{
			"function", "keyword", "requestId", m.MessageID, "durationMs", float64(time.Since(start).Microseconds()) / 1000, "units", units(),
		}, attrs...)
	}
	text, ok := inbound(m)
	if !ok {
		e.log.Error("text", about("cause", "not an inbound text")...)
		return nil
	}
	heard, err := e.hear(ctx, text)
	switch {
	case err != nil:
		e.log.Error("text", about("keyword", heard.Keyword, "cause", err.Error())...)
	case heard.Failed != nil:
		e.log.Warn("text", about("keyword", heard.Keyword, "changed", heard.Changed, "unconfirmed", heard.Failed.Error())...)
	default:
		e.log.Info("text", about("keyword", heard.Keyword, "changed", heard.Changed)...)
	}
	return err
}

// inbound reads the JSON of two-way SMS; false if it is something else.
func inbound(m events.SNSEntity) (notice.Inbound, bool) {
	var in struct{ OriginationNumber, MessageBody, InboundMessageID string }
	if json.Unmarshal([]byte(m.Message), &in) != nil {
		return notice.Inbound{}, false
	}
	text := notice.Inbound{
		ID: in.InboundMessageID, Phone: in.OriginationNumber, Text: in.MessageBody, At: m.Timestamp.UTC().Truncate(time.Millisecond),
	}
	return text, chat.IsPhone(text.Phone) && text.ID != "" && !text.At.IsZero()
}
