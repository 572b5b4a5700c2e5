package access

import (
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/local/machine"
	"carechat/tests/support/invariants"
	"carechat/tests/support/localaws"
)

type row = invariants.Item

// everything returns the whole table.
func everything(t testing.TB) []row {
	t.Helper()
	s, err := invariants.Scan(t.Context(), here.DynamoDB, machine.TableName)
	if err != nil {
		t.Fatal(err)
	}
	return s.Rows
}

func textOf(r row, name string) string {
	v, _ := r[name].(*types.AttributeValueMemberS)
	if v == nil {
		return ""
	}
	return v.Value
}

// expireSessions makes every session of a member look idle for a day.
func expireSessions(t testing.TB, organization, member string) {
	t.Helper()
	ago := &types.AttributeValueMemberN{Value: strconv.FormatInt(time.Now().Add(-24*time.Hour).UnixMilli(), 10)}
	n := 0
	for _, r := range everything(t) {
		if r["usedAt"] == nil || textOf(r, "PK") != "ORG#"+organization+"#MEMBER#"+member {
			continue
		}
		r["usedAt"], n = ago, n+1
		if _, err := localaws.DynamoDB(here.DynamoDB).PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(machine.TableName), Item: r}); err != nil {
			t.Fatal(err)
		}
	}
	if n == 0 {
		t.Fatal("there is no session to expire")
	}
}
