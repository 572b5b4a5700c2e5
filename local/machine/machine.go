// Package machine runs the whole product on one machine: the compiled functions,
// an HTTP API with the routes of template.yaml, a DynamoDB emulator with its
// stream, an inbox for what SNS would send, and an identity provider.
// docs/local.md says what differs from AWS.
package machine

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"sync"

	"carechat/local/calls"
	"carechat/local/data"
	"carechat/local/gateway"
	"carechat/local/issuer"
	"carechat/local/lambda"
	"carechat/local/sns"
	"carechat/local/stream"
	"carechat/local/template"
)

// TableName is the name of the machine's table.
const TableName = "care-chats-local"

// Config says how a machine runs. The zero value is for tests: free ports, all
// data in memory, an organization's settings read anew for each call.
type Config struct {
	// Ports; 0 picks a free one.
	Port, InboxPort, IssuerPort, DynamoDBPort int
	// Bind is an address to listen on beside 127.0.0.1, such as 0.0.0.0.
	Bind string
	// DataDir is a folder that keeps everything over restarts; "" keeps nothing.
	DataDir string
	// DynamoDBEndpoint is an emulator that runs already; "" starts one.
	DynamoDBEndpoint string
	// TemplatePath is the path of template.yaml; "" is template.yaml.
	TemplatePath string
	// BinDir holds <function>/bootstrap; "" is the folder bin beside the template.
	BinDir string
	// CacheDir keeps what is downloaded; "" is the folder .cache beside the template.
	CacheDir string
	// SettingsSeconds is how long functions may keep an organization's settings.
	SettingsSeconds int
	// Log gets the functions' lines, each after its function's name; nil drops them.
	Log io.Writer
	// Invoked, if set, gets every call of a function with its answer, from many goroutines.
	Invoked func(function string, payload, answer []byte)
	// Debug is a function whose binary BinDir/.debug/<function>/bootstrap runs under
	// the command Debugger, as one process with an hour for each call.
	Debug    string
	Debugger []string
	// NoSeed leaves the table empty.
	NoSeed bool
	// DynamoDBMiddleware and SNSMiddleware, if set, stand between the functions and the two.
	DynamoDBMiddleware, SNSMiddleware func(http.Handler) http.Handler
	// SAM, if set, leaves the HTTP API and its functions to `sam local`.
	SAM *SAM
}

// Machine is a running machine.
type Machine struct {
	// URL is where the pages and the API are.
	URL string
	// InboxURL is where the inbox, SNS and Lambda's Invoke API are.
	InboxURL string
	// IssuerURL is where the identity provider is: IssuerURL/<organization> is an issuer.
	IssuerURL string
	// DynamoDB is the emulator's endpoint, without the middleware.
	DynamoDB string

	functionsDynamoDB string // the endpoint with the middleware

	config    Config
	ctx       context.Context // ends with Close
	cancel    context.CancelFunc
	work      sync.WaitGroup
	closers   []func() // in the order of starting
	client    *http.Client
	data      *data.Folder
	made      made
	log       *log.Logger
	template  *template.Template
	stack     *template.Stack
	functions *lambda.Service
	issuer    *issuer.Issuer
	inbox     *sns.Inbox
	calls     *calls.Board // of the functions, in the log
	triggers  stream.Triggers
	died      chan struct{}
}

// Start starts a machine and returns it when it is ready: seeded, its port open.
// After an error, or if ctx ends before that, nothing is left running.
func Start(ctx context.Context, config Config) (*Machine, error) {
	m := &Machine{config: config.withDefaults(), calls: calls.New(), died: make(chan struct{})}
	m.config.Log = io.MultiWriter(m.config.Log, m.calls)
	m.log = log.New(m.config.Log, "", 0)
	m.functions = lambda.New(m.log, config.Invoked)
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
	c.TemplatePath = cmp.Or(c.TemplatePath, "template.yaml")
	c.BinDir = cmp.Or(c.BinDir, filepath.Join(filepath.Dir(c.TemplatePath), "bin"))
	c.CacheDir = cmp.Or(c.CacheDir, filepath.Join(filepath.Dir(c.TemplatePath), ".cache"))
	if c.Log == nil {
		c.Log = io.Discard
	}
	return c
}

func (m *Machine) start() (err error) {
	if m.data, err = data.Open(m.config.DataDir); err != nil {
		return err
	}
	m.closers = append(m.closers, m.data.Close)
	m.made.API = "make run"
	if m.config.SAM != nil {
		m.made.API = "make sam-local"
	}
	if err := m.check(); err != nil {
		return err
	}
	if m.template, err = template.Read(m.config.TemplatePath); err != nil {
		return err
	}
	public, err := m.reserveAPI()
	if err != nil {
		return err
	}
	for _, step := range []func() error{m.startIssuer, m.startInbox, m.startDynamoDB, m.keep, m.startFunctions, m.startStreams} {
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
	listeners, port, err := m.listen("ISSUER_PORT", m.config.IssuerPort)
	if err != nil {
		return err
	}
	m.IssuerURL, m.made.IssuerPort = at("localhost", port), port // an identifier in tokens, not a link to follow
	seeds, err := readSeeds(m.IssuerURL, "")
	if err != nil {
		return err
	}
	m.issuer, err = issuer.New(m.IssuerURL, m.URL, m.data.File("issuer-key.pem"), people(seeds))
	if err != nil {
		return err
	}
	m.serve(&http.Server{Handler: m.issuer.Handler()}, listeners...)
	return nil
}

func (m *Machine) startInbox() error {
	listeners, port, err := m.listen("INBOX_PORT", m.config.InboxPort)
	if err != nil {
		return err
	}
	m.InboxURL, m.made.InboxPort = at(m.publicHost(), port), port
	seeds, err := readSeeds(m.IssuerURL, "")
	if err != nil {
		return err
	}
	m.inbox = sns.New(sns.Config{
		URL: m.InboxURL, Names: contacts(seeds), File: m.data.File("inbox.json"), Middleware: m.config.SNSMiddleware, Background: m.background,
		Call: func(function string, event []byte) { m.functions.InvokeAsync(m.ctx, function, event) },
	})
	mux := http.NewServeMux()
	mux.Handle("/", m.inbox)
	mux.Handle("/2015-03-31/", m.functions.InvokeAPI())
	mux.Handle("/calls", m.calls.Handler())
	mux.Handle("/calls/", m.calls.Handler())
	m.serve(&http.Server{Handler: mux}, listeners...)
	return nil
}

// serveAPI seeds through a private port and then opens the public one.
func (m *Machine) serveAPI(public []net.Listener) error {
	api := gateway.New(m.stack.Routes, m.stack.CORS, m.functions.Invoke)
	private, port, err := m.listen("", 0)
	if err != nil {
		return err
	}
	m.serveGateway(api, private)
	if err := m.seed(at("127.0.0.1", port), at("127.0.0.1", m.made.IssuerPort)); err != nil {
		return err
	}
	if public == nil {
		if public, _, err = m.listen("PORT", m.config.Port); err != nil {
			return err
		}
	}
	m.serveGateway(m.withDocs(api), public)
	m.startSchedules()
	return nil
}

func (m *Machine) serveGateway(api http.Handler, listeners []net.Listener) {
	const added = 4096 // by net/http
	m.serve(&http.Server{Handler: api, MaxHeaderBytes: gateway.MaxHeaderBytes - added}, listeners...)
}

// Invoke calls a function directly and returns its answer. The error is a
// *lambda.FunctionError if the function failed.
func (m *Machine) Invoke(ctx context.Context, function string, payload []byte) ([]byte, error) {
	return m.functions.Invoke(ctx, function, payload)
}

// Kill ends every process of a function at once, as a crash would: its calls fail.
func (m *Machine) Kill(function string) { m.functions.Kill(function) }

// SetTriggers switches the schedules and the table's stream off, when their
// running calls are done, and on again. The stream goes on where it was.
func (m *Machine) SetTriggers(on bool) { m.triggers.Set(on) }

// DeadLetters returns the stream records and the asynchronous calls that failed
// for good.
func (m *Machine) DeadLetters() []lambda.DeadLetter { return m.functions.DeadLetters() }

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

// background runs work that Close waits for.
func (m *Machine) background(work func()) { m.work.Go(work) }
