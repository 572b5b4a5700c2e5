package chat

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// RequestRule says whether a member can ask for a chat and, if not, why.
type RequestRule struct {
	Allowed bool
	Reason  string // "noProgram" or "openRequest"
}

// Form is the request form: what a member can choose from.
type Form struct {
	Intro     string
	Emergency string
	Programs  []OfferedProgram
	Default   string // the program that is chosen at first
	Reasons   []OfferedReason
}

// OfferedProgram is a program that a chat can be asked for in, and who will get the
// request.
type OfferedProgram struct {
	Ref
	Owner Owner
}

// OfferedReason is a reason in the member's language.
type OfferedReason struct {
	Ref
	ProgramIDs []string // nil for every program
}

// RequestForm reads the form. The default program is the one named, if the member
// can ask in it, else that of their newest chat or request, else the first.
func (s *ListService) RequestForm(ctx context.Context, c Caller, memberID, programID string) (Form, error) {
	if err := c.Only(Member); err != nil {
		return Form{}, err
	}
	view, err := viewChats(ctx, s.Store, c, s.Now(), memberID)
	if err != nil {
		return Form{}, err
	}
	n, err := readNames(ctx, s.Store, c, view.hasPrograms)
	if err != nil {
		return Form{}, err
	}
	view.name(n, s.Now())
	o := n.catalog.Organization
	form := Form{Intro: o.In(o.RequestIntro, c.Language), Emergency: o.In(o.Emergency, c.Language)}
	for _, e := range view.eligible(n.catalog) {
		form.Programs = append(form.Programs, OfferedProgram{e.Program, e.Owner})
	}
	form.Default = view.defaultProgram(form.Programs, programID)
	for _, r := range n.catalog.activeReasons() {
		form.Reasons = append(form.Reasons, OfferedReason{Ref{r.ID, o.In(r.Labels, c.Language)}, r.ProgramIDs})
	}
	return form, nil
}

// defaultProgram returns the program named, if it is offered, else that of the newest
// chat or request in one that is, else the first.
func (v chatsView) defaultProgram(offered []OfferedProgram, named string) string {
	newest, chosen := time.Time{}, ""
	consider := func(program string, at time.Time) {
		if at.After(newest) && slices.ContainsFunc(offered, func(p OfferedProgram) bool { return p.ID == program }) {
			newest, chosen = at, program
		}
	}
	for _, t := range v.threads {
		consider(t.Program.ID, t.UpdatedAt)
	}
	for _, r := range v.Requests {
		consider(r.Program.ID, r.CreatedAt)
	}
	for _, r := range v.Ended {
		consider(r.Program.ID, r.CreatedAt)
	}
	for i, p := range offered {
		if p.ID == named || i == 0 && chosen == "" {
			chosen = p.ID
		}
	}
	return chosen
}

// hasPrograms reports whether a catalog has the program of every enrollment.
func (c MemberChats) hasPrograms(known Catalog) bool {
	return !slices.ContainsFunc(c.Enrollments, func(e Enrollment) bool { return !known.HasProgram(e.Program.ID) })
}

// eligible returns the enrollments that a chat can be asked for in, by program name.
func (c MemberChats) eligible(catalog Catalog) []Enrollment {
	in := slices.DeleteFunc(slices.Clone(c.Enrollments), func(e Enrollment) bool {
		return e.State != EnrollmentActive || catalog.Programs[e.Program.ID].Kind != Guided
	})
	slices.SortFunc(in, func(a, b Enrollment) int {
		return cmp.Or(cmp.Compare(a.Program.Name, b.Program.Name), cmp.Compare(a.Program.ID, b.Program.ID))
	})
	return in
}

// canRequest says whether the member can ask for a chat: an enrollment has at most
// one open request (G4).
func (c MemberChats) canRequest(catalog Catalog) RequestRule {
	programs := c.eligible(catalog)
	if len(programs) == 0 {
		return RequestRule{Reason: "noProgram"}
	}
	for _, e := range programs {
		if !slices.ContainsFunc(c.Requests, func(r Request) bool { return r.Program.ID == e.Program.ID }) {
			return RequestRule{Allowed: true}
		}
	}
	return RequestRule{Reason: "openRequest"}
}
