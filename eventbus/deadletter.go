package eventbus

import (
	"strconv"
	"time"

	"github.com/carebus/carebus/schema"
)

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
		"size", strconv.Itoa(len(r.entry.event)),
	}
	if scrubbed, report, err := w.bus.config.Scrubber.ScrubEvent(nil, []byte(r.entry.event)); err == nil && r.entry.present && isEnvelope(scrubbed) {
		w.bus.counters.scrub(report)
		fields = append(fields, "event", scrubbed)
	}
	return fields
}

// isEnvelope reports whether an event's attributes are what package schema has
// them be.
func isEnvelope(event []byte) bool {
	e, err := schema.Parse(event)
	return err == nil && e.ValidateAttributes() == nil
}
