package invariants

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/shared/chat"
	"carechat/shared/table"
)

// Item is a row as DynamoDB has it.
type Item = map[string]types.AttributeValue

// Key is a row's place in the table or in an index; zero for none.
type Key = table.Key

func keyOf(pk, sk string) Key { return Key{PK: pk, SK: sk} }

// Places are where a row stands.
type Places struct{ Table, Work, Due Key }

// Row is a row of any kind.
type Row struct {
	Stands Places         // as it is stored
	Must   Places         // where its value puts it: the same, in a sound table (T10)
	Member chat.MemberKey // whose partition it is in; Member.Member is "" outside one
	Value  any            // what table.Decode returns, without the pointer
	// Thread is the partition of the thread's messages, for the thread, its messages and the records of clients' ids.
	Thread string
	// Finders are the rows by which this one is found, which must exist: records of clients' ids, contacts, subjects and issuers.
	Finders []Key
}

// Decode reads a row of any kind. It returns an error if the kind is unknown.
func Decode(item Item) (Row, error) {
	r := Row{Stands: Places{KeyOf(item), PlaceIn("WORK", item), PlaceIn("DUE", item)}}
	k := r.Stands.Table
	r.Must.Table, r.Member = k, memberOf(k.PK)
	v := table.Decode(item)
	if v == nil {
		return r, fmt.Errorf("no kind of row has the key %s, %s", k.PK, k.SK)
	}
	r.Value = reflect.ValueOf(v).Elem().Interface()
	r.place()
	return r, nil
}

// PlaceIn returns where a row stands in an index, zero for nowhere.
func PlaceIn(index string, item Item) Key {
	return keyOf(stringOf(item[index+"_PK"]), stringOf(item[index+"_SK"]))
}

// memberOf returns whose partition it is: a member's, or an organization's own.
func memberOf(pk string) (m chat.MemberKey) {
	words := strings.Split(pk, "#")
	if words[0] == "ORG" {
		m.Organization = words[1]
	}
	if len(words) == 4 && words[2] == "MEMBER" {
		m.Member = words[3]
	}
	return m
}
