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

// dynamoDB is a client that no guard watches.
func (p *place) dynamoDB() *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{
		Region: "us-east-1", BaseEndpoint: &p.m.DynamoDB,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	})
}

// rows are all that have an attribute.
func (p *place) rows(t *testing.T, attribute string) []map[string]types.AttributeValue {
	t.Helper()
	found, err := p.dynamoDB().Scan(t.Context(), &dynamodb.ScanInput{
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
		if _, err := p.dynamoDB().PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(machine.TableName), Item: row}); err != nil {
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
		if _, err := p.dynamoDB().DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: aws.String(machine.TableName), Key: key}); err != nil {
			t.Fatal(err)
		}
	}
}
