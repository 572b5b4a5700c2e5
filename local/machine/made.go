package machine

import "fmt"

// made is what data was made with: links and tokens in it hold the ports, the
// table holds where functions find the keys, and each emulator has files of its own.
type made struct {
	Port, InboxPort, IssuerPort int
	API, Emulator               string
}

// check returns an error if the data was made by a machine that differs from
// this one. A port that this one would pick is the same as then.
func (m *Machine) check() error {
	var then made
	m.data.File("machine.json").Load(&then)
	if then == (made{}) {
		return nil
	}
	for _, port := range []struct {
		setting string
		then    int
		now     *int
	}{
		{"PORT", then.Port, &m.config.Port}, {"INBOX_PORT", then.InboxPort, &m.config.InboxPort}, {"ISSUER_PORT", then.IssuerPort, &m.config.IssuerPort},
	} {
		if *port.now == 0 {
			*port.now = port.then
		}
		if err := m.same(fmt.Sprintf("%s=%d", port.setting, port.then), fmt.Sprintf("%s=%d", port.setting, *port.now)); err != nil {
			return err
		}
	}
	return m.same(then.API, m.made.API)
}

// keep writes down what the data is made with. It returns an error if the data
// was made on another emulator.
func (m *Machine) keep() error {
	then := m.made
	m.data.File("machine.json").Load(&then)
	if then.Emulator != "" && m.made.Emulator != "" { // it was not DYNAMODB_ENDPOINT
		if err := m.same("EMULATOR="+then.Emulator, "EMULATOR="+m.made.Emulator); err != nil {
			return err
		}
	}
	return m.data.File("machine.json").Save(m.made)
}

func (m *Machine) same(then, now string) error {
	if then == now {
		return nil
	}
	return fmt.Errorf("the data in %s was made with %s, not with %s, and would not work with it: use %s, or another DATA_DIR", m.data.Path(), then, now, then)
}
