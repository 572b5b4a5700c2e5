// Package bench measures whole functions as processes behind a runtime API, beside
// programs that do less.
package bench

import (
	"bytes"
	"compress/flate"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"carechat/tests/support/event"
	"carechat/tests/support/fixture"
	"carechat/tests/support/module"
)

// warm is how many calls of a process are measured after its first.
const warm = 300

// cost is what a process took.
type cost struct {
	start, call float64 // CPU until it asks for its first call, and for each call: milliseconds
	memory      float64 // at most, MB
	connections float64 // to DynamoDB
}

// program is what a process runs, on so many processors. In template.yaml it is one.
type program struct {
	name, path string
	processors int
}

// BenchmarkProcesses measures start-up, warm calls, memory and connections of hello,
// of the bare SDK, of send, of send on the two processors that Lambda shows, and of the
// send of another build whose path is in $BEFORE, each in turn in every round. DynamoDB's
// answers come from a recording.
func BenchmarkProcesses(b *testing.B) {
	s := fixture.Open(b)
	s.Now = time.Now().UTC().Truncate(time.Millisecond)
	thread := s.Thread(b, "rivera", 100)
	recording := fixture.NewRecording(fixture.Network())
	dynamoDB := newCounted(recording.Through(s.URL))
	b.Cleanup(dynamoDB.Close)
	in := sendEvent(b, s, thread.ID)
	send := module.Path("bin/send/bootstrap")
	programs := []program{
		{"hello", build(b, "hello"), 1}, {"bare", build(b, "bare"), 1}, {"send", send, 1}, {"send-on-two", send, 2},
	}
	if before := os.Getenv("BEFORE"); before != "" {
		programs = append(programs, program{"send-before", before, 1}, program{"send-before-on-two", before, 2})
	}
	for _, p := range programs[2:] {
		run(b, p, dynamoDB, in, 1)
	}
	rounds := make([][]cost, len(programs))
	recording.Replay()
	for b.Loop() {
		for n, p := range programs {
			rounds[n] = append(rounds[n], run(b, p, dynamoDB, in, warm))
		}
	}
	b.ReportMetric(0, "ns/op")
	for n, p := range programs {
		report(b, p.name, rounds[n], rounds[0], zipped(b, p.path))
	}
	if last := len(rounds) - 1; programs[last].name == "send-before-on-two" {
		b.ReportMetric(ratio(rounds[2], rounds[last], func(c cost) float64 { return c.call }), "send-call-x-before-on-two")
	}
}

func report(b *testing.B, name string, own, hello []cost, zip float64) {
	call := func(c cost) float64 { return c.call }
	b.ReportMetric(middle(own, func(c cost) float64 { return c.start }), name+"-start-ms")
	b.ReportMetric(middle(own, call), name+"-call-ms")
	b.ReportMetric(middle(own, func(c cost) float64 { return c.memory }), name+"-MB")
	b.ReportMetric(middle(own, func(c cost) float64 { return c.connections }), name+"-connections")
	b.ReportMetric(zip, name+"-zip-MB")
	b.ReportMetric(ratio(own, hello, func(c cost) float64 { return c.start }), name+"-start-x-hello")
	b.ReportMetric(ratio(own, hello, call), name+"-call-x-hello")
}

func middle(all []cost, of func(cost) float64) float64 {
	var values []float64
	for _, c := range all {
		values = append(values, of(c))
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// ratio returns the median of the rounds' ratios.
func ratio(all, to []cost, of func(cost) float64) float64 {
	var values []float64
	for n := range all {
		values = append(values, of(all[n])/of(to[n]))
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func sendEvent(b *testing.B, s *fixture.Fixture, thread string) []byte {
	b.Helper()
	b.Chdir(module.Path("functions/send"))
	d, token := s.Draft(1000), s.Token(b)
	return event.With(b, func(e map[string]any) {
		e["body"] = `{"clientMessageId": "` + d.ClientMessageID + `", "text": "` + d.Text + `"}`
		e["pathParameters"] = map[string]string{"memberId": "me", "threadId": thread}
		e["headers"].(map[string]any)["authorization"] = "Bearer " + token
	})
}

// counted is a server that counts its connections.
type counted struct {
	*httptest.Server
	connections atomic.Int64
}

func newCounted(h http.Handler) *counted {
	c := &counted{Server: httptest.NewUnstartedServer(h)}
	c.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			c.connections.Add(1)
		}
	}
	c.Start()
	return c
}

// build builds a program of this folder as the Makefile builds functions.
func build(b *testing.B, name string) string {
	b.Helper()
	out := filepath.Join(b.TempDir(), "bootstrap")
	command := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-tags", "lambda.norpc", "-ldflags", "-s -w", "-o", out, "./tests/bench/"+name)
	command.Dir, command.Env = module.Root(), append(os.Environ(), "CGO_ENABLED=0")
	if said, err := command.CombinedOutput(); err != nil {
		b.Fatalf("%s: %s", name, said)
	}
	return out
}

// zipped returns how large a program is as Lambda gets it, in MB.
func zipped(b *testing.B, program string) float64 {
	b.Helper()
	content, err := os.ReadFile(program)
	var small bytes.Buffer
	if err == nil {
		var w *flate.Writer
		if w, err = flate.NewWriter(&small, flate.BestCompression); err == nil {
			_, err = w.Write(content)
			_ = w.Close()
		}
	}
	if err != nil {
		b.Fatal(err)
	}
	return float64(small.Len()) / 1e6
}

// run starts a program, has it answer the event once and then n times more, and ends it.
func run(b *testing.B, p program, dynamoDB *counted, in []byte, n int) (c cost) {
	b.Helper()
	api := &runtime{events: make(chan []byte), answers: make(chan []byte), asked: make(chan struct{}, 1)}
	server := httptest.NewServer(api)
	defer server.Close()
	ctx, end := context.WithCancel(b.Context())
	defer end()
	command := exec.CommandContext(ctx, p.path)
	command.Env = []string{
		"AWS_LAMBDA_RUNTIME_API=" + strings.TrimPrefix(server.URL, "http://"), "AWS_ENDPOINT_URL_DYNAMODB=" + dynamoDB.URL,
		"TABLE_NAME=" + fixture.Name, "STAGE=local", "AUDIENCE=care-chats", "SETTINGS_SECONDS=60", "GOMAXPROCS=" + strconv.Itoa(p.processors),
		"AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local",
	}
	made := dynamoDB.connections.Load()
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() { end(); _ = command.Wait() }()
	<-api.asked
	c.start = cpu(b, command.Process.Pid)
	api.call(b, in)
	before := cpu(b, command.Process.Pid)
	for range n {
		api.call(b, in)
	}
	c.call = (cpu(b, command.Process.Pid) - before) / float64(n)
	c.memory, c.connections = memory(b, command.Process.Pid), float64(dynamoDB.connections.Load()-made)
	return c
}

// runtime plays Lambda's runtime API for one process.
type runtime struct {
	events, answers chan []byte
	asked           chan struct{} // has one when the process first asks
}

func (r *runtime) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	if q.Method == http.MethodPost {
		answer, _ := io.ReadAll(q.Body)
		w.WriteHeader(http.StatusAccepted)
		r.answers <- answer
		return
	}
	select {
	case r.asked <- struct{}{}:
	default:
	}
	select {
	case in := <-r.events:
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", "1")
		w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(time.Minute).UnixMilli(), 10))
		_, _ = w.Write(in)
	case <-q.Context().Done():
	}
}

func (r *runtime) call(b *testing.B, in []byte) {
	b.Helper()
	r.events <- in
	if answer := <-r.answers; !bytes.Contains(answer, []byte(`"statusCode":20`)) {
		b.Fatalf("it answers %s", answer)
	}
}

// cpu returns how long the threads of a process have run, in milliseconds.
func cpu(b *testing.B, pid int) (milliseconds float64) {
	b.Helper()
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(threads) == 0 {
		b.Skip("WITHOUT /proc, AS ON MACOS, PROCESSES ARE NOT MEASURED")
	}
	for _, each := range threads {
		var ran float64 // nanoseconds
		text, _ := os.ReadFile(each)
		_, _ = fmt.Sscan(string(text), &ran)
		milliseconds += ran / 1e6
	}
	return milliseconds
}

// memory returns the most memory that a process has had, in MB.
func memory(b *testing.B, pid int) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	var kilobytes float64
	_, _ = fmt.Sscan(after, &kilobytes)
	return kilobytes / 1024
}
