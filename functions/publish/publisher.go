package main

import (
	"context"
	"encoding/json"
	"log/slog"

	"github.com/aws/aws-lambda-go/events"

	"carechat/shared/api"
	"carechat/shared/chat"
	"carechat/shared/table"
	"carechat/shared/wide"
)

// publisher publishes the events in records of the table's stream.
type publisher struct {
	publish func(ctx context.Context, message string, attributes map[string]string) error
	log     *slog.Logger
}

// batch is what the stream hands over.
type batch struct{ Records []table.Record }

// handle publishes the events of a batch in its order. It stops at the first that
// fails and returns that record: the stream then hands over the rest again, from
// there on.
func (p publisher) handle(ctx context.Context, b batch) (out events.DynamoDBEventResponse, _ error) {
	for _, r := range b.Records {
		if p.one(ctx, r) != nil {
			out.BatchItemFailures = []events.DynamoDBBatchItemFailure{{ItemIdentifier: r.Change.SequenceNumber}}
			break
		}
	}
	return out, nil
}

// one publishes the event of a record, if it has one, and logs which it was.
func (p publisher) one(ctx context.Context, r table.Record) error {
	was, is := r.Rows()
	e, ok := chat.EventOf(was, is, r.At())
	if !ok {
		return nil
	}
	message, err := json.Marshal(api.NewEvent(e))
	if err == nil {
		err = p.publish(ctx, string(message), attributes(e))
	}
	about := append([]any{"eventId", e.ID(), "type", e.Type, "organization", e.Key.Organization, "memberId", e.Key.Member}, wide.IDs(ctx)...)
	if err != nil {
		p.log.Error("publish", append(about, "cause", err.Error())...)
		return err
	}
	p.log.Info("publish", about...)
	return nil
}

// attributes are what subscriptions filter by.
func attributes(e chat.Event) map[string]string {
	return map[string]string{"type": string(e.Type), "organizationId": e.Key.Organization}
}
