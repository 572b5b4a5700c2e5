// Package emulator starts a DynamoDB emulator and calls it.
package emulator

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"carechat/local/child"
)

const dynoxideVersion = "1.2.1"

// Emulator is a DynamoDB emulator (dynoxide) in a process of its own.
type Emulator struct {
	// URL is its endpoint.
	URL string

	process *exec.Cmd
	ready   chan struct{} // gets one token when it listens
	gone    chan struct{} // closed when the process has ended
	said    string        // what it said last; read it after gone
}

// Start starts dynoxide on a port of 127.0.0.1, or on any free one for
// 0. It keeps its data in file, or in memory without one. Without a dynoxide on
// the PATH it is installed with npm into the folder cache, once.
func Start(ctx context.Context, port int, file, cache string) (*Emulator, error) {
	binary, err := findDynoxide(ctx, cache)
	if err != nil {
		return nil, err
	}
	for attempt := 1; ; attempt++ {
		free, err := freePort(port)
		if err != nil {
			return nil, err
		}
		e, err := launch(ctx, binary, free, file)
		if err == nil || port != 0 || attempt == 3 { // a picked port may be gone a moment later
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

func launch(ctx context.Context, binary string, port int, file string) (*Emulator, error) {
	args := []string{"serve", "--port", fmt.Sprint(port)}
	if file != "" {
		args = append(args, "--db-path", file)
	}
	e := &Emulator{
		URL: fmt.Sprintf("http://127.0.0.1:%d", port), process: exec.Command(binary, args...),
		ready: make(chan struct{}, 1), gone: make(chan struct{}),
	}
	e.process.SysProcAttr = child.Attributes()
	out, err := e.process.StderrPipe()
	if err == nil {
		err = e.process.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("dynoxide: %w", err)
	}
	go e.watch(out)
	select {
	case <-e.ready:
		return e, nil
	case <-e.gone:
		return nil, fmt.Errorf("dynoxide ended at once: %s", e.said)
	case <-ctx.Done():
		e.Close()
		return nil, ctx.Err()
	}
}

// watch reads what the process says until it ends.
func (e *Emulator) watch(out io.Reader) {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if e.said = lines.Text(); strings.Contains(e.said, "listening on") {
			e.ready <- struct{}{}
		}
	}
	_ = e.process.Wait()
	close(e.gone)
}

// Gone is closed when the emulator has ended.
func (e *Emulator) Gone() <-chan struct{} { return e.gone }

// Close ends the emulator and waits until it is gone.
func (e *Emulator) Close() {
	_ = e.process.Process.Kill()
	<-e.gone
}

func findDynoxide(ctx context.Context, cache string) (string, error) {
	if path, err := exec.LookPath("dynoxide"); err == nil {
		return path, nil
	}
	binary := filepath.Join(cache, "dynoxide-"+dynoxideVersion)
	if _, err := os.Stat(binary); err == nil {
		return binary, nil
	}
	if err := installDynoxide(ctx, cache, binary); err != nil {
		return "", fmt.Errorf("no DynamoDB emulator: %w\nput dynoxide %s on the PATH, or say where another one runs: DYNAMODB_ENDPOINT=http://localhost:8000", err, dynoxideVersion)
	}
	return binary, nil
}

// installDynoxide puts the binary in its place in one step, for several may install at once.
func installDynoxide(ctx context.Context, cache, binary string) error {
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return err
	}
	folder, err := os.MkdirTemp(cache, "dynoxide-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	cpu := map[string]string{"amd64": "x64"}[runtime.GOARCH]
	if cpu == "" {
		cpu = runtime.GOARCH
	}
	name := "@dynoxide/" + runtime.GOOS + "-" + cpu
	npm := exec.CommandContext(ctx, "npm", "install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", name+"@"+dynoxideVersion)
	if out, err := npm.CombinedOutput(); err != nil {
		return fmt.Errorf("npm install %s@%s: %w\n%s", name, dynoxideVersion, err, out)
	}
	return os.Rename(filepath.Join(folder, "node_modules", name, "dynoxide"), binary)
}
