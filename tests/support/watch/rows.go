package watch

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/local/machine"
	"carechat/shared/invariants"
	"carechat/shared/table"
	"carechat/tests/support/localaws"
	"carechat/tests/support/tables"
)

// Rows returns the whole table.
func (m *Machine) Rows(t testing.TB) []invariants.Item {
	t.Helper()
	s, err := tables.Scan(t.Context(), m.DynamoDB, machine.TableName)
	if err != nil {
		t.Fatal(err)
	}
	return s.Rows
}

// AgeSessions makes all sessions of a member look as if they were last used some
// time ago. It fails the test if there is none.
func (m *Machine) AgeSessions(t testing.TB, organization, member string, by time.Duration) {
	t.Helper()
	aged := 0
	for _, row := range m.Rows(t) {
		if row["usedAt"] == nil || invariants.KeyOf(row).PK != "ORG#"+organization+"#MEMBER#"+member {
			continue
		}
		aged++
		row["usedAt"] = &types.AttributeValueMemberN{Value: strconv.FormatInt(time.Now().Add(-by).UnixMilli(), 10)}
		in := &dynamodb.PutItemInput{TableName: aws.String(machine.TableName), Item: row}
		if _, err := localaws.DynamoDB(m.DynamoDB).PutItem(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	if aged == 0 {
		t.Fatalf("%s has no session", member)
	}
}

// AgeErasure makes a member look as if they had been erased an hour ago.
func (m *Machine) AgeErasure(t testing.TB, organization, member string) {
	t.Helper()
	in := &dynamodb.UpdateItemInput{
		TableName:        aws.String(machine.TableName),
		Key:              invariants.Item{"PK": text("ORG#" + organization + "#MEMBER#" + member), "SK": text("PROFILE")},
		UpdateExpression: aws.String("SET erasedAt = :then"), ConditionExpression: aws.String("attribute_exists(erasedAt)"),
		ExpressionAttributeValues: invariants.Item{":then": &types.AttributeValueMemberN{Value: strconv.FormatInt(time.Now().Add(-time.Hour).UnixMilli(), 10)}},
	}
	if _, err := localaws.DynamoDB(m.DynamoDB).UpdateItem(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// MakeLate makes a member's open request in a program look as if its reply had been due an
// hour ago, and returns its id.
func (m *Machine) MakeLate(t testing.TB, organization, member, program string) string {
	t.Helper()
	for _, row := range m.Rows(t) {
		k := invariants.KeyOf(row)
		if k.PK != "ORG#"+organization+"#MEMBER#"+member || k.SK != "CHAT#OPEN#"+program {
			continue
		}
		at := time.Now().Add(-time.Hour).UTC()
		place := strings.Split(row["WORK_SK"].(*types.AttributeValueMemberS).Value, "#")
		place[1] = at.Format("2006-01-02T15:04:05.000Z")
		row["dueAt"] = &types.AttributeValueMemberN{Value: strconv.FormatInt(at.UnixMilli(), 10)}
		row["WORK_SK"] = &types.AttributeValueMemberS{Value: strings.Join(place, "#")}
		in := &dynamodb.PutItemInput{TableName: aws.String(machine.TableName), Item: row}
		if _, err := localaws.DynamoDB(m.DynamoDB).PutItem(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		return place[len(place)-1]
	}
	t.Fatalf("%s has no open request in %s", member, program)
	return ""
}

// HurryUpkeep makes all that upkeep looks at later due now, except coverages, whose only
// time is that of their start or end.
func (m *Machine) HurryUpkeep(t testing.TB) {
	t.Helper()
	for _, row := range m.Rows(t) {
		lane, ok := row["DUE_PK"].(*types.AttributeValueMemberS)
		coverage := strings.HasPrefix(invariants.KeyOf(row).SK, "COVERAGE#")
		if !ok || coverage || !strings.HasPrefix(lane.Value, string(table.UpkeepLane)+"#") {
			continue
		}
		row["DUE_SK"] = &types.AttributeValueMemberS{Value: time.Now().UTC().Format("2006-01-02T15:04:05.000Z")}
		in := &dynamodb.PutItemInput{TableName: aws.String(machine.TableName), Item: row}
		if _, err := localaws.DynamoDB(m.DynamoDB).PutItem(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
}

// DeleteMailbox deletes the mailbox of an address, as if a release without mailboxes
// had stored the address.
func (m *Machine) DeleteMailbox(t testing.TB, address string) {
	t.Helper()
	for _, row := range m.Rows(t) {
		if at, ok := row["address"].(*types.AttributeValueMemberS); !ok || at.Value != address {
			continue
		}
		in := &dynamodb.DeleteItemInput{TableName: aws.String(machine.TableName), Key: invariants.Item{"PK": row["PK"], "SK": row["SK"]}}
		if _, err := localaws.DynamoDB(m.DynamoDB).DeleteItem(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
}
