package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/carebus/carebus/schema"
)

// A LiveEvent is an event that was published.
type LiveEvent struct {
	Shard    string
	StreamID string
	Data     []byte // CloudEvents JSON as it stands on the bus, the live stream's to keep
}

// A frame is what a live stream sends, in all the forms that readers may want.
type frame struct {
	kind     string // event or stats
	id       string // <shard>:<stream id>; "" for stats
	summary  []byte
	full     []byte // of an event
	name     string // the event's type
	severity schema.Severity
}

// A live is the ring of frames that all readers share. A reader is a place in
// it: one that is slow is overtaken, and told how much it missed.
type live struct {
	mu      sync.Mutex
	ring    []frame
	first   uint64        // number of the oldest frame
	next    uint64        // number of the next frame
	bytes   int           // of the frames in ring
	wake    chan struct{} // closed when a frame is added, then replaced
	closed  bool
	readers int
	watched chan struct{} // gets a value when the first reader comes
	fed     chan struct{} // closed once each event that is published from now on is added
}

func newLive(size int) *live {
	return &live{ring: make([]frame, size), wake: make(chan struct{}), watched: make(chan struct{}, 1), fed: make(chan struct{})}
}

// maxRecent bounds the bytes of the ring: a frame may hold a large event.
const maxRecent = 32 << 20

func (f *frame) size() int { return len(f.summary) + len(f.full) }

// add adds a frame in place of the oldest ones, and wakes the readers.
func (l *live) add(f frame) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.bytes += f.size()
	for l.first < l.next && (l.bytes > maxRecent || l.next-l.first == uint64(len(l.ring))) {
		l.bytes -= l.at(l.first).size()
		*l.at(l.first) = frame{}
		l.first++
	}
	*l.at(l.next) = f
	l.next++
	close(l.wake)
	l.wake = make(chan struct{})
}

// at returns the place of frame number n. The caller holds mu.
func (l *live) at(n uint64) *frame { return &l.ring[n%uint64(len(l.ring))] }

// close ends all readers.
func (l *live) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.closed = true
		close(l.wake)
	}
}

// enter counts a reader and returns where it begins: behind the frame with the
// id after, if that is still there, else with the next frame; gap says that the
// reader asked to go on behind one that is gone.
func (l *live) enter(after string) (at uint64, gap bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.readers++
	select {
	case l.watched <- struct{}{}:
	default:
	}
	if after != "" {
		for n := l.first; n < l.next; n++ {
			if l.at(n).id == after {
				return n + 1, false
			}
		}
	}
	return l.next, after != ""
}

func (l *live) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.readers--
}

// ended reports whether the last reader has gone. The next one waits for a feed
// of its own, and can't go on behind the frames of this one: what is published in
// between is in none.
func (l *live) ended() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.readers > 0 {
		return false
	}
	l.fed = make(chan struct{})
	clear(l.ring)
	l.first, l.bytes = l.next, 0
	return true
}

// feed returns what is closed once the feed of the present readers has its place.
func (l *live) feed() chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fed
}

// await waits until the feed has its place, or for as long as a client should
// wait for it.
func (l *live) await(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, statsEvery)
	defer cancel()
	select {
	case <-l.feed():
	case <-ctx.Done():
	}
}

func (l *live) watchers() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.readers
}

// maxRead bounds how many frames a reader takes at a time.
const maxRead = 64

// read appends frames from number at on to dst and returns the number that
// follows them, how many frames were missed, and, when there is none yet, what
// to wait for. Open is false at the end of all.
func (l *live) read(dst []frame, at uint64) (frames []frame, next, missed uint64, wait <-chan struct{}, open bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if at < l.first {
		missed, at = l.first-at, l.first
	}
	for ; at < l.next && len(dst) < maxRead; at++ {
		dst = append(dst, *l.at(at))
	}
	return dst, at, missed, l.wake, !l.closed
}

// A summary is a scrubbed event without its subject, its actor and its data.
type summary struct {
	ID          string           `json:"id"`
	Type        string           `json:"type"`
	Kind        schema.Kind      `json:"kind"`
	Severity    schema.Severity  `json:"severity"`
	Source      string           `json:"source"`
	Time        time.Time        `json:"time"`
	DataClass   schema.DataClass `json:"data_class"`
	Environment string           `json:"environment"`
	Correlation string           `json:"correlation_id,omitempty"`
	Shard       string           `json:"shard"`
	StreamID    string           `json:"stream_id"`
}

// newFrame makes a frame of an event. It is scrubbed, since a stranger may have
// written it; ok is false for an entry that can't be, or that is no event.
func newFrame(e LiveEvent, scrubber Scrubber, environment string) (f frame, ok bool) {
	data, err := scrub(scrubber, e.Data)
	if err != nil {
		return frame{}, false
	}
	env, err := schema.Parse(data)
	if err != nil || env.Validate() != nil || env.Environment != environment {
		return frame{}, false
	}
	s := summary{
		ID: env.ID, Type: env.Type(), Kind: env.Kind, Severity: env.Severity, Source: env.Source, Time: env.Time,
		DataClass: env.DataClass, Environment: env.Environment, Correlation: env.CorrelationID, Shard: e.Shard, StreamID: e.StreamID,
	}
	b, err := json.Marshal(s)
	if err != nil {
		return frame{}, false
	}
	return frame{
		kind: "event", id: e.Shard + ":" + e.StreamID, summary: b, full: data, name: s.Type, severity: s.Severity,
	}, true
}

// errScrubber says that a scrubber panicked. The panic's value could hold
// anything and is not kept.
var errScrubber = errors.New("httpapi: the scrubber panicked")

// scrub calls the scrubber, and takes a panic for a refusal: one entry must not
// end the process, and print itself.
func scrub(s Scrubber, event []byte) (data []byte, err error) {
	defer func() {
		if recover() != nil {
			data, err = nil, errScrubber
		}
	}()
	return s.Scrub(nil, event)
}

const (
	statsEvery = time.Second      // between statistics
	linger     = 15 * time.Second // that the feed is followed without a reader, so that a lone one can come back
)

// watch follows the feed and samples statistics while there are readers.
func (h *Handler) watch(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-h.live.watched:
		}
		h.watchOnce(ctx)
		if ctx.Err() != nil {
			return nil
		}
	}
}

// watchOnce works from the first reader's coming until the last one has gone for good.
func (h *Handler) watchOnce(ctx context.Context) {
	ctx, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer stop()
	fed := h.live.feed()
	began := sync.OnceFunc(func() { close(fed) })
	if h.config.Feed == nil {
		began()
	} else {
		wg.Go(func() {
			err := h.config.Feed.Follow(ctx, began, func(e LiveEvent) {
				if f, ok := newFrame(e, h.config.Scrubber, h.config.Environment); ok {
					h.stats.countEvent(f.name, f.severity)
					h.live.add(f)
				}
			})
			if err != nil && ctx.Err() == nil {
				h.config.Logger.ErrorContext(ctx, "httpapi: the live stream's feed ended", "error", err)
			}
		})
	}
	tick := time.NewTicker(statsEvery)
	defer tick.Stop()
	for idle := linger; ; idle += statsEvery {
		if h.live.watchers() > 0 {
			idle = 0
		}
		if idle >= linger && h.live.ended() {
			return
		}
		h.sample(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// sample adds a frame of statistics.
func (h *Handler) sample(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 2*statsEvery)
	defer cancel()
	bus, err := h.config.Bus.BusStatus(ctx)
	if err != nil {
		bus.Connected = false
	}
	s := h.stats.snapshot()
	s.Bus = bus
	if h.config.ETL != nil {
		etl := h.config.ETL.ETLStatus(ctx)
		s.ETL = &etl
	}
	s.Streams = h.live.watchers()
	if b, err := json.Marshal(s); err == nil {
		h.live.add(frame{kind: "stats", summary: b, full: b})
	}
}
