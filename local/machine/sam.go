package machine

import (
	"maps"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"carechat/local/data"
	"carechat/local/emulator"
)

// SAM says that `sam local start-api` runs the HTTP API and its functions, in
// containers, and the machine all the rest.
type SAM struct {
	// Gateway is the address of this machine on Docker's bridge. It is "" under
	// Docker Desktop, where containers reach 127.0.0.1.
	Gateway string
	// EnvironmentFile is written for SAM's --env-vars as soon as the API may be started.
	EnvironmentFile string
}

// inContainers is what containers call this machine.
const inContainers = "host.docker.internal"

// serveSAM tells SAM what the functions need, and seeds when its API answers.
func (m *Machine) serveSAM() error {
	if err := m.forwardDynamoDB(); err != nil {
		return err
	}
	dynamoDB := strings.NewReplacer("localhost", inContainers, "127.0.0.1", inContainers).Replace(m.DynamoDB)
	stack, err := m.resolve(dynamoDB, at(inContainers, m.made.InboxPort))
	if err != nil {
		return err
	}
	all := map[string]string{}
	for _, f := range stack.Functions {
		maps.Copy(all, f.Environment)
	}
	if err := os.MkdirAll(filepath.Dir(m.config.SAM.EnvironmentFile), 0o755); err != nil {
		return err
	}
	if err := data.File(m.config.SAM.EnvironmentFile).Save(map[string]any{"Parameters": all}); err != nil {
		return err
	}
	api := at("127.0.0.1", m.made.Port)
	if err := (seeder{client: m.client, api: api}).waitForAPI(m.ctx); err != nil {
		return err
	}
	if err := m.seed(api, at(inContainers, m.made.IssuerPort)); err != nil {
		return err
	}
	m.startSchedules()
	return nil
}

// forwardDynamoDB lets containers reach an emulator that listens on 127.0.0.1 alone.
func (m *Machine) forwardDynamoDB() error {
	if m.config.SAM.Gateway == "" || m.made.Emulator == emulator.DynamoDBLocal {
		return nil
	}
	endpoint, err := url.Parse(m.DynamoDB)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", net.JoinHostPort(m.config.SAM.Gateway, endpoint.Port()))
	if err != nil {
		return taken("DYNAMODB_PORT", m.config.DynamoDBPort, err)
	}
	return m.proxy(m.config.DynamoDBMiddleware, l)
}
