package api

import (
	"encoding/json"
	"strings"
	"testing"

	"carechat/shared/directory"
)

// Support sees nothing that a person wrote and no secret, however deep in a row.
func TestSupportSeesNoWordsHoweverDeep(t *testing.T) {
	hidden := map[string]any{"text": "secret", "draftKey": "secret", "note": []any{"secret"}, "at": "shown"}
	row := directory.Row{Values: map[string]any{
		"comment": "secret", "map": hidden, "list": []any{hidden, []any{hidden}, "shown"}, "mapOfList": map[string]any{"list": []any{hidden}},
	}}
	got, err := json.Marshal(Supported([]directory.Row{row}, ""))
	if err != nil || strings.Contains(string(got), "secret") || strings.Count(string(got), "shown\"") != 5 {
		t.Errorf("%s, %v", got, err)
	}
}
