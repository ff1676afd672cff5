package faults

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/carebus/carebus/etl/s3sink"
	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/internal/child"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/internal/s3test"
	"github.com/carebus/carebus/internal/sleep"
	"github.com/carebus/carebus/phi/audit"
)

// A Run is servers and processes under faults.
type Run struct {
	Scenario Scenario
	Redis    *redistest.Server
	S3       s3test.Server // with a lake in S3
	Store    *FaultyStore  // before S3; nil with a lake in a folder
	Bus      *eventbus.Bus // the harness's own, which no fault reaches but Redis's

	t         testing.TB
	dir       string
	bug       Bug
	lake      Place // for the processes
	processes map[string]*Process
	networks  map[string]*redistest.Proxy
	trails    map[string]keyring

	did     map[Verb]int
	working sync.WaitGroup // what takes its time
}

// Start starts a scenario's servers and processes, each with a bug. They end
// with the test, which is skipped where a server isn't installed.
func Start(t testing.TB, s Scenario, bug Bug) *Run {
	t.Helper()
	// Whatever is acknowledged is on the disk: only then may nothing be lost.
	r := &Run{
		Scenario: s, Redis: redistest.Real(t, "--appendfsync", "always"), t: t, dir: t.TempDir(), bug: bug,
		processes: map[string]*Process{}, networks: map[string]*redistest.Proxy{}, trails: map[string]keyring{}, did: map[Verb]int{},
	}
	r.lake.Dir = filepath.Join(r.dir, "lake")
	switch s.Lake {
	case "tmpfs":
		unmount, err := mountDisk(r.lake.Dir)
		if err != nil {
			t.Skip("a disk that can be full: ", err)
		}
		t.Cleanup(unmount)
	case "s3":
		r.S3 = s3test.Start(t)
		r.Store = StartFaultyStore(t, r.S3.Endpoint)
		r.lake = Place{S3: &s3sink.Config{
			Bucket: r.S3.Bucket, Prefix: "lake", Endpoint: r.Store.URL,
			Timeout: time.Second, MinPause: 5 * time.Millisecond, MaxPause: 200 * time.Millisecond,
		}}
	}
	var err error
	if r.Bus, err = openBus(t.Context(), r.Redis.URL, s.Shards, time.Now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Bus.Close() }) //nolint:errcheck // the server may be gone
	for _, name := range s.slots(ToProcesses) {
		r.startProcess(name)
	}
	return r
}

// role returns the role of a process that reaches Redis at an URL.
func (r *Run) role(kind, name, url string) Role {
	s := &r.Scenario
	role := Role{
		Kind: kind, Name: name, Redis: url, Shards: s.Shards, Ledger: r.ledger(), Bug: r.bug,
		Subjects: s.Publishers.Subjects, Rate: s.Publishers.Rate,
		Lake: r.lake, Batch: s.Sinks.Batch, Age: s.Sinks.Age, Lease: s.Sinks.Lease,
		To: s.Reshard.To, Every: s.Reshard.Every,
	}
	if kind == sink {
		role.Report = r.reports(name)
	}
	return role
}

func (r *Run) ledger() string             { return filepath.Join(r.dir, "ledger") }
func (r *Run) reports(name string) string { return filepath.Join(r.dir, "reports-"+name) }
func (r *Run) trail(name string) string   { return filepath.Join(r.dir, "audit-"+name) }

// startProcess starts the process of a name, which its kind begins.
func (r *Run) startProcess(name string) *Process {
	r.t.Helper()
	proxy := redistest.NewProxy(r.t, r.Redis.Addr)
	r.networks[name] = proxy
	kind := name[:slices.Index([]byte(name), '-')]
	role := r.role(kind, name, "redis://"+proxy.Addr)
	if kind == sink {
		role.Trail, role.Signer = r.trail(name), r.createTrail(name)
	}
	p := StartProcess(r.t, role, r.storeEnv(), os.Stderr)
	r.processes[name] = p
	return p
}

// storeEnv is the environment for the lake's store.
func (r *Run) storeEnv() map[string]string {
	if r.Store == nil {
		return nil
	}
	env := r.S3.Env()
	env["AWS_ENDPOINT_URL_S3"] = r.Store.URL
	return env
}

// createTrail makes an audit trail and returns the key that signs it.
func (r *Run) createTrail(name string) string {
	r.t.Helper()
	origin := "carebus.example/faults/" + name
	skey, vkey, err := audit.GenerateSigningKey(origin)
	keys := keyring{origin, vkey, audit.NewKey()}
	if err == nil {
		err = audit.Create(r.trail(name), origin, keys.key)
	}
	if err != nil {
		r.t.Fatal(err)
	}
	r.trails[name] = keys
	return skey
}

// An act is the beginning or the end of a step.
type act struct {
	at  time.Duration
	do  func()
	end bool
}

// Suffer lets a schedule happen once the first event is acknowledged, and as much
// as the length has left: on a busy machine processes take their time to start.
func (r *Run) Suffer(steps []Step, length time.Duration) {
	r.t.Helper()
	redistest.Wait(r.t, "the first acknowledgement", func() bool {
		ledger, err := os.Stat(r.ledger())
		return err == nil && ledger.Size() > 0
	})
	var acts []act
	for _, s := range steps {
		begin, end := r.acts(s)
		acts = append(acts, act{at: s.At, do: func() { r.did[s.Do]++; begin() }})
		if end != nil {
			acts = append(acts, act{at: s.At + s.For, do: end, end: true})
		}
	}
	for at := 5 * time.Second; r.Scenario.Keep > 0 && at < length; at += r.Scenario.Keep {
		acts = append(acts, act{at: at, do: r.trim})
	}
	slices.SortStableFunc(acts, func(a, b act) int { return cmp.Compare(a.at, b.at) })
	ctx, cancel := context.WithDeadline(r.t.Context(), time.Now().Add(length))
	defer cancel()
	began := time.Now()
	for _, a := range acts {
		if !sleep.For(ctx, time.Until(began.Add(a.at))) && !a.end {
			break
		}
		a.do()
		r.revive()
	}
	<-ctx.Done()
	r.working.Wait()
	r.heal()
}

// acts returns what begins a step and what ends it; nil where it ends at once.
func (r *Run) acts(s Step) (begin, end func()) {
	if s.To == string(ToRedis) {
		if s.Do == Kill {
			return func() { r.Redis.Kill(r.t); r.Redis.Restart(r.t) }, nil
		}
		return func() { r.Redis.Pause(r.t) }, func() { r.Redis.Resume(r.t) }
	}
	p, network := r.processes[s.To], r.networks[s.To]
	switch s.Do {
	case Kill:
		return func() { r.must(p.Restart()) }, nil
	case Terminate:
		return func() {
			r.working.Go(func() { r.must(p.Replace()) })
		}, nil
	case Stop:
		return func() { p.Signal(child.Pause) }, func() { p.Signal(child.Resume) }
	case Cut:
		return func() { network.To(nowhere) }, func() { network.To(r.Redis.Addr) }
	case Slow:
		return func() { network.Slow(s.By) }, func() { network.Slow(0) }
	case Errors:
		return func() { r.Store.Fail(s.One, s.With...) }, func() { r.Store.Fail(0) }
	case Full:
		if s.To == string(ToLake) {
			return func() { r.must(fillDisk(r.lake.Dir, true)) }, func() { r.must(fillDisk(r.lake.Dir, false)) }
		}
		return func() { p.Tell("full on") }, func() { p.Tell("full off") }
	default: // Clock
		return func() { p.Tell("clock %v", s.By) }, func() { p.Tell("clock 0s") }
	}
}

// nowhere is where nothing listens: port 1 needs a right that nobody here has
// given away.
const nowhere = "127.0.0.1:1"

func (r *Run) must(err error) {
	if err != nil {
		r.t.Error(err)
	}
}

// revive replaces processes that ended by themselves, which Judge is told.
func (r *Run) revive() {
	for _, p := range r.processes {
		r.must(p.Revive())
	}
}

// trim removes from the bus what everybody has. Redis may be away; then there is
// a next time.
func (r *Run) trim() {
	ctx, cancel := context.WithTimeout(r.t.Context(), time.Second)
	defer cancel()
	_, _ = r.Bus.Trim(ctx, eventbus.RetentionConfig{KeepFor: r.Scenario.Keep})
}

// heal ends whatever lasts.
func (r *Run) heal() {
	r.Redis.Resume(r.t)
	if r.Store != nil {
		r.Store.Fail(0)
	}
	if r.Scenario.Lake == "tmpfs" {
		r.must(fillDisk(r.lake.Dir, false))
	}
	for name, p := range r.processes {
		p.Signal(child.Resume)
		p.Tell("full off")
		p.Tell("clock 0s")
		r.networks[name].Slow(0)
		r.networks[name].To(r.Redis.Addr)
	}
}

// settlesWithin is how long it may take until all that was published has been
// handled and carried. A run that takes longer is judged as it is.
const settlesWithin = 90 * time.Second

// Settle waits until the number of shards has changed, if it should at all: the
// seal of a resharder that died may have kept the others from it. Then it ends the
// resharder and the publishers, waits until everything is where it belongs, and
// ends the other processes.
func (r *Run) Settle() {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), settlesWithin)
	defer cancel()
	for len(r.Scenario.Reshard.To) > 0 && !r.resharded(ctx) && sleep.For(ctx, 50*time.Millisecond) {
	}
	r.terminate(ToResharders)
	r.terminate(ToPublishers)
	for !r.settled(ctx) && sleep.For(ctx, 50*time.Millisecond) {
	}
	r.terminate(ToConsumers)
	r.terminate(ToSinks)
}

func (r *Run) terminate(kind Target) {
	r.t.Helper()
	for _, name := range r.Scenario.slots(kind) {
		p := r.processes[name]
		r.must(p.Revive())
		r.must(p.Terminate())
	}
}

// resharded reports whether the number of shards has changed.
func (r *Run) resharded(ctx context.Context) bool {
	status, err := r.Bus.Status(ctx)
	return err == nil && status.Epoch > 1
}

// settled reports whether all groups and the lake have all entries.
func (r *Run) settled(ctx context.Context) bool {
	status, err := r.Bus.Status(ctx)
	if err != nil {
		return false
	}
	for _, s := range status.Shards {
		if s.Lake.Age > 0 || s.Length > 0 && s.Lake.Plan == 0 || r.Scenario.Consumers.Count > 0 && s.Length > 0 && len(s.Groups) == 0 {
			return false
		}
		for _, g := range s.Groups {
			if g.Pending > 0 || compareEntries(g.LastDelivered, s.LastID) < 0 {
				return false
			}
		}
	}
	return true
}

// Evidence takes the evidence of a run whose processes have ended.
func (r *Run) Evidence() *Evidence {
	r.t.Helper()
	ctx := r.t.Context()
	must := func(err error) {
		r.t.Helper()
		if err != nil {
			r.t.Fatal(err)
		}
	}
	e := &Evidence{Reshards: len(r.Scenario.Reshard.To) > 0}
	if r.Scenario.Consumers.Count > 0 {
		e.MaxDeliver = group.MaxDeliver
	}
	var err error
	e.Entries, err = ReadLedger(r.ledger())
	must(err)
	must(e.takeLayout(ctx, r.Bus))
	place := r.lake
	if r.Store != nil {
		place = Place{S3: &s3sink.Config{Bucket: r.S3.Bucket, Prefix: "lake", Client: r.S3.Client()}}
	}
	store, err := place.Open(ctx)
	must(err)
	must(e.takeLake(ctx, store, r.Bus))
	must(e.takeLetters(ctx, r.Bus))
	for name, keys := range r.trails {
		must(r.bug.tamper(r.trail(name)))
		must(e.takeTrail(ctx, name, r.trail(name), keys, store))
	}
	for _, p := range r.processes {
		e.EndedAlone = append(e.EndedAlone, p.EndedAlone()...)
	}
	return e
}
