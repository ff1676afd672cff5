// Package redistest gives tests a Redis: a real redis-server when one is
// installed, on a free loopback port and a folder of its own, or an in-process
// miniredis. Servers end with their test, and on Linux with its process, however
// that ends.
package redistest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/child"
	"github.com/carebus/carebus/internal/output"
)

// Start starts a server and returns its URL: a real one when redis-server is
// installed, else miniredis.
func Start(t testing.TB) string {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err == nil {
		return Real(t).URL
	}
	return Mini(t)
}

// Mini starts a miniredis and returns its URL.
func Mini(t testing.TB) string {
	t.Helper()
	m, err := miniredis.Run()
	if err != nil {
		t.Fatalf("miniredis: %v", err)
	}
	url := "redis://" + m.Addr()
	minis.Store(url, m)
	t.Cleanup(func() {
		minis.Delete(url)
		m.Close()
	})
	return url
}

var minis sync.Map // *miniredis.Miniredis by URL

// Pass lets d pass for the keys that expire on the miniredis at url, whose time
// stands still otherwise. It does nothing to a real server.
func Pass(url string, d time.Duration) {
	if m, ok := minis.Load(url); ok {
		m.(*miniredis.Miniredis).FastForward(d)
	}
}

// Each runs a test against miniredis and, when installed, against a real
// server.
func Each(t *testing.T, test func(t *testing.T, url string)) {
	t.Run("miniredis", func(t *testing.T) { test(t, Mini(t)) })
	t.Run("redis-server", func(t *testing.T) { test(t, Real(t).URL) })
}

// A Server is a redis-server process.
type Server struct {
	URL  string
	Addr string
	Dir  string // where it keeps its files

	args  []string
	tls   *tls.Config // nil for none
	apart bool        // in a process group of its own
	mu    sync.Mutex
	cmd   *exec.Cmd
	done  chan struct{}
	log   output.Buffer
}

// Real starts a redis-server; args are added to its command line, such as
// "--maxmemory", "10mb". It writes an append-only file, which survives the process,
// and evicts nothing. Where redis-server isn't installed the test is skipped,
// or fails if CAREBUS_REQUIRE_REAL=1.
func Real(t testing.TB, args ...string) *Server {
	t.Helper()
	return realServer(t, nil, args...)
}

// needsServer skips the test when redis-server isn't installed, or fails it
// when CAREBUS_REQUIRE_REAL is 1.
func needsServer(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		const missing = "redis-server is not installed: apt-get install redis-server"
		if os.Getenv("CAREBUS_REQUIRE_REAL") == "1" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
}

// realServer starts a server that speaks TLS when config is given.
func realServer(t testing.TB, config *tls.Config, args ...string) *Server {
	t.Helper()
	return launch(t, config, plain(config != nil, args))
}

// plain returns the arguments of a server that stands alone, and more.
func plain(tls bool, more []string) func(port, dir string) []string {
	return func(port, dir string) []string {
		ports := []string{"--port", port}
		if tls {
			ports = []string{"--port", "0", "--tls-port", port}
		}
		return append(append(ports, "--bind", "127.0.0.1", "--dir", dir, "--save", "", "--appendonly", "yes",
			"--appendfsync", "everysec", "--maxmemory-policy", "noeviction", "--daemonize", "no"), more...)
	}
}

// launch starts a redis-server process with the arguments for a port and a
// folder. The process ends with the test.
func launch(t testing.TB, config *tls.Config, args func(port, dir string) []string) *Server {
	t.Helper()
	needsServer(t)
	s, err := startAnywhere(t.TempDir(), config, false, args)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Launch starts a redis-server like Real for a program that is no test, such as a
// benchmark. Its files are in dir. An interrupt of the program isn't the
// server's, which the program ends with Close.
func Launch(dir string, args ...string) (*Server, error) {
	return startAnywhere(dir, nil, true, plain(false, args))
}

// startAnywhere starts a server on a free port.
func startAnywhere(dir string, config *tls.Config, apart bool, args func(port, dir string) []string) (*Server, error) {
	var last error
	for range 3 { // another process may take the port in between
		addr, err := freeAddr()
		if err != nil {
			return nil, err
		}
		_, port, _ := net.SplitHostPort(addr)
		s := &Server{URL: "redis://" + addr, Addr: addr, Dir: dir, tls: config, apart: apart, args: args(port, dir)}
		if config != nil {
			s.URL = "rediss://" + addr
		}
		if last = s.start(); last == nil {
			return s, nil
		}
	}
	return nil, last
}

// FreeAddr returns a loopback address nothing listens on.
func FreeAddr(t testing.TB) string {
	t.Helper()
	addr, err := freeAddr()
	if err != nil {
		t.Fatal(err)
	}
	return addr
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("redistest: %w", err)
	}
	defer l.Close() //nolint:errcheck // only its address was wanted
	return l.Addr().String(), nil
}

// Client returns a client of the server, closed with the test.
func (s *Server) Client(t testing.TB) *redis.Client {
	t.Helper()
	c := redis.NewClient(&redis.Options{Addr: s.Addr, TLSConfig: s.tls})
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// Client returns a client of a URL, closed with the test.
func Client(t testing.TB, url string) *redis.Client {
	t.Helper()
	o, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	c := redis.NewClient(o)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// Stop ends the server in order, so that it has written all it knows.
func (s *Server) Stop(t testing.TB) { s.end(t, syscall.SIGTERM) }

// Kill ends the server at once.
func (s *Server) Kill(t testing.TB) { s.end(t, syscall.SIGKILL) }

// Restart starts the server again after Stop or Kill, on the same port and data.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
}

// Pause stops the process so that it answers nothing while its connections
// stay, until Resume.
func (s *Server) Pause(t testing.TB) { s.signal(t, child.Pause) }

// Resume ends a Pause.
func (s *Server) Resume(t testing.TB) { s.signal(t, child.Resume) }

func (s *Server) signal(t testing.TB, sig syscall.Signal) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		t.Fatal("redistest: the server doesn't run")
	}
	if err := s.cmd.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
}

func (s *Server) end(t testing.TB, sig syscall.Signal) {
	t.Helper()
	s.signal(t, sig)
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.done:
	case <-time.After(time.Minute):
		t.Fatal("redistest: the server doesn't end")
	}
	s.cmd = nil
}

// Close ends the server at once, if it runs.
func (s *Server) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd != nil {
		_ = s.cmd.Process.Kill() // it may have ended
		<-s.done
		s.cmd = nil
	}
}

func (s *Server) start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd != nil {
		return errors.New("redistest: the server runs")
	}
	before := len(s.log.String())
	cmd := exec.Command("redis-server", s.args...)
	cmd.Stdout, cmd.Stderr = &s.log, &s.log
	if s.apart {
		child.Apart(cmd)
	}
	done := make(chan struct{})
	if err := child.Start(cmd, func(error) { close(done) }); err != nil {
		return fmt.Errorf("redistest: %w", err)
	}
	if err := s.ready(done, before); err != nil {
		_ = cmd.Process.Kill()
		<-done
		log := s.log.String()
		return fmt.Errorf("redistest: redis-server does not start: %w: %s", err, log[max(0, len(log)-400):])
	}
	s.cmd, s.done = cmd, done
	return nil
}

// ready polls until the server answers, since nothing tells. Another program may
// have got the port in between, even another redis-server: what this one has
// logged since before tells them apart.
func (s *Server) ready(done <-chan struct{}, before int) error {
	c := redis.NewClient(&redis.Options{Addr: s.Addr, TLSConfig: s.tls, MaxRetries: -1})
	defer c.Close() //nolint:errcheck // of no use any more
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(time.Minute)
	for {
		err := c.Ping(context.Background()).Err()
		answers := err == nil || strings.HasPrefix(err.Error(), "NOAUTH") || strings.HasPrefix(err.Error(), "WRONGPASS")
		if log := s.log.String()[before:]; answers && (strings.Contains(log, "Ready to accept connections") || strings.Contains(log, "Sentinel ID is")) {
			return nil
		}
		select {
		case <-done:
			return errors.New("it ended")
		case <-deadline:
			return errors.New("it doesn't answer")
		case <-tick.C:
		}
	}
}
