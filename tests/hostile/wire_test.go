package hostile

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"carechat/tests/support/contract"
)

type header struct{ name, value string }

// call is a request as it is sent: nothing is escaped, checked or added except Host and
// Content-Length.
type call struct {
	method, target string
	headers        []header
	body           []byte
}

// with returns a call with one more header.
func (c call) with(name, value string) call {
	c.headers = append(append([]header{}, c.headers...), header{name, value})
	return c
}

// without returns a call without a header.
func (c call) without(name string) call {
	var kept []header
	for _, h := range c.headers {
		if !strings.EqualFold(h.name, name) {
			kept = append(kept, h)
		}
	}
	c.headers = kept
	return c
}

// to returns a call to another target.
func (c call) to(target string) call {
	c.target = target
	return c
}

// by returns a call by another method.
func (c call) by(method string) call {
	c.method = method
	return c
}

type answer struct {
	status int // 0 if the server hung up without an answer
	header http.Header
	body   []byte
}

// patience bounds the wait for one answer on a loaded machine.
const patience = 40 * time.Second

// line is a connection, which one worker uses at a time.
type line struct {
	address string
	conn    net.Conn
	in      *bufio.Reader
}

func (h *target) line() *line {
	return &line{address: strings.TrimPrefix(h.URL, "http://")}
}

func (l *line) hangUp() {
	if l.conn != nil {
		_ = l.conn.Close()
		l.conn = nil
	}
}

// send writes the request and reads the answer, whose status is 0 if the server hung
// up, as it does on invalid HTTP.
func (l *line) send(c call) (answer, error) {
	if l.conn == nil {
		conn, err := net.DialTimeout("tcp", l.address, patience)
		if err != nil {
			return answer{}, err
		}
		l.conn, l.in = conn, bufio.NewReader(conn)
	}
	_ = l.conn.SetDeadline(time.Now().Add(patience))
	_, _ = l.conn.Write(c.bytes()) // if the server hung up, there may be an answer nevertheless
	got, err := http.ReadResponse(l.in, &http.Request{Method: c.method})
	if err != nil {
		l.hangUp()
		if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
			return answer{}, err
		}
		return answer{}, nil
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil || got.Close {
		l.hangUp()
	}
	return answer{got.StatusCode, got.Header, body}, err
}

func (c call) bytes() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: localhost\r\n", c.method, c.target)
	for _, h := range c.headers {
		fmt.Fprintf(&b, "%s: %s\r\n", h.name, h.value)
	}
	if c.body != nil {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(c.body))
	}
	b.WriteString("\r\n")
	b.Write(c.body)
	return b.Bytes()
}

var (
	requestID = regexp.MustCompile(`r_[A-Z0-9]+`)
	checked   sync.Map // answers that were checked already
)

// check checks the answer against the contract if it is the API's: the pages and API
// Gateway refuse in other forms. Of answers to one kind of path that differ only in
// the request's id, one is checked.
func (c call) check(a answer) error {
	path, _, _ := strings.Cut(c.target, "?")
	kind := fmt.Sprint(c.method, strings.Count(path, "/"), path[strings.LastIndex(path, "/")+1:], a.status, slices.Sorted(maps.Keys(a.header)), requestID.ReplaceAllString(string(a.body), ""))
	if _, seen := checked.LoadOrStore(kind, true); seen {
		return nil
	}
	at, err := url.ParseRequestURI(c.target)
	if err != nil || c.method == http.MethodHead || a.header.Get("X-Request-Id") == "" || !strings.HasPrefix(at.EscapedPath(), "/v1/") {
		return nil
	}
	sent := http.Header{}
	for _, h := range c.headers {
		sent.Add(h.name, h.value)
	}
	return contract.Check(contract.Exchange{
		Method: c.method, URL: at, RequestHeader: sent, RequestBody: c.body, Status: a.status, Header: a.header, Body: a.body,
	})
}
