package interleavings

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/shared/chat"
	"carechat/shared/directory"
	"carechat/shared/table"
	"carechat/tests/support/town"
)

// staffPairs are what changes who sees what, beside what that decides. Of a coverage, a
// disabling and a move a member's own calls read nothing; of the hand-overs that follow
// they do (T10, T11).
func staffPairs() []pair {
	chens := []action{
		{name: "chen writes", run: asChen(chenWrites)}, {name: "chen closes", run: asChen(chenCloses)}, {name: "chen reads", run: asChen(chenReads)},
	}
	members := []action{
		{name: "submit", needs: cancelled, run: submit}, {name: "cancel", run: cancel}, {name: "send by the member", run: send(town.Member)},
	}
	nothing := func(context.Context, *services, string) error { return nil }
	var all []pair
	for _, each := range []struct {
		act    action
		before func(context.Context, *services, string) error
		with   []action
	}{
		{action{name: "a coverage starts", run: startCoverage}, nothing, chens},
		{action{name: "a coverage ends", run: endCoverage}, covered, chens},
		{action{name: "disable", run: disableRivera}, nothing, chens},
		{action{name: "hand over what a disabled one owns", run: handOverOfRivera}, disabled, slices.Concat(chens, members)},
		{action{name: "move the program", run: moveProgram}, queued, chens},
		{action{name: "hand over what a program takes along", run: followProgram}, moved, slices.Concat(chens, members)},
	} {
		for _, other := range each.with {
			before := each.before
			if other.needs == cancelled {
				before = func(ctx context.Context, s *services, member string) error {
					return errors.Join(each.before(ctx, s, member), quit(ctx, s, member))
				}
			}
			all = append(all, pair{actions: [2]action{each.act, other}, in: staffed, before: before})
		}
	}
	return all
}

// asChen reads chen's row as it is read before each call of hers, and runs an action with
// the rights that it gives.
func asChen(run func(context.Context, *services, chat.Caller, string) string) func(context.Context, *services, int, string) string {
	return func(ctx context.Context, s *services, _ int, member string) string {
		row, err := s.UpkeepService.Store.CareManager(ctx, town.Organization, town.Chen)
		if err != nil {
			return outcome(err, "")
		}
		c := town.CareManager(row.ID, row.Covers...)
		c.Departments = row.DepartmentIDs
		return run(ctx, s, c, member)
	}
}

func chenWrites(ctx context.Context, s *services, c chat.Caller, member string) string {
	return start(c)(ctx, s, 0, member)
}

func chenCloses(ctx context.Context, s *services, c chat.Caller, member string) string {
	r, err := s.Close(ctx, c, member, requestID, chat.Closing{Outcome: "answered"}, chat.Precondition{})
	return outcome(err, "%s", request(r))
}

func chenReads(ctx context.Context, s *services, c chat.Caller, member string) string {
	return markRead(func(string) chat.Caller { return c })(ctx, s, 0, member)
}

var vacation = directory.CoverageRef{CareManagerID: town.Rivera, ID: "vacation"}

func startCoverage(ctx context.Context, s *services, _ int, _ string) string {
	is, err := s.PutCoverage(ctx, town.Platform, directory.CoveragePut{
		CoverageRef: vacation, CoverID: town.Chen, From: s.now.Add(-time.Hour), To: s.now.Add(time.Hour),
	})
	return outcome(err, "by %s", is.Entry.By.ID)
}

func endCoverage(ctx context.Context, s *services, _ int, _ string) string {
	return outcome(s.EndCoverage(ctx, town.Platform, vacation), "ended")
}

func disableRivera(ctx context.Context, s *services, _ int, _ string) string {
	is, err := s.PutCareManager(ctx, town.Platform, town.CareManagerPut(town.Rivera, func(m *chat.CareManagerRow) { m.Active = false }))
	return outcome(err, "version=%d", is.Entry.Version)
}

func moveProgram(ctx context.Context, s *services, _ int, _ string) string {
	is, err := s.PutProgram(ctx, town.Platform, town.ProgramPut(town.Program, "coaches"))
	return outcome(err, "version=%d", is.Entry.Version)
}

// handOverOfRivera and followProgram are what upkeep does once a minute.
func handOverOfRivera(ctx context.Context, s *services, _ int, _ string) string {
	return outcome(s.HandOver(ctx, town.Organization, town.Rivera), "done")
}

func followProgram(ctx context.Context, s *services, _ int, _ string) string {
	return outcome(s.FollowProgram(ctx, town.Organization, town.Program), "done")
}

// covered has chen cover rivera.
func covered(ctx context.Context, s *services, _ string) error {
	return done(startCoverage(ctx, s, 0, ""), "by "+town.Chen)
}

// disabled has rivera disabled.
func disabled(ctx context.Context, s *services, _ string) error {
	return done(disableRivera(ctx, s, 0, ""), "version=2")
}

// queued gives the enrollment to the department, and has chen be a coach.
func queued(ctx context.Context, s *services, member string) error {
	_, assigned := s.Assign(ctx, town.Platform, member, town.Program, chat.NewOwner{DepartmentID: town.Department}, chat.Precondition{})
	_, put := s.PutCareManager(ctx, town.Platform, town.CareManagerPut(town.Chen, func(m *chat.CareManagerRow) { m.DepartmentIDs = []string{"coaches"} }))
	return errors.Join(assigned, put)
}

// moved is queued with the program at the coaches.
func moved(ctx context.Context, s *services, member string) error {
	return errors.Join(queued(ctx, s, member), done(moveProgram(ctx, s, 0, member), "version=2"))
}

// quit has the member cancel the request.
func quit(ctx context.Context, s *services, member string) error {
	_, err := s.Cancel(ctx, town.Member(member), "me", requestID, chat.Precondition{})
	return err
}

func done(got, want string) error {
	if got != want {
		return errors.New(got)
	}
	return nil
}

// onlyOf has upkeep find the enrollments of one run's member alone.
type onlyOf struct {
	*table.Table
	member string
}

// Owned reads the member's enrollment, if it is the owner's.
func (o onlyOf) Owned(ctx context.Context, organization string, owner chat.Owner, after string, _ int) ([]chat.Placed[chat.Enrollment], error) {
	if after != "" {
		return nil, nil
	}
	page, err := o.Table.Owned(ctx, organization, owner, "ENROLLMENT#"+o.member, 1)
	return slices.DeleteFunc(page, func(p chat.Placed[chat.Enrollment]) bool { return p.Row.Member.ID != o.member }), err
}

// restoreStaff writes the organization's rows as they were, and takes away who covers whom.
func (m *model) restoreStaff(ctx context.Context) error {
	text := func(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
	writes := []types.WriteRequest{{DeleteRequest: &types.DeleteRequest{Key: map[string]types.AttributeValue{
		"PK": text("ORG#" + town.Organization), "SK": text("COVERAGE#" + vacation.CareManagerID + "#" + vacation.ID),
	}}}}
	for _, row := range m.beside {
		writes = append(writes, types.WriteRequest{PutRequest: &types.PutRequest{Item: row}})
	}
	_, err := m.Client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{m.Name: writes}})
	return err
}
