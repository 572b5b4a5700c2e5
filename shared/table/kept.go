package table

import (
	"sync"
	"time"
)

// kept holds values in memory for a time (T7).
type kept[T any] struct {
	mu     sync.Mutex
	life   time.Duration
	now    func() time.Time
	values map[string]keptValue[T]
}

type keptValue[T any] struct {
	value T
	until time.Time
}

func keep[T any](life time.Duration, now func() time.Time) *kept[T] {
	return &kept[T]{life: life, now: now, values: map[string]keptValue[T]{}}
}

// get returns the kept value, or loads it if there is none or if fresh says so.
func (k *kept[T]) get(key string, fresh bool, load func() (T, error)) (T, error) {
	k.mu.Lock()
	v, ok := k.values[key]
	k.mu.Unlock()
	if ok && !fresh && k.now().Before(v.until) {
		return v.value, nil
	}
	value, err := load()
	if err == nil && k.life > 0 {
		k.mu.Lock()
		k.values[key] = keptValue[T]{value, k.now().Add(k.life)}
		k.mu.Unlock()
	}
	return value, err
}
