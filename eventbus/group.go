package eventbus

import (
	"context"
	"errors"
	"time"
)

// Errors of [Bus.RemoveGroup].
var (
	ErrNoGroup   = errors.New("eventbus: there is no such consumer group")
	ErrGroupBusy = errors.New("eventbus: a consumer of the group is at work")
)

// atWork is how long ago a consumer that is at work has read, at most: a read
// waits for five seconds, see ConsumerConfig.Block. While all that it may have in
// flight is handled it reads nothing; stillKeeping is how long ago it has told of that,
// which it does every third of ConsumerConfig.MinIdle.
const (
	atWork       = 10 * time.Second
	stillKeeping = time.Minute
)

// RemoveGroup removes a consumer group that nobody needs any more from all shards.
// Until then it holds back trimming, and Reshard waits for it. XGROUP DESTROY alone
// isn't enough: a group that is gone is taken for lost, and what it hasn't handled
// is kept until a consumer makes it anew. Its dead letters stay.
//
// Stop its consumers before, and wait ten seconds, a minute after one that died: while
// one is at work the error is [ErrGroupBusy]. What was removed by then stays so; the
// call can be repeated. The group "lake" can't be removed. The user of Redis also needs
// +xgroup|destroy.
func (b *Bus) RemoveGroup(ctx context.Context, group string) error {
	if group == "" || group == lakeGroup {
		return errors.New(`eventbus: RemoveGroup needs a group other than "lake", which shows the lake's progress`)
	}
	if err := b.reload(ctx); err != nil {
		return err
	}
	shards, err := b.removeGroup(ctx, group)
	if err == nil && shards == 0 {
		err = ErrNoGroup
	}
	b.audit(ctx, Action{Name: "remove_group", Group: nameOrForeign(group, validGroup), Count: shards, Failed: err != nil})
	return err
}

// removeGroup removes a group from one shard after another and returns in how
// many it was.
func (b *Bus) removeGroup(ctx context.Context, group string) (shards int, err error) {
	for _, s := range b.all() {
		n, err := removeScript.Run(ctx, b.redis, []string{s.events, s.checkpoints, s.prefix + "lease:" + group}, group, atWork.Milliseconds(), stillKeeping.Milliseconds()).Int()
		switch {
		case err != nil:
			return shards, redisError("remove a group of "+s.events, err)
		case n < 0:
			return shards, ErrGroupBusy
		}
		shards += n
	}
	return shards, nil
}

// makeGroup makes sure that the group is in a shard, where it has read up to the entry
// reached, if the caller knows that. It reports whether the shard's stream turned out to
// be another one than before.
func (c *Consumer) makeGroup(ctx context.Context, s *shard, reached string) (replaced bool, err error) {
	start := "0-0"
	if c.config.FromNow {
		start = "$"
	}
	if reached == "" {
		known, _ := c.known.Load(s)
		reached, _ = known.(string)
	}
	call, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	reply, err := groupScript.Run(call, c.bus.redis, []string{s.events, s.checkpoints}, c.config.Group, start, reached).Slice()
	if err != nil || len(reply) != 2 {
		return false, redisError("make the group of "+s.events, err)
	}
	if reply[0] == int64(0) {
		return false, nil
	}
	c.known.Store(s, reply[1])
	switch reply[0] {
	case int64(2):
		c.bus.config.Logger.WarnContext(ctx, "eventbus: a consumer group was gone and has been made anew at its checkpoint", "stream", s.events, "group", c.config.Group)
	case int64(3):
		c.bus.config.Logger.WarnContext(ctx, "eventbus: a stream was replaced by another; its consumer group begins with all that stands there", "stream", s.events, "group", c.config.Group)
	}
	return reply[0] == int64(3), nil
}
