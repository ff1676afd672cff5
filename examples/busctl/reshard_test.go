package main

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/phi/audit"
)

func TestReshard(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		s := newShell(t, url)
		if _, _, err := s.call(t, "reshard", "3"); err == nil || !strings.Contains(err.Error(), "nothing has opened") {
			t.Errorf("without a bus: %v", err)
		}
		if keys := redistest.Client(t, url).Keys(t.Context(), "*").Val(); len(keys) > 0 {
			t.Errorf("it made %v", keys)
		}
		bus := openBus(t, url)
		publish(t, bus, "user.created")
		var got struct{ Shards, Was int }
		for _, was := range []int{1, 3} { // the second time, nothing is to be done
			if s.into(t, &got, "reshard", "3"); got.Shards != 3 || got.Was != was {
				t.Errorf("%+v", got)
			}
		}
		if status, err := bus.Status(t.Context()); err != nil || status.Spread != 3 || status.Epoch != 2 {
			t.Errorf("%+v, %v", status, err)
		}
		if text := s.ok(t, "reshard", "2"); !strings.Contains(text, "over 2 shards") {
			t.Error(text)
		}
		// A group that is behind keeps all as it was.
		client := redistest.Client(t, url)
		if err := client.XGroupCreate(t.Context(), "carebus:{development.0}:events", "slow", "0").Err(); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.call(t, "reshard", "5", "-wait", "2s"); !errors.Is(err, eventbus.ErrNotDrained) || !strings.Contains(err.Error(), "group slow in shard 0") {
			t.Errorf("%v", err)
		}
		if status, err := bus.Status(t.Context()); err != nil || status.Spread != 2 {
			t.Errorf("%+v, %v", status, err)
		}
		var trail struct {
			OK      bool
			Actions map[audit.Action]int
		}
		if s.into(t, &trail, "audit", "verify", "-audit", filepath.Join(s.env["CAREBUS_AUDIT_DIR"], "operator")); !trail.OK || trail.Actions[audit.Reshard] != 4 {
			t.Errorf("%+v", trail)
		}
	})
}
