package main

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"carechat/shared/chat"
	"carechat/shared/sweep"
	"carechat/shared/table"
)

// sweepFor is how long a sweep begins jobs: until the next one is due to begin.
const sweepFor = 58 * time.Second

// How many jobs of a lane are done side by side. A notice waits for its turn among the
// transports' rates, a mailbox is one of many that an import makes.
var workers = map[table.Lane]int{table.LinkLane: 8, table.NoticeLane: 16, table.MailboxLane: 4}

// swept is the result of the jobs of one lane in a sweep.
type swept struct {
	done   atomic.Int64
	failed error
}

// sweep does the jobs that are due by now: first the links, for which people wait,
// then notices beside mailboxes, which only one sweep at a time may do. Jobs that
// there is no time for stay due for the next sweep. It returns the errors that need a
// person.
func (n notifier) sweep(ctx context.Context) error {
	ends := time.Now().Add(sweepFor)
	one := *n.Sweep
	one.Do = n.forSweep()
	n.Sweep = &one
	var links, notices, mailboxes swept
	n.sweepLane(ctx, ends, table.LinkLane, &links)
	err := n.alone(ctx, func() {
		var wait sync.WaitGroup
		wait.Go(func() { n.sweepLane(ctx, ends, table.NoticeLane, &notices) })
		wait.Go(func() { n.sweepLane(ctx, ends, table.MailboxLane, &mailboxes) })
		wait.Wait()
	})
	if links.done.Load()+notices.done.Load()+mailboxes.done.Load() > 0 {
		n.Log.Info("sweep", "links", links.done.Load(), "notices", notices.done.Load(), "mailboxes", mailboxes.done.Load())
	}
	return sweep.NeedsAPerson(errors.Join(links.failed, notices.failed, mailboxes.failed, err))
}

// sweepLane does the jobs of a lane that are due, some side by side. A job that fails
// does not hold up the others; once the transport takes no more, the rest stays due.
func (n notifier) sweepLane(ctx context.Context, ends time.Time, lane table.Lane, l *swept) {
	var mu sync.Mutex
	failed := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		l.failed = errors.Join(l.failed, err)
	}
	var throttled atomic.Bool
	jobs := make(chan table.Job)
	var finders, doers sync.WaitGroup
	for _, shard := range table.DueShards(lane) {
		finders.Go(func() {
			for j, err := range n.Due(ctx, n.Now(), shard) {
				if err != nil {
					n.Log.Error(n.Name, "trigger", "schedule", "cause", err.Error())
					failed(err)
					return
				}
				if throttled.Load() || n.OutOfTime(ctx) || time.Now().After(ends) {
					return
				}
				jobs <- j
			}
		})
	}
	for range workers[lane] {
		doers.Go(func() {
			for j := range jobs {
				if throttled.Load() {
					continue // it stays due
				}
				err := n.Try(ctx, "schedule", j)
				if errors.Is(err, chat.ErrThrottled) {
					throttled.Store(true)
				}
				failed(err)
				l.done.Add(1)
			}
		})
	}
	finders.Wait()
	close(jobs)
	doers.Wait()
}
