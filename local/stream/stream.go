// Package stream plays the AWS services that call functions by themselves:
// Lambda's event source mapping, which reads a DynamoDB stream, and EventBridge
// Scheduler.
package stream

import (
	"context"
	"log"
	"slices"
	"time"

	"carechat/local/data"
	"carechat/local/emulator"
	"carechat/local/lambda"
	"carechat/local/template"
)

const (
	pollEvery  = 200 * time.Millisecond
	firstPause = time.Second / 4 // before the first retry of a batch
)

// Config says how a function reads a stream.
type Config struct {
	template.Stream
	DynamoDB emulator.Client
	ARN      string    // the stream's
	File     data.File // keeps how far the stream was read
	Triggers *Triggers
	Invoke   func(ctx context.Context, function string, payload []byte) ([]byte, error)
	GiveUp   func(lambda.DeadLetter)
	Log      *log.Logger
}

// Reader hands the records of a table's stream to one function, as Lambda does.
type Reader struct {
	Config
	filters []pattern
	pause   time.Duration
	shards  map[string]*shard
}

// shard is a part of the stream and how far it was read.
type shard struct {
	Position string // the last record's sequence number
	iterator string
	closed   bool
}

// New returns a reader that goes on where its file says. It returns an error for
// a filter that this machine does not support.
func New(c Config) (*Reader, error) {
	r := &Reader{Config: c, pause: firstPause, shards: map[string]*shard{}}
	for _, filter := range c.FilterCriteria.Filters {
		p, err := newPattern(filter.Pattern)
		if err != nil {
			return nil, err
		}
		r.filters = append(r.filters, p)
	}
	c.File.Load(&r.shards)
	return r, nil
}

// Run reads the stream until ctx ends.
func (s *Reader) Run(ctx context.Context) {
	for wait(ctx, pollEvery) {
		s.Triggers.run(func() {
			if err := s.poll(ctx); err != nil && ctx.Err() == nil {
				s.Log.Printf("stream | %s: %v", s.Function, err)
			}
		})
	}
}

func (s *Reader) poll(ctx context.Context) error {
	var found struct {
		StreamDescription struct{ Shards []struct{ ShardId string } }
	}
	err := s.DynamoDB.Call(ctx, "DynamoDBStreams_20120810.DescribeStream", map[string]any{"StreamArn": s.ARN}, &found)
	for _, each := range found.StreamDescription.Shards {
		if s.shards[each.ShardId] == nil {
			s.shards[each.ShardId] = &shard{}
		}
		if err == nil {
			err = s.read(ctx, each.ShardId, s.shards[each.ShardId])
		}
	}
	return err
}

// read hands over the records since the last time.
func (s *Reader) read(ctx context.Context, id string, at *shard) error {
	for !at.closed && ctx.Err() == nil {
		if err := s.iterate(ctx, id, at); err != nil {
			return err
		}
		var page struct {
			Records           []record
			NextShardIterator string
		}
		err := s.DynamoDB.Call(ctx, "DynamoDBStreams_20120810.GetRecords", map[string]any{"ShardIterator": at.iterator, "Limit": 1000}, &page)
		at.iterator = "" // it may have expired: a new one starts from the position
		if err != nil {
			return err
		}
		if len(page.Records) > 0 {
			s.handOver(ctx, page.Records)
			if ctx.Err() != nil {
				return nil // unfinished records come again
			}
			at.Position = page.Records[len(page.Records)-1].sequence()
			_ = s.File.Save(s.shards)
		}
		at.iterator, at.closed = page.NextShardIterator, page.NextShardIterator == ""
		if len(page.Records) == 0 {
			return nil
		}
	}
	return nil
}

func (s *Reader) iterate(ctx context.Context, id string, at *shard) error {
	if at.iterator != "" {
		return nil
	}
	from := map[string]any{"StreamArn": s.ARN, "ShardId": id, "ShardIteratorType": "TRIM_HORIZON"}
	if at.Position != "" {
		from["ShardIteratorType"], from["SequenceNumber"] = "AFTER_SEQUENCE_NUMBER", at.Position
	}
	var got struct{ ShardIterator string }
	err := s.DynamoDB.Call(ctx, "DynamoDBStreams_20120810.GetShardIterator", from, &got)
	at.iterator = got.ShardIterator
	return err
}

func (s *Reader) handOver(ctx context.Context, all []record) {
	var wanted []record
	for _, r := range all {
		if len(s.filters) == 0 || slices.ContainsFunc(s.filters, func(p pattern) bool { return p.matches(r) }) {
			r["eventSourceARN"] = s.ARN
			wanted = append(wanted, r)
		}
	}
	for batch := range slices.Chunk(wanted, s.BatchSize) {
		s.deliver(ctx, batch)
	}
}
