package table

import (
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/shared/chat"
)

// item is a row as DynamoDB has it.
type item = map[string]types.AttributeValue

// value binds an attribute to a Go variable, both ways. If encode returns nil, the attribute is left out.
type value interface {
	encode() types.AttributeValue
	decode(types.AttributeValue)
}

// fields lists every attribute of a kind of row that this release knows: its encoding, its decoding and its names in one place.
type fields []field

type field struct {
	name  string
	value value
}

// item returns a row of the fields that have a value.
func (f fields) item() item {
	row := make(item, len(f)+4)
	for _, each := range f {
		if v := each.value.encode(); v != nil {
			row[each.name] = v
		}
	}
	return row
}

// read decodes a row. A field whose attribute is missing stays as it is.
func (f fields) read(row item) {
	for _, each := range f {
		if v, ok := row[each.name]; ok {
			each.value.decode(v)
		}
	}
}

// valueOf returns a pointer to the value with a row's attributes read into it, or nil if there is no row.
func valueOf[T any](row item, v T, of func(*T) fields) *T {
	if row == nil {
		return nil
	}
	of(&v).read(row)
	return &v
}

type textValue[T ~string] struct{ p *T }

func text[T ~string](p *T) value { return textValue[T]{p} }

func (v textValue[T]) encode() types.AttributeValue {
	if *v.p == "" {
		return nil
	}
	return &types.AttributeValueMemberS{Value: string(*v.p)}
}

func (v textValue[T]) decode(a types.AttributeValue) {
	if s, ok := a.(*types.AttributeValueMemberS); ok {
		*v.p = T(s.Value)
	}
}

type numberValue struct{ p *int }

func number(p *int) value { return numberValue{p} }

func (v numberValue) encode() types.AttributeValue { return numberOf(int64(*v.p)) }

func (v numberValue) decode(a types.AttributeValue) { *v.p = int(intOf(a)) }

func numberOf(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func intOf(a types.AttributeValue) int64 {
	n, _ := a.(*types.AttributeValueMemberN)
	if n == nil {
		return 0
	}
	i, _ := strconv.ParseInt(n.Value, 10, 64)
	return i
}

// momentValue stores a time in Unix milliseconds.
type momentValue struct{ p *time.Time }

func moment(p *time.Time) value { return momentValue{p} }

func (v momentValue) encode() types.AttributeValue {
	if v.p.IsZero() {
		return nil
	}
	return numberOf(v.p.UnixMilli())
}

func (v momentValue) decode(a types.AttributeValue) { *v.p = time.UnixMilli(intOf(a)).UTC() }

// expiryValue stores a time in Unix seconds, rounded up, as DynamoDB's TTL needs it.
type expiryValue struct{ p *time.Time }

func expiry(p *time.Time) value { return expiryValue{p} }

func (v expiryValue) encode() types.AttributeValue {
	if v.p.IsZero() {
		return nil
	}
	return numberOf(v.p.Add(time.Second - 1).Unix())
}

func (v expiryValue) decode(a types.AttributeValue) { *v.p = time.Unix(intOf(a), 0).UTC() }

type flagValue struct{ p *bool }

func flag(p *bool) value { return flagValue{p} }

func (v flagValue) encode() types.AttributeValue {
	return &types.AttributeValueMemberBOOL{Value: *v.p}
}

func (v flagValue) decode(a types.AttributeValue) {
	if b, ok := a.(*types.AttributeValueMemberBOOL); ok {
		*v.p = b.Value
	}
}

// object is a map attribute with fields of its own. It is left out if none of them has a value.
type object fields

func (o object) encode() types.AttributeValue {
	row := fields(o).item()
	if len(row) == 0 {
		return nil
	}
	return &types.AttributeValueMemberM{Value: row}
}

func (o object) decode(a types.AttributeValue) {
	if m, ok := a.(*types.AttributeValueMemberM); ok {
		fields(o).read(m.Value)
	}
}

// ref binds an id with its name.
func ref(p *chat.Ref) value {
	return object{{"id", text(&p.ID)}, {"name", text(&p.Name)}}
}

type listValue[T any] struct {
	p      *[]T
	fields func(*T) fields
}

// list binds a list of maps.
func list[T any](p *[]T, of func(*T) fields) value { return listValue[T]{p, of} }

func (v listValue[T]) encode() types.AttributeValue {
	if len(*v.p) == 0 {
		return nil
	}
	all := make([]types.AttributeValue, len(*v.p))
	for i := range *v.p {
		all[i] = &types.AttributeValueMemberM{Value: v.fields(&(*v.p)[i]).item()}
	}
	return &types.AttributeValueMemberL{Value: all}
}

func (v listValue[T]) decode(a types.AttributeValue) {
	l, ok := a.(*types.AttributeValueMemberL)
	if !ok {
		return
	}
	*v.p = make([]T, len(l.Value))
	for i, each := range l.Value {
		if m, ok := each.(*types.AttributeValueMemberM); ok {
			v.fields(&(*v.p)[i]).read(m.Value)
		}
	}
}

type textsValue struct{ p *[]string }

// texts binds a list of strings.
func texts(p *[]string) value { return textsValue{p} }

func (v textsValue) encode() types.AttributeValue {
	if len(*v.p) == 0 {
		return nil
	}
	all := make([]types.AttributeValue, len(*v.p))
	for i := range *v.p {
		all[i] = &types.AttributeValueMemberS{Value: (*v.p)[i]}
	}
	return &types.AttributeValueMemberL{Value: all}
}

func (v textsValue) decode(a types.AttributeValue) {
	l, ok := a.(*types.AttributeValueMemberL)
	if !ok {
		return
	}
	*v.p = make([]string, len(l.Value))
	for i, each := range l.Value {
		text(&(*v.p)[i]).decode(each)
	}
}

type mapValue[T any] struct {
	p      *map[string]T
	fields func(*T) fields
}

// mapOf binds a map from names to maps with fields of their own.
func mapOf[T any](p *map[string]T, of func(*T) fields) value { return mapValue[T]{p, of} }

func (v mapValue[T]) encode() types.AttributeValue {
	if len(*v.p) == 0 {
		return nil
	}
	row := make(item, len(*v.p))
	for name, each := range *v.p {
		row[name] = &types.AttributeValueMemberM{Value: v.fields(&each).item()}
	}
	return &types.AttributeValueMemberM{Value: row}
}

func (v mapValue[T]) decode(a types.AttributeValue) {
	m, ok := a.(*types.AttributeValueMemberM)
	if !ok {
		return
	}
	*v.p = make(map[string]T, len(m.Value))
	for name, each := range m.Value {
		var t T
		object(v.fields(&t)).decode(each)
		(*v.p)[name] = t
	}
}

type labelsValue struct{ p *chat.Labels }

// labels binds a text in several languages.
func labels(p *chat.Labels) value { return labelsValue{p} }

func (v labelsValue) encode() types.AttributeValue {
	if len(*v.p) == 0 {
		return nil
	}
	row := make(item, len(*v.p))
	for language, words := range *v.p {
		row[language] = &types.AttributeValueMemberS{Value: words}
	}
	return &types.AttributeValueMemberM{Value: row}
}

func (v labelsValue) decode(a types.AttributeValue) {
	m, ok := a.(*types.AttributeValueMemberM)
	if !ok {
		return
	}
	*v.p = make(chat.Labels, len(m.Value))
	for language, words := range m.Value {
		var s string
		text(&s).decode(words)
		(*v.p)[language] = s
	}
}

type optionalValue[T any] struct {
	p      **T
	fields func(*T) fields
}

// optional is a map that may not be there.
func optional[T any](p **T, of func(*T) fields) value { return optionalValue[T]{p, of} }

func (v optionalValue[T]) encode() types.AttributeValue {
	if *v.p == nil {
		return nil
	}
	return &types.AttributeValueMemberM{Value: v.fields(*v.p).item()}
}

func (v optionalValue[T]) decode(a types.AttributeValue) {
	if m, ok := a.(*types.AttributeValueMemberM); ok {
		*v.p = new(T)
		v.fields(*v.p).read(m.Value)
	}
}
