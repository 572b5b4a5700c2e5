package chat

import (
	"context"
	"crypto/rand"
	"encoding/base64"
)

// DraftKeyStore keeps each person's key for drafts on their own row.
type DraftKeyStore interface {
	// DraftKey reads the caller's key; "" if there is none yet.
	DraftKey(ctx context.Context, c Caller) (string, error)
	// SaveDraftKey saves the caller's first key. It returns ErrConflict if there is
	// one by now.
	SaveDraftKey(ctx context.Context, c Caller, key string) error
}

const draftKeyBytes = 32

// draftKey returns the key with which the caller's devices encrypt unsent text
// (S8). It is made on first use and never changes. It opens nothing here. The
// platform has none.
func (s *ListService) draftKey(ctx context.Context, c Caller) (key string, err error) {
	if c.Kind == Platform {
		return "", nil
	}
	err = RetryOnConflict(ctx, func() error {
		if key, err = s.Store.DraftKey(ctx, c); err != nil || key != "" {
			return err
		}
		key = newDraftKey()
		return s.Store.SaveDraftKey(ctx, c, key)
	})
	return key, err
}

func newDraftKey() string {
	var key [draftKeyBytes]byte
	_, _ = rand.Read(key[:]) // it never fails
	return base64.RawURLEncoding.EncodeToString(key[:])
}
