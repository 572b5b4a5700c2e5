package auth

import (
	"cmp"
	"context"
	"errors"
	"time"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// Session is a member's log-in (S1). Its row is there or not: logging out,
// disabling and a changed contact delete it.
type Session struct {
	Key         chat.MemberKey
	Hash        string // of the token's secret
	Name        string
	Language    string
	TimeZone    string
	CreatedAt   time.Time
	UsedAt      time.Time // written at most every few minutes
	IdleMinutes int
	ExpiresAt   time.Time // however much it is used
}

// MaxSessions is how many a member has at once; one more ends the oldest (S1).
const MaxSessions = 10

// SessionStore keeps sessions.
type SessionStore interface {
	// Session reads one by its hash; nil if there is none.
	Session(ctx context.Context, m chat.MemberKey, hash string) (*Session, error)
	// UseSession writes UsedAt into a row that is still there, else chat.ErrConflict.
	UseSession(ctx context.Context, s Session) error
	// EndSession deletes a row; one that is not there is no error.
	EndSession(ctx context.Context, m chat.MemberKey, hash string) error
}

// NewSession makes a session of a member, and the token that the member's client
// sends. How long it lasts is the organization's setting.
func NewSession(p chat.Profile, o chat.Organization, now time.Time) (Session, string) {
	secret := NewSecret(sessionBytes)
	return Session{
		Key: p.Key(), Hash: Hash(sessionKind, secret), Name: p.Name, Language: p.Language, TimeZone: p.TimeZone,
		CreatedAt: now, UsedAt: now, IdleMinutes: cmp.Or(o.IdleMinutes, 30),
		ExpiresAt: now.Add(time.Duration(cmp.Or(o.SessionHours, 12)) * time.Hour),
	}, sessionToken(p.Key(), secret)
}

func (s Session) idle() time.Duration { return time.Duration(s.IdleMinutes) * time.Minute }

// expired reports whether it was left idle or is as old as one may be.
func (s Session) expired(now time.Time) bool {
	return !now.Before(s.ExpiresAt) || !now.Before(s.UsedAt.Add(s.idle()))
}

// worthWriting keeps the row's writes few: every 5 minutes of an idle time of
// 30, and sooner where 5 minutes would be much of it.
func (s Session) worthWriting(now time.Time) bool {
	return now.Sub(s.UsedAt) >= min(5*time.Minute, s.idle()/6)
}

func (s Session) caller() chat.Caller {
	return chat.Caller{
		Kind: chat.Member, Organization: s.Key.Organization, ID: s.Key.Member,
		Name: s.Name, Language: s.Language, TimeZone: s.TimeZone, Session: s.Hash,
	}
}

// bySession is the caller behind a session's token.
func (v *Verifier) bySession(ctx context.Context, token string, extend bool) (chat.Caller, error) {
	key, hash, ok := parseSession(token)
	if !ok {
		return chat.Caller{}, unauthenticated
	}
	s, err := v.Store.Session(ctx, key, hash)
	now := v.Now()
	switch {
	case err != nil:
		return chat.Caller{}, err
	case s == nil:
		return chat.Caller{}, unauthenticated
	case s.expired(now):
		return chat.Caller{}, problem.New(problem.SessionExpired)
	case extend && s.worthWriting(now):
		s.UsedAt = now
		err = v.Store.UseSession(ctx, *s)
	}
	if errors.Is(err, chat.ErrConflict) {
		return chat.Caller{}, unauthenticated // it was ended this moment
	}
	return s.caller(), err
}
