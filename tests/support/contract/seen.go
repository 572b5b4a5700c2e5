package contract

import (
	"fmt"
	"sync"
)

type sighting struct {
	operation string
	status    int
}

var (
	seenLock sync.Mutex
	seen     = map[sighting]int{}
)

func see(operation string, status int) {
	seenLock.Lock()
	defer seenLock.Unlock()
	seen[sighting{operation, status}]++
}

// Seen says how often this process saw the operation answer with the status.
func Seen(operation string, status int) int {
	seenLock.Lock()
	defer seenLock.Unlock()
	return seen[sighting{operation, status}]
}

// Unseen lists what the contract declares and this process never saw, as
// "operation status", by path. The statuses in except are left out: those that
// a test cannot bring about at will.
func Unseen(except ...int) []string {
	skip := map[int]bool{}
	for _, status := range except {
		skip[status] = true
	}
	var missing []string
	for _, operation := range Operations() {
		for _, status := range operation.Statuses {
			if !skip[status] && Seen(operation.ID, status) == 0 {
				missing = append(missing, fmt.Sprintf("%s %d", operation.ID, status))
			}
		}
	}
	return missing
}
