package faults

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9/logging"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/etl/s3sink"
	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/internal/sleep"
	"github.com/carebus/carebus/phi"
)

// The kinds of processes.
const (
	publisher = "publisher"
	consumer  = "consumer"
	sink      = "sink"
	resharder = "resharder"
)

// Environment is that of every run.
const Environment = "test"

// scrubKey is a key for tests alone.
var scrubKey = []byte("a key of thirty-two bytes or more")

// A Role says what a process is. It gets it in its environment, and these lines
// on its standard input, whose end is its own:
//
//	clock <duration>   the clock is ahead by so much, behind if negative
//	full on|off        the lake's disk is full, or not any more
type Role struct {
	Kind   string
	Name   string // such as "sink-1"
	Life   int    // how many processes of the name there were, this one included
	Redis  string // URL
	Shards int
	Ledger string // file
	Bug    Bug

	// Of publishers.
	Subjects int
	Rate     float64

	// Of sinks.
	Lake   Place
	Batch  int
	Age    time.Duration
	Lease  time.Duration
	Drain  bool // carry what there is, and end
	Trail  string
	Signer string // the key that signs the trail
	Report string // a file for reports; "" for none

	// Of resharders.
	To    []int
	Every time.Duration
}

// A Place is where a lake is.
type Place struct {
	Dir string
	S3  *s3sink.Config // if not nil
}

// A lake is written to and looked at.
type lake interface {
	etl.Sink
	etl.Store
}

// Open opens the lake.
func (p Place) Open(ctx context.Context) (lake, error) {
	if p.S3 != nil {
		return s3sink.New(ctx, *p.S3)
	}
	return etl.Dir(p.Dir)
}

const roleVariable = "CAREBUS_FAULTS_ROLE"

// Main plays the role of this process, if it has one. A test's TestMain calls it
// first and returns when it reports true.
func Main() (played bool) {
	text, ok := os.LookupEnv(roleVariable)
	logging.Disable() // it tells of each dial that fails
	if !ok {
		return false
	}
	var p player
	err := json.Unmarshal([]byte(text), &p.Role)
	if err == nil {
		err = p.play()
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", p.Name, err)
		os.Exit(1)
	}
	return true
}

// A player is a process at work.
type player struct {
	Role
	ahead  atomic.Int64 // of the clock, in nanoseconds
	full   atomic.Bool
	ledger *Ledger
}

func (p *player) play() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	go p.listen()
	var err error
	if p.ledger, err = OpenLedger(p.Ledger); err != nil {
		return err
	}
	bus, err := p.open(ctx)
	if err != nil || bus == nil {
		return err
	}
	switch p.Kind {
	case publisher:
		err = p.publish(ctx, bus)
	case consumer:
		err = p.consume(ctx, bus)
	case resharder:
		err = p.reshard(ctx, bus)
	default:
		err = p.carry(ctx, bus)
	}
	return errors.Join(err, bus.Close())
}

// listen hears what the harness tells. The process mustn't outlive it.
func (p *player) listen() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		word, value, _ := strings.Cut(lines.Text(), " ")
		switch word {
		case "clock":
			if d, err := time.ParseDuration(value); err == nil {
				p.ahead.Store(int64(d))
			}
		case "full":
			p.full.Store(value == "on")
		}
	}
	os.Exit(3)
}

// now is the clock that carebus is given. Its jumps are seen in readings of the
// time alone: what measures how long something took goes on steadily.
func (p *player) now() time.Time { return time.Now().Add(time.Duration(p.ahead.Load())) }

// open opens the bus once Redis is there; nil if ctx ends before.
func (p *player) open(ctx context.Context) (*eventbus.Bus, error) {
	for {
		bus, err := openBus(ctx, p.Redis, p.Shards, p.now)
		switch {
		case ctx.Err() != nil && err != nil:
			return nil, nil
		case !errors.Is(err, eventbus.ErrUnavailable):
			return bus, err
		}
		sleep.For(ctx, 20*time.Millisecond)
	}
}

func openBus(ctx context.Context, url string, shards int, now func() time.Time) (*eventbus.Bus, error) {
	scrubber, err := phi.New(phi.Config{Key: scrubKey, Profile: phi.Operational})
	if err != nil {
		return nil, err
	}
	return eventbus.Open(ctx, eventbus.Config{
		URL: url, Environment: Environment, Scrubber: scrubber, Shards: shards, Timeout: time.Second, Now: now,
	})
}
