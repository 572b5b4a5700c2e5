package machine

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"syscall"
	"time"

	"carechat/local/emulator"
)

func localhost(port int) string { return fmt.Sprintf("http://localhost:%d", port) }

// reachable returns a URL of this machine for a process that calls the machine host.
func reachable(host, localURL string) string {
	return strings.Replace(localURL, "localhost", host, 1)
}

// addresses are what to listen on: always 127.0.0.1, so that our own processes reach us.
func (m *Machine) addresses() []string {
	bind := m.config.Bind
	if m.config.SAM != nil && m.config.SAM.Gateway != "" {
		bind = m.config.SAM.Gateway
	}
	switch ip := net.ParseIP(bind); {
	case bind == "" || bind == "localhost" || bind == "127.0.0.1":
		return []string{"127.0.0.1"}
	case ip != nil && ip.IsUnspecified():
		return []string{bind}
	}
	return []string{"127.0.0.1", bind}
}

// listen opens a port on every address. setting is the variable that names
// another port; without one, and for port 0, nobody outside needs it.
func (m *Machine) listen(setting string, port int) (all []net.Listener, actual int, err error) {
	addresses := m.addresses()
	if setting == "" {
		addresses = []string{"127.0.0.1"}
	}
	for _, address := range addresses {
		l, err := net.Listen("tcp", net.JoinHostPort(address, fmt.Sprint(port)))
		if err != nil {
			closeAll(all)
			return nil, 0, taken(setting, port, err)
		}
		all, port = append(all, l), l.Addr().(*net.TCPAddr).Port
	}
	return all, port, nil
}

func taken(setting string, port int, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("port %d is taken; %s=… uses another one", port, setting)
	}
	return fmt.Errorf("port %d (%s): %w", port, setting, err)
}

// reserveAPI tries the public port, which opens when the seed is done. One that
// was asked for is let go until then, so that whoever waits for it waits for the
// seed; one that was picked is held, or somebody else might pick it.
func (m *Machine) reserveAPI() (held []net.Listener, err error) {
	if m.config.SAM != nil {
		m.URL = localhost(m.config.Port)
		return nil, nil
	}
	held, port, err := m.listen("PORT", m.config.Port)
	m.URL = localhost(port)
	m.closers = append(m.closers, func() { closeAll(held) })
	if m.config.Port != 0 {
		closeAll(held)
		return nil, err
	}
	return held, err
}

func closeAll(listeners []net.Listener) {
	for _, l := range listeners {
		l.Close()
	}
}

// serve serves the listeners until Close.
func (m *Machine) serve(server *http.Server, listeners ...net.Listener) {
	server.ReadHeaderTimeout = 10 * time.Second
	m.closers = append(m.closers, func() { server.Close() })
	for _, l := range listeners {
		m.background(func() { _ = server.Serve(l) })
	}
}

// startDynamoDB finds or starts the emulator, and what stands in front of it.
func (m *Machine) startDynamoDB() error {
	m.DynamoDB = strings.TrimSuffix(m.config.DynamoDBEndpoint, "/")
	if m.DynamoDB == "" {
		e, err := emulator.Start(m.ctx, emulator.Config{
			Port: m.config.DynamoDBPort, Folder: m.config.DataDir, Cache: m.config.CacheDir, Log: m.log.Printf,
		})
		if errors.Is(err, syscall.EADDRINUSE) {
			err = taken("DYNAMODB_PORT", m.config.DynamoDBPort, err)
		}
		if err != nil {
			return err
		}
		m.DynamoDB = e.URL
		m.closers = append(m.closers, e.Close)
		m.background(func() { <-e.Gone(); close(m.died) })
	}
	m.functionsDynamoDB = m.DynamoDB
	if m.config.DynamoDBMiddleware == nil {
		return nil
	}
	listeners, port, err := m.listen("", 0)
	if err != nil {
		return err
	}
	m.functionsDynamoDB = fmt.Sprintf("http://127.0.0.1:%d", port)
	return m.proxy(m.config.DynamoDBMiddleware, listeners...)
}

// proxy leads listeners to the emulator, through the middleware if there is one.
func (m *Machine) proxy(middleware func(http.Handler) http.Handler, listeners ...net.Listener) error {
	target, err := url.Parse(m.DynamoDB)
	if err != nil {
		return err
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	m.closers = append(m.closers, transport.CloseIdleConnections)
	var handler http.Handler = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }, Transport: transport, ErrorLog: log.New(io.Discard, "", 0),
	}
	if middleware != nil {
		handler = middleware(handler)
	}
	m.serve(&http.Server{Handler: handler}, listeners...)
	return nil
}
