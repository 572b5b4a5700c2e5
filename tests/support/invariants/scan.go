package invariants

import (
	"context"
	"fmt"
	"io"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/shared/table"
	"carechat/tests/support/localaws"
)

// Item is a row as DynamoDB has it.
type Item = map[string]types.AttributeValue

// Snapshot is all that a table and its indexes hold.
type Snapshot struct {
	Rows []Item
	// Indexes are what each index shows. One that is not here is not checked.
	Indexes map[string][]Item
}

// Scan reads a whole table with its indexes. A test may; the product never does (T1).
func Scan(ctx context.Context, endpoint, name string) (Snapshot, error) {
	client := localaws.DynamoDB(endpoint)
	s := Snapshot{Indexes: map[string][]Item{}}
	var err error
	if s.Rows, err = scan(ctx, client, dynamodb.ScanInput{TableName: &name, ConsistentRead: aws.Bool(true)}); err != nil {
		return s, err
	}
	for _, index := range table.Schema(name).GlobalSecondaryIndexes {
		shown, err := scan(ctx, client, dynamodb.ScanInput{TableName: &name, IndexName: index.IndexName})
		if err != nil {
			return s, err
		}
		s.Indexes[*index.IndexName] = shown
	}
	return s, nil
}

func scan(ctx context.Context, client *dynamodb.Client, in dynamodb.ScanInput) (all []Item, err error) {
	pages := dynamodb.NewScanPaginator(client, &in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
	}
	return all, nil
}

// Of lists what is wrong in a table. A scan is no snapshot, so what it finds
// counts only if a second one, made after it, finds the same.
func Of(ctx context.Context, endpoint, name string) ([]Violation, error) {
	var found []Violation
	for range 2 {
		s, err := Scan(ctx, endpoint, name)
		if err != nil {
			return nil, err
		}
		if found = both(found, Verify(s)); len(found) == 0 {
			return nil, nil
		}
	}
	return found, nil
}

// both are the violations that stand in two scans; the first has nothing before it.
func both(before, now []Violation) []Violation {
	if before == nil {
		return now
	}
	seen := map[Violation]bool{}
	for _, v := range before {
		seen[v] = true
	}
	var all []Violation
	for _, v := range now {
		if seen[v] {
			all = append(all, v)
		}
	}
	return all
}

// Check fails the test for everything that is wrong in a table.
func Check(t testing.TB, endpoint, name string) {
	t.Helper()
	found, err := Of(context.WithoutCancel(t.Context()), endpoint, name) // a cleanup's context has ended
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range found {
		t.Error(v)
	}
}

// Report writes what is wrong in a table; it answers with an exit code, for a TestMain.
func Report(w io.Writer, endpoint, name string) int {
	found, err := Of(context.Background(), endpoint, name)
	if err != nil {
		fmt.Fprintln(w, "the table cannot be checked:", err)
		return 1
	}
	for _, v := range found {
		fmt.Fprintln(w, v)
	}
	return min(len(found), 1)
}
