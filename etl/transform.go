package etl

import (
	"errors"
	"fmt"

	"github.com/carebus/carebus/schema"
)

// A Transform changes, filters or routes events on their way into the lake. It
// sees them scrubbed, and what it changes is scrubbed again behind the last one. Make
// one with [Map], [Filter] or [Route], or fill it in.
type Transform struct {
	// Name is recorded with what the transform left out or refused, and is what
	// its counts go by: 1 to 64 letters, digits and "._-".
	Name string
	// Apply may change r, whose Event is a [schema.Raw], and reports whether the
	// event stays. An error, or a panic, puts it into quarantine with
	// [ReasonTransform] and Name; the error's text is not kept, since it could
	// quote the event.
	//
	// Apply must be deterministic, is called concurrently, and must not keep r
	// or what r points to. It must not change what lies behind Payload in
	// place; to change the payload, set r.Event, to a [schema.Raw] or to any other
	// event, which is encoded as it would be on the bus and is a Raw to the
	// transforms that follow. ID, Environment, StreamID and PublishedAt stay as they
	// were whatever Apply sets. Table isn't scrubbed: it must be one of few names.
	Apply func(r *Record) (keep bool, err error)
}

// Map returns a transform that changes events.
func Map(name string, change func(*Record) error) Transform {
	return Transform{name, func(r *Record) (bool, error) { return true, change(r) }}
}

// Filter returns a transform that keeps the events for which keep says so. The
// others are dropped on purpose: plans list them, and they are not in
// quarantine.
func Filter(name string, keep func(*Record) bool) Transform {
	return Transform{name, func(r *Record) (bool, error) { return keep(r), nil }}
}

// Route returns a transform that sends events to the table that it names, or
// leaves them where they are when it returns "".
func Route(name string, table func(*Record) string) Transform {
	return Transform{name, func(r *Record) (bool, error) {
		if t := table(r); t != "" {
			r.Table = t
		}
		return true, nil
	}}
}

// errTransform says that a transform panicked. The panic's value could hold
// anything and is not kept.
var errTransform = errors.New("etl: a transform panicked")

// apply runs one transform.
func (t *Transform) apply(r *Record) (keep bool, err error) {
	defer func() {
		if recover() != nil {
			keep, err = false, errTransform
		}
	}()
	if keep, err = t.Apply(r); err == nil && keep {
		err = r.encode()
	}
	return keep, err
}

// encode makes a payload that a transform has set one of [schema.Raw].
func (r *Record) encode() error {
	if _, ok := r.Event.(schema.Raw); ok {
		return nil
	}
	data, err := r.AppendJSON(nil)
	if err != nil {
		return err
	}
	e, err := schema.Parse(data)
	r.Event = e.Event
	return err
}

// TransformStats counts what a transform did.
type TransformStats struct {
	Name    string `json:"name"`
	Dropped uint64 `json:"dropped"` // left out on purpose
	Failed  uint64 `json:"failed"`  // put into quarantine
}

func checkTransforms(list []Transform) error {
	var errs []error
	seen := map[string]bool{DroppedDuplicate: true}
	for i, t := range list {
		switch {
		case !validLogName(t.Name) || seen[t.Name]:
			errs = append(errs, fmt.Errorf("etl: Config.Transforms[%d] is named %q, which must be 1 to 64 letters, digits and ._-, not %q, and used once", i, t.Name, DroppedDuplicate))
		case t.Apply == nil:
			errs = append(errs, fmt.Errorf("etl: Config.Transforms[%d] has no Apply", i))
		}
		seen[t.Name] = true
	}
	return errors.Join(errs...)
}
