package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/eventbus/busapi"
	"github.com/carebus/carebus/examples/internal/setup"
)

var statusCommand = command{
	name: "status", summary: "how the bus does: server, streams, consumer groups, the lake's progress", uses: "redis",
	run: func(ctx context.Context, c *call) error {
		bus, err := c.open(ctx)
		if err != nil {
			return err
		}
		defer bus.Close() //nolint:errcheck // it was only read
		s, err := bus.Status(ctx)
		if err != nil {
			return err
		}
		if c.json {
			return c.value(busapi.Status(s))
		}
		c.printStatus(s)
		if s.Epoch == 0 {
			c.print("\nnothing has opened the bus of environment %s on this Redis yet", setup.Environment(c.getenv))
		}
		return nil
	},
}

func (c *call) printStatus(s eventbus.Status) {
	limit := "no limit"
	if s.MemoryLimit > 0 {
		limit = fmt.Sprintf("of %s (%d %%)", size(s.MemoryLimit), 100*s.MemoryUsed/s.MemoryLimit)
	}
	eviction := s.Eviction
	if eviction != "noeviction" {
		eviction = c.paint(red, eviction)
	}
	c.print("Redis %s at %s   %s   memory %s %s   eviction %s   replicas %d\n", s.Version, s.Address, span(s.Latency), size(s.MemoryUsed), limit, eviction, s.Replicas)
	var shards, groups [][]string
	for _, sh := range s.Shards {
		dead := strconv.FormatInt(sh.DeadLetters, 10)
		if sh.DeadLetters > 0 {
			dead = c.paint(red, dead)
		}
		shards = append(shards, []string{sh.Name, strconv.FormatInt(sh.Length, 10), dead, strconv.FormatUint(sh.Lake.Plan, 10), span(sh.Lake.Age)})
		for _, g := range sh.Groups {
			lag := "?"
			if g.Lag >= 0 {
				lag = strconv.FormatInt(g.Lag, 10)
			}
			groups = append(groups, []string{g.Name, sh.Name, strconv.FormatInt(g.Consumers, 10), lag, strconv.FormatInt(g.Pending, 10), span(g.OldestPending)})
		}
	}
	c.table([]string{"SHARD", "ENTRIES", "DEAD", "LAKE PLAN", "LAKE DELAY"}, shards)
	c.print("")
	if len(groups) == 0 {
		c.print("no consumer groups yet")
		return
	}
	c.table([]string{"GROUP", "SHARD", "CONSUMERS", "LAG", "PENDING", "OLDEST"}, groups)
}
