package machine

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"carechat/shared/table"

	"github.com/go-json-experiment/json"
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

// StartEmulator starts dynoxide on a port of 127.0.0.1, or on any free one for
// 0. It keeps its data in file, or in memory without one. Without a dynoxide on
// the PATH it is installed with npm into the folder cache, once.
func StartEmulator(ctx context.Context, port int, file, cache string) (*Emulator, error) {
	binary, err := findDynoxide(ctx, cache)
	if err != nil {
		return nil, err
	}
	for attempt := 1; ; attempt++ {
		free, err := freePort("127.0.0.1", port)
		if err != nil {
			return nil, err
		}
		e, err := launch(ctx, binary, free, file)
		if err == nil || port != 0 || attempt == 3 { // a picked port may be gone a moment later
			return e, err
		}
	}
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
	e.process.SysProcAttr = endWithUs()
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

// dynamoDB calls DynamoDB in its own JSON, in which a stream's records are
// already what Lambda hands to a function.
type dynamoDB struct {
	url    string
	client *http.Client
}

// call is one operation, such as DynamoDB_20120810.DescribeTable.
func (d dynamoDB) call(ctx context.Context, operation string, in, out any) error {
	body, err := json.Marshal(in, json.OmitZeroStructFields(true))
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	now := time.Now().UTC()
	request.Header.Set("Content-Type", "application/x-amz-json-1.0")
	request.Header.Set("X-Amz-Target", operation)
	request.Header.Set("X-Amz-Date", now.Format("20060102T150405Z"))
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/"+now.Format("20060102")+
		"/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0") // which no emulator checks
	response, err := d.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", operation, answer)
	}
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(answer, out)
}

// prepareTable makes the table if it is not there, and answers with its stream.
func (d dynamoDB) prepareTable(ctx context.Context, name string) (stream string, err error) {
	type named struct{ TableName string }
	var found struct {
		Table struct{ LatestStreamArn string }
	}
	if d.call(ctx, "DynamoDB_20120810.DescribeTable", named{name}, &found) == nil {
		return found.Table.LatestStreamArn, nil
	}
	if err := d.call(ctx, "DynamoDB_20120810.CreateTable", table.Schema(name), nil); err != nil {
		return "", err
	}
	ttl := map[string]any{"TableName": name,
		"TimeToLiveSpecification": map[string]any{"AttributeName": table.TTLAttribute, "Enabled": true}}
	if err := d.call(ctx, "DynamoDB_20120810.UpdateTimeToLive", ttl, nil); err != nil {
		return "", err
	}
	err = d.call(ctx, "DynamoDB_20120810.DescribeTable", named{name}, &found)
	return found.Table.LatestStreamArn, err
}
