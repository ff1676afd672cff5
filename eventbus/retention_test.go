package eventbus

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

func TestTrimSparesWhatIsNeeded(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		c := redistest.Client(t, url)
		receipts, err := b.PublishBatch(t.Context(), events("user/1", 20))
		if err != nil {
			t.Fatal(err)
		}
		last := receipts[19].StreamID
		until(t, "the entries to be older than KeepFor", func() bool {
			now, err := c.Time(t.Context()).Result()
			return err == nil && uint64(now.UnixMilli()) > parseStreamID(last).ms+2 //nolint:gosec // a time
		})
		config := RetentionConfig{KeepFor: time.Millisecond}
		trim := func(what string, removed int64, heldBy string) {
			t.Helper()
			got, err := b.Trim(t.Context(), config)
			if err != nil || len(got) != 1 || got[0].Removed != removed || got[0].HeldBy != heldBy {
				t.Errorf("%s: %+v, %v; want %d removed, held by %q", what, got, err, removed, heldBy)
			}
		}
		trim("never carried to the lake", 0, "the lake")
		l := b.Logs()[0]
		if _, err := l.Commit(t.Context(), schema.Cursor{Plan: 1, Last: receipts[9].StreamID}); err != nil {
			t.Fatal(err)
		}
		trim("ten in the lake", 9, "the lake")
		if err := c.XGroupCreate(t.Context(), stream0, "slow", "0").Err(); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Commit(t.Context(), schema.Cursor{Plan: 2, Last: last}); err != nil {
			t.Fatal(err)
		}
		trim("a group that has read nothing", 0, "group slow")
		read, err := c.XReadGroup(t.Context(), &redis.XReadGroupArgs{Group: "slow", Consumer: "c", Streams: []string{stream0, ">"}, Count: 6}).Result()
		if err != nil {
			t.Fatal(err)
		}
		messages := read[0].Messages
		if err := c.XAck(t.Context(), stream0, "slow", messages[0].ID, messages[1].ID).Err(); err != nil {
			t.Fatal(err)
		}
		trim("two settled, four pending", 2, "group slow")
		if err := c.XGroupDestroy(t.Context(), stream0, "slow").Err(); err != nil {
			t.Fatal(err)
		}
		if err := c.HSet(t.Context(), "carebus:{test.0}:checkpoints", "slow", messages[3].ID).Err(); err != nil {
			t.Fatal(err)
		}
		trim("a lost group's checkpoint", 1, "group slow")
		if err := c.HDel(t.Context(), "carebus:{test.0}:checkpoints", "slow").Err(); err != nil {
			t.Fatal(err)
		}
		config.KeepFor = time.Hour
		trim("all young", 0, "")
		config.KeepFor = time.Millisecond
		trim("all done", 7, "") // the last entry stays: it is where the lake stands
		for _, group := range []string{"done", "pending"} {
			if err := c.XGroupCreate(t.Context(), stream0, group, messages[5].ID).Err(); err != nil {
				t.Fatal(err)
			}
			if err := c.XReadGroup(t.Context(), &redis.XReadGroupArgs{Group: group, Consumer: "c", Streams: []string{stream0, ">"}}).Err(); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.XAck(t.Context(), stream0, "done", last).Err(); err != nil {
			t.Fatal(err)
		}
		trim("the last entry is pending in one group of two", 0, "group pending")
	})
}

func TestRetentionRules(t *testing.T) {
	b := open(t, redistest.Mini(t))
	for _, c := range []RetentionConfig{{KeepFor: -1}, {MaxBytes: -1}, {Every: -1}} {
		if _, err := b.Trim(t.Context(), c); err == nil {
			t.Errorf("%+v trims", c)
		}
		if err := b.Retain(t.Context(), c); err == nil {
			t.Errorf("%+v retains", c)
		}
	}
}

// Under memory pressure entries go before their time, but never before everyone
// has finished with them.
func TestTrimUnderMemoryPressure(t *testing.T) {
	server := redistest.Real(t)
	b := open(t, server.URL)
	receipts, err := b.PublishBatch(t.Context(), events("user/1", 10))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Logs()[0].Commit(t.Context(), schema.Cursor{Plan: 1, Last: receipts[5].StreamID}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ limit, removed int64 }{{1 << 40, 0}, {1, 5}} {
		got, err := b.Trim(t.Context(), RetentionConfig{KeepFor: time.Hour, MaxBytes: c.limit})
		if err != nil || got[0].Removed != c.removed {
			t.Errorf("limit %d: %+v, %v", c.limit, got, err)
		}
	}
}

// TestTrimComparesIDsWhole: two that differ by one may be of any size.
func TestTrimComparesIDsWhole(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b, c := open(t, url), redistest.Client(t, url)
		for _, id := range []string{"1-9007199254740992", "1-9007199254740993"} {
			if err := c.XAdd(t.Context(), &redis.XAddArgs{Stream: stream0, ID: id, Values: []any{"event", "{}"}}).Err(); err != nil {
				t.Fatal(err)
			}
		}
		for _, group := range []string{"a", "b"} {
			c.XGroupCreate(t.Context(), stream0, group, "0")
			c.XReadGroup(t.Context(), &redis.XReadGroupArgs{Group: group, Consumer: "x", Streams: []string{stream0, ">"}})
		}
		c.XAck(t.Context(), stream0, "a", "1-9007199254740992", "1-9007199254740993")
		trimmed, err := b.Trim(t.Context(), RetentionConfig{WithoutLake: true})
		if err != nil || trimmed[0].Removed != 0 || trimmed[0].HeldBy != "group b" {
			t.Errorf("%+v, %v", trimmed, err)
		}
	})
}

// TestTrimGoesOnBehindAShardThatFails: one that can't be trimmed mustn't fill the
// servers of the others.
func TestTrimGoesOnBehindAShardThatFails(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b, c := open(t, url, func(c *Config) { c.Shards = 3 }), redistest.Client(t, url)
		for n := range 30 {
			if err := b.Publish(t.Context(), event(fmt.Sprintf("user/%d", n), 1)); err != nil {
				t.Fatal(err)
			}
		}
		broken := b.all()[1].events
		c.Del(t.Context(), broken)
		c.Set(t.Context(), broken, "a string", 0)
		until(t, "the others to be trimmed", func() bool { // what came within this millisecond stays
			_, err := b.Trim(t.Context(), RetentionConfig{WithoutLake: true, KeepFor: time.Nanosecond})
			if err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), broken) {
				t.Errorf("an error about another stream: %v", err)
			}
			return c.XLen(t.Context(), b.all()[0].events).Val() == 0 && c.XLen(t.Context(), b.all()[2].events).Val() == 0
		})
	})
}

// TestTrimWithALakeThatHoldsNothing: its first plan may take in no entry.
func TestTrimWithALakeThatHoldsNothing(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		if err := b.Publish(t.Context(), events("user/1", 3)...); err != nil {
			t.Fatal(err)
		}
		if ok, err := b.Logs()[0].Commit(t.Context(), schema.Cursor{Plan: 1}); err != nil || !ok {
			t.Fatal(ok, err)
		}
		until(t, "the lake to be told of", func() bool {
			trimmed, err := b.Trim(t.Context(), RetentionConfig{KeepFor: time.Nanosecond})
			if err != nil || trimmed[0].Removed != 0 {
				t.Fatalf("%+v, %v", trimmed, err)
			}
			return trimmed[0].HeldBy == "the lake"
		})
	})
}

// TestTrimOfIDsAhead: where the clock was ahead for a while, ids are of a time to come.
// Their entries are removed at MaxBytes all the same.
func TestTrimOfIDsAhead(t *testing.T) {
	url := redistest.Real(t).URL // miniredis tells of no memory
	b, c := open(t, url), redistest.Client(t, url)
	if err := b.Publish(t.Context(), events("user/1", 3)...); err != nil {
		t.Fatal(err)
	}
	c.Do(t.Context(), "XADD", stream0, "99999999999999-1", "event", "{}")
	c.Do(t.Context(), "XADD", stream0, "99999999999999-2", "event", "{}")
	trimmed, err := b.Trim(t.Context(), RetentionConfig{MaxBytes: 1, WithoutLake: true})
	if err != nil || trimmed[0].Removed != 5 {
		t.Errorf("%+v, %v", trimmed, err)
	}
}

// TestCloseEndsATrim that waits for a server without an answer, shard after shard.
func TestCloseEndsATrim(t *testing.T) {
	url := redistest.Mini(t)
	client := redistest.Client(t, url)
	b := open(t, "", func(c *Config) { c.Client, c.Shards = client, 4 })
	asked := make(chan struct{})
	var silent atomic.Bool
	told := sync.OnceFunc(func() { close(asked) })
	client.AddHook(silence(&silent, func(key string) bool {
		ok := key == b.all()[0].events
		if ok {
			told()
		}
		return ok
	}))
	silent.Store(true)
	ended := make(chan error, 1)
	go func() {
		_, err := b.Trim(context.Background(), RetentionConfig{})
		ended <- err
	}()
	<-asked
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, ErrClosed) {
		t.Errorf("Trim = %v", err)
	}
}
