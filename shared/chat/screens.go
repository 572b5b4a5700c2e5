package chat

import (
	"cmp"
	"context"
	"slices"

	"carechat/shared/problem"
)

// MemberChatsStore reads what a member's screens show.
type MemberChatsStore interface {
	// MemberChats reads a member's enrollments, open requests and threads at once.
	MemberChats(ctx context.Context, m MemberKey) (MemberChats, error)
}

// MemberChats is everything of a member that chat is about.
type MemberChats struct {
	Enrollments []Enrollment
	Requests    []Request
	Threads     []Thread
}

// Unread is the dot: is something unread, in how many threads, how many messages.
type Unread struct {
	HasUnread bool
	Threads   int
	Messages  int
}

// Asking says whether the member can ask for a chat and, if not, why:
// "noProgram" or "openRequest".
type Asking struct {
	Allowed bool
	Reason  string
}

// Reached is a thread with what the caller may do in it.
type Reached struct {
	Thread
	Access Access
}

// Chats is the Chats screen in one answer.
type Chats struct {
	Unread     Unread
	Requests   []Request // the open ones: each a confirmation (G5)
	Threads    []Reached // the active ones, newest first
	CanRequest Asking
	Emergency  string
	Paused     []string // programs whose notices are paused
}

// Chats reads the Chats screen: the member's whole, or what a care manager reaches of it.
func (s *Service) Chats(ctx context.Context, c Caller, memberID string) (Chats, error) {
	screen, err := s.reachChats(ctx, c, memberID, Member, CareManager)
	if err != nil {
		return Chats{}, err
	}
	catalog, err := CatalogWith(ctx, s.Store, c.Organization, func(c Catalog) bool {
		return !slices.ContainsFunc(screen.Enrollments, func(e Enrollment) bool { return c.Programs[e.Program.ID].ID == "" })
	})
	if err != nil {
		return Chats{}, err
	}
	chats := Chats{
		Unread:     unread(screen.threads, c.Kind),
		Requests:   screen.Requests,
		Threads:    inState(screen.threads, ThreadActive),
		CanRequest: asking(screen.MemberChats, catalog),
		Emergency:  catalog.Organization.In(catalog.Organization.Emergency, c.Language),
	}
	for _, e := range screen.Enrollments {
		if e.Paused && e.State == EnrollmentActive {
			chats.Paused = append(chats.Paused, e.Program.ID)
		}
	}
	return chats, nil
}

// Unread reads the dot.
func (s *Service) Unread(ctx context.Context, c Caller, memberID string) (Unread, []Reached, error) {
	screen, err := s.reachChats(ctx, c, memberID, Member)
	active := inState(screen.threads, ThreadActive)
	return unread(active, Member), active, err
}

// Threads lists the threads in a state, newest first.
func (s *Service) Threads(ctx context.Context, c Caller, memberID string, state ThreadState) ([]Reached, error) {
	if state != ThreadActive && state != ThreadInactive {
		return nil, problem.WithField("?state", "unknown", "must be active or inactive")
	}
	screen, err := s.reachChats(ctx, c, memberID, Member, CareManager)
	return inState(screen.threads, state), err
}

// reachedChats is the part of a screen that the caller reaches.
type reachedChats struct {
	MemberChats
	threads []Reached
}

func (s *Service) reachChats(ctx context.Context, c Caller, memberID string, kinds ...Kind) (reachedChats, error) {
	if err := c.Only(kinds...); err != nil {
		return reachedChats{}, err
	}
	m, err := c.MemberKey(memberID)
	if err != nil {
		return reachedChats{}, err
	}
	all, err := s.Store.MemberChats(ctx, m)
	if err != nil {
		return reachedChats{}, err
	}
	reached, err := s.reach(ctx, c, all)
	if err == nil && c.Kind == CareManager && len(reached.Enrollments)+len(reached.threads) == 0 {
		err = problem.New(problem.NotFound)
	}
	return reached, err
}

// reach leaves out what the caller has no rights on (S7).
func (s *Service) reach(ctx context.Context, c Caller, all MemberChats) (reached reachedChats, err error) {
	may, err := s.rights(ctx, c, all.owners()...)
	if err != nil {
		return reached, err
	}
	reached.Enrollments = slices.DeleteFunc(all.Enrollments, func(e Enrollment) bool { return may.on(e.Owner) == NoAccess })
	reached.Requests = slices.DeleteFunc(all.Requests, func(r Request) bool { return may.on(r.Owner) == NoAccess })
	for _, t := range all.Threads {
		if access := may.onThread(t); access != NoAccess {
			reached.threads = append(reached.threads, Reached{t, access})
		}
	}
	return reached, nil
}

// owners are those of every row.
func (s MemberChats) owners() (all []Owner) {
	for _, e := range s.Enrollments {
		all = append(all, e.Owner)
	}
	for _, r := range s.Requests {
		all = append(all, r.Owner)
	}
	for _, t := range s.Threads {
		all = append(all, t.Owner)
	}
	return all
}

// unread counts the side's unread messages in active threads: those of a closed
// enrollment leave the dot (T9).
func unread(threads []Reached, k Kind) Unread {
	var u Unread
	for _, t := range threads {
		if n := t.Unread(k); n > 0 && t.State == ThreadActive {
			u.HasUnread, u.Threads, u.Messages = true, u.Threads+1, u.Messages+n
		}
	}
	return u
}

func inState(threads []Reached, state ThreadState) []Reached {
	in := slices.DeleteFunc(slices.Clone(threads), func(t Reached) bool { return t.State != state })
	slices.SortFunc(in, func(a, b Reached) int {
		return cmp.Or(b.UpdatedAt.Compare(a.UpdatedAt), cmp.Compare(a.ID, b.ID))
	})
	return in
}

// eligible are the enrollments that a chat can be asked for in, by program name.
func eligible(enrollments []Enrollment, catalog Catalog) []Enrollment {
	in := slices.DeleteFunc(slices.Clone(enrollments), func(e Enrollment) bool {
		return e.State != EnrollmentActive || catalog.Programs[e.Program.ID].Kind != Guided
	})
	slices.SortFunc(in, func(a, b Enrollment) int {
		return cmp.Or(cmp.Compare(a.Program.Name, b.Program.Name), cmp.Compare(a.Program.ID, b.Program.ID))
	})
	return in
}

func asking(screen MemberChats, catalog Catalog) Asking {
	programs := eligible(screen.Enrollments, catalog)
	if len(programs) == 0 {
		return Asking{Reason: "noProgram"}
	}
	for _, e := range programs {
		if !slices.ContainsFunc(screen.Requests, func(r Request) bool { return r.Program.ID == e.Program.ID }) {
			return Asking{Allowed: true}
		}
	}
	return Asking{Reason: "openRequest"}
}

// Form is the request form: what a member can choose from.
type Form struct {
	Intro     string
	Emergency string
	Programs  []Ref // the first is the default, unless Default names another
	Default   string
	Reasons   []OfferedReason
}

// OfferedReason is a reason in the member's language.
type OfferedReason struct {
	Ref
	ProgramIDs []string // none: every program
}

// RequestForm reads the form. The default program is the one asked for, else
// (unknown, not theirs, none asked) the first.
func (s *Service) RequestForm(ctx context.Context, c Caller, memberID, programID string) (Form, error) {
	screen, err := s.reachChats(ctx, c, memberID, Member)
	if err != nil {
		return Form{}, err
	}
	catalog, err := CatalogWith(ctx, s.Store, c.Organization, func(c Catalog) bool {
		return !slices.ContainsFunc(screen.Enrollments, func(e Enrollment) bool { return c.Programs[e.Program.ID].ID == "" })
	})
	if err != nil {
		return Form{}, err
	}
	o := catalog.Organization
	form := Form{Intro: o.In(o.RequestIntro, c.Language), Emergency: o.In(o.Emergency, c.Language)}
	for i, e := range eligible(screen.Enrollments, catalog) {
		form.Programs = append(form.Programs, e.Program)
		if i == 0 || e.Program.ID == programID {
			form.Default = e.Program.ID
		}
	}
	for _, r := range catalog.offered() {
		form.Reasons = append(form.Reasons, OfferedReason{Ref{r.ID, o.In(r.Labels, c.Language)}, r.ProgramIDs})
	}
	return form, nil
}
