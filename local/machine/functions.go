package machine

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"carechat/local/emulator"
	"carechat/local/issuer"
	"carechat/local/lambda"
	"carechat/local/stream"
	"carechat/local/template"
)

// startFunctions prepares the functions. A process starts with the first call.
func (m *Machine) startFunctions() (err error) {
	m.stack, err = m.resolve(m.functionsDynamoDB, at("127.0.0.1", m.made.InboxPort))
	if err != nil {
		return err
	}
	m.inbox.Declare(m.stack.Topics, m.stack.Listeners)
	listeners, port, err := m.listen("", 0)
	if err != nil {
		return err
	}
	m.serve(&http.Server{Handler: m.functions.RuntimeAPI(fmt.Sprintf("127.0.0.1:%d", port))}, listeners...)
	m.closers = append(m.closers, m.functions.Close)
	bin, err := filepath.Abs(m.config.BinDir)
	for name, f := range m.stack.Functions {
		folder := filepath.Join(bin, name)
		if name == m.config.Debug {
			folder = filepath.Join(bin, ".debug", name) // where the binary is not stripped
		}
		if _, err := os.Stat(filepath.Join(folder, "bootstrap")); err != nil {
			return fmt.Errorf("the function %s is not built (make binaries): %w", name, err)
		}
		own := lambda.Function{Function: f, Name: name, Folder: folder}
		if name == m.config.Debug {
			own.Processes, own.Timeout, own.Debugger = 1, time.Hour, m.config.Debugger
		}
		m.functions.Add(own)
	}
	return err
}

// resolve returns the stack whose functions reach DynamoDB and SNS at these endpoints.
func (m *Machine) resolve(dynamoDB, sns string) (*template.Stack, error) {
	console, err := m.consoleIssuers()
	if err != nil {
		return nil, err
	}
	s, err := m.template.Resolve(map[string]string{
		"Stage": "local", "Audience": issuer.Audience, "WebOrigins": "http://localhost:*,http://127.0.0.1:*",
		"ConsoleIssuers":  console,
		"SettingsSeconds": fmt.Sprint(m.config.SettingsSeconds), "Table": TableName, "AWS::StackName": "care-chats",
		"DynamoDbEndpoint": dynamoDB, "SnsEndpoint": sns,
	})
	if err != nil {
		return nil, err
	}
	for _, f := range s.Functions {
		if _, named := f.Environment["PUBLIC_URL"]; named { // which only a deployed stack knows
			f.Environment["PUBLIC_URL"] = m.URL
		}
	}
	return s, nil
}

// startStreams makes the table if it does not exist, and hands its changes to
// the functions that read them.
func (m *Machine) startStreams() error {
	db := emulator.Client{URL: m.DynamoDB, HTTP: m.client}
	arn, err := db.PrepareTable(m.ctx, TableName)
	if err != nil {
		return err
	}
	for _, each := range m.stack.Streams {
		r, err := stream.New(stream.Config{
			Stream: each, DynamoDB: db, ARN: arn, File: m.data.File("stream-" + each.Function + ".json"), Triggers: &m.triggers,
			Invoke: m.functions.InvokeWhenFree, GiveUp: m.functions.GiveUp, Log: m.log,
		})
		if err != nil {
			return err
		}
		m.background(func() { r.Run(m.ctx) })
	}
	return nil
}

// soon is how often a schedule runs at least: nobody waits a minute here for the
// email that confirms an address.
const soon = 3 * time.Second

func (m *Machine) startSchedules() {
	for _, s := range m.stack.Schedules {
		m.background(func() {
			s.Every = min(s.Every, soon)
			stream.RunSchedule(m.ctx, s, &m.triggers, func(event []byte) { m.functions.InvokeAsync(m.ctx, s.Function, event) })
		})
	}
}
