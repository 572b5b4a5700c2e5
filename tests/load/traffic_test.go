package load

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"carechat/local/machine"
	"carechat/tests/support/apiclient"
	"carechat/tests/support/module"
	"carechat/tests/support/tables"
	"carechat/tests/support/town"
)

// killed are the functions of the traffic, one of which a second is killed.
var killed = []string{"send", "list", "mark-read", "request", "cancel"}

var what = map[bool]string{false: "nothing is killed", true: "a function is killed each second"}

const (
	people = 6 // who call at once, each in a thread of their own
	// ran is how long traffic runs unless TRAFFIC_SECONDS is set, which also writes what it measured.
	ran = "2"
	// grown is how much more memory a function may take at the end than after a quarter of the time, if that was long.
	grown, long = 1.3, 10 * time.Second
)

// Mixed traffic on the machine of `make run` gets no error, and while a function is killed each second none
// but 503 with Retry-After, and API Gateway's 500 for a call whose function died in it. The functions' lines
// have every answered call, their memory is flat, and the table is sound.
func TestTrafficWhileFunctionsAreKilled(t *testing.T) {
	seconds, err := strconv.Atoi(cmp.Or(os.Getenv("TRAFFIC_SECONDS"), ran))
	if err != nil {
		t.Fatal("TRAFFIC_SECONDS must be a number")
	}
	m, err := machine.Start(t.Context(), machine.Config{TemplatePath: module.Path("template.yaml"), SettingsSeconds: 60})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	client := apiclient.Client{T: t, API: m.URL, Issuer: m.IssuerURL, HTTP: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	p := town.At(client)
	rows := "| | calls | answered 503 | died in a call | kills | seconds | memory of a function after a quarter of it and at the end, MB |\n|---|---|---|---|---|---|---|\n"
	for _, kills := range []bool{false, true} {
		r := newTraffic(t, m, p)
		r.run(time.Duration(seconds)*time.Second, kills)
		rows += fmt.Sprintf("| %s | %d | %d | %d | %d | %d | %.0f, %.0f |\n", what[kills], r.calls.Load(), r.busy.Load(), r.died.Load(), r.kills.Load(), seconds, r.early, r.late)
	}
	tables.Check(t, m.DynamoDB, machine.TableName)
	t.Log(rows)
	if os.Getenv("TRAFFIC_SECONDS") != "" && !t.Failed() {
		module.WriteSection(t, "docs/performance.md", "traffic", rows)
	}
}

// traffic is what people call at once, and what they were answered.
type traffic struct {
	t                 *testing.T
	machine           *machine.Machine
	threads           []thread
	calls, busy, died atomic.Int64
	kills             atomic.Int64
	early, late       float64 // MB of a function

	mu       sync.Mutex
	answered map[string]int // by function
}

func newTraffic(t *testing.T, m *machine.Machine, p town.Place) *traffic {
	t.Helper()
	r := &traffic{t: t, machine: m, answered: map[string]int{}}
	for range people {
		r.threads = append(r.threads, newThread(p, "Hello"))
	}
	return r
}

// run has people call for a while, and compares what they counted with the functions' lines.
func (r *traffic) run(during time.Duration, kills bool) {
	r.t.Helper()
	before := r.lines()
	end := time.Now().Add(during)
	var all sync.WaitGroup
	for n, k := range r.threads {
		all.Go(func() {
			for i := 0; time.Now().Before(end) && !r.t.Failed(); i++ {
				r.round(k, fmt.Sprintf("%d-%d", n, i))
			}
		})
	}
	r.disturb(end, during, kills)
	all.Wait()
	r.late = megabytes(r.t)
	if during/4 > long && r.late > grown*r.early {
		r.t.Errorf("a function took %.0f MB after a quarter of the time, and %.0f at the end", r.early, r.late)
	}
	r.compare(before)
}

// disturb kills a function each second, in turn, and measures memory after a quarter of the time.
func (r *traffic) disturb(end time.Time, during time.Duration, kills bool) {
	tick := time.NewTicker(min(time.Second, during/4))
	defer tick.Stop()
	for time.Until(end) > 0 {
		<-tick.C
		if kills {
			n := r.kills.Add(1) // first, for the call that dies in it
			r.machine.Kill(killed[int(n)%len(killed)])
		}
		if r.early == 0 && time.Until(end) < during*3/4 {
			r.early = megabytes(r.t)
		}
	}
}

// round is what a member and the care manager do one after the other.
func (r *traffic) round(k thread, id string) {
	member := k.side(true)
	key := town.NewID("traffic")
	asked := r.call("request", member, "POST", "/v1/members/me/chat-requests", town.RequestBody(town.Program), "Idempotency-Key", key)
	r.call("send", member, "POST", k.path+"/messages", newText("member-"+key+id))
	r.call("list", member, "GET", k.path+"/messages?after=0&limit=50", nil)
	r.call("send", k.Rivera, "POST", k.path+"/messages", newText("staff-"+key+id))
	r.call("list", member, "GET", "/v1/members/me/chats", nil)
	r.call("mark-read", member, "PUT", k.path+"/read", map[string]int{"seq": 1})
	r.call("list", k.Rivera, "GET", "/v1/inbox", nil)
	r.call("cancel", member, "POST", "/v1/members/me/chat-requests/"+asked.Text("id")+"/cancel", nil)
}

// call makes a call, and makes it again after a 503 with Retry-After or the death of its function.
func (r *traffic) call(function string, by apiclient.Client, method, path string, body any, headers ...string) apiclient.Answer {
	for {
		a, err := by.Try(method, path, body, headers...)
		r.calls.Add(1)
		byFunction := a.Header.Get("X-Request-Id") != ""
		if byFunction {
			r.mu.Lock()
			r.answered[function]++
			r.mu.Unlock()
		}
		switch {
		case err == nil && a.Status < 400:
			return a
		case err == nil && a.Status == http.StatusServiceUnavailable && a.Header.Get("Retry-After") != "":
			r.busy.Add(1)
		case err == nil && a.Status == http.StatusInternalServerError && !byFunction && r.kills.Load() > 0:
			r.died.Add(1)
		default:
			r.t.Errorf("%s %s: %d %s, %v", method, path, a.Status, a.Raw, err)
			return a
		}
		if r.t.Failed() {
			return a
		}
	}
}

// lines returns how many lines of calls each function has written.
func (r *traffic) lines() map[string]int {
	r.t.Helper()
	var seen struct {
		Functions []struct {
			Function string
			Calls    int
		}
	}
	a := apiclient.Client{T: r.t, API: r.machine.InboxURL}.Want(http.StatusOK, "GET", "/calls/data", nil)
	if err := json.Unmarshal([]byte(a.Raw), &seen); err != nil {
		r.t.Fatal(err)
	}
	all := map[string]int{}
	for _, f := range seen.Functions {
		all[f.Function] = f.Calls
	}
	return all
}

// compare compares the functions' lines with the answers. A killed function may have written its line before
// it died, so there may be as many more as died, and the lines of the first messages may have come late.
func (r *traffic) compare(before map[string]int) {
	r.t.Helper()
	after := r.lines()
	for until := time.Now().Add(5 * time.Second); r.lacks(before, after) && time.Now().Before(until); {
		after = r.lines() // the last lines may be on their way
	}
	more := 0
	for _, name := range slices.Sorted(maps.Keys(r.answered)) {
		written := after[name] - before[name]
		if written < r.answered[name] {
			r.t.Errorf("%s answered %d calls and wrote %d lines", name, r.answered[name], written)
		}
		more += written - r.answered[name]
	}
	if more > int(r.died.Load())+people {
		r.t.Errorf("%d lines are of no answered call, and %d died", more, r.died.Load())
	}
}

// lacks reports whether a function has answered more calls than it has lines.
func (r *traffic) lacks(before, after map[string]int) bool {
	for name, n := range r.answered {
		if after[name]-before[name] < n {
			return true
		}
	}
	return false
}

// megabytes returns how much memory a process of a function takes, of all that this process started.
func megabytes(t *testing.T) float64 {
	t.Helper()
	found, _ := filepath.Glob("/proc/[0-9]*/stat")
	if len(found) == 0 {
		t.Log("there is no /proc here: memory is not measured")
		return 1
	}
	all, processes := 0, 0
	for _, path := range found {
		stat, err := os.ReadFile(path)
		_, rest, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(rest)
		if err != nil || !strings.Contains(string(stat), "(bootstrap)") || len(fields) < 22 || fields[1] != strconv.Itoa(os.Getpid()) {
			continue // it has ended, or is another's
		}
		pages, _ := strconv.Atoi(fields[21])
		all, processes = all+pages*os.Getpagesize(), processes+1
	}
	return float64(all) / float64(max(processes, 1)) / (1 << 20)
}
