package table

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"carechat/shared/chat"
	"carechat/shared/gate"
	"carechat/shared/wide"
)

// write is a change of one row. Every write has a condition (T2).
type write struct {
	key       item
	row       item     // put: the whole row
	set       []change // update
	deletes   bool
	condition string
	values    item              // in the condition
	names     map[string]string // in the condition
}

const (
	isAbsent   = "attribute_not_exists(PK)"
	isThere    = "attribute_exists(PK)"
	hasVersion = "version = :was"
)

// put returns the write of a row that must not exist.
func put(pk partition, sk sort, f fields) write {
	row := f.item()
	for name, v := range key(pk, sk) {
		row[name] = v
	}
	return write{row: row, condition: isAbsent}
}

// update returns the write that sets or removes every attribute that this release knows and leaves the others alone (T12). The row must
// have the version before this one.
func update(pk partition, sk sort, f fields, version int) write {
	return write{key: key(pk, sk), set: f.changes(), condition: hasVersion, values: item{":was": numberOf(int64(version - 1))}}
}

// save returns a put at version 1 and an update after that.
func save(pk partition, sk sort, f fields, version int) write {
	if version == 1 {
		return put(pk, sk, f)
	}
	return update(pk, sk, f, version)
}

// remove returns the deletion of a row that must have this version.
func remove(pk partition, sk sort, version int) write {
	return write{key: key(pk, sk), deletes: true, condition: hasVersion, values: item{":was": numberOf(int64(version))}}
}

// removeAny returns the deletion of a row that must exist, whatever its version.
func removeAny(pk partition, sk sort) write {
	return write{key: key(pk, sk), deletes: true, condition: isThere}
}

// when returns the write with another condition.
func (w write) when(condition string, values item) write {
	w.condition, w.values = condition, values
	return w
}

// apply makes all of the writes or none. Several are a transaction. It repeats conflicts and throttles (T5), and returns
// chat.ErrConflict if a condition fails. Nothing is written before the context's gate is open (T7).
func (t *Table) apply(ctx context.Context, writes ...write) error {
	if err := gate.Pass(ctx); err != nil {
		return err
	}
	return again(ctx, func() error {
		switch len(writes) {
		case 0:
			return nil
		case 1:
			return t.applyOne(ctx, writes[0])
		}
		return t.transact(ctx, writes)
	})
}

func (t *Table) applyOne(ctx context.Context, w write) error {
	var used *types.ConsumedCapacity
	const total = types.ReturnConsumedCapacityTotal
	switch {
	case w.row != nil:
		out, err := t.client.PutItem(ctx, &dynamodb.PutItemInput{
			TableName: &t.name, Item: w.row, ConditionExpression: &w.condition,
			ExpressionAttributeNames: w.names, ExpressionAttributeValues: w.values, ReturnConsumedCapacity: total,
		})
		if err != nil {
			return err
		}
		used = out.ConsumedCapacity
	case w.deletes:
		out, err := t.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
			TableName: &t.name, Key: w.key, ConditionExpression: &w.condition,
			ExpressionAttributeValues: w.values, ReturnConsumedCapacity: total,
		})
		if err != nil {
			return err
		}
		used = out.ConsumedCapacity
	default:
		expression, names, values := w.expression()
		out, err := t.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
			TableName: &t.name, Key: w.key, ConditionExpression: &w.condition,
			UpdateExpression: &expression, ExpressionAttributeNames: names,
			ExpressionAttributeValues: values, ReturnConsumedCapacity: total,
		})
		if err != nil {
			return err
		}
		used = out.ConsumedCapacity
	}
	count(ctx, used)
	return nil
}

func (t *Table) transact(ctx context.Context, writes []write) error {
	in := &dynamodb.TransactWriteItemsInput{ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal}
	for _, w := range writes {
		in.TransactItems = append(in.TransactItems, t.transactItem(w))
	}
	out, err := t.client.TransactWriteItems(ctx, in)
	if err != nil {
		return err
	}
	for i := range out.ConsumedCapacity {
		count(ctx, &out.ConsumedCapacity[i])
	}
	return nil
}

func (t *Table) transactItem(w write) types.TransactWriteItem {
	switch {
	case w.row != nil:
		return types.TransactWriteItem{Put: &types.Put{
			TableName: &t.name, Item: w.row, ConditionExpression: &w.condition,
			ExpressionAttributeNames: w.names, ExpressionAttributeValues: w.values,
		}}
	case w.deletes:
		return types.TransactWriteItem{Delete: &types.Delete{
			TableName: &t.name, Key: w.key, ConditionExpression: &w.condition, ExpressionAttributeValues: w.values,
		}}
	}
	expression, names, values := w.expression()
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &t.name, Key: w.key, ConditionExpression: &w.condition,
		UpdateExpression: &expression, ExpressionAttributeNames: names, ExpressionAttributeValues: values,
	}}
}

// again repeats a call that met a conflict, a throttle or unprocessed keys, with full jitter, for at most patience (T5). It returns the
// errors of failed.
func again(ctx context.Context, try func() error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for n := 1; ; n++ {
		err := try()
		if err == nil {
			return nil
		}
		if !errors.Is(ctx.Err(), context.Canceled) { // a reading that nobody waits for is not made again
			wide.Add(ctx, "retries")
		}
		if !passes(err) || chat.Backoff(ctx, n) != nil {
			return failed(err)
		}
	}
}

// passes reports whether the same call may succeed a moment later.
func passes(err error) bool {
	var cancelled *types.TransactionCanceledException
	if errors.As(err, &cancelled) {
		return !hasReason(cancelled, "ConditionalCheckFailed") && !hasReason(cancelled, "ValidationError")
	}
	var api smithy.APIError
	if !errors.As(err, &api) {
		return errors.Is(err, errUnprocessed)
	}
	switch api.ErrorCode() {
	case "TransactionConflictException", "TransactionInProgressException",
		"ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded":
		return true
	}
	return false
}

func hasReason(c *types.TransactionCanceledException, code string) bool {
	for _, r := range c.CancellationReasons {
		if aws.ToString(r.Code) == code {
			return true
		}
	}
	return false
}

// isFault reports whether the call itself was wrong, so that a repeat cannot help. It looks at the status too: the SDK knows whose fault
// an error is only if it has a type for it, and it has none for ValidationException and AccessDeniedException.
func isFault(err error) bool {
	var api smithy.APIError
	var answered interface{ HTTPStatusCode() int }
	if !errors.As(err, &api) || passes(err) {
		return false
	}
	return api.ErrorFault() == smithy.FaultClient || errors.As(err, &answered) && answered.HTTPStatusCode()/100 == 4
}
