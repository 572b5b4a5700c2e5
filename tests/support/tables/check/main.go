// Command check checks the whole table that others have used: `check <DynamoDB's endpoint> <table>`. It ends with 1 if anything is wrong.
package main

import (
	"fmt"
	"os"

	"carechat/tests/support/tables"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: check <DynamoDB's endpoint> <table>")
		os.Exit(2)
	}
	os.Exit(tables.Report(os.Stderr, os.Args[1], os.Args[2]))
}
