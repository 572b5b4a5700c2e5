package lambda

import (
	"log"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"carechat/local/child"
	"carechat/local/template"
)

const (
	initTimeout      = 10 * time.Second // of Lambda
	debuggerPatience = 5 * time.Second  // until a debugger has ended
)

// process is one process of a function.
type process struct {
	function Function
	command  *exec.Cmd
	binary   os.FileInfo          // that it was started from
	calls    chan *call           // for the runtime API's next
	current  atomic.Pointer[call] // the one that it works on
	gone     chan struct{}        // closed when it has ended
	exit     error                // how it ended; read it after gone
}

// startProcess starts a function's binary with the function's environment and
// nothing of ours, so that no developer's AWS credentials reach it.
func startProcess(f Function, runtimeAPI string, log *log.Logger) (*process, error) {
	binary, err := os.Stat(f.binary())
	if err != nil {
		return nil, err
	}
	p := &process{function: f, binary: binary, calls: make(chan *call), gone: make(chan struct{})}
	command := append(slices.Clone(f.Debugger), f.binary())
	p.command = exec.Command(command[0], command[1:]...)
	p.command.Dir = f.Folder
	p.command.SysProcAttr = child.Attributes()
	p.command.Env = environment(f, runtimeAPI)
	out := &lines{log: log, name: f.Name}
	p.command.Stdout, p.command.Stderr = out, out
	p.command.WaitDelay = time.Second // for children that still hold them
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	go func() {
		p.exit = p.command.Wait()
		close(p.gone)
	}()
	return p, nil
}

func environment(f Function, runtimeAPI string) []string {
	all := map[string]string{
		"AWS_LAMBDA_RUNTIME_API": runtimeAPI, "AWS_LAMBDA_FUNCTION_NAME": f.Name, "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256", "AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "INFO",
		"AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand", "AWS_EXECUTION_ENV": "AWS_Lambda_provided.al2023",
		"_HANDLER": "bootstrap", "LAMBDA_TASK_ROOT": f.Folder, "LAMBDA_RUNTIME_DIR": f.Folder,
		"TZ": ":UTC", "LANG": "en_US.UTF-8", "PATH": "/usr/bin:/bin",
		"AWS_REGION": template.Region, "AWS_DEFAULT_REGION": template.Region,
		"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_SESSION_TOKEN": "local",
	}
	maps.Copy(all, f.Environment)
	var list []string
	for _, key := range slices.Sorted(maps.Keys(all)) {
		list = append(list, key+"="+all[key])
	}
	return list
}

func (f Function) binary() string { return filepath.Join(f.Folder, "bootstrap") }

// isOutdated returns whether another binary has taken the place of the process's own.
func (p *process) isOutdated() bool {
	now, err := os.Stat(p.function.binary())
	return err == nil && !os.SameFile(now, p.binary)
}

// hand gives the process a call as soon as it asks for one. It returns false if
// the process does not ask in time.
func (p *process) hand(c *call) bool {
	timer := time.NewTimer(initTimeout)
	defer timer.Stop()
	select {
	case p.calls <- c:
		return true
	case <-p.gone:
	case <-timer.C:
	}
	return false
}

func (p *process) kill() {
	if len(p.function.Debugger) > 0 {
		_ = p.command.Process.Signal(syscall.SIGTERM) // so that the debugger ends the function
		select {
		case <-p.gone:
			return
		case <-time.After(debuggerPatience):
		}
	}
	_ = p.command.Process.Kill()
	<-p.gone
}
