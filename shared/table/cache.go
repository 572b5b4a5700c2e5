package table

import (
	"sync"
	"time"
)

// cache holds values in memory for a time (T7). It is safe for concurrent use.
type cache[T any] struct {
	mu      sync.Mutex
	life    time.Duration
	now     func() time.Time
	entries map[string]cacheEntry[T]
}

type cacheEntry[T any] struct {
	value T
	until time.Time
}

func newCache[T any](life time.Duration, now func() time.Time) *cache[T] {
	return &cache[T]{life: life, now: now, entries: map[string]cacheEntry[T]{}}
}

// get returns the value in memory, or loads it if there is none or if fresh says so.
func (c *cache[T]) get(key string, fresh bool, load func() (T, error)) (T, error) {
	c.mu.Lock()
	e, ok := c.entries[key]
	c.mu.Unlock()
	if ok && !fresh && c.now().Before(e.until) {
		return e.value, nil
	}
	value, err := load()
	if err == nil && c.life > 0 {
		c.mu.Lock()
		c.entries[key] = cacheEntry[T]{value, c.now().Add(c.life)}
		c.mu.Unlock()
	}
	return value, err
}
