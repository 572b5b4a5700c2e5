// Package localaws configures the SDK for this machine's DynamoDB and SNS.
package localaws

import (
	"context"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"

	"carechat/shared/table"
)

// Config is for clients of an emulator. Like the functions' it gives net/http
// bodies that it knows: with the SDK's own, a fast reply now and then closes the
// connection, and a call that is not repeated fails.
func Config() aws.Config { return Through(&http.Client{}) }

// Through is a Config whose calls go through an HTTP client.
func Through(client *http.Client) aws.Config {
	return aws.Config{
		Region: "us-east-1", HTTPClient: table.InMemoryBodies(client),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	}
}
