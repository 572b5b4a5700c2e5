package emulator

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"carechat/shared/table"

	"github.com/go-json-experiment/json"
)

// Client calls DynamoDB in its own JSON. In that form a stream's records are
// already what Lambda hands to a function.
type Client struct {
	URL  string
	HTTP *http.Client
}

// Call makes one call, such as DynamoDB_20120810.DescribeTable, and decodes the
// answer to out, if out is not nil.
func (c Client) Call(ctx context.Context, operation string, in, out any) error {
	body, err := json.Marshal(in, json.OmitZeroStructFields(true))
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	now := time.Now().UTC()
	request.Header.Set("Content-Type", "application/x-amz-json-1.0")
	request.Header.Set("X-Amz-Target", operation)
	request.Header.Set("X-Amz-Date", now.Format("20060102T150405Z"))
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/"+now.Format("20060102")+
		"/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0") // no emulator checks it
	response, err := c.HTTP.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", operation, answer)
	}
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(answer, out)
}

// PrepareTable makes the product's table if it does not exist, and returns the
// ARN of its stream.
func (c Client) PrepareTable(ctx context.Context, name string) (stream string, err error) {
	type named struct{ TableName string }
	var found struct {
		Table struct{ LatestStreamArn string }
	}
	if c.Call(ctx, "DynamoDB_20120810.DescribeTable", named{name}, &found) == nil {
		return found.Table.LatestStreamArn, nil
	}
	if err := c.Call(ctx, "DynamoDB_20120810.CreateTable", table.Schema(name), nil); err != nil {
		return "", err
	}
	ttl := map[string]any{"TableName": name,
		"TimeToLiveSpecification": map[string]any{"AttributeName": table.TTLAttribute, "Enabled": true}}
	if err := c.Call(ctx, "DynamoDB_20120810.UpdateTimeToLive", ttl, nil); err != nil {
		return "", err
	}
	err = c.Call(ctx, "DynamoDB_20120810.DescribeTable", named{name}, &found)
	return found.Table.LatestStreamArn, err
}
