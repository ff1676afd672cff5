package eventbus

import (
	"context"
	"errors"
	"fmt"
	"strings"
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
	args := q.arguments(g)
	for {
		// One attempt must leave time for another: a connection may be dead
		// without knowing.
		err := q.try(ctx, g, args, max(timeout/3, 50*time.Millisecond), first != nil)
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

// arguments returns the script's for a group.
func (q *queue) arguments(g *group) []any {
	args := make([]any, 3, 3+2*len(g.items))
	args[0], args[2] = q.bus.config.DedupeWindow.Milliseconds(), g.epoch
	for i := range g.items {
		args = append(args, &g.items[i].identity, &g.items[i].event)
	}
	return args
}

// try makes one attempt. again says that there was one before.
func (q *queue) try(ctx context.Context, g *group, args []any, timeout time.Duration, again bool) error {
	ctx, done := context.WithTimeout(ctx, timeout)
	defer done()
	began := time.Now()
	args[1] = q.shard.witness.highest()
	reply, err := q.call(ctx, args)
	q.took = time.Since(began)
	if err == nil {
		err = g.settle(reply, again)
	}
	if errors.Is(err, ErrUnavailable) {
		q.shard.witness.suspect.Store(true)
	}
	return err
}

// call runs the script once.
func (q *queue) call(ctx context.Context, args []any) (string, error) {
	s, doing := q.shard, "publish to "+q.shard.events
	keys := []string{s.events, s.dedupeA, s.dedupeB, s.layout}
	if q.bus.config.MinReplicas == 0 && !q.bus.config.Synced {
		reply, err := publishScript.Run(ctx, q.bus.redis, keys, args...).Text()
		return reply, redisError(doing, err)
	}
	// WAIT is about the writes of its own connection.
	node, err := q.bus.node(ctx, s)
	if err != nil {
		return "", redisError(doing, err)
	}
	conn := node.Conn()
	defer conn.Close() //nolint:errcheck // it goes back to the pool
	reply, err := publishScript.Run(ctx, conn, keys, args...).Text()
	if err != nil {
		return "", redisError(doing, err)
	}
	deadline, _ := ctx.Deadline()
	if err := waitFor(ctx, conn, &q.bus.config, max(time.Until(deadline)/2, time.Millisecond)); err != nil {
		return "", redisErrorOr(doing, err)
	}
	return reply, nil
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

// settle takes the script's reply apart. After another attempt an entry that
// was there may be this call's own, and then it is none to call a duplicate.
func (g *group) settle(reply string, again bool) error {
	ids := strings.Split(reply, " ")
	if len(ids) != len(g.items) {
		return errors.New("eventbus: publish: redis answered with another number of ids")
	}
	g.dup = make([]bool, len(ids))
	for i, id := range ids {
		if earlier, ok := strings.CutPrefix(id, "="); ok {
			ids[i], g.dup[i] = earlier, !again
		}
	}
	g.ids = ids
	return nil
}
