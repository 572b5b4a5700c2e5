package table

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Record is a record of the table's stream: a row before and after it changed.
type Record struct {
	Change struct {
		ApproximateCreationDateTime float64 // seconds
		SequenceNumber              string
		OldImage, NewImage          image
	} `json:"dynamodb"`
}

// At returns when the row changed, to the second.
func (r Record) At() time.Time {
	return time.Unix(int64(r.Change.ApproximateCreationDateTime), 0).UTC()
}

// Rows returns what the row said before and after, as Decode does: nil where there
// was no row or one of no known kind. An open request is a *chat.Request like an
// ended one.
func (r Record) Rows() (was, is any) {
	return decodeImage(r.Change.OldImage), decodeImage(r.Change.NewImage)
}

func decodeImage(i image) any {
	if i == nil {
		return nil
	}
	row := Decode(item(i))
	if open, ok := row.(*OpenRequest); ok {
		return &open.Request
	}
	return row
}

// image is a row as the stream's JSON has it.
type image item

func (i *image) UnmarshalJSON(raw []byte) error {
	all := map[string]attribute{}
	if err := json.Unmarshal(raw, &all); err != nil {
		return err
	}
	*i = image(itemOf(all))
	return nil
}

func itemOf(all map[string]attribute) item {
	row := make(item, len(all))
	for name, each := range all {
		row[name] = each.AttributeValue
	}
	return row
}

// attribute is one attribute of a row in the stream's JSON, such as {"S": "text"}.
type attribute struct{ types.AttributeValue }

func (a *attribute) UnmarshalJSON(raw []byte) error {
	var v struct {
		S, N *string
		BOOL *bool
		M    map[string]attribute
		L    []attribute
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return err
	}
	switch {
	case v.S != nil:
		a.AttributeValue = &types.AttributeValueMemberS{Value: *v.S}
	case v.N != nil:
		a.AttributeValue = &types.AttributeValueMemberN{Value: *v.N}
	case v.BOOL != nil:
		a.AttributeValue = &types.AttributeValueMemberBOOL{Value: *v.BOOL}
	case v.M != nil:
		a.AttributeValue = &types.AttributeValueMemberM{Value: itemOf(v.M)}
	case v.L != nil:
		list := make([]types.AttributeValue, len(v.L))
		for n, each := range v.L {
			list[n] = each.AttributeValue
		}
		a.AttributeValue = &types.AttributeValueMemberL{Value: list}
	default:
		return errors.New("table: an attribute of a type that no row has")
	}
	return nil
}
