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

func byKey(rows []Item) map[Key]Item {
	all := map[Key]Item{}
	for _, row := range rows {
		all[KeyOf(row)] = row
	}
	return all
}

// KeyOf returns a row's key.
func KeyOf(row Item) Key { return Key{PK: stringOf(row["PK"]), SK: stringOf(row["SK"])} }

func stringOf(v types.AttributeValue) string {
	s, _ := v.(*types.AttributeValueMemberS)
	if s == nil {
		return ""
	}
	return s.Value
}

// plain returns a row without the SDK's types: maps of maps, which print in order.
func plain(v any) any {
	switch v := v.(type) {
	case Item:
		all := map[string]any{}
		for name, each := range v {
			all[name] = plain(each)
		}
		return all
	case *types.AttributeValueMemberM:
		return plain(v.Value)
	case *types.AttributeValueMemberL:
		all := make([]any, len(v.Value))
		for i, each := range v.Value {
			all[i] = plain(each)
		}
		return all
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return "n" + v.Value
	case *types.AttributeValueMemberBOOL:
		return v.Value
	}
	return nil
}
