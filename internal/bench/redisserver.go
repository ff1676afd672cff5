package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
)

// errNoRedis says what to do where there is no Redis to measure with.
var errNoRedis = errors.New("redis-server is not installed, and there is nothing to measure without it: apt-get install redis-server, or brew install redis")

// A redisServer is a redis-server process on a free loopback port. It keeps
// everything in memory and writes no files, so that the disk doesn't decide.
type redisServer struct {
	addr string
	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended
}

// startRedis starts a server and waits until it answers.
func startRedis(ctx context.Context) (*redisServer, error) {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, errNoRedis
	}
	var last error
	for range 3 { // another process may take the port in between
		s, err := launchRedis(ctx, path)
		if err == nil {
			return s, nil
		}
		last = err
	}
	return nil, last
}

func launchRedis(ctx context.Context, path string) (*redisServer, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(path, "--bind", "127.0.0.1", "--port", port, "--dir", os.TempDir(),
		"--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction", "--daemonize", "no")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interrupt is for this process, which stops the server
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start redis-server: %w", err)
	}
	s := &redisServer{addr: addr, cmd: cmd, done: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // how it ended doesn't matter
		close(s.done)
	}()
	if err := s.answer(ctx); err != nil {
		s.stop()
		return nil, fmt.Errorf("%w: %s", err, lastLine(log.String()))
	}
	return s, nil
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// answer waits until the server does, rather than another one on its port.
func (s *redisServer) answer(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	client := redis.NewClient(&redis.Options{Addr: s.addr})
	defer client.Close()
	ours := fmt.Sprintf("process_id:%d\r\n", s.cmd.Process.Pid)
	for !strings.Contains(client.Info(ctx, "server").Val(), ours) {
		select {
		case <-s.done:
			return errors.New("redis-server ended at once")
		case <-ctx.Done():
			return errors.New("redis-server didn't answer")
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}

// stop ends the server and waits until it has.
func (s *redisServer) stop() {
	_ = s.cmd.Process.Kill() // it may have ended
	<-s.done
}

func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return s[strings.LastIndexByte(s, '\n')+1:]
}
