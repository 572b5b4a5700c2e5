// Package localaws configures the SDK for this machine's DynamoDB and SNS.
package localaws

import (
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"

	"carechat/shared/sdk"
)

// Config returns the configuration of an emulator's client.
func Config(endpoint string) aws.Config { return Through(endpoint, &http.Client{}) }

// Through returns a Config whose calls go through an HTTP client.
func Through(endpoint string, client *http.Client) aws.Config {
	return sdk.New("us-east-1", endpoint, aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, client)
}
