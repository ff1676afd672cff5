package eventbus

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/schema"
)

// A Bus carries the events of one environment. It is safe for concurrent use.
type Bus struct {
	config   Config
	redis    redis.UniversalClient // for all that answers at once
	reads    redis.UniversalClient // for reads that block, so that they take no connection from publishing
	owned    bool                  // the clients were made by Open
	once     bool                  // the client sends each command once
	multi    atomic.Bool           // transactions are allowed
	name     string                // of this bus alone
	acts     atomic.Uint64         // transactions so far
	address  string                // for errors
	current  atomic.Pointer[layout]
	asked    atomic.Uint64 // times that the layout was asked for
	adopting sync.Mutex    // guards changes of current, and adopted
	adopted  uint64        // the time of which current is
	member   []byte        // how the environment stands in an encoded event

	mu     sync.RWMutex // guards closed against publishes in flight
	closed bool
	work   sync.WaitGroup // publishes and flushes in flight

	life     context.Context // ends when Close is called
	end      context.CancelFunc
	counters counters
	samples  samples

	telemetry *instruments // nil: none
}

// Format writes the environment alone, whatever the verb: a bus holds its configuration, and
// with that the password of its URL.
func (b *Bus) Format(s fmt.State, _ rune) { fmt.Fprintf(s, "eventbus.Bus(%s)", b.config.Environment) }

// Open connects to Redis and makes sure that it answers, within 5 seconds, and
// that it won't evict events.
func Open(ctx context.Context, config Config) (*Bus, error) {
	if err := config.complete(); err != nil {
		return nil, err
	}
	b := &Bus{
		config: config, redis: config.Client, reads: config.Client, address: "the given client's address",
		member: []byte(`,"environment":"` + config.Environment + `"`), name: rand.Text(),
	}
	if config.Client == nil {
		var err error
		if b.redis, b.address, err = connect(&config, 0); err != nil {
			return nil, err
		}
		b.reads, _, _ = connect(&config, readsAtOnce) // it was good a moment ago
		b.owned = true
		_, b.once = b.redis.(*redis.Client) // that of a cluster may try again
	}
	if err := b.greet(ctx); err != nil {
		b.disconnect() //nolint:errcheck // the first error is the one to tell
		return nil, err
	}
	if err := b.reload(ctx); err != nil {
		b.disconnect() //nolint:errcheck // the first error is the one to tell
		return nil, err
	}
	b.multi.Store(!config.Operator && b.mayTransact(ctx))
	if n := b.layout().spread; config.Shards != 0 && n != config.Shards {
		config.Logger.WarnContext(ctx, "eventbus: the environment has another number of shards than Config.Shards; Reshard changes it", "shards", n, "config", config.Shards)
	}
	if err := b.instrument(); err != nil {
		b.disconnect() //nolint:errcheck // the first error is the one to tell
		return nil, err
	}
	b.samples.note(time.Now(), b.Stats())
	b.life, b.end = context.WithCancel(context.Background())
	b.work.Go(func() { b.watchAll(b.life) })
	return b, nil
}

// Environment returns the one whose events the bus carries.
func (b *Bus) Environment() string { return b.config.Environment }

// Registry returns the types that the bus knows.
func (b *Bus) Registry() *schema.Registry { return b.config.Registry }

// Scrubber returns what the bus scrubs with: Config.Scrubber, which goes by the
// tags of the bus's registry, and whose panic is an error.
func (b *Bus) Scrubber() Scrubber { return b.config.Scrubber }

// Close waits for publishes in flight and closes the connections that Open
// made. Stop consumers first. Calls after it return ErrClosed, and so do a Trim and
// a Reshard that it cuts short; what these have begun they finish.
func (b *Bus) Close() error {
	b.mu.Lock()
	already := b.closed
	b.closed = true
	b.mu.Unlock()
	b.end()
	b.telemetry.close()
	b.work.Wait()
	if already {
		return nil
	}
	return b.disconnect()
}

// disconnect closes the clients that Open made.
func (b *Bus) disconnect() error {
	if !b.owned {
		return nil
	}
	if err := errors.Join(b.redis.Close(), b.reads.Close()); err != nil {
		return redisError("close", err)
	}
	return nil
}

// errOperator says that a bus was opened to look at it.
var errOperator = errors.New("eventbus: a bus with Config.Operator only shows, redrives and purges")

// enter counts the caller as in flight; leave with b.work.Done.
func (b *Bus) enter() error {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if b.closed {
		return ErrClosed
	}
	if b.config.Operator {
		return errOperator
	}
	b.work.Add(1)
	return nil
}

// untilClosed returns a context that also ends, by ErrClosed, when Close is called.
func (b *Bus) untilClosed(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(b.life, func() { cancel(ErrClosed) })
	return ctx, func() {
		stop()
		cancel(nil)
	}
}
