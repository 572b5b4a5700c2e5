package rights

import (
	"strconv"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/local/machine"
)

const tenMinutes = 10 * 60 * 1000

// ageSessions makes every session as if it had last been used ten minutes ago:
// its next use is worth writing (S1).
func (p *place) ageSessions(t *testing.T) {
	t.Helper()
	client := dynamodb.New(dynamodb.Options{
		Region: "us-east-1", BaseEndpoint: &p.m.DynamoDB, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
	table := aws.String(machine.TableName)
	rows, err := client.Scan(t.Context(), &dynamodb.ScanInput{TableName: table, FilterExpression: aws.String("attribute_exists(usedAt)")})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows.Items {
		used, err := strconv.ParseInt(row["usedAt"].(*types.AttributeValueMemberN).Value, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		row["usedAt"] = &types.AttributeValueMemberN{Value: strconv.FormatInt(used-tenMinutes, 10)}
		if _, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: table, Item: row}); err != nil {
			t.Fatal(err)
		}
	}
}
