package audit

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/carebus/carebus/internal/durable"
)

// A Batch is a run of records that ends at a checkpoint.
type Batch struct {
	Origin     string
	First      uint64 // number of the first record
	Size       uint64 // records of the log up to and with the last one
	Records    []byte // the lines, each with its newline
	Checkpoint []byte // the signed note that covers them
}

// A Replica is a place off the machine: a Redis stream, a bucket with object
// lock. Once a batch is there, what it covers can't be rewritten unseen.
type Replica interface {
	// Store keeps a batch durably. It must be idempotent: after a crash a batch
	// may come again, or another that begins with the same records. Batches come
	// in order, one at a time. An error means that the batch comes again.
	Store(ctx context.Context, b Batch) error
}

// ReplicaFunc makes a [Replica] of a function.
type ReplicaFunc func(ctx context.Context, b Batch) error

// Store calls f.
func (f ReplicaFunc) Store(ctx context.Context, b Batch) error { return f(ctx, b) }

// A Replicator carries a log to a replica. The log's own files are its buffer,
// so a replica that is away for days costs no memory and loses nothing.
type Replicator struct {
	dir, name string
	replica   Replica
	logger    *slog.Logger

	size atomic.Uint64 // at.Size, for whoever asks

	known  bool     // the position was read, and found in the log
	at     position // how far the replica is
	first  uint64   // the segment it ends in
	offset int64    // of record at.Size in it; -1: not known
}

// replicateEvery is Run's interval unless it is told another.
const replicateEvery = 10 * time.Second

// maxBatch ends a batch at the next checkpoint.
const maxBatch = 8 << 20

// NewReplicator returns a replicator of the log in dir. Its name, a word, tells
// several replicas of a log apart; the position is kept in replica-<name>.json.
// Logger may be nil.
func NewReplicator(dir, name string, replica Replica, logger *slog.Logger) (*Replicator, error) {
	if !isWord(name) || replica == nil {
		return nil, errors.New("audit: a replicator needs a replica, and a word as its name")
	}
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	return &Replicator{dir: dir, name: name, replica: replica, logger: logger, offset: -1}, nil
}

// Run carries what checkpoints cover, at once and then every interval, until ctx
// is done, and returns nil. A replica that fails is tried again; so is a log that is not
// the replica's, see [Replicator.Pass]. Both are told to the logger. An interval of 0 stands for
// 10 seconds; a negative one is refused.
func (r *Replicator) Run(ctx context.Context, every time.Duration) error {
	if every < 0 {
		return errors.New("audit: a replicator's interval can't be negative")
	}
	every = cmp.Or(every, replicateEvery)
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		var tampered *TamperError
		switch err := r.Pass(ctx); {
		case err == nil || ctx.Err() != nil:
		case errors.As(err, &tampered):
			r.logger.ErrorContext(ctx, "audit: the log is not the one that was replicated; nothing more of it is", "replica", r.name, "error", err)
		default:
			r.logger.WarnContext(ctx, "audit: a replica does not take records; it will be tried again", "replica", r.name, "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Size returns how many records the replica holds, as far as is known: 0 before the
// first pass, or if the log is not the replica's. It is safe for concurrent use.
func (r *Replicator) Size() uint64 { return r.size.Load() }

// Pass carries everything that is covered by a checkpoint now. It isn't safe for
// concurrent use with itself or Run. The first Pass makes sure that the log goes on from
// what the replica holds: one that was put back to an older state is a [*TamperError].
func (r *Replicator) Pass(ctx context.Context) error {
	fsys := os.DirFS(r.dir)
	firsts, err := segments(fsys)
	if err != nil {
		return err
	}
	if err := r.load(fsys, firsts); err != nil {
		return err
	}
	for i, first := range firsts {
		if i+1 < len(firsts) && firsts[i+1] <= r.at.Size {
			continue
		}
		if first != r.first || r.offset < 0 {
			r.first, r.offset = first, -1
		}
		if err := r.segment(ctx, fsys, first); err != nil {
			return err
		}
	}
	return nil
}

// segment carries what checkpoints of one segment cover beyond the position.
func (r *Replicator) segment(ctx context.Context, fsys fs.FS, first uint64) error {
	notes, err := fs.ReadFile(fsys, segmentName(first)+checkpointExt)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("audit: read checkpoints: %w", err)
	}
	f, err := os.Open(filepath.Join(r.dir, segmentName(first)+segmentExt))
	if err != nil {
		return fmt.Errorf("audit: open a segment: %w", err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	in := bufio.NewReaderSize(f, 1<<20)
	if r.offset < 0 {
		if _, r.offset, err = skipLines(in, r.at.Size-first); err != nil {
			return fmt.Errorf("audit: records that were replicated can't be read: %w", err)
		}
	} else if _, err := f.Seek(r.offset, io.SeekStart); err != nil {
		return fmt.Errorf("audit: read a segment: %w", err)
	}
	b := Batch{First: r.at.Size, Size: r.at.Size}
	for {
		msg, rest, ok := cutNote(notes)
		if ok {
			c, err := parseCheckpoint(noteText(msg))
			if err != nil {
				return err
			}
			notes = rest
			if c.Size <= r.at.Size {
				continue
			}
			for ; b.Size < c.Size; b.Size++ {
				line, err := in.ReadBytes('\n')
				if err != nil {
					return fmt.Errorf("audit: records that a checkpoint covers can't be read: %w", err)
				}
				b.Records = append(b.Records, line...)
			}
			b.Origin, b.Checkpoint = c.Origin, msg
		}
		if len(b.Records) > 0 && (!ok || len(b.Records) >= maxBatch) {
			if err := r.store(ctx, b); err != nil {
				return err
			}
			b = Batch{First: b.Size, Size: b.Size}
		}
		if !ok {
			return nil
		}
	}
}

func (r *Replicator) store(ctx context.Context, b Batch) error {
	if err := r.replica.Store(ctx, b); err != nil {
		return err
	}
	lines := b.Records[:len(b.Records)-1]
	r.at, r.offset = position{b.Size, tlog.RecordHash(lines[bytes.LastIndexByte(lines, '\n')+1:])}, r.offset+int64(len(b.Records))
	r.size.Store(r.at.Size)
	text, err := json.Marshal(r.at)
	if err == nil {
		err = durable.WriteFile(r.dir, r.positionName(), text)
	}
	if err != nil {
		return fmt.Errorf("audit: write a replica's position: %w", err)
	}
	return nil
}

// A position is how far a replica is.
type position struct {
	Size   uint64    `json:"size"`
	Record tlog.Hash `json:"record"` // the last one's leaf; nothing in positions of before
}

func (r *Replicator) positionName() string { return "replica-" + r.name + ".json" }

// load reads the position and finds its last record in the log. Whoever can write the
// files alone can't make another record that takes its place: its mac covers all before.
func (r *Replicator) load(fsys fs.FS, firsts []uint64) error {
	if r.known {
		return nil
	}
	b, err := os.ReadFile(filepath.Join(r.dir, r.positionName()))
	var p position
	if err == nil {
		err = json.Unmarshal(b, &p)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("audit: read a replica's position: %w", err)
	}
	first, offset, err := uint64(0), int64(-1), error(nil)
	if p.Size > 0 {
		first, offset, err = find(fsys, firsts, p)
	}
	if err != nil {
		return err
	}
	r.known, r.at, r.first, r.offset = true, p, first, offset
	r.size.Store(p.Size)
	return nil
}

// find returns the segment that a position ends in, and the offset behind it.
func find(fsys fs.FS, firsts []uint64, p position) (first uint64, offset int64, err error) {
	if i, _ := slices.BinarySearch(firsts, p.Size); i > 0 {
		first = firsts[i-1]
	}
	bad := &TamperError{Seq: p.Size - 1, Through: p.Size - 1, Segment: segmentName(first), Rule: RuleReplica}
	f, err := fsys.Open(bad.Segment + segmentExt)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, 0, bad
	}
	if err != nil {
		return 0, 0, fmt.Errorf("audit: open a segment: %w", err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	last, offset, err := skipLines(bufio.NewReaderSize(f, 1<<20), p.Size-first)
	if errors.Is(err, io.EOF) || err == nil && p.Record != (tlog.Hash{}) && p.Record != tlog.RecordHash(last) {
		return 0, 0, bad
	}
	if err != nil {
		return 0, 0, fmt.Errorf("audit: records that were replicated can't be read: %w", err)
	}
	return first, offset, nil
}

// skipLines reads n lines and returns the last one, without its newline and good until
// the next read, and the length of all.
func skipLines(in *bufio.Reader, n uint64) (last []byte, length int64, err error) {
	for range n {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return nil, 0, err
		}
		last, length = line[:len(line)-1], length+int64(len(line))
	}
	return last, length, nil
}
