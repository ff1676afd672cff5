package child

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

const roleVariable = "CAREBUS_CHILD_ROLE"

// The first thread, which never ends, is the main goroutine's alone.
func init() { runtime.LockOSThread() }

// TestMain is a process's role where it has one: a parent starts a child that
// has its standard output, and neither ends by itself.
func TestMain(m *testing.M) {
	switch os.Getenv(roleVariable) {
	case "parent":
		cmd := role("child")
		cmd.Stdout = os.Stdout
		if err := Start(cmd, func(error) {}); err != nil {
			panic(err)
		}
		select {}
	case "child":
		fmt.Println(os.Getpid())
		lines := bufio.NewScanner(os.Stdin)
		for lines.Scan() {
			fmt.Println(lines.Text())
		}
		select {}
	}
	os.Exit(m.Run())
}

// role returns this program in a role.
func role(name string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), roleVariable+"="+name)
	return cmd
}

// A child ends with a parent that is killed, even while it is stopped.
func TestChildEndsWithItsParent(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close() //nolint:errcheck // it was only read
	parent := role("parent")
	parent.Stdout = w
	err = parent.Start()
	_ = w.Close() // the others have it
	if err != nil {
		t.Fatal(err)
	}
	out := bufio.NewReader(r)
	line, err := out.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	_ = parent.Process.Kill() // it runs until then
	_ = parent.Wait()
	// The output ends when nobody has it any more.
	if err := r.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := out.ReadByte(); err != io.EOF {
		_ = syscall.Kill(pid, syscall.SIGKILL)
		t.Fatalf("the child lives on: %v", err)
	}
}

// A child outlives the thread of whoever started it.
func TestChildOutlivesAThread(t *testing.T) {
	cmd := role("child")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close() //nolint:errcheck // it was only read
	cmd.Stdout = w
	ended, thread := make(chan error, 1), make(chan int, 1)
	go func() {
		runtime.LockOSThread() // for good: the thread ends with the goroutine
		if err := Start(cmd, func(err error) { ended <- err }); err != nil {
			panic(err)
		}
		thread <- syscall.Gettid()
	}()
	tid := <-thread
	_ = w.Close() // the child has it
	for deadline := time.Now().Add(time.Minute); ; runtime.Gosched() {
		if _, err := os.Stat(filepath.Join("/proc/self/task", strconv.Itoa(tid))); err != nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the thread doesn't end")
		}
	}
	out := bufio.NewReader(r)
	_, _ = out.ReadString('\n') // its id
	if _, err := io.WriteString(in, "are you there?\n"); err != nil {
		t.Error(err)
	}
	if line, err := out.ReadString('\n'); line != "are you there?\n" {
		t.Errorf("%q, %v", line, err)
	}
	_ = cmd.Process.Kill()
	if err := <-ended; err == nil {
		t.Error("a killed process ended well")
	}
}
