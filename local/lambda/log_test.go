package lambda

import (
	"bytes"
	"fmt"
	"testing"
)

func TestHeldLinesAreDroppedOrWritten(t *testing.T) {
	for write, want := range map[bool]string{false: "machine\nsend | after\n", true: "machine\nsend | held\nsend | after\n"} {
		var out bytes.Buffer
		log := NewLog(&out)
		function := log.prefixed("send")
		log.Hold()
		fmt.Fprint(function, "he")
		fmt.Fprint(function, "ld\n")
		log.Printf("machine")
		log.Release(write)
		fmt.Fprintln(function, "after")
		if out.String() != want {
			t.Errorf("write %v: %q, not %q", write, &out, want)
		}
	}
}
