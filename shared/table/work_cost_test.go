package table_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/invariants"
	"carechat/tests/support/emulator"
	"carechat/tests/support/tables"
	"carechat/tests/support/town"
)

// An inbox costs what is in it: neither enrollments that nobody waits in, nor colleagues,
// nor former ones cost anything.
func TestAnInboxCostsWhatIsInIt(t *testing.T) {
	r := &recorder{}
	w := town.New(t, town.Through(func(next aws.HTTPClient) aws.HTTPClient {
		r.next = next
		return r
	}))
	w.PutMember("ana")
	w.Enroll("ana", town.Program, town.Rivera)
	w.Reply("ana", w.Start(town.Rivera, "ana", town.Program, "0123456789abcdef").ID, "fedcba9876543210")
	cost := func() string {
		t.Helper()
		var inbox chat.Inbox
		s := r.during(func() {
			var err error
			inbox, err = w.Chat.Inbox(t.Context(), town.CareManager(town.Rivera), chat.Waiting, "")
			w.Must(nil, err)
		})
		if len(inbox.Items) != 50 || inbox.Next == "" {
			t.Fatalf("%d threads wait on the first page", len(inbox.Items))
		}
		return s.row("an inbox")
	}
	copyRows(w, "CHAT#", 1, 200)
	for _, id := range []string{town.Chen, town.Okafor} { // Rivera is alone in the department
		w.PutCareManager(id, func(m *chat.CareManagerRow) { m.DepartmentIDs = []string{"coaches"} })
	}
	cost() // reads the settings
	want := cost()
	staff := func(n int, active bool) {
		for i := range n {
			w.Must(nil, w.Table.SaveCareManager(t.Context(), nil, chat.CareManagerRow{
				Organization: town.Organization, ID: fmt.Sprint("cm-", active, i), Name: "Sam", DepartmentIDs: []string{town.Department}, Active: active, Version: 1,
			}, nil, nil))
		}
	}
	for _, each := range []struct {
		what   string
		change func()
	}{
		{"among 5,000 enrollments", func() { copyRows(w, "CHAT#ENROLLMENT#", 200, 5000) }},
		{"with 150 former colleagues", func() { staff(150, false) }},
		{"with 30 colleagues", func() { staff(30, true) }},
	} {
		each.change()
		if got := cost(); got != want {
			t.Errorf("%s:\n%s, not\n%s", each.what, got, want)
		}
	}
}

// copyRows copies ana's rows of a kind to members who are not otherwise there.
func copyRows(w *town.Town, kind string, from, to int) {
	w.T.Helper()
	all, err := tables.Scan(w.T.Context(), emulator.URL, w.Name)
	w.Must(nil, err)
	var puts []types.WriteRequest
	for _, row := range all.Rows {
		k := invariants.KeyOf(row)
		if k.PK != "ORG#harbor#MEMBER#ana" || !strings.HasPrefix(k.SK, kind) {
			continue
		}
		for n := from; n < to; n++ {
			id := fmt.Sprintf("m%04d", n)
			copied := invariants.Item{}
			for name, v := range row {
				copied[name] = v
				if s, ok := v.(*types.AttributeValueMemberS); ok && (name == "PK" || name == "WORK_SK") {
					copied[name] = &types.AttributeValueMemberS{Value: strings.Replace(s.Value, "#ana", "#"+id, 1)}
				}
			}
			puts = append(puts, types.WriteRequest{PutRequest: &types.PutRequest{Item: copied}})
		}
	}
	for batch := range slices.Chunk(puts, 25) {
		w.Must(w.Client.BatchWriteItem(w.T.Context(), &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{w.Name: batch}}))
	}
}

// upkeepActs are what is done about work that is late, of who is disabled, and of who is
// renamed: after acts, on an enrollment with an open request and 20 threads.
func (p *play) upkeepActs() []act {
	key := chat.MemberKey{Organization: p.member.Organization, Member: p.member.ID}
	helper := chat.Caller{Kind: chat.CareManager, Organization: key.Organization, ID: pad("hel", 10), Name: pad("Helper", 20), Departments: p.manager.Departments}
	row := chat.CareManagerRow{Organization: key.Organization, ID: helper.ID, Name: helper.Name, DepartmentIDs: helper.Departments, Version: 1}
	look := func(ctx context.Context) error { return p.Chat.CheckRequest(ctx, key, pad("pro", 10)) }
	wait := func(ctx context.Context) error { return p.Chat.CheckReply(ctx, key, p.thread.ID, "") }
	handOver := func(ctx context.Context) error { return p.Chat.HandOver(ctx, key.Organization, helper.ID) }
	rename := func(ctx context.Context) error { return p.Chat.RenameMember(ctx, key) }
	return []act{
		{"", func(ctx context.Context) error {
			_, err := p.Chat.Claim(ctx, p.manager, p.member.ID, pad("pro", 10), chat.Precondition{})
			return err
		}},
		{"", p.fill(1)},
		{"look at a thread that waits", wait},
		{"", func(context.Context) error { p.later(48 * time.Hour); return nil }},
		{"look at a task that turned late", look},
		{"look again at a task that is late", look},
		{"first message of a colleague while it is late, which claims (1 request, 20 threads)", func(ctx context.Context) error {
			_, err := p.Chat.Start(ctx, helper, p.member.ID, pad("pro", 10), p.draft())
			return err
		}},
		{"", func(ctx context.Context) error {
			row.HandOverAt = p.Now
			return p.Table.SaveCareManager(ctx, nil, row, nil, nil)
		}},
		{"hand over what a disabled care manager owns (1 enrollment, 1 request, 21 threads)", handOver},
		{"look again whether a disabled care manager owns anything", handOver},
		{"", func(ctx context.Context) error {
			was, err := p.Table.Profile(ctx, key)
			if err != nil {
				return err
			}
			is := *was
			is.Name, is.RenamedAt, is.Version = pad("Another", 20), p.Now, was.Version+1
			return p.Table.SaveMember(ctx, directory.MemberChange{Was: was, Is: is})
		}},
		{"rename a member (3 enrollments, 1 request, 21 threads)", rename},
		{"look again whether a renamed member's rows have the name", rename},
	}
}

// configurationCosts are the rows of what the platform puts for the whole organization. Each
// reads the configuration, which is the organization's settings and a few entries here.
func configurationCosts(t *testing.T) []string {
	w := newWorld(t)
	w.Chat.On(w.Table)
	w.Must(w.Chat.Provision(t.Context(), town.Settings(town.Organization, town.Issuer), nil))
	department := func(name string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := w.Chat.PutDepartment(ctx, town.Platform, directory.Put[chat.Department]{ID: pad("dep", 10), Entry: chat.Department{Name: pad(name, 20)}})
			return err
		}
	}
	program := func(name string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := w.Chat.PutProgram(ctx, town.Platform, directory.Put[chat.Program]{
				ID: pad("pro", 10), Entry: chat.Program{Name: pad(name, 20), Kind: chat.Guided, DepartmentID: pad("dep", 10)},
			})
			return err
		}
	}
	careManager := func(name string, active bool) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := w.Chat.PutCareManager(ctx, town.Platform, directory.Put[chat.CareManagerRow]{
				ID: pad("man", 10), Entry: chat.CareManagerRow{Name: pad(name, 20), DepartmentIDs: []string{pad("dep", 10)}, Active: active},
			})
			return err
		}
	}
	return w.costs(t, []act{
		{"put a new department", department("Name")}, {"put a department again, unchanged", department("Name")}, {"put a department again, changed", department("Other")},
		{"put a new program", program("Name")}, {"put a program again, unchanged", program("Name")}, {"put a program again, changed", program("Other")},
		{"put a new care manager", careManager("Name", true)}, {"put a care manager again, unchanged", careManager("Name", true)},
		{"put a care manager again, changed", careManager("Other", true)}, {"disable a care manager", careManager("Other", false)},
	})
}
