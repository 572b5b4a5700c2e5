//go:build !linux

package child

import "syscall"

// Attributes returns the attributes of a child process. It does not get the
// terminal's Ctrl-C, so that its parent ends it in the right order.
func Attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
