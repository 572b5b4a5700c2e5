package machine

import "syscall"

// endWithUs keeps Ctrl-C from a process, which we end in our own order, and
// ends it with us however we end.
func endWithUs() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
