// Command hello is the least that a Lambda function can be. The benchmarks hold the
// product's functions beside it.
package main

import (
	"context"
	"encoding/json"

	"github.com/aws/aws-lambda-go/lambda"
)

func main() {
	lambda.Start(func(context.Context, json.RawMessage) (map[string]any, error) {
		return map[string]any{"statusCode": 200, "body": "{}"}, nil
	})
}
