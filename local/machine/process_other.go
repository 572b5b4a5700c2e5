//go:build !linux

package machine

import "syscall"

// endWithUs keeps Ctrl-C from a process, which we end in our own order.
func endWithUs() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
