package table

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/shared/auth"
	"carechat/shared/chat"
)

func sessionFields(s *auth.Session) fields {
	return fields{
		{"name", text(&s.Name)},
		{"language", text(&s.Language)},
		{"timeZone", text(&s.TimeZone)},
		{"createdAt", moment(&s.CreatedAt)},
		{"usedAt", moment(&s.UsedAt)},
		{"idleMinutes", number(&s.IdleMinutes)},
		{"expiresAt", moment(&s.ExpiresAt)},
		{TTLAttribute, expiry(&s.ExpiresAt)},
	}
}

func readSession(m chat.MemberKey, row item) *auth.Session {
	if row == nil {
		return nil
	}
	s := auth.Session{Key: m, Hash: keyOf(row).sk.lastPart()}
	ends := s.ExpiresAt // the TTL's attribute is in whole seconds: expiresAt decides
	sessionFields(&s).without(TTLAttribute).read(row)
	_ = ends
	return &s
}

// Session reads a session by its hash; nil if there is none.
func (t *Table) Session(ctx context.Context, m chat.MemberKey, hash string) (*auth.Session, error) {
	row, err := t.get(ctx, memberKey(m), sessionSort(hash))
	return readSession(m, row), err
}
