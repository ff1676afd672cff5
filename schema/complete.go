package schema

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Defaults are what [Registry.Complete] needs to know of the place it is called in.
type Defaults struct {
	Environment string           // required: the environment that events must belong to
	Now         func() time.Time // default time.Now
	NewID       func() string    // default [NewID]
	// MaxAhead is how far in the future an event's time may lie, for clocks
	// that run fast. Default 15 minutes.
	MaxAhead time.Duration
}

// Complete fills in what e leaves open and validates the result: id, time,
// environment, and what the registry knows of the type. It refuses an
// unregistered type with [ErrUnknownType], and everything else that is wrong,
// all faults at once, with a [*ValidationError].
//
// A [Raw] payload of a registered type is held to the type's JSON Schema, and
// is given the type's name where it came under an alias.
func (r *Registry) Complete(e *Envelope, d Defaults) error {
	name := e.Type()
	var unknown, raw error
	info, ok := r.Lookup(name)
	if ok {
		setDefault(&e.Kind, info.Kind)
		setDefault(&e.Severity, info.Severity)
		setDefault(&e.DataClass, info.DataClass)
		setDefault(&e.SchemaVersion, info.Version)
		raw = r.completeRaw(e, info)
	} else if name != "" {
		unknown = ErrUnknownType
		setDefault(&e.Kind, KindCRUD) // only so that the other faults stand alone
		setDefault(&e.Severity, SeverityLow)
		setDefault(&e.DataClass, DataConfidential)
		setDefault(&e.SchemaVersion, 1)
	}
	now := time.Now
	if d.Now != nil {
		now = d.Now
	}
	at := now()
	if e.Time.IsZero() {
		e.Time = at
	}
	e.Time = e.Time.UTC().Truncate(time.Microsecond)
	if e.ID == "" {
		if d.NewID != nil {
			e.ID = d.NewID()
		} else {
			e.ID = NewID()
		}
	}
	setDefault(&e.Environment, d.Environment)

	ahead := d.MaxAhead
	if ahead == 0 {
		ahead = 15 * time.Minute
	}
	var c checker
	c.within("", e.Validate())
	c.within("data", raw)
	c.require(!ok || e.SchemaVersion <= info.Version, "schema_version", "must be "+strconv.Itoa(info.Version)+" or less: the registry knows no newer one of this type")
	c.require(!ok || e.Kind == info.Kind, "kind", "must be "+string(info.Kind)+" for this type")
	c.require(e.Environment == d.Environment, "environment", "must be "+d.Environment+", the environment of this bus")
	c.require(!e.Time.After(at.Add(ahead)), "time", fmt.Sprintf("must not lie more than %v in the future", ahead))
	return errors.Join(unknown, c.err())
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// completeRaw judges a payload that no Go type has decoded.
func (r *Registry) completeRaw(e *Envelope, info TypeInfo) error {
	raw, ok := e.Event.(Raw)
	if !ok || !validJSON(raw.payload()) { // the latter is Validate's to tell
		return nil
	}
	e.Event = Raw{Name: info.Name, Data: raw.Data}
	if e.SchemaVersion != info.Version {
		return nil // an older version, which may break today's rules
	}
	return r.ValidateJSON(info.Name, raw.payload())
}
