// Package child starts processes that don't outlive the one that starts them. It
// is for tests and benchmarks, whose servers must not stay behind when they are
// interrupted, killed or run out of time.
package child

import (
	"os/exec"
	"runtime"
)

// Start starts cmd, and calls ended with what its Wait returned, once. On Linux
// the process is killed when this one ends, however that is; elsewhere whoever
// called Start has to end it.
func Start(cmd *exec.Cmd, ended func(error)) error {
	bind(cmd)
	started := make(chan error, 1)
	go func() {
		// Linux takes the end of the thread that started a process for the end of
		// its parent, so that thread is kept.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			ended(cmd.Wait())
		}
	}()
	return <-started
}
