package rights

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/local/machine"
)

// ageSessions makes every session as if it had last been used ten minutes ago:
// its next use is worth writing (S1).
func (p *place) ageSessions(t *testing.T) {
	t.Helper()
	client := dynamodb.New(dynamodb.Options{
		Region: "us-east-1", BaseEndpoint: &p.m.DynamoDB,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	})
	table := aws.String(machine.TableName)
	rows, err := client.Scan(t.Context(), &dynamodb.ScanInput{TableName: table, FilterExpression: aws.String("attribute_exists(usedAt)")})
	if err != nil {
		t.Fatal(err)
	}
	ago := strconv.FormatInt(time.Now().Add(-10*time.Minute).UnixMilli(), 10)
	for _, row := range rows.Items {
		row["usedAt"] = &types.AttributeValueMemberN{Value: ago}
		if _, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: table, Item: row}); err != nil {
			t.Fatal(err)
		}
	}
}
