package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strconv"
	"time"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/examples/internal/setup"
	"github.com/carebus/carebus/phi/audit"
)

type reshardFlags struct{ wait time.Duration }

var reshardCommand = command{
	name: "reshard", args: "N", summary: "spread events over N shards from now on", uses: "redis audit",
	help: "Publishing waits, in every process, until all consumer groups have handled what stands in the streams;\nwhat waits longer than its publisher's timeout (5s by default) fails, and can be published again. So call it\nwhen `busctl status` shows no lag. Consumers and sinks follow by themselves. Shards are never removed: those\nbeyond N stay until retention has emptied them. After a call that died, wait half a\nminute and call again, with any N: it mends what was left half-way.",
	flags: func(c *call, fs *flag.FlagSet) {
		f := &reshardFlags{}
		c.own = f
		fs.DurationVar(&f.wait, "wait", 5*time.Second, "how long groups may take to catch up; then all stays as it was, and the status is 1")
	},
	run: func(ctx context.Context, c *call) error { return c.reshard(ctx, c.own.(*reshardFlags)) },
}

func (c *call) reshard(ctx context.Context, f *reshardFlags) error {
	if len(c.args) == 0 {
		return c.usage("over how many shards? Give their number")
	}
	n, err := strconv.Atoi(c.args[0])
	if err != nil || n < 1 || n > 1024 {
		return c.usage("the number of shards must be 1 to 1,024")
	}
	if f.wait <= 0 {
		return c.usage("-wait must be positive")
	}
	was, err := c.spread(ctx)
	if err != nil {
		return err
	}
	// Also with the number that there is: another call may have died half-way.
	err = c.record(func() (audit.Record, error) {
		return audit.Record{Action: audit.Reshard, Object: "env/" + setup.Environment(c.getenv), Count: n}, c.changeShards(ctx, n, f.wait)
	})
	if err != nil {
		return err
	}
	if c.json {
		return c.value(map[string]int{"shards": n, "was": was})
	}
	c.print("events are spread over %d shards; before, over %d", n, was)
	return nil
}

// spread returns over how many shards events are spread now. It makes no bus
// where there is none.
func (c *call) spread(ctx context.Context) (int, error) {
	bus, err := c.open(ctx)
	if err != nil {
		return 0, err
	}
	defer bus.Close() //nolint:errcheck // it was only read
	s, err := bus.Status(ctx)
	if err == nil && s.Epoch == 0 {
		err = fmt.Errorf("nothing has opened the bus of environment %s on this Redis yet: whoever does first says how many shards there are (eventbus.Config.Shards, the sink's -shards)", setup.Environment(c.getenv))
	}
	return s.Spread, err
}

// changeShards calls Bus.Reshard, which an operator's bus refuses.
func (c *call) changeShards(ctx context.Context, n int, wait time.Duration) error {
	bus, err := c.openAs(ctx, false)
	if err != nil {
		return err
	}
	defer bus.Close() //nolint:errcheck // all was answered by then
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	err = bus.Reshard(ctx, n)
	if errors.Is(err, eventbus.ErrNotDrained) {
		return fmt.Errorf("nothing was changed: %w; see `busctl status`, and try again with a longer -wait", err)
	}
	return err
}
