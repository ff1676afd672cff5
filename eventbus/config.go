package eventbus

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// A Scrubber removes PHI from an encoded event. *[phi.Scrubber] is one.
type Scrubber interface {
	// ScrubEvent appends the scrubbed form of src, the wire form of an
	// envelope, to dst and reports what it found. An error means that the event
	// must not leave the process, as does a panic; its text goes into errors
	// and must hold no value of the event. The type and environment must stay
	// as they are, and an id may only become another that no other id becomes.
	// It is called concurrently and must not keep its arguments.
	ScrubEvent(dst, src []byte) ([]byte, phi.Report, error)
}

// errScrubber says that a scrubber panicked. The panic's value could hold
// anything and is not kept.
var errScrubber = errors.New("the scrubber panicked")

// A contained scrubber's panic is an error: it must neither bring the process
// down nor print the event on its way.
type contained struct{ Scrubber }

func (c contained) ScrubEvent(dst, src []byte) (out []byte, r phi.Report, err error) {
	defer func() {
		if recover() != nil {
			out, r, err = dst, phi.Report{}, errScrubber
		}
	}()
	return c.Scrubber.ScrubEvent(dst, src)
}

// Config says where a bus is and what it may carry.
type Config struct {
	// URL is where Redis is; this or Client is required.
	//
	//	redis://user:password@host:6379/0               one server; rediss:// with TLS
	//	redis+cluster://host1:6379?addr=host2:6379      a cluster; rediss+cluster:// with TLS
	//	redis+sentinel://host1:26379?addr=host2:26379&master_name=main   Sentinel; rediss+sentinel:// with TLS
	//
	// A consumer that waits for events has a connection for each of its shards, on top
	// of the bus's others: ?pool_size=N allows N for either, and consumers wait for one
	// another then. Default: 2,048 for these, and what go-redis finds right for the others.
	URL string
	// TLS is used for rediss URLs, such as with client certificates. Default:
	// the system's roots and no certificate.
	TLS *tls.Config
	// Credentials is asked for the user and password of each new connection,
	// such as for IAM tokens that end after minutes. It must not block for long.
	// Default: those of the URL.
	Credentials func(context.Context) (user, password string, err error)
	// Client is used instead of URL. The bus doesn't close it. Its ReadTimeout
	// must be longer than ConsumerConfig.Block, and its pool large enough for a
	// connection per consumer and shard on top of publishing.
	Client redis.UniversalClient
	// Environment is the one whose events the bus carries. Required. Events of
	// another are refused when published and become dead letters when read.
	Environment string
	// Scrubber is required: nothing is published unscrubbed.
	Scrubber Scrubber

	// Registry holds the types that may be published. Default [schema.Catalogue].
	// A *[phi.Scrubber] without a registry goes by the tags of this one's types.
	Registry *schema.Registry
	// Shards is over how many streams events are spread when the environment is
	// new; later, [Bus.Reshard] changes it and this is ignored. Default 1.
	Shards int
	// MaxEventBytes limits an encoded event. What others wrote and is larger is read all
	// the same; an entry more than eight times as large that doesn't come over the network
	// in seconds becomes a dead letter without its event. Default 1 MiB.
	MaxEventBytes int
	// DedupeWindow is how long at least an event's source and id are known, so
	// that publishing it again writes nothing. Where ids are UUIDs of version 7, as
	// [schema.NewID] makes them, Redis keeps 25 bytes for each event of a window
	// when 10,000 events a second come to a shard, 50 with 1,000, and 200 with few;
	// else 100 for each of two windows. All processes that publish to an
	// environment should have the same; if they differ, the shortest applies. Redis's
	// clock measures it: if that jumps ahead, the window ends early. Default 10
	// minutes.
	DedupeWindow time.Duration
	// Timeout bounds how long a publish waits for Redis, reconnecting
	// included, before it fails with ErrUnavailable. Default 5 seconds.
	Timeout time.Duration
	// MinReplicas is how many replicas must have an event before it is
	// acknowledged (WAIT), which narrows what a failover can lose; it costs a
	// round trip to the replicas. When they don't answer within Timeout, Publish
	// fails with ErrUnavailable, though the primary has the event. Default 0:
	// the primary's acknowledgement is enough.
	MinReplicas int
	// Synced acknowledges an event only when it is synced to the disks of the
	// primary and of MinReplicas replicas (WAITAOF), so that not even a power
	// cut loses it. It needs Redis 7.2 or Valkey, with an append-only file. Default
	// false.
	Synced bool
	// MaxQueueBytes bounds the events that wait for a round trip, per shard.
	// When it is reached Publish blocks. Default 64 MiB.
	MaxQueueBytes int
	// AllowEviction lets the bus open on a Redis whose maxmemory-policy isn't
	// noeviction and which may therefore drop events. Default false.
	AllowEviction bool
	// Operator opens the bus to look at it and at its dead letters. Open then
	// makes nothing in Redis, so that an environment that isn't there, or whose
	// number of shards is yet to be said, stays so; the calls that publish,
	// consume, trim and reshard are refused. Default false.
	Operator bool
	// OnLoss is told of acknowledged events that a failover lost, among those
	// that this process published since 30 seconds before the outage, or for half of
	// DedupeWindow if that is shorter, 65,536 per shard at most. The events are gone
	// from Redis: publish them again from where they came. It must return soon, and may
	// be called for several shards at a time. Default: they are logged and counted only.
	OnLoss func(Loss)
	// Audit is told of what an operator did through this process: dead letters
	// redriven or purged, shards changed. The context is that of the call, which
	// may say who it was. Default: it is logged only.
	Audit func(context.Context, Action)
	// Telemetry says where metrics and spans go. Default: nowhere.
	Telemetry Telemetry
	// Logger gets what an operator should see. Default: none.
	Logger *slog.Logger
	// Now is the clock that stamps events. Default [time.Now].
	Now func() time.Time
	// NewID makes the ids of events that have none, from several goroutines.
	// Default [schema.NewID]; [schema.IDs] makes ids that repeat, for tests.
	NewID func() string
}

// Format writes the environment alone, whatever the verb: a configuration that is printed or
// logged shows no password of its URL.
func (c Config) Format(s fmt.State, _ rune) { fmt.Fprintf(s, "eventbus.Config(%s)", c.Environment) }

func (c *Config) complete() error {
	c.MaxEventBytes = cmp.Or(c.MaxEventBytes, 1<<20)
	c.DedupeWindow = cmp.Or(c.DedupeWindow, 10*time.Minute)
	c.Timeout = cmp.Or(c.Timeout, 5*time.Second)
	c.MaxQueueBytes = cmp.Or(c.MaxQueueBytes, 64<<20)
	if c.Registry == nil {
		c.Registry = schema.Catalogue()
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	var errs []error
	require := func(ok bool, rule string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("eventbus: Config."+rule, args...))
		}
	}
	require((c.URL == "") != (c.Client == nil), "URL or Config.Client is required, and not both")
	require(c.Client == nil || c.TLS == nil && c.Credentials == nil, "TLS and Config.Credentials belong to URL; a Client has its own")
	require(schema.ValidEnvironment(c.Environment), "Environment must be 1 to 32 lower-case letters, digits and hyphens")
	s, isPHI := c.Scrubber.(*phi.Scrubber)
	require(c.Scrubber != nil && !(isPHI && s == nil), "Scrubber is required: a bus without one would let PHI out")
	require(c.Shards >= 0 && c.Shards <= maxShards, "Shards must be 1 to 1,024")
	require(c.MaxEventBytes >= 1<<10, "MaxEventBytes must be 1 KiB or more")
	require(c.DedupeWindow >= time.Second, "DedupeWindow must be a second or more")
	require(c.MinReplicas >= 0, "MinReplicas can't be negative")
	require(c.Timeout > 0, "Timeout must be positive")
	require(c.MaxQueueBytes >= c.MaxEventBytes, "MaxQueueBytes must hold one event of MaxEventBytes")
	if s != nil {
		c.Scrubber = s.WithRegistry(c.Registry)
		c.Telemetry.Policy = cmp.Or(c.Telemetry.Policy, s.PolicyName())
	}
	c.Scrubber = contained{c.Scrubber}
	return errors.Join(errs...)
}
