package load

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"carechat/shared/chat"
	"carechat/shared/sdk"
	"carechat/shared/table"
	"carechat/tests/support/fixture"
)

// endpoint answers from a recording and counts the requests.
type endpoint struct {
	recording *fixture.Recording
	mu        sync.Mutex
	queries   int
	repeated  int // attempts of the SDK after the first
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	e.mu.Lock()
	if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".Query") {
		e.queries++
	}
	if !strings.HasPrefix(r.Header.Get("Amz-Sdk-Request"), "attempt=1;") {
		e.repeated++
	}
	e.mu.Unlock()
	e.recording.ServeHTTP(w, r)
}

// pageLength is how many of the longest messages make 23 KB.
const pageLength = 6

// Fast replies are read whole. With request bodies of the SDK's own type up to one page
// in a hundred is cut off and comes again after up to two seconds.
func TestFastRepliesAreNotCut(t *testing.T) {
	s := fixture.Open(t)
	s.Text = strings.Repeat("x", chat.MaxTextRunes)
	thread := s.Thread(t, "rivera", 10)
	recording := fixture.NewRecording(fixture.Network())
	read := func(from *table.Table) {
		_, page, err := from.Messages(t.Context(), thread.Key(), thread.ID, chat.MessageQuery{Limit: pageLength})
		if err != nil || len(page) != pageLength {
			t.Fatalf("got %d messages, %v", len(page), err)
		}
	}
	read(s.Table(recording))

	e := &endpoint{recording: recording}
	const pages = 4000
	took := timed(pages, openAt(t, e), read)
	t.Logf("%d pages, half of them in %v, the slowest in %v", pages, took[pages/2], took[pages-1])
	if e.queries != pages || e.repeated > 0 {
		t.Errorf("%d queries for %d pages, %d repeated attempts", e.queries, pages, e.repeated)
	}
}

// openAt opens a table as a function does, with the function's HTTP client.
func openAt(t *testing.T, handler http.Handler) *table.Table {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	for name, value := range map[string]string{
		"TABLE_NAME": fixture.Name, "AWS_ENDPOINT_URL_DYNAMODB": server.URL, "SETTINGS_SECONDS": "60",
		"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_SESSION_TOKEN": "",
	} {
		t.Setenv(name, value)
	}
	return table.Open()
}

// timed reads n times and returns how long each read took, the shortest first.
func timed(n int, from *table.Table, read func(*table.Table)) []time.Duration {
	took := make([]time.Duration, n)
	for i := range took {
		start := time.Now()
		read(from)
		took[i] = time.Since(start)
	}
	slices.Sort(took)
	return took
}

// sdkBody is a request's body of a type that net/http does not know.
type sdkBody struct{ *strings.Reader }

func (sdkBody) Close() error { return nil }

// wire sees a request where net/http begins to send it.
type wire func(*http.Request)

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w(r)
	return httptest.NewRecorder().Result(), nil
}

// Replies are cut off if net/http still reads the body when the reply arrives and the
// SDK closes it. Our client reads the whole body first.
func TestABodyIsReadBeforeItIsSent(t *testing.T) {
	body := sdkBody{strings.NewReader(`{"TableName": "care-chats"}`)}
	size := body.Size()
	client := sdk.InMemoryBodies(&http.Client{Transport: wire(func(r *http.Request) {
		if body.Len() > 0 {
			t.Errorf("%d bytes are still unread", body.Len())
		}
		if sent, err := io.ReadAll(r.Body); err != nil || int64(len(sent)) != size || r.ContentLength != size {
			t.Errorf("sends %q of %d, %v", sent, r.ContentLength, err)
		}
	})})
	r := httptest.NewRequest(http.MethodPost, "http://dynamodb.invalid", body)
	r.RequestURI, r.ContentLength = "", size
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
}
