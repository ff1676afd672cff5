package eventbus

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/redistest"
)

// TestLeasesAreShared: members come, leave and die, and each alive one holds a
// fair share.
func TestLeasesAreShared(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		l := open(t, url).Leases()
		logs := []string{"0", "1", "2", "3", "4"}
		for _, step := range []struct {
			member string
			ttl    time.Duration
			logs   []string
			want   string
		}{
			{"a", time.Minute, logs, "0 1 2 3 4"},
			{"b", time.Minute, logs, ""}, // nothing is free yet
			{"a", time.Minute, logs, "0 1 2"},
			{"b", time.Minute, logs, "3 4"},
			{"c", time.Minute, logs, ""},
			{"a", time.Minute, logs, "0 1"},
			{"c", time.Minute, logs, "2"},
			{"b", time.Minute, nil, ""}, // leaves
			{"c", time.Minute, logs, "2 3 4"},
			{"c", time.Millisecond, logs, "2 3 4"}, // and dies
			{"a", time.Minute, logs, "0 1 2 3 4"},
		} {
			got, err := l.Hold(t.Context(), step.member, step.logs, step.ttl)
			if step.ttl == time.Millisecond {
				time.Sleep(3 * time.Millisecond) // by the server's clock, which can't be turned
			}
			if err != nil || !slices.Equal(got, strings.Fields(step.want)) {
				t.Errorf("%s: %q, %v; want %q", step.member, got, err, step.want)
			}
		}
	})
}
