package eventbus

import (
	"context"
	"fmt"
	"time"
)

// Leases shares the bus's logs out among the processes that carry them into a
// lake. It is safe for concurrent use.
type Leases struct {
	bus  *Bus
	keys []string
}

// Leases returns the environment's leases.
func (b *Bus) Leases() *Leases {
	prefix := fmt.Sprintf("carebus:{%s}:lake:", b.config.Environment)
	return &Leases{b, []string{prefix + "members", prefix + "owners"}}
}

// Hold says that member is alive and would carry any of logs, and returns those
// that are its own for the time ttl: a fair share, those that it held before
// first. Without logs, it gives up what it holds and leaves. It is one atomic
// step, by the server's clock; all members should ask for about the same time, since
// one that is there for ten times as long, and ten minutes, is so by a clock that was
// ahead.
func (l *Leases) Hold(ctx context.Context, member string, logs []string, ttl time.Duration) ([]string, error) {
	args := []any{member, ttl.Milliseconds()}
	for _, log := range logs {
		args = append(args, log)
	}
	mine, err := shareScript.Run(ctx, l.bus.redis, l.keys, args...).StringSlice()
	if err != nil {
		return nil, redisError("hold leases", err)
	}
	return mine, nil
}
