package machine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

const pollEvery = 200 * time.Millisecond

// mapping is how a function reads the table's stream.
type mapping struct {
	function      string
	batchSize     int
	filters       []pattern // one that fits is enough; none lets everything through
	retries       int       // of a batch that cannot be halved; -1 for ever
	bisect        bool
	reportsFailed bool          // ReportBatchItemFailures
	maxAge        time.Duration // of a record; 0 is any
}

func newMapping(function string, p eventProperties) (mapping, error) {
	m := mapping{
		function: function, batchSize: p.BatchSize, retries: -1, bisect: p.BisectBatchOnFunctionError,
		reportsFailed: slices.Contains(p.FunctionResponseTypes, "ReportBatchItemFailures"),
		maxAge:        time.Duration(max(0, p.MaximumRecordAgeInSeconds)) * time.Second,
	}
	if m.batchSize == 0 {
		m.batchSize = 100 // Lambda's own
	}
	if p.MaximumRetryAttempts != nil {
		m.retries = *p.MaximumRetryAttempts
	}
	for _, filter := range p.FilterCriteria.Filters {
		f, err := newPattern(filter.Pattern)
		if err != nil {
			return m, err
		}
		m.filters = append(m.filters, f)
	}
	return m, nil
}

// record is one change of the table, as DynamoDB tells it.
type record map[string]any

func (r record) sequence() string {
	change, _ := r["dynamodb"].(map[string]any)
	sequence, _ := change["SequenceNumber"].(string)
	return sequence
}

// at is when the change was made, to the second.
func (r record) at() time.Time {
	change, _ := r["dynamodb"].(map[string]any)
	seconds, _ := change["ApproximateCreationDateTime"].(float64)
	return time.Unix(int64(seconds), 0)
}

// DeadLetter is what a function did not get done: records of the table's stream,
// by their numbers, or a call for which nobody waited, such as SNS's.
type DeadLetter struct {
	Function        string
	SequenceNumbers []string
	Event           []byte // of the call
	Error           string // of the last attempt
}

// reader hands the records of the table's stream to one function, as Lambda does.
type reader struct {
	mapping
	db     dynamoDB
	stream string
	tap    *tap
	invoke func(ctx context.Context, function string, payload []byte) ([]byte, error)
	giveUp func(DeadLetter)
	again  time.Duration // waits this long before the first repeat, then twice as long each time
	file   string        // keeps the positions, if there is one
	shards map[string]*shard
}

// shard is a part of the stream and how far it was read.
type shard struct {
	Position string // the last record's sequence number
	iterator string
	closed   bool
}

func (s *reader) run(ctx context.Context, log *lines) {
	s.restore()
	for wait(ctx, pollEvery) {
		s.tap.pass(func() {
			if err := s.poll(ctx); err != nil && ctx.Err() == nil {
				log.say("stream | %s: %v", s.function, err)
			}
		})
	}
}

// tap turns off what happens by itself. What is in the middle of it ends first.
type tap struct {
	mu  sync.RWMutex
	off bool
}

func (t *tap) turn(off bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.off = off
}

// pass does some work, unless it is turned off.
func (t *tap) pass(work func()) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if !t.off {
		work()
	}
}

// wait is false when ctx has ended.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

func (s *reader) poll(ctx context.Context) error {
	var found struct {
		StreamDescription struct{ Shards []struct{ ShardId string } }
	}
	err := s.db.call(ctx, "DynamoDBStreams_20120810.DescribeStream", map[string]any{"StreamArn": s.stream}, &found)
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

// read hands over what came since the last time.
func (s *reader) read(ctx context.Context, id string, at *shard) error {
	for !at.closed && ctx.Err() == nil {
		if err := s.iterate(ctx, id, at); err != nil {
			return err
		}
		var page struct {
			Records           []record
			NextShardIterator string
		}
		err := s.db.call(ctx, "DynamoDBStreams_20120810.GetRecords", map[string]any{"ShardIterator": at.iterator, "Limit": 1000}, &page)
		at.iterator = "" // which expires: a new one goes on from the position
		if err != nil {
			return err
		}
		if len(page.Records) > 0 {
			s.handOver(ctx, page.Records)
			if ctx.Err() != nil {
				return nil // what was not finished comes again
			}
			at.Position = page.Records[len(page.Records)-1].sequence()
			s.keep()
		}
		at.iterator, at.closed = page.NextShardIterator, page.NextShardIterator == ""
		if len(page.Records) == 0 {
			return nil
		}
	}
	return nil
}

func (s *reader) iterate(ctx context.Context, id string, at *shard) error {
	if at.iterator != "" {
		return nil
	}
	from := map[string]any{"StreamArn": s.stream, "ShardId": id, "ShardIteratorType": "TRIM_HORIZON"}
	if at.Position != "" {
		from["ShardIteratorType"], from["SequenceNumber"] = "AFTER_SEQUENCE_NUMBER", at.Position
	}
	var got struct{ ShardIterator string }
	err := s.db.call(ctx, "DynamoDBStreams_20120810.GetShardIterator", from, &got)
	at.iterator = got.ShardIterator
	return err
}

func (s *reader) handOver(ctx context.Context, all []record) {
	var wanted []record
	for _, r := range all {
		if len(s.filters) == 0 || slices.ContainsFunc(s.filters, func(f pattern) bool { return f.fits(map[string]any(r)) }) {
			r["eventSourceARN"] = s.stream
			wanted = append(wanted, r)
		}
	}
	for batch := range slices.Chunk(wanted, s.batchSize) {
		s.deliver(ctx, batch)
	}
}

// deliver repeats a batch until nothing of it is left: what is done is left
// out, halves go their own ways, and what fails for good is given up.
func (s *reader) deliver(ctx context.Context, batch []record) {
	pause := s.again
	for attempt := 0; ctx.Err() == nil; attempt++ {
		if batch = s.young(batch); len(batch) == 0 {
			return
		}
		done, err := s.try(ctx, batch)
		if batch = batch[done:]; len(batch) == 0 || ctx.Err() != nil {
			return
		}
		if s.bisect && len(batch) > 1 {
			s.deliver(ctx, batch[:len(batch)/2])
			s.deliver(ctx, batch[len(batch)/2:])
			return
		}
		if attempt == s.retries {
			s.discard(batch, err)
			return
		}
		wait(ctx, pause)
		pause = min(2*pause, time.Minute)
	}
}

// young gives up the records that have waited for too long, and leaves the rest.
func (s *reader) young(batch []record) []record {
	old := slices.IndexFunc(batch, func(r record) bool { return s.maxAge == 0 || time.Since(r.at()) <= s.maxAge })
	if old < 0 {
		old = len(batch)
	}
	if old > 0 {
		s.discard(batch[:old], errors.New("older than MaximumRecordAgeInSeconds"))
	}
	return batch[old:]
}

func (s *reader) discard(batch []record, err error) {
	letter := DeadLetter{Function: s.function, Error: fmt.Sprint(err)}
	for _, r := range batch {
		letter.SequenceNumbers = append(letter.SequenceNumbers, r.sequence())
	}
	s.giveUp(letter)
}

// try hands a batch over once, and says how many records from its beginning are done.
func (s *reader) try(ctx context.Context, batch []record) (done int, err error) {
	payload, err := json.Marshal(map[string]any{"Records": batch})
	if err != nil {
		return 0, err
	}
	answer, err := s.invoke(ctx, s.function, payload)
	if err != nil {
		return 0, err
	}
	if !s.reportsFailed {
		return len(batch), nil
	}
	var report struct {
		BatchItemFailures []struct{ ItemIdentifier string }
	}
	if err := json.Unmarshal(answer, &report); err != nil {
		return 0, err
	}
	done = len(batch)
	for _, failed := range report.BatchItemFailures {
		// An identifier that is none of the batch's fails all of it.
		done = min(done, max(0, slices.IndexFunc(batch, func(r record) bool { return r.sequence() == failed.ItemIdentifier })))
		err = fmt.Errorf("reported as failed")
	}
	return done, err
}

func (s *reader) restore() {
	s.shards = map[string]*shard{}
	if s.file != "" {
		if kept, err := os.ReadFile(s.file); err == nil {
			_ = json.Unmarshal(kept, &s.shards) // damaged: from the beginning again
		}
	}
}

func (s *reader) keep() {
	if s.file != "" {
		_ = writeFile(s.file, s.shards)
	}
}

// writeFile replaces a file by value as JSON, whole or not at all.
func writeFile(path string, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	unfinished := path + ".new"
	if err := os.WriteFile(unfinished, body, 0o600); err != nil {
		return err
	}
	return os.Rename(unfinished, filepath.Clean(path))
}
