package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/examples/internal/service"
	"github.com/carebus/carebus/examples/internal/setup"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/phi/audit"
	"github.com/carebus/carebus/schema"
)

// redisURL returns where Redis is. There is none embedded here: it would be empty.
func (c *call) redisURL() (string, error) {
	for _, url := range []string{c.redis, c.getenv("REDIS_URL")} {
		if url != "" {
			return url, nil
		}
	}
	return "", errors.New("where is Redis? Set REDIS_URL or -redis, such as redis://127.0.0.1:6379")
}

// open opens the bus to look at it and at its dead letters.
func (c *call) open(ctx context.Context) (*eventbus.Bus, error) { return c.openAs(ctx, true) }

// openAs opens the bus. Whoever calls must reach one that is set up badly, too.
func (c *call) openAs(ctx context.Context, operator bool) (*eventbus.Bus, error) {
	url, err := c.redisURL()
	if err != nil {
		return nil, err
	}
	scrubber, err := newScrubber()
	if err != nil {
		return nil, err
	}
	return eventbus.Open(ctx, eventbus.Config{
		URL: url, Environment: setup.Environment(c.getenv), Scrubber: scrubber, Operator: operator, AllowEviction: true,
	})
}

// newScrubber returns a scrubber with a key of its own: nothing is published
// here, and what was scrubbed before stays as it is.
func newScrubber() (*phi.Scrubber, error) {
	return phi.New(phi.Config{Key: audit.NewKey(), Registry: schema.Catalogue()})
}

// recorded does what changes things, and tells the operators' audit trail, which
// lies in the folder operator of the audit trail since each has one writer. What
// can't be recorded is not done.
func (c *call) recorded(do func() (audit.Record, error)) error {
	dir := filepath.Join(service.AuditDir(c.audit, c.getenv), "operator")
	signer, err := service.AuditSigner(dir, c.getenv)
	if err != nil {
		if setup.Environment(c.getenv) != setup.Development {
			return fmt.Errorf("nothing is changed that can't be recorded: make the operators' audit trail with `busctl audit init -audit %s -origin NAME`", dir)
		}
		if err := service.CreateDevelopmentAudit(dir); err != nil {
			return err
		}
		if signer, err = service.AuditSigner(dir, c.getenv); err != nil {
			return err
		}
	}
	trail, err := audit.Open(audit.Config{Dir: dir, Signer: signer})
	if err != nil {
		return err
	}
	r, err := do()
	r.Actor, r.Outcome = operator(), audit.OK
	if err != nil {
		r.Outcome = audit.Failed
	}
	told := trail.Append(r)
	if told != nil && trail.Err() == nil { // a name breaks the trail's rules: what was done is told without it
		r.Actor, r.Object = "operator", ""
		told = trail.Append(r)
	}
	return errors.Join(err, told, trail.Close())
}

// operator names who calls, as far as the name is one word.
func operator() string {
	u, err := user.Current()
	if err != nil || strings.Trim(u.Username, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != "" {
		return "operator"
	}
	return "operator/" + u.Username
}

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
			return c.value(statusJSON(s, setup.Environment(c.getenv)))
		}
		c.printStatus(s)
		if s.Epoch == 0 {
			c.print("\nnothing has opened the bus of environment %s on this Redis yet", setup.Environment(c.getenv))
		}
		return nil
	},
}

// statusJSON is the status in the form of the HTTP API's.
func statusJSON(s eventbus.Status, environment string) httpapi.BusStatus {
	o := httpapi.BusStatus{
		Connected: s.Connected, Environment: environment, LatencyMS: float64(s.Latency.Microseconds()) / 1000, Server: s.Version, Eviction: s.Eviction,
		MemoryUsed: s.MemoryUsed, MemoryLimit: s.MemoryLimit, Replicas: s.Replicas, Scrubbed: map[string]int{}, Shards: []httpapi.ShardStatus{},
	}
	for _, sh := range s.Shards {
		shard := httpapi.ShardStatus{
			Name: sh.Name, Length: sh.Length, LastID: sh.LastID, DeadLetters: sh.DeadLetters, LakePlan: sh.Lake.Plan,
			LakeAgeMS: sh.Lake.Age.Milliseconds(), Groups: []httpapi.GroupStatus{},
		}
		for _, g := range sh.Groups {
			shard.Groups = append(shard.Groups, httpapi.GroupStatus{Name: g.Name, Consumers: g.Consumers, Pending: g.Pending, Lag: g.Lag, OldestPendingMS: g.OldestPending.Milliseconds()})
		}
		o.Shards = append(o.Shards, shard)
	}
	return o
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
			if g.Lag != nil {
				lag = strconv.FormatInt(*g.Lag, 10)
			}
			groups = append(groups, []string{name(g.Name), sh.Name, strconv.FormatInt(g.Consumers, 10), lag, strconv.FormatInt(g.Pending, 10), span(g.OldestPending)})
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

var severities = map[schema.Severity]int{schema.SeverityLow: 0, schema.SeverityMedium: 1, schema.SeverityHigh: 2, schema.SeverityCritical: 3}

// lookEvery is how often tail looks for new shards.
const lookEvery = time.Second

func (c *call) tail(ctx context.Context, f *tailFlags) error {
	level, ok := severities[schema.Severity(f.severity)]
	if !ok {
		return c.usage("-severity must be low, medium, high or critical")
	}
	var kinds []string
	if f.kinds != "" {
		kinds = strings.Split(f.kinds, ",")
		for _, k := range kinds {
			if !httpapi.ValidTypePattern(k) {
				return c.usage("-type must be event types, or their beginnings followed by .*")
			}
		}
	}
	bus, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer bus.Close() //nolint:errcheck // it was only read
	scrubber, err := newScrubber()
	if err != nil {
		return err
	}
	logs, err := bus.CurrentLogs(ctx)
	if err != nil {
		return err
	}
	places := make([]string, len(logs)) // behind which to read each on; "" for one that is new
	for i, log := range logs {
		if places[i], err = lastPlace(ctx, bus, log, f.last); err != nil {
			return err
		}
	}
	allowed := httpapi.Principal{Types: kinds}
	shown, strange := 0, 0
	defer func() {
		if strange > 0 {
			fmt.Fprintf(c.stderr, "%d entries were no events\n", strange)
		}
	}()
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
				// A stranger may have written it.
				data, _, scrubErr := scrubber.ScrubEvent(nil, e.Data)
				env, err := schema.Parse(data)
				if scrubErr != nil || err != nil || env.Validate() != nil {
					strange++
					continue
				}
				if severities[env.Severity] < level || !allowed.MayPublish(env.Type()) {
					continue
				}
				if err := c.printEvent(data, env, f.full); err != nil {
					return err
				}
				if shown++; shown == f.n {
					return nil
				}
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// lastPlace returns the id behind which the last n entries of a log stand.
func lastPlace(ctx context.Context, bus *eventbus.Bus, log *eventbus.Log, n int) (string, error) {
	s, err := bus.Status(ctx)
	if err != nil {
		return "", err
	}
	for _, sh := range s.Shards {
		if sh.Name != log.Name() {
			continue
		}
		if n == 0 {
			return sh.LastID, nil
		}
		var recent []string
		for after := ""; ; {
			entries, err := log.Read(ctx, after, 1000)
			if err != nil {
				return "", err
			}
			if len(entries) == 0 {
				break
			}
			for _, e := range entries {
				after = e.ID
				recent = append(recent, e.ID)
			}
			recent = recent[max(0, len(recent)-n-1):]
		}
		if len(recent) <= n {
			return "", nil
		}
		return recent[0], nil
	}
	return "", nil
}

func (c *call) printEvent(data []byte, e schema.Envelope, full bool) error {
	if c.json {
		_, err := fmt.Fprintf(c.stdout, "%s\n", data)
		return err
	}
	tone := map[schema.Severity]colour{schema.SeverityLow: blue, schema.SeverityMedium: yellow, schema.SeverityHigh: red, schema.SeverityCritical: red}[e.Severity]
	subject := e.Subject
	if subject == "" {
		subject = "-"
	}
	c.print("%s  %s  %-28s %-20s %-24s %s", c.paint(grey, e.Time.Local().Format("15:04:05.000")), c.paint(tone, fmt.Sprintf("%-8s", e.Severity)), e.Type(), e.Source, subject, c.paint(grey, e.ID))
	if full {
		if raw, ok := e.Event.(schema.Raw); ok {
			c.print("    %s", raw.Data)
		}
	}
	return nil
}
