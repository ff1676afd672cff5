package eventbus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/carebus/carebus/schema"
)

// A Receipt says where an event went.
type Receipt struct {
	// ID is the event's as it stands in the stream. It is also there when the
	// publish failed in Redis: publish again with it.
	ID       string
	StreamID string // the stream entry's; "" when the publish failed
	// Duplicate says that the event had been published before; StreamID is then
	// the earlier entry's, or "" when that is no longer in the stream, the user
	// may not read that, or Redis doesn't answer any more within Config.Timeout.
	Duplicate bool
}

// Publish publishes events and returns when Redis has acknowledged them all.
// Concurrent calls share round trips, so call it from as many goroutines as
// there are.
//
// An error of one event is returned as it is; of several it is a
// [schema.BatchError]. [ErrUnavailable], [ErrBusFull] and the context's error
// leave the outcome open: publish again, with the same ids (see [schema.NewID]),
// and each event is written once. Every other error is final: the event was not
// written.
//
// Without a deadline in ctx, Publish gives up after Config.Timeout. When ctx
// ends first, the events may be written all the same.
func (b *Bus) Publish(ctx context.Context, events ...schema.Envelope) error {
	if err := b.enter(); err != nil {
		return err
	}
	defer b.work.Done()
	if len(events) == 1 {
		return b.publishOne(ctx, events[0])
	}
	_, _, err := b.publishAll(ctx, events)
	return err
}

// PublishBatch is Publish with a receipt for each event. Events of one subject
// are written in the order of the slice. The error is a [schema.BatchError], or
// [ErrClosed]; the receipts of events without an error are valid.
func (b *Bus) PublishBatch(ctx context.Context, events []schema.Envelope) ([]Receipt, error) {
	if err := b.enter(); err != nil {
		return nil, err
	}
	defer b.work.Done()
	places, receipts, err := b.publishAll(ctx, events)
	b.locate(ctx, places, receipts)
	return receipts, err
}

func (b *Bus) publishAll(ctx context.Context, events []schema.Envelope) ([]place, []Receipt, error) {
	receipts := make([]Receipt, len(events))
	errs := make(schema.BatchError, len(events))
	ctx, t := b.telemetry.publishing(ctx, len(events))
	defer t.endBatch(errs)
	places := make([]place, len(events))
	layout, waited := b.layout(), 0
	wait := func(to int) {
		for ; waited < to; waited++ {
			if errs[waited] == nil {
				errs[waited] = b.wait(ctx, &places[waited], &receipts[waited])
			}
		}
	}
	for from := 0; from < len(events); from += chunkEvents {
		// Queued one by one, they would leave in the small batches that are ready
		// whenever a round trip ends.
		to := min(from+chunkEvents, len(events))
		for i := from; i < to; i++ {
			places[i], errs[i] = b.prepare(ctx, &events[i])
			receipts[i].ID = places[i].item.name
		}
		if now := b.layout(); now != layout { // what the shards refuse of those before mustn't be overtaken
			wait(from)
			layout = now
		}
		var queues []*queue
		for i := from; i < to; i++ {
			if errs[i] == nil {
				errs[i] = b.queue(ctx, &places[i], layout, false)
			}
			if errs[i] == nil && !slices.Contains(queues, places[i].queue) {
				queues = append(queues, places[i].queue)
			}
		}
		for _, q := range queues {
			q.leave()
		}
	}
	wait(len(events))
	return places, receipts, errs.OrNil()
}

func (b *Bus) publishOne(ctx context.Context, event schema.Envelope) error {
	var r Receipt
	ctx, t := b.telemetry.publishing(ctx, 1)
	p, err := b.prepare(ctx, &event)
	if err == nil {
		err = b.queue(ctx, &p, b.layout(), true)
	}
	if err == nil {
		err = b.wait(ctx, &p, &r)
	}
	t.endOne(r.StreamID, err)
	return err
}

// A place is where an event waits for its acknowledgement.
type place struct {
	queue *queue
	batch *batch
	index int

	// What it takes to queue the event again.
	order uint64 // hash of the order key
	item  item

	buffer *[]byte // from scrubbedBuffers, holds the event
	from   string  // the id from which on its entry is to be looked for, if another call or attempt appended that
}

// release gives the event's buffer back. Only the place of an acknowledged event
// may be released: until then a round trip may be using it.
func (p *place) release() {
	if cap(*p.buffer) <= keptBytes {
		scrubbedBuffers.Put(p.buffer)
	}
}

// queue gives an event a place by a layout. It gives none once ctx is
// done, room or not: a later event of a subject must not go where an earlier one
// waited in vain. An event that comes alone may be sent here and now.
func (b *Bus) queue(ctx context.Context, p *place, l *layout, alone bool) (err error) {
	if ctx.Err() != nil {
		b.counters.failed.Add(1)
		return contextError("publish", ctx)
	}
	p.queue = l.queueOf(p.order)
	var idle bool
	if p.batch, p.index, idle, err = p.queue.add(ctx, l.epoch, p.item); err != nil {
		b.counters.failed.Add(1)
		return contextError("publish", ctx)
	}
	switch {
	case idle && alone && p.queue.prompt(ctx):
		p.queue.sendHere()
	case idle:
		p.queue.start()
	}
	return nil
}

// wait waits for an event's acknowledgement, and releases its place then. An
// event that went to its shard by an old layout is sent on to the right one.
func (b *Bus) wait(ctx context.Context, p *place, r *Receipt) error {
	for {
		err := b.answer(ctx, p, r)
		if err == nil {
			p.release()
			return nil
		}
		if !errors.Is(err, errLayout) {
			return err
		}
		// An attempt whose answer was lost may have written it before.
		recorded, err := b.findRecords(ctx, p.queue.shard, []item{p.item})
		if err == nil && recorded[0] != "" {
			p.from = recorded[0]
			b.counters.published.Add(1)
			return nil
		}
		if err == nil {
			err = b.followLayout(ctx, p.batch.epoch)
		} else if p.batch.again {
			err = leftOpen(err)
		}
		if err != nil {
			b.counters.failed.Add(1)
			return err
		}
		p.item.given = true
		if err := b.queue(ctx, p, b.layout(), false); err != nil {
			return err
		}
	}
}

// answer waits for what becomes of a place.
func (b *Bus) answer(ctx context.Context, p *place, r *Receipt) error {
	select {
	case <-p.batch.done:
	default:
		select {
		case <-p.batch.done:
		case <-ctx.Done():
			b.counters.failed.Add(1)
			return contextError("publish", ctx)
		}
	}
	if err := p.batch.err; errors.Is(err, errLayout) {
		return err
	} else if err != nil {
		b.counters.failed.Add(1)
		return err
	}
	o := p.batch.outcomes[p.index]
	if !o.known {
		r.StreamID = o.id
	} else {
		p.from = o.id
		r.Duplicate = !p.batch.again // else it may be this call's own
	}
	if r.Duplicate {
		b.counters.duplicates.Add(1)
	} else {
		b.counters.published.Add(1)
	}
	return nil
}

// prepare completes, encodes and scrubs an event. It leaves the caller's event
// as it is.
func (b *Bus) prepare(ctx context.Context, event *schema.Envelope) (place, error) {
	if ctx.Err() != nil {
		b.counters.failed.Add(1)
		return place{item: item{name: event.ID}}, contextError("publish", ctx)
	}
	e := *event
	stampTrace(ctx, &e)
	schema.Inherit(ctx, &e)
	data, err := b.encode(&e)
	if err != nil {
		b.counters.rejected.Add(1)
		return place{item: item{name: e.ID}}, err
	}
	given := event.ID != "" || b.config.NewID != nil
	return place{order: hash(orderKey(&e)), item: item{e.ID, identify(e.Source, e.ID), slotOf(e.ID), *data, given}, buffer: data}, nil
}

// encode completes e and returns its scrubbed wire form, in one of scrubbedBuffers. e's
// id and source become those in that form.
func (b *Bus) encode(e *schema.Envelope) (*[]byte, error) {
	buf := rawBuffers.Get().(*[]byte)
	defer rawBuffers.Put(buf)
	raw, err := b.config.Registry.AppendComplete((*buf)[:0], e, schema.Defaults{
		Environment: b.config.Environment, Now: b.config.Now, NewID: b.config.NewID,
	})
	if err != nil {
		return nil, err
	}
	*buf = raw
	if len(raw) > b.config.MaxEventBytes {
		return nil, fmt.Errorf("%w: %d bytes, %d at most", ErrTooLarge, len(raw), b.config.MaxEventBytes)
	}
	out := scrubbedBuffers.Get().(*[]byte)
	data, report, err := b.config.Scrubber.ScrubEvent(slices.Grow((*out)[:0], len(raw)+len(raw)/8+64), raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrScrub, err)
	}
	if len(data) > b.config.MaxEventBytes {
		return nil, fmt.Errorf("%w: %d bytes after scrubbing, %d at most", ErrTooLarge, len(data), b.config.MaxEventBytes)
	}
	if err = b.follow(e, raw, data); err != nil {
		return nil, err
	}
	b.counters.scrub(report)
	*out = data
	return out, nil
}

// follow gives e the id and the source that scrubbing left, by which the dedupe
// knows it, after making sure that it left an event of the same type and
// environment. An id that looked like PHI has become a pseudonym; one that was
// redacted would meet others in the dedupe, so its event is refused.
func (b *Bus) follow(e *schema.Envelope, raw, scrubbed []byte) error {
	if bytes.Equal(raw, scrubbed) {
		return nil
	}
	// The wire form begins with specversion, id, source and type.
	head := bytes.Index(raw, []byte(`,"time":"`))
	if head > 0 && bytes.HasPrefix(scrubbed, raw[:head]) && bytes.Contains(scrubbed, b.member) {
		return nil
	}
	got, err := schema.Parse(scrubbed)
	if err != nil {
		return fmt.Errorf("%w: what is left is no event", ErrScrub)
	}
	var invalid *schema.ValidationError
	if errors.As(got.Validate(), &invalid) {
		for _, f := range invalid.Faults {
			if f.Field == "id" {
				return takenForPHI("id")
			}
		}
	}
	switch {
	case got.Type() != e.Type():
		return takenForPHI("type")
	case got.Environment != e.Environment:
		return takenForPHI("environment")
	}
	e.ID, e.Source = got.ID, got.Source
	return nil
}

// takenForPHI names the attribute without which there is no event, and which
// scrubbing would not leave.
func takenForPHI(attribute string) error {
	return fmt.Errorf("%w: %w", ErrScrub, &schema.ValidationError{
		Faults: []schema.Fault{{Field: attribute, Rule: "was taken for PHI: use an opaque one"}},
	})
}

// Buffers of encoded events, before and after scrubbing. They are never mixed, so
// that a scrubbed event's has not held an unscrubbed one.
var (
	rawBuffers      = sync.Pool{New: func() any { return new([]byte) }}
	scrubbedBuffers = sync.Pool{New: func() any { return new([]byte) }}
)

// keptBytes is how large a buffer of a small event may be, which MaxQueueBytes
// knows nothing of.
const keptBytes = 8 << 10
