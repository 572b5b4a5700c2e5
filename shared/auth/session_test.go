package auth

import (
	"errors"
	"strings"
	"testing"
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// newVerifier returns a verifier on a fake.
func newVerifier(t *testing.T) (*fake, *Verifier) {
	f := newFake()
	return f, New(Settings{Store: f, Now: f.clock, CacheTime: time.Minute, Audience: "care-chats"})
}

// begin begins a session of ana.
func (f *fake) begin(idleMinutes int) (s Session, token string) {
	p := f.member("ana", anaBorn, phone)
	s, token = NewSession(p, chat.Organization{IdleMinutes: idleMinutes, SessionHours: 12}, f.now)
	f.sessions[s.Hash] = s
	return s, token
}

func codeOf(err error) problem.Code {
	var p *problem.Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}

func TestASessionEndsWhenItIsIdle(t *testing.T) {
	for _, idle := range []time.Duration{5 * time.Minute, 30 * time.Minute, 60 * time.Minute} {
		f, v := newVerifier(t)
		_, token := f.begin(int(idle.Minutes()))
		f.now = start.Add(idle - time.Millisecond)
		if _, err := v.Caller(t.Context(), token, false); err != nil {
			t.Errorf("%v, a moment before: %v", idle, err)
		}
		f.now = start.Add(idle)
		if _, err := v.Caller(t.Context(), token, true); codeOf(err) != problem.SessionExpired {
			t.Errorf("%v: %v", idle, err)
		}
	}
}

func TestASessionEndsHoweverMuchItIsUsed(t *testing.T) {
	f, v := newVerifier(t)
	_, token := f.begin(30)
	for f.now.Before(start.Add(12*time.Hour - 10*time.Minute)) {
		f.now = f.now.Add(10 * time.Minute)
		if _, err := v.Caller(t.Context(), token, true); err != nil {
			t.Fatalf("after %v: %v", f.now.Sub(start), err)
		}
	}
	f.now = start.Add(12*time.Hour - time.Millisecond)
	if _, err := v.Caller(t.Context(), token, true); err != nil {
		t.Errorf("a moment before: %v", err)
	}
	f.now = start.Add(12 * time.Hour)
	if _, err := v.Caller(t.Context(), token, true); codeOf(err) != problem.SessionExpired {
		t.Error(err)
	}
}

func TestUseIsWrittenSeldom(t *testing.T) {
	for idle, every := range map[int]time.Duration{5: 50 * time.Second, 30: 5 * time.Minute, 60: 5 * time.Minute} {
		f, v := newVerifier(t)
		s, token := f.begin(idle)
		writes := 0
		f.before = func(string) error { writes++; return nil }
		for _, c := range []struct {
			after  time.Duration
			extend bool
			writes int
		}{
			{every - time.Millisecond, true, 0},
			{every, false, 0},
			{every, true, 1},
			{2*every - time.Millisecond, true, 1},
		} {
			f.now = start.Add(c.after)
			_, err := v.Caller(t.Context(), token, c.extend)
			check(t, err)
			if writes != c.writes {
				t.Errorf("idle %d minutes, after %v: %d writes, want %d", idle, c.after, writes, c.writes)
			}
		}
		if got := f.sessions[s.Hash].UsedAt; !got.Equal(start.Add(every)) {
			t.Errorf("used at %v", got)
		}
	}
}

// A log-out while the use is saved: the row does not come back.
func TestAnEndedSessionStaysEnded(t *testing.T) {
	f, v := newVerifier(t)
	s, token := f.begin(30)
	f.before = func(string) error {
		delete(f.sessions, s.Hash)
		return nil
	}
	f.now = start.Add(10 * time.Minute)
	if _, err := v.Caller(t.Context(), token, true); codeOf(err) != problem.NotAuthenticated {
		t.Error(err)
	}
	if len(f.sessions) != 0 {
		t.Error("the session is back")
	}
}

// No other kind of secret, and nothing that only looks like a token, is accepted.
func TestInvalidTokens(t *testing.T) {
	f, v := newVerifier(t)
	s, token := f.begin(30)
	secret := strings.Split(token, ".")[3]
	f.readsNobody(t)
	for name, bearer := range map[string]string{
		"nothing":              "",
		"a link":               NewSecret(20),
		"a link as a session":  "m.harbor.ana." + NewSecret(20),
		"a session's hash":     "m.harbor.ana." + s.Hash,
		"another secret":       "m.harbor.ana." + NewSecret(sessionBytes),
		"a longer secret":      token + "A",
		"a secret alone":       secret,
		"dots":                 strings.Repeat(".", 8000),
		"two dots":             "..",
		"a long one":           "m.harbor.ana." + strings.Repeat("A", 9000),
		"of nobody":            "m.." + "." + secret,
		"with a key separator": "m.harbor#MEMBER.ana." + secret,
	} {
		if _, err := v.Caller(t.Context(), bearer, true); codeOf(err) != problem.NotAuthenticated {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// readsNobody fails the test if an invalid token costs a look-up of a person.
func (f *fake) readsNobody(t *testing.T) {
	t.Cleanup(func() {
		if f.identical != 0 {
			t.Errorf("%d identities were read", f.identical)
		}
	})
}

// The same secret as a link and as a session has two hashes.
func TestHashesHaveAKind(t *testing.T) {
	if Hash("link", "secret") == Hash(sessionKind, "secret") {
		t.Error("a link's hash is a session's")
	}
	if n := len(NewSecret(sessionBytes)); n != 43 {
		t.Errorf("a session has %d characters", n)
	}
}

func TestIsSecret(t *testing.T) {
	secret := NewSecret(20)
	for given, want := range map[string]bool{
		secret: true, strings.Repeat("-_", 13) + "A": true,
		"": false, secret[1:]: false, secret + "A": false, secret[1:] + "\n": false, secret[1:] + "+": false, secret[1:] + ".": false,
		secret[:13] + "é" + secret[15:]: false, secret[:13] + "=" + secret[14:]: false,
	} {
		if got := IsSecret(given, 20); got != want {
			t.Errorf("%q: %v", given, got)
		}
	}
}
