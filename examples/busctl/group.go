package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/phi/audit"
)

var groupRemove = command{
	name: "group remove", args: "GROUP", summary: "remove a consumer group that nobody needs any more", uses: "redis audit",
	help: "Needs -yes. A group holds back trimming until it has handled what is there. Stop its consumers before, and\nwait ten seconds, or a minute after one that died. Its dead letters stay: see `busctl dlq purge -group`. The user of Redis also needs +xgroup|destroy.",
	flags: func(c *call, fs *flag.FlagSet) {
		yes := new(bool)
		c.own = yes
		fs.BoolVar(yes, "yes", false, "do it")
	},
	run: func(ctx context.Context, c *call) error {
		if len(c.args) == 0 {
			return c.usage("which group? `busctl status` lists them")
		}
		if !*c.own.(*bool) {
			return c.usage("what the group hasn't handled is lost to it: -yes is needed")
		}
		bus, err := c.open(ctx)
		if err != nil {
			return err
		}
		defer bus.Close() //nolint:errcheck // all was answered by then
		err = c.record(func() (audit.Record, error) {
			return audit.Record{Action: audit.Delete, Object: "group/" + c.args[0], Reason: "group"}, bus.RemoveGroup(ctx, c.args[0])
		})
		if errors.Is(err, eventbus.ErrGroupBusy) {
			return fmt.Errorf("%w: stop its consumers, wait ten seconds, a minute after one that died, and call again", err)
		}
		if err != nil {
			return err
		}
		if c.json {
			return c.value(map[string]string{"removed": c.args[0]})
		}
		c.print("removed")
		return nil
	},
}
