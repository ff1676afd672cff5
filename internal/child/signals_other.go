//go:build !unix

package child

import (
	"os/exec"
	"syscall"
)

// To send these is an error: no process can be stopped for a while.
const (
	Pause  = syscall.Signal(-1)
	Resume = syscall.Signal(-1)
)

// Apart does nothing.
func Apart(*exec.Cmd) {}
