package deploy

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
)

// Invoke calls the operator function with a command and returns its answer.
type Invoke func(payload []byte) ([]byte, error)

// Member gives the operator a command about one member, and writes the answer.
func Member(invoke Invoke, command, organization, member string, to io.Writer) error {
	var answer map[string]any
	if err := ask(invoke, command, map[string]any{"organization": organization, "member": member}, &answer); err != nil {
		return err
	}
	return json.NewEncoder(to).Encode(answer)
}

// Retain deletes, page by page, what an organization's members left untouched for a number of
// years, and writes how much that was.
func Retain(invoke Invoke, organization, years string, to io.Writer) error {
	n, err := strconv.Atoi(years)
	if err != nil {
		return fmt.Errorf("YEARS is a number, not %q", years)
	}
	type page struct {
		Members  int    `json:"members"`
		Held     int    `json:"held"`
		Threads  int    `json:"threads"`
		Requests int    `json:"requests"`
		After    string `json:"after,omitempty"`
	}
	var total page
	for asked := map[string]any{"organization": organization, "years": n}; ; {
		var p page
		if err := ask(invoke, "retain", asked, &p); err != nil {
			return err
		}
		total = page{total.Members + p.Members, total.Held + p.Held, total.Threads + p.Threads, total.Requests + p.Requests, ""}
		if asked["after"] = p.After; p.After == "" {
			return json.NewEncoder(to).Encode(total)
		}
	}
}

// CheckTable checks a whole table page by page, from the beginning or after where a check was
// stopped. It writes each wrong row, tells after each page how far it is, and returns an
// error if a row is wrong.
func CheckTable(invoke Invoke, after string, to, progress io.Writer) error {
	rows, wrong := 0, 0
	for asked := map[string]any{}; ; {
		if after != "" {
			asked["after"] = after
		}
		var p struct {
			Rows, More int
			Wrong      []json.RawMessage
			After      string
		}
		if err := ask(invoke, "checkTable", asked, &p); err != nil {
			return err
		}
		for _, row := range p.Wrong {
			fmt.Fprintf(to, "%s\n", row)
		}
		rows, wrong = rows+p.Rows, wrong+len(p.Wrong)+p.More
		if after = p.After; after == "" {
			break
		}
		fmt.Fprintf(progress, "%d rows, %d wrong; to go on from here: AFTER=%s\n", rows, wrong, after)
	}
	if wrong > 0 {
		return fmt.Errorf("%d things are wrong in %d rows of the table and its indexes", wrong, rows)
	}
	_, err := fmt.Fprintf(to, `{"rows":%d,"wrong":0}`+"\n", rows)
	return err
}

// ask gives the operator a command and decodes the answer. It returns an error if the answer
// is a refusal.
func ask(invoke Invoke, command string, in, out any) error {
	payload, err := json.Marshal(map[string]any{command: in})
	if err != nil {
		return err
	}
	answer, err := invoke(payload)
	if err != nil {
		return err
	}
	var refused struct{ ErrorMessage string }
	if err := json.Unmarshal(answer, &refused); err != nil || refused.ErrorMessage != "" {
		return fmt.Errorf("the operator answered %.300s", answer)
	}
	return json.Unmarshal(answer, out)
}
