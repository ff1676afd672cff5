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

// A HistoryLog is a Log whose server may be replaced by another that holds a
// somewhat different past: a replica that lags takes over, or a server restarts
// without its last second. Entries that were read may then be gone, and new
// ones may get ids that the lake has passed already.
//
// A pipeline that carries a HistoryLog notices when the history changes. It
// compares what is left in the log with the lake, carries what would have been
// passed over as a late plan, and reports what was lost; see [Plan]. For that,
// the log should keep entries for some minutes after they are committed.
type HistoryLog interface {
	Log
	// ReadHistory is Read that also names the history which it read, or an
	// older one: an opaque text of up to 128 printable bytes which changes
	// whenever the past may have changed. It is "" where the server doesn't
	// tell, and then nothing is noticed.
	ReadHistory(ctx context.Context, after string, max int) (entries []schema.Entry, history string, err error)
	// Advance makes sure that the ids of all entries to come are greater than
	// id, in one atomic step with checking that the history is still history;
	// it reports false if it is not.
	Advance(ctx context.Context, history, id string) (bool, error)
}

// A Scrubber stands before the lake: whatever wrote an event to the log, only
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

// A CountingScrubber is a Scrubber that tells what it found, which
// [Commit.Scrubbed] adds up. A scrubber can't count for itself: an event is
// scrubbed again whenever the lake tries its batch again.
type CountingScrubber interface {
	Scrubber
	// ScrubCount is Scrub that also returns what was found, by category. The
	// categories must not be data of the event.
	ScrubCount(dst, event []byte) (scrubbed []byte, found map[string]int, err error)
}

// CountFunc makes a [CountingScrubber] of a function.
type CountFunc func(dst, event []byte) (scrubbed []byte, found map[string]int, err error)

// ScrubCount calls f.
func (f CountFunc) ScrubCount(dst, event []byte) ([]byte, map[string]int, error) {
	return f(dst, event)
}

// Scrub calls f and leaves out what was found.
func (f CountFunc) Scrub(dst, event []byte) ([]byte, error) {
	dst, _, err := f(dst, event)
	return dst, err
}

// Logs returns logs of one type as Logs, for [Config].Logs:
//
//	etl.Logs(bus.Logs())
func Logs[L Log](logs []L) []Log {
	all := make([]Log, len(logs))
	for i, l := range logs {
		all[i] = l
	}
	return all
}

// MoreLogs returns what tells logs of one type as what tells Logs, for
// [Config].MoreLogs:
//
//	etl.MoreLogs(bus.CurrentLogs)
func MoreLogs[L Log](current func(context.Context) ([]L, error)) func(context.Context) ([]Log, error) {
	return func(ctx context.Context) ([]Log, error) {
		logs, err := current(ctx)
		return Logs(logs), err
	}
}
