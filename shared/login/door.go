package login

import (
	"sync"
	"time"

	"carechat/shared/problem"
)

// callsPerMinute is how often one source address may ask for links and exchange
// them, in each process of the function. A ward shares an address.
const callsPerMinute = 60

// door counts, in memory, the calls of the two routes that are open to anybody,
// by source address, so that one that calls too often is refused before anything
// is read. The zero value is ready.
type door struct {
	mu     sync.Mutex
	opened time.Time // when its minute began
	calls  map[string]int
}

// Admit counts a call from a source address. It returns the problem
// too-many-requests if there were too many (S4).
func (s *Service) Admit(sourceIP string) error {
	if s.Local {
		return nil
	}
	if wait := s.door.enter(source(sourceIP), s.Now()); wait > 0 {
		return &problem.Problem{Code: problem.TooManyRequests, RetryAfter: wait}
	}
	return nil
}

// enter counts a call, or returns how long the source must wait.
func (d *door) enter(source string, now time.Time) (wait time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if now.Sub(d.opened) >= time.Minute {
		d.opened, d.calls = now, map[string]int{}
	}
	if d.calls[source]++; d.calls[source] > callsPerMinute {
		return d.opened.Add(time.Minute).Sub(now)
	}
	return 0
}
