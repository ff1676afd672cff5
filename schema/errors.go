package schema

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// ErrUnknownType says that no type of that name is registered. Errors that wrap it
// tell the name only where the program's code has it: one that a value has, such as a
// [Raw], comes from outside and may be anything.
var ErrUnknownType = errors.New("schema: the event's type is not registered")

// unknownType returns ErrUnknownType for an event's type, with the name if it is that
// of the Go type's zero value, too.
func unknownType(e Event, name string) error {
	zero := reflect.Zero(reflect.TypeOf(e))
	if zero.Kind() == reflect.Pointer {
		zero = reflect.New(zero.Type().Elem())
	}
	empty := Envelope{Event: zero.Interface().(Event)}
	if written, err := empty.named(); err != nil || written != name || !ValidType(name) {
		return ErrUnknownType
	}
	return fmt.Errorf("%w: %s", ErrUnknownType, name)
}

// A Fault is one broken rule: the field that broke it, as a dotted path in wire
// names ("data.amounts[1].currency"), and the rule in words. Neither holds a value.
type Fault struct {
	Field string // "" for the whole
	Rule  string
}

// Pointer returns the field as a JSON Pointer (RFC 6901), as in
// "/data/amounts/1/currency". It is "" for the whole event, and for a member
// whose name may not be told.
func (f Fault) Pointer() string {
	if f.Field == "" || strings.Contains(f.Field, " ") {
		return ""
	}
	return "/" + strings.NewReplacer("~", "~0", "/", "~1", ".", "/", "[", "/", "]", "").Replace(f.Field)
}

// A ValidationError lists everything that is wrong with an event, so that it
// can be mended in one go. It never holds a value.
type ValidationError struct {
	Faults []Fault // at least one
}

// Error names each field and its rule.
func (e *ValidationError) Error() string {
	var b strings.Builder
	b.WriteString("schema: invalid event: ")
	for i, f := range e.Faults {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(cmp.Or(f.Field, "event"))
		b.WriteByte(' ')
		b.WriteString(f.Rule)
	}
	return b.String()
}

// invalid returns a ValidationError of one fault.
func invalid(field, rule string) *ValidationError {
	return &ValidationError{Faults: []Fault{{field, rule}}}
}

// contain, deferred, turns a panic of an event's own code into an error.
func contain(e Event, err *error) {
	if recover() != nil {
		*err = panicked(e)
	}
}

// panicked says that an event's own code panicked. What it panicked with may hold
// a value of the event, and is dropped.
func panicked(e Event) *ValidationError {
	if v := reflect.ValueOf(e); v.Kind() == reflect.Pointer && v.IsNil() {
		return invalid("data", "must not be a nil pointer")
	}
	return invalid("data", "has a Go type whose methods panic")
}

// A checker collects faults.
type checker struct{ faults []Fault }

func (c *checker) require(ok bool, field, rule string) {
	if !ok {
		c.fault(field, rule)
	}
}

// fault is for a rule whose words are put together: only when it is broken.
func (c *checker) fault(field, rule string) { c.faults = append(c.faults, Fault{field, rule}) }

// within adds the faults of err under a prefix. An error of another type is
// kept as a fault without its text, which a stranger wrote.
func (c *checker) within(prefix string, err error) {
	if err == nil {
		return
	}
	var v *ValidationError
	if !errors.As(err, &v) {
		c.faults = append(c.faults, Fault{prefix, "is invalid"})
		return
	}
	if v == nil { // of a method that returns a pointer where there is nothing to tell
		return
	}
	for _, f := range v.Faults {
		field := prefix
		if prefix != "" && f.Field != "" {
			field += "."
		}
		field += f.Field
		c.faults = append(c.faults, Fault{field, f.Rule})
	}
}

func (c *checker) err() error {
	if len(c.faults) == 0 {
		return nil
	}
	return &ValidationError{Faults: c.faults}
}

// A BatchError tells the fate of each item of a batch: it is as long as the
// batch, and a nil entry means that item succeeded.
type BatchError []error

// Error counts the failures and quotes the first.
func (e BatchError) Error() string {
	n, first := 0, error(nil)
	for _, err := range e {
		if err != nil {
			if n == 0 {
				first = err
			}
			n++
		}
	}
	if n == 0 {
		return "no item failed"
	}
	return fmt.Sprintf("%d of %d failed, first: %v", n, len(e), first)
}

// Unwrap returns the failures, for [errors.Is] and [errors.As].
func (e BatchError) Unwrap() []error {
	var errs []error
	for _, err := range e {
		if err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// OrNil returns e as an error when an item failed, else nil.
func (e BatchError) OrNil() error {
	for _, err := range e {
		if err != nil {
			return e
		}
	}
	return nil
}
