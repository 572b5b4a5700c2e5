package deploy

import (
	"bytes"
	"fmt"
	"testing"
)

// operatorOf answers each payload as it says, and refuses any other.
func operatorOf(answers map[string]string) func([]byte) ([]byte, error) {
	return func(payload []byte) ([]byte, error) {
		if answer, ok := answers[string(payload)]; ok {
			return []byte(answer), nil
		}
		return fmt.Appendf(nil, `{"errorMessage": "asked %x"}`, payload), nil
	}
}

func TestARetentionGoesThroughAllPages(t *testing.T) {
	invoke := operatorOf(map[string]string{
		`{"retain":{"organization":"harbor","years":7}}`:              `{"members":25,"held":1,"threads":3,"requests":4,"after":"0x"}`,
		`{"retain":{"after":"0x","organization":"harbor","years":7}}`: `{"members":4,"held":0,"threads":2,"requests":1}`,
	})
	var out bytes.Buffer
	if err := Retain(invoke, "harbor", "7", &out); err != nil || out.String() != `{"members":29,"held":1,"threads":5,"requests":5}`+"\n" {
		t.Errorf("%s, %v", &out, err)
	}
	for _, years := range []string{"8", "seven"} {
		if err := Retain(invoke, "harbor", years, &out); err == nil {
			t.Errorf("%s years: no error", years)
		}
	}
}

func TestARefusedCommandFails(t *testing.T) {
	invoke := operatorOf(map[string]string{`{"eraseMember":{"member":"ana","organization":"harbor"}}`: `{"member":"ana","erased":"begun"}`})
	var out bytes.Buffer
	if err := Member(invoke, "eraseMember", "harbor", "ana", &out); err != nil || out.String() != `{"erased":"begun","member":"ana"}`+"\n" {
		t.Errorf("%s, %v", &out, err)
	}
	if err := Member(invoke, "hold", "harbor", "ana", &out); err == nil {
		t.Error("a refusal is no error")
	}
}
