package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/phi/audit"
)

type dlqFlags struct {
	eventbus.DeadLetterFilter
	older     time.Duration
	reason    string
	n         int
	perSecond int
	dry, yes  bool
}

// filterFlags are the flags that choose dead letters.
func filterFlags(f *dlqFlags, fs *flag.FlagSet) {
	fs.StringVar(&f.Type, "type", "", "those of this event `type`")
	fs.StringVar(&f.Group, "group", "", "those that this consumer `group` gave up")
	fs.StringVar(&f.reason, "reason", "", "those with this `reason`: max_deliver, permanent, undecodable, invalid or environment")
	fs.DurationVar(&f.older, "older", 0, "those given up longer ago than this")
}

// letterIDs splits arguments such as 0:1769000000000-0 into shard and id.
func (c *call) letterIDs() (map[string][]string, error) {
	ids := map[string][]string{}
	for _, arg := range c.args {
		shard, id, ok := strings.Cut(arg, ":")
		if !ok || shard == "" || id == "" {
			return nil, c.usage("a dead letter is named SHARD:ID, as `busctl dlq list` prints it")
		}
		ids[shard] = append(ids[shard], id)
	}
	return ids, nil
}

// choose completes the filter; what chooses nothing must be said to choose all.
func (c *call) choose(f *dlqFlags, now time.Time) (map[string][]string, error) {
	switch {
	case f.older < 0 || f.perSecond < 0:
		return nil, c.usage("-older and -rate can't be negative") // nor be taken for not given
	case f.reason != "" && !eventbus.Reason(f.reason).Valid():
		return nil, c.usage("-reason must be max_deliver, permanent, undecodable, invalid or environment")
	}
	f.Reason = eventbus.Reason(f.reason)
	if f.older > 0 {
		f.Before = now.Add(-f.older)
	}
	ids, err := c.letterIDs()
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 && !f.All && f.Type == "" && f.Group == "" && f.Reason == "" && f.Before.IsZero() {
		return nil, c.usage("say which dead letters: by id, -type, -group, -reason, -older, or -all")
	}
	return ids, nil
}

// letters are the dead letters of each shard that ids name, or of all.
func letters(bus *eventbus.Bus, ids map[string][]string) []*eventbus.DeadLetters {
	var chosen []*eventbus.DeadLetters
	for _, d := range bus.DeadLetters() {
		if len(ids) == 0 || len(ids[d.Name()]) > 0 {
			chosen = append(chosen, d)
		}
	}
	return chosen
}

// A letterJSON is a dead letter as it is printed.
type letterJSON struct {
	ID         string          `json:"id"` // SHARD:ID
	Type       string          `json:"type,omitempty"`
	Reason     eventbus.Reason `json:"reason"`
	Group      string          `json:"group"`
	Consumer   string          `json:"consumer"`
	Deliveries int64           `json:"deliveries"`
	Entry      string          `json:"entry"`
	Time       time.Time       `json:"time"`
	Size       int             `json:"size"`
	Event      json.RawMessage `json:"event,omitempty"`
}

func newLetter(shard string, l eventbus.DeadLetter, full bool) letterJSON {
	j := letterJSON{
		ID: shard + ":" + l.ID, Type: l.Type, Reason: l.Reason, Group: l.Group, Consumer: l.Consumer,
		Deliveries: l.Deliveries, Entry: l.Entry, Time: l.Time, Size: l.Size,
	}
	if full && json.Valid(l.Event) {
		j.Event = l.Event
	}
	return j
}

var dlqList = command{
	name: "dlq list", summary: "dead letters, oldest first", uses: "redis",
	flags: func(c *call, fs *flag.FlagSet) {
		f := &dlqFlags{}
		c.own = f
		filterFlags(f, fs)
		fs.IntVar(&f.n, "n", 100, "at most `N`")
	},
	run: func(ctx context.Context, c *call) error {
		f := c.own.(*dlqFlags)
		if f.n < 1 { // none would be listed, as if there were none
			return c.usage("-n must be 1 or more")
		}
		f.All = true
		if _, err := c.choose(f, time.Now()); err != nil {
			return err
		}
		bus, err := c.open(ctx)
		if err != nil {
			return err
		}
		defer bus.Close() //nolint:errcheck // it was only read
		list := []letterJSON{}
		for _, d := range bus.DeadLetters() {
			for after := ""; len(list) < f.n; {
				page, err := d.List(ctx, after, 100)
				if err != nil {
					return err
				}
				if len(page) == 0 {
					break
				}
				for _, l := range page {
					after = l.ID
					if f.Fits(l) && len(list) < f.n {
						list = append(list, newLetter(d.Name(), l, false))
					}
				}
			}
		}
		if c.json {
			return c.value(list)
		}
		if len(list) == 0 {
			c.print("no dead letters")
			return nil
		}
		rows := make([][]string, len(list))
		for i, l := range list {
			rows[i] = []string{l.ID, l.Time.Local().Format(time.DateTime), c.paint(red, string(l.Reason)), l.Type, l.Group, strconv.FormatInt(l.Deliveries, 10), size(int64(l.Size))}
		}
		c.table([]string{"LETTER", "GIVEN UP", "REASON", "TYPE", "GROUP", "TRIES", "SIZE"}, rows)
		return nil
	},
}

var dlqShow = command{
	name: "dlq show", args: "LETTER", summary: "one dead letter with its event, scrubbed", uses: "redis",
	run: func(ctx context.Context, c *call) error {
		ids, err := c.letterIDs()
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return c.usage("which dead letter?")
		}
		bus, err := c.open(ctx)
		if err != nil {
			return err
		}
		defer bus.Close() //nolint:errcheck // it was only read
		chosen := letters(bus, ids)
		if len(chosen) == 0 {
			return eventbus.ErrNoDeadLetter
		}
		d := chosen[0]
		l, err := d.Get(ctx, ids[d.Name()][0])
		if err != nil {
			return err
		}
		j := newLetter(d.Name(), l, true)
		if c.json {
			return c.value(j)
		}
		c.print("letter      %s\ntype        %s\nreason      %s\ngroup       %s\nconsumer    %s\ndeliveries  %d\nentry       %s\ngiven up    %s\nsize        %s",
			j.ID, j.Type, c.paint(red, string(j.Reason)), j.Group, j.Consumer, j.Deliveries, j.Entry, when(j.Time), size(int64(j.Size)))
		if j.Event == nil {
			c.print("event       not kept: it could not be scrubbed")
		} else {
			c.print("event       %s", j.Event)
		}
		return nil
	},
}

var dlqRedrive = command{
	name: "dlq redrive", args: "[LETTER]...", summary: "give dead letters back to the groups that gave them up", uses: "redis audit",
	help: "Nobody else sees the events again. Letters whose event is neither in the stream nor kept stay, and so do\nthose of consumer groups that aren't there.",
	flags: func(c *call, fs *flag.FlagSet) {
		f := &dlqFlags{}
		c.own = f
		filterFlags(f, fs)
		fs.BoolVar(&f.All, "all", false, "all of them")
		fs.IntVar(&f.perSecond, "rate", 0, "at most `N` a second (default: as fast as it goes)")
		fs.BoolVar(&f.dry, "dry-run", false, "count, and change nothing")
	},
	run: func(ctx context.Context, c *call) error {
		f := c.own.(*dlqFlags)
		var done eventbus.Redriven
		work := func(bus *eventbus.Bus, ids map[string][]string) error {
			for _, d := range letters(bus, ids) {
				f.IDs = ids[d.Name()]
				n, err := d.Redrive(ctx, eventbus.RedriveConfig{DeadLetterFilter: f.DeadLetterFilter, PerSecond: f.perSecond, DryRun: f.dry})
				done.Redriven += n.Redriven
				done.Gone += n.Gone
				done.NoGroup += n.NoGroup
				if err != nil {
					return err
				}
			}
			return nil
		}
		record := func() audit.Record {
			return audit.Record{Action: audit.Redrive, Object: c.filterName(f), Count: done.Redriven, Counts: map[string]int{"gone": done.Gone, "no_group": done.NoGroup}}
		}
		if err := c.change(ctx, f, work, record); err != nil {
			return err
		}
		if c.json {
			return c.value(map[string]any{"redriven": done.Redriven, "gone": done.Gone, "no_group": done.NoGroup, "dry_run": f.dry})
		}
		c.print("%s%d redriven, %d gone from the stream", dry(f), done.Redriven, done.Gone)
		if done.NoGroup > 0 {
			c.print("%d stay: their consumer groups aren't there", done.NoGroup)
		}
		return nil
	},
}

var dlqPurge = command{
	name: "dlq purge", args: "[LETTER]...", summary: "delete dead letters for good", uses: "redis audit",
	help: "Needs -yes. The events themselves stay in the stream, and in the lake.",
	flags: func(c *call, fs *flag.FlagSet) {
		f := &dlqFlags{}
		c.own = f
		filterFlags(f, fs)
		fs.BoolVar(&f.All, "all", false, "all of them")
		fs.BoolVar(&f.yes, "yes", false, "do it")
	},
	run: func(ctx context.Context, c *call) error {
		f := c.own.(*dlqFlags)
		if !f.yes {
			return c.usage("purge deletes for good and needs -yes")
		}
		purged := 0
		work := func(bus *eventbus.Bus, ids map[string][]string) error {
			for _, d := range letters(bus, ids) {
				f.IDs = ids[d.Name()]
				n, err := d.Purge(ctx, f.DeadLetterFilter)
				purged += n
				if err != nil {
					return err
				}
			}
			return nil
		}
		record := func() audit.Record { return audit.Record{Action: audit.Purge, Object: c.filterName(f), Count: purged} }
		if err := c.change(ctx, f, work, record); err != nil {
			return err
		}
		if c.json {
			return c.value(map[string]int{"purged": purged})
		}
		c.print("%d purged", purged)
		return nil
	},
}

func dry(f *dlqFlags) string {
	if f.dry {
		return "would be: "
	}
	return ""
}

// change opens the bus and does work, recorded unless it is only tried.
func (c *call) change(ctx context.Context, f *dlqFlags, work func(*eventbus.Bus, map[string][]string) error, record func() audit.Record) error {
	ids, err := c.choose(f, time.Now())
	if err != nil {
		return err
	}
	bus, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer bus.Close() //nolint:errcheck // all was answered by then
	if len(ids) > 0 && len(letters(bus, ids)) != len(ids) {
		return errors.New("there is no such shard")
	}
	if f.dry {
		return work(bus, ids)
	}
	return c.record(func() (audit.Record, error) {
		err := work(bus, ids)
		return record(), err
	})
}

// filterName names what was chosen in the audit trail: letter/0:7-1, or all filters that were
// set, such as type/auth.login/older/720h0m0s.
func (c *call) filterName(f *dlqFlags) string {
	switch len(c.args) {
	case 0:
	case 1:
		return "letter/" + c.args[0]
	default:
		return fmt.Sprintf("letters/%d", len(c.args))
	}
	var set []string
	for _, filter := range []struct{ name, value string }{{"type", f.Type}, {"group", f.Group}, {"reason", f.reason}} {
		if filter.value != "" {
			set = append(set, filter.name+"/"+filter.value)
		}
	}
	if f.older > 0 {
		set = append(set, "older/"+f.older.String())
	}
	if len(set) == 0 {
		return "all"
	}
	return strings.Join(set, "/")
}
