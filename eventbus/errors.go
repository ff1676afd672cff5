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
	"time"

	"github.com/redis/go-redis/v9"
)

// Errors to branch on, with [errors.Is].
var (
	// ErrUnavailable says that Redis can't be reached or can't answer now. The
	// same call may succeed later; with the same event ids it is safe to repeat
	// even when its outcome is unknown.
	ErrUnavailable = errors.New("eventbus: redis is unavailable")
	// ErrBusFull says that Redis has no memory left. Publish again when
	// consumers have caught up.
	ErrBusFull = errors.New("eventbus: redis is out of memory")
	// ErrTooLarge says that an event is larger than Config.MaxEventBytes.
	ErrTooLarge = errors.New("eventbus: the event is larger than the bus takes")
	// ErrScrub says that an event could not be scrubbed and was refused.
	ErrScrub = errors.New("eventbus: the event can't be scrubbed")
	// ErrClosed says that the bus was closed.
	ErrClosed = errors.New("eventbus: the bus is closed")
)

// redisError wraps what a call to Redis came back with. The text of a server's
// reply may repeat the arguments of the command, so only its leading code, such
// as NOAUTH, is kept; what the network says names addresses at most.
func redisError(doing string, err error) error {
	code := replyCode(err)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errNoted):
		return err
	case code != "":
		if refusedInScript(err) {
			code = "NOPERM"
		}
		switch code {
		case "LAYOUT":
			return errLayout
		case "SEALED":
			return fmt.Errorf("%w: %s: the shards are being changed", ErrUnavailable, doing)
		case "OOM":
			return fmt.Errorf("%w (%s)", ErrBusFull, doing)
		case "HALF":
			return fmt.Errorf("%w (%s)", errHalf, doing)
		case "TORN":
			return fmt.Errorf("eventbus: %s: redis answered TORN: there is another stream under the name in the field appending of the shard's layout; join them", doing)
		case "NOPERM":
			return fmt.Errorf("eventbus: %s: redis answered NOPERM: its user lacks a command or a key of those that the documentation of package eventbus lists", doing)
		case "LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "BUSY", "MISCONF", "NOREPLICAS", "UNBLOCKED", "MOVED", "ASK", "EXECABORT":
			return fmt.Errorf("%w: %s: it answered %s", ErrUnavailable, doing, code)
		}
		if !isReplyCode(code) {
			code = "an error"
		}
		return fmt.Errorf("eventbus: %s: redis answered %s", doing, code)
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("eventbus: %s: %w", doing, context.Canceled)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, redis.ErrPoolTimeout):
		return fmt.Errorf("%w: %s: no answer in time", ErrUnavailable, doing)
	case errors.Is(err, redis.ErrClosed):
		return fmt.Errorf("%w (%s)", ErrClosed, doing)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return fmt.Errorf("%w: %s: the connection was closed", ErrUnavailable, doing)
	}
	var notTLS tls.RecordHeaderError
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.As(err, &notTLS):
		return fmt.Errorf("%w: %s: the server doesn't speak TLS", ErrUnavailable, doing)
	case errors.As(err, &untrusted):
		return fmt.Errorf("%w: %s: the server's certificate isn't trusted", ErrUnavailable, doing)
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return fmt.Errorf("%w: %s: %w", ErrUnavailable, doing, op)
	}
	return fmt.Errorf("%w: %s: the connection failed", ErrUnavailable, doing)
}

// errHalf says that events were written and that a publish of the same ones may
// write them again, as where the user lacks a right: trying doesn't help.
var errHalf = errors.New("eventbus: redis took the events and could not note all of them as published")

// leftOpen makes of an error one that leaves the outcome open, since an attempt
// before it, or the first step of this one, may have written the events.
func leftOpen(err error) error {
	if err == nil || errors.Is(err, ErrUnavailable) || errors.Is(err, ErrBusFull) || errors.Is(err, errLayout) || errors.Is(err, errNoted) {
		return err
	}
	return fmt.Errorf("%w: the event may have been written before: %w", ErrUnavailable, err)
}

// isReplyCode reports whether s looks like the error code of a Redis reply.
func isReplyCode(s string) bool {
	return s != "" && len(s) <= 32 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// replyCode returns the code of a server's reply, that of why a transaction was
// given up, or "" for other errors.
func replyCode(err error) string {
	var reply redis.Error
	if !errors.As(err, &reply) {
		return ""
	}
	code, why, _ := strings.Cut(reply.Error(), " ")
	if code == "EXECABORT" {
		// Transaction discarded because of: READONLY You can't …
		if _, why, ok := strings.Cut(why, ": "); ok {
			code, _, _ = strings.Cut(why, " ")
		}
	}
	return code
}

// refusedInScript reports whether a script failed because its user lacks a right,
// for which Redis has words but no code: those of 7.0, and those since 7.2.
func refusedInScript(err error) bool {
	var reply redis.Error
	return errors.As(err, &reply) &&
		(strings.Contains(reply.Error(), "The user executing the script can't ") || strings.Contains(reply.Error(), "ACL failure in script: "))
}

// containsNoGroup reports whether a call failed for want of its consumer
// group: before Redis 7 a script's error names the script first.
func containsNoGroup(err error) bool {
	var reply redis.Error
	return errors.As(err, &reply) && strings.Contains(reply.Error(), "NOGROUP")
}

// expired reports whether ctx is done, or about to be: a connection, which has
// the same deadline, may notice a moment earlier.
func expired(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() != nil || ok && !time.Now().Before(deadline)
}

// contextError says that ctx ended what was being done. A deadline is a kind of
// being unavailable; a cancellation is not.
func contextError(doing string, ctx context.Context) error {
	err := ctx.Err()
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%w: %s: no answer in the caller's time: %w", ErrUnavailable, doing, err)
	}
	return fmt.Errorf("eventbus: %s: %w", doing, err)
}
