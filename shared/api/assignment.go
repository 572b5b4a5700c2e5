package api

import "carechat/shared/chat"

// Claiming makes the caller the owner of an enrollment.
type Claiming struct {
	MemberID  string `path:"memberId" json:"-"`
	ProgramID string `path:"programId" json:"-"`
	IfMatch   string `header:"if-match" json:"-"`
}

// Assigning hands an enrollment over.
type Assigning struct {
	MemberID      string `path:"memberId" json:"-"`
	ProgramID     string `path:"programId" json:"-"`
	IfMatch       string `header:"if-match" json:"-"`
	CareManagerID string `json:"careManagerId"`
	DepartmentID  string `json:"departmentId"`
	Why           string `json:"why,omitempty"`
}

// Assignment is an enrollment as the care side sees it.
type Assignment struct {
	Member  Person `json:"member"`
	Program Named  `json:"program"`
	Paused  bool   `json:"paused"`
	Owner   Owner  `json:"owner"`
	Version int    `json:"version"`
}

// NewAssignment shapes an enrollment.
func NewAssignment(e chat.Enrollment) Assignment {
	return Assignment{person(e.Member), named(e.Program), e.Paused, newOwner(e.Owner), e.Version}
}

// NewCaseload shapes a page of a caseload.
func NewCaseload(p chat.ListPage[chat.Enrollment], cursor string) List[Assignment] {
	return List[Assignment]{each(p.Items, NewAssignment), cursor}
}
