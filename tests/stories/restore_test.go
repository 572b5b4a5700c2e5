package stories

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/local/machine"
	"carechat/shared/invariants"
	"carechat/shared/table"
	"carechat/tests/support/emulator"
	"carechat/tests/support/localaws"
	"carechat/tests/support/tables"
)

// The drill of a restore: the rows of a table go into another, whose indexes and stream begin anew, and a new stack is
// made around it. Members log in, it shows what was said, and its table is sound.
func TestARestoredTableServesAndIsSound(t *testing.T) {
	old := start(t, machine.Config{})
	old.run(t, "story")
	before := old.conversation(t)
	rows, err := tables.Scan(t.Context(), old.machine.DynamoDB, machine.TableName)
	if err != nil {
		t.Fatal(err)
	}
	issuer := old.machine.IssuerURL // its name is in the table
	old.machine.Check(t)

	restored := emulator.Start(t)
	restore(t, restored, rows.Rows)
	fresh := start(t, machine.Config{DynamoDBEndpoint: restored, IssuerPort: port(t, issuer)})
	if after := fresh.conversation(t); after != before {
		t.Errorf("the conversation was\n%s\nand is, after the restore,\n%s", before, after)
	}
	found, err := tables.Of(t.Context(), restored, machine.TableName)
	if err != nil || len(found) > 0 {
		t.Errorf("the restored table: %v, %v", found, err)
	}
}

// restore makes the table at an emulator and puts the rows into it.
func restore(t *testing.T, endpoint string, rows []invariants.Item) {
	t.Helper()
	client := localaws.DynamoDB(endpoint)
	if _, err := client.CreateTable(t.Context(), table.Schema(machine.TableName)); err != nil {
		t.Fatal(err)
	}
	for some := range slices.Chunk(rows, 25) {
		var puts []types.WriteRequest
		for _, row := range some {
			puts = append(puts, types.WriteRequest{PutRequest: &types.PutRequest{Item: row}})
		}
		out, err := client.BatchWriteItem(t.Context(), &dynamodb.BatchWriteItemInput{
			RequestItems: map[string][]types.WriteRequest{machine.TableName: puts},
		})
		if err != nil || len(out.UnprocessedItems) > 0 {
			t.Fatalf("%v, %d not processed", err, len(out.UnprocessedItems))
		}
	}
}
