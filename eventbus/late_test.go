package eventbus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

// A straits is a proxy that holds back what a client sends, once, from a mark on:
// the client may have given up, and closed its connection, when it arrives.
type straits struct {
	addr string
	held chan struct{} // closed when something is held back

	mu   sync.Mutex
	mark []byte // nil: nothing is held back
	free chan struct{}
	once sync.Once
}

func newStraits(t *testing.T, target string) *straits {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &straits{addr: l.Addr().String(), held: make(chan struct{}), free: make(chan struct{})}
	var carriers sync.WaitGroup
	carriers.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", target)
			if err != nil {
				client.Close() //nolint:errcheck // as is the server
				continue
			}
			carriers.Go(func() {
				_, _ = io.Copy(client, server)
				client.Close() //nolint:errcheck // it may be already
			})
			carriers.Go(func() {
				s.carry(server, client)
				server.(*net.TCPConn).CloseWrite() //nolint:errcheck // it may be closed already
			})
		}
	})
	t.Cleanup(func() {
		l.Close() //nolint:errcheck // a test's end
		s.release()
		carriers.Wait()
	})
	return s
}

func (s *straits) carry(server io.Writer, client io.Reader) {
	buf := make([]byte, 1<<16)
	for {
		n, err := client.Read(buf)
		at := n
		s.mu.Lock()
		if i := bytes.Index(buf[:n], s.mark); s.mark != nil && i >= 0 {
			s.mark, at = nil, i
		}
		s.mu.Unlock()
		_, _ = server.Write(buf[:at])
		if at < n {
			close(s.held)
			<-s.free
			_, _ = server.Write(buf[at:n])
		}
		if err != nil {
			return
		}
	}
}

// hold has the next bytes held back from mark on.
func (s *straits) hold(mark string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mark = []byte(mark)
}

// release lets go of what was held back; a test that fails does so in the end.
func (s *straits) release() { s.once.Do(func() { close(s.free) }) }

// unnamed returns events without ids, which the bus makes.
func unnamed(subject string, n int) []schema.Envelope {
	return large(subject, n, func(int) string { return "" })
}

// once fails unless each event of a shard's stream is there once, and all in
// number are want.
func once(t *testing.T, b *Bus, want int) {
	t.Helper()
	entries, err := b.Logs()[0].Read(t.Context(), "", 10_000)
	if err != nil {
		t.Fatal(err)
	}
	times := map[string]int{}
	for _, entry := range entries {
		e, err := schema.Parse(entry.Data)
		if err != nil {
			t.Fatal(err)
		}
		if times[e.ID]++; times[e.ID] == 2 {
			t.Errorf("event %s is there twice", e.ID)
		}
	}
	if len(times) != want {
		t.Errorf("%d events are there, want %d", len(times), want)
	}
}

// TestALateAttempt: what the bus has sent again arrives after all.
func TestALateAttempt(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, many} {
		server := redistest.Real(t)
		s := newStraits(t, server.Addr)
		b, direct := open(t, "redis://"+s.addr, func(c *Config) { c.Timeout = 6 * time.Second }), open(t, server.URL)
		if err := b.Publish(t.Context(), events("user/2", 1)...); err != nil {
			t.Fatal(err)
		}
		s.hold("evalsha")
		if err := b.Publish(t.Context(), unnamed("user/1", n)...); err != nil {
			t.Fatal(err)
		}
		<-s.held
		s.release()
		until(t, "the late attempt", func() bool { return calls(t, server, "evalsha") >= 6 })
		once(t, direct, n+1)
	}
}

// lostReads loses the answers of the first reads of a stream.
type lostReads struct {
	lost  int
	calls *atomic.Int64
}

func (lostReads) DialHook(next redis.DialHook) redis.DialHook { return next }

func (h lostReads) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := next(ctx, cmd)
		if cmd.Name() == "xrange" && h.calls.Add(1) <= int64(h.lost) {
			cmd.SetErr(io.EOF)
			return io.EOF
		}
		return err
	}
}

func (lostReads) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// TestAReceiptOutlastsAnOutage: it names the entry also where that couldn't be
// looked for at once, as when the connection goes that the event was published on.
func TestAReceiptOutlastsAnOutage(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		all := slices.Concat(events("user/1", 3), large("user/2", 3, func(int) string { return schema.NewID() }))
		first, err := b.PublishBatch(t.Context(), all)
		if err != nil {
			t.Fatal(err)
		}
		reads := lostReads{2, new(atomic.Int64)}
		b.redis.AddHook(reads)
		again, err := b.PublishBatch(t.Context(), all)
		if err != nil || reads.calls.Load() <= int64(reads.lost) {
			t.Fatalf("%v, after %d reads", err, reads.calls.Load())
		}
		for i, r := range again {
			if r.StreamID != first[i].StreamID {
				t.Errorf("event %d again: %+v, want entry %s", i, r, first[i].StreamID)
			}
		}
	})
}

// TestAnEntryOfAServerThatStalled is found, seconds behind the id from which on it
// is to be looked for.
func TestAnEntryOfAServerThatStalled(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		all := events("user/1", many)
		receipts, err := b.PublishBatch(t.Context(), all)
		if err != nil {
			t.Fatal(err)
		}
		from := parseStreamID(receipts[0].StreamID)
		from.ms -= 5000
		r := rereader{bus: b, shard: b.all()[0], seen: map[identity]string{}}
		for i, e := range all {
			if got := r.find(t.Context(), identify(e.Source, e.ID), from); got != receipts[i].StreamID {
				t.Fatalf("event %d is found as %q, want %s", i, got, receipts[i].StreamID)
			}
		}
	})
}

// calls returns how often a server has run a command.
func calls(t *testing.T, server *redistest.Server, command string) (n int) {
	t.Helper()
	for line := range bytes.Lines([]byte(server.Client(t).Info(t.Context(), "commandstats").Val())) {
		if rest, ok := bytes.CutPrefix(line, []byte("cmdstat_"+command+":calls=")); ok {
			_, _ = fmt.Sscan(string(rest), &n)
		}
	}
	return n
}

// TestALateAttemptOfAnotherProcess: it gave up, and what it had sent arrives after
// its caller has published the event elsewhere.
func TestALateAttemptOfAnotherProcess(t *testing.T) {
	for _, n := range []int{1, many} {
		server := redistest.Real(t)
		s := newStraits(t, server.Addr)
		b, other := open(t, "redis://"+s.addr), open(t, server.URL)
		if err := b.Publish(t.Context(), events("user/2", 1)...); err != nil {
			t.Fatal(err)
		}
		s.hold("evalsha")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		all := unnamed("user/1", n)
		go func() {
			<-s.held
			cancel()
		}()
		receipts, err := b.PublishBatch(ctx, all)
		if err == nil {
			t.Fatal("it was published")
		}
		for i := range all {
			all[i].ID = receipts[i].ID
		}
		if err := other.Publish(t.Context(), all...); err != nil {
			t.Fatal(err)
		}
		s.release()
		if err := b.Publish(t.Context(), events("user/1", 1)...); err != nil { // it waits its turn
			t.Fatal(err)
		}
		once(t, other, n+2)
	}
}

// TestAnEventAgainInItsGroup: its caller gave up, and publishes it again while it
// waits.
func TestAnEventAgainInItsGroup(t *testing.T) {
	server := redistest.Real(t)
	b := open(t, server.URL, func(c *Config) { c.Timeout = time.Minute })
	if err := b.Publish(t.Context(), events("user/1", 1)...); err != nil {
		t.Fatal(err)
	}
	q, callers := holdUp(t, b, server)
	ctx, cancel := context.WithCancel(t.Context())
	all := unnamed("user/1", 3)
	var receipts []Receipt
	gone := make(chan error, 1)
	go func() {
		var err error
		receipts, err = b.PublishBatch(ctx, all)
		gone <- err
	}()
	until(t, "the events in the queue", func() bool { return queued(q) == 3 })
	cancel()
	if err := <-gone; err == nil {
		t.Fatal("it was published")
	}
	for i := range all {
		all[i].ID = receipts[i].ID
	}
	callers.Go(func() {
		if err := b.Publish(t.Context(), all...); err != nil {
			t.Error(err)
		}
	})
	until(t, "the events again in the queue", func() bool { return queued(q) == 6 })
	server.Resume(t)
	callers.Wait()
	once(t, b, 5)
}

// holdUp pauses the server while it has an event of user/1, and returns the queue
// in which others wait behind that, and its caller.
func holdUp(t *testing.T, b *Bus, server *redistest.Server) (*queue, *sync.WaitGroup) {
	t.Helper()
	q := b.layout().queueOf(hash("user/1"))
	// Who sent the event before may not have seen yet that nothing waits.
	until(t, "the end of the round trip before", func() bool { return !busy(q) })
	server.Pause(t)
	callers := new(sync.WaitGroup)
	callers.Go(func() {
		if err := b.Publish(t.Context(), event("user/1", 2)); err != nil {
			t.Error(err)
		}
	})
	until(t, "a round trip", func() bool { return underWay(q) })
	return q, callers
}

// TestOneIDManyTimes costs no more round trips than once.
func TestOneIDManyTimes(t *testing.T) {
	server := redistest.Real(t)
	b := open(t, server.URL)
	if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
		t.Fatal(err)
	}
	all := make([]schema.Envelope, groupEvents)
	for i := range all {
		all[i] = event("user/1", 3)
	}
	before := calls(t, server, "evalsha")
	// What waits for a round trip leaves as one group, however slow the caller is.
	q, callers := holdUp(t, b, server)
	callers.Go(func() {
		receipts, err := b.PublishBatch(t.Context(), all)
		if err != nil {
			t.Error(err)
		}
		for i, r := range receipts {
			if r.Duplicate != (i > 0) || r.StreamID != receipts[0].StreamID {
				t.Errorf("receipt %d: %+v", i, r)
			}
		}
	})
	until(t, "the batch in the queue", func() bool { return queued(q) == len(all) })
	server.Resume(t)
	callers.Wait()
	if n := calls(t, server, "evalsha") - before; n > 8 { // among them the first one's further attempts
		t.Errorf("%d round trips", n)
	}
	once(t, b, 3)
}

// TestRefusedAtTheEnd: the server has queued a transaction and can't run it any more.
func TestRefusedAtTheEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		is       error
		do, undo []any
	}{
		{ErrUnavailable, []any{"REPLICAOF", "127.0.0.1", "1"}, []any{"REPLICAOF", "NO", "ONE"}},
		{ErrBusFull, []any{"CONFIG", "SET", "maxmemory", "1"}, []any{"CONFIG", "SET", "maxmemory", "0"}},
		{ErrUnavailable, []any{"CONFIG", "SET", "min-replicas-to-write", "1"}, []any{"CONFIG", "SET", "min-replicas-to-write", "0"}},
	} {
		t.Run(fmt.Sprint(c.do...), func(t *testing.T) {
			t.Parallel()
			server := redistest.Real(t)
			s := newStraits(t, server.Addr)
			b, admin := open(t, "redis://"+s.addr, func(c *Config) { c.Timeout = 6 * time.Second }), server.Client(t)
			if err := b.Publish(t.Context(), events("user/1", many)...); err != nil {
				t.Fatal(err)
			}
			// What is held must come while the first attempt lasts: the outcome of a
			// later one is open.
			s.hold("*1\r\n$4\r\nexec")
			failed := make(chan error, 1)
			all := unnamed("user/2", 4*many) // some leave in small groups
			var receipts []Receipt
			go func() {
				var err error
				receipts, err = b.PublishBatch(t.Context(), all)
				failed <- err
			}()
			select {
			case <-s.held:
			case err := <-failed:
				t.Fatalf("there was no transaction to hold: %v", err)
			}
			if err := admin.Do(t.Context(), c.do...).Err(); err != nil {
				t.Fatal(err)
			}
			s.release()
			err := <-failed
			batch, ok := errors.AsType[schema.BatchError](err)
			if !ok {
				t.Fatalf("after %v: %v", c.do, err)
			}
			there := many // and what left in a group of its own before
			for _, err := range batch {
				if err == nil {
					there++
				} else if !errors.Is(err, c.is) {
					t.Errorf("after %v: %v", c.do, err)
				}
			}
			// A last attempt may be on its way still, and arrive when the server takes
			// events again.
			once(t, b, there)
			if err := admin.Do(t.Context(), c.undo...).Err(); err != nil {
				t.Fatal(err)
			}
			for i := range all {
				all[i].ID = receipts[i].ID
			}
			if err := b.Publish(t.Context(), all...); err != nil {
				t.Error(err)
			}
			once(t, b, 5*many)
		})
	}
}
