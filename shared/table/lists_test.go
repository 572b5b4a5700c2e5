package table_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/tests/support/town"

	"github.com/google/go-cmp/cmp"
)

// pages reads a list to its end and returns the ids in it, sorted.
func pages(t *testing.T, read func(after string) (chat.ListPage[directory.Listed], error)) (ids []string, pages int) {
	t.Helper()
	for after := ""; pages == 0 || after != ""; pages++ {
		page, err := read(after)
		must(t, err)
		if after = page.Next; len(page.Items) > 100 {
			t.Errorf("a page has %d entries", len(page.Items))
		}
		for _, each := range page.Items {
			if each.Version == 0 || each.UpdatedAt.IsZero() {
				t.Errorf("%+v says too little", each)
			}
			ids = append(ids, each.ID)
		}
	}
	slices.Sort(ids)
	return ids, pages
}

// The platform finds every member whom it put once, and those who changed since.
func TestEveryMemberIsListedOnce(t *testing.T) {
	w := newWorld(t)
	platform := chat.Caller{Kind: chat.Platform, Organization: pad("org", 10), ID: "platform"}
	var want, changed []string
	begun := w.Now
	put := func(id, name string) {
		_, err := w.Chat.PutMember(t.Context(), platform, town.MemberPut(id, func(p *chat.Profile) { p.Name, p.Phone, p.Email = name, "", "" }))
		must(t, err)
	}
	for i := range 250 {
		id := fmt.Sprintf("m-%03d", i)
		put(id, "Name")
		want = append(want, id)
	}
	w.later(time.Minute)
	for _, id := range want {
		name := "Name"
		if strings.HasSuffix(id, "7") {
			name, changed = "Changed", append(changed, id)
		}
		put(id, name)
	}
	since := func(at string) func(string) (chat.ListPage[directory.Listed], error) {
		return func(after string) (chat.ListPage[directory.Listed], error) {
			return w.Chat.Members(t.Context(), platform, at, after)
		}
	}
	for at, want := range map[string][]string{
		"": want, begun.Format(time.RFC3339): want, begun.Add(time.Second).Format(time.RFC3339): changed,
		w.Now.Add(time.Second).Format(time.RFC3339): nil,
	} {
		got, n := pages(t, since(at))
		if diff := cmp.Diff(want, got); diff != "" || n != max(1, (len(want)+99)/100) {
			t.Errorf("since %q, in %d pages: %s", at, n, diff)
		}
	}
	other := platform
	other.Organization = "summit"
	if page, err := w.Chat.Members(t.Context(), other, "", ""); err != nil || len(page.Items) > 0 {
		t.Errorf("another organization sees %+v, %v", page, err)
	}
	for _, after := range []string{"x", "9MEMBER#", "7~", "3" + strings.Repeat("z", 2000)} {
		if page, err := w.Chat.Members(t.Context(), platform, "", after); err != nil || len(page.Items) > len(want) {
			t.Errorf("after %.20q: %d entries, %v", after, len(page.Items), err)
		}
	}
}

// provisioningCosts are the rows of putting and listing members.
func provisioningCosts(t *testing.T) (rows []string) {
	w := newWorld(t)
	platform := chat.Caller{Kind: chat.Platform, Organization: pad("org", 10), ID: "platform"}
	put := func(id, name string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := w.Chat.PutMember(ctx, platform, town.MemberPut(pad(id, 10), func(p *chat.Profile) {
				p.Name, p.Phone, p.Email = pad(name, 20), "", ""
			}))
			return err
		}
	}
	putEnrollment := func(ctx context.Context) error {
		_, err := w.Chat.PutEnrollment(ctx, platform, pad("m-0", 10), pad("pro", 10), directory.EnrollmentPut{State: chat.EnrollmentActive})
		return err
	}
	acts := []act{
		{"put a new member without a contact", put("m-0", "Name")}, {"put a member again, unchanged", put("m-0", "Name")},
		{"put a member again, changed", put("m-0", "Other")},
		{"put a new enrollment", putEnrollment}, {"put an enrollment again, unchanged", putEnrollment},
	}
	for i := range 150 {
		acts = append(acts, act{"", put(fmt.Sprintf("n-%03d", i), "Name")})
	}
	return w.costs(t, append(acts, act{"a page of 100 of the list of members", func(ctx context.Context) error {
		_, err := w.Chat.Members(ctx, platform, "", "")
		return err
	}}))
}
