package deploy

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
)

// Member gives the operator a command of one member, and writes what invoke, a call of the
// operator function, answers.
func Member(invoke func(payload []byte) ([]byte, error), command, organization, member string, to io.Writer) error {
	var answer map[string]any
	if err := ask(invoke, command, map[string]any{"organization": organization, "member": member}, &answer); err != nil {
		return err
	}
	return json.NewEncoder(to).Encode(answer)
}

// Retain forgets, page by page, what an organization's members left untouched for a number
// of years, and writes how much that was.
func Retain(invoke func(payload []byte) ([]byte, error), organization, years string, to io.Writer) error {
	n, err := strconv.Atoi(years)
	if err != nil {
		return fmt.Errorf("YEARS is a number, not %q", years)
	}
	type page struct {
		Members int    `json:"members"`
		Held    int    `json:"held"`
		Threads int    `json:"threads"`
		After   string `json:"after,omitempty"`
	}
	var total page
	for asked := map[string]any{"organization": organization, "years": n}; ; {
		var p page
		if err := ask(invoke, "retain", asked, &p); err != nil {
			return err
		}
		total = page{total.Members + p.Members, total.Held + p.Held, total.Threads + p.Threads, ""}
		if asked["after"] = p.After; p.After == "" {
			return json.NewEncoder(to).Encode(total)
		}
	}
}

// ask invokes the operator function with a command. It returns an error if the answer is a
// refusal.
func ask(invoke func(payload []byte) ([]byte, error), command string, in, out any) error {
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
