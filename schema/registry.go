package schema

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// TypeInfo describes a type of event.
type TypeInfo struct {
	Name        string      // required: the type name, such as "user.created"
	Kind        Kind        // required
	Description string      // one sentence for the catalogue
	Version     int         // of the payload's schema; default 1; see [Registry.Upcast]
	Severity    Severity    // of events that don't say; default low
	DataClass   DataClass   // of events that don't say; default confidential
	Aliases     []string    // names the type had before; decoded as Name
	Unknown     UnknownRule // default [KeepUnknown] where the payload type has a place for them, else [DropUnknown]
	// Record is a struct, and for the families: its fields' names and tags
	// describe the members that these events usually have in their Data. It
	// shows in the JSON Schema and in FieldClasses. Values are not held to it:
	// practices differ. Default: none.
	Record any
}

// UnknownRule says what becomes of members that a payload type doesn't declare,
// such as those that a newer version added. Whatever the rule, carebus' lake
// holds them: it stores what was published.
type UnknownRule string

// The rules for unknown members.
const (
	// KeepUnknown keeps them in the payload's rest: the field of type
	// [json.RawMessage] with the tags json:"-" schema:"rest", such as Data of
	// the families. What is kept is encoded again.
	KeepUnknown UnknownRule = "keep"
	// DropUnknown drops them on decode.
	DropUnknown UnknownRule = "drop"
	// RefuseUnknown makes them a fault of untyped input, where a misspelt member
	// would be lost in silence. Consumers, who must be able to read what a
	// newer publisher wrote, drop them.
	RefuseUnknown UnknownRule = "refuse"
)

// A Registry knows the types of a system. Register all types before it is
// shared: reading it is safe for concurrent use, registering is not.
type Registry struct {
	types  map[string]*entry // by name and by alias
	sorted []*entry          // by name
}

type entry struct {
	info    TypeInfo
	payload reflect.Type
	decode  func(data []byte) (Event, error) // data is a valid JSON object
	schema  *root
	upcasts []Upcaster // by the version they lift, from 1 on; nil: as it is
}

// NewRegistry returns a registry that knows no type.
func NewRegistry() *Registry { return &Registry{types: map[string]*entry{}} }

// Register adds the type that info describes, with T as its payload. T is a
// struct type, decoded by [encoding/json] and described by the tags that the
// package documentation lists, or one of the families [CRUD], [Auth], [System]
// and [Business], which serve many type names each.
//
// Register panics when info or a tag breaks a rule, when the name or an alias
// is taken, and when T names another type than info does: a program with such a
// mistake must not start.
func Register[T Event](r *Registry, info TypeInfo) {
	setDefault(&info.Version, 1)
	setDefault(&info.Severity, SeverityLow)
	setDefault(&info.DataClass, DataConfidential)
	e, err := newEntry[T](&info)
	if err != nil {
		panic(fmt.Sprintf("schema: Register: %s: %v", safeName(info.Name), err))
	}
	for _, name := range append([]string{info.Name}, info.Aliases...) {
		if _, taken := r.types[name]; taken {
			panic(fmt.Sprintf("schema: Register: %s is registered already", name))
		}
		r.types[name] = e
	}
	i, _ := slices.BinarySearchFunc(r.sorted, e, byName)
	r.sorted = slices.Insert(r.sorted, i, e)
}

// newEntry makes the entry of a type whose payload is decoded as T.
func newEntry[T Event](info *TypeInfo) (*entry, error) {
	var zero T
	t := reflect.TypeFor[T]()
	many, isFamily := any(zero).(family)
	if err := info.check(); err != nil {
		return nil, err
	}
	switch {
	case t.Kind() != reflect.Struct:
		return nil, errors.New("the payload must be a struct type")
	case !isFamily && zero.Type() != info.Name:
		return nil, fmt.Errorf("%v calls itself %q", t, zero.Type())
	case !isFamily && info.Record != nil:
		return nil, errors.New("a record is for families; describe a payload type by its own tags")
	}
	l, err := layoutOf(t)
	if err != nil {
		return nil, err
	}
	if err := checkHolds(t, map[reflect.Type]bool{}); err != nil {
		return nil, err
	}
	if err := info.completeUnknown(t, l != nil && l.rest != nil); err != nil {
		return nil, err
	}
	e := &entry{info: *info, payload: t, upcasts: make([]Upcaster, info.Version-1)}
	if e.schema, err = schemaOf(t, *info); err != nil {
		return nil, err
	}
	keep := info.Unknown == KeepUnknown
	if !isFamily {
		e.decode = func(data []byte) (Event, error) { return decodeStruct[T](data, l, keep) }
		return e, nil
	}
	name := info.Name
	e.decode = func(data []byte) (Event, error) {
		event, err := many.named(name, data)
		if err == nil && !keep {
			event = event.(family).only(e.schema.pickListed)
		}
		return event, err
	}
	if v, err := e.decode([]byte("{}")); err != nil || v.Type() != name {
		return nil, fmt.Errorf("%v can't hold that name", t)
	}
	return e, nil
}

// check reports what a type can't be.
func (i *TypeInfo) check() error {
	switch {
	case !ValidType(i.Name):
		return errors.New("the name " + typeRule)
	case !i.Kind.Valid():
		return errors.New("the kind must be one of crud, auth, system, business")
	case !i.Severity.Valid():
		return errors.New("the severity must be one of low, medium, high, critical")
	case !i.DataClass.Valid():
		return errors.New("the data class must be one of public, internal, confidential, restricted")
	case i.Version < 1:
		return errors.New("the version must be 1 or more")
	}
	for _, alias := range i.Aliases {
		if !ValidType(alias) {
			return errors.New("an alias " + typeRule)
		}
	}
	return nil
}

// completeUnknown fills in the rule for unknown members, which can be kept where t has
// a rest.
func (i *TypeInfo) completeUnknown(t reflect.Type, hasRest bool) error {
	switch i.Unknown {
	case "":
		i.Unknown = DropUnknown
		if hasRest {
			i.Unknown = KeepUnknown
		}
	case KeepUnknown:
		if !hasRest {
			return fmt.Errorf("%v has no place to keep unknown members", t)
		}
	case DropUnknown, RefuseUnknown:
	default:
		return errors.New("the rule for unknown members must be one of keep, drop, refuse")
	}
	return nil
}

func byName(a, b *entry) int { return strings.Compare(a.info.Name, b.info.Name) }

// Types lists the registered types by name.
func (r *Registry) Types() []TypeInfo {
	infos := make([]TypeInfo, len(r.sorted))
	for i, e := range r.sorted {
		infos[i] = e.info
	}
	return infos
}

// Lookup returns the type of that name or alias.
func (r *Registry) Lookup(name string) (TypeInfo, bool) {
	e, ok := r.types[name]
	if !ok {
		return TypeInfo{}, false
	}
	return e.info, true
}

// PayloadType returns the Go type that payloads of a type are decoded into, by
// its name or an alias.
func (r *Registry) PayloadType(name string) (reflect.Type, bool) {
	e, ok := r.types[name]
	if !ok {
		return nil, false
	}
	return e.payload, true
}
