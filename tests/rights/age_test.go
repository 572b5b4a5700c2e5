package rights

import (
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/local/machine"
	"carechat/tests/support/localaws"
)

// rows are all that have an attribute.
func (p *place) rows(t *testing.T, attribute string) []map[string]types.AttributeValue {
	t.Helper()
	found, err := localaws.DynamoDB(p.m.DynamoDB).Scan(t.Context(), &dynamodb.ScanInput{
		TableName: aws.String(machine.TableName), FilterExpression: aws.String("attribute_exists(" + attribute + ")"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return found.Items
}

// ageSessions makes every session as if it had last been used ten minutes ago:
// its next use is worth writing (S1).
func (p *place) ageSessions(t *testing.T) {
	t.Helper()
	ago := strconv.FormatInt(time.Now().Add(-10*time.Minute).UnixMilli(), 10)
	for _, row := range p.rows(t, "usedAt") {
		row["usedAt"] = &types.AttributeValueMemberN{Value: ago}
		if _, err := localaws.DynamoDB(p.m.DynamoDB).PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(machine.TableName), Item: row}); err != nil {
			t.Fatal(err)
		}
	}
}

// forgetMailbox makes an address as if it had been PUT before there were
// mailboxes: there is none.
func (p *place) forgetMailbox(t *testing.T, address string) {
	t.Helper()
	for _, row := range p.rows(t, "address") {
		if at, ok := row["address"].(*types.AttributeValueMemberS); !ok || at.Value != address {
			continue
		}
		key := map[string]types.AttributeValue{"PK": row["PK"], "SK": row["SK"]}
		if _, err := localaws.DynamoDB(p.m.DynamoDB).DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: aws.String(machine.TableName), Key: key}); err != nil {
			t.Fatal(err)
		}
	}
}
