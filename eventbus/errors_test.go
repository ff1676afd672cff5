package eventbus

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
)

// reply is an error as a server sends it.
type reply string

func (r reply) Error() string { return string(r) }
func (reply) RedisError()     {}

func TestErrorsFromRedis(t *testing.T) {
	var _ redis.Error = reply("")
	for _, c := range []struct {
		err  error
		is   error // nil: none of the sentinels
		says string
	}{
		{reply("OOM command not allowed: " + canary), ErrBusFull, "out of memory"},
		{reply("LOADING Redis is loading " + canary), ErrUnavailable, "LOADING"},
		{reply("READONLY You can't write " + canary), ErrUnavailable, "READONLY"},
		{reply("WRONGTYPE of " + canary), nil, "WRONGTYPE"},
		{reply("NOPERM this user has no permissions " + canary), nil, "documentation of package eventbus"},
		{reply("ERR ACL failure in script: User " + canary + " has no permissions to run the 'xadd' command"), nil, "documentation of package eventbus"},
		{reply(canary + " is an unknown command"), nil, "an error"},
		{io.EOF, ErrUnavailable, "closed"},
		{os.ErrDeadlineExceeded, ErrUnavailable, "in time"},
		{context.DeadlineExceeded, ErrUnavailable, "in time"},
		{context.Canceled, context.Canceled, "canceled"},
		{redis.ErrClosed, ErrClosed, "closed"},
		{&net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}, ErrUnavailable, "refused"},
		{tls.RecordHeaderError{Msg: canary}, ErrUnavailable, "doesn't speak TLS"},
		{&tls.CertificateVerificationError{Err: errors.New(canary)}, ErrUnavailable, "isn't trusted"},
		{errors.New("something with " + canary), ErrUnavailable, "failed"},
	} {
		got := redisError("publish to s", fmt.Errorf("wrapped: %w", c.err))
		if c.is != nil && !errors.Is(got, c.is) || !strings.Contains(got.Error(), c.says) || !strings.Contains(got.Error(), "publish to s") {
			t.Errorf("%v became %v", c.err, got)
		}
		if c.is == nil && (errors.Is(got, ErrUnavailable) || errors.Is(got, ErrBusFull)) {
			t.Errorf("%v became %v", c.err, got)
		}
		if strings.Contains(got.Error(), canary) {
			t.Errorf("%v holds a value", got)
		}
	}
	if redisError("x", nil) != nil {
		t.Error("no error became one")
	}
}
