package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/examples/internal/service"
	"github.com/carebus/carebus/examples/internal/setup"
	"github.com/carebus/carebus/schema"
)

// A verdict says how bad a finding is.
type verdict string

const (
	fine verdict = "ok"
	warn verdict = "warn"
	fail verdict = "fail"
)

// A finding is what one look of the doctor's found.
type finding struct {
	Name    string  `json:"name"`
	Verdict verdict `json:"verdict"`
	Found   string  `json:"found"`
	Advice  string  `json:"advice,omitempty"` // what to do
}

// A doctor looks at everything and stops at nothing.
type doctor struct {
	call        *call
	environment string
	findings    []finding
	shards      []eventbus.ShardStatus // nil: not known
}

func (d *doctor) tell(name string, v verdict, found, advice string) {
	if v == fine {
		advice = ""
	}
	d.findings = append(d.findings, finding{name, v, found, advice})
}

// judge tells fine when ok, else v.
func (d *doctor) judge(name string, ok bool, v verdict, found, advice string) {
	if ok {
		v = fine
	}
	d.tell(name, v, found, advice)
}

// either says in a word which of two a finding is.
func either(first bool, one, other string) string {
	if first {
		return one
	}
	return other
}

var doctorCommand = command{
	name: "doctor", summary: "look at Redis, the lake, keys, clocks and schemas, and say what to do", uses: "redis lake audit",
	help: "Ends with status 1 when something fails. It writes one small object, doctor/probe.txt, into the lake.",
	run: func(ctx context.Context, c *call) error {
		d := &doctor{call: c, environment: setup.Environment(c.getenv)}
		d.examineEnvironment()
		d.examineRedis(ctx)
		d.examineLake(ctx)
		d.examineKeys(ctx)
		d.examineAudit()
		return d.report()
	},
}

func (d *doctor) report() error {
	c := d.call
	sick := false
	for _, f := range d.findings {
		sick = sick || f.Verdict == fail
	}
	if c.json {
		if err := c.value(map[string]any{"ok": !sick, "findings": d.findings}); err != nil {
			return err
		}
	} else {
		tones := map[verdict]colour{fine: green, warn: yellow, fail: red}
		for _, f := range d.findings {
			c.print("%s  %-22s %s", c.paint(tones[f.Verdict], fmt.Sprintf("%-4s", f.Verdict)), f.Name, f.Found)
			if f.Advice != "" {
				c.print("%28s %s", "→", f.Advice)
			}
		}
	}
	if sick {
		return errNotWell
	}
	return nil
}

func (d *doctor) development() bool { return d.environment == setup.Development }

func (d *doctor) examineEnvironment() {
	d.judge("environment", schema.ValidEnvironment(d.environment), fail, d.environment, "ENVIRONMENT must be 1 to 32 lower-case letters, digits and hyphens")
	_, err := setup.Key(d.call.getenv)
	found := "set"
	if d.call.getenv("CAREBUS_KEY") == "" {
		found = "not set: random in each run, so pseudonyms can't be joined"
	}
	advice := ""
	if err != nil {
		advice = err.Error()
	}
	d.judge("key of pseudonyms", err == nil, fail, found, advice)
}

// minRedis is the first version whose streams the bus can work with.
const minRedis = 7

func (d *doctor) examineRedis(ctx context.Context) {
	url, err := d.call.redisURL()
	if err != nil && d.development() {
		d.tell("Redis", warn, "skipped: a development sink's embedded Redis can't be seen from here", "set REDIS_URL or -redis to look at another")
		return
	}
	if err != nil {
		d.tell("Redis", fail, "unknown", err.Error())
		return
	}
	bus, err := d.call.open(ctx)
	if err != nil {
		d.tell("Redis", fail, "no answer", err.Error())
		return
	}
	defer bus.Close() //nolint:errcheck // it was only read
	s, err := bus.Status(ctx)
	if err != nil {
		d.tell("Redis", fail, "no answer", err.Error())
		return
	}
	d.shards = s.Shards
	d.judge("Redis", s.Latency < 20*time.Millisecond, warn, fmt.Sprintf("answers in %s", span(s.Latency)), "put it closer: publishing waits for it")
	d.judge("Redis TLS", strings.HasPrefix(url, "rediss") || d.development(), fail, strings.SplitN(url, "://", 2)[0], "use rediss:// so that events travel encrypted (45 CFR 164.312(e))")
	major, _ := strconv.Atoi(strings.SplitN(strings.TrimPrefix(s.Version, "valkey "), ".", 2)[0])
	if s.Version == "" {
		d.tell("Redis version", warn, "not told", "make sure that it is Redis 7 or Valkey 7.2, or newer")
	} else {
		d.judge("Redis version", major >= minRedis, fail, s.Version, "upgrade to Redis 7 or Valkey 7.2, or newer")
	}
	switch s.Eviction {
	case "noeviction":
		d.tell("Redis eviction", fine, s.Eviction, "")
	case "unknown":
		d.tell("Redis eviction", warn, "not told", "make sure that maxmemory-policy is noeviction")
	default:
		d.tell("Redis eviction", fail, s.Eviction, "CONFIG SET maxmemory-policy noeviction, or events are dropped when memory is full")
	}
	if s.MemoryLimit > 0 {
		part := 100 * s.MemoryUsed / s.MemoryLimit
		v := warn
		if part >= 90 {
			v = fail
		}
		d.judge("Redis memory", part < 70, v, fmt.Sprintf("%s of %s, %d %%", size(s.MemoryUsed), size(s.MemoryLimit), part), "give it more memory, or see who holds entries back with `busctl status`")
	} else {
		d.tell("Redis memory", warn, size(s.MemoryUsed)+", no limit", "set maxmemory, so that publishers are told before the machine runs out")
	}
	d.examineServer(ctx, url)
	d.examineStreams(ctx, bus, s)
}

// examineServer looks at what only the server's own commands tell.
func (d *doctor) examineServer(ctx context.Context, url string) {
	client, err := service.Client(url)
	if err != nil {
		return // the bus has opened, so this can't be
	}
	defer client.Close() //nolint:errcheck // it was only read
	began := time.Now()
	if server, err := client.Time(ctx).Result(); err == nil {
		skew := server.Sub(began.Add(time.Since(began) / 2)).Abs()
		v := warn
		if skew > time.Minute {
			v = fail
		}
		d.judge("clock skew", skew < 2*time.Second, v, span(skew)+" to Redis", "let both machines follow NTP: ages and expiries are wrong by that much")
	}
	text, err := client.Info(ctx, "persistence").Result()
	if err != nil || !strings.Contains(text, "aof_enabled:") {
		d.tell("Redis persistence", warn, "not told", "make sure that it keeps what it acknowledges: appendonly yes, or a durable cluster")
		return
	}
	d.judge("Redis persistence", strings.Contains(text, "aof_enabled:1"), fail, "appendonly "+either(strings.Contains(text, "aof_enabled:1"), "yes", "no"),
		"CONFIG SET appendonly yes, or acknowledged events are lost when Redis restarts")
	if strings.Contains(text, "aof_last_write_status:err") || strings.Contains(text, "rdb_last_bgsave_status:err") {
		d.tell("Redis disk", fail, "the last write failed", "see its log: the disk may be full")
	}
	if fsync, err := client.ConfigGet(ctx, "appendfsync").Result(); err == nil && fsync["appendfsync"] != "" {
		d.judge("Redis fsync", fsync["appendfsync"] != "no", warn, fsync["appendfsync"], "CONFIG SET appendfsync everysec, or always")
	}
}

// sample is how many entries of each stream are looked at for drift.
const sample = 500

// examineStreams looks at progress and at whether events and the registry fit.
func (d *doctor) examineStreams(ctx context.Context, bus *eventbus.Bus, s eventbus.Status) {
	registry := schema.Catalogue()
	var dead int64
	var delay time.Duration
	for _, sh := range s.Shards {
		dead += sh.DeadLetters
		delay = max(delay, sh.Lake.Age)
		for _, g := range sh.Groups {
			if g.Pending > 0 && g.OldestPending > 10*time.Minute {
				d.tell("group "+g.Name, warn, fmt.Sprintf("%d pending, the oldest for %s", g.Pending, span(g.OldestPending)), "see whether its consumers run: "+strconv.FormatInt(g.Consumers, 10)+" are known")
			}
		}
	}
	d.judge("dead letters", dead == 0, warn, strconv.FormatInt(dead, 10), "`busctl dlq list` tells why; `busctl dlq redrive` gives them back once it is mended")
	d.judge("lake delay", delay < 15*time.Minute, fail, span(delay), "see whether a sink runs and whether its status says retrying")

	unknown, newer, strange, looked := 0, 0, 0, 0
	for _, log := range bus.Logs() {
		after, err := log.Before(ctx, sample)
		if err != nil {
			d.tell("schema drift", fail, "the streams can't be read", err.Error())
			return
		}
		entries, err := log.Read(ctx, after, sample)
		if err != nil {
			d.tell("schema drift", fail, "the streams can't be read", err.Error())
			return
		}
		for _, e := range entries {
			looked++
			env, err := registry.Decode(e.Data)
			info, known := registry.Lookup(env.Type())
			switch {
			case err != nil, env.ValidateAttributes() != nil:
				strange++
			case !known:
				unknown++
			case env.SchemaVersion > info.Version:
				newer++
			}
		}
	}
	found := fmt.Sprintf("%d of the last %d events: %d of unknown types, %d of newer versions, %d invalid", unknown+newer+strange, looked, unknown, newer, strange)
	d.judge("schema drift", unknown+newer+strange == 0, warn, found, "update the programs that consume: they were built with an older registry than those that publish. Types of your own are unknown here: this program has the catalogue's")
}

func (d *doctor) examineLake(ctx context.Context) {
	where, err := d.call.lakePlace()
	if err != nil {
		d.tell("lake", fail, "unknown", err.Error())
		return
	}
	inS3 := strings.HasPrefix(where, "s3://")
	if _, err := os.Stat(where); !inS3 && errors.Is(err, os.ErrNotExist) { // to open it would make it
		v := fail // it was named, so it should be there
		if where == setup.DefaultLake {
			v = warn
		}
		d.tell("lake", v, where+" isn't there yet", "the first run of a sink makes it; -lake or S3_BUCKET name another place")
		return
	}
	sink, err := setup.Lake(ctx, where)
	if err != nil {
		d.tell("lake", fail, where, err.Error())
		return
	}
	d.examineWrites(ctx, sink, where)
	d.examinePlans(ctx, sink, where)
	if inS3 {
		d.examineBucket(ctx, where)
	}
}

// examineWrites writes a probe twice: the second time the key must be taken.
func (d *doctor) examineWrites(ctx context.Context, sink etl.Sink, where string) {
	probe := etl.Object{Key: "doctor/probe.txt", Body: []byte("written by busctl doctor\n"), ContentType: "text/plain"}
	if err := sink.PutIfAbsent(ctx, probe); err != nil && !errors.Is(err, etl.ErrExists) {
		d.tell("lake", fail, where, probe.Key+" can't be written: "+err.Error())
		return
	}
	err := sink.PutIfAbsent(ctx, probe)
	d.judge("lake", errors.Is(err, etl.ErrExists), fail, where+", conditional writes", "the store must refuse a second write (If-None-Match): without that no lake is exact")
	body, err := sink.Get(ctx, probe.Key)
	d.judge("lake read", err == nil && bytes.Equal(body, probe.Body), fail, "what was written comes back", "allow s3:GetObject on the lake: a successor must read the plans of the one before")
}

// examinePlans looks for the plans that the bus was carried up to: those of a sink
// that writes elsewhere aren't in this lake.
func (d *doctor) examinePlans(ctx context.Context, lake etl.Sink, where string) {
	for _, sh := range d.shards {
		if sh.Lake.Plan == 0 {
			continue
		}
		_, err := lake.Get(ctx, etl.PlanKey("", d.environment, sh.Name, sh.Lake.Plan))
		found := fmt.Sprintf("plan %d of shard %s is not in %s", sh.Lake.Plan, sh.Name, where)
		switch {
		case errors.Is(err, etl.ErrNotFound):
			d.tell("lake of the bus", fail, found, "some sink or pipeline carries this bus's events into another lake: find it and stop it, or name its lake here")
			return
		case err != nil:
			d.tell("lake of the bus", fail, "its plans can't be read", err.Error())
			return
		}
	}
	if len(d.shards) > 0 {
		d.tell("lake of the bus", fine, "has the plans that its shards were carried up to", "")
	}
}

func (d *doctor) examineKeys(ctx context.Context) {
	store, err := d.call.keyStore()
	if err != nil {
		d.tell("API keys", warn, "no store", err.Error())
		return
	}
	keys, err := store.List(ctx)
	if err != nil {
		d.tell("API keys", fail, "the store can't be read", err.Error())
		return
	}
	used, err := store.LastUsed(ctx)
	if err != nil {
		d.tell("API keys", fail, "the store can't be read", err.Error())
		return
	}
	now := time.Now()
	active, soon, forever, idle := 0, 0, 0, 0
	for _, k := range keys {
		if k.Status(now) != "active" {
			continue
		}
		active++
		switch {
		case k.Expires.IsZero():
			forever++
		case k.Expires.Sub(now) < 14*24*time.Hour && k.ReplacedBy == "":
			soon++
		}
		if last := used[k.ID]; now.Sub(last) > 90*24*time.Hour && now.Sub(k.Created) > 90*24*time.Hour {
			idle++
		}
	}
	d.judge("API keys", active > 0, warn, fmt.Sprintf("%d active of %d", active, len(keys)), "`busctl keys create` makes one")
	d.judge("keys that expire", soon == 0, warn, fmt.Sprintf("%d within 14 days", soon), "`busctl keys rotate` makes successors")
	d.judge("keys without an end", forever == 0, warn, strconv.Itoa(forever), "give keys an end: `busctl keys create -expires`, and revoke these; a rotated key has none either")
	d.judge("keys out of use", idle == 0, warn, fmt.Sprintf("%d unused for 90 days", idle), "`busctl keys revoke` ends them")
	if path := d.call.getenv("CAREBUS_API_KEYS_FILE"); path != "" {
		if info, err := os.Stat(path); err == nil {
			d.judge("keys file", info.Mode().Perm()&0o077 == 0, fail, info.Mode().Perm().String(), "chmod 600 "+path)
		}
	}
}

func (d *doctor) examineAudit() {
	dir, verifier, err := d.call.trailVerifier()
	if err != nil {
		d.tell("audit trail", warn, "none in "+dir, err.Error())
		return
	}
	d.tell("audit trail", fine, verifier.Name()+" in "+dir, "")
	_, err = os.Stat(dir + "/auditor.key")
	d.judge("auditor's key", err != nil || d.development(), fail, either(err != nil, "not on this machine", "lies beside the trail"), "move it away: whoever has it can forge the trail")
}
