package faults

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/child"
)

// A Process is a place for processes of one role: when one ends, the next takes
// its place. It is safe for concurrent use.
type Process struct {
	Name string

	role   Role
	env    []string
	stderr io.Writer

	mu    sync.Mutex
	cmd   *exec.Cmd
	stdin *os.File
	done  chan struct{} // closed once it has ended
	err   error         // how, once done is closed
	ended bool          // by Kill or Terminate
	alone []string      // how processes ended that nobody ended
}

// StartProcess starts a process with a role: this program again, whose TestMain
// must call [Main]. The process ends with the test, or when this one does.
func StartProcess(t testing.TB, role Role, env map[string]string, stderr io.Writer) *Process {
	t.Helper()
	p := &Process{Name: role.Name, role: role, stderr: stderr}
	for name, value := range env {
		p.env = append(p.env, name+"="+value)
	}
	if err := p.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Kill() })
	return p
}

// start starts the next process. The caller holds mu, or is alone.
func (p *Process) start() error {
	p.role.Life++
	text, err := json.Marshal(p.role)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // the child has its own
	cmd := exec.Command(self)
	cmd.Stdin, cmd.Stderr = r, p.stderr
	cmd.Env = append(append(os.Environ(), p.env...), roleVariable+"="+string(text))
	done := make(chan struct{})
	err = child.Start(cmd, func(err error) {
		p.err = err
		_ = w.Close() // nobody reads it any more
		close(done)
	})
	if err != nil {
		return errors.Join(err, w.Close())
	}
	p.cmd, p.stdin, p.done, p.ended = cmd, w, done, false
	return nil
}

// look notes that a process has ended by itself, if it has.
func (p *Process) look() {
	if p.ended {
		return
	}
	select {
	case <-p.done:
		p.alone = append(p.alone, fmt.Sprintf("%s: %v", p.Name, p.err))
	default:
	}
}

// Restart kills the process and starts the next.
func (p *Process) Restart() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.look()
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.done
	return p.start()
}

// Replace asks the process to end, waits until it has, and starts the next. An
// error says how it ended, unless that was well.
func (p *Process) Replace() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.look()
	return errors.Join(p.terminate(), p.start())
}

// Terminate asks the process to end and waits until it has. An error says how it
// ended, unless that was well.
func (p *Process) Terminate() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.terminate()
}

// endsWithin is how long a process may take to end.
const endsWithin = 90 * time.Second

func (p *Process) terminate() error {
	if p.ended {
		return nil
	}
	p.ended = true
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	_ = p.cmd.Process.Signal(child.Resume)    // it may be stopped
	limit := time.NewTimer(endsWithin)
	defer limit.Stop()
	select {
	case <-p.done:
		// The signal may have come before the program could hear it.
		if status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); p.err != nil && !(ok && status.Signal() == syscall.SIGTERM) {
			return fmt.Errorf("%s: %w", p.Name, p.err)
		}
		return nil
	case <-limit.C:
		_ = p.cmd.Process.Kill() // it may have ended
		<-p.done
		return fmt.Errorf("%s does not end", p.Name)
	}
}

// Wait waits until the process has ended, and returns how.
func (p *Process) Wait() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = true
	<-p.done
	return p.err
}

// Kill ends the process at once.
func (p *Process) Kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.look()
	p.ended = true
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.done
}

// Signal sends a signal.
func (p *Process) Signal(s syscall.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = p.cmd.Process.Signal(s) // it may have ended
}

// Tell writes a line to the process; see [Role].
func (p *Process) Tell(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, _ = fmt.Fprintf(p.stdin, format+"\n", args...) // it may have ended
}

// EndedAlone returns how processes ended that nobody ended.
func (p *Process) EndedAlone() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.alone
}

// Revive starts the next process if the last has ended by itself. It leaves one
// alone that is being replaced.
func (p *Process) Revive() error {
	if !p.mu.TryLock() {
		return nil
	}
	defer p.mu.Unlock()
	n := len(p.alone)
	if p.look(); len(p.alone) == n {
		return nil
	}
	return p.start()
}
