package apigw

import (
	"cmp"
	"context"
	"log/slog"
	"os"
	"strings"
	"time"

	"carechat/shared/problem"
	"carechat/shared/wide"
)

// wideLine is the one line that a request leaves in the log. It holds ids, codes and numbers, nothing that a person wrote. With
// memberId, which says whose data was touched, it is also the audit record.
type wideLine struct {
	Start time.Time
	Cold  bool
	// The caller; all "" before authentication.
	Kind, Organization, CallerID string

	Code   problem.Code
	Reason string
	Cause  string // set if the failure is ours
	Units  func() float64
	Counts func() []wide.Metric
}

func (w *wideLine) write(ctx context.Context, log *slog.Logger, function string, r *Request, status int) {
	attrs := append([]any{"function", function, "requestId", r.ID, "route", r.Route, "status", status, "cold", w.Cold}, wide.IDs(ctx)...)
	attrs = append(attrs, wide.Measured(time.Now(), w.metrics(status)...)...)
	if r.apiID != "" {
		attrs = append(attrs, "apiRequestId", r.apiID)
	}
	if w.CallerID != "" {
		attrs = append(attrs, "callerKind", w.Kind, "organization", w.Organization, "callerId", w.CallerID)
	}
	if r.organization != "" {
		attrs = append(attrs, "organization", r.organization)
	}
	if member := w.memberID(r); member != "" {
		attrs = append(attrs, "memberId", member)
	}
	if len(r.members) > 1 {
		attrs = append(attrs, "memberIds", r.members)
	}
	attrs = append(attrs, r.said...)
	if w.Code != "" {
		attrs = append(attrs, "code", w.Code)
	}
	if w.Reason != "" {
		attrs = append(attrs, "reason", w.Reason)
	}
	if w.Cause != "" {
		log.Error("request", append(attrs, "cause", w.Cause)...)
		return
	}
	log.Info("request", attrs...)
}

// metrics returns what is measured of every call, and what is counted of this one.
func (w *wideLine) metrics(status int) []wide.Metric {
	all := []wide.Metric{
		{Name: "durationMs", Unit: "Milliseconds", Value: float64(time.Since(w.Start).Microseconds()) / 1000},
		{Name: "units", Unit: "Count", Value: w.Units()},
	}
	if name := outcome(status); name != "" {
		all = append(all, wide.Count(name, 1))
	}
	if w.Cold {
		all = append(all, wide.Count("coldStarts", 1))
	}
	return append(all, w.Counts()...)
}

// outcome returns the metric that counts calls with a status, "" for those that did what they were asked.
func outcome(status int) string {
	switch {
	case status == 503:
		return "busy" // tried again and again, or throttled: the caller is told to come back
	case status >= 500:
		return "faults"
	case status == 429:
		return "limited"
	case status == 409 || status == 412:
		return "conflicts"
	case status >= 400:
		return "refused"
	}
	return ""
}

var stdout = slog.New(slog.NewJSONHandler(os.Stdout, nil))

// logger returns the logger, or one for standard output if it is nil.
func logger(given *slog.Logger) *slog.Logger { return cmp.Or(given, stdout) }

// memberID returns whose data the call is about, or "". A path holds whatever was typed, so an invalid id stays out of the log.
func (w *wideLine) memberID(r *Request) string {
	id := r.Path["memberId"]
	if len(r.members) == 1 {
		id = r.members[0]
	}
	if id == "me" {
		return w.CallerID
	}
	if !isID(id) {
		return ""
	}
	return id
}

// isID reports whether the text has the form of an id (A1).
func isID(s string) bool { return isPlain(s, idCharacters) }

// isPlain reports whether the text has 1 to 64 of the characters. An expression for it would take longer to compile than a function to
// start.
func isPlain(s, characters string) bool {
	return 0 < len(s) && len(s) <= 64 && strings.Trim(s, characters) == ""
}

const idCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
