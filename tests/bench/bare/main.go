// Command bare is a Lambda function that makes the calls of a send with the SDK alone:
// the session, the thread, and a transaction of three rows. The benchmarks hold send
// beside it.
package main

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/shared/env"
	"carechat/shared/sdk"
)

type item = map[string]types.AttributeValue

func main() {
	name := env.Required("TABLE_NAME")
	client := dynamodb.NewFromConfig(sdk.Config(env.Endpoint("AWS_ENDPOINT_URL_DYNAMODB"), time.Second))
	get := func(ctx context.Context, sort string) error {
		_, err := client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &name, Key: row("", sort), ConsistentRead: aws.Bool(true)})
		return err
	}
	_ = get(context.Background(), "start-up")
	lambda.Start(func(ctx context.Context, _ json.RawMessage) (map[string]any, error) {
		for _, sort := range []string{"session", "thread"} {
			if err := get(ctx, sort); err != nil {
				return nil, err
			}
		}
		in := &dynamodb.TransactWriteItemsInput{ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal}
		for _, sort := range []string{"message", "sent", "thread"} {
			in.TransactItems = append(in.TransactItems, types.TransactWriteItem{Put: &types.Put{
				TableName: &name, Item: row(strings.Repeat("x", 300), sort), ConditionExpression: aws.String("attribute_not_exists(PK)"),
			}})
		}
		_, err := client.TransactWriteItems(ctx, in)
		return map[string]any{"statusCode": 201, "body": "{}"}, err
	})
}

// row returns a key, with a text of that length if there is one.
func row(text, sort string) item {
	r := item{"PK": &types.AttributeValueMemberS{Value: "ORG#harbor#MEMBER#dana"}, "SK": &types.AttributeValueMemberS{Value: sort}}
	if text != "" {
		r["text"] = &types.AttributeValueMemberS{Value: text}
	}
	return r
}
