package wide

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
)

// counts are what an invocation counts while it runs.
type counts struct {
	mu sync.Mutex
	of map[Metric]int // by the metric, whose Value is 0
}

type countsKey struct{}

// Counting returns a context in which Add and Note count, and a function that returns
// what they have counted so far, by name.
func Counting(ctx context.Context) (context.Context, func() []Metric) {
	c := &counts{of: map[Metric]int{}}
	return context.WithValue(ctx, countsKey{}, c), c.all
}

func (c *counts) all() []Metric {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := slices.Collect(maps.Keys(c.of))
	for i, m := range all {
		all[i].Value = float64(c.of[m])
	}
	slices.SortFunc(all, func(a, b Metric) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// Add counts one more of what CloudWatch keeps as a metric. Where nobody is counting it does
// nothing.
func Add(ctx context.Context, name string) { add(ctx, Metric{Name: name, Unit: "Count"}) }

// Note counts one more of what only the line says.
func Note(ctx context.Context, name string) { add(ctx, Metric{Name: name}) }

// Name joins words to a name as metrics have them: oldestLinkSeconds of oldest, link and
// seconds.
func Name(first string, more ...string) string {
	for _, word := range more {
		if word != "" {
			first += strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return first
}

func add(ctx context.Context, m Metric) {
	if c, ok := ctx.Value(countsKey{}).(*counts); ok {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.of[m]++
	}
}
