package etl

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/carebus/carebus/schema"
)

// Config says what a [Pipeline] carries, and how.
type Config struct {
	// Logs are the logs to carry, each of another name. Required; MoreLogs adds
	// those that come later.
	Logs []Log
	// Sink is where the lake is. Required.
	Sink Sink
	// Scrubber scrubs each event on its way. Required: to carry events as they are,
	// say so with a [ScrubFunc] that appends them.
	Scrubber Scrubber
	// Environment is the one whose events the lake takes in, such as
	// "production". Required.
	Environment string

	// MoreLogs is asked every two seconds, with Leases as often as they are
	// renewed, and before Drain ends, for the logs that there are by now, such as
	// after the number of shards was changed. Those of names that are new to the
	// pipeline are carried from then on, beside all others. An error is taken for
	// an outage. One call is made at a time. Default: Logs are all there ever are.
	MoreLogs func(ctx context.Context) ([]Log, error)
	// Transforms are applied to each event in their order, between the scrubber
	// and the partitioner; what they change is scrubbed again. Default none.
	Transforms []Transform
	// Encoder writes the objects. Default [Snappy]. Before a change to or from
	// Parquet, see package parquet.
	Encoder Encoder
	// Readers are other encoders that plans in the lake may name, such as that
	// of package parquet after a change back to [Snappy]. The package's own are
	// always known. Default: none.
	Readers []Encoder
	// Partitioner lays out the lake. Default [ByEventTime].
	Partitioner Partitioner
	// Prefix comes before all keys: segments joined by "/", 128 bytes at most.
	// Default none.
	Prefix string
	// Policy names the scrubber's policy and key, such as
	// "limited_data_set/key-3". Plans record it. It must not be secret. Default none.
	Policy string

	// BatchEvents is the most entries in a batch: 1,000,000 at most. Default 1,000.
	BatchEvents int
	// BatchAge is how long the first event of a batch waits for others: a
	// millisecond or more. Default 5 minutes.
	BatchAge time.Duration
	// BatchBytes ends a batch whose entries have as many bytes. Default 16 MiB;
	// see the package documentation on memory.
	BatchBytes int
	// EventBytes is the largest event taken in; larger ones go to quarantine.
	// Default 8 MiB: Athena takes rows of up to 32 MiB.
	EventBytes int
	// Poll is how often a log is read that had nothing to read: a millisecond or
	// more. Default 250 ms.
	Poll time.Duration
	// Uploads is how many objects of a log are written at a time. Default 8.
	Uploads int
	// Times says which events go where their time says. Default: that of [TimeRule].
	Times TimeRule

	// Breaker says when a failing sink is left alone. Default: that of [BreakerRule].
	Breaker BreakerRule

	// Leases shares the logs with other pipelines. Default: all are carried.
	Leases Leases
	// Member names this pipeline among those that share: 1 to 64 letters, digits
	// and "._-". Default: a random name.
	Member string
	// LeaseTime is after how long the others take over from a pipeline that has
	// died: 100 ms or more. Default 15 s.
	LeaseTime time.Duration

	// OnCommit is called after each plan that this pipeline has committed, from
	// several goroutines, one call at a time for each log. It should return
	// soon. After a commit whose answer was lost, two writers may report one
	// plan. Default: nobody is told.
	OnCommit func(Commit)
	// Telemetry says where metrics and spans go. Default: nowhere.
	Telemetry Telemetry
	// Logger receives outages and what needs attention. Default: no log.
	Logger *slog.Logger
	// Now is the clock. Default [time.Now].
	Now func() time.Time
}

// A Commit reports a plan that was carried out whole.
type Commit struct {
	Log         string
	Plan        uint64
	Hash        string        // SHA-256 of the plan, in hex: an anchor for an audit trail
	Last        string        // id of the last entry
	Objects     []ObjectStats // in the order of the plan, quarantine among them
	Rows        int           // events of it that are in the lake
	Found       int           // of Rows, those that another writer had stored
	Quarantined int           // entries left out
	Dropped     int           // entries left out on purpose
	Transforms  []TransformStats
	// Scrubbed is what a [CountingScrubber] found in the events that got a row,
	// by category: once, however often the batch was tried.
	Scrubbed map[string]int
	Adopted  bool // another writer had planned it
	// Late says that the log's history had changed; see [HistoryLog].
	Late bool
	// Lost counts entries that were planned, and gone from the log before they
	// were written. The plan's [Amendment] lists them.
	Lost int
}

// ObjectStats describes an object of a plan.
type ObjectStats struct {
	Key   string
	Rows  int
	Bytes int // as stored; 0 if another writer stored it
}

// maxBatchEvents is less than what parseIDs takes of a plan: one with more entries
// could be put, and then be obeyed by nobody.
const maxBatchEvents = 1_000_000

// maxPrefixLen leaves room in a key for the rest, with the longest partition and names,
// and for a prefix of the sink's that is as long: a plan whose objects have no valid
// keys could be put, and then be carried out by nobody.
const maxPrefixLen = 128

// complete fills in the defaults and reports every rule that c breaks.
func (c *Config) complete() error {
	c.BatchEvents = cmp.Or(c.BatchEvents, 1000)
	c.BatchAge = cmp.Or(c.BatchAge, 5*time.Minute)
	c.BatchBytes = cmp.Or(c.BatchBytes, 16<<20)
	c.EventBytes = cmp.Or(c.EventBytes, 8<<20)
	c.Poll = cmp.Or(c.Poll, 250*time.Millisecond)
	c.Uploads = cmp.Or(c.Uploads, 8)
	c.Breaker.Failures = cmp.Or(c.Breaker.Failures, 8)
	c.Breaker.Pause = cmp.Or(c.Breaker.Pause, 5*time.Second)
	c.LeaseTime = cmp.Or(c.LeaseTime, 15*time.Second)
	c.Member = cmp.Or(c.Member, rand.Text())
	c.Times.MaxAhead = cmp.Or(c.Times.MaxAhead, time.Hour)
	c.Times.LateAfter = cmp.Or(c.Times.LateAfter, 20*365*24*time.Hour)
	if c.Encoder == nil {
		c.Encoder = Snappy()
	}
	if c.Partitioner == nil {
		c.Partitioner = ByEventTime()
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	c.Prefix = withSlash(c.Prefix)
	return c.check()
}

func (c *Config) check() error {
	var errs []error
	require := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("etl: Config."+format, args...))
		}
	}
	require(len(c.Logs) > 0, "Logs is required")
	require(c.Sink != nil, "Sink is required")
	require(c.Scrubber != nil, "Scrubber is required")
	require(schema.ValidEnvironment(c.Environment), "Environment %q must be 1 to 32 lower-case letters, digits and hyphens", c.Environment)
	require(c.Prefix == "" || CheckKey(c.Prefix+"x") == nil, "Prefix %q must be segments of letters, digits and ._=- joined by slashes", c.Prefix)
	require(len(c.Prefix) <= maxPrefixLen, "Prefix must be %d bytes at most", maxPrefixLen)
	require(len(c.Policy) <= 128, "Policy must be 128 bytes at most")
	for _, n := range [...]struct {
		name  string
		value int64
	}{
		{"BatchEvents", int64(c.BatchEvents)}, {"BatchBytes", int64(c.BatchBytes)}, {"EventBytes", int64(c.EventBytes)},
		{"Uploads", int64(c.Uploads)},
		{"Breaker.Failures", int64(c.Breaker.Failures)}, {"Breaker.Pause", int64(c.Breaker.Pause)},
		{"Times.MaxAhead", int64(c.Times.MaxAhead)}, {"Times.LateAfter", int64(c.Times.LateAfter)},
	} {
		require(n.value > 0, "%s must not be negative", n.name)
	}
	require(c.BatchEvents <= maxBatchEvents, "BatchEvents must be %d at most", maxBatchEvents)
	require(c.BatchAge >= time.Millisecond, "BatchAge must be a millisecond or more")
	require(c.Poll >= time.Millisecond, "Poll must be a millisecond or more")
	require(c.LeaseTime >= 100*time.Millisecond, "LeaseTime must be 100 milliseconds or more")
	require(c.Encoder.Name() != "" && validExtension(c.Encoder.Extension()), "Encoder must have a name, and an extension of up to 32 letters, digits and ._- that begins with a dot")
	require(!slices.Contains(c.Readers, nil), "Readers holds a nil Encoder")
	if err := checkTransforms(c.Transforms); err != nil {
		errs = append(errs, err)
	}
	require(validLogName(c.Member), "Member must be 1 to 64 letters, digits and ._-")
	seen := map[string]bool{}
	for i, l := range c.Logs {
		if err := checkLog(l); err != nil {
			require(false, "Logs[%d] %w", i, err)
			continue
		}
		name := l.Name()
		require(!seen[name], "Logs: two are named %q", name)
		seen[name] = true
	}
	return errors.Join(errs...)
}

// validExtension reports whether keys may end so. A plan whose objects have no
// valid keys could never be carried out, by any writer.
func validExtension(s string) bool {
	return strings.HasPrefix(s, ".") && len(s) <= 32 && !strings.Contains(s, "=") && validSegment("x"+s)
}

// checkLog says what a log must be to be carried.
func checkLog(l Log) error {
	switch {
	case l == nil:
		return errors.New("is nil")
	case !validLogName(l.Name()):
		return fmt.Errorf("is named %q, which must be 1 to 64 letters, digits and ._-, beginning with a letter or digit", l.Name())
	}
	return nil
}

func validLogName(name string) bool {
	if name == "" || len(name) > 64 || name[0] == '-' || strings.Contains(name, "=") {
		return false
	}
	return validSegment(name)
}
