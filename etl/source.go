package etl

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/carebus/carebus/internal/sleep"
	"github.com/carebus/carebus/schema"
)

// errDisorder says that a log broke its contract.
var errDisorder = errors.New("etl: the log gave entries out of order or with invalid ids")

// errLog says that a log failed.
var errLog = errors.New("etl: the log failed")

// A source cuts the entries of a log into batches.
type source struct {
	config  *Config
	readLog readFunc
	status  *logStatus
	history string // that the session began with
	flush   bool   // don't wait for more: a partial batch is due once the log is read to its end

	after   string         // where the next batch begins
	lastID  entryID        // of the last entry read; zero: none yet
	lastRaw string         // the same as the log wrote it; "" at the log's start
	entries []schema.Entry // read, but not yet in a batch
	ids     []entryID
	bytes   int       // of entries
	chunk   int       // how many entries to ask for
	seen    time.Time // when the first of entries was read
}

// maxChunk is how many entries a read asks for at most. Reads shrink as long as
// what comes is large beside BatchBytes, and grow again; but nothing says of what
// size the next entries are, and large ones may follow any number of small ones.
const maxChunk = 128

// A readFunc is a carrier's read.
type readFunc func(ctx context.Context, after string, max int) ([]schema.Entry, string, error)

func newSource(c *Config, read readFunc, s *logStatus, after, history string, flush bool) *source {
	id, _ := parseID(after)
	return &source{config: c, readLog: read, history: history, status: s, flush: flush, after: after, lastID: id, lastRaw: after, chunk: maxChunk}
}

// A stretch is the entries that make a batch.
type stretch struct {
	after   string // the entry before
	entries []schema.Entry
	ids     []entryID
}

// run cuts stretches until it is done: when flush is set and the log is empty.
func (s *source) run(ctx context.Context, to chan<- stretch) error {
	for {
		next, err := s.next(ctx)
		if err != nil || len(next.entries) == 0 {
			return err
		}
		select {
		case to <- next:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// next waits for a stretch. It returns none when flush is set and the log is
// empty.
func (s *source) next(ctx context.Context) (stretch, error) {
	for {
		if n := s.full(); n > 0 {
			return s.cut(n), nil
		}
		want := min(s.chunk, s.config.BatchEvents-len(s.entries))
		got, err := s.read(ctx, want)
		switch {
		case err != nil:
			return stretch{}, err
		case got >= want:
			continue // there is more
		case s.flush && got == 0:
			return s.cut(len(s.entries)), nil
		case s.flush:
			continue
		}
		// The log is read to its end: what waits, waits for new events.
		if len(s.entries) > 0 && !s.config.Now().Before(s.deadline()) {
			return s.cut(len(s.entries)), nil
		}
		if err := s.sleep(ctx); err != nil {
			return stretch{}, err
		}
	}
}

// full returns how many entries make a full batch, or 0.
func (s *source) full() int {
	if s.bytes >= s.config.BatchBytes {
		n, size := 0, 0
		for n < len(s.entries) && (n == 0 || size+len(s.entries[n].Data) <= s.config.BatchBytes) {
			size += len(s.entries[n].Data)
			n++
		}
		return min(n, s.config.BatchEvents)
	}
	if len(s.entries) >= s.config.BatchEvents {
		return s.config.BatchEvents
	}
	return 0
}

// deadline is when the entries in hand are due for their age. The log's clock
// may be ahead of this one, so the time of reading counts too.
func (s *source) deadline() time.Time {
	first := s.ids[0].published()
	if s.seen.Before(first) {
		first = s.seen
	}
	return first.Add(s.config.BatchAge)
}

// cut takes the first n entries.
func (s *source) cut(n int) stretch {
	if n == 0 {
		return stretch{}
	}
	next := stretch{s.after, s.entries[:n:n], s.ids[:n:n]}
	// What is left is copied, so that it doesn't hold on to what was cut.
	s.entries, s.ids = slices.Clone(s.entries[n:]), slices.Clone(s.ids[n:])
	for _, e := range next.entries {
		s.bytes -= len(e.Data)
	}
	s.after = next.entries[n-1].ID
	if len(s.ids) > 0 {
		s.status.noteFirst(s.ids[0].published(), s.config.Now())
	}
	return next
}

// read reads up to limit entries and returns how many there were.
func (s *source) read(ctx context.Context, limit int) (int, error) {
	now := s.config.Now()
	got, history, err := s.readLog(ctx, s.lastRaw, limit)
	if err != nil {
		return 0, err
	}
	if history != s.history {
		return 0, errHistory
	}
	if len(got) == 0 {
		s.status.noteEmpty(now)
		return 0, nil
	}
	if len(s.entries) == 0 {
		s.seen = now
		s.entries, s.ids = make([]schema.Entry, 0, len(got)), make([]entryID, 0, len(got))
	}
	size := 0
	for _, e := range got {
		id, ok := parseID(e.ID)
		if !ok || s.lastRaw != "" && !s.lastID.less(id) {
			return 0, errDisorder
		}
		if len(s.entries) == 0 {
			s.status.noteFirst(id.published(), now)
		}
		s.lastID, s.lastRaw = id, e.ID
		s.entries, s.ids = append(s.entries, e), append(s.ids, id)
		size += len(e.Data)
	}
	s.bytes += size
	// Ask for twice as much as long as that is sure to be little.
	if size*16 < s.config.BatchBytes {
		s.chunk = min(2*s.chunk, maxChunk)
	} else {
		s.chunk = max(1, min(s.chunk, len(got)*(s.config.BatchBytes/8)/max(size, 1)))
	}
	return len(got), nil
}

// sleep waits until the next poll, or until the entries in hand are due.
func (s *source) sleep(ctx context.Context) error {
	d := s.config.Poll
	if len(s.entries) > 0 {
		d = min(d, max(0, s.deadline().Sub(s.config.Now())))
		s.status.noteWaiting(StateFilling, 1)
	} else {
		s.status.noteWaiting(StateIdle, 0)
	}
	sleep.For(ctx, d)
	return ctx.Err()
}
