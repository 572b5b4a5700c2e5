package table

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/shared/auth"
	"carechat/shared/chat"
	"carechat/shared/login"
)

// sessionFields lists the TTL before the expiry, which it rounds: the last one read counts.
func sessionFields(s *auth.Session) fields {
	return fields{
		{TTLAttribute, expiry(&s.ExpiresAt)},
		{"expiresAt", moment(&s.ExpiresAt)},
		{"name", text(&s.Name)},
		{"language", text(&s.Language)},
		{"timeZone", text(&s.TimeZone)},
		{"createdAt", moment(&s.CreatedAt)},
		{"usedAt", moment(&s.UsedAt)},
		{"idleMinutes", number(&s.IdleMinutes)},
	}
}

var sessionKind = kind{sessionPrefix, func(row item) any { return readSession(row) }}

func readSession(row item) *auth.Session {
	k := keyOf(row)
	return valueOf(row, auth.Session{Key: k.pk.member(), Hash: k.sk.lastPart()}, sessionFields)
}

// Session reads a session by its hash; nil if there is none.
func (t *Table) Session(ctx context.Context, m chat.MemberKey, hash string) (*auth.Session, error) {
	row, err := t.get(ctx, memberKey(m), sessionSort(hash))
	return readSession(row), err
}

// Sessions reads all sessions of a member, even those that have expired and are not
// yet deleted, so that a member never has more than auth.MaxSessions rows.
func (t *Table) Sessions(ctx context.Context, m chat.MemberKey) ([]auth.Session, error) {
	rows, err := t.query(ctx, begins(memberKey(m), sessionPrefix))
	all := make([]auth.Session, len(rows))
	for i, row := range rows {
		all[i] = *readSession(row)
	}
	return all, err
}

// UseSession saves when a session was last used. If the session has ended it returns
// chat.ErrConflict.
func (t *Table) UseSession(ctx context.Context, s auth.Session) error {
	return t.apply(ctx, write{
		key:       key(memberKey(s.Key), sessionSort(s.Hash)),
		set:       fields{{"usedAt", moment(&s.UsedAt)}}.changes(),
		condition: isThere,
	})
}

// EndSession deletes a session, if it is there.
func (t *Table) EndSession(ctx context.Context, m chat.MemberKey, hash string) error {
	err := t.apply(ctx, removeAny(memberKey(m), sessionSort(hash)))
	if errors.Is(err, chat.ErrConflict) {
		return nil
	}
	return err
}

// BeginSession saves a log-in, all or nothing: the session, the link and the count
// that it was decided on, and the end of the oldest session if there were too many. It moves the profile's
// logIns, on which disabling the member and changing a contact build too: of two at
// once the second gets chat.ErrConflict and decides again (S1).
func (t *Table) BeginSession(ctx context.Context, l login.LogIn) error {
	pk := memberKey(l.Session.Key)
	writes := []write{
		put(pk, sessionSort(l.Session.Hash), sessionFields(&l.Session)), loggedIn(l.Profile), triedWrite(l.Link), limitsWrite(l.Limits),
	}
	if l.Ends != nil {
		writes = append(writes, removeAny(pk, sessionSort(l.Ends.Hash)))
	}
	return t.apply(ctx, writes...)
}

func loggedIn(p chat.Profile) write {
	return moveLogIns(p, "active = :active AND epoch = :epoch", item{
		":active": &types.AttributeValueMemberBOOL{Value: true}, ":epoch": numberOf(int64(p.Epoch)),
	})
}

// sessionRemovals returns the writes that end every session of a member. Disabling and
// changing a contact make them part of their own transaction.
func (t *Table) sessionRemovals(ctx context.Context, m chat.MemberKey) ([]write, error) {
	sessions, err := t.Sessions(ctx, m)
	all := make([]write, len(sessions))
	for i, s := range sessions {
		all[i] = removeAny(memberKey(m), sessionSort(s.Hash))
	}
	return all, err
}
