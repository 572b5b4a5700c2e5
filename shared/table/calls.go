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

// patience is how long a call may take in all, repeats included (T5).
const patience = 3 * time.Second

func key(pk partition, sk sort) item {
	return item{
		"PK": &types.AttributeValueMemberS{Value: string(pk)},
		"SK": &types.AttributeValueMemberS{Value: string(sk)},
	}
}

// get reads one row, strongly consistent (T6); nil if there is none.
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

// getAll reads rows at once, strongly consistent, in the order asked; nil where
// there is none.
func (t *Table) getAll(ctx context.Context, keys ...rowKey) ([]item, error) {
	asked := types.KeysAndAttributes{ConsistentRead: aws.Bool(true)}
	for _, k := range keys {
		asked.Keys = append(asked.Keys, key(k.pk, k.sk))
	}
	rows := map[rowKey]item{}
	err := again(ctx, func() error {
		out, err := t.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
			RequestItems:           map[string]types.KeysAndAttributes{t.name: asked},
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
			asked = left
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

// span is a Query: a partition of the table or of an index, and a range of its
// sort keys, ends included.
type span struct {
	index    string // "" for the table, read strongly
	pk       partition
	from, to sort
	limit    int32 // 0: all of them, page by page
	after    sort  // where a Query of the table begins, itself left out
	backward bool
	count    bool // no rows, only their number
}

// begins is the range of a prefix.
func begins(pk partition, prefix sort) span { return span{pk: pk, from: prefix, to: prefix.until()} }

// query reads a range, or as much of it as its limit says: page by page, for an
// answer ends after 1 MB (T1).
func (t *Table) query(ctx context.Context, s span) ([]item, int, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	in := t.queryInput(s)
	var rows []item
	var n int
	for {
		out, err := t.client.Query(ctx, in)
		if err != nil {
			return nil, 0, failed(err)
		}
		count(ctx, out.ConsumedCapacity)
		rows, n = append(rows, out.Items...), n+int(out.Count)
		if len(out.LastEvaluatedKey) == 0 || s.limit > 0 && n >= int(s.limit) {
			return rows, n, nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
		if s.limit > 0 {
			in.Limit = aws.Int32(s.limit - int32(n))
		}
	}
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
	if s.count {
		in.Select = types.SelectCount
	}
	return in
}

// failed turns what a call to DynamoDB returned into what the domain knows: a
// moved row, a busy service, or a fault of ours that stays what it is.
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

// plain keeps what an error of DynamoDB's is called: causes go to the log, and
// its own words repeat values of the request (G9).
func plain(err error) error {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return err
	}
	said := api.ErrorCode()
	var cancelled *types.TransactionCanceledException
	if errors.As(err, &cancelled) {
		for _, r := range cancelled.CancellationReasons {
			said += " " + aws.ToString(r.Code)
		}
	}
	var operation *smithy.OperationError
	if errors.As(err, &operation) {
		said = operation.Operation() + ": " + said
	}
	return errors.New(said)
}
