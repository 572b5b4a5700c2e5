package main

import (
	"time"

	"carechat/shared/chat"
)

// How soon a screen should be read again (A7). While the other side has just
// written or read, an answer may come any moment; an hour later it is unlikely.
const (
	pollSoon   = 4 * time.Second
	pollLater  = 10 * time.Second
	pollSeldom = 30 * time.Second
)

// pollAfter returns when to look again at what has been quiet for a while.
func pollAfter(quiet time.Duration) time.Duration {
	switch {
	case quiet <= 2*time.Minute:
		return pollSoon
	case quiet <= time.Hour:
		return pollLater
	}
	return pollSeldom
}

// pollThread returns when a side should look again at a thread: it waits for the
// other side.
func pollThread(t chat.Thread, side chat.Kind, now time.Time) time.Duration {
	return pollAfter(now.Sub(t.ActiveAt(side.Other())))
}

// pollThreads returns when a side should look again at a screen of threads.
func pollThreads(threads []chat.ThreadView, side chat.Kind, now time.Time) time.Duration {
	poll := pollSeldom
	for _, t := range threads {
		poll = min(poll, pollThread(t.Thread, side, now))
	}
	return poll
}

// pollTasks returns when the care side should look again at its tasks. The member
// wrote when they made the request; any other member may make one the next moment.
func pollTasks(tasks []chat.Request, now time.Time) time.Duration {
	poll := pollLater
	for _, r := range tasks {
		poll = min(poll, pollAfter(now.Sub(r.CreatedAt)))
	}
	return poll
}
