// Package tables reads and checks whole tables for tests.
package tables

import (
	"context"
	"fmt"
	"io"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"carechat/shared/invariants"
	"carechat/shared/table"
	"carechat/tests/support/localaws"
)

// Scan reads a whole table with its indexes.
func Scan(ctx context.Context, endpoint, name string) (Snapshot, error) {
	client := localaws.DynamoDB(endpoint)
	s := Snapshot{Indexes: map[string][]invariants.Item{}}
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

func scan(ctx context.Context, client *dynamodb.Client, in dynamodb.ScanInput) (all []invariants.Item, err error) {
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

// Of returns what is wrong in a table. A scan is not a snapshot, so a violation counts
// only if a second scan finds it, too.
func Of(ctx context.Context, endpoint, name string) ([]invariants.Violation, error) {
	var found []invariants.Violation
	for range 2 {
		s, err := Scan(ctx, endpoint, name)
		if err != nil {
			return nil, err
		}
		if found = inBoth(found, Verify(s)); len(found) == 0 {
			return nil, nil
		}
	}
	return found, nil
}

// inBoth returns the violations of two scans. Before the first one there is none.
func inBoth(before, now []invariants.Violation) []invariants.Violation {
	if before == nil {
		return now
	}
	seen := map[invariants.Violation]bool{}
	for _, v := range before {
		seen[v] = true
	}
	var all []invariants.Violation
	for _, v := range now {
		if seen[v] {
			all = append(all, v)
		}
	}
	return all
}

// Check fails the test for everything wrong in a table.
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

// Report writes what is wrong in a table, and returns an exit code.
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
