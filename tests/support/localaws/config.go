// Package localaws connects tests to this machine's DynamoDB and SNS.
package localaws

import (
	"context"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"carechat/shared/sdk"
	"carechat/shared/table"
)

// Config returns the configuration of an emulator's client.
func Config(endpoint string) aws.Config { return Through(endpoint, &http.Client{}) }

// Through returns a Config whose calls go through an HTTP client.
func Through(endpoint string, client *http.Client) aws.Config {
	return sdk.New("us-east-1", endpoint, aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, client)
}

// DynamoDB returns a client of an emulator's endpoint.
func DynamoDB(endpoint string) *dynamodb.Client {
	return dynamodb.NewFromConfig(Config(endpoint))
}

// CreateTable makes an empty table of this name at an emulator's endpoint. It
// has no stream: nobody reads it, and it slows the emulator down.
func CreateTable(ctx context.Context, endpoint, name string) error {
	schema := table.Schema(name)
	schema.StreamSpecification = nil
	_, err := DynamoDB(endpoint).CreateTable(ctx, schema)
	return err
}

// Table returns the product's table at an emulator's endpoint.
func Table(endpoint, name string, now func() time.Time) *table.Table {
	return table.New(table.Settings{Name: name, Now: now, Config: Config(endpoint)})
}
