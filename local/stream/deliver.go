package stream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"carechat/local/lambda"
)

// record is one change of the table, as DynamoDB has it.
type record map[string]any

func (r record) sequence() string {
	change, _ := r["dynamodb"].(map[string]any)
	sequence, _ := change["SequenceNumber"].(string)
	return sequence
}

// at returns when the change was made, to the second.
func (r record) at() time.Time {
	change, _ := r["dynamodb"].(map[string]any)
	seconds, _ := change["ApproximateCreationDateTime"].(float64)
	return time.Unix(int64(seconds), 0)
}

// deliver repeats a batch until every record is done or given up. It leaves out
// what is done and, if the template says so, delivers each half on its own.
func (s *Reader) deliver(ctx context.Context, batch []record) {
	pause := s.pause
	for attempt := 0; ctx.Err() == nil; attempt++ {
		if batch = s.dropOld(batch); len(batch) == 0 {
			return
		}
		done, err := s.try(ctx, batch)
		if batch = batch[done:]; len(batch) == 0 || ctx.Err() != nil {
			return
		}
		if s.BisectBatchOnFunctionError && len(batch) > 1 {
			s.deliver(ctx, batch[:len(batch)/2])
			s.deliver(ctx, batch[len(batch)/2:])
			return
		}
		if s.MaximumRetryAttempts != nil && attempt == *s.MaximumRetryAttempts {
			s.discard(batch, err)
			return
		}
		wait(ctx, pause)
		pause = min(2*pause, time.Minute)
	}
}

// dropOld gives up the records that are too old and returns the others.
func (s *Reader) dropOld(batch []record) []record {
	most := time.Duration(s.MaximumRecordAgeInSeconds) * time.Second
	young := slices.IndexFunc(batch, func(r record) bool { return most <= 0 || time.Since(r.at()) <= most })
	if young < 0 {
		young = len(batch)
	}
	if young > 0 {
		s.discard(batch[:young], errors.New("older than MaximumRecordAgeInSeconds"))
	}
	return batch[young:]
}

func (s *Reader) discard(batch []record, err error) {
	letter := lambda.DeadLetter{Function: s.Function, Error: fmt.Sprint(err)}
	for _, r := range batch {
		letter.SequenceNumbers = append(letter.SequenceNumbers, r.sequence())
	}
	s.GiveUp(letter)
}

// try hands a batch over once. It returns how many records from its beginning
// are done, and an error if that is not all of them.
func (s *Reader) try(ctx context.Context, batch []record) (done int, err error) {
	payload, err := json.Marshal(map[string]any{"Records": batch})
	if err != nil {
		return 0, err
	}
	answer, err := s.Invoke(ctx, s.Function, payload)
	if err != nil {
		return 0, err
	}
	if !slices.Contains(s.FunctionResponseTypes, "ReportBatchItemFailures") {
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
		// An identifier that is not in the batch fails all of it.
		done = min(done, max(0, slices.IndexFunc(batch, func(r record) bool { return r.sequence() == failed.ItemIdentifier })))
		err = errors.New("reported as failed")
	}
	return done, err
}
