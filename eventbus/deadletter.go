package eventbus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/schema"
)

// A DeadLetter is an event that a consumer group gave up on. Anyone who reaches
// Redis may have written it: its event is scrubbed when it is read, too, and a
// field that isn't in its form is left empty.
type DeadLetter struct {
	ID         string // the letter's, unique in its shard
	Event      []byte // the event, scrubbed again; nil when it could not be
	Type       string // the event's type; "" when it can't be decoded
	Reason     Reason
	Deliveries int64  // how often it was tried
	Group      string // which group gave it up
	Consumer   string
	Entry      string    // the entry's id in the shard's stream
	Time       time.Time // when it was given up
	Size       int       // of the event as it stood in the stream, in bytes
}

// String tells of the letter without its event.
func (l DeadLetter) String() string {
	return fmt.Sprintf("eventbus.DeadLetter(%s %s %s, %s after %d deliveries)", l.ID, cmp.Or(l.Type, "of unknown type"), cmp.Or(l.Group, "of no group"), cmp.Or(l.Reason, "no reason"), l.Deliveries)
}

// GoString returns what String does.
func (l DeadLetter) GoString() string { return l.String() }

// Format writes what String returns, whatever the verb: the event is scrubbed, but
// neither for logs nor legible as the bytes that it is.
func (l DeadLetter) Format(s fmt.State, _ rune) { io.WriteString(s, l.String()) } //nolint:errcheck // a State takes it

// LogValue logs what String returns.
func (l DeadLetter) LogValue() slog.Value { return slog.StringValue(l.String()) }

// A Reason says why an entry became a dead letter. The list is closed, so that
// no reason can hold a value.
type Reason string

// The reasons.
const (
	ReasonMaxDeliver  Reason = "max_deliver" // tried MaxDeliver times
	ReasonPermanent   Reason = "permanent"   // the handler said that no retry helps
	ReasonUndecodable Reason = "undecodable" // no event that the registry can decode
	ReasonInvalid     Reason = "invalid"     // an event with attributes that are missing or not allowed
	ReasonEnvironment Reason = "environment" // an event of another environment
)

// Valid reports whether r is one of the reasons above.
func (r Reason) Valid() bool {
	switch r {
	case ReasonMaxDeliver, ReasonPermanent, ReasonUndecodable, ReasonInvalid, ReasonEnvironment:
		return true
	}
	return false
}

// deadLetter returns the fields of a dead letter. What stood in the stream may
// have been written by anyone, so it is kept only after scrubbing, and dropped
// when it can't be scrubbed, or when what is left is no valid envelope: the
// scrubber trusts a type to be a type's name, and a stranger's may be anything.
func (w *worker) deadLetter(r result, now time.Time) []any {
	fields := []any{
		"reason", string(r.reason),
		"deliveries", r.entry.deliveries,
		"group", w.c.config.Group,
		"consumer", w.c.config.Name,
		"entry", r.entry.id,
		"time", now.UTC().Format(time.RFC3339Nano),
		"size", strconv.FormatInt(max(r.entry.size, int64(len(r.entry.event))), 10),
	}
	if scrubbed, report, err := w.bus.config.Scrubber.ScrubEvent(nil, []byte(r.entry.event)); err == nil && r.entry.present && isEnvelope(scrubbed) {
		w.bus.counters.scrub(report)
		fields = append(fields, "event", scrubbed)
	}
	return fields
}

// logDead tells that n entries of a batch became dead letters, and of the first more:
// one line, since thousands may come at once. The handler's error stays out, which may
// quote the event; so do an id that is no UUID and a type that isn't registered, which
// may be anything.
func (w *worker) logDead(results []result, n uint64) {
	i := slices.IndexFunc(results, func(r result) bool { return r.fate == fateDead })
	if i < 0 {
		return
	}
	r := results[i]
	attrs := []any{
		"stream", w.shard.events, "group", w.c.config.Group, "entries", n,
		"reason", string(r.reason), "deliveries", r.entry.deliveries, "entry", r.entry.id,
	}
	if e, err := schema.Parse([]byte(r.entry.event)); err == nil {
		if info, known := w.bus.config.Registry.Lookup(e.Type()); known {
			attrs = append(attrs, "type", info.Name)
		}
		if id, err := uuid.Parse(e.ID); err == nil {
			attrs = append(attrs, "id", id.String())
		}
	}
	w.bus.config.Logger.Warn("eventbus: entries became dead letters; the first is", attrs...)
}

// isEnvelope reports whether an event's attributes are what package schema has
// them be.
func isEnvelope(event []byte) bool {
	e, err := schema.Parse(event)
	return err == nil && e.ValidateAttributes() == nil
}

// readLetter makes a letter of what stands in the stream.
func readLetter(m redis.XMessage) DeadLetter {
	text := func(name string) string { s, _ := m.Values[name].(string); return s }
	l := DeadLetter{ID: m.ID, Deliveries: number(text("deliveries"))}
	if r := Reason(text("reason")); r.Valid() {
		l.Reason = r
	}
	if group := text("group"); validGroup(group) {
		l.Group = group
	}
	if name := text("consumer"); validConsumer(name) {
		l.Consumer = name
	}
	if entry := text("entry"); isStreamID(entry) {
		l.Entry = entry
	}
	l.Size, _ = strconv.Atoi(text("size"))
	l.Time, _ = time.Parse(time.RFC3339Nano, text("time"))
	if event, ok := m.Values["event"].(string); ok {
		l.Event = []byte(event)
		if e, err := schema.Parse(l.Event); err == nil && schema.ValidType(e.Type()) {
			l.Type = e.Type()
		}
	}
	return l
}

// DeadLetters are the dead letters of one shard. It is safe for concurrent use.
type DeadLetters struct {
	bus   *Bus
	shard *shard
}

// DeadLetters returns the dead letters of all shards, in the shards' order.
func (b *Bus) DeadLetters() []*DeadLetters {
	all := make([]*DeadLetters, len(b.all()))
	for i, s := range b.all() {
		all[i] = &DeadLetters{bus: b, shard: s}
	}
	return all
}

// ErrNoDeadLetter says that there is no dead letter of that id.
var ErrNoDeadLetter = errors.New("eventbus: there is no such dead letter")

// Name returns the shard's number, such as "0".
func (d *DeadLetters) Name() string { return d.shard.name }

// List returns up to max letters behind the letter after, oldest first; after
// "" it begins with the oldest.
func (d *DeadLetters) List(ctx context.Context, after string, max int) ([]DeadLetter, error) {
	letters, err := d.rangeOf(ctx, start(after), "+", max)
	for i := range letters {
		d.scrub(&letters[i])
	}
	return letters, err
}

// scrub scrubs a letter's event, and drops what can't be, or is no event then.
func (d *DeadLetters) scrub(l *DeadLetter) {
	if l.Event == nil {
		return
	}
	event, _, err := d.bus.config.Scrubber.ScrubEvent(nil, l.Event)
	if err != nil || !isEnvelope(event) {
		event, l.Type = nil, ""
	}
	l.Event = event
}

// Get returns one letter, or [ErrNoDeadLetter].
func (d *DeadLetters) Get(ctx context.Context, id string) (DeadLetter, error) {
	if !isStreamID(id) { // Redis would answer with an error
		return DeadLetter{}, ErrNoDeadLetter
	}
	letters, err := d.rangeOf(ctx, id, id, 1)
	if err == nil && len(letters) == 0 {
		err = ErrNoDeadLetter
	}
	if err != nil {
		return DeadLetter{}, err
	}
	d.scrub(&letters[0])
	return letters[0], nil
}

// rangeOf returns up to max letters of a range of ids, as they stand there.
func (d *DeadLetters) rangeOf(ctx context.Context, start, stop string, max int) ([]DeadLetter, error) {
	messages, err := d.bus.redis.XRangeN(ctx, d.shard.dead, start, stop, int64(max)).Result()
	if err != nil {
		return nil, redisError("read "+d.shard.dead, err)
	}
	letters := make([]DeadLetter, len(messages))
	for i, m := range messages {
		letters[i] = readLetter(m)
	}
	return letters, nil
}
