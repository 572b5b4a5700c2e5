package chat

import (
	"context"

	"carechat/shared/problem"
)

// ChangeReason gives the member's own open request another reason, at most 20
// times. The reason that it already has changes nothing.
func (s *RequestService) ChangeReason(ctx context.Context, c Caller, memberID, requestID, reasonID string, when Precondition) (Request, error) {
	if err := c.Only(Member); err != nil {
		return Request{}, err
	}
	var fields problem.Fields
	if CheckID(&fields, "/reasonId", reasonID); fields != nil {
		return Request{}, fields.Err()
	}
	return changeRequest(ctx, s.Store, c, when, requestChange{
		find: func() (Request, error) { return findRequest(ctx, s.Store, c, memberID, requestID) },
		save: s.Store.UpdateRequest,
		decide: func(r Request) (Request, bool, error) {
			catalog, err := CatalogWith(ctx, s.Store, c.Organization, func(c Catalog) bool { return c.Reasons[reasonID].ID != "" })
			if err != nil {
				return r, false, err
			}
			chosen := Ref{reasonID, catalog.Organization.In(catalog.Reasons[reasonID].Labels, c.Language)}
			next, done, err := r.withReason(chosen, s.Now())
			if err != nil || done {
				return next, done, err
			}
			return next, false, checkReason(catalog, reasonID, r.Program.ID)
		},
	})
}
