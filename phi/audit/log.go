package audit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/carebus/carebus/internal/durable"
)

// A SyncPolicy says when records are forced to the disk.
type SyncPolicy int

// The policies.
const (
	// SyncAlways forces them before Append returns; calls at the same time
	// share one force. A record that was acknowledged survives a power cut.
	SyncAlways SyncPolicy = iota
	// SyncCheckpoint forces them with each checkpoint. A record that was
	// acknowledged survives the process, but a power cut may take what no
	// checkpoint covers yet.
	SyncCheckpoint
)

// Config says how a log is written.
type Config struct {
	// Dir is the folder of a log that [Create] made. Required.
	Dir string
	// Signer signs checkpoints. Its name must be the log's origin. Required;
	// see [GenerateSigningKey] and [note.NewSigner]. A signer that asks a key
	// service keeps the key off the machine.
	Signer note.Signer

	// Sync says when records are forced to the disk. Default SyncAlways.
	Sync SyncPolicy
	// CheckpointEvery is how often Run signs what was appended since the last
	// checkpoint. Default 1 second.
	CheckpointEvery time.Duration
	// Heartbeat is how long the log may lie idle before Run appends a
	// heartbeat. Verify's MaxAge should be about three times as long. Default 1 minute.
	Heartbeat time.Duration
	// EpochBytes and EpochAge end an epoch and its segment. Defaults 64 MiB and
	// 24 hours.
	EpochBytes int64
	EpochAge   time.Duration
	// Logger gets what an operator should see. Default: none.
	Logger *slog.Logger
	// Now is the clock. Default [time.Now].
	Now func() time.Time
}

func (c *Config) complete() error {
	c.CheckpointEvery = cmp.Or(c.CheckpointEvery, time.Second)
	c.Heartbeat = cmp.Or(c.Heartbeat, time.Minute)
	c.EpochBytes = cmp.Or(c.EpochBytes, 64<<20)
	c.EpochAge = cmp.Or(c.EpochAge, 24*time.Hour)
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	var errs []error
	require := func(ok bool, rule string) {
		if !ok {
			errs = append(errs, errors.New("audit: Config."+rule))
		}
	}
	require(c.Dir != "", "Dir is required")
	require(c.Signer != nil, "Signer is required: without signatures a log proves nothing to others")
	require(c.Sync == SyncAlways || c.Sync == SyncCheckpoint, "Sync must be SyncAlways or SyncCheckpoint")
	require(c.CheckpointEvery > 0 && c.Heartbeat > 0 && c.EpochBytes > 0 && c.EpochAge > 0,
		"CheckpointEvery, Heartbeat, EpochBytes and EpochAge must be positive")
	return errors.Join(errs...)
}

// Errors to branch on.
var (
	// ErrClosed says that the log was closed.
	ErrClosed = errors.New("audit: the log is closed")
	// ErrBroken says that the log could not be written to. Records since then
	// may or may not be there. [Log.Run] goes on once the disk takes records again;
	// so does a log that is closed and opened.
	ErrBroken = errors.New("audit: the log can't be written")
	// ErrLocked says that another process writes the log.
	ErrLocked = errors.New("audit: another process writes this log")
)

// A Log is the writer of a log. It is safe for concurrent use.
type Log struct {
	config Config
	origin string
	lock   *os.File

	// io is held by whoever writes files. It is taken before mu.
	io          sync.Mutex
	segment     *os.File
	checkpoints *os.File
	segmentSize int64
	first       uint64    // number of the segment's first record
	began       time.Time // when the segment was begun or opened
	signed      uint64    // size of the last checkpoint
	written     tree      // of the records that were written
	reopened    uint64    // times since the log was broken: each may have left a record

	mu      sync.Mutex // guards what follows
	pending *group
	spare   []byte // a buffer to use again
	chain   *chain
	tree    tree
	last    time.Time // time of the last record
	err     error     // why the log takes no more records
	refused int       // records since then
}

// A group is the records that one write carries.
type group struct {
	buf  []byte
	done bool // under Log.io
	err  error
}

// Append appends records, in order and without others between them, and returns
// when they are written, and forced to the disk if [Config.Sync] says so. Calls
// at the same time share one write, so call it from as many goroutines as there
// are.
//
// A record that breaks a rule fails the whole call and nothing is appended. An
// error that wraps [ErrClosed] lasts, and one that wraps [ErrBroken] until
// [Log.Err] returns nil.
func (l *Log) Append(records ...Record) error {
	for i := range records {
		if err := records[i].check(); err != nil {
			return err
		}
	}
	if len(records) == 0 {
		return nil
	}
	g, err := l.enqueue(records)
	if err != nil {
		return err
	}
	l.io.Lock()
	defer l.io.Unlock()
	if !g.done {
		l.flush(l.config.Sync == SyncAlways) //nolint:errcheck // the group tells
	}
	return g.err
}

// enqueue numbers and chains records and adds them to the pending group.
func (l *Log) enqueue(records []Record) (*group, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		l.refused += len(records)
		return nil, l.err
	}
	if l.pending == nil {
		l.pending = &group{buf: l.spare[:0]}
		l.spare = nil
	}
	g := l.pending
	for i := range records {
		r := records[i]
		r.Seq, r.Epoch = l.tree.size, l.chain.epoch
		if r.Time.IsZero() {
			r.Time = l.config.Now()
		}
		r.Time = r.Time.UTC().Truncate(time.Microsecond)
		start := len(g.buf)
		g.buf = r.appendBody(g.buf)
		g.buf = appendMAC(g.buf, l.chain.next(g.buf[start:]))
		l.tree.append(tlog.RecordHash(g.buf[start:]))
		g.buf = append(g.buf, '\n')
		l.last = r.Time
	}
	return g, nil
}

// maxSpare bounds the buffer that is kept.
const maxSpare = 1 << 20

// take takes the pending group, nil when there is none, and the tree that is on
// the disk once it is written. A log that is broken has none: what came in before
// it was known to be must not be written behind a torn record. The caller holds io
// and mu.
func (l *Log) take() (*group, tree) {
	g := l.pending
	l.pending = nil
	if g != nil && l.err != nil {
		g.done, g.err = true, l.err
		g = nil
	}
	return g, l.tree.clone()
}

// write writes a group, which leads to the tree t. The caller holds io.
func (l *Log) write(g *group, t tree, force bool) error {
	if g == nil {
		return nil
	}
	n, err := l.segment.Write(g.buf)
	l.segmentSize += int64(n)
	if err == nil && force {
		err = l.segment.Sync()
	}
	if err != nil {
		err = fmt.Errorf("%w: write records: %w", ErrBroken, err)
	} else {
		l.written = t
	}
	g.done, g.err = true, err
	return err
}

// flush writes the pending group and returns the tree that is then on the disk.
// The caller holds io.
func (l *Log) flush(force bool) (tree, error) {
	l.mu.Lock()
	g, t := l.take()
	l.mu.Unlock()
	if g == nil {
		return t, l.Err()
	}
	err := l.write(g, t, force)
	l.mu.Lock()
	defer l.mu.Unlock()
	if cap(g.buf) <= maxSpare {
		l.spare = g.buf
	}
	return t, l.broken(err)
}

// broken makes an error that wraps ErrBroken the log's word until it is resumed:
// nobody knows what is on the disk then; only a look at the files does. The caller
// holds mu.
func (l *Log) broken(err error) error {
	if l.err == nil && errors.Is(err, ErrBroken) {
		l.err = err
		l.config.Logger.Error("audit: the log is broken and takes no records", "error", err)
	}
	return cmp.Or(err, l.err)
}

// Err returns why the log takes no records, or nil while it does.
func (l *Log) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// Size returns how many records the log holds, those under way included.
func (l *Log) Size() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tree.size
}

// Checkpoint forces all records to the disk and signs them, unless the last
// checkpoint covers them.
func (l *Log) Checkpoint() error {
	l.io.Lock()
	defer l.io.Unlock()
	return l.checkpoint()
}

func (l *Log) checkpoint() error {
	t, err := l.flush(l.config.Sync == SyncAlways) // a record that waits is acknowledged before sign forces it
	if err != nil {
		return err
	}
	err = l.sign(t)
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.broken(err)
}

// sign forces the records to the disk and signs a tree over them. The caller
// holds io. A signer's error doesn't break the log: a signer may be a service.
func (l *Log) sign(t tree) error {
	if t.size == l.signed {
		return nil
	}
	if err := l.segment.Sync(); err != nil {
		return fmt.Errorf("%w: force records to the disk: %w", ErrBroken, err)
	}
	c := Checkpoint{Origin: l.origin, Size: t.size, Root: t.root()}
	msg, err := note.Sign(&note.Note{Text: c.text()}, l.config.Signer)
	if err != nil {
		return fmt.Errorf("audit: sign a checkpoint: %w", err)
	}
	if _, err = l.checkpoints.Write(msg); err == nil {
		err = l.checkpoints.Sync()
	}
	if err != nil {
		return fmt.Errorf("%w: write a checkpoint: %w", ErrBroken, err)
	}
	l.signed = t.size
	return nil
}

// Rotate ends the epoch: it signs it, replaces the key, and begins a segment.
func (l *Log) Rotate() error {
	l.io.Lock()
	defer l.io.Unlock()
	if err := l.checkpoint(); err != nil { // most of the work, without holding up Append
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	g, t := l.take()
	err := l.write(g, t, l.config.Sync == SyncAlways) // as in checkpoint
	if err == nil {
		err = l.sign(t)
	}
	if err == nil && t.size > l.first { // an empty epoch needs no end
		if err = l.turn(); err != nil {
			err = fmt.Errorf("%w: begin an epoch: %w", ErrBroken, err)
		}
	}
	return l.broken(err)
}

// turn begins an epoch. The caller holds io and mu, and all records are signed.
// The state comes first: a segment without it would be one of the old epoch.
func (l *Log) turn() error {
	next := l.chain.ratchet()
	s := state{Origin: l.origin, Epoch: next.epoch, Key: next.key, Size: l.tree.size, MAC: next.last[:], Tree: l.tree.edges}
	if err := s.save(l.config.Dir); err != nil {
		return err
	}
	l.segment.Close()     //nolint:errcheck // it was forced to the disk
	l.checkpoints.Close() //nolint:errcheck // as above
	l.chain, l.first, l.began = next, l.tree.size, l.config.Now()
	return l.openSegment()
}

// openSegment opens the files that begin with record l.first for appending.
func (l *Log) openSegment() (err error) {
	base := filepath.Join(l.config.Dir, segmentName(l.first))
	if l.segment, err = os.OpenFile(base+segmentExt, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600); err != nil {
		return err
	}
	if l.checkpoints, err = os.OpenFile(base+checkpointExt, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600); err != nil {
		return err
	}
	l.segmentSize = 0
	return durable.SyncDir(l.config.Dir)
}

// Run keeps the log fresh until ctx is done, and then returns nil: it signs
// checkpoints, writes heartbeats and ends epochs. A signer that fails is tried
// again and told to Config.Logger. So is a log that breaks: once it can be written
// it goes on with a record that says so, unless records that were acknowledged are
// not there any more. That ends Run with a [*TamperError].
func (l *Log) Run(ctx context.Context) error {
	tick := time.NewTicker(l.config.CheckpointEvery)
	defer tick.Stop()
	wait, resume := l.config.CheckpointEvery, time.Time{}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		err := l.Err()
		switch {
		case errors.Is(err, ErrClosed):
			return err
		case err == nil:
			wait = l.config.CheckpointEvery
			if err = l.keep(); err != nil && l.Err() == nil {
				l.config.Logger.WarnContext(ctx, "audit: no checkpoint could be signed; it will be tried again", "error", err)
			}
		case time.Now().After(resume): // looking at the files takes time
			var tampered *TamperError
			if err = l.resume(); errors.As(err, &tampered) {
				return err
			}
			wait = min(2*wait, resumeEvery)
			resume = time.Now().Add(wait)
		}
	}
}

// keep does what is due.
func (l *Log) keep() error {
	now := l.config.Now()
	l.mu.Lock()
	idle := now.Sub(l.last)
	l.mu.Unlock()
	l.io.Lock()
	due := l.segmentSize >= l.config.EpochBytes || now.Sub(l.began) >= l.config.EpochAge
	before := l.first
	l.io.Unlock()
	if due {
		if err := l.Rotate(); err != nil {
			return err
		}
		l.io.Lock()
		rotated := l.first != before
		l.io.Unlock()
		if rotated {
			if err := l.Append(Record{Action: LogEpoch, Outcome: OK}); err != nil {
				return err
			}
		}
	}
	if idle >= l.config.Heartbeat {
		if err := l.Append(Record{Action: Heartbeat, Outcome: OK}); err != nil {
			return err
		}
	}
	return l.Checkpoint()
}

// Close says so in a last record, signs it and releases the files. End Run
// first. Calls after it return [ErrClosed].
func (l *Log) Close() error {
	err := l.Append(Record{Action: LogClose, Outcome: OK})
	if err == nil {
		err = l.Checkpoint()
	}
	l.io.Lock()
	defer l.io.Unlock()
	l.mu.Lock()
	if errors.Is(l.err, ErrClosed) {
		l.mu.Unlock()
		return nil
	}
	g, t := l.take()
	l.err = ErrClosed
	l.mu.Unlock()
	return errors.Join(err, l.write(g, t, true), l.release()) // g came in since: written, if not signed
}

// release closes the files; the lock's end comes last.
func (l *Log) release() error { return closeAll(l.segment, l.checkpoints, l.lock) }

func closeAll(files ...*os.File) error {
	var errs []error
	for _, f := range files {
		if f != nil {
			errs = append(errs, f.Close())
		}
	}
	return errors.Join(errs...)
}
