package eventbus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

// A group that was removed holds back no trimming; one that is only gone does.
func TestRemoveGroup(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		var actions []Action
		b := open(t, url, func(c *Config) {
			c.Shards = 2
			c.Audit = func(_ context.Context, a Action) { actions = append(actions, a) }
		})
		c := redistest.Client(t, url)
		r := &recorder{}
		stop := consume(t, b, ConsumerConfig{}, r)
		for n := range 8 {
			if err := b.Publish(t.Context(), event("user/"+string(rune('a'+n)), n)); err != nil {
				t.Fatal(err)
			}
		}
		until(t, "the events", func() bool { return b.Stats().Handled == 8 })
		if err := b.RemoveGroup(t.Context(), "test"); !errors.Is(err, ErrGroupBusy) {
			t.Errorf("with a consumer at work: %v", err)
		}
		stop()
		for n := range 8 { // what it will never handle
			if err := b.Publish(t.Context(), event("user/"+string(rune('a'+n)), 10+n)); err != nil {
				t.Fatal(err)
			}
		}
		for _, s := range b.all() {
			if err := c.XGroupDestroy(t.Context(), s.events, "test").Err(); err != nil {
				t.Fatal(err)
			}
		}
		trim := func() (removed int64, by string) {
			t.Helper()
			all, err := b.Trim(t.Context(), RetentionConfig{KeepFor: time.Nanosecond, WithoutLake: true})
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range all {
				removed += s.Removed
				if s.HeldBy != "" {
					by = s.HeldBy
				}
			}
			return removed, by
		}
		if _, by := trim(); by != "group test" {
			t.Errorf("a group that is gone: held by %q", by)
		}
		if err := b.RemoveGroup(t.Context(), "test"); err != nil {
			t.Fatal(err)
		}
		redistest.Pass(url, time.Second)
		until(t, "all to be trimmed", func() bool {
			trim()
			left := int64(0)
			for _, s := range b.all() {
				left += c.XLen(t.Context(), s.events).Val()
			}
			return left == 0
		})
		for group, want := range map[string]error{"test": ErrNoGroup, canary + "!": ErrNoGroup} {
			if err := b.RemoveGroup(t.Context(), group); !errors.Is(err, want) {
				t.Errorf("%s: %v", group, err)
			}
		}
		for _, group := range []string{"", "lake"} {
			if err := b.RemoveGroup(t.Context(), group); err == nil {
				t.Errorf("%q was removed", group)
			}
		}
		if len(actions) != 4 || !actions[0].Failed || actions[1].Failed || actions[1].Count != 2 || actions[1].Name != "remove_group" || actions[1].Group != "test" {
			t.Errorf("%+v", actions)
		}
		for _, a := range actions {
			if a.Group != "test" && a.Group != Foreign {
				t.Errorf("group %q", a.Group)
			}
		}
	})
}

// Consumers that share shards have no lease; they are at work while they read.
func TestRemoveGroupOfSharers(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
			t.Fatal(err)
		}
		stop := consume(t, b, ConsumerConfig{Shared: true}, &recorder{})
		until(t, "the event", func() bool { return b.Stats().Handled == 1 })
		if err := b.RemoveGroup(t.Context(), "test"); !errors.Is(err, ErrGroupBusy) {
			t.Errorf("with a consumer at work: %v", err)
		}
		stop()
		if err := b.RemoveGroup(t.Context(), "test"); err != nil {
			t.Error(err)
		}
	})
}

// One whose handlers take long doesn't read, but tells that it is at work.
func TestRemoveGroupOfASlowSharer(t *testing.T) {
	url := redistest.Real(t).URL // miniredis tells how long a consumer is idle by other rules
	b := open(t, url)
	if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
		t.Fatal(err)
	}
	began, done := make(chan bool), make(chan bool)
	consume(t, b, ConsumerConfig{Shared: true, MaxInFlight: 1}, HandlerFunc(func(context.Context, []schema.Envelope) error {
		close(began)
		<-done
		return nil
	}))
	<-began
	defer close(done)
	s := b.all()[0]
	idle := func() time.Duration {
		for _, c := range redistest.Client(t, url).XInfoConsumers(t.Context(), s.events, "test").Val() {
			return c.Idle
		}
		return 0
	}
	until(t, "some time", func() bool { return idle() > 30*time.Millisecond })
	n, err := removeScript.Run(t.Context(), b.redis, []string{s.events, s.checkpoints, s.prefix + "lease:test"}, "test", 30, time.Minute.Milliseconds()).Int()
	if err != nil || n != -1 {
		t.Errorf("%d, %v", n, err)
	}
}

func TestLostGroupGoesOnAtItsCheckpoint(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		c := redistest.Client(t, url)
		r := &recorder{}
		consume(t, b, ConsumerConfig{}, r)
		if err := b.Publish(t.Context(), events("user/1", 10)...); err != nil {
			t.Fatal(err)
		}
		until(t, "the first events", func() bool { return b.Stats().Handled == 10 })
		if err := c.XGroupDestroy(t.Context(), stream0, "test").Err(); err != nil {
			t.Fatal(err)
		}
		if err := b.Publish(t.Context(), events("user/2", 10)...); err != nil {
			t.Fatal(err)
		}
		until(t, "the events after", func() bool { return len(r.ids()) >= 20 })
		if got := r.ids(); len(got) != 20 {
			t.Errorf("%d deliveries of 20 events", len(got))
		}
	})
}

// A stream that was replaced by one with lower ids is read from its start.
func TestReplacedStreamIsReadFromItsStart(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		publisher, b := open(t, url), open(t, url)
		c := redistest.Client(t, url)
		r := &recorder{}
		consume(t, b, ConsumerConfig{}, r)
		future := event("user/1", 1)
		if err := schema.Catalogue().Complete(&future, schema.Defaults{Environment: "test"}); err != nil {
			t.Fatal(err)
		}
		data, err := future.AppendJSON(nil)
		if err != nil {
			t.Fatal(err)
		}
		id := fmt.Sprintf("%d-0", time.Now().Add(time.Hour).UnixMilli())
		if err := c.XAdd(t.Context(), &redis.XAddArgs{Stream: stream0, ID: id, Values: []any{"event", data}}).Err(); err != nil {
			t.Fatal(err)
		}
		until(t, "the first", func() bool { return b.Stats().Handled == 1 })
		if got := c.HGet(t.Context(), "carebus:{test.0}:checkpoints", "test").Val(); got != id {
			t.Fatalf("checkpoint %s, want %s", got, id)
		}
		if err := c.Del(t.Context(), stream0).Err(); err != nil {
			t.Fatal(err)
		}
		if err := publisher.Publish(t.Context(), event("user/1", 2)); err != nil {
			t.Fatal(err)
		}
		until(t, "the event with a lower id", func() bool { return r.count(event("user/1", 2).ID) == 1 })
	})
}

// A group that began with what was new doesn't begin so again when all is lost.
func TestLostDataDoesNotMakeAGroupNew(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		c := redistest.Client(t, url)
		r := &recorder{}
		consume(t, b, ConsumerConfig{FromNow: true, Block: 300 * time.Millisecond}, r)
		until(t, "the group", func() bool { return len(c.XInfoGroups(t.Context(), stream0).Val()) == 1 })
		if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
			t.Fatal(err)
		}
		until(t, "the first", func() bool { return b.Stats().Handled == 1 })
		pipe := c.TxPipeline() // all is gone, and an event there before the group
		pipe.FlushAll(t.Context())
		lost := event("user/1", 2)
		if err := schema.Catalogue().Complete(&lost, schema.Defaults{Environment: "test"}); err != nil {
			t.Fatal(err)
		}
		data, err := lost.AppendJSON(nil)
		if err != nil {
			t.Fatal(err)
		}
		pipe.XAdd(t.Context(), &redis.XAddArgs{Stream: stream0, Values: []any{"event", data}})
		if _, err := pipe.Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		until(t, "the event", func() bool { return r.count(lost.ID) == 1 })
	})
}

func TestLostStreamGoesOn(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		r := &recorder{}
		consume(t, b, ConsumerConfig{}, r)
		if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
			t.Fatal(err)
		}
		until(t, "the first", func() bool { return b.Stats().Handled == 1 })
		if err := redistest.Client(t, url).FlushAll(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		if err := b.Publish(t.Context(), event("user/1", 2)); err != nil {
			t.Fatal(err)
		}
		until(t, "the event after the loss", func() bool { return r.count(event("user/1", 2).ID) == 1 })
	})
}

// TestNewShardsBelongToAllGroups: what stands in a shard that was added while a group's
// consumers were away is theirs as in the others, however the group began, and
// however long they stay away.
func TestNewShardsBelongToAllGroups(t *testing.T) {
	for _, fromNow := range []bool{false, true} {
		redistest.Each(t, func(t *testing.T, url string) {
			b := open(t, url)
			r := &recorder{}
			config := ConsumerConfig{FromNow: fromNow}
			stop := consume(t, b, config, r)
			until(t, "the group", func() bool {
				s, err := b.Status(t.Context())
				return err == nil && len(s.Shards[0].Groups) == 1
			})
			if err := b.Publish(t.Context(), event("user/0", 0)); err != nil {
				t.Fatal(err)
			}
			until(t, "the first", func() bool { return b.Stats().Handled == 1 })
			stop()
			if err := b.Reshard(t.Context(), 3); err != nil {
				t.Fatal(err)
			}
			want := []string{event("user/0", 0).ID}
			for i := 1; i < 30; i++ {
				e := event(fmt.Sprintf("user/%d", i), i)
				want = append(want, e.ID)
				if err := b.Publish(t.Context(), e); err != nil {
					t.Fatal(err)
				}
			}
			trimmed, err := b.Trim(t.Context(), RetentionConfig{KeepFor: time.Nanosecond, WithoutLake: true})
			if err != nil {
				t.Fatal(err)
			}
			for _, shard := range trimmed[1:] {
				if shard.Removed != 0 || shard.HeldBy != "group test" {
					t.Errorf("%+v", shard)
				}
			}
			consume(t, b, config, r)
			until(t, "all", func() bool { return r.distinct() == len(want) })
			got := r.ids()
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}
