package etl

import (
	"context"

	"github.com/carebus/carebus/schema"
)

// A Log is one shard's ordered log of events. Its entries never change, and
// keep the order of their ids; entries at or before the cursor may be trimmed.
//
// Errors are taken for outages, and the call is made again later. A Log is
// called by one goroutine of a pipeline at a time, but other processes may be
// at the same log.
type Log interface {
	// Name names the log. It becomes part of keys: 1 to 64 letters, digits and
	// "._-", beginning with a letter or digit. It must be the same in every
	// process, always.
	Name() string
	// Read returns up to max entries behind the id after, oldest first; after
	// "" it begins at the start of the log. It answers at once, with no entries
	// when there are none. The caller may keep what it gets.
	Read(ctx context.Context, after string, max int) ([]schema.Entry, error)
	// Cursor returns how far the log has been carried; zero when it never was.
	Cursor(ctx context.Context) (schema.Cursor, error)
	// Commit stores next if the stored cursor's plan is next.Plan-1, in one
	// atomic step, and reports whether it did. Only then may entries up to
	// next.Last be trimmed.
	Commit(ctx context.Context, next schema.Cursor) (committed bool, err error)
}

// A Scrubber guards the lake's door: whatever wrote an event to the log, only
// what a Scrubber returns gets into the lake.
type Scrubber interface {
	// Scrub appends the scrubbed form of one encoded event (CloudEvents JSON, or
	// whatever a stranger wrote) to dst. It must be deterministic: the same
	// event scrubs to the same bytes in every process of the same policy and
	// key. An error puts the event into quarantine; its text is not kept. It is
	// called concurrently and must not keep its arguments.
	Scrub(dst, event []byte) ([]byte, error)
}

// ScrubFunc makes a [Scrubber] of a function.
type ScrubFunc func(dst, event []byte) ([]byte, error)

// Scrub calls f.
func (f ScrubFunc) Scrub(dst, event []byte) ([]byte, error) { return f(dst, event) }
