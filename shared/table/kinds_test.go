package table

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// gridLine is a line of the grid: perhaps a partition key, a sort key, and a Go type.
var gridLine = regexp.MustCompile(`(?m)^//\t(?:[A-Z]+\S*)? +([A-Z_]+(?:#[A-Z_]+)*#?)\S* +([a-z]+\.[A-Z]\w+)`)

func TestTheGridNamesEveryKind(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var grid, coded []string
	for _, found := range gridLine.FindAllStringSubmatch(string(doc), -1) {
		grid = append(grid, found[1]+" "+found[2])
	}
	for _, k := range kinds {
		coded = append(coded, fmt.Sprint(k.sort, " ", strings.TrimPrefix(fmt.Sprintf("%T", k.read(item{})), "*")))
	}
	if diff := cmp.Diff(grid, coded); diff != "" {
		t.Errorf("doc.go (-) and kinds.go (+) differ:\n%s", diff)
	}
}

// listLine is a line of the lists that the indexes serve, with the methods that read it.
var listLine = regexp.MustCompile(`(?m)^//\t[a-z]\S.* (?:WORK|DUE) .*  (\S.*)$`)

func TestEveryListIsReadAsTheGridSays(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	lists := listLine.FindAllStringSubmatch(string(doc), -1)
	for _, list := range lists {
		for reader := range strings.SplitSeq(list[1], ", ") {
			if _, ok := reflect.TypeFor[*Table]().MethodByName(reader); !ok {
				t.Errorf("%s is not a method of Table: %s", reader, list[0])
			}
		}
	}
	if len(lists) != 10 {
		t.Errorf("%d lists are found", len(lists))
	}
}

// No key is of two kinds.
func TestKindsAreKeptApart(t *testing.T) {
	for _, k := range kinds {
		for _, other := range kinds {
			if k != other && (k.sort.is(other.sort) || (k.sort + "1").is(other.sort)) {
				t.Errorf("%s is a %s too", k.sort, other.sort)
			}
		}
	}
	if Decode(key("ORG#harbor", "SOMETHING")) != nil {
		t.Error("a row of no kind is decoded")
	}
}
