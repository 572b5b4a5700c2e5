package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
)

// put is a line of the file, and of the file of what was refused.
type put struct {
	Path    string          `json:"path"`
	Body    json.RawMessage `json:"body"`
	Status  int             `json:"status,omitempty"`
	Problem json.RawMessage `json:"problem,omitempty"`
}

// read reads a file. If lines name a path twice it takes the last one.
func read(file string) ([]put, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var puts []put
	at := map[string]int{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var p put
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil || !strings.HasPrefix(p.Path, "/") || len(p.Body) == 0 {
			return nil, fmt.Errorf(`%s:%d is not {"path": "/members/…", "body": {…}}`, file, n)
		}
		p = put{Path: p.Path, Body: p.Body} // without what an earlier run noted
		if i, ok := at[p.Path]; ok {
			puts[i] = p
			continue
		}
		at[p.Path] = len(puts)
		puts = append(puts, p)
	}
	return puts, lines.Err()
}

// kinds lists what is put in the order in which one needs another.
var kinds = []string{"organization", "departments", "programs", "reasons", "care-managers", "coverages", "members", "enrollments"}

// rank returns the place of a path's kind in that order: /members/ana/enrollments/heart
// is an enrollment. Paths of an unknown kind come last, where the API refuses them.
func (p put) rank() int {
	parts := strings.Split(strings.Trim(p.Path, "/"), "/")
	kind := parts[0]
	if len(parts) > 2 {
		kind = parts[2]
	}
	if i := slices.Index(kinds, kind); i >= 0 {
		return i
	}
	return len(kinds)
}

// ranks groups what can be put side by side.
func ranks(puts []put) [][]put {
	puts = slices.SortedStableFunc(slices.Values(puts), func(a, b put) int { return cmp.Compare(a.rank(), b.rank()) })
	var groups [][]put
	for i, p := range puts {
		if i == 0 || p.rank() != puts[i-1].rank() {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], p)
	}
	return groups
}

// refusedFile returns people.refused.ndjson for people.ndjson and for itself.
func refusedFile(file string) string {
	return strings.TrimSuffix(strings.TrimSuffix(file, ".ndjson"), ".refused") + ".refused.ndjson"
}

// keep writes what was refused for nobody else to read, or removes the file of an
// earlier run if nothing was.
func keep(file string, refused []put) error {
	if len(refused) == 0 {
		if err := os.Remove(file); !os.IsNotExist(err) {
			return err
		}
		return nil
	}
	var all []byte
	for _, p := range refused {
		line, err := json.Marshal(p)
		if err != nil {
			return err
		}
		all = append(append(all, line...), '\n')
	}
	return os.WriteFile(file, all, 0o600)
}
