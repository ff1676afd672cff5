package audit

import (
	"bufio"
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
	"time"

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

	known  bool   // the position was read
	size   uint64 // records that are in the replica
	first  uint64 // the segment they end in
	offset int64  // of record size in it; -1: not known
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
// is done, and returns nil. A replica that fails is tried again. An interval of 0
// stands for 10 seconds; a negative one is refused.
func (r *Replicator) Run(ctx context.Context, every time.Duration) error {
	if every < 0 {
		return errors.New("audit: a replicator's interval can't be negative")
	}
	every = cmp.Or(every, replicateEvery)
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := r.Pass(ctx); err != nil && ctx.Err() == nil {
			r.logger.WarnContext(ctx, "audit: a replica does not take records; it will be tried again", "replica", r.name, "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Size returns how many records the replica holds, as far as is known.
func (r *Replicator) Size() uint64 { return r.size }

// Pass carries everything that is covered by a checkpoint now. It isn't safe for
// concurrent use with itself or Run.
func (r *Replicator) Pass(ctx context.Context) error {
	if err := r.load(); err != nil {
		return err
	}
	fsys := os.DirFS(r.dir)
	firsts, err := segments(fsys)
	if err != nil {
		return err
	}
	for i, first := range firsts {
		if i+1 < len(firsts) && firsts[i+1] <= r.size {
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
		if r.offset, err = skipLines(in, r.size-first); err != nil {
			return err
		}
	} else if _, err := f.Seek(r.offset, io.SeekStart); err != nil {
		return fmt.Errorf("audit: read a segment: %w", err)
	}
	b := Batch{First: r.size, Size: r.size}
	for {
		msg, rest, ok := cutNote(notes)
		if ok {
			c, err := parseCheckpoint(noteText(msg))
			if err != nil {
				return err
			}
			notes = rest
			if c.Size <= r.size {
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
	r.size, r.offset = b.Size, r.offset+int64(len(b.Records))
	text, err := json.Marshal(position{r.size})
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
	Size uint64 `json:"size"`
}

func (r *Replicator) positionName() string { return "replica-" + r.name + ".json" }

func (r *Replicator) load() error {
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
	r.known, r.size = true, p.Size
	return nil
}

// skipLines reads n lines and returns their length.
func skipLines(in *bufio.Reader, n uint64) (offset int64, err error) {
	for range n {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return 0, fmt.Errorf("audit: records that were replicated can't be read: %w", err)
		}
		offset += int64(len(line))
	}
	return offset, nil
}
