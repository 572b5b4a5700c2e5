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
	"strconv"
	"strings"
	"syscall"
	"time"

	"carechat/local/emulator"
)

// at returns the URL of a port for those that call this machine host.
func at(host string, port int) string { return "http://" + net.JoinHostPort(host, strconv.Itoa(port)) }

// publicHost returns what links call this machine: localhost, or where others
// reach it if it listens for them.
func (m *Machine) publicHost() string {
	bind := m.config.Bind
	if ip := net.ParseIP(bind); ip == nil || !ip.IsUnspecified() {
		if bind == "" || bind == "127.0.0.1" {
			return "localhost"
		}
		return bind
	}
	probe, err := net.Dial("udp4", "192.0.2.1:9") // which sends nothing, but finds the address of the way out
	if err != nil {
		return "localhost"
	}
	defer probe.Close()
	return probe.LocalAddr().(*net.UDPAddr).IP.String()
}

// addresses returns what to listen on: always 127.0.0.1, for our own processes.
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

// listen opens a port on every address, or any free one for 0. The setting names
// it in errors; without one only our own processes need it.
func (m *Machine) listen(setting string, port int) (all []net.Listener, actual int, err error) {
	addresses := m.addresses()
	if setting == "" {
		addresses = []string{"127.0.0.1"}
	}
	for _, address := range addresses {
		l, err := net.Listen("tcp", net.JoinHostPort(address, strconv.Itoa(port)))
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

// reserveAPI tries the public port, which opens when the seed is done. It lets go
// of a port that was asked for, so that whoever waits for it waits for the seed,
// and holds a free one, lest another process picks it.
func (m *Machine) reserveAPI() (held []net.Listener, err error) {
	if m.config.SAM != nil {
		m.URL, m.made.Port = at("localhost", m.config.Port), m.config.Port
		return nil, nil
	}
	held, port, err := m.listen("PORT", m.config.Port)
	m.URL, m.made.Port = at(m.publicHost(), port), port
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

// startDynamoDB starts the emulator, unless one is running, and the middleware.
func (m *Machine) startDynamoDB() error {
	m.DynamoDB = strings.TrimSuffix(m.config.DynamoDBEndpoint, "/")
	if m.DynamoDB == "" {
		e, err := emulator.Start(m.ctx, emulator.Config{
			Port: m.config.DynamoDBPort, Folder: m.data.Path(), Cache: m.config.CacheDir, Log: m.log.Printf,
		})
		if errors.Is(err, syscall.EADDRINUSE) {
			err = taken("DYNAMODB_PORT", m.config.DynamoDBPort, err)
		}
		if err != nil {
			return err
		}
		m.DynamoDB, m.made.Emulator = e.URL, e.Kind
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
	m.functionsDynamoDB = at("127.0.0.1", port)
	return m.proxy(m.config.DynamoDBMiddleware, listeners...)
}

// proxy serves the emulator to listeners, through the middleware if there is one.
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
