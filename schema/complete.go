package schema

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
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
// is given the type's name where it came under an alias. Changes of a field
// whose class is secret or psychotherapy lose their values, as in [Diff]. A
// payload whose methods panic, such as a nil pointer, is one fault, told alone.
//
// A pointer to a payload of this package's types is replaced by the payload, so that
// it is treated as that.
func (r *Registry) Complete(e *Envelope, d Defaults) error {
	_, _, err := r.complete(e, d)
	return err
}

// AppendComplete completes e as [Registry.Complete] does and appends its wire form
// to dst as [Envelope.AppendJSON] does, for less than what the two cost one after
// the other: what has been validated isn't read again to encode it. An error is that
// of either; dst is then returned as it was.
func (r *Registry) AppendComplete(dst []byte, e *Envelope, d Defaults) ([]byte, error) {
	name, j, err := r.complete(e, d)
	if err != nil {
		return dst, err
	}
	return e.appendJSON(dst, name, appendPlain, j)
}

// complete is Complete that also returns the event's type and what is known of its
// payload.
func (r *Registry) complete(e *Envelope, d Defaults) (name string, j judged, err error) {
	if name, err = e.named(); err != nil {
		return "", judged{}, err
	}
	e.Event = byValue(e.Event)
	var unknown, payload error
	t, ok := r.types[name]
	if ok {
		setDefault(&e.Kind, t.info.Kind)
		setDefault(&e.Severity, t.info.Severity)
		setDefault(&e.DataClass, t.info.DataClass)
		setDefault(&e.SchemaVersion, t.info.Version)
		payload = r.completePayload(e, t)
		if raw, ok := e.Event.(Raw); ok {
			name = raw.Name // no alias any more
		}
	} else {
		if name != "" {
			unknown = unknownType(e.Event, name)
		}
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
	j, err = e.judge(name)
	c.within("", err)
	c.within("", payload)
	c.require(validSource(e.Source), "source", "must be a URI reference, such as pms/identity") // of entries that are there it is taken as it stands
	if ok && e.Kind != t.info.Kind {
		c.fault("kind", "must be "+string(t.info.Kind)+" for this type")
	}
	if e.Environment != d.Environment {
		c.fault("environment", "must be "+d.Environment+", the environment of this bus")
	}
	if e.Time.After(at.Add(ahead)) {
		c.fault("time", fmt.Sprintf("must not lie more than %v in the future", ahead))
	}
	return name, j, errors.Join(unknown, c.err())
}

// byValue returns the payload that event points to, if that is of one of this package's
// types, and else event.
func byValue(event Event) Event {
	switch p := event.(type) {
	case *CRUD:
		return *p
	case *Auth:
		return *p
	case *System:
		return *p
	case *Business:
		return *p
	case *Raw:
		return *p
	}
	return event
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// completePayload judges and mends what depends on the payload's type.
func (r *Registry) completePayload(e *Envelope, t *entry) error {
	var c checker
	now := t.info.Version
	switch event := e.Event.(type) {
	case Raw:
		if e.SchemaVersion > now {
			c.fault("schema_version", "must be "+strconv.Itoa(now)+" or less: the registry knows no newer one of this type")
		}
		e.Event = Raw{Name: t.info.Name, Data: event.Data}
		// An older version may break today's rules; that it is JSON at all is
		// Validate's to tell.
		if e.SchemaVersion == now && validJSON(event.payload()) {
			c.within("data", r.ValidateJSON(t.info.Name, event.payload()))
		}
		return c.err()
	case CRUD:
		if kept := tellable(event.Changes, t.schema.fields); kept != nil {
			event.Changes = kept
			e.Event = event
		}
	}
	if e.SchemaVersion != now && e.SchemaVersion >= 1 {
		c.fault("schema_version", "must be "+strconv.Itoa(now)+", the version of the payload's Go type")
	}
	return c.err()
}

// tellable returns changes without the values of fields that are told to
// nobody, or that hold such a field; nil when there are none to take out. The
// caller keeps its own.
func tellable(changes []Change, fields []FieldClass) (kept []Change) {
	for i, ch := range changes {
		at := "/" + strings.ReplaceAll(ch.Field, ".", "/")
		holds := slices.ContainsFunc(fields, func(f FieldClass) bool {
			return untold(f.Class) && (f.Path == at || strings.HasPrefix(f.Path, at+"/"))
		})
		if !holds || ch.Before == nil && ch.After == nil {
			continue
		}
		if kept == nil {
			kept = slices.Clone(changes)
		}
		kept[i] = Change{Field: ch.Field}
	}
	return kept
}
