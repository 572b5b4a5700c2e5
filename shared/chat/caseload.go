package chat

import "context"

// Caseload lists active enrollments, of the owners that the query asks for.
func (s *ListService) Caseload(ctx context.Context, c Caller, q WorkQuery) (ListPage[Enrollment], error) {
	from, err := s.workOf(ctx, c, q)
	if err != nil {
		return ListPage[Enrollment]{}, err
	}
	page, err := merged(from, func(f source) ([]Placed[Enrollment], error) {
		return s.Store.OwnerEnrollments(ctx, c.Organization, f.Work, q.After, workPage+1)
	})
	if err != nil {
		return page, err
	}
	n, err := readNames(ctx, s.Store, c, anything)
	return page.each(n.enrollment), err
}
