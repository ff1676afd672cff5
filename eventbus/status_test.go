package eventbus

import (
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/schema"
)

func TestFeaturesByVersion(t *testing.T) {
	for _, c := range []struct {
		redis, valkey string
		want          []string
	}{
		{"7.0.15", "", nil},
		{"", "", nil},
		{"7.2.4", "", []string{"WAITAOF"}},
		{"7.2.4", "8.1.0", []string{"WAITAOF"}},
		{"8.2.2", "", []string{"WAITAOF"}},
		{"8.10.0", "", []string{"WAITAOF", "XACKDEL", "XREADGROUP CLAIM", "XADD IDMP"}},
	} {
		if got := features(c.redis, c.valkey); !slices.Equal(got, c.want) {
			t.Errorf("%s %s: %v, want %v", c.redis, c.valkey, got, c.want)
		}
	}
}

func TestStatusTellsAll(t *testing.T) {
	server := redistest.Real(t)
	b := open(t, server.URL, func(c *Config) { c.Shards = 2 })
	r := &recorder{}
	consume(t, b, ConsumerConfig{Name: "one"}, r)
	if err := b.Publish(t.Context(), event("user/1", 1), event("user/2", 1), event("user/4", 1)); err != nil {
		t.Fatal(err)
	}
	until(t, "the events", func() bool { return b.Stats().Handled == 3 })
	s, err := b.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !s.Connected || s.Version == "" || s.Eviction != "noeviction" || s.MemoryUsed == 0 || s.Replication == "" || s.Spread != 2 || s.Epoch != 1 || len(s.Shards) != 2 {
		t.Errorf("%+v", s)
	}
	if s.Stats.Published != 3 || s.Rates.Published <= 0 || s.Rates.Handled <= 0 {
		t.Errorf("%+v %+v", s.Stats, s.Rates)
	}
	length := int64(0)
	for _, sh := range s.Shards {
		length += sh.Length
		if len(sh.Groups) != 1 || sh.Groups[0].Holder != "one" || sh.Groups[0].Pending != 0 {
			t.Errorf("%+v", sh)
		}
	}
	if length != 3 {
		t.Errorf("%d entries", length)
	}
}

// Whoever may write to Redis names groups and consumers as he likes.
func TestStatusAndTrimTellNoForeignNames(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url)
		c := redistest.Client(t, url)
		receipts, err := b.PublishBatch(t.Context(), events("user/1", 3))
		if err != nil {
			t.Fatal(err)
		}
		last := parseStreamID(receipts[2].StreamID)
		until(t, "the entries to be older than KeepFor", func() bool {
			now, err := c.Time(t.Context()).Result()
			return err == nil && uint64(now.UnixMilli()) > last.ms+2 //nolint:gosec // a time
		})
		for _, group := range []string{"for Ann Lee", ""} {
			if err := c.XGroupCreate(t.Context(), stream0, group, "0").Err(); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.Set(t.Context(), b.all()[0].prefix+"lease:for Ann Lee", "Ann Lee's laptop", 0).Err(); err != nil {
			t.Fatal(err)
		}
		s, err := b.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		groups, holders := s.Shards[0].Groups, map[string]bool{}
		for _, g := range groups {
			holders[g.Holder] = true
		}
		if len(groups) != 2 || groups[0].Name != Foreign || groups[1].Name != Foreign || !holders[""] || !holders[Foreign] {
			t.Errorf("%+v", groups)
		}
		trimmed, err := b.Trim(t.Context(), RetentionConfig{KeepFor: time.Millisecond, WithoutLake: true})
		if err != nil || len(trimmed) != 1 || trimmed[0].HeldBy != "group "+Foreign {
			t.Errorf("%+v, %v", trimmed, err)
		}
	})
}

// TestTheLakeLacksNoRedrivenEntry: one that was written again is for its group alone.
func TestTheLakeLacksNoRedrivenEntry(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b, c := open(t, url), redistest.Client(t, url)
		if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
			t.Fatal(err)
		}
		entries, err := b.Logs()[0].Read(t.Context(), "", 10)
		if err != nil || len(entries) != 1 {
			t.Fatalf("%d entries, %v", len(entries), err)
		}
		if ok, err := b.Logs()[0].Commit(t.Context(), schema.Cursor{Plan: 1, Last: entries[0].ID}); !ok || err != nil {
			t.Fatal(ok, err)
		}
		again := c.XAdd(t.Context(), &redis.XAddArgs{Stream: stream0, Values: []any{"event", entries[0].Data, "for", "test"}}).Val()
		until(t, "the next millisecond", func() bool { return uint64(time.Now().UnixMilli()) > parseStreamID(again).ms }) //nolint:gosec // a time
		if s, err := b.Status(t.Context()); err != nil || s.Shards[0].Lake.Age != 0 {
			t.Errorf("%v old, %v", s.Shards[0].Lake.Age, err)
		}
	})
}

func TestLagIsUnknownRatherThanWrong(t *testing.T) {
	server := redistest.Real(t)
	b := open(t, server.URL)
	receipts, err := b.PublishBatch(t.Context(), events("user/1", 10))
	if err != nil {
		t.Fatal(err)
	}
	c := server.Client(t)
	if err := c.XGroupCreate(t.Context(), stream0, "test", "0").Err(); err != nil {
		t.Fatal(err)
	}
	if err := c.XDel(t.Context(), stream0, receipts[5].StreamID).Err(); err != nil {
		t.Fatal(err)
	}
	s, err := b.Status(t.Context())
	if err != nil || len(s.Shards[0].Groups) != 1 || s.Shards[0].Groups[0].Lag != -1 {
		t.Errorf("%+v, %v", s.Shards, err)
	}
}
