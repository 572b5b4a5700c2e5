package structure

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"carechat/shared/table"
	"carechat/tests/support/template"
)

// tableProperties are the parts of the table that both definitions have.
type tableProperties struct {
	BillingMode            string
	AttributeDefinitions   []map[string]string
	KeySchema              []map[string]string
	GlobalSecondaryIndexes []index
	StreamSpecification    struct{ StreamViewType string }
}

type index struct {
	IndexName  string
	KeySchema  []map[string]string
	Projection struct {
		ProjectionType   string
		NonKeyAttributes []string
	}
}

func TestTheTemplatesTableIsTheCodes(t *testing.T) {
	var deployed, coded tableProperties
	template.Convert(t, load(t).Resources["Table"].Properties, &deployed)
	template.Convert(t, table.Schema("any"), &coded)
	if diff := cmp.Diff(coded, deployed); diff != "" {
		t.Errorf("shared/table/schema.go (-) and template.yaml (+) differ:\n%s", diff)
	}
}

// AWS limits all indexes together to 20 projected names, which neither an emulator nor a linter checks.
func TestTheIndexesProjectFewNames(t *testing.T) {
	names := 0
	for _, i := range table.Schema("any").GlobalSecondaryIndexes {
		names += len(i.Projection.NonKeyAttributes)
	}
	if names > 20 {
		t.Errorf("%d projected names", names)
	}
}

func TestTheTableSurvives(t *testing.T) {
	r := load(t).Resources["Table"]
	if r.DeletionPolicy != "Retain" || r.UpdateReplacePolicy != "Retain" {
		t.Error("deleting or replacing the stack's table would delete its data")
	}
	var p struct {
		TimeToLiveSpecification          struct{ AttributeName string }
		PointInTimeRecoverySpecification struct{ PointInTimeRecoveryEnabled bool }
		SSESpecification                 struct{ SSEEnabled bool }
		DeletionProtectionEnabled        any
	}
	template.Convert(t, r.Properties, &p)
	if p.TimeToLiveSpecification.AttributeName != table.TTLAttribute {
		t.Errorf("rows expire by %q", p.TimeToLiveSpecification.AttributeName)
	}
	if !p.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled || !p.SSESpecification.SSEEnabled {
		t.Error("no recovery or no encryption")
	}
	if got := template.Text(p.DeletionProtectionEnabled); got != `{"Fn::If":["IsProd",true,false]}` {
		t.Errorf("deletion protection is %s", got)
	}
	if !aws.ToBool(table.Schema("any").StreamSpecification.StreamEnabled) {
		t.Error("the code's table has no stream")
	}
}
