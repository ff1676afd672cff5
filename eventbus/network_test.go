package eventbus

import (
	"bytes"
	"context"
	"io"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// What goes wrong between the bus and Redis, for tests of what the bus makes of it.

// A hookFunc is a hook of the client: it makes each call of a single command, which
// next sends.
type hookFunc func(ctx context.Context, cmd redis.Cmder, next redis.ProcessHook) error

func (hookFunc) DialHook(next redis.DialHook) redis.DialHook { return next }

func (f hookFunc) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error { return f(ctx, cmd, next) }
}

func (hookFunc) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// calling reports whether a command calls a script.
func calling(cmd redis.Cmder, script *redis.Script) bool {
	return slices.Contains(cmd.Args(), any(script.Hash()))
}

// beforeScript calls f before a script is called for the nth time.
func beforeScript(script *redis.Script, n int, f func()) hookFunc {
	return func(ctx context.Context, cmd redis.Cmder, next redis.ProcessHook) error {
		if calling(cmd, script) {
			if n--; n == 0 {
				f()
			}
		}
		return next(ctx, cmd)
	}
}

// loseAnswers loses the answers of some calls of a script, which are counted from 1.
func loseAnswers(script *redis.Script, lost ...int) hookFunc {
	calls := 0
	return func(ctx context.Context, cmd redis.Cmder, next redis.ProcessHook) error {
		err := next(ctx, cmd)
		if calling(cmd, script) && cmd.Args()[0] == "evalsha" && err == nil {
			if calls++; slices.Contains(lost, calls) {
				cmd.SetErr(io.EOF)
				return io.EOF
			}
		}
		return err
	}
}

// loseReads loses the answers of the first n reads of a stream, and counts them all.
func loseReads(n int64, calls *atomic.Int64) hookFunc {
	return func(ctx context.Context, cmd redis.Cmder, next redis.ProcessHook) error {
		err := next(ctx, cmd)
		if cmd.Name() == "xrange" && calls.Add(1) <= n {
			cmd.SetErr(io.EOF)
			return io.EOF
		}
		return err
	}
}

// silence gives no answer to calls about some keys while it is on, as a server of a
// cluster that the network has lost.
func silence(on *atomic.Bool, about func(key string) bool) hookFunc {
	return func(ctx context.Context, cmd redis.Cmder, next redis.ProcessHook) error {
		for _, arg := range cmd.Args() {
			if key, ok := arg.(string); ok && on.Load() && about(key) {
				ctx, cancel := context.WithTimeout(ctx, 3*time.Second) // as a client does by itself
				defer cancel()
				<-ctx.Done()
				cmd.SetErr(ctx.Err())
				return ctx.Err()
			}
		}
		return next(ctx, cmd)
	}
}

// panicOnce panics in the next publish once now is set.
func panicOnce(now *atomic.Bool) hookFunc {
	return func(ctx context.Context, cmd redis.Cmder, next redis.ProcessHook) error {
		if calling(cmd, admitScript) && now.CompareAndSwap(true, false) {
			panic("a hook's")
		}
		return next(ctx, cmd)
	}
}

// A lossyPublish is a hook: the next publish after arm comes through, but not its
// answer.
type lossyPublish struct{ then atomic.Pointer[func()] }

// arm has then called when the answer is lost.
func (l *lossyPublish) arm(then func()) { l.then.Store(&then) }

func (l *lossyPublish) lose(cmds []redis.Cmder, err error) error {
	published := slices.ContainsFunc(cmds, func(cmd redis.Cmder) bool { return calling(cmd, admitScript) })
	if then := l.then.Load(); then != nil && published {
		l.then.Store(nil)
		(*then)()
		return io.EOF
	}
	return err
}

func (l *lossyPublish) DialHook(next redis.DialHook) redis.DialHook { return next }

func (l *lossyPublish) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := l.lose([]redis.Cmder{cmd}, next(ctx, cmd))
		if c, ok := cmd.(*redis.Cmd); ok && err == io.EOF {
			c.SetVal(nil)
			c.SetErr(err)
		}
		return err
	}
}

func (l *lossyPublish) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error { return l.lose(cmds, next(ctx, cmds)) }
}

// cutAnswers cuts the answers of the next transaction off behind so many appends.
type cutAnswers struct{ behind int }

func (*cutAnswers) DialHook(next redis.DialHook) redis.DialHook { return next }

func (*cutAnswers) ProcessHook(next redis.ProcessHook) redis.ProcessHook { return next }

func (c *cutAnswers) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		err := next(ctx, cmds)
		for _, cmd := range cmds {
			if cmd.Name() != "xadd" || c.behind < 0 {
				continue
			}
			if c.behind == 0 {
				err = io.EOF
				cmd.SetErr(err)
			} else {
				c.behind--
			}
		}
		if err == io.EOF {
			c.behind = -1
		}
		return err
	}
}

// A delayProxy is a proxy that holds back what a client sends, once, from a mark on:
// the client may have given up, and closed its connection, when it arrives.
type delayProxy struct {
	addr string
	held chan struct{} // closed when something is held back

	mu   sync.Mutex
	mark []byte // nil: nothing is held back
	free chan struct{}
	once sync.Once
}

func newDelayProxy(t *testing.T, target string) *delayProxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &delayProxy{addr: l.Addr().String(), held: make(chan struct{}), free: make(chan struct{})}
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

func (s *delayProxy) carry(server io.Writer, client io.Reader) {
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
func (s *delayProxy) hold(mark string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mark = []byte(mark)
}

// release lets go of what was held back; a test that fails does so in the end.
func (s *delayProxy) release() { s.once.Do(func() { close(s.free) }) }

// A halting connection stops before the next command that contains a word, and
// has something done there.
type halting struct {
	net.Conn
	halt *atomic.Pointer[halt]
}

func (c halting) Write(b []byte) (int, error) {
	h := c.halt.Load()
	if h == nil {
		return c.Conn.Write(b)
	}
	word := bytes.LastIndex(b, []byte(h.before))
	if word < 0 {
		return c.Conn.Write(b)
	}
	c.halt.Store(nil)
	command := bytes.LastIndexByte(b[:word], '*')
	n, err := c.Conn.Write(b[:command])
	if err != nil {
		return n, err
	}
	h.do()
	m, err := c.Conn.Write(b[command:])
	return n + m, err
}

// A halt is where a halting connection stops, and what it does there.
type halt struct {
	before string
	do     func()
}

// A cutting connection ends in the midst of an answer to a publish, or of a later one if
// that is short.
type cutting struct {
	net.Conn
	behind *atomic.Int64 // so many bytes of the answer, once; 0 for not at all
	left   int64         // until it ends; 0 if it doesn't
}

func (c *cutting) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte(admitScript.Hash())) {
		c.left = c.behind.Swap(0)
	}
	return c.Conn.Write(b)
}

func (c *cutting) Read(b []byte) (int, error) {
	if c.left == 0 {
		return c.Conn.Read(b)
	}
	n, err := c.Conn.Read(b[:min(int64(len(b)), c.left)])
	if c.left -= int64(n); c.left == 0 {
		_ = c.Conn.Close() // what follows is lost
	}
	return n, err
}
