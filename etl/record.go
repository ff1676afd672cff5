package etl

import (
	"encoding/json"
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

	found map[string]int // by the scrubber, by category
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
	ReasonTransform   Reason = "transform"   // a transform refused it, or made it invalid
	ReasonPartition   Reason = "partition"   // the partitioner gave no valid path
)

// A refusal says why an entry has no row among the events. The zero refusal says
// that it has one.
type refusal struct {
	reason    Reason // of the quarantine; "" if dropped
	transform string // that refused or dropped it
}
