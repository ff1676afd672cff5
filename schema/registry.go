package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// TypeInfo describes a type of event.
type TypeInfo struct {
	Name        string    // required: the type name, such as "user.created"
	Kind        Kind      // required
	Description string    // one sentence for the catalogue
	Version     int       // of the payload's schema; default 1
	Severity    Severity  // of events that don't say; default low
	DataClass   DataClass // of events that don't say; default confidential
	Aliases     []string  // names the type had before; decoded as Name
}

// A Registry knows the types of a system. Register all types before it is
// shared: reading it is safe for concurrent use, registering is not.
type Registry struct {
	types  map[string]*entry // by name and by alias
	sorted []TypeInfo
}

type entry struct {
	info   TypeInfo
	decode func(name string, data []byte) (Event, error)
}

// NewRegistry returns a registry that knows no type.
func NewRegistry() *Registry { return &Registry{types: map[string]*entry{}} }

// Register adds the type that info describes, with T as its payload. T is a
// struct type, decoded by [encoding/json], or one of the families [CRUD],
// [Auth], [System] and [Business], which serve many type names each.
//
// Register panics when info breaks a rule, when the name or an alias is taken,
// and when T names another type than info does: a program with such a mistake
// must not start.
func Register[T Event](r *Registry, info TypeInfo) {
	if info.Version == 0 {
		info.Version = 1
	}
	if info.Severity == "" {
		info.Severity = SeverityLow
	}
	if info.DataClass == "" {
		info.DataClass = DataConfidential
	}
	var zero T
	_, family := any(&zero).(interface{ setType(string) })
	switch {
	case !ValidType(info.Name):
		panic(fmt.Sprintf("schema: Register: %q is no type name", info.Name))
	case !info.Kind.Valid(), !info.Severity.Valid(), !info.DataClass.Valid(), info.Version < 1:
		panic(fmt.Sprintf("schema: Register: %s: invalid kind, severity, data class or version", info.Name))
	case !family && zero.Type() != info.Name:
		panic(fmt.Sprintf("schema: Register: %T calls itself %q, not %q", zero, zero.Type(), info.Name))
	}
	e := &entry{info, func(name string, data []byte) (Event, error) {
		var v T
		if f, ok := any(&v).(interface{ setType(string) }); ok {
			f.setType(name)
			if got := v.Type(); got != name {
				panic(fmt.Sprintf("schema: the family of %s can't hold that name", name))
			}
		}
		var err error
		if u, ok := any(&v).(json.Unmarshaler); ok {
			err = u.UnmarshalJSON(data) // spares json.Unmarshal's second look at data known to be valid
		} else {
			err = json.Unmarshal(data, &v)
		}
		if err != nil {
			return nil, payloadError(err)
		}
		return v, nil
	}}
	if family {
		if _, err := e.decode(info.Name, []byte("{}")); err != nil {
			panic(fmt.Sprintf("schema: Register: %s: %v", info.Name, err))
		}
	}
	for _, name := range append([]string{info.Name}, info.Aliases...) {
		if !ValidType(name) {
			panic(fmt.Sprintf("schema: Register: %q is no type name", name))
		}
		if _, taken := r.types[name]; taken {
			panic(fmt.Sprintf("schema: Register: %s is registered already", name))
		}
		r.types[name] = e
	}
	i, _ := slices.BinarySearchFunc(r.sorted, info, byName)
	r.sorted = slices.Insert(r.sorted, i, info)
}

func byName(a, b TypeInfo) int { return strings.Compare(a.Name, b.Name) }

// payloadError says where decoding a payload failed. The text of an error of
// encoding/json may quote the value, so only the place and the wanted Go type are kept.
func payloadError(err error) error {
	var t *json.UnmarshalTypeError
	if errors.As(err, &t) {
		field := "data"
		if t.Field != "" {
			field += "." + t.Field
		}
		return invalid(field, "must be "+jsonKind(t.Type.Kind().String()))
	}
	var v *ValidationError
	if errors.As(err, &v) {
		return v
	}
	return invalid("data", "can't be decoded")
}

// jsonKind names in JSON's words what a Go kind is decoded from.
func jsonKind(kind string) string {
	switch {
	case kind == "string":
		return "a string"
	case kind == "bool":
		return "true or false"
	case strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "uint"):
		return "a whole number in range"
	case strings.HasPrefix(kind, "float"):
		return "a number"
	case kind == "slice", kind == "array":
		return "an array"
	}
	return "an object"
}

// Types lists the registered types by name.
func (r *Registry) Types() []TypeInfo { return slices.Clone(r.sorted) }

// Lookup returns the type of that name or alias.
func (r *Registry) Lookup(name string) (TypeInfo, bool) {
	e, ok := r.types[name]
	if !ok {
		return TypeInfo{}, false
	}
	return e.info, true
}

// Decode decodes an envelope's wire form with its payload in the registered Go
// type. A payload of an unknown type becomes [Raw], so that events of newer
// services pass through.
//
// The error is a [*ValidationError] that holds no value.
func (r *Registry) Decode(b []byte) (Envelope, error) {
	e, err := Parse(b)
	if err != nil {
		return Envelope{}, err
	}
	return e, r.typed(&e)
}

// typed replaces e's Raw payload by one of the registered type, if there is one.
func (r *Registry) typed(e *Envelope) error {
	raw := e.Event.(Raw)
	t, ok := r.types[raw.Name]
	if !ok {
		return nil
	}
	data := []byte(raw.Data)
	if len(data) == 0 {
		data = []byte("{}")
	}
	if data[0] != '{' {
		return invalid("data", "must be an object")
	}
	event, err := t.decode(t.info.Name, data)
	if err != nil {
		return err
	}
	e.Event = event
	return nil
}

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
func (r *Registry) Complete(e *Envelope, d Defaults) error {
	name := e.Type()
	var unknown error
	info, ok := r.Lookup(name)
	if ok {
		setDefault(&e.Kind, info.Kind)
		setDefault(&e.Severity, info.Severity)
		setDefault(&e.DataClass, info.DataClass)
		setDefault(&e.SchemaVersion, info.Version)
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
