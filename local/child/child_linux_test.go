package child

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"testing"
	"time"
)

const role = "CARECHAT_CHILD_TEST"

// TestMain plays the parent and the child too.
func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "parent":
		c := exec.Command(os.Args[0])
		c.Env, c.Stdout, c.SysProcAttr = []string{role + "=child"}, os.Stdout, Attributes()
		if err := c.Start(); err != nil {
			panic(err)
		}
		wait()
	case "child":
		os.Stdout.WriteString("started\n")
		wait()
	}
	os.Exit(m.Run())
}

// wait waits for a signal, which ends it.
func wait() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	<-signals
}

// A machine that is killed leaves no function and no emulator behind.
func TestAChildEndsWithAParentThatIsKilled(t *testing.T) {
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	parent := exec.Command(os.Args[0])
	parent.Env, parent.Stdout = []string{role + "=parent"}, in
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	_ = in.Close() // the child has it too: out ends when both have ended
	if err := out.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewReader(out)
	if line, err := said.ReadString('\n'); err != nil {
		t.Fatalf("%q, %v", line, err)
	}
	_ = parent.Process.Kill()
	_ = parent.Wait()
	if _, err := io.ReadAll(said); err != nil {
		t.Errorf("the child is still there: %v", err)
	}
}
