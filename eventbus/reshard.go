package eventbus

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/sleep"
)

// ErrNotDrained says that a consumer group hasn't handled all that stands in the
// streams, so that the number of shards can't be changed now.
var ErrNotDrained = errors.New("eventbus: a consumer group has not handled all events")

// How long a seal holds: while the shards drain, and while the layout is changed,
// which takes moments. Publishing waits so long should the caller die.
const (
	sealFor     = 10 * time.Second
	sealForFlip = 30 * time.Second
)

// flipFor bounds the change of the layout itself, an outage of Redis included.
const flipFor = 20 * time.Second

// Reshard changes over how many shards events are spread, while the bus is in
// use. Publishing waits, in every process, until all consumer groups have handled
// what stands in the streams; then it goes on with the new shards. That keeps the
// order of each subject for the groups that there are, which begin at the start of
// new shards; one that begins later reads old and new shards side by side. Other
// processes follow by themselves, consumers within a second.
//
// Publishing that waits longer than Config.Timeout fails with [ErrUnavailable],
// so call it when consumers have caught up. When they haven't until ctx ends,
// all stays as it was and the error is [ErrNotDrained]; what has begun then is
// finished, also through a short outage. A Reshard that died or failed
// half-way may be called again, with any number, also the one that there was;
// until then publishing to some shards may fail. What a Reshard has sealed that
// died holds up publishing, and the next call, for half a minute at most. While
// another is at work, or when one was since this call began, the error is
// [ErrUnavailable].
//
// Events that are published again, since their outcome was open before, may be
// written twice if the number changed in between.
//
// Shards are never removed: what stands in them stays until retention removes
// it. Their logs must be read to the end, and those of new shards too; see
// [Bus.CurrentLogs].
func (b *Bus) Reshard(ctx context.Context, n int) error {
	if n < 1 || n > maxShards {
		return errors.New("eventbus: the number of shards must be 1 to 1,024")
	}
	if err := b.enter(); err != nil {
		return err
	}
	defer b.work.Done()
	if err := b.reload(ctx); err != nil {
		return err
	}
	was := b.layout()
	if was.spread == n {
		if whole, err := b.whole(ctx, was); err != nil || whole {
			return err
		}
	}
	all := slices.Clone(was.shards)
	for i := len(all); i < n; i++ {
		all = append(all, b.newShard(i))
	}
	me := rand.Text()
	draining, cancel := b.untilClosed(ctx)
	defer cancel()
	err := b.drain(draining, me, was.epoch, was.shards)
	if err == nil {
		err = b.flip(ctx, me, was, all, n)
	}
	if err != nil {
		ctx := context.WithoutCancel(ctx)
		for _, s := range all {
			_, _ = b.seal(ctx, me, s, was.epoch, 0) // else it ends by itself
		}
		b.audit(ctx, Action{Name: "reshard", Count: n, Failed: true})
		if errors.Is(err, errLayout) {
			err = fmt.Errorf("%w: the shards have been changed meanwhile", ErrUnavailable)
		}
		return err
	}
	b.audit(ctx, Action{Name: "reshard", Count: n})
	return nil
}

// whole reports whether no change to the next layout was left half-way.
func (b *Bus) whole(ctx context.Context, l *layout) (bool, error) {
	for _, s := range l.shards {
		epoch, err := b.redis.HGet(ctx, s.layout, "epoch").Int64()
		if err != nil && !errors.Is(err, redis.Nil) {
			return false, redisError("read "+s.layout, err)
		}
		if err == nil && epoch != l.epoch {
			return false, nil
		}
	}
	return true, nil
}

// A drained tells which groups have handled all that stands in a stream.
type drained struct {
	behind, done []string
	empty        bool // nothing stands there
}

// seal stops publishing to a shard for d.
func (b *Bus) seal(ctx context.Context, me string, s *shard, epoch int64, d time.Duration) (drained, error) {
	decides := s.name == "0"
	reply, err := sealScript.Run(ctx, b.redis, []string{s.layout, s.events, s.checkpoints}, me, d.Milliseconds(), epoch, lakeGroup, decides).Slice()
	if err != nil || len(reply) != 3 {
		return drained{}, redisError("seal "+s.events, err)
	}
	return drained{behind: texts(reply[0]), done: texts(reply[1]), empty: reply[2] == int64(0)}, nil
}

func texts(list any) []string {
	items, _ := list.([]any)
	all := make([]string, len(items))
	for i, item := range items {
		all[i], _ = item.(string)
	}
	return all
}

// sealAll seals shards for d and returns the groups and what isn't drained. A group
// that has begun in one shard has to do with all of them.
func (b *Bus) sealAll(ctx context.Context, me string, epoch int64, shards []*shard, d time.Duration) (groups, behind []string, err error) {
	states := make([]drained, len(shards))
	for i, s := range shards {
		if states[i], err = b.seal(ctx, me, s, epoch, d); err != nil {
			return nil, nil, err
		}
		groups = append(append(groups, states[i].behind...), states[i].done...)
	}
	slices.Sort(groups)
	groups = slices.Compact(groups)
	for i, s := range shards {
		for _, g := range groups {
			if !states[i].empty && !slices.Contains(states[i].done, g) {
				behind = append(behind, "group "+g+" in shard "+s.name)
			}
		}
	}
	return groups, behind, nil
}

// drain seals all shards and waits until all groups have handled what they hold.
func (b *Bus) drain(ctx context.Context, me string, epoch int64, shards []*shard) error {
	var waiting []string
	for {
		_, behind, err := b.sealAll(ctx, me, epoch, shards, sealFor)
		switch {
		case err == nil && len(behind) == 0:
			return nil
		case err != nil && !expired(ctx):
			return err
		case err == nil:
			waiting = behind
		}
		if !sleep.For(ctx, 20*time.Millisecond) {
			return fmt.Errorf("%w: %s: %w", ErrNotDrained, strings.Join(waiting, ", "), context.Cause(ctx))
		}
	}
}

// flip tells all shards of the new layout, shard 0 last: from then on it holds.
// It isn't cut short by the caller: half-way, shards would refuse what is
// published by the old layout until somebody calls Reshard again.
func (b *Bus) flip(ctx context.Context, me string, was *layout, all []*shard, n int) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), flipFor)
	defer cancel()
	groups, behind, err := b.sealAll(ctx, me, was.epoch, was.shards, sealForFlip)
	if err != nil || len(behind) > 0 {
		return cmp.Or(err, ErrNotDrained) // a seal had run out
	}
	for _, s := range all[len(was.shards):] { // the new ones
		if _, err := b.seal(ctx, me, s, was.epoch, sealForFlip); err != nil {
			return err
		}
		if err := b.begin(ctx, s, groups); err != nil {
			return err
		}
	}
	for _, s := range slices.Backward(all) {
		if err := b.tell(ctx, me, s, layout{epoch: was.epoch + 1, spread: n, shards: all}); err != nil {
			return err
		}
	}
	b.adopt(b.asked.Add(1), was.epoch+1, n, len(all))
	return nil
}

// begin makes groups in a shard that is new, at its start. Their consumers may be away
// for longer than entries are kept that nobody needs, and a group with
// ConsumerConfig.FromNow would begin behind what came before they were back.
func (b *Bus) begin(ctx context.Context, s *shard, groups []string) error {
	for _, g := range groups {
		if err := groupScript.Run(ctx, b.redis, []string{s.events, s.checkpoints}, g, "0-0", "").Err(); err != nil {
			return redisError("make a group of "+s.events, err)
		}
	}
	return nil
}

// tell tells a shard of the next layout, again and again while Redis is away.
func (b *Bus) tell(ctx context.Context, me string, s *shard, next layout) error {
	for {
		err := layoutScript.Run(ctx, b.redis, []string{s.layout}, me, next.epoch, next.spread, len(next.shards)).Err()
		lost := replyCode(err) == "SEALED"
		err = redisError("change the shards", err)
		if lost || !errors.Is(err, ErrUnavailable) || !sleep.For(ctx, 20*time.Millisecond) {
			return err
		}
	}
}
