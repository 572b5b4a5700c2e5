// Command echo is a function for tests: it answers with its event, or fails as the event's path says.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/aws/aws-lambda-go/lambda"
)

func main() { lambda.Start(handle) }

func handle(_ context.Context, event json.RawMessage) (any, error) {
	var e struct {
		RawPath string `json:"rawPath"`
		Records []struct{ Sns struct{ Message string } }
	}
	_ = json.Unmarshal(event, &e)
	if len(e.Records) > 0 && strings.Contains(e.Records[0].Sns.Message, "/error") {
		e.RawPath = "/error"
	}
	switch e.RawPath {
	case "/crash":
		os.Exit(3)
	case "/panic":
		panic("a function's own")
	case "/error":
		return nil, errors.New("no")
	case "/hang":
		fmt.Println("hanging")
		select {}
	case "/environment":
		event, _ = json.Marshal(os.Environ())
	case "/cookies":
		return map[string]any{"statusCode": 201, "cookies": []string{"a=1", "b=2"}, "headers": map[string]string{"ETag": `"1"`, "Access-Control-Allow-Origin": "https://evil.example.org"}, "body": "AAEC/w==", "isBase64Encoded": true}, nil
	case "/nothing":
		return map[string]any{"statusCode": 204}, nil
	}
	return map[string]any{"statusCode": 200, "headers": map[string]string{"content-type": "application/json"}, "body": string(event)}, nil
}
