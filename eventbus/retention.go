package eventbus

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// A RetentionConfig says what may be removed from the streams. Whatever it
// says, an entry stays until every consumer group has settled it.
type RetentionConfig struct {
	// KeepFor keeps entries at least that long, for a look back. Default 24 hours.
	KeepFor time.Duration
	// MaxBytes removes entries younger than KeepFor, too, once Redis uses this
	// much memory: all that everyone has finished with. Default: no such limit.
	MaxBytes int64
	// WithoutLake also removes entries that the lake doesn't hold. Default
	// false: an entry stays until it is in the lake.
	WithoutLake bool
	// Every is how often [Bus.Retain] trims. Default 1 minute.
	Every time.Duration
}

func (c *RetentionConfig) complete() error {
	c.KeepFor = cmp.Or(c.KeepFor, 24*time.Hour)
	c.Every = cmp.Or(c.Every, time.Minute)
	if c.KeepFor < 0 || c.MaxBytes < 0 || c.Every < 0 {
		return errors.New("eventbus: RetentionConfig.KeepFor, MaxBytes and Every can't be negative")
	}
	return nil
}

// A Trimmed is what trimming one shard did.
type Trimmed struct {
	Shard   string
	Removed int64 // entries
	// HeldBy names who still needs the oldest entry beyond KeepFor: "the lake"
	// or "group <name>", which may be [Foreign]; "" when nobody does. The last
	// entry that everyone has finished with stays all the same.
	HeldBy string
}

// Trim removes the entries that are older than KeepFor and that every consumer
// group and the lake have finished with. HeldBy says which group holds back trimming;
// nothing that it still needs is removed. The error says which shards can't be
// trimmed; the result leaves them out.
func (b *Bus) Trim(ctx context.Context, config RetentionConfig) ([]Trimmed, error) {
	if err := config.complete(); err != nil {
		return nil, err
	}
	if err := b.enter(); err != nil {
		return nil, err
	}
	defer b.work.Done()
	ctx, cancel := b.untilClosed(ctx)
	defer cancel()
	lake := "1"
	if config.WithoutLake {
		lake = "0"
	}
	var all []Trimmed
	keep := strconv.FormatInt(config.KeepFor.Milliseconds(), 10)
	if config.MaxBytes > 0 {
		used, err := b.memoryUsed(ctx)
		if err != nil {
			return nil, err
		}
		if used > config.MaxBytes {
			keep = "" // not even what has an id of later, by a clock that was ahead
		}
	}
	var errs []error
	for _, s := range b.all() {
		reply, err := trimScript.Run(ctx, b.redis, []string{s.events, s.lake, s.checkpoints}, keep, lake, lakeGroup).Slice()
		if err != nil { // the others' servers mustn't fill for it
			errs = append(errs, redisError("trim "+s.events, err))
			if ctx.Err() != nil {
				errs = append(errs, context.Cause(ctx))
				break
			}
			continue
		}
		t := Trimmed{Shard: s.name}
		if len(reply) == 2 {
			t.Removed, _ = reply[0].(int64)
			by, _ := reply[1].(string)
			t.HeldBy = heldBy(by)
		}
		all = append(all, t)
	}
	return all, errors.Join(errs...)
}

// heldBy is what the script says of who needs an entry, without what strangers wrote.
func heldBy(by string) string {
	if group, ok := strings.CutPrefix(by, "group "); ok {
		return "group " + nameOrForeign(group, validGroup)
	}
	return by
}

// memoryUsed returns how much memory Redis uses: of a cluster, the server that
// uses most. It is 0 where the server doesn't tell.
func (b *Bus) memoryUsed(ctx context.Context) (int64, error) {
	const section, field = "memory", "used_memory"
	cluster, ok := b.redis.(*redis.ClusterClient)
	if !ok {
		return number(infoField(ctx, b.redis, section, field)), nil
	}
	var mu sync.Mutex
	var most int64
	err := cluster.ForEachMaster(ctx, func(ctx context.Context, c *redis.Client) error {
		n := number(infoField(ctx, c, section, field))
		mu.Lock()
		defer mu.Unlock()
		most = max(most, n)
		return nil
	})
	return most, redisError("memory", err)
}

// Retain trims every shard every config.Every until ctx is done, and returns
// nil; an error says that config can't be, that the bus has Config.Operator, or
// is [ErrClosed]. It may run in several processes.
func (b *Bus) Retain(ctx context.Context, config RetentionConfig) error {
	if err := config.complete(); err != nil {
		return err
	}
	tick := time.NewTicker(config.Every)
	defer tick.Stop()
	for {
		trimmed, err := b.Trim(ctx, config)
		switch {
		case expired(ctx):
			return nil
		case errors.Is(err, ErrClosed), errors.Is(err, errOperator):
			return err
		case err != nil:
			b.config.Logger.WarnContext(ctx, "eventbus: trimming failed and will be tried again", "error", err)
		}
		for _, t := range trimmed {
			if t.HeldBy != "" {
				b.config.Logger.InfoContext(ctx, "eventbus: entries beyond their time are still needed", "shard", t.Shard, "by", t.HeldBy)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
