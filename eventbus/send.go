package eventbus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/sleep"
)

// send brings a group to Redis, again and again while Redis is away: the dedupe
// makes that safe. It gives up when the group has waited for Config.Timeout. An
// attempt that failed before is in first.
func (q *queue) send(g *group, first error) {
	timeout := q.bus.config.Timeout
	ctx, cancel := context.WithDeadline(context.Background(), g.opened.Add(timeout))
	defer cancel()
	wait := backoff.ExponentialBackOff{InitialInterval: 5 * time.Millisecond, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: 500 * time.Millisecond}
	wait.Reset()
	for {
		// One attempt must leave time for another: a connection may be dead
		// without knowing.
		err := q.try(ctx, g, max(timeout/3, 50*time.Millisecond), first != nil)
		if !errors.Is(err, ErrUnavailable) {
			q.finish(g, err)
			return
		}
		if first == nil {
			first = err // it tells more than those of attempts cut short at the end
		}
		if !sleep.For(ctx, wait.NextBackOff()) {
			q.finish(g, first)
			return
		}
	}
}

// try makes one attempt. again says that there was one before.
func (q *queue) try(ctx context.Context, g *group, timeout time.Duration, again bool) error {
	ctx, done := context.WithTimeout(ctx, timeout)
	defer done()
	began := time.Now()
	g.again = again
	err := q.write(ctx, g)
	q.took = time.Since(began)
	if errors.Is(err, ErrUnavailable) {
		q.shard.witness.suspect.Store(true)
	}
	return err
}

// waitFor waits until what the connection wrote is as safe as the configuration
// asks for.
func waitFor(ctx context.Context, conn *redis.Conn, c *Config, d time.Duration) error {
	if !c.Synced {
		have, err := conn.Wait(ctx, c.MinReplicas, d).Result()
		if err == nil && int(have) < c.MinReplicas {
			err = &notSafeError{fmt.Sprintf("%d of %d replicas have it", have, c.MinReplicas)}
		}
		return err
	}
	have, err := conn.Do(ctx, "WAITAOF", 1, c.MinReplicas, d.Milliseconds()).Int64Slice()
	switch {
	case err != nil:
		return err
	case len(have) != 2 || have[0] < 1:
		return &notSafeError{"it isn't on the disk"}
	case int(have[1]) < c.MinReplicas:
		return &notSafeError{fmt.Sprintf("it is on the disks of %d of %d replicas", have[1], c.MinReplicas)}
	}
	return nil
}

// A notSafeError says what a write still lacks.
type notSafeError struct{ what string }

func (e *notSafeError) Error() string { return e.what }

func redisErrorOr(doing string, err error) error {
	var lacks *notSafeError
	if errors.As(err, &lacks) {
		return fmt.Errorf("%w: %s: %w", ErrUnavailable, doing, lacks)
	}
	return redisError(doing, err)
}
