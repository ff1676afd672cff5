package eventbus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

// first returns the error of a call's first event.
func first(err error) error {
	if batch, ok := errors.AsType[schema.BatchError](err); ok {
		return batch[0]
	}
	return err
}

// A lossy client's next publish comes through, but not its answer.
type lossy struct{ then atomic.Pointer[func()] }

func (l *lossy) lose(cmds []redis.Cmder, err error) error {
	published := slices.ContainsFunc(cmds, func(cmd redis.Cmder) bool { return slices.Contains(cmd.Args(), any(admitScript.Hash())) })
	if then := l.then.Load(); then != nil && published {
		l.then.Store(nil)
		(*then)()
		return io.EOF
	}
	return err
}

func (l *lossy) DialHook(next redis.DialHook) redis.DialHook { return next }
func (l *lossy) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := l.lose([]redis.Cmder{cmd}, next(ctx, cmd))
		if c, ok := cmd.(*redis.Cmd); ok && err == io.EOF {
			c.SetVal(nil)
			c.SetErr(err)
		}
		return err
	}
}
func (l *lossy) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error { return l.lose(cmds, next(ctx, cmds)) }
}

// producer makes a user with all rights, and returns what takes some and gives them back.
func producer(t *testing.T, server *redistest.Server) (url string, may func(rules ...any)) {
	admin := server.Client(t)
	may = func(rules ...any) {
		if err := admin.Do(context.WithoutCancel(t.Context()), append([]any{"ACL", "SETUSER", "producer"}, rules...)...).Err(); err != nil {
			t.Error(err)
		}
	}
	may("on", ">secret", "~*", "+@all")
	return "redis://producer:secret@" + server.Addr, may
}

// A refusal doesn't end what an attempt before it has left open.
func TestARefusalBehindALostAnswer(t *testing.T) {
	for _, n := range []int{1, many} {
		server := redistest.Real(t)
		url, may := producer(t, server)
		b := open(t, url)
		if err := b.Publish(t.Context(), events("user/1", many)...); err != nil {
			t.Fatal(err)
		}
		hook := &lossy{}
		b.redis.AddHook(hook)
		then := func() { may("-evalsha", "-eval") }
		hook.then.Store(&then)
		all := unnamed("user/2", n)
		for i := range all {
			all[i].ID = schema.NewID()
		}
		err := first(b.Publish(t.Context(), all...))
		if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "NOPERM") {
			t.Errorf("%d events: %v", n, err)
		}
		// Without such an attempt it is final.
		if err := first(b.Publish(t.Context(), unnamed("user/3", n)...)); err == nil || errors.Is(err, ErrUnavailable) {
			t.Errorf("%d events, at once: %v", n, err)
		}
		may("+evalsha", "+eval")
		if err := b.Publish(t.Context(), all...); err != nil {
			t.Fatal(err)
		}
		once(t, b, many+n)
	}
}

// What is written, but can't be waited for, isn't told as if it wasn't there.
func TestARefusedWaitLeavesTheOutcomeOpen(t *testing.T) {
	server := redistest.Real(t)
	url, may := producer(t, server)
	may("-wait")
	b := open(t, url, func(c *Config) { c.MinReplicas, c.Timeout = 1, time.Second })
	err := b.Publish(t.Context(), event("user/1", 1))
	if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "NOPERM") {
		t.Error(err)
	}
	if n := server.Client(t).XLen(t.Context(), stream0).Val(); n != 1 {
		t.Errorf("%d entries", n)
	}
}

// A halting connection stops before the next command that contains a word, and
// has something done there.
type halting struct {
	net.Conn
	halt *atomic.Pointer[halt]
}

type halt struct {
	before string
	do     func()
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

// TestRightsLostWithinATransaction: what is told and what is in the stream agree
// where a user loses a right before a transaction or in its midst, and events
// that are published again are there once.
func TestRightsLostWithinATransaction(t *testing.T) {
	for _, c := range []struct {
		lacks []any
		works bool // without a transaction
	}{
		{[]any{"-multi"}, true}, {[]any{"-exec"}, true}, {[]any{"-@transaction"}, true}, {[]any{"-renamenx"}, true},
		{[]any{"-xadd"}, false}, {[]any{"-evalsha", "-eval"}, false}, {[]any{"-append"}, false},
		{[]any{"resetkeys", "~carebus:{test.0}:[del]*"}, false},
	} {
		for _, before := range []string{"", "nomkstream", "exec"} {
			t.Run(fmt.Sprint(c.lacks, before), func(t *testing.T) {
				t.Parallel()
				server := redistest.Real(t)
				_, may := producer(t, server)
				admin := server.Client(t)
				var halts atomic.Pointer[halt]
				client := redis.NewClient(&redis.Options{
					Addr: server.Addr, Username: "producer", Password: "secret", MaxRetries: -1, ContextTimeoutEnabled: true,
					Dialer: func(ctx context.Context, network, addr string) (net.Conn, error) {
						conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
						return halting{conn, &halts}, err
					},
				})
				defer client.Close() //nolint:errcheck // the test is over
				b := open(t, "", func(c *Config) { c.Client, c.Timeout = client, 20*time.Second })
				want := many
				if err := b.Publish(t.Context(), events("user/1", many)...); err != nil {
					t.Fatal(err)
				}
				lose := func() { may(c.lacks...) }
				if before != "" {
					halts.Store(&halt{before, func() {
						until(t, "commands in the transaction", func() bool {
							clients, err := admin.ClientList(t.Context()).Result()
							return err == nil && strings.Count(clients, " multi=-1 ") < strings.Count(clients, " multi=")
						})
						lose()
					}})
				} else {
					lose()
				}
				// A slow caller's events may leave a few at a time, and then without a transaction.
				var all []schema.Envelope
				acked := 0
				for len(all) == 0 || halts.Load() != nil {
					some := large("user/2", many, func(int) string { return schema.NewID() })
					all = append(all, some...)
					_, err := b.PublishBatch(t.Context(), some)
					errs, _ := err.(schema.BatchError) //nolint:errorlint // PublishBatch returns it as it is
					acked += len(some)
					for _, err := range errs {
						if err != nil {
							acked--
						}
						if err != nil && (c.works && before != "exec" || errors.Is(err, ErrUnavailable)) {
							t.Fatal(err)
						}
					}
				}
				want += acked
				// Whoever has the rights may come first.
				if err := open(t, server.URL).Publish(t.Context(), unnamed("user/3", many)...); err != nil {
					t.Error(err)
				}
				want += many
				once(t, b, want)
				noTrace(t, admin)
				may("~*", "+@all")
				if err := b.Publish(t.Context(), all...); err != nil {
					t.Fatal(err)
				}
				once(t, b, want+len(all)-acked)
			})
		}
	}
}
