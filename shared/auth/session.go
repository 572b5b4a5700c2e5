package auth

import (
	"cmp"
	"context"
	"errors"
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// Session is a member's log-in (S1). Logging out, disabling the member and changing
// a contact delete its row, and with it the session.
type Session struct {
	Key         chat.MemberKey
	Hash        string // of the token's secret
	Name        string
	Language    string
	TimeZone    string
	CreatedAt   time.Time
	UsedAt      time.Time // written at most every few minutes
	IdleMinutes int
	ExpiresAt   time.Time // even if it is used
}

// MaxSessions is how many sessions a member has at once: one more ends the oldest (S1).
const MaxSessions = 10

// SessionStore keeps sessions.
type SessionStore interface {
	// Session reads a session by its hash; nil if there is none.
	Session(ctx context.Context, m chat.MemberKey, hash string) (*Session, error)
	// UseSession saves UsedAt. If the row is gone it returns chat.ErrConflict.
	UseSession(ctx context.Context, s Session) error
	// EndSession deletes a session, if it is there.
	EndSession(ctx context.Context, m chat.MemberKey, hash string) error
}

// NewSession returns a new session of a member, which lasts as long as the
// organization says, and the token that the member's client sends.
func NewSession(p chat.Profile, o chat.Organization, now time.Time) (Session, string) {
	secret := NewSecret(sessionBytes)
	return Session{
		Key: p.Key(), Hash: Hash(sessionKind, secret), Name: p.Name, Language: p.Language, TimeZone: p.TimeZone,
		CreatedAt: now, UsedAt: now, IdleMinutes: cmp.Or(o.IdleMinutes, 30),
		ExpiresAt: now.Add(time.Duration(cmp.Or(o.SessionHours, 12)) * time.Hour),
	}, sessionToken(p.Key(), secret)
}

func (s Session) idle() time.Duration { return time.Duration(s.IdleMinutes) * time.Minute }

// expired reports whether the session was idle for too long or has reached its end.
func (s Session) expired(now time.Time) bool {
	return !now.Before(s.ExpiresAt) || !now.Before(s.UsedAt.Add(s.idle()))
}

// worthWriting reports whether a use is to be saved. That keeps writes few: one in 5
// minutes, or sooner for idle times below 30 minutes.
func (s Session) worthWriting(now time.Time) bool {
	return now.Sub(s.UsedAt) >= min(5*time.Minute, s.idle()/6)
}

func (s Session) caller() chat.Caller {
	return chat.Caller{
		Kind: chat.Member, Organization: s.Key.Organization, ID: s.Key.Member,
		Name: s.Name, Language: s.Language, TimeZone: s.TimeZone, Session: s.Hash,
	}
}

// bySession returns the caller behind a session's token.
func (v *Verifier) bySession(ctx context.Context, token string, extend bool) (chat.Caller, error) {
	key, hash, ok := parseSession(token)
	if !ok {
		return chat.Caller{}, refuse("session")
	}
	s, err := v.Store.Session(ctx, key, hash)
	now := v.Now()
	switch {
	case err != nil:
		return chat.Caller{}, err
	case s == nil:
		return chat.Caller{}, refuse("session")
	case s.expired(now):
		return chat.Caller{}, problem.WithReason(problem.SessionExpired, "session")
	case extend && s.worthWriting(now):
		s.UsedAt = now
		err = v.Store.UseSession(ctx, *s)
	}
	if errors.Is(err, chat.ErrConflict) {
		return chat.Caller{}, refuse("session") // it ended a moment ago
	}
	return s.caller(), err
}
