package api

import (
	"time"

	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/problem"
)

// CoveragesOf names a care manager.
type CoveragesOf struct {
	CareManagerID string `path:"careManagerId" json:"-"`
}

// CoverageRef names a coverage.
type CoverageRef struct {
	CareManagerID string `path:"careManagerId" json:"-"`
	ID            string `path:"id" json:"-"`
}

// Ref returns which coverage it is.
func (in CoverageRef) Ref() directory.CoverageRef {
	return directory.CoverageRef{CareManagerID: in.CareManagerID, ID: in.ID}
}

// CoveragePut makes or replaces a coverage.
type CoveragePut struct {
	CareManagerID string `path:"careManagerId" json:"-"`
	PathID        string `path:"id" json:"-"`
	ID            string `json:"id"`
	CoverID       string `json:"coverId"`
	From          string `json:"from"`
	To            string `json:"to"`
}

// Put returns what the path and the body ask for.
func (in CoveragePut) Put() directory.CoveragePut {
	p := directory.CoveragePut{CoverageRef: directory.CoverageRef{CareManagerID: in.CareManagerID, ID: in.PathID}, CoverID: in.CoverID}
	if in.ID != "" && in.ID != in.PathID {
		p.Invalid.Add("/id", "mismatch", "must be the path's, or left out")
	}
	p.From, p.To = instant(in.From, "/from", &p.Invalid), instant(in.To, "/to", &p.Invalid)
	return p
}

// instant reads a time, to the millisecond.
func instant(text, pointer string, invalid *problem.Fields) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	switch {
	case text == "":
		invalid.Add(pointer, "required", "must be given")
	case err != nil:
		invalid.Add(pointer, "invalid", "must be a time as in RFC 3339")
	}
	return t.UTC().Truncate(time.Millisecond)
}

// Coverage is a period in which another care manager covers this one.
type Coverage struct {
	ID      string `json:"id"`
	CoverID string `json:"coverId"`
	From    Time   `json:"from"`
	To      Time   `json:"to"`
}

// NewCoverage shapes a coverage.
func NewCoverage(v chat.Coverage) Coverage {
	return Coverage{v.ID, v.By.ID, Time{v.From}, Time{v.To}}
}

// NewCoverages shapes a list of coverages.
func NewCoverages(all []chat.Coverage) List[Coverage] {
	return List[Coverage]{Items: each(all, NewCoverage)}
}
