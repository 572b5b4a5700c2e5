package access

import (
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/shared/invariants"
)

type row = invariants.Item

// textOf returns an attribute of a row, or "" if it is not a string.
func textOf(r row, name string) string {
	v, _ := r[name].(*types.AttributeValueMemberS)
	if v == nil {
		return ""
	}
	return v.Value
}
