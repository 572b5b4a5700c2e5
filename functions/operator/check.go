package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"time"

	"carechat/shared/api"
	"carechat/shared/invariants"
	"carechat/shared/problem"
)

const (
	// pageRows is how many rows a page of the table has: each may take some reads, and the
	// function has a minute.
	pageRows = 100
	// chunkRows is how many rows of a partition are read at once: within seconds, even of the
	// longest messages.
	chunkRows = 500
	// maxWrong is how many wrong rows an answer names.
	maxWrong = 1000
	// settling is longer than an index trails the table.
	settling = time.Second
)

// settle waits until what was being written shows everywhere.
func settle(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(settling):
	}
}

// checkTable checks a page of the table (T10).
func (h handlers) checkTable(ctx context.Context, after string) (any, error) {
	from, err := positionOf(after)
	if err != nil {
		return nil, problem.WithField("/checkTable/after", "invalid", "is not the end of a page")
	}
	rows, found, next, err := h.whole.Check(ctx, from)
	if err != nil {
		return nil, err
	}
	page := api.TableChecked{Rows: rows, Wrong: []api.WrongRow{}, More: max(0, len(found)-maxWrong), After: written(next)}
	for _, v := range found[:len(found)-page.More] {
		page.Wrong = append(page.Wrong, api.WrongRow{PK: v.Row.PK, SK: v.Row.SK, Rule: v.Rule, Why: v.Why})
	}
	return page, nil
}

// positionOf reads what written returned, the beginning for "".
func positionOf(after string) (from invariants.Position, err error) {
	if after == "" {
		return from, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(after)
	if err == nil {
		err = json.Unmarshal(text, &from)
	}
	return from, err
}

// written returns a position as text, "" for the end.
func written(p *invariants.Position) string {
	if p == nil {
		return ""
	}
	text, _ := json.Marshal(p) // strings and a number
	return base64.RawURLEncoding.EncodeToString(text)
}
