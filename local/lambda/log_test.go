package lambda

import (
	"bytes"
	"fmt"
	"log"
	"testing"
)

func TestLinesStayWhole(t *testing.T) {
	var out bytes.Buffer
	to := log.New(&out, "", 0)
	send, list := &lines{log: to, name: "send"}, &lines{log: to, name: "list"}
	fmt.Fprint(send, "on")
	fmt.Fprint(list, "two\nthr")
	fmt.Fprint(send, "e\n")
	fmt.Fprint(list, "ee\n")
	if want := "list | two\nsend | one\nlist | three\n"; out.String() != want {
		t.Errorf("%q, not %q", &out, want)
	}
}
