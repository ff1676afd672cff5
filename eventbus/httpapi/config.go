package httpapi

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/carebus/carebus/phi/audit"
	"github.com/carebus/carebus/schema"
)

// A Publisher publishes events, scrubbed and validated, and answers when they
// are acknowledged.
type Publisher interface {
	// PublishBatch returns a receipt for each event. An error is a
	// [schema.BatchError], whose nil entries have valid receipts, or concerns
	// them all. It wraps ErrUnavailable, ErrFull, ErrTooLarge or ErrUnscrubbable
	// where that fits, and may wrap a [*schema.ValidationError] or
	// [schema.ErrUnknownType]. It never holds a value of an event.
	PublishBatch(ctx context.Context, events []schema.Envelope) ([]Receipt, error)
}

// A Receipt says where an event went.
type Receipt struct {
	ID        string // the event's, as it stands in the stream
	StreamID  string // the entry's
	Duplicate bool   // it had been published before
}

// Errors of a Publisher that the API has answers for.
var (
	ErrUnavailable   = errors.New("httpapi: the bus is unavailable")
	ErrFull          = errors.New("httpapi: the bus is full")
	ErrTooLarge      = errors.New("httpapi: the event is larger than the bus takes")
	ErrUnscrubbable  = errors.New("httpapi: the event can't be scrubbed")
	ErrNotConfigured = errors.New("httpapi: not configured")
)

// A BusMonitor tells how the bus does.
type BusMonitor interface {
	// BusStatus asks the server. An error means that it can't be reached; the
	// status then says what is known without it.
	BusStatus(ctx context.Context) (BusStatus, error)
}

// An ETL is the pipeline into the lake. Its methods are safe for concurrent use.
type ETL interface {
	// Start starts it, or does nothing while it runs.
	Start(ctx context.Context) error
	// Stop stops it and returns when it has stopped or ctx is done. It does
	// nothing while it is stopped.
	Stop(ctx context.Context) error
	// ETLStatus answers at once.
	ETLStatus(ctx context.Context) ETLStatus
}

// A Feed follows the bus for the live stream.
type Feed interface {
	// Follow calls began once it knows its place, and emit with each event
	// published from then on until ctx is done, and returns nil. It outlives
	// outages. A client's stream opens when began was called.
	Follow(ctx context.Context, began func(), emit func(LiveEvent)) error
}

// A Scrubber removes PHI from the events of a [Feed]. The bus has done so with
// those that it published; what stands in its streams may be a stranger's.
type Scrubber interface {
	// Scrub appends the scrubbed form of an encoded event to dst. An event that
	// was scrubbed before stays as it is. On an error, or a panic, the event isn't
	// shown, and the text isn't kept. It must not keep its arguments.
	Scrub(dst, event []byte) ([]byte, error)
}

// ScrubFunc makes a [Scrubber] of a function.
type ScrubFunc func(dst, event []byte) ([]byte, error)

// Scrub calls f.
func (f ScrubFunc) Scrub(dst, event []byte) ([]byte, error) { return f(dst, event) }

// An Auditor keeps the audit trail. *[audit.Log] is one.
type Auditor interface {
	// Append returns when the records are kept.
	Append(records ...audit.Record) error
	// Err returns why no more records can be kept, or nil. While it isn't nil
	// the API refuses to publish and to operate.
	Err() error
}

// NoAudit is an [Auditor] that keeps nothing, for tests and for services that
// audit elsewhere.
var NoAudit Auditor = noAudit{}

type noAudit struct{}

func (noAudit) Append(...audit.Record) error { return nil }
func (noAudit) Err() error                   { return nil }

// Config says what a [Handler] serves.
type Config struct {
	// Auth decides who may do what. Required.
	Auth Authenticator
	// Audit keeps the audit trail. Required; see NoAudit.
	Audit Auditor
	// Environment is the bus's. Required. Principals of another are refused.
	Environment string
	// Publisher publishes. Required.
	Publisher Publisher
	// Bus tells how the bus does. Required.
	Bus BusMonitor
	// Registry holds the types that may be published. Required.
	Registry *schema.Registry

	// ETL is the pipeline into the lake. Default: none; its endpoints answer 404.
	ETL ETL
	// Feed is where the live stream's events come from. Default: none; the
	// stream then carries statistics alone.
	Feed Feed
	// Scrubber guards the live stream. Required with a Feed.
	Scrubber Scrubber
	// Metrics serves /metrics to whoever can reach the handler: it must hold no
	// values. Default: none; it answers 404.
	Metrics http.Handler
	// Health adds to what /readyz asks: nil when all is well; the error's text
	// goes to the log, not into the answer. Default: nothing more.
	Health func(context.Context) error

	// MaxBodyBytes limits a request's body, also after decompression. Default 8 MiB.
	MaxBodyBytes int64
	// MaxBatch is how many events a request may hold. Default 1,000.
	MaxBatch int
	// Timeout bounds a request, reading its body included; the live stream is
	// excepted. Default 15 seconds.
	Timeout time.Duration
	// Rate and Burst limit each principal that has no limit of its own, in
	// events for publishing and requests for all else. Defaults 5,000 a second
	// and twice the rate, but 1 at least.
	Rate  float64
	Burst int
	// MaxStreams is how many live streams may be open, and MaxStreamsEach how many of
	// them by the same key or user. Default 256, and half of MaxStreams.
	MaxStreams, MaxStreamsEach int
	// StreamWrite is how long one write to a live stream may take before its
	// reader counts as gone. Default 10 seconds.
	StreamWrite time.Duration
	// Recent is how many frames the live stream keeps for slow and returning
	// readers: as many, and 32 MiB of them at most. Default 4,096.
	Recent int
	// Logger gets a line for each request and what an operator should see.
	// Default: none.
	Logger *slog.Logger
	// Now is the clock. Default [time.Now].
	Now func() time.Time
}

func (c *Config) complete() error {
	c.MaxBodyBytes = cmp.Or(c.MaxBodyBytes, 8<<20)
	c.MaxBatch = cmp.Or(c.MaxBatch, 1000)
	c.Timeout = cmp.Or(c.Timeout, 15*time.Second)
	c.Rate = cmp.Or(c.Rate, 5000)
	c.Burst = cmp.Or(c.Burst, max(1, int(2*c.Rate)))
	c.MaxStreams = cmp.Or(c.MaxStreams, 256)
	c.MaxStreamsEach = cmp.Or(c.MaxStreamsEach, (c.MaxStreams+1)/2)
	c.StreamWrite = cmp.Or(c.StreamWrite, 10*time.Second)
	c.Recent = cmp.Or(c.Recent, 4096)
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	var errs []error
	require := func(ok bool, rule string) {
		if !ok {
			errs = append(errs, errors.New("httpapi: Config."+rule))
		}
	}
	require(c.Auth != nil, "Auth is required: an API without authentication would let anyone publish")
	require(c.Audit != nil, "Audit is required; NoAudit keeps nothing")
	require(schema.ValidEnvironment(c.Environment), "Environment must be 1 to 32 lower-case letters, digits and hyphens")
	require(c.Publisher != nil, "Publisher is required")
	require(c.Bus != nil, "Bus is required")
	require(c.Registry != nil, "Registry is required")
	require(c.Feed == nil || c.Scrubber != nil, "Scrubber is required with a Feed: a stream holds what strangers wrote, too")
	require(c.MaxBodyBytes >= 1<<10, "MaxBodyBytes must be 1 KiB or more")
	require(c.MaxBatch >= 1, "MaxBatch must be 1 or more")
	require(c.Timeout > 0 && c.StreamWrite > 0, "Timeout and StreamWrite must be positive")
	require(c.Rate > 0 && c.Burst >= 1, "Rate and Burst must be positive")
	require(c.MaxStreamsEach >= 1, "MaxStreamsEach must be 1 or more")
	require(c.MaxStreams >= 1 && c.Recent >= 16, "MaxStreams must be 1 or more and Recent 16 or more")
	return errors.Join(errs...)
}
