package town

import (
	"context"
	"testing"

	"carechat/local/machine"
)

// Emulator is what the tests of a package run on, once Main has started it.
var Emulator *machine.Emulator

// Main runs the tests of a package two folders below the module's, with an
// emulator for their towns.
func Main(m *testing.M) {
	var err error
	if Emulator, err = machine.StartEmulator(context.Background(), 0, "", "../../.cache"); err != nil {
		panic(err)
	}
	defer Emulator.Close()
	m.Run()
}
