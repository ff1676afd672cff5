package eventbus

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/redistest"
)

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
