package etl

import (
	"cmp"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/carebus/carebus/schema"
)

// A Record is an event on its way into a row: scrubbed, decoded, valid.
type Record struct {
	schema.Envelope           // its Event is a [schema.Raw]
	StreamID        string    // the entry's id in its log
	PublishedAt     time.Time // when the log took it in: the milliseconds of StreamID
	// Table is the folder of the lake that the row goes to: a name of up to 64
	// lower-case letters, digits and underscores that begins with a letter, but
	// not plans, quarantine or holds. "events" unless a [Route] says otherwise.
	Table string
}

// EventsTable is the table of events that no [Route] sends elsewhere.
const EventsTable = "events"

// Payload returns the event's data as JSON.
func (r *Record) Payload() json.RawMessage {
	if raw, ok := r.Event.(schema.Raw); ok && len(raw.Data) > 0 {
		return raw.Data
	}
	return json.RawMessage("{}")
}

// A Reason says why an entry is in quarantine. It is one of the values below.
type Reason string

// The reasons, in the order in which they are looked for.
const (
	ReasonEmpty       Reason = "empty"       // the entry holds no event
	ReasonTooLarge    Reason = "too_large"   // more bytes than Config.EventBytes
	ReasonMalformed   Reason = "malformed"   // no JSON object in UTF-8
	ReasonScrub       Reason = "scrub"       // the scrubber refused it
	ReasonInvalid     Reason = "invalid"     // no valid event by package schema
	ReasonEnvironment Reason = "environment" // an event of another environment
	ReasonTime        Reason = "time"        // its time lies out of the window of Config.Times
	ReasonTransform   Reason = "transform"   // a transform refused it, or made it invalid
	ReasonPartition   Reason = "partition"   // the partitioner gave no valid path
)

// A refusal says why an entry has no row among the events. The zero refusal says
// that it has one.
type refusal struct {
	reason    Reason // of the quarantine; "" if dropped
	transform string // that refused or dropped it
}

// An entryID is a Redis Streams entry id, "<ms>-<seq>".
type entryID struct{ ms, seq uint64 }

// maxMS is the end of the year 9999, the last that a row's times can show.
const maxMS = 253402300799999

func parseID(s string) (entryID, bool) {
	ms, seq, ok := strings.Cut(s, "-")
	if !ok {
		return entryID{}, false
	}
	m, ok1 := parseUint(ms)
	q, ok2 := parseUint(seq)
	return entryID{m, q}, ok1 && ok2
}

// published is when the entry was taken in. A stranger may have chosen an id
// beyond all times; it counts as the last one.
func (a entryID) published() time.Time { return time.UnixMilli(int64(min(a.ms, maxMS))).UTC() }

// parseUint parses a number in its one form, without sign or leading zeros.
func parseUint(s string) (uint64, bool) {
	if s == "" || s[0] == '0' && len(s) > 1 || s[0] == '+' {
		return 0, false
	}
	n, err := strconv.ParseUint(s, 10, 64)
	return n, err == nil
}

// less is the order of a log.
func (a entryID) less(b entryID) bool { return a.ms < b.ms || a.ms == b.ms && a.seq < b.seq }

func (a entryID) compare(b entryID) int {
	return cmp.Or(cmp.Compare(a.ms, b.ms), cmp.Compare(a.seq, b.seq))
}

func (a entryID) String() string {
	return strconv.FormatUint(a.ms, 10) + "-" + strconv.FormatUint(a.seq, 10)
}

// before is the id right before a, which must not be zero.
func (a entryID) before() entryID {
	if a.seq > 0 {
		return entryID{a.ms, a.seq - 1}
	}
	return entryID{a.ms - 1, math.MaxUint64}
}

// A recordReader makes records of entries: it is the lake's door.
type recordReader struct {
	scrubber    Scrubber
	environment string
	eventBytes  int
	times       TimeRule
	transforms  []Transform
}

// read returns the record of an entry, or the reason why there is none. The
// scrubbed bytes are appended to buf, which is returned; the record's payload
// lies within them.
func (d *recordReader) read(e schema.Entry, id entryID, buf []byte) (Record, []byte, refusal) {
	switch {
	case len(e.Data) == 0:
		return Record{}, buf, refusal{reason: ReasonEmpty}
	case len(e.Data) > d.eventBytes:
		return Record{}, buf, refusal{reason: ReasonTooLarge}
	}
	start := len(buf)
	out, err := d.scrub(buf, e.Data)
	if err != nil || len(out) < start {
		if !json.Valid(e.Data) {
			return Record{}, buf, refusal{reason: ReasonMalformed}
		}
		return Record{}, buf, refusal{reason: ReasonScrub}
	}
	scrubbed := out[start:]
	env, err := schema.Parse(scrubbed)
	if err == nil {
		err = env.ValidateAttributes() // Parse has looked at the payload's JSON
	}
	if err != nil {
		if !json.Valid(scrubbed) {
			return Record{}, out, refusal{reason: ReasonMalformed}
		}
		return Record{}, out, refusal{reason: ReasonInvalid}
	}
	r := Record{Envelope: env, StreamID: e.ID, PublishedAt: id.published(), Table: EventsTable}
	switch {
	case r.Environment != d.environment:
		return Record{}, out, refusal{reason: ReasonEnvironment}
	case !d.times.admits(&r):
		return Record{}, out, refusal{reason: ReasonTime}
	}
	if len(d.transforms) > 0 {
		if f := d.transform(&r); f != (refusal{}) {
			return Record{}, out, f
		}
	}
	r.Time = r.Time.UTC().Truncate(time.Microsecond)
	return r, out, refusal{}
}

// errScrubber says that a scrubber panicked. The panic's value could hold
// anything and is not kept.
var errScrubber = errors.New("etl: the scrubber panicked")

// scrub calls the scrubber, and takes a panic for a refusal: one event must not
// stop all others.
func (d *recordReader) scrub(dst, event []byte) (out []byte, err error) {
	defer func() {
		if recover() != nil {
			out, err = dst, errScrubber
		}
	}()
	return d.scrubber.Scrub(dst, event)
}

// transform applies the transforms in their order.
func (d *recordReader) transform(r *Record) refusal {
	id, environment, streamID, published := r.ID, r.Environment, r.StreamID, r.PublishedAt
	for i := range d.transforms {
		t := &d.transforms[i]
		keep, err := t.apply(r)
		r.ID, r.Environment, r.StreamID, r.PublishedAt = id, environment, streamID, published
		if err == nil && keep && (r.Validate() != nil || !validTable(r.Table) || !d.times.admits(r) || !isRaw(r.Event)) {
			err = errInvalidRecord
		}
		switch {
		case err != nil:
			return refusal{ReasonTransform, t.Name}
		case !keep:
			return refusal{transform: t.Name}
		}
	}
	return refusal{}
}

var errInvalidRecord = errors.New("etl: a transform made the event invalid")

func isRaw(e schema.Event) bool {
	_, ok := e.(schema.Raw)
	return ok
}

// A TimeRule says which times of events are sane. It judges by the time of
// publishing, not by a clock, so that every process judges alike.
type TimeRule struct {
	// MaxAhead is how far the time of an event may lie after it was published,
	// for clocks that run fast. Default 1 hour.
	MaxAhead time.Duration
	// MaxAge is how far it may lie before, for what is published late. What is
	// older comes from a broken clock. Default 20 years.
	MaxAge time.Duration
	// LateAfter, if set, sends events that were published later than this after
	// their time into the partition of their publishing, so that closed
	// partitions stay closed. Default 0: every event goes where its time says.
	LateAfter time.Duration
}

func (t TimeRule) admits(r *Record) bool {
	ahead := r.Time.Sub(r.PublishedAt) // of 292 years at most; its negative may not exist
	return ahead <= t.MaxAhead && ahead >= -t.MaxAge
}
