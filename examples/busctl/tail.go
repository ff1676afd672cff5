package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"strings"
	"time"

	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/internal/sleep"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

type tailFlags struct {
	kinds, severity string
	n               int
	last            int
	full            bool
}

var tailCommand = command{
	name: "tail", summary: "events as they come, scrubbed", uses: "redis",
	help: "Without -json, a line an event: time, severity, type, source, subject, id. With -json, the\nevent's CloudEvents JSON a line; what is no event is left out and counted at the end.",
	flags: func(c *call, fs *flag.FlagSet) {
		f := &tailFlags{}
		c.own = f
		fs.StringVar(&f.kinds, "type", "", "event `types`, or their beginnings followed by .*, joined by commas (default: all)")
		fs.StringVar(&f.severity, "severity", "low", "the least `severity`: low, medium, high or critical")
		fs.IntVar(&f.n, "n", 0, "end after `N` events (default: on interrupt)")
		fs.IntVar(&f.last, "last", 0, "begin with the last `N` entries of each stream")
		fs.BoolVar(&f.full, "full", false, "print each event's data too")
	},
	run: func(ctx context.Context, c *call) error { return c.tail(ctx, c.own.(*tailFlags)) },
}

// lookEvery is how often tail looks for new shards.
const lookEvery = time.Second

// A tailer shows the entries that the flags choose.
type tailer struct {
	*call
	flags    *tailFlags
	level    int               // the least severity
	allowed  httpapi.Principal // whose Types are those chosen
	scrubber *phi.Scrubber
	shown    int
	strange  int // entries that were no events
}

func (c *call) newTailer(f *tailFlags) (*tailer, error) {
	t := &tailer{call: c, flags: f}
	if t.level = schema.Severity(f.severity).Level(); t.level < 0 {
		return nil, c.usage("-severity must be low, medium, high or critical")
	}
	if f.n < 0 || f.last < 0 {
		return nil, c.usage("-n and -last can't be negative")
	}
	if f.kinds != "" {
		t.allowed.Types = strings.Split(f.kinds, ",")
	}
	for _, k := range t.allowed.Types {
		if !httpapi.ValidTypePattern(k) {
			return nil, c.usage("-type must be event types, or their beginnings followed by .*")
		}
	}
	var err error
	t.scrubber, err = newScrubber()
	return t, err
}

func (c *call) tail(ctx context.Context, f *tailFlags) error {
	t, err := c.newTailer(f)
	if err != nil {
		return err
	}
	bus, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer bus.Close() //nolint:errcheck // it was only read
	defer func() {
		if t.strange > 0 {
			fmt.Fprintf(c.stderr, "%d entries were no events\n", t.strange)
		}
	}()
	logs, err := bus.CurrentLogs(ctx)
	if err != nil {
		return err
	}
	places := make([]string, len(logs)) // behind which to read each on; "" for one that is new
	for i, log := range logs {
		if places[i], err = log.Before(ctx, f.last); err != nil {
			return err
		}
	}
	for looked := time.Now(); ; {
		if time.Since(looked) > lookEvery {
			current, err := bus.CurrentLogs(ctx)
			switch {
			case ctx.Err() != nil:
				return nil
			case err != nil:
				return err
			}
			places = append(places, make([]string, len(current)-len(logs))...)
			logs, looked = current, time.Now()
		}
		for i, log := range logs {
			entries, err := log.Read(ctx, places[i], 500)
			if err != nil && ctx.Err() == nil {
				return err
			}
			for _, e := range entries {
				places[i] = e.ID
				if enough, err := t.show(e); enough || err != nil {
					return err
				}
			}
		}
		if !sleep.For(ctx, 100*time.Millisecond) {
			return nil
		}
	}
}

// show prints an entry if it is chosen, scrubbed, since a stranger may have
// written it. It reports whether as many as wanted have been shown.
func (t *tailer) show(e schema.Entry) (enough bool, err error) {
	data, _, scrubErr := t.scrubber.ScrubEvent(nil, e.Data)
	env, err := schema.Parse(data)
	if scrubErr != nil || err != nil || env.Validate() != nil {
		t.strange++
		return false, nil
	}
	if env.Severity.Level() < t.level || !t.allowed.MayPublish(env.Type()) {
		return false, nil
	}
	t.shown++
	return t.shown == t.flags.n, t.printEvent(data, env)
}

func (t *tailer) printEvent(data []byte, e schema.Envelope) error {
	if t.json {
		_, err := fmt.Fprintf(t.stdout, "%s\n", data)
		return err
	}
	tone := map[schema.Severity]colour{schema.SeverityLow: blue, schema.SeverityMedium: yellow, schema.SeverityHigh: red, schema.SeverityCritical: red}[e.Severity]
	t.print("%s  %s  %-28s %-20s %-24s %s", t.paint(grey, e.Time.Local().Format("15:04:05.000")), t.paint(tone, fmt.Sprintf("%-8s", e.Severity)), e.Type(), e.Source, cmp.Or(e.Subject, "-"), t.paint(grey, e.ID))
	if t.flags.full {
		if raw, ok := e.Event.(schema.Raw); ok {
			t.print("    %s", raw.Data)
		}
	}
	return nil
}
