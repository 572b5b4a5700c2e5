package table

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
)

// G9: DynamoDB repeats values of a request in its errors. Whatever becomes of
// one, the log gets its names alone.
func TestAnErrorsOwnWordsStayOut(t *testing.T) {
	const canary = "what a member wrote"
	for name, cause := range map[string]error{
		"a fault of ours": &smithy.GenericAPIError{Code: "ValidationException", Message: canary, Fault: smithy.FaultClient},
		"a busy service":  &types.ProvisionedThroughputExceededException{Message: aws.String(canary)},
		"a fault of AWS":  &types.InternalServerError{Message: aws.String(canary)},
		"a transaction": &types.TransactionCanceledException{
			Message: aws.String(canary),
			CancellationReasons: []types.CancellationReason{{
				Code: aws.String("ValidationError"), Message: aws.String(canary),
			}},
		},
	} {
		err := failed(&smithy.OperationError{ServiceID: "DynamoDB", OperationName: "PutItem", Err: cause})
		if err == nil || strings.Contains(err.Error(), canary) || !strings.Contains(err.Error(), "PutItem") {
			t.Errorf("%s: %v", name, err)
		}
		if errors.Is(err, cause) {
			t.Errorf("%s: the cause itself is passed on", name)
		}
	}
}
