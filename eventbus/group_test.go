package eventbus

import (
	"context"
	"errors"
	"testing"
	"time"

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
