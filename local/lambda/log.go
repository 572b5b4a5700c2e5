package lambda

import (
	"bytes"
	"log"
)

// lines writes what a process writes to a log, line by line, after its function's name.
type lines struct {
	log  *log.Logger
	name string
	rest []byte
}

func (l *lines) Write(b []byte) (int, error) {
	l.rest = append(l.rest, b...)
	for {
		line, rest, whole := bytes.Cut(l.rest, []byte("\n"))
		if !whole {
			return len(b), nil
		}
		l.log.Printf("%s | %s", l.name, line)
		l.rest = rest
	}
}
