package invariants

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/shared/table"
)

// Project returns the rows that an index of the table has, by its definition.
func Project(index string, rows []Item) []Item {
	var all []Item
	names := projected(index)
	for _, row := range rows {
		if row[index+"_PK"] == nil || row[index+"_SK"] == nil {
			continue // the index is sparse
		}
		shown := Item{}
		for _, name := range names {
			if row[name] != nil {
				shown[name] = row[name]
			}
		}
		all = append(all, shown)
	}
	return all
}

func projected(index string) []string {
	names := []string{"PK", "SK", index + "_PK", index + "_SK"}
	for _, i := range table.Schema("any").GlobalSecondaryIndexes {
		if *i.IndexName == index {
			names = append(names, i.Projection.NonKeyAttributes...)
		}
	}
	return slices.Compact(names)
}

// KeyOf returns a row's key.
func KeyOf(row Item) Key { return keyOf(stringOf(row["PK"]), stringOf(row["SK"])) }

func stringOf(v types.AttributeValue) string {
	s, _ := v.(*types.AttributeValueMemberS)
	if s == nil {
		return ""
	}
	return s.Value
}
