package stream

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"sync"
	"time"

	"carechat/local/template"
)

// RunSchedule calls invoke with an event at the schedule's rate until ctx ends,
// one call at a time.
func RunSchedule(ctx context.Context, s template.Schedule, triggers *Triggers, invoke func(event []byte)) {
	for wait(ctx, s.Every) {
		triggers.run(func() { invoke(ScheduleEvent(time.Now())) })
	}
}

// ScheduleEvent returns the event that EventBridge Scheduler sends to a function.
func ScheduleEvent(at time.Time) []byte {
	event, _ := json.Marshal(map[string]any{
		"version": "0", "id": rand.Text(), "detail-type": "Scheduled Event", "source": "aws.scheduler", "account": "000000000000",
		"time": at.UTC().Format(time.RFC3339), "region": template.Region,
		"resources": []string{"arn:aws:scheduler:us-east-1:000000000000:schedule/default/local"}, "detail": "{}",
	})
	return event
}

// Triggers switches streams and schedules on and off. The zero value is on.
type Triggers struct {
	mu  sync.RWMutex
	off bool
}

// Set switches them on or off. It returns when the work that runs is done.
func (t *Triggers) Set(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.off = !on
}

func (t *Triggers) run(work func()) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if !t.off {
		work()
	}
}

// wait returns false if ctx ends first.
func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
