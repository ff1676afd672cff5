package etl

import (
	"encoding/json"
	"errors"
	"hash/maphash"
	"maps"
	"time"

	"github.com/carebus/carebus/schema"
)

// A recordReader makes records of entries: all that gets into the lake comes through
// it, and so through the scrubber.
type recordReader struct {
	scrubber    Scrubber
	environment string
	eventBytes  int
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
	out, found, err := d.scrub(buf, e.Data)
	if err != nil || len(out) < start {
		if !json.Valid(e.Data) {
			return Record{}, buf, refusal{reason: ReasonMalformed}
		}
		return Record{}, buf, refusal{reason: ReasonScrub}
	}
	scrubbed := out[start:]
	env, err := parseEvent(scrubbed)
	if err != nil {
		if !json.Valid(scrubbed) {
			return Record{}, out, refusal{reason: ReasonMalformed}
		}
		return Record{}, out, refusal{reason: ReasonInvalid}
	}
	r := Record{Envelope: env, StreamID: e.ID, PublishedAt: id.published(), Table: EventsTable}
	if r.Environment != d.environment {
		return Record{}, out, refusal{reason: ReasonEnvironment}
	}
	if len(d.transforms) > 0 {
		scrubbed := imprintOf(&r)
		if f := d.transform(&r); f != (refusal{}) {
			return Record{}, out, f
		}
		if imprintOf(&r) != scrubbed {
			var more map[string]int
			if out, more, err = d.scrubAgain(&r, out); err != nil {
				return Record{}, out, refusal{reason: ReasonScrub}
			}
			found = sumOf(found, more)
		}
	}
	r.Time = r.Time.UTC().Truncate(time.Microsecond)
	r.found = found // now, since a transform may have made another record
	return r, out, refusal{}
}

// parseEvent returns the event in data, whose attributes are those of one.
func parseEvent(data []byte) (schema.Envelope, error) {
	env, err := schema.Parse(data)
	if err == nil {
		err = env.ValidateAttributes() // Parse has looked at the payload's JSON
	}
	return env, err
}

// An imprint is what an event was like.
type imprint struct {
	attributes schema.Envelope
	name       string
	payload    uint64
}

var imprintSeed = maphash.MakeSeed()

func imprintOf(r *Record) imprint {
	is := imprint{r.Envelope, r.Type(), maphash.Bytes(imprintSeed, r.Payload())}
	is.attributes.Event = nil // which can't be compared
	return is
}

// scrubAgain scrubs a record that a transform has changed: what it put there may come
// from anywhere. The bytes are appended to buf.
func (d *recordReader) scrubAgain(r *Record, buf []byte) (out []byte, found map[string]int, err error) {
	event, err := r.AppendJSON(nil)
	if err != nil {
		return buf, nil, err
	}
	start := len(buf)
	out, found, err = d.scrub(buf, event)
	if err != nil || len(out) < start {
		return buf, nil, errScrubber
	}
	env, err := parseEvent(out[start:])
	if err != nil {
		return out, nil, err
	}
	env.ID, env.Environment = r.ID, r.Environment
	r.Envelope = env
	return out, found, nil
}

// sumOf returns the sum of counts, which may be nil.
func sumOf(a, b map[string]int) map[string]int {
	if len(a) == 0 {
		return b
	}
	sum := maps.Clone(a)
	addCounts(sum, b)
	return sum
}

// errScrubber says that a scrubber panicked. The panic's value could hold
// anything and is not kept.
var errScrubber = errors.New("etl: the scrubber panicked")

// scrub calls the scrubber, and takes a panic for a refusal: one event must not
// stop all others.
func (d *recordReader) scrub(dst, event []byte) (out []byte, found map[string]int, err error) {
	defer func() {
		if recover() != nil {
			out, found, err = dst, nil, errScrubber
		}
	}()
	if counting, ok := d.scrubber.(CountingScrubber); ok {
		return counting.ScrubCount(dst, event)
	}
	out, err = d.scrubber.Scrub(dst, event)
	return out, nil, err
}

// addCounts adds counts to sum.
func addCounts(sum, counts map[string]int) {
	for category, n := range counts {
		sum[category] += n
	}
}

// transform applies the transforms in their order.
func (d *recordReader) transform(r *Record) refusal {
	id, environment, streamID, published := r.ID, r.Environment, r.StreamID, r.PublishedAt
	for i := range d.transforms {
		t := &d.transforms[i]
		keep, err := t.apply(r)
		r.ID, r.Environment, r.StreamID, r.PublishedAt = id, environment, streamID, published
		if err == nil && keep && (r.Validate() != nil || !validTable(r.Table)) {
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
