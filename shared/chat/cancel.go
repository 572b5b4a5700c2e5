package chat

import (
	"context"
	"time"
)

// CancelStore cancels requests.
type CancelStore interface {
	FindRequestStore
	EndRequestStore
	CatalogStore
}

// CancelService cancels a member's own requests.
type CancelService struct {
	Store CancelStore
	Now   func() time.Time
}

// Cancel ends the member's own open request. Cancelling it again returns the
// same.
func (s *CancelService) Cancel(ctx context.Context, c Caller, memberID, requestID string, when Precondition) (Request, error) {
	if err := c.Only(Member); err != nil {
		return Request{}, err
	}
	return changeRequest(ctx, s.Store, c, when, requestChange{
		find: func() (Request, error) { return findRequest(ctx, s.Store, c, memberID, requestID) },
		decide: func(r Request) (Request, bool, error) {
			return r.apply(Entry{At: s.Now(), Action: WasCancelled, By: Member})
		},
		save: s.Store.EndRequest,
	})
}
