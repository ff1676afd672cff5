package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/output"
	"github.com/carebus/carebus/internal/redistest"
)

const stream = "carebus:{development.0}:events"

// A process is the command running for itself.
type process struct {
	*exec.Cmd
	stdin          io.WriteCloser
	stdout, stderr output.Buffer
}

// start runs the command in a process that ends with t at the latest.
func start(t *testing.T, env []string, args ...string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{Cmd: exec.CommandContext(t.Context(), self, append([]string{"-json"}, args...)...)}
	p.Env = append(env, "CAREBUS_TEST_MAIN=1")
	p.Stdout, p.Stderr = &p.stdout, &p.stderr
	if p.stdin, err = p.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.ProcessState == nil {
			p.Process.Kill() //nolint:errcheck // it may have ended
			p.Wait()         //nolint:errcheck // as above
		}
	})
	return p
}

// finish waits for the end, which must be good, and returns the summary.
func (p *process) finish(t *testing.T) summary {
	t.Helper()
	if err := p.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, p.stderr.String())
	}
	var s summary
	if err := json.Unmarshal([]byte(p.stdout.String()), &s); err != nil {
		t.Fatalf("no summary: %q", p.stdout.String())
	}
	return s
}

// feed writes n events to the command's standard input.
func (p *process) feed(t *testing.T, n int) {
	t.Helper()
	line := `{"type":"user.created","source":"pms/test","data":{"role":"clinician"}}` + "\n"
	if _, err := io.WriteString(p.stdin, strings.Repeat(line, n)); err != nil {
		t.Fatal(err)
	}
}

func length(t *testing.T, c *redis.Client) int64 {
	n, _ := c.XLen(t.Context(), stream).Result() // an error is as good as an empty stream here
	return n
}

// acknowledged returns the ids of all events in the stream.
func acknowledged(t *testing.T, c *redis.Client) map[string]bool {
	t.Helper()
	entries, err := c.XRange(t.Context(), stream, "-", "+").Result()
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, e := range entries {
		var event struct{ ID string }
		if err := json.Unmarshal([]byte(fmt.Sprint(e.Values["event"])), &event); err != nil {
			t.Fatal(err)
		}
		ids[event.ID] = true
	}
	return ids
}

// exactlyOnce fails t unless the lake holds each acknowledged event once.
func exactlyOnce(t *testing.T, c *redis.Client, lake string) {
	t.Helper()
	want, got := acknowledged(t, c), uniqueIDs(t, readLake(t, lake))
	for id := range want {
		if !got[id] {
			t.Errorf("event %s was acknowledged and is not in the lake", id)
		}
	}
	for id := range got {
		if !want[id] {
			t.Errorf("event %s is in the lake and not in the stream", id)
		}
	}
}

func TestSIGTERMDrains(t *testing.T) {
	url := redistest.Start(t)
	c := redistest.Client(t, url)
	lake := t.TempDir()
	p := start(t, nil, "-redis", url, "-lake", lake, "-input", "-")
	p.feed(t, 700)
	redistest.Wait(t, "the first events", func() bool { return length(t, c) >= 300 })
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s := p.finish(t) // standard input is still open
	if s.Published < 300 || s.Written != s.Published {
		t.Errorf("%+v", s)
	}
	exactlyOnce(t, c, lake)
}

// Draining may take minutes when the lake is away. Who can't wait signals again:
// what was acknowledged stays in Redis.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	deaf, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and never answers
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { deaf.Close() }) //nolint:errcheck // of no use any more
	url := redistest.Start(t)
	c := redistest.Client(t, url)
	p := start(t, []string{"AWS_ENDPOINT_URL_S3=http://" + deaf.Addr().String(), "AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b"},
		"-redis", url, "-lake", "s3://bucket", "-input", "-")
	p.feed(t, 1)
	redistest.Wait(t, "the event", func() bool { return length(t, c) == 1 })
	ended := make(chan error, 1)
	go func() { ended <- p.Wait() }()
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(drainTimeout / 2) // half of what the first signal alone would take
	for {
		p.Process.Signal(syscall.SIGINT) //nolint:errcheck // it may have ended
		select {
		case err := <-ended:
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGINT {
				t.Errorf("it ended with %v\n%s", err, p.stderr.String())
			}
			return
		case <-tick.C:
		case <-deadline:
			t.Fatal("it goes on")
		}
	}
}

func TestSIGKILLLosesAndDoublesNothing(t *testing.T) {
	server := redistest.Real(t)
	c := server.Client(t)
	lake := t.TempDir()
	for _, at := range []int64{700, 5000, 11000} {
		p := start(t, nil, "-redis", server.URL, "-lake", lake, "-n", "50000")
		redistest.Wait(t, "events to kill among", func() bool { return length(t, c) >= at })
		if err := p.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		p.Wait() //nolint:errcheck // it was killed
	}
	s := start(t, nil, "-redis", server.URL, "-lake", lake, "-n", "500").finish(t)
	if s.Published != 500 || s.Quarantined != 0 {
		t.Errorf("the last run: %+v", s)
	}
	exactlyOnce(t, c, lake)
}

func TestRedisRestartInMidRun(t *testing.T) {
	server := redistest.Real(t)
	lake := t.TempDir()
	p := start(t, nil, "-redis", server.URL, "-lake", lake, "-input", "-")
	p.feed(t, 500)
	c := server.Client(t)
	redistest.Wait(t, "the first events", func() bool { return length(t, c) == 500 })
	server.Stop(t)
	p.feed(t, 500)
	redistest.Wait(t, "the publisher to notice", func() bool { return strings.Contains(p.stderr.String(), "again in") })
	server.Restart(t)
	p.feed(t, 500)
	p.stdin.Close() //nolint:errcheck // a pipe's end
	s := p.finish(t)
	if s.Published != 1500 || s.Written != 1500 || s.Rejected != 0 {
		t.Errorf("%+v\n%s", s, p.stderr.String())
	}
	exactlyOnce(t, c, lake)
}
