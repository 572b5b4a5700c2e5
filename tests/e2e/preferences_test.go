package e2e

import (
	"regexp"
	"strings"
	"testing"

	"carechat/local/machine"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/watch"
)

var leaveIn = regexp.MustCompile(`http\S+Action=Unsubscribe\S+`)

// A mailbox is shown as SNS sees it now, and saving mends what its owner ended (N5).
func TestSavingMendsAMailboxThatWasLeft(t *testing.T) {
	const phone, email = "+15550100178", "Edda@example.org"
	m := watch.New(t, machine.Config{}).Machine
	m.SetTriggers(false)
	c := reached(t, m, phone, email)
	c.rule(t, map[string]any{"delaySeconds": 0, "minutesBetweenTexts": 0})
	shows := func(want string) {
		t.Helper()
		got := c.member.Want(200, "GET", "/v1/members/me/preferences", "")
		if is := got.Text("channels.1.status") + " " + got.Text("channels.1.fix"); is != want {
			t.Errorf("email is %s, not %s", is, want)
		}
	}
	last := func(pattern *regexp.Regexp) string {
		t.Helper()
		minute(t, m)
		mails := mailTo(t, m, strings.ToLower(email))
		if len(mails) == 0 || pattern.FindString(mails[len(mails)-1]) == "" {
			t.Fatalf("no %s in the last of %q", pattern, mails)
		}
		return pattern.FindString(mails[len(mails)-1])
	}
	open := func(url string) { t.Helper(); apiclient.Client{T: t}.Want(200, "GET", url, nil) }
	save := func() {
		t.Helper()
		c.member.Want(200, "PUT", "/v1/members/me/preferences", `{"channels": ["email"]}`)
	}

	confirm := last(confirmIn)
	shows("unconfirmed confirmEmail")
	save() // which asks for no second confirmation while the first can be given
	minute(t, m)
	if got := mailTo(t, m, strings.ToLower(email)); len(got) != 1 {
		t.Errorf("asked again: %q", got)
	}
	open(confirm)
	shows("usable ")
	c.greet()
	open(last(leaveIn))
	shows("optedOut confirmEmail")
	save()
	shows("unconfirmed confirmEmail")
	open(last(confirmIn))
	shows("usable ")
}

// Two members share a phone: what is sent for one of them logs in nobody else (S4).
func TestALinkForOneOfTwoOnAPhone(t *testing.T) {
	const phone = "+15550100179"
	m := watch.New(t, machine.Config{}).Machine
	m.SetTriggers(false)
	ana, ben := reached(t, m, phone, "fay@example.org"), reached(t, m, phone, "gus@example.org")
	newest := func() string {
		t.Helper()
		minute(t, m)
		texts := mailTo(t, m, phone)
		return linkIn.FindStringSubmatch(texts[len(texts)-1])[1]
	}
	logIn := func(link string, status int) apiclient.Answer {
		t.Helper()
		return ana.member.WithToken("").Want(status, "POST", "/v1/sessions", map[string]string{"link": link, "birthDate": "1961-05-06"})
	}
	ben.rivera.Want(202, "POST", "/v1/members/"+ben.id+"/links", nil)
	if token := logIn(newest(), 201).Text("token"); !strings.HasPrefix(token, "m.harbor."+ben.id+".") {
		t.Error("the link is not for the member whom it was sent for")
	}
	ana.platform.Want(202, "POST", "/v1/members/"+ana.id+"/links", nil)
	ana.member.WithToken("").Want(202, "POST", "/v1/links", map[string]string{"contact": phone})
	logIn(newest(), 403) // it is for both, who were born on the same day
}
