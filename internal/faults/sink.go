package faults

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/internal/sleep"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/phi/audit"
)

var (
	_ etl.Log        = (*eventbus.Log)(nil)
	_ etl.HistoryLog = (*eventbus.Log)(nil)
	_ etl.Leases     = (*eventbus.Leases)(nil)
)

// carry carries the bus into the lake until ctx is done, and tells the audit
// trail of each plan that it committed.
func (p *player) carry(ctx context.Context, bus *eventbus.Bus) error {
	store, err := p.Lake.Open(ctx)
	if err != nil {
		return err
	}
	scrubber, err := phi.New(phi.Config{Key: scrubKey, Profile: phi.LimitedDataSet})
	if err != nil {
		return err
	}
	trail, err := p.openTrail()
	if err != nil {
		return err
	}
	reports, err := p.openReports()
	if err != nil {
		return err
	}
	config := etl.Config{
		Sink: &unreliable{Sink: store, p: p}, Environment: Environment, Policy: "limited_data_set/k1",
		Scrubber: etl.ScrubFunc(func(dst, event []byte) ([]byte, error) {
			dst, _, err := scrubber.ScrubEvent(dst, event)
			return dst, err
		}),
		BatchEvents: p.Batch, BatchAge: p.Age, Poll: 50 * time.Millisecond, LeaseTime: p.Lease,
		Breaker: etl.BreakerRule{Pause: 500 * time.Millisecond}, Now: p.now,
		OnCommit: func(c etl.Commit) {
			trail.append(audit.Record{
				Action: audit.ETLCommit, Outcome: audit.OK, Actor: p.Name, Object: fmt.Sprintf("shard/%s/plan/%d", c.Log, c.Plan), Count: c.Rows,
			})
			reports.write(Report{At: time.Now(), Commit: &c})
		},
	}
	config.Logs, config.MoreLogs = etl.Logs(bus.Logs()), etl.MoreLogs(bus.CurrentLogs)
	if p.Lease > 0 {
		config.Leases = bus.Leases()
	}
	pipeline, err := etl.New(config)
	if err != nil {
		return err
	}
	if p.Drain {
		return errors.Join(pipeline.Drain(ctx), trail.close())
	}
	var watching sync.WaitGroup
	watching.Go(func() { reports.watch(ctx, pipeline) })
	err = pipeline.Run(ctx)
	watching.Wait()
	return errors.Join(err, trail.close())
}

// An unreliable sink has a disk that can be full, and the bugs of its process.
type unreliable struct {
	etl.Sink
	p *player
}

// PutIfAbsent implements [etl.Sink]. On a full disk it fails, half the time
// once the object is there, as when its folder can't be flushed.
func (u *unreliable) PutIfAbsent(ctx context.Context, o etl.Object) error {
	full := fmt.Errorf("faults: put: %w", syscall.ENOSPC)
	if u.p.full.Load() && rand.IntN(2) == 0 {
		return full
	}
	err := u.p.Bug.put(ctx, u.Sink, o)
	if err == nil && u.p.full.Load() {
		return full
	}
	return err
}

// A trail is a sink's audit trail; nil for none.
type trail struct {
	log  *audit.Log
	stop context.CancelFunc
	run  sync.WaitGroup
}

func (p *player) openTrail() (*trail, error) {
	if p.Trail == "" {
		return nil, nil
	}
	signer, err := note.NewSigner(p.Signer)
	if err != nil {
		return nil, err
	}
	t := &trail{}
	if t.log, err = audit.Open(audit.Config{Dir: p.Trail, Signer: signer, CheckpointEvery: 100 * time.Millisecond, EpochBytes: 1 << 20}); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	t.stop = stop
	t.run.Go(func() { t.log.Run(ctx) }) //nolint:errcheck // Append fails, too
	return t, nil
}

func (t *trail) append(r audit.Record) {
	if t == nil {
		return
	}
	if err := t.log.Append(r); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1) // a sink that can't be audited mustn't go on
	}
}

func (t *trail) close() error {
	if t == nil {
		return nil
	}
	t.stop()
	t.run.Wait()
	return t.log.Close()
}

// A Report is a line that a sink writes, for each commit and every 100 ms.
type Report struct {
	At     time.Time
	Commit *etl.Commit `json:",omitempty"`
	Status *etl.Status `json:",omitempty"`
}

// reports is where a sink reports to; nil for nowhere.
type reports struct {
	mu   sync.Mutex
	file *os.File
}

func (p *player) openReports() (*reports, error) {
	if p.Report == "" {
		return nil, nil
	}
	f, err := os.OpenFile(p.Report, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	return &reports{file: f}, err
}

func (r *reports) write(v Report) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = json.NewEncoder(r.file).Encode(v) // whoever reads sees what is missing
}

func (r *reports) watch(ctx context.Context, pipeline *etl.Pipeline) {
	for r != nil && sleep.For(ctx, 100*time.Millisecond) {
		s := pipeline.Status()
		r.write(Report{At: time.Now(), Status: &s})
	}
}
