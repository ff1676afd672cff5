package eventbus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/carebus/carebus/internal/sleep"
)

// A layout is how events are spread over shards. Each shard knows it, so that
// publishing by another is refused in the same step; shard 0 decides.
type layout struct {
	epoch  int64
	spread int      // events go to the first so many shards
	shards []*shard // all there are; those beyond spread belonged to an earlier layout
}

// maxShards is how many shards there may be.
const maxShards = 1024

// layout returns how events are spread now, as far as this process knows.
func (b *Bus) layout() *layout { return b.current.Load() }

// all returns the shards that may hold entries.
func (b *Bus) all() []*shard { return b.layout().shards }

// errLayout says that a shard knows of another layout than the caller.
var errLayout = errors.New("eventbus: the shards have been changed")

// reload learns the layout from Redis, after making it from Config.Shards when
// there is none. To an operator, no layout is one of epoch 0.
func (b *Bus) reload(ctx context.Context) error {
	n := b.config.Shards
	known := b.layout()
	if known != nil {
		n = known.spread
	}
	asked := b.asked.Add(1)
	key := fmt.Sprintf("carebus:{%s.0}:layout", b.config.Environment)
	args := []any{"", 1, max(n, 1), max(n, 1)}
	if known != nil {
		args = []any{"", known.epoch, known.spread, len(known.shards)} // after a loss of all data
	}
	if b.config.Operator {
		args = args[:1]
	}
	reply, err := layoutScript.Run(ctx, b.redis, []string{key}, args...).StringSlice()
	if err != nil {
		return redisError("read "+key, err)
	}
	if b.config.Operator && len(reply) == 0 {
		b.adopt(asked, 0, 1, 1)
		return nil
	}
	var numbers [3]int
	for i := range numbers {
		if i >= len(reply) {
			return fmt.Errorf("eventbus: %s holds no layout", key)
		}
		numbers[i], err = strconv.Atoi(reply[i])
		if err != nil || numbers[i] < 1 || i > 0 && numbers[i] > maxShards { // a stranger's
			return fmt.Errorf("eventbus: %s holds no layout", key)
		}
	}
	b.adopt(asked, int64(numbers[0]), numbers[1], numbers[2])
	return nil
}

// adopt takes a layout for the current one, unless that was asked for later. It may
// be an older one: that of a replica which took over before it had got the newer, or of
// a server that came back without its data.
func (b *Bus) adopt(asked uint64, epoch int64, spread, most int) {
	b.adopting.Lock()
	defer b.adopting.Unlock()
	if asked < b.adopted {
		return
	}
	b.adopted = asked
	next := &layout{epoch: epoch, spread: spread}
	if known := b.layout(); known != nil {
		if known.epoch == epoch && known.spread == spread && len(known.shards) >= most {
			return
		}
		next.shards = slices.Clone(known.shards)
	}
	for i := len(next.shards); i < max(most, spread); i++ {
		next.shards = append(next.shards, b.newShard(i))
	}
	b.current.Store(next)
}

// followLayout asks for the layout until it is another than that of epoch.
func (b *Bus) followLayout(ctx context.Context, epoch int64) error {
	ctx, cancel := context.WithTimeout(ctx, b.config.Timeout)
	defer cancel()
	for b.layout().epoch == epoch {
		if err := b.reload(ctx); err != nil {
			return err
		}
		if b.layout().epoch == epoch && !sleep.For(ctx, 20*time.Millisecond) { // it is being changed
			return fmt.Errorf("%w: the shards are being changed", ErrUnavailable)
		}
	}
	return nil
}
