package lambda

import (
	"bytes"
	"fmt"
	"io"
	"sync"
)

// Log writes whole lines of several writers to one.
type Log struct {
	mu   sync.Mutex
	to   io.Writer
	held *bytes.Buffer // of the functions' lines, while they are held back
}

// NewLog returns a log that writes to to.
func NewLog(to io.Writer) *Log { return &Log{to: to} }

// Printf writes a line.
func (l *Log) Printf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l.to, format+"\n", args...)
}

// Hold holds the functions' lines back, until Release.
func (l *Log) Hold() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = &bytes.Buffer{}
}

// Release ends Hold. It writes the lines that were held back, or drops them.
func (l *Log) Release(write bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if write {
		_, _ = l.held.WriteTo(l.to)
	}
	l.held = nil
}

// line writes a line of a function.
func (l *Log) line(name string, line []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	to := l.to
	if l.held != nil {
		to = l.held
	}
	fmt.Fprintf(to, "%s | %s\n", name, line)
}

// prefixed returns a writer whose lines begin with name.
func (l *Log) prefixed(name string) io.Writer { return &prefixed{log: l, name: name} }

type prefixed struct {
	log  *Log
	name string
	rest []byte
}

func (p *prefixed) Write(b []byte) (int, error) {
	p.rest = append(p.rest, b...)
	for {
		line, rest, whole := bytes.Cut(p.rest, []byte("\n"))
		if !whole {
			return len(b), nil
		}
		p.log.line(p.name, line)
		p.rest = rest
	}
}
