package table_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// A4: on every route that names a member, a member whom a care manager may not see takes the same
// calls as one who does not exist, so that nobody can tell the two apart by time, whether a care
// manager or a department owns the member's enrollments.
func TestAnInvisibleMemberTakesTheCallsOfAMissingOne(t *testing.T) {
	p := newPlay(t)
	hello := chat.Draft{ClientMessageID: pad("client-message", 36), Text: "Hello"}
	program := pad("pro", 10)
	started, err := p.Chat.Start(t.Context(), p.manager, p.member.ID, program, hello)
	must(t, err)
	c := chat.Caller{Kind: chat.CareManager, Organization: p.manager.Organization, ID: pad("str", 10), Departments: []string{pad("far", 10)}}
	thread, paused := started.Thread.ID, true
	acts := map[string]func(member string) error{
		"chats":   func(m string) error { _, err := p.Chat.Chats(t.Context(), c, m); return err },
		"threads": func(m string) error { _, err := p.Chat.Threads(t.Context(), c, m, chat.ThreadActive); return err },
		"messages": func(m string) error {
			_, err := p.Chat.Messages(t.Context(), c, m, thread, chat.MessageQuery{Limit: 50})
			return err
		},
		"send":  func(m string) error { _, err := p.Chat.Send(t.Context(), c, m, thread, hello); return err },
		"start": func(m string) error { _, err := p.Chat.Start(t.Context(), c, m, program, hello); return err },
		"mark read": func(m string) error {
			_, err := p.Chat.MarkRead(t.Context(), c, m, thread, 1)
			return err
		},
		"claim": func(m string) error {
			_, err := p.Chat.Claim(t.Context(), c, m, program, chat.Precondition{})
			return err
		},
		"assign": func(m string) error {
			_, err := p.Chat.Assign(t.Context(), c, m, program, chat.NewOwner{CareManagerID: c.ID}, chat.Precondition{})
			return err
		},
		"pause":       func(m string) error { _, err := p.Chat.Pause(t.Context(), c, m, program, &paused); return err },
		"preferences": func(m string) error { _, err := p.Chat.Preferences(t.Context(), c, m); return err },
		"why-log":     func(m string) error { _, err := p.Chat.Notices(t.Context(), c, m, ""); return err },
		"send a link": func(m string) error { _, err := p.Chat.Recipient(t.Context(), c, m); return err },
	}
	compare := func(owner string) {
		for name, act := range acts {
			calls := func(member string) []string {
				return p.recorder.during(func() {
					if err := act(member); !problem.Is(err, problem.NotFound) {
						t.Errorf("%s: %v", name, err)
					}
				}).calls
			}
			if diff := cmp.Diff(calls(pad("nob", 10)), calls(p.member.ID)); diff != "" {
				t.Errorf("%s, nobody (-) and a member of a %s (+):\n%s", name, owner, diff)
			}
		}
	}
	compare("care manager")
	for _, id := range []string{"pro", "qro", "rro"} {
		_, err := p.Chat.Assign(t.Context(), chat.Caller{Kind: chat.Platform, Organization: c.Organization}, p.member.ID, pad(id, 10),
			chat.NewOwner{DepartmentID: pad("dep", 10)}, chat.Precondition{})
		must(t, err)
	}
	compare("department")
}
