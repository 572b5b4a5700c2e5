package table

import (
	"context"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

type meterKey struct{}

// Meter returns a context that measures calls, and a function that returns how many capacity units they have used so far.
func Meter(ctx context.Context) (context.Context, func() float64) {
	var halves atomic.Int64 // DynamoDB counts in half units
	return context.WithValue(ctx, meterKey{}, &halves), func() float64 { return float64(halves.Load()) / 2 }
}

func count(ctx context.Context, used *types.ConsumedCapacity) {
	if halves, ok := ctx.Value(meterKey{}).(*atomic.Int64); ok && used != nil && used.CapacityUnits != nil {
		halves.Add(int64(*used.CapacityUnits * 2))
	}
}
