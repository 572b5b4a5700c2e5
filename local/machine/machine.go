// Package machine runs the whole product on one machine: the compiled functions
// under a Lambda runtime, an HTTP API that reads its routes from template.yaml,
// a DynamoDB emulator with its stream, an inbox for what SNS would send, and an
// identity provider. docs/local.md says what differs from AWS.
package machine

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// TableName is the name of the machine's table.
const TableName = "care-chats-local"

// Config says what a machine is like. The zero value is one for tests: all
// ports picked, all data in memory, settings read anew for each call.
type Config struct {
	// Ports; 0 picks a free one.
	Port, InboxPort, IssuerPort, DynamoDBPort int
	// Bind is an address to listen on beside 127.0.0.1, such as 0.0.0.0.
	Bind string
	// DataDir keeps everything over restarts; "" keeps nothing.
	DataDir string
	// DynamoDBEndpoint is an emulator that runs already; "" starts one.
	DynamoDBEndpoint string
	// TemplatePath is template.yaml's; "" is the working directory's.
	TemplatePath string
	// BinDir holds <function>/bootstrap; "" is bin beside the template.
	BinDir string
	// CacheDir keeps the emulator once it is downloaded; "" is .cache beside the template.
	CacheDir string
	// SettingsSeconds is for how long functions may keep settings.
	SettingsSeconds int
	// Log gets the functions' lines, each with its function's name before it; nil drops them.
	Log io.Writer
	// Invoked, if set, is told of every call of a function and what it answered, many at once.
	Invoked func(function string, payload, answer []byte)
	// NoSeed leaves the table empty.
	NoSeed bool
	// DynamoDBMiddleware and SNSMiddleware, if set, stand between the functions and the two.
	DynamoDBMiddleware, SNSMiddleware func(http.Handler) http.Handler
	// SAM, if set, leaves the HTTP API and its functions to `sam local`.
	SAM *SAM
}

// Machine is one that runs.
type Machine struct {
	// URL is the pages' and the API's.
	URL string
	// InboxURL is the inbox's, SNS's and the Lambda Invoke API's.
	InboxURL string
	// IssuerURL is the identity provider's; an organization's issuer is IssuerURL/<organization>.
	IssuerURL string
	// DynamoDB is the emulator's endpoint, without the middleware.
	DynamoDB string

	functionsDynamoDB string // the endpoint that the functions are given

	config     Config
	ctx        context.Context // ends with Close
	cancel     context.CancelFunc
	work       sync.WaitGroup
	closers    []func() // in the order of starting
	log        *lines
	client     *http.Client
	deployment *deployment
	issuer     issuer
	inbox      *inbox
	triggers   tap
	died       chan struct{}

	mu          sync.Mutex
	functions   map[string]*lambda
	deadLetters []DeadLetter
}

// Start starts a machine and answers when it is ready: seeded, its port open.
// An error, or the end of ctx before that, leaves nothing running.
func Start(ctx context.Context, config Config) (*Machine, error) {
	m := &Machine{config: config.withDefaults(), functions: map[string]*lambda{}, died: make(chan struct{})}
	m.log = &lines{to: m.config.Log}
	m.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	m.ctx, m.cancel = context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, m.cancel)
	err := m.start()
	if !stop() || err != nil {
		m.Close()
		return nil, errors.Join(ctx.Err(), err)
	}
	return m, nil
}

func (c Config) withDefaults() Config {
	if c.TemplatePath == "" {
		c.TemplatePath = "template.yaml"
	}
	if c.BinDir == "" {
		c.BinDir = filepath.Join(filepath.Dir(c.TemplatePath), "bin")
	}
	if c.CacheDir == "" {
		c.CacheDir = filepath.Join(filepath.Dir(c.TemplatePath), ".cache")
	}
	if c.Log == nil {
		c.Log = io.Discard
	}
	return c
}

func (m *Machine) start() error {
	if m.config.DataDir != "" {
		if err := os.MkdirAll(m.config.DataDir, 0o700); err != nil {
			return err
		}
	}
	public, err := m.reserveAPI()
	if err != nil {
		return err
	}
	for _, step := range []func() error{m.startIssuer, m.startInbox, m.startDynamoDB, m.startFunctions, m.startStream} {
		if err := step(); err != nil {
			return err
		}
	}
	if m.config.SAM != nil {
		return m.serveSAM()
	}
	return m.serveAPI(public)
}

func (m *Machine) startIssuer() error {
	key, err := newKey(m.config.DataDir)
	if err != nil {
		return err
	}
	listeners, port, err := m.listen("ISSUER_PORT", m.config.IssuerPort)
	if err != nil {
		return err
	}
	m.IssuerURL = localhost(port)
	seeds, err := readSeeds(m.IssuerURL, "")
	m.issuer = issuer{url: m.IssuerURL, key: key, people: people(seeds)}
	m.serve(m.issuer.handler(), listeners...)
	return err
}

func (m *Machine) startInbox() error {
	listeners, port, err := m.listen("INBOX_PORT", m.config.InboxPort)
	if err != nil {
		return err
	}
	m.InboxURL = localhost(port)
	m.inbox = &inbox{
		url: m.InboxURL, file: m.kept("inbox.json"), invoke: m.serveInvoke, sns: m.config.SNSMiddleware,
		call: m.invokeAndRepeat, background: m.background,
	}
	m.inbox.restore()
	m.serve(m.inbox.handler(), listeners...)
	return nil
}

// startFunctions prepares the functions; a process starts with the first call.
func (m *Machine) startFunctions() (err error) {
	m.deployment, err = readTemplate(m.config.TemplatePath, m.values(m.functionsDynamoDB, m.reachable("127.0.0.1", m.InboxURL)))
	if err != nil {
		return err
	}
	m.inbox.declare(m.deployment.topics, m.deployment.listeners)
	runtime := newRuntimeAPI(m.log)
	listeners, port, err := m.listen("", 0)
	if err != nil {
		return err
	}
	runtime.address = fmt.Sprintf("127.0.0.1:%d", port)
	m.serve(runtime, listeners...)
	bin, err := filepath.Abs(m.config.BinDir)
	for name, f := range m.deployment.functions {
		dir := filepath.Join(bin, name)
		if _, err := os.Stat(filepath.Join(dir, "bootstrap")); err != nil {
			return fmt.Errorf("the function %s is not built (make binaries): %w", name, err)
		}
		m.overrideEnvironment(f)
		l := newLambda(f.timeout, func() (*process, error) { return runtime.start(name, dir, f) })
		m.mu.Lock()
		m.functions[name] = l
		m.mu.Unlock()
		m.closers = append(m.closers, l.stop)
	}
	return err
}

// overrideEnvironment sets what only a deployed stack can know.
func (m *Machine) overrideEnvironment(f function) {
	if _, named := f.environment["PUBLIC_URL"]; named {
		f.environment["PUBLIC_URL"] = m.URL
	}
}

// serveAPI seeds through a port of its own and opens the public one.
func (m *Machine) serveAPI(public []net.Listener) error {
	g := gateway{m.deployment.routes, m.deployment.cors, m.Invoke}
	private, port, err := m.listen("", 0)
	if err != nil {
		return err
	}
	m.serve(g, private...)
	if err := m.seed(localhost(port), m.reachable("127.0.0.1", m.IssuerURL)); err != nil {
		return err
	}
	if public == nil {
		if public, _, err = m.listen("PORT", m.config.Port); err != nil {
			return err
		}
	}
	m.serve(g, public...)
	m.startSchedules()
	return nil
}

// seed fills the table through the API at url; the functions reach the identity provider at keysURL.
func (m *Machine) seed(url, keysURL string) error {
	if m.config.NoSeed {
		return nil
	}
	all, err := readSeeds(m.IssuerURL, keysURL)
	if err != nil {
		return err
	}
	s := sower{m.client, url, m.issuer.token, m.Invoke}
	for _, each := range all {
		if err := s.sow(m.ctx, each); err != nil {
			return err
		}
	}
	return nil
}

// Invoke calls a function directly and answers with what it answered; a
// *FunctionError if it failed.
func (m *Machine) Invoke(ctx context.Context, function string, payload []byte) ([]byte, error) {
	f := m.function(function)
	if f == nil {
		return nil, errUnknown
	}
	answer, err := f.invoke(ctx, payload)
	if m.config.Invoked != nil {
		m.config.Invoked(function, payload, answer)
	}
	var failed *FunctionError
	if errors.As(err, &failed) {
		m.log.say("%s | FAILED: %s", function, failed.Payload)
	}
	return answer, err
}

// Kill ends every process of a function at once, as a crash would; what they
// were doing fails.
func (m *Machine) Kill(function string) {
	if f := m.function(function); f != nil {
		f.kill()
	}
}

func (m *Machine) function(name string) *lambda {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.functions[name]
}

// SetTriggers switches the schedules and the table's stream off, when what they
// are in the middle of is done, and on again, the stream where it was.
func (m *Machine) SetTriggers(on bool) { m.triggers.turn(!on) }

// DeadLetters are the stream records and the calls that were given up.
func (m *Machine) DeadLetters() []DeadLetter {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.deadLetters)
}

// Died is closed when the emulator has ended by itself: without it nothing works.
func (m *Machine) Died() <-chan struct{} { return m.died }

// Close ends everything that the machine started, and waits until it has ended.
func (m *Machine) Close() {
	m.cancel()
	for _, closer := range slices.Backward(m.closers) {
		closer()
	}
	m.closers = nil
	m.work.Wait()
	m.client.CloseIdleConnections()
}

// background does work that Close waits for.
func (m *Machine) background(work func()) { m.work.Go(work) }

// kept is where a thing is kept over restarts; "" if nothing is.
func (m *Machine) kept(name string) string {
	if m.config.DataDir == "" {
		return ""
	}
	return filepath.Join(m.config.DataDir, name)
}

func uuid() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func traceID() string {
	var b [20]byte
	_, _ = rand.Read(b[:])
	return fmt.Sprintf("Root=1-%08x-%x;Parent=%x;Sampled=0", time.Now().Unix(), b[:12], b[12:])
}
