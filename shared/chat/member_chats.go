package chat

import (
	"cmp"
	"context"
	"slices"
	"time"

	"carechat/shared/problem"
)

// MemberChats is a member's enrollments, requests and threads.
type MemberChats struct {
	Enrollments []Enrollment
	Requests    []Request // the open ones
	Ended       []EndedRequest
	Threads     []Thread
}

// MemberChatsStore reads what a member's screens show.
type MemberChatsStore interface {
	// MemberChats reads a member's enrollments, requests and threads at once.
	MemberChats(ctx context.Context, m MemberKey) (MemberChats, error)
}

// owners returns the owner of every row.
func (c MemberChats) owners() (all []Owner) {
	for _, e := range c.Enrollments {
		all = append(all, e.Owner)
	}
	for _, r := range c.Requests {
		all = append(all, r.Owner)
	}
	for _, t := range c.Threads {
		all = append(all, t.Owner)
	}
	return all
}

// ThreadView is a thread with what the caller may do in it.
type ThreadView struct {
	Thread
	Access Access
	// Cover is who covers the thread's care manager now, if ID is not "".
	Cover Coverage
}

// MemberProgram is an active enrollment with what the caller may do with it.
type MemberProgram struct {
	Enrollment
	Access Access
}

// chatsView is the part of a member's chats that a caller may see.
type chatsView struct {
	MemberChats
	threads  []ThreadView
	programs []MemberProgram // all of them: a care manager may know who owns each
}

// chatsViewStore reads a member's chats and the rights on them.
type chatsViewStore interface {
	RightsStore
}

// viewChats returns what the caller may see of a member's chats. If a care manager may
// see nothing of the member, it returns problem.NotFound.
func viewChats(ctx context.Context, store chatsViewStore, c Caller, now time.Time, memberID string) (chatsView, error) {
	m, err := c.MemberKey(memberID)
	if err != nil {
		return chatsView{}, err
	}
	all, err := store.MemberChats(ctx, m)
	if err != nil {
		return chatsView{}, err
	}
	view, err := viewOf(ctx, store, c, now, all)
	if err == nil && c.Kind == CareManager && len(view.Enrollments)+len(view.threads) == 0 {
		err = problem.New(problem.NotFound)
	}
	return view, err
}

// viewOf leaves out what the caller has no rights on (S7).
func viewOf(ctx context.Context, store RightsStore, c Caller, now time.Time, all MemberChats) (view chatsView, err error) {
	may, err := rightsOn(ctx, store, c, now, all.owners()...)
	if err != nil {
		return view, err
	}
	may.late = all.late(now)
	for _, e := range all.Enrollments {
		if e.State == EnrollmentActive {
			view.programs = append(view.programs, MemberProgram{e, may.on(e.Program.ID, e.Ownership)})
		}
	}
	view.Enrollments = slices.DeleteFunc(all.Enrollments, func(e Enrollment) bool { return may.on(e.Program.ID, e.Ownership) == NoAccess })
	view.Requests = slices.DeleteFunc(all.Requests, func(r Request) bool { return may.on(r.Program.ID, r.Ownership) == NoAccess })
	view.Ended = all.endedIn(view.Enrollments, now)
	for _, t := range all.Threads {
		if access := may.onThread(t); access != NoAccess {
			view.threads = append(view.threads, ThreadView{Thread: t, Access: access})
		}
	}
	return view, nil
}

// name gives everything in the view its current names, and each thread whoever covers
// its care manager.
func (v chatsView) name(n names, now time.Time) {
	for i := range v.Enrollments {
		v.Enrollments[i] = n.enrollment(v.Enrollments[i])
	}
	for i := range v.Requests {
		v.Requests[i] = n.request(v.Requests[i])
	}
	for i := range v.Ended {
		v.Ended[i].Request = n.request(v.Ended[i].Request)
	}
	for i := range v.programs {
		v.programs[i].Enrollment = n.enrollment(v.programs[i].Enrollment)
	}
	n.nameThreads(v.threads, now)
}

// nameThreads gives threads their current names and whoever covers their care managers.
func (n names) nameThreads(threads []ThreadView, now time.Time) {
	for i, t := range threads {
		threads[i].Thread, threads[i].Cover = n.thread(t.Thread), n.cover(t.Thread, now)
	}
}

// Unread is the dot: whether anything is unread, in how many threads, how many messages.
type Unread struct {
	HasUnread bool
	Threads   int
	Messages  int
}

// Chats is the Chats screen in one answer.
type Chats struct {
	Unread     Unread
	Requests   []Request // the open ones: each a confirmation (G5)
	Ended      []EndedRequest
	Threads    []ThreadView // the active ones, newest first
	CanRequest RequestRule
	Emergency  string
	Paused     []string // programs whose notices are paused
	Member     Ref
	Programs   []MemberProgram
}

// Chats reads the Chats screen: the member's own, or as much of it as a care
// manager may see.
func (s *ListService) Chats(ctx context.Context, c Caller, memberID string) (Chats, error) {
	if err := c.Only(Member, CareManager); err != nil {
		return Chats{}, err
	}
	view, err := viewChats(ctx, s.Store, c, s.Now(), memberID)
	if err != nil {
		return Chats{}, err
	}
	n, err := readNames(ctx, s.Store, c, view.hasPrograms)
	if err != nil {
		return Chats{}, err
	}
	view.name(n, s.Now())
	chats := Chats{
		Unread:     unread(view.threads, c.Kind),
		Requests:   view.Requests,
		Ended:      view.Ended,
		Threads:    inState(view.threads, ThreadActive),
		CanRequest: view.canRequest(n.catalog),
		Emergency:  n.catalog.Organization.In(n.catalog.Organization.Emergency, c.Language),
		Programs:   view.programs,
	}
	if len(view.programs) > 0 {
		chats.Member = view.programs[0].Member
	} else if len(view.threads) > 0 {
		chats.Member = view.threads[0].Member
	}
	for _, e := range view.Enrollments {
		if e.Paused && e.State == EnrollmentActive {
			chats.Paused = append(chats.Paused, e.Program.ID)
		}
	}
	return chats, nil
}

// Unread reads the dot, and the active threads that it is about.
func (s *ListService) Unread(ctx context.Context, c Caller, memberID string) (Unread, []ThreadView, error) {
	if err := c.Only(Member); err != nil {
		return Unread{}, nil, err
	}
	view, err := viewChats(ctx, s.Store, c, s.Now(), memberID)
	active := inState(view.threads, ThreadActive)
	return unread(active, Member), active, err
}

// Threads lists the threads in a state, newest first.
func (s *ListService) Threads(ctx context.Context, c Caller, memberID string, state ThreadState) ([]ThreadView, error) {
	if state != ThreadActive && state != ThreadInactive {
		return nil, problem.WithField("?state", "unknown", "must be active or inactive")
	}
	if err := c.Only(Member, CareManager); err != nil {
		return nil, err
	}
	view, err := viewChats(ctx, s.Store, c, s.Now(), memberID)
	if err != nil {
		return nil, err
	}
	n, err := readNames(ctx, s.Store, c, anything)
	view.name(n, s.Now())
	return inState(view.threads, state), err
}

// unread counts a side's unread messages in active threads: those of a closed
// enrollment leave the dot (T9). Those that the caller cannot mark read do not count.
func unread(threads []ThreadView, k Kind) Unread {
	var u Unread
	for _, t := range threads {
		if n := t.Unread(k); n > 0 && t.State == ThreadActive && t.Access.Full() {
			u.HasUnread, u.Threads, u.Messages = true, u.Threads+1, u.Messages+n
		}
	}
	return u
}

// inState returns the threads in a state, newest first.
func inState(threads []ThreadView, state ThreadState) []ThreadView {
	in := slices.DeleteFunc(slices.Clone(threads), func(t ThreadView) bool { return t.State != state })
	slices.SortFunc(in, func(a, b ThreadView) int {
		return cmp.Or(b.UpdatedAt.Compare(a.UpdatedAt), cmp.Compare(a.ID, b.ID))
	})
	return in
}
