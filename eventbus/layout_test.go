package eventbus

import (
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/redistest"
)

// TestALayoutThatGoesBack: a replica took over that hadn't got the newest layout, or
// the server came back without its data and another process was first. What it says
// then holds, and can be changed.
func TestALayoutThatGoesBack(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		for _, flush := range []bool{false, true} {
			c := redistest.Client(t, url)
			c.FlushAll(t.Context())
			b := open(t, url, func(c *Config) { c.Timeout = 3 * time.Second; c.Shards = 2 })
			key := strings.TrimSuffix(stream0, "events") + "layout"
			before := c.HGetAll(t.Context(), key).Val()
			if err := b.Reshard(t.Context(), 3); err != nil {
				t.Fatal(err)
			}
			c.FlushAll(t.Context())
			if !flush {
				c.HSet(t.Context(), key, before)
			} else {
				open(t, url, func(c *Config) { c.Shards = 5 })
			}
			for _, s := range []string{"user/1", "user/2", "user/3", "user/4", "user/5"} {
				if err := b.Publish(t.Context(), event(s, 1)); err != nil {
					t.Errorf("flush %v: %v", flush, err)
				}
			}
			want := 2
			if flush {
				want = 5
			}
			if err := b.reload(t.Context()); err != nil || b.layout().spread != want {
				t.Errorf("flush %v: %d, %v", flush, b.layout().spread, err)
			}
			if err := b.Reshard(t.Context(), 4); err != nil {
				t.Errorf("flush %v: %v", flush, err)
			}
		}
	})
}

// TestAnotherLayoutOfTheSameEpoch, of a server that came back without its data, is
// learned by who publishes, whom no shard refuses.
func TestAnotherLayoutOfTheSameEpoch(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b := open(t, url, func(c *Config) { c.Shards = 2 })
		redistest.Client(t, url).FlushAll(t.Context())
		open(t, url, func(c *Config) { c.Shards = 5 })
		if err := b.Publish(t.Context(), event("user/1", 1)); err != nil {
			t.Fatal(err)
		}
		until(t, "the other layout", func() bool { l := b.layout(); return l.spread == 5 && len(l.shards) == 5 })
	})
}

// TestALayoutThatCannotBe: what a stranger wrote there isn't taken for a layout.
func TestALayoutThatCannotBe(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		b, c := open(t, url), redistest.Client(t, url)
		const layout = "carebus:{test.0}:layout"
		for _, field := range []string{"shards", "most"} {
			for _, number := range []string{"1025", "1000000000", "99999999999999999999", "0", "-1", "", "x"} {
				was := c.HGet(t.Context(), layout, field).Val()
				if err := c.HSet(t.Context(), layout, field, number).Err(); err != nil {
					t.Fatal(err)
				}
				if err := b.reload(t.Context()); err == nil || !strings.Contains(err.Error(), "holds no layout") || len(b.Logs()) != 1 {
					t.Errorf("%s %q: %v, %d shards", field, number, err, len(b.Logs()))
				}
				if err := c.HSet(t.Context(), layout, field, was).Err(); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
