package lambda

import (
	"bytes"
	"fmt"
	"io"
	"sync"
)

// Log writes whole lines of several writers to one.
type Log struct {
	mu sync.Mutex
	to io.Writer
}

// NewLog returns a log that writes to to.
func NewLog(to io.Writer) *Log { return &Log{to: to} }

// Printf writes a line.
func (l *Log) Printf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l.to, format+"\n", args...)
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
		p.log.Printf("%s | %s", p.name, line)
		p.rest = rest
	}
}
