package api

import (
	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/problem"
)

// EntryRef names a program, reason, department or care manager.
type EntryRef struct {
	ID string `path:"id" json:"-"`
}

// EnrollmentRef names a member's enrollment in a program.
type EnrollmentRef struct {
	MemberID  string `path:"memberId" json:"-"`
	ProgramID string `path:"programId" json:"-"`
}

// ProgramPut makes or replaces a program.
type ProgramPut struct {
	PathID      string `path:"id" json:"-"`
	IfMatch     string `header:"if-match" json:"-"`
	IfNoneMatch string `header:"if-none-match" json:"-"`
	Program
}

// Program is a digital program. Members whose language is in names read it by that name.
type Program struct {
	ID           string           `json:"id,omitempty"`
	Name         string           `json:"name"`
	Names        chat.Labels      `json:"names,omitempty"`
	Kind         chat.ProgramKind `json:"kind"`
	DepartmentID string           `json:"departmentId"`
}

// Put returns what the body and the headers ask for.
func (in ProgramPut) Put() directory.Put[chat.Program] {
	entry := chat.Program{ID: in.ID, Name: in.Name, Names: in.Names, Kind: in.Kind, DepartmentID: in.DepartmentID}
	return directory.Put[chat.Program]{ID: in.PathID, Entry: entry, When: Precondition(in.IfMatch, in.IfNoneMatch)}
}

// NewProgram shapes a program.
func NewProgram(p chat.Program) Program {
	return Program{p.ID, p.Name, p.Names, p.Kind, p.DepartmentID}
}

// ReasonPut makes or replaces a reason.
type ReasonPut struct {
	PathID      string `path:"id" json:"-"`
	IfMatch     string `header:"if-match" json:"-"`
	IfNoneMatch string `header:"if-none-match" json:"-"`
	Reason
}

// Reason is an entry in the request form's list. Without programs it is offered in
// every one; without replyHours the organization's apply.
type Reason struct {
	ID         string      `json:"id,omitempty"`
	Labels     chat.Labels `json:"labels"`
	Order      *int        `json:"order"`
	Active     *bool       `json:"active"`
	ProgramIDs []string    `json:"programIds,omitempty"`
	ReplyHours *int        `json:"replyHours,omitempty"`
}

// Put returns what the body and the headers ask for.
func (in ReasonPut) Put() directory.Put[chat.Reason] {
	p := directory.Put[chat.Reason]{ID: in.PathID, When: Precondition(in.IfMatch, in.IfNoneMatch)}
	p.Entry = chat.Reason{
		ID: in.ID, Labels: in.Labels, Order: numberOf(in.Order), Active: flagOf(in.Active, "/active", &p.Missing),
		ProgramIDs: in.ProgramIDs, ReplyHours: optionalNumber(in.ReplyHours),
	}
	return p
}

// NewReason shapes a reason.
func NewReason(r chat.Reason) Reason {
	out := Reason{ID: r.ID, Labels: r.Labels, Order: &r.Order, Active: &r.Active, ProgramIDs: r.ProgramIDs}
	if r.ReplyHours > 0 {
		out.ReplyHours = &r.ReplyHours
	}
	return out
}

// DepartmentPut makes or replaces a department.
type DepartmentPut struct {
	PathID      string `path:"id" json:"-"`
	IfMatch     string `header:"if-match" json:"-"`
	IfNoneMatch string `header:"if-none-match" json:"-"`
	DepartmentEntry
}

// DepartmentEntry is a department as the platform PUTs it.
type DepartmentEntry struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
}

// Put returns what the body and the headers ask for.
func (in DepartmentPut) Put() directory.Put[chat.Department] {
	entry := chat.Department{ID: in.ID, Name: in.Name}
	return directory.Put[chat.Department]{ID: in.PathID, Entry: entry, When: Precondition(in.IfMatch, in.IfNoneMatch)}
}

// NewDepartment shapes a department.
func NewDepartment(d chat.Department) DepartmentEntry { return DepartmentEntry{d.ID, d.Name} }

// Subject is how an issuer names a person.
type Subject struct {
	Issuer  string `json:"issuer"`
	Subject string `json:"subject"`
}

// CareManagerPut makes or replaces a care manager.
type CareManagerPut struct {
	PathID      string `path:"id" json:"-"`
	IfMatch     string `header:"if-match" json:"-"`
	IfNoneMatch string `header:"if-none-match" json:"-"`
	CareManager
}

// CareManager is a care manager. Without subjects, the caller's issuer names them by
// their id; with an empty list, nobody does.
type CareManager struct {
	ID            string    `json:"id,omitempty"`
	DisplayName   string    `json:"displayName"`
	DepartmentIDs []string  `json:"departmentIds"`
	Active        *bool     `json:"active"`
	Subjects      []Subject `json:"subjects"`
}

// Put returns what the body and the headers ask for.
func (in CareManagerPut) Put() directory.Put[chat.CareManagerRow] {
	p := directory.Put[chat.CareManagerRow]{ID: in.PathID, When: Precondition(in.IfMatch, in.IfNoneMatch)}
	p.Entry = chat.CareManagerRow{
		ID: in.ID, Name: in.DisplayName, DepartmentIDs: in.DepartmentIDs,
		Active: flagOf(in.Active, "/active", &p.Missing), Subjects: subjectsOf(in.Subjects),
	}
	return p
}

// NewCareManager shapes a care manager.
func NewCareManager(m chat.CareManagerRow) CareManager {
	return CareManager{m.ID, m.Name, m.DepartmentIDs, &m.Active, each(m.Subjects, newSubject)}
}

// MemberPut makes or replaces a member. Channels count when the member is new.
type MemberPut struct {
	PathID      string `path:"memberId" json:"-"`
	IfMatch     string `header:"if-match" json:"-"`
	IfNoneMatch string `header:"if-none-match" json:"-"`
	Member
	Channels []chat.Channel `json:"channels"`
}

// Member is a member's profile.
type Member struct {
	ID          string    `json:"id,omitempty"`
	DisplayName string    `json:"displayName"`
	BirthDate   string    `json:"birthDate"`
	Phone       string    `json:"phone,omitempty"`
	Email       string    `json:"email,omitempty"`
	Language    string    `json:"language"`
	TimeZone    string    `json:"timeZone"`
	Active      *bool     `json:"active"`
	Subjects    []Subject `json:"subjects,omitempty"`
}

// Put returns what the body and the headers ask for.
func (in MemberPut) Put() directory.MemberPut {
	p := directory.MemberPut{Channels: in.Channels}
	p.ID, p.When = in.PathID, Precondition(in.IfMatch, in.IfNoneMatch)
	p.Entry = chat.Profile{
		ID: in.ID, Name: in.DisplayName, BirthDate: in.BirthDate, Phone: in.Phone, Email: in.Email,
		Language: in.Language, TimeZone: in.TimeZone,
		Active: flagOf(in.Active, "/active", &p.Missing), Subjects: subjectsOf(in.Subjects),
	}
	return p
}

// NewMember shapes a member's profile.
func NewMember(p chat.Profile) Member {
	return Member{
		p.ID, p.Name, p.BirthDate, p.Phone, p.Email, p.Language, p.TimeZone, &p.Active, each(p.Subjects, newSubject),
	}
}

// EnrollmentPut enrolls a member in a program, hands the enrollment over or closes it.
type EnrollmentPut struct {
	MemberID    string `path:"memberId" json:"-"`
	ProgramID   string `path:"programId" json:"-"`
	IfMatch     string `header:"if-match" json:"-"`
	IfNoneMatch string `header:"if-none-match" json:"-"`
	Enrollment
}

// Enrollment is an enrollment as it was last PUT.
type Enrollment struct {
	State         chat.EnrollmentState `json:"state"`
	CareManagerID string               `json:"careManagerId,omitempty"`
}

// Put returns what the body and the headers ask for.
func (in EnrollmentPut) Put() directory.EnrollmentPut {
	return directory.EnrollmentPut{
		State: in.State, CareManagerID: in.CareManagerID, When: Precondition(in.IfMatch, in.IfNoneMatch),
	}
}

// NewEnrollment shapes an enrollment.
func NewEnrollment(e chat.Enrollment) Enrollment { return Enrollment{e.State, e.Provisioned} }

func newSubject(s chat.Subject) Subject { return Subject(s) }

// subjectsOf keeps a missing list (nil) apart from an empty one.
func subjectsOf(given []Subject) []chat.Subject {
	if given == nil {
		return nil
	}
	return each(given, func(s Subject) chat.Subject { return chat.Subject(s) })
}

// numberOf returns a number that the body must have.
func numberOf(n *int) int {
	if n == nil {
		return directory.NotGiven
	}
	return *n
}

// optionalNumber returns a number that the body may lack: 0 if it does. A 0 in the
// body becomes -1, which is out of every range.
func optionalNumber(n *int) int {
	switch {
	case n == nil:
		return 0
	case *n == 0:
		return -1
	}
	return *n
}

// flagOf returns a flag that the body must have; it notes a missing one.
func flagOf(b *bool, pointer string, missing *problem.Fields) bool {
	if b == nil {
		missing.Add(pointer, "required", "must be given")
		return false
	}
	return *b
}
