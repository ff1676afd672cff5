package redistest

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// A Proxy stands between a client and a server, and makes the network between
// them as bad as told. It is safe for concurrent use.
type Proxy struct {
	Addr string // where it listens

	listener net.Listener
	work     sync.WaitGroup

	mu     sync.Mutex
	target string
	delay  time.Duration
	conns  map[net.Conn]bool
	closed bool
}

// NewProxy starts a proxy to the server at target. It ends with the test.
func NewProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{Addr: l.Addr().String(), listener: l, target: target, conns: map[net.Conn]bool{}}
	p.work.Go(p.accept)
	t.Cleanup(p.close)
	return p
}

// To sends new connections to another server and cuts those there are.
func (p *Proxy) To(target string) {
	p.mu.Lock()
	p.target = target
	p.mu.Unlock()
	p.Cut()
}

// Slow delays what goes through by d, in each direction.
func (p *Proxy) Slow(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = d
}

// Cut closes all connections.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		_ = c.Close() // of no use any more
	}
}

func (p *Proxy) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	_ = p.listener.Close() // of no use any more
	p.Cut()
	p.work.Wait()
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		target := p.target
		p.mu.Unlock()
		server, err := net.Dial("tcp", target)
		if err != nil || !p.add(client, server) {
			_ = client.Close() // as if nobody listened
			if server != nil {
				_ = server.Close()
			}
			continue
		}
		p.work.Go(func() { p.carry(client, server) })
		p.work.Go(func() { p.carry(server, client) })
	}
}

func (p *Proxy) add(conns ...net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		p.conns[c] = true
	}
	return !p.closed
}

// carry copies until one side closes, and then closes both.
func (p *Proxy) carry(from, to net.Conn) {
	defer func() {
		_, _ = from.Close(), to.Close()
		p.mu.Lock()
		delete(p.conns, from)
		p.mu.Unlock()
	}()
	_, _ = io.Copy(slowWriter{p, to}, from) // how it ended doesn't matter
}

type slowWriter struct {
	p  *Proxy
	to net.Conn
}

func (w slowWriter) Write(b []byte) (int, error) {
	w.p.mu.Lock()
	delay := w.p.delay
	w.p.mu.Unlock()
	if delay > 0 {
		time.Sleep(delay)
	}
	return w.to.Write(b)
}
