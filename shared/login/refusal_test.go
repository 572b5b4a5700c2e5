package login

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// A page shows the organization before anybody has logged in, and whoever is locked
// out learns whom to call. The refusal says nothing about a member (S3).
func TestARefusalSaysWhoseLinkItIs(t *testing.T) {
	d := newLoginTest(t, "ana")
	d.settings["harbor"] = chat.Organization{Name: "Harbor Care", Languages: []string{"en", "es"}, IdleMinutes: 30, SessionHours: 12}
	said := func(birthDate string) *problem.Organization {
		_, err := d.Exchange(t.Context(), d.token, birthDate)
		var p *problem.Problem
		if !errors.As(err, &p) {
			t.Fatalf("%q: %v", birthDate, err)
		}
		return p.Organization
	}
	want := &problem.Organization{Name: "Harbor Care", Languages: []string{"en", "es"}}
	for _, birthDate := range []string{"", "1999-09-09"} {
		if diff := cmp.Diff(want, said(birthDate)); diff != "" {
			t.Errorf("%q:\n%s", birthDate, diff)
		}
	}
	d.limits[key("ana")] = Limits{Key: key("ana"), LockedUntil: d.fake.now.Add(time.Hour)}
	if diff := cmp.Diff(want, said(anaBorn)); diff != "" {
		t.Errorf("locked:\n%s", diff)
	}
	d.token = "AAAAAAAAAAAAAAAAAAAAAAAAAAA"
	if got := said(""); got != nil {
		t.Errorf("an unknown link says %+v", got)
	}
}
