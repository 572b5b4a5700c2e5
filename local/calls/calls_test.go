package calls

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
)

const request = `{"time":"2026-03-01T10:00:00Z","level":"INFO","msg":"request","function":"send","route":"POST /v1/x","status":%d,"durationMs":%d,"units":7,%s"requestId":"r_1"}`

func TestTheBoardCountsWhatTheFunctionsSay(t *testing.T) {
	b := New()
	for n := 1; n <= 300; n++ {
		outcome := ""
		if n == 300 {
			outcome = `"faults":1,"cause":"it broke",`
		}
		if _, err := fmt.Fprintf(b, "send | "+request+"\n", 201, n, outcome); err != nil {
			t.Fatal(err)
		}
	}
	fmt.Fprintf(b, "list | "+request+"\nlist | not a line\nready\n", 409, 5, `"conflicts":1,"linksFailed":2,"lock":"askCareTeam",`)
	s := b.Seen()
	if len(s.Functions) != 2 || len(s.Lines) != 200 || s.Lines[0].Function != "list" || s.Lines[1].Cause != "it broke" {
		t.Fatalf("%d functions, %d lines, the newest %+v", len(s.Functions), len(s.Lines), s.Lines[:2])
	}
	list, send := s.Functions[0], s.Functions[1]
	if send.Name != "send" || send.Calls != 300 || send.Units != 2100 || send.Faults != 1 || send.Median != 201 || send.Slow != 291 {
		t.Errorf("send: %+v", send)
	}
	if list.Name != "list" || list.Calls != 1 || list.Conflicts != 1 || list.LinksFailed != 2 || list.Locks != 1 {
		t.Errorf("list: %+v", list)
	}
}

func TestThePageShowsWhatIsWritten(t *testing.T) {
	b := New()
	fmt.Fprintf(b, "send | "+request+"\n", 503, 12, `"busy":1,"cause":"<throttled>",`)
	w := httptest.NewRecorder()
	b.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/calls", nil))
	for _, shown := range []string{"POST /v1/x", "503", "r_1", "&lt;throttled&gt;"} {
		if !strings.Contains(w.Body.String(), shown) {
			t.Errorf("no %q in %s", shown, w.Body)
		}
	}
}
