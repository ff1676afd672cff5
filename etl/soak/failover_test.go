package soak

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/etl/s3sink"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/internal/s3test"
	"github.com/carebus/carebus/schema"
)

// TestFailover: a replica that had fallen behind takes over. What it holds is
// in the lake once, late plans and all; what it lacks is there if a sink was
// faster than the failure, and never twice, though publishers try again.
func TestFailover(t *testing.T) {
	old := redistest.Real(t)
	replica := redistest.Real(t)
	entry := startSwitch(t, old.Addr)
	r := &rig{redis: &redistest.Server{URL: "redis://" + entry.addr()}, s3: s3test.Start(t), shards: 1, acked: map[string]bool{}}
	var err error
	if r.bus, err = openBus(t.Context(), r.redis.URL, 1); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.bus.Close() })
	follower := replica.Client(t)
	host, port, _ := net.SplitHostPort(old.Addr)
	if err := follower.Do(t.Context(), "REPLICAOF", host, port).Err(); err != nil {
		t.Fatal(err)
	}
	sinks := []*process{start(t, r.sink(r.s3.Endpoint), r.s3.Env()), start(t, r.sink(r.s3.Endpoint), r.s3.Env())}
	r.publish(t, t.Context(), 2000, 500*time.Millisecond)
	wait(t, "the replica", func(ctx context.Context) bool {
		return follower.XLen(ctx, "carebus:{test.0}:events").Val() == 2000
	})

	// From now on the replica gets nothing more.
	if err := follower.Do(t.Context(), "REPLICAOF", "NO", "ONE").Err(); err != nil {
		t.Fatal(err)
	}
	kept := r.acked
	r.acked = map[string]bool{}
	lost := r.events(1000)
	if err := r.bus.Publish(t.Context(), lost...); err != nil {
		t.Fatal(err)
	}
	time.Sleep(400 * time.Millisecond) // the sinks carry some of them
	entry.to(replica.Addr)
	old.Kill(t)

	// Some of the lost are published again by those who never got an answer.
	for _, batch := range [][]schema.Envelope{r.events(500), lost[:300], r.events(500)} {
		if err := r.bus.Publish(t.Context(), batch...); err != nil {
			t.Fatal(err)
		}
		for _, e := range batch {
			kept[e.ID] = true
		}
	}
	for _, s := range sinks {
		s.stop(t)
	}
	r.drain(t)

	counts, _ := r.counts(t)
	missing, twice, saved := 0, 0, 0
	for id := range kept {
		if counts[id] == 0 {
			missing++
		}
	}
	for id, n := range counts {
		if n > 1 {
			twice++
		}
		if !kept[id] {
			saved++
		}
	}
	if missing > 0 || twice > 0 {
		t.Errorf("of %d events that the new server holds, %d are missing; %d are twice", len(kept), missing, twice)
	}
	r.s3.Setenv(t)
	sink, err := s3sink.New(t.Context(), r.sink(r.s3.Endpoint).S3)
	if err != nil {
		t.Fatal(err)
	}
	v, err := etl.Verify(t.Context(), etl.VerifyConfig{Sink: sink, Environment: environment, Log: "0"})
	if err != nil || len(v.Problems) > 0 || v.Late == 0 {
		t.Errorf("verify: %+v, %v", v, err)
	}
	t.Logf("%d events on the new server, each once; %d of the 700 that only the old one had are in the lake; %d lost by a plan, %d dropped as second tries",
		len(kept), saved, v.Lost, v.Dropped)
}

// wait waits until a condition holds.
func wait(t *testing.T, what string, done func(context.Context) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !done(ctx) {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s: not in time", what)
		}
	}
}

// A switchboard forwards connections to an address that can be changed, as a
// name or a Sentinel client does.
type switchboard struct {
	listener net.Listener

	mu     sync.Mutex
	target string
	open   map[net.Conn]bool
	wg     sync.WaitGroup
}

func startSwitch(t *testing.T, target string) *switchboard {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &switchboard{listener: l, target: target, open: map[net.Conn]bool{}}
	s.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.wg.Go(func() { s.forward(c) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		s.to("")
		s.wg.Wait()
	})
	return s
}

func (s *switchboard) addr() string { return s.listener.Addr().String() }

// to forwards new connections to another address and breaks the old ones.
func (s *switchboard) to(target string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.target = target
	for c := range s.open {
		c.Close()
	}
	clear(s.open)
}

func (s *switchboard) forward(c net.Conn) {
	defer c.Close()
	s.mu.Lock()
	server, err := net.Dial("tcp", s.target)
	if err == nil {
		s.open[c], s.open[server] = true, true
	}
	s.mu.Unlock()
	if err != nil {
		return
	}
	defer server.Close()
	var wg sync.WaitGroup
	wg.Go(func() {
		_, _ = io.Copy(server, c)
		server.Close()
	})
	_, _ = io.Copy(c, server)
	c.Close()
	wg.Wait()
}
