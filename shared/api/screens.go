package api

import (
	"time"

	"carechat/shared/chat"
)

// FormQuery asks for the request form.
type FormQuery struct {
	MemberID  string `path:"memberId" json:"-"`
	ProgramID string `query:"programId" json:"-"`
}

// WorkQuery asks for a page of tasks or of a caseload.
type WorkQuery struct {
	Scope         string `query:"scope" json:"-"`
	CareManagerID string `query:"careManagerId" json:"-"`
	DepartmentID  string `query:"departmentId" json:"-"`
	Unattended    string `query:"unattended" json:"-"`
	Cursor        string `query:"cursor" json:"-"`
}

// InboxQuery asks for a page of the inbox.
type InboxQuery struct {
	List   string `query:"list" json:"-"`
	Cursor string `query:"cursor" json:"-"`
}

// Unread is the dot.
type Unread struct {
	HasUnread bool `json:"hasUnread"`
	Threads   int  `json:"threads"`
	Messages  int  `json:"messages"`
}

// NewUnread shapes the dot.
func NewUnread(u chat.Unread) Unread { return Unread(u) }

// Chats is the Chats screen.
type Chats struct {
	Unread     Unread         `json:"unread"`
	Requests   []Request      `json:"requests"`
	Ended      []EndedRequest `json:"ended"`
	Threads    []Thread       `json:"threads"`
	CanRequest CanReply       `json:"canRequest"`
	Emergency  string         `json:"emergency"`
	Paused     []string       `json:"paused"`
	// For care managers only: whose chats they are, and every program that the member is in.
	Member   *Person         `json:"member,omitempty"`
	Programs []MemberProgram `json:"programs,omitempty"`
}

// MemberProgram is a program that a member is in, as a care manager sees it. Of one that is not in their care it has
// only the names.
type MemberProgram struct {
	Program Named `json:"program"`
	Owner   Owner `json:"owner"`
	IsYours bool  `json:"isYours"`
	Paused  *bool `json:"paused,omitempty"`
	Version int   `json:"version,omitzero"`
}

// NewChats shapes the Chats screen, as it is now.
func NewChats(c chat.Caller, s chat.Chats, now time.Time) Chats {
	out := Chats{
		Unread:     NewUnread(s.Unread),
		Requests:   each(s.Requests, func(r chat.Request) Request { return NewRequest(c, r, now) }),
		Ended:      each(s.Ended, func(r chat.EndedRequest) EndedRequest { return NewEndedRequest(c, r) }),
		Threads:    threads(c, s.Threads, now),
		CanRequest: CanReply(s.CanRequest),
		Emergency:  s.Emergency,
		Paused:     append([]string{}, s.Paused...),
	}
	if c.Kind == chat.CareManager {
		member := person(s.Member)
		out.Member, out.Programs = &member, each(s.Programs, memberProgram)
	}
	return out
}

func memberProgram(p chat.MemberProgram) MemberProgram {
	out := MemberProgram{Program: named(p.Program), Owner: newOwner(p.Owner), IsYours: p.Access.Full()}
	if out.IsYours {
		out.Paused, out.Version = &p.Paused, p.Version
	}
	return out
}

// Form is the request form.
type Form struct {
	Intro     string        `json:"intro"`
	Emergency string        `json:"emergency"`
	Programs  []FormProgram `json:"programs"`
	Reasons   []FormReason  `json:"reasons"`
	Comment   FormComment   `json:"comment"`
}

// FormProgram is a program that a chat can be asked for in.
type FormProgram struct {
	Named
	IsDefault bool      `json:"isDefault"`
	Owner     FormOwner `json:"owner"`
}

// FormOwner is who will get the request.
type FormOwner struct {
	Kind        chat.OwnerKind `json:"kind"`
	DisplayName string         `json:"displayName"`
}

// FormReason is a reason; with programIds it can be chosen only in these programs.
type FormReason struct {
	Labelled
	ProgramIDs []string `json:"programIds,omitempty"`
}

// FormComment says how long a comment may be, in code points.
type FormComment struct {
	MaxLength int `json:"maxLength"`
}

// NewForm shapes the request form.
func NewForm(f chat.Form) Form {
	return Form{
		Intro: f.Intro, Emergency: f.Emergency,
		Programs: each(f.Programs, func(p chat.OfferedProgram) FormProgram {
			return FormProgram{named(p.Ref), p.ID == f.Default, FormOwner{p.Owner.Kind, p.Owner.Name}}
		}),
		Reasons: each(f.Reasons, func(r chat.OfferedReason) FormReason {
			return FormReason{labelled(r.Ref), r.ProgramIDs}
		}),
		Comment: FormComment{chat.MaxTextRunes},
	}
}

// NewTasks shapes a page of tasks.
func NewTasks(c chat.Caller, p chat.ListPage[chat.Request], now time.Time, cursor string) List[Task] {
	return List[Task]{each(p.Items, func(r chat.Request) Task { return NewTask(c, r, now) }), cursor}
}

// Inbox is a page of the inbox with the count of tasks.
type Inbox struct {
	List[Thread]
	Tasks TaskCounts `json:"tasks"`
}

// TaskCounts are each counted to 100.
type TaskCounts struct {
	Open    int `json:"open"`
	Overdue int `json:"overdue"`
}

// NewInbox shapes a page of the inbox, as it is now.
func NewInbox(c chat.Caller, i chat.Inbox, now time.Time, cursor string) Inbox {
	return Inbox{List[Thread]{threads(c, i.Items, now), cursor}, TaskCounts{i.Open, i.Overdue}}
}

// Me is the caller. Which fields it has depends on the kind.
type Me struct {
	Kind         chat.Kind       `json:"kind"`
	Organization Named           `json:"organization"`
	DraftKey     string          `json:"draftKey,omitempty"`
	ID           string          `json:"id,omitempty"`
	DisplayName  string          `json:"displayName,omitempty"`
	Language     string          `json:"language,omitempty"`
	Departments  *[]MyDepartment `json:"departments,omitzero"`
	Covers       *[]Covering     `json:"covers,omitzero"`
	Outcomes     *[]Labelled     `json:"outcomes,omitzero"`
}

// MyDepartment is a department of the caller with its active care managers.
type MyDepartment struct {
	Named
	CareManagers []Person `json:"careManagers"`
}

// Covering is whom the caller covers, and when.
type Covering struct {
	CareManager Person `json:"careManager"`
	From        Time   `json:"from"`
	To          Time   `json:"to"`
}

// NewMe shapes the caller. The platform has neither an id nor a name.
func NewMe(m chat.Me) Me {
	out := Me{Kind: m.Caller.Kind, Organization: named(m.Organization)}
	if m.Caller.Kind == chat.Platform {
		return out
	}
	out.DraftKey = m.DraftKey
	out.ID, out.DisplayName, out.Language = m.Caller.ID, m.Caller.Name, m.Caller.Language
	if m.Caller.Kind == chat.CareManager {
		departments := each(m.Departments, func(d chat.MyDepartment) MyDepartment {
			return MyDepartment{named(d.Ref), each(d.CareManagers, person)}
		})
		covers := each(m.Caller.Covers, func(v chat.Cover) Covering {
			return Covering{person(v.Of), Time{v.From}, Time{v.To}}
		})
		outcomes := each(m.Outcomes, labelled)
		out.Departments, out.Covers, out.Outcomes = &departments, &covers, &outcomes
	}
	return out
}

// Health says that the service is up, and which build it is.
type Health struct {
	Status  string `json:"status"`
	Version string `json:"version"`
}
