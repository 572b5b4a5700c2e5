package table

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Whole reads a table as it is stored, row by row, for whoever checks all of it. Nothing
// else scans (T1).
type Whole struct {
	*Table
	Rows  int32 // how many a page has at most
	Chunk int32 // how many of a partition are read at once
}

// scanPatience is how long a page may take: DynamoDB reads up to 1 MB for it.
const scanPatience = 5 * time.Second

// Page returns some rows of an index, or of the table if index is "", after a position, nil
// for the first. It returns the position of the last, nil at the end.
func (w Whole) Page(ctx context.Context, index string, after []string) ([]item, []string, error) {
	ctx, cancel := context.WithTimeout(ctx, scanPatience)
	defer cancel()
	in := &dynamodb.ScanInput{TableName: &w.name, Limit: &w.Rows, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal}
	names := []string{"PK", "SK"}
	if index == "" {
		in.ConsistentRead = aws.Bool(true)
	} else {
		in.IndexName, names = &index, append(names, index+"_PK", index+"_SK")
	}
	if len(after) == len(names) {
		in.ExclusiveStartKey = item{}
		for i, name := range names {
			in.ExclusiveStartKey[name] = text(&after[i]).encode()
		}
	}
	out, err := w.client.Scan(ctx, in)
	if err != nil {
		return nil, nil, failed(err)
	}
	count(ctx, out.ConsumedCapacity)
	if len(out.LastEvaluatedKey) == 0 {
		return out.Items, nil, nil
	}
	last := make([]string, len(names))
	for i, name := range names {
		text(&last[i]).decode(out.LastEvaluatedKey[name])
	}
	return out.Items, last, nil
}

// Partition returns all rows of a partition.
func (w Whole) Partition(ctx context.Context, pk string) (all []item, err error) {
	s := span{pk: partition(pk), from: " ", to: sort("").until(), limit: w.Chunk}
	for {
		some, err := w.query(ctx, s)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		if len(some) < int(s.limit) {
			return all, nil
		}
		s.after = keyOf(some[len(some)-1]).sk
	}
}

// rowsPerGet is how many rows one BatchGetItem may name.
const rowsPerGet = 100

// At returns those of the rows that exist.
func (w Whole) At(ctx context.Context, keys []Key) (all []item, err error) {
	for some := range slices.Chunk(keys, rowsPerGet) {
		var named []rowKey
		for _, k := range some {
			named = append(named, rowKey{partition(k.PK), sort(k.SK)})
		}
		rows, err := w.getAll(ctx, named...)
		if err != nil {
			return nil, err
		}
		all = append(all, slices.DeleteFunc(rows, func(row item) bool { return row == nil })...)
	}
	return all, nil
}

// TopicCounts returns the keys of the rows that count topics.
func TopicCounts() (keys []Key) {
	for n := range uint32(topicCounts) {
		keys = append(keys, Key{string(topicsKey(n)), string(countSort)})
	}
	return keys
}

// Shown returns what an index shows at a place.
func (w Whole) Shown(ctx context.Context, index string, at Key) ([]item, error) {
	return w.query(ctx, span{index: index, pk: partition(at.PK), from: sort(at.SK), to: sort(at.SK)})
}
