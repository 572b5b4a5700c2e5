package deploy

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAnExportEndsWithItsTotalAndItsHash(t *testing.T) {
	pages := map[string]string{
		`{"exportMember":{"member":"ana","organization":"harbor"}}`:               `{"rows": [{"kind":"profile"},{"kind":"thread"}], "after": "t|3"}`,
		`{"exportMember":{"after":"t|3","member":"ana","organization":"harbor"}}`: `{"rows": [ {"kind":"message"} ]}`,
	}
	invoke := func(payload []byte) ([]byte, error) {
		answer, ok := pages[string(payload)]
		if !ok {
			return nil, fmt.Errorf("asked %s", payload)
		}
		return []byte(answer), nil
	}
	var out bytes.Buffer
	if err := Export(invoke, "exportMember", "harbor", "ana", &out); err != nil {
		t.Fatal(err)
	}
	const lines = `{"kind":"profile"}` + "\n" + `{"kind":"thread"}` + "\n" + `{"kind":"message"}` + "\n"
	sum := sha256.Sum256([]byte(lines))
	want := lines + `{"total":3,"sha256":"` + hex.EncodeToString(sum[:]) + `"}` + "\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestAnExportThatFailsHasNoEnd(t *testing.T) {
	for name, invoke := range map[string]func([]byte) ([]byte, error){
		"no answer": func([]byte) ([]byte, error) { return nil, errors.New("no answer") },
		"a refusal": func([]byte) ([]byte, error) { return []byte(`{"errorMessage": "…"}`), nil },
	} {
		var out bytes.Buffer
		if err := Export(invoke, "exportMember", "harbor", "ana", &out); err == nil || out.Len() > 0 {
			t.Errorf("%s: %v, %s", name, err, &out)
		}
	}
}
