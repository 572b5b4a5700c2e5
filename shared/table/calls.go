package table

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"carechat/shared/chat"
	"carechat/shared/problem"
)

// patience is how long a call may take, its repeats included (T5).
const patience = 3 * time.Second

func key(pk partition, sk sort) item {
	return item{
		"PK": &types.AttributeValueMemberS{Value: string(pk)},
		"SK": &types.AttributeValueMemberS{Value: string(sk)},
	}
}

// get reads one row, strongly consistent (T6). It returns nil if there is none.
func (t *Table) get(ctx context.Context, pk partition, sk sort) (item, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	out, err := t.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: key(pk, sk), ConsistentRead: aws.Bool(true),
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	})
	if err != nil {
		return nil, failed(err)
	}
	count(ctx, out.ConsumedCapacity)
	return out.Item, nil
}

// rowKey names one row.
type rowKey struct {
	pk partition
	sk sort
}

// getAll reads rows with one call, strongly consistent. It returns them in the order of the keys, nil for a row that does not exist.
func (t *Table) getAll(ctx context.Context, keys ...rowKey) ([]item, error) {
	wanted := types.KeysAndAttributes{ConsistentRead: aws.Bool(true)}
	for _, k := range keys {
		wanted.Keys = append(wanted.Keys, key(k.pk, k.sk))
	}
	rows := map[rowKey]item{}
	err := again(ctx, func() error {
		out, err := t.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
			RequestItems:           map[string]types.KeysAndAttributes{t.name: wanted},
			ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
		})
		if err != nil {
			return err
		}
		for i := range out.ConsumedCapacity {
			count(ctx, &out.ConsumedCapacity[i])
		}
		for _, row := range out.Responses[t.name] {
			rows[keyOf(row)] = row
		}
		if left, ok := out.UnprocessedKeys[t.name]; ok && len(left.Keys) > 0 {
			wanted = left
			return errUnprocessed
		}
		return nil
	})
	all := make([]item, len(keys))
	for i, k := range keys {
		all[i] = rows[k]
	}
	return all, err
}

var errUnprocessed = errors.New("some keys were not processed")

func keyOf(row item) rowKey {
	var k rowKey
	text(&k.pk).decode(row["PK"])
	text(&k.sk).decode(row["SK"])
	return k
}

// span is a range of sort keys, ends included, in a partition of the table or of an index: what a Query reads.
type span struct {
	index    string // "" for the table, read strongly
	pk       partition
	from, to sort
	limit    int32 // of rows; 0 for none
	after    sort  // in the table: begin after this key
	backward bool
	only     string // return this attribute alone, which is no reserved word; "" for whole rows
	program  string // only rows of it; "" for all
}

// siftedAtOnce is how many rows one call reads to find those of a program: few are, and a
// row that is read and not returned costs the same.
const siftedAtOnce = 500

// begins returns the span of the keys that begin with a prefix.
func begins(pk partition, prefix sort) span { return span{pk: pk, from: prefix, to: prefix.until()} }

// in returns the span's rows of a program alone, of all programs if it is "".
func (s span) in(program string) span {
	s.program = program
	return s
}

// query reads a span up to its limit, page by page, because a response ends after 1 MB (T1). Of one program it may return more rows than
// the limit.
func (t *Table) query(ctx context.Context, s span) ([]item, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	in := t.queryInput(s)
	var rows []item
	for {
		out, err := t.page(ctx, in)
		if err != nil {
			return nil, err
		}
		rows = append(rows, out.Items...)
		if len(out.LastEvaluatedKey) == 0 || s.limit > 0 && len(rows) >= int(s.limit) {
			return rows, nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
		if s.limit > 0 && s.program == "" {
			in.Limit = aws.Int32(s.limit - int32(len(rows)))
		}
	}
}

// page makes one call.
func (t *Table) page(ctx context.Context, in *dynamodb.QueryInput) (*dynamodb.QueryOutput, error) {
	out, err := t.client.Query(ctx, in)
	if err != nil {
		return nil, failed(err)
	}
	count(ctx, out.ConsumedCapacity)
	return out, nil
}

func (t *Table) queryInput(s span) *dynamodb.QueryInput {
	pk, sk := "PK", "SK"
	if s.index != "" {
		pk, sk = s.index+"_PK", s.index+"_SK"
	}
	in := &dynamodb.QueryInput{
		TableName:              &t.name,
		KeyConditionExpression: aws.String(pk + " = :pk AND " + sk + " BETWEEN :from AND :to"),
		ExpressionAttributeValues: item{
			":pk": text(&s.pk).encode(), ":from": text(&s.from).encode(), ":to": text(&s.to).encode(),
		},
		ScanIndexForward:       aws.Bool(!s.backward),
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	}
	if s.index == "" {
		in.ConsistentRead = aws.Bool(true)
	} else {
		in.IndexName = aws.String(s.index)
	}
	if s.after != "" {
		in.ExclusiveStartKey = key(s.pk, s.after)
	}
	if s.limit > 0 {
		in.Limit = aws.Int32(s.limit)
	}
	if s.only != "" {
		in.ProjectionExpression = aws.String(s.only)
	}
	if s.program != "" {
		in.Limit = aws.Int32(siftedAtOnce)
		in.FilterExpression = aws.String(placeholder("program") + ".id = :program")
		in.ExpressionAttributeNames = map[string]string{placeholder("program"): "program"}
		in.ExpressionAttributeValues[":program"] = text(&s.program).encode()
	}
	return in
}

// failed returns the domain's error for DynamoDB's: chat.ErrConflict if a condition failed, the problem unavailable if a later try may
// help. Any other error is a fault of ours and stays opaque.
func failed(err error) error {
	var condition *types.ConditionalCheckFailedException
	var cancelled *types.TransactionCanceledException
	switch {
	case errors.As(err, &condition):
		return chat.ErrConflict
	case errors.As(err, &cancelled) && hasReason(cancelled, "ConditionalCheckFailed"):
		return chat.ErrConflict
	case isFault(err):
		return fmt.Errorf("dynamodb: %w", plain(err))
	}
	return fmt.Errorf("%w: %w", &problem.Problem{Code: problem.Unavailable, RetryAfter: time.Second}, plain(err))
}

// plain returns an error with the names of DynamoDB's errors alone: causes go to the log, and DynamoDB's messages repeat values of the
// request (G9).
func plain(err error) error {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return err
	}
	name := api.ErrorCode()
	var cancelled *types.TransactionCanceledException
	if errors.As(err, &cancelled) {
		for _, r := range cancelled.CancellationReasons {
			name += " " + aws.ToString(r.Code)
		}
	}
	var operation *smithy.OperationError
	if errors.As(err, &operation) {
		name = operation.Operation() + ": " + name
	}
	return errors.New(name)
}
