package login

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/problem"
)

// wrong returns a birth date that is nobody's, another for each number.
func wrong(n int) string { return start.AddDate(-90, 0, n).Format(time.DateOnly) }

// guess tries wrong birth dates, five with each of some new links.
func (d *loginTest) guess(t *testing.T, n int, ids ...string) {
	t.Helper()
	for i := range n {
		if i%maxWrong == 0 {
			d.token = d.link(ids...)
		}
		if got := d.try(t, wrong(i)); got != string(problem.FactorRequired) {
			t.Fatalf("wrong date %d: %s", i+1, got)
		}
	}
	d.token = d.link(ids...)
}

// refusal exchanges the link with the right birth date, and returns why it is refused.
func (d *loginTest) refusal(t *testing.T) problem.Problem {
	t.Helper()
	_, err := d.Exchange(t.Context(), d.token, anaBorn)
	var p *problem.Problem
	if !errors.As(err, &p) {
		t.Fatal("not refused:", err)
	}
	return *p
}

// S3: whoever holds an old link ends that link, and locks nobody.
func TestFiveWrongBirthDatesEndTheLink(t *testing.T) {
	d := newLoginTest(t, "ana")
	for n := range maxWrong {
		if got := d.try(t, wrong(n)); got != string(problem.FactorRequired) {
			t.Fatalf("try %d: %s", n+1, got)
		}
	}
	for _, born := range []string{anaBorn, wrong(0), ""} {
		if got := d.try(t, born); got != string(problem.LinkInvalid) {
			t.Errorf("%q: %s", born, got)
		}
	}
	if d.token = d.link("ana"); d.try(t, anaBorn) != "ana" || d.failures("ana") != 0 {
		t.Errorf("another link does not log in, or %d failures are left", d.failures("ana"))
	}
}

// S3: a slip that is repeated, and a date that is to come, cost no try.
func TestTheSameWrongDateIsCountedOnce(t *testing.T) {
	d := newLoginTest(t, "ana")
	for range 10 {
		if got := d.try(t, benBorn); got != string(problem.FactorRequired) {
			t.Fatal(got)
		}
		if got := d.try(t, start.AddDate(0, 0, 2).Format(time.DateOnly)); got != string(problem.ValidationFailed) {
			t.Fatal(got)
		}
	}
	if n := d.failures("ana"); n != 1 {
		t.Errorf("%d failures", n)
	}
	for _, l := range d.links {
		if kept := fmt.Sprint(l.Wrong); strings.Contains(kept, benBorn) || strings.Contains(kept, auth.Hash("guess", benBorn)) {
			t.Errorf("the link keeps what can be looked up: %s", kept)
		}
	}
	if got := d.try(t, anaBorn); got != "ana" {
		t.Error(got)
	}
}

// S3: twenty wrong dates in a day, over all links, lock until the twentieth is a day old.
func TestTwentyWrongBirthDatesLockForADay(t *testing.T) {
	d := newLoginTest(t, "ana")
	d.guess(t, 10, "ana")
	d.try(t, anaBorn) // which takes none of the day's back
	d.fake.now = start.Add(10 * time.Hour)
	d.guess(t, maxPerDay-10, "ana")
	if p := d.refusal(t); p.Code != problem.TooManyRequests || p.Reason != "" || p.RetryAfter != day {
		t.Errorf("%+v", p)
	}
	if got := d.try(t, ""); got != string(problem.TooManyRequests) {
		t.Errorf("without a date: %s", got)
	}
	want := []chat.Notice{{Kind: chat.LockNotice, Key: key("ana"), ID: "ntc_1", Decision: chat.Suppressed, Rule: "tooManyGuesses", At: d.fake.now}}
	if diff := cmp.Diff(want, d.log); diff != "" {
		t.Error(diff)
	}
	d.fake.now = start.Add(34*time.Hour - time.Millisecond)
	d.token = d.link("ana")
	if p := d.refusal(t); p.RetryAfter != time.Millisecond {
		t.Errorf("%+v", p)
	}
	d.fake.now = start.Add(34 * time.Hour)
	if d.try(t, wrong(0)) != string(problem.FactorRequired) || d.try(t, anaBorn) != "ana" {
		t.Error("still locked after a day")
	}
}

// S3: nineteen a day for ever are too many as well: the fiftieth since the last log-in
// locks until the care side sends a link.
func TestFiftyWrongBirthDatesLockUntilTheCareSideSendsALink(t *testing.T) {
	d := newLoginTest(t, "ana")
	for range 5 {
		d.guess(t, maxSinceLogIn/5, "ana")
		d.fake.now = d.fake.now.Add(day)
	}
	d.fake.now = d.fake.now.Add(30 * day)
	d.token = d.link("ana")
	if p := d.refusal(t); p.Code != problem.TooManyRequests || p.Reason != "askCareTeam" || p.RetryAfter != day {
		t.Errorf("%+v", p)
	}
	if len(d.log) != 1 || d.log[0].Rule != "askCareTeam" {
		t.Errorf("%+v", d.log)
	}
	old := d.token
	check(t, d.AskLinkFor(t.Context(), key("ana"), chat.AskedByCareManager))
	if d.token = old; d.try(t, anaBorn) != string(problem.LinkInvalid) {
		t.Error("a link from before the lock ended still works")
	}
	link, token := newLink("harbor", []LinkMember{{"ana", 4}}, Home, d.fake.now.Add(time.Hour))
	d.links[link.Hash] = link
	if d.token = token; d.try(t, anaBorn) != "ana" {
		t.Error("the link that the care side sent does not log in")
	}
}

// S3: a link by name takes the counts back and, of a member who is not locked, leaves
// the links that they have.
func TestALinkByNameUnlocks(t *testing.T) {
	d := newLoginTest(t, "ana")
	d.guess(t, maxPerDay-1, "ana")
	check(t, d.AskLinkFor(t.Context(), key("ana"), chat.AskedByPlatform))
	if l := d.limits[key("ana")]; l.Failures != 0 || len(l.Wrong) != 0 {
		t.Errorf("%+v", l)
	}
	if got := d.try(t, anaBorn); got != "ana" {
		t.Errorf("an older link: %s", got)
	}
}

// Of many guesses at once no more are answered than were counted, right or wrong.
func TestNoGuessIsAnsweredThatWasNotCounted(t *testing.T) {
	for born, save := range map[string]string{anaBorn: "BeginSession", benBorn: "SaveGuess"} {
		d := newLoginTest(t, "ana")
		link := hashToken(d.token)
		others := maxWrong
		d.before = func(operation string) error {
			if operation == save && others > 0 {
				others--
				d.links[link] = d.links[link].fail(wrong(others))
			}
			return nil
		}
		if got := d.try(t, born); got != string(problem.LinkInvalid) || len(d.sessions) != 0 {
			t.Errorf("%s: %s, %d sessions", born, got, len(d.sessions))
		}
		d = newLoginTest(t, "ana")
		d.before = func(operation string) error {
			for range maxPerDay {
				d.limits[key("ana")] = d.limits[key("ana")].fail(d.fake.now)
			}
			return nil
		}
		if got := d.try(t, born); got != string(problem.TooManyRequests) || len(d.sessions) != 0 {
			t.Errorf("%s: %s, %d sessions", born, got, len(d.sessions))
		}
	}
}
