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

// send brings a batch to Redis, again and again while Redis is away: the dedupe
// makes that safe. It gives up when the batch has waited for Config.Timeout. An
// attempt that failed before is in first.
func (q *queue) send(b *batch, first error) {
	timeout := q.bus.config.Timeout
	ctx, cancel := context.WithDeadline(context.Background(), b.opened.Add(timeout))
	defer cancel()
	wait := backoff.ExponentialBackOff{InitialInterval: 5 * time.Millisecond, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: 500 * time.Millisecond}
	wait.Reset()
	for {
		// One attempt must leave time for another: a connection may be dead
		// without knowing.
		err := q.try(ctx, b, max(timeout/3, 50*time.Millisecond), first != nil)
		if !errors.Is(err, ErrUnavailable) {
			q.finish(b, err)
			return
		}
		if first == nil {
			first = err // it tells more than those of attempts cut short at the end
		}
		if !sleep.For(ctx, wait.NextBackOff()) {
			q.finish(b, first)
			return
		}
	}
}

// try makes one attempt. again says that there was one before.
func (q *queue) try(ctx context.Context, b *batch, timeout time.Duration, again bool) error {
	ctx, done := context.WithTimeout(ctx, timeout)
	defer done()
	began := time.Now()
	b.again = again
	err := q.write(ctx, b)
	q.took = time.Since(began)
	if errors.Is(err, ErrUnavailable) {
		q.shard.witness.suspect.Store(true)
	}
	return err
}

// An outcome says what became of an item.
type outcome struct {
	// id is that of the item's entry. When another call or attempt has appended
	// that, it is the id from which on the entry is to be looked for.
	id    string
	known bool // another call or attempt has appended it
}

// write appends those of a batch's events to the shard's stream that it doesn't
// have yet.
func (q *queue) write(ctx context.Context, b *batch) error {
	b.outcomes = make([]outcome, len(b.items))
	left, twins := b.distinct()
	for len(left) > 0 {
		if err := q.safely(ctx, &transaction{q, b, left}); err != nil {
			return err
		}
		open := b.open(left)
		if len(open) == len(left) {
			return errors.New("eventbus: publish: redis refused events without telling which are known")
		}
		left = open
	}
	for _, t := range twins {
		b.outcomes[t.item] = outcome{b.outcomes[t.first].id, true}
	}
	return nil
}

// A twin is an item with the identity of one before it in the batch.
type twin struct{ item, first int }

// distinct returns the items of distinct identities, and the others.
func (b *batch) distinct() (items []int, twins []twin) {
	items = make([]int, 0, len(b.items))
	if b.given == 0 { // the bus has made all ids
		for i := range b.items {
			items = append(items, i)
		}
		return items, nil
	}
	seen := make(map[identity]int, len(b.items))
	for i := range b.items {
		if first, ok := seen[b.items[i].identity]; ok {
			twins = append(twins, twin{i, first})
			continue
		}
		seen[b.items[i].identity] = i
		items = append(items, i)
	}
	return items, twins
}

// open returns the items without an outcome.
func (b *batch) open(items []int) (open []int) {
	for _, i := range items {
		if b.outcomes[i].id == "" {
			open = append(open, i)
		}
	}
	return open
}

// safely runs a transaction and waits until it is as safe as the configuration
// asks for.
func (q *queue) safely(ctx context.Context, t *transaction) error {
	if q.bus.config.MinReplicas == 0 && !q.bus.config.Synced {
		return redisError(q.doing(), t.run(ctx, q.bus.redis))
	}
	// WAIT is about the writes of its own connection.
	node, err := q.bus.node(ctx, q.shard)
	if err != nil {
		return redisError(q.doing(), err)
	}
	conn := node.Conn()
	defer conn.Close() //nolint:errcheck // it goes back to the pool
	if err := t.run(ctx, conn); err != nil {
		return redisError(q.doing(), err)
	}
	deadline, _ := ctx.Deadline()
	err = waitFor(ctx, conn, &q.bus.config, max(time.Until(deadline)/2, time.Millisecond))
	return leftOpen(redisErrorOr(q.doing(), err))
}

// doing says in errors what a queue does.
func (q *queue) doing() string { return "publish to " + q.shard.events }

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
