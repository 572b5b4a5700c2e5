// Package emulator starts a DynamoDB emulator and calls it.
package emulator

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"runtime"
	"time"

	"carechat/local/child"
)

// Config says how an emulator runs.
type Config struct {
	Port   int    // of 127.0.0.1; 0 picks a free one
	Folder string // keeps the data; "" keeps it in memory
	Cache  string // a folder for the emulator, which is downloaded once
	// Log, if set, gets a line if the emulator is not dynoxide.
	Log func(format string, args ...any)
}

// Emulator is a DynamoDB emulator in a process of its own.
type Emulator struct {
	// URL is its endpoint.
	URL string
	// Kind is Dynoxide or DynamoDBLocal.
	Kind string

	process *exec.Cmd
	output  head
	gone    chan struct{} // closed when the process has ended
}

// Start starts the emulator of this platform, or the one that EMULATOR names, and
// returns it when it listens. It installs it with npm if necessary.
func Start(ctx context.Context, c Config) (*Emulator, error) {
	kind, err := c.kind(runtime.GOOS + "/" + runtime.GOARCH)
	if err != nil {
		return nil, err
	}
	command, err := kinds[kind](ctx, c)
	if err != nil {
		return nil, fmt.Errorf("no DynamoDB emulator: %w\nDYNAMODB_ENDPOINT=http://localhost:8000 uses one that runs already", err)
	}
	for attempt := 1; ; attempt++ {
		port, err := freePort(c.Port)
		if err != nil {
			return nil, err
		}
		e, err := launch(ctx, kind, port, command(port))
		if err == nil || c.Port != 0 || attempt == 3 { // another process may have taken the free port
			return e, err
		}
	}
}

// freePort returns the port if it is free, and any free one for 0.
func freePort(port int) (int, error) {
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

const lookEvery = 5 * time.Millisecond // whether the emulator listens

func launch(ctx context.Context, kind string, port int, command []string) (*Emulator, error) {
	address := fmt.Sprintf("127.0.0.1:%d", port)
	e := &Emulator{URL: "http://" + address, Kind: kind, process: exec.Command(command[0], command[1:]...), gone: make(chan struct{})}
	e.process.SysProcAttr = child.Attributes()
	e.process.Stdout, e.process.Stderr = &e.output, &e.output
	if err := e.process.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w", kind, err)
	}
	go func() {
		_ = e.process.Wait()
		close(e.gone)
	}()
	for {
		select {
		case <-e.gone:
			return nil, fmt.Errorf("%s ended at once: %s", kind, e.output)
		case <-ctx.Done():
			e.Close()
			return nil, ctx.Err()
		case <-time.After(lookEvery):
		}
		if c, err := net.Dial("tcp", address); err == nil {
			return e, c.Close()
		}
	}
}

// Gone is closed when the emulator has ended.
func (e *Emulator) Gone() <-chan struct{} { return e.gone }

// Close ends the emulator and waits until it has ended.
func (e *Emulator) Close() {
	_ = e.process.Process.Kill()
	<-e.gone
}

// head keeps the beginning of what is written to it.
type head []byte

func (h *head) Write(b []byte) (int, error) {
	const most = 4096
	*h = append(*h, b[:min(len(b), most-len(*h))]...)
	return len(b), nil
}
