package e2e

import (
	"regexp"
	"strings"
	"testing"

	"carechat/local/machine"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/town"
)

var leaveIn = regexp.MustCompile(`http\S+Action=Unsubscribe\S+`)

// A mailbox is shown as SNS has it now. Saving the preferences subscribes an address
// again that unsubscribed (N5).
func TestSavingSubscribesAnAddressAgain(t *testing.T) {
	const phone, email = "+15550100178", "Edda@example.org"
	m := newMachine(t, machine.Config{})
	c := newReachable(t, m, phone, email)
	c.Platform.NotifyAtOnce()
	shows := func(want string) {
		t.Helper()
		got := c.Self.Want(200, "GET", "/v1/members/me/preferences", "")
		if is := got.Text("channels.1.status") + " " + got.Text("channels.1.fix"); is != want {
			t.Errorf("email is %s, not %s", is, want)
		}
	}
	last := func(pattern *regexp.Regexp) string {
		t.Helper()
		m.RunSchedule(t)
		mails := m.TextsTo(t, strings.ToLower(email))
		if len(mails) == 0 || pattern.FindString(mails[len(mails)-1]) == "" {
			t.Fatalf("no %s in the last of %q", pattern, mails)
		}
		return pattern.FindString(mails[len(mails)-1])
	}
	open := func(url string) { t.Helper(); apiclient.Client{T: t}.Want(200, "GET", url, nil) }
	save := func() {
		t.Helper()
		c.Self.Want(200, "PUT", "/v1/members/me/preferences", `{"channels": ["email"]}`)
	}

	confirm := last(confirmIn)
	shows("unconfirmed confirmEmail")
	save() // which asks for no second confirmation while the first is valid
	m.RunSchedule(t)
	if got := m.TextsTo(t, strings.ToLower(email)); len(got) != 1 {
		t.Errorf("asked again: %q", got)
	}
	open(confirm)
	shows("usable ")
	c.Start()
	open(last(leaveIn))
	shows("optedOut confirmEmail")
	save()
	shows("unconfirmed confirmEmail")
	open(last(confirmIn))
	shows("usable ")
}

// Of two members who share a phone, a link for one logs in nobody else (S4).
func TestALinkForOneOfTwoOnAPhone(t *testing.T) {
	const phone = "+15550100179"
	m := newMachine(t, machine.Config{})
	ana, ben := newReachable(t, m, phone, "fay@example.org"), newReachable(t, m, phone, "gus@example.org")
	newest := func() string {
		t.Helper()
		m.RunSchedule(t)
		texts := m.TextsTo(t, phone)
		return linkIn.FindStringSubmatch(texts[len(texts)-1])[1]
	}
	logIn := func(link string, status int) apiclient.Answer {
		t.Helper()
		return ana.Self.WithToken("").Want(status, "POST", "/v1/sessions", map[string]string{"link": link, "birthDate": town.BirthDate})
	}
	ben.Rivera.Want(202, "POST", "/v1/members/"+ben.ID+"/links", nil)
	if token := logIn(newest(), 201).Text("token"); !strings.HasPrefix(token, "m.harbor."+ben.ID+".") {
		t.Error("the link is for another member")
	}
	ana.Platform.Want(202, "POST", "/v1/members/"+ana.ID+"/links", nil)
	ana.Self.WithToken("").Want(202, "POST", "/v1/links", map[string]string{"contact": phone})
	logIn(newest(), 403) // it is for both, who have the same birth date
}
