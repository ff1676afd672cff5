//go:build unix

package child

import (
	"os/exec"
	"syscall"
)

// Pause stops a process that is sent it, until it is sent Resume.
const (
	Pause  = syscall.SIGSTOP
	Resume = syscall.SIGCONT
)

// Apart has cmd run in a process group of its own, so that an interrupt of this
// program isn't its.
func Apart(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
