package structure

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"carechat/tests/support/template"
)

// The access log has no path, which holds a member's id, and no IP address.
func TestTheAccessLogNamesNobody(t *testing.T) {
	var api struct {
		AccessLogSettings struct{ Format string }
	}
	template.Convert(t, load(t).Resources["Api"].Properties, &api)
	var line map[string]string
	if err := json.Unmarshal([]byte(api.AccessLogSettings.Format), &line); err != nil {
		t.Fatalf("the access log's format is not JSON: %v", err)
	}
	for name, value := range line {
		for _, personal := range []string{"path", "Path", "identity", "querystring", "authorizer"} {
			if strings.Contains(value, personal) {
				t.Errorf("%s: %s identifies a person", name, value)
			}
		}
	}
}

// TestCORS holds what scripts from other origins may send and read (A10).
func TestCORS(t *testing.T) {
	type cors struct {
		AllowOrigins                              any
		AllowMethods, AllowHeaders, ExposeHeaders []string
	}
	var api struct{ CorsConfiguration cors }
	template.Convert(t, load(t).Resources["Api"].Properties, &api)
	want := cors{
		AllowOrigins: map[string]any{"Ref": "WebOrigins"},
		AllowMethods: []string{"GET", "POST", "PUT", "PATCH", "DELETE"},
		AllowHeaders: []string{"authorization", "content-type", "idempotency-key", "if-match", "if-none-match"},
		ExposeHeaders: []string{"etag", "location", "retry-after", "poll-after", "idempotent-replayed", "x-request-id",
			"www-authenticate", "x-amzn-remapped-www-authenticate"},
	}
	if diff := cmp.Diff(want, api.CorsConfiguration); diff != "" {
		t.Error(diff)
	}
}

// By default a record that always fails blocks its shard for a day.
func TestOneBadRecordDoesNotHoldUpTheStream(t *testing.T) {
	type mapping struct {
		StartingPosition           string
		BisectBatchOnFunctionError bool
		FunctionResponseTypes      []string
		MaximumRetryAttempts       int
		MaximumRecordAgeInSeconds  int
		DestinationConfig          any
	}
	var f struct {
		Events map[string]struct {
			Type       string
			Properties mapping
		}
	}
	template.Convert(t, load(t).Resources["NotifyFunction"].Properties, &f)
	for name, e := range f.Events {
		if e.Type != "DynamoDB" {
			continue
		}
		m := e.Properties
		if m.StartingPosition != "TRIM_HORIZON" || !m.BisectBatchOnFunctionError || !cmp.Equal(m.FunctionResponseTypes, []string{"ReportBatchItemFailures"}) ||
			m.MaximumRetryAttempts < 1 || m.MaximumRetryAttempts > 10 || m.MaximumRecordAgeInSeconds < 60 || m.MaximumRecordAgeInSeconds > 21600 || m.DestinationConfig == nil {
			t.Errorf("%s: %+v", name, m)
		}
		return
	}
	t.Error("notify reads no stream")
}
