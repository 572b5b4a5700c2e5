// Package town makes an organization with its people, requests and threads for
// tests: a Town by the use cases, on a table of its own and with a clock that the
// test sets; a Place over HTTP, as the platform and the apps do it. Both speak of
// the same people in the same words.
package town

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/table"
	"carechat/tests/support/emulator"
	"carechat/tests/support/localaws"
	"carechat/tests/support/tables"
	"carechat/tests/support/usecases"
)

// Town is every use case on a table of its own in the package's emulator. What
// fails fails the test.
type Town struct {
	T      testing.TB
	Chat   *usecases.All
	Table  *table.Table
	Client *dynamodb.Client // past Through
	Name   string           // the table's
	Now    time.Time        // stands still until the test sets it
	ids    int
}

// Option says how a Town's table is opened.
type Option func(*table.Settings)

// Through puts a client between the use cases and DynamoDB.
func Through(client func(next aws.HTTPClient) aws.HTTPClient) Option {
	return func(s *table.Settings) { s.Config.HTTPClient = client(s.Config.HTTPClient) }
}

// Uncached reads settings and names anew for each use case.
func Uncached(s *table.Settings) { s.CacheTime = 0 }

// Empty returns a Town whose table has no rows.
func Empty(t testing.TB, options ...Option) *Town {
	t.Helper()
	w := &Town{T: t, Name: emulator.NewTable(t), Client: localaws.DynamoDB(emulator.URL), Now: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return w.Now }
	settings := table.Settings{Name: w.Name, CacheTime: time.Hour, Now: clock, Config: localaws.Config(emulator.URL)}
	for _, option := range options {
		option(&settings)
	}
	w.Table = table.New(settings)
	w.Chat = usecases.New(w.Table, clock, w.NewID)
	return w
}

// New returns a Town with the organization in it: two departments, a program of
// each, two reasons and three care managers, who are of both departments.
func New(t testing.TB, options ...Option) *Town {
	t.Helper()
	w := Empty(t, options...)
	w.Must(w.Chat.Provision(w.T.Context(), Settings(Organization, Issuer), nil))
	for _, id := range []string{Department, "coaches"} {
		w.PutDepartment(id)
	}
	for id, department := range map[string]string{Program: Department, Second: "coaches"} {
		w.PutProgram(id, department)
	}
	for _, id := range []string{Reason, OtherReason} {
		w.PutReason(id)
	}
	for _, id := range []string{Rivera, Chen, Okafor} {
		w.PutCareManager(id)
	}
	return w
}

// CheckAtEnd checks the table against the invariants when the test is over.
func (w *Town) CheckAtEnd() {
	w.T.Cleanup(func() { tables.Check(w.T, emulator.URL, w.Name) })
}

// Must fails the test if a use case failed.
func (w *Town) Must(_ any, err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatalf("%+v", err)
	}
}

// NewID returns an id that the test can foresee.
func (w *Town) NewID(prefix string) string {
	w.ids++
	return fmt.Sprintf("%s_%026d", prefix, w.ids)
}

// PutDepartment makes a department.
func (w *Town) PutDepartment(id string) {
	w.T.Helper()
	w.Must(w.Chat.PutDepartment(w.T.Context(), Platform, directory.Put[chat.Department]{ID: id, Entry: chat.Department{Name: id}}))
}

// PutProgram makes a guided program.
func (w *Town) PutProgram(id, department string) {
	w.T.Helper()
	w.Must(w.Chat.PutProgram(w.T.Context(), Platform, ProgramPut(id, department)))
}

// ProgramPut returns the platform's PUT of a guided program.
func ProgramPut(id, department string) directory.Put[chat.Program] {
	return directory.Put[chat.Program]{ID: id, Entry: chat.Program{Name: id, Kind: chat.Guided, DepartmentID: department}}
}

// PutReason makes a reason.
func (w *Town) PutReason(id string) {
	w.T.Helper()
	w.Must(w.Chat.PutReason(w.T.Context(), Platform, directory.Put[chat.Reason]{
		ID: id, Entry: chat.Reason{Labels: chat.Labels{"en": id}, Active: true},
	}))
}

// PutCareManager makes a care manager of both departments, or replaces one.
func (w *Town) PutCareManager(id string, changes ...func(*chat.CareManagerRow)) {
	w.T.Helper()
	w.Must(w.Chat.PutCareManager(w.T.Context(), Platform, CareManagerPut(id, changes...)))
}

// CareManagerPut returns the platform's PUT of a care manager of both departments.
func CareManagerPut(id string, changes ...func(*chat.CareManagerRow)) directory.Put[chat.CareManagerRow] {
	row := chat.CareManagerRow{Name: NameOf(id), DepartmentIDs: []string{Department, "coaches"}, Active: true}
	for _, change := range changes {
		change(&row)
	}
	return directory.Put[chat.CareManagerRow]{ID: id, Entry: row}
}

// PutMember makes a member, or replaces one.
func (w *Town) PutMember(id string, changes ...func(*chat.Profile)) {
	w.T.Helper()
	w.Must(w.Chat.PutMember(w.T.Context(), Platform, MemberPut(id, changes...)))
}

// MemberPut returns the platform's PUT of a member.
func MemberPut(id string, changes ...func(*chat.Profile)) (p directory.MemberPut) {
	p.ID, p.Entry = id, Profile(id, changes...)
	return p
}

// Enroll enrolls a member, opens the enrollment again or hands it over. Without a
// care manager it is the department's.
func (w *Town) Enroll(member, program, careManager string) {
	w.T.Helper()
	w.putEnrollment(member, program, chat.EnrollmentActive, careManager)
}

// CloseEnrollment closes an enrollment, which stays its owner's.
func (w *Town) CloseEnrollment(member, program, careManager string) {
	w.T.Helper()
	w.putEnrollment(member, program, chat.EnrollmentClosed, careManager)
}

func (w *Town) putEnrollment(member, program string, state chat.EnrollmentState, careManager string) {
	w.T.Helper()
	w.Must(w.Chat.PutEnrollment(w.T.Context(), Platform, member, program, directory.EnrollmentPut{State: state, CareManagerID: careManager}))
}

// Submit requests a chat in a program.
func (w *Town) Submit(member, program, key string) chat.Request {
	w.T.Helper()
	made, err := w.Chat.Submit(w.T.Context(), Member(member), "me", chat.RequestDraft{
		IdempotencyKey: key, ProgramID: program, ReasonID: Reason, Comment: "Hello",
	})
	w.Must(nil, err)
	return made.Request
}

// Start writes a care manager's message to a member: the first makes their thread.
func (w *Town) Start(careManager, member, program, key string) chat.Thread {
	w.T.Helper()
	posted, err := w.Chat.Start(w.T.Context(), CareManager(careManager), member, program, chat.Draft{ClientMessageID: key, Text: "Hello"})
	w.Must(nil, err)
	return posted.Thread
}

// Reply writes the member's message in a thread.
func (w *Town) Reply(member, thread, key string) {
	w.T.Helper()
	w.Must(w.Chat.Send(w.T.Context(), Member(member), "me", thread, chat.Draft{ClientMessageID: key, Text: "Hello"}))
}

// Chats returns a member's enrollments, requests and threads.
func (w *Town) Chats(member string) chat.MemberChats {
	w.T.Helper()
	all, err := w.Table.MemberChats(w.T.Context(), Key(member))
	w.Must(nil, err)
	return all
}

// Thread returns a thread of a member's.
func (w *Town) Thread(member, id string) chat.Thread {
	w.T.Helper()
	for _, t := range w.Chats(member).Threads {
		if t.ID == id {
			return t
		}
	}
	w.T.Fatalf("%s has no thread %s", member, id)
	return chat.Thread{}
}

// ReadAll marks read whatever the member has not read.
func (w *Town) ReadAll(member string) {
	w.T.Helper()
	for _, t := range w.Chats(member).Threads {
		w.Must(w.Chat.MarkRead(w.T.Context(), Member(member), "me", t.ID, t.LastSeq()))
	}
}
