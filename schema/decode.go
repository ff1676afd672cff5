package schema

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
)

// Decode decodes an envelope's wire form with its payload in the registered Go
// type. A payload of an older version is lifted to the registered one, which
// SchemaVersion then says; see [Registry.Upcast]. A payload of an unknown type
// becomes [Raw], and so does one of a newer version that the Go type can't
// hold, so that events of newer services pass through.
//
// The error is a [*ValidationError] that holds no value. The result may lie
// within b, which must not change from then on.
func (r *Registry) Decode(b []byte) (Envelope, error) {
	e, err := Parse(b)
	if err != nil {
		return Envelope{}, err
	}
	return r.decodePayload(e, false)
}

// decodePayload replaces e's Raw payload by one of the registered type, if there is
// one. Input is validated against the type's schema before. A panic of the type's
// own code, or of an upcaster, is a fault: what it says may hold a value.
func (r *Registry) decodePayload(e Envelope, input bool) (out Envelope, err error) {
	defer func() {
		if recover() != nil {
			out, err = Envelope{}, invalid("data", "can't be decoded: its type's own code panics")
		}
	}()
	raw := e.Event.(Raw)
	t, ok := r.types[raw.Name]
	if !ok {
		return e, nil
	}
	data := raw.payload()
	if data[0] != '{' {
		return Envelope{}, invalid("data", "must be an object")
	}
	newer := e.SchemaVersion > t.info.Version
	if 0 < e.SchemaVersion && e.SchemaVersion < t.info.Version {
		var err error
		if data, err = t.upcast(data, e.SchemaVersion); err != nil {
			return Envelope{}, err
		}
		e.SchemaVersion = t.info.Version
	}
	if input && !newer {
		var c checker
		c.within("data", t.schema.validate(data))
		if err := c.err(); err != nil {
			return Envelope{}, err
		}
	}
	event, err := t.decode(data)
	switch {
	case err == nil:
		e.Event = event
	case newer:
		e.Event = Raw{Name: t.info.Name, Data: raw.Data}
	default:
		var c checker
		c.within("data", err)
		return Envelope{}, c.err()
	}
	return e, nil
}

// decodeStruct decodes a user's payload type and keeps the members that it
// doesn't declare, if it is to.
func decodeStruct[T Event](data []byte, l *layout, keep bool) (Event, error) {
	var v T
	var rest []byte
	if l != nil && l.rest != nil {
		data, rest = l.split(data)
	}
	if err := json.Unmarshal(data, &v); err != nil {
		return nil, payloadError(err, reflect.TypeFor[T](), data)
	}
	if keep && rest != nil {
		reflect.ValueOf(&v).Elem().FieldByIndex(l.rest).SetBytes(rest)
	}
	return v, nil
}

// split returns the members that the layout declares and those that it doesn't,
// nil when there are none.
func (l *layout) split(data []byte) (own, rest []byte) {
	r := readMembers(data)
	for r.next() {
		if l.declares(r.name) {
			r.take()
		} else {
			r.keep()
		}
	}
	if rest = r.others(); rest == nil {
		return data, nil
	}
	return pick(data, l.declares), rest
}

// pick returns the members whose names are wanted as an object.
func pick(data []byte, wanted func(name []byte) bool) []byte {
	out := append(make([]byte, 0, len(data)), '{')
	for c := (cursor{b: data}); c.next(); {
		if !wanted(c.name) {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(out, data[c.from:c.at]...)
	}
	return append(out, '}')
}

// pickListed returns the members of a family's Data that its record lists.
func (n *node) pickListed(data json.RawMessage) json.RawMessage {
	if len(data) == 0 || len(n.properties) == 0 {
		return nil
	}
	out := pick(data, func(name []byte) bool { return n.property(name) != nil })
	if len(out) == len("{}") {
		return nil
	}
	return out
}

// appendStruct appends a user's payload with the members in its rest.
func appendStruct(dst []byte, e Event) ([]byte, error) {
	out, err := appendValue(dst, e)
	if err != nil || out[len(dst)] != '{' {
		return dst, errEncode
	}
	v := reflect.ValueOf(e)
	l, err := layoutOf(v.Type())
	if err != nil || l == nil || l.rest == nil {
		return out, nil
	}
	rest := reflect.Indirect(v).FieldByIndex(l.rest).Bytes()
	if len(rest) == 0 {
		return out, nil
	}
	for name := range members(rest) {
		if l.declares(name) {
			return dst, errEncode
		}
	}
	out, ok := appendMembers(out[:len(out)-1], rest)
	if !ok {
		return dst, errEncode
	}
	return out, nil
}

// payloadError says where decoding a payload of a Go type failed. The text of an
// error of encoding/json may quote the value, so only the place, as far as the type
// declares it, and the wanted Go type are kept.
func payloadError(err error, payload reflect.Type, data []byte) error {
	var t *json.UnmarshalTypeError
	if errors.As(err, &t) {
		return invalid(declaredPath(payload, t.Field), "must be "+jsonKind(t.Type.Kind().String()))
	}
	var v *ValidationError
	if errors.As(err, &v) {
		return v
	}
	return invalid(undecodable(payload, data), "can't be decoded by its Go type (what is scrubbed becomes a text or null)")
}

// undecodable returns the name of the first declared member of data that its Go
// type can't be decoded from, or "": errors of a type's own decoding don't say
// where they come from.
func undecodable(payload reflect.Type, data []byte) string {
	for payload.Kind() == reflect.Pointer {
		payload = payload.Elem()
	}
	if payload.Kind() != reflect.Struct {
		return ""
	}
	l, _ := layoutOf(payload) // of a type that is registered
	for name, value := range members(data) {
		if m := l.member(string(name)); m != nil && json.Unmarshal(value, reflect.New(m.typ).Interface()) != nil {
			return m.name
		}
	}
	return ""
}

// declaredPath returns a dotted path into a value of type t as far as struct types
// declare it, and * for what is behind: the key of a map may be anything. (The
// second version of encoding/json tells keys in its paths, and indices.)
func declaredPath(t reflect.Type, path string) string {
	var known []string
	for path != "" {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		segment, rest, _ := strings.Cut(path, ".")
		switch t.Kind() {
		case reflect.Slice, reflect.Array:
			t = t.Elem()
			if strings.Trim(segment, "0123456789") != "" {
				continue // the path leaves indices out
			}
		case reflect.Struct:
			l, _ := layoutOf(t) // of a type that is registered
			m := l.member(segment)
			if m == nil {
				return strings.Join(append(known, "*"), ".")
			}
			t = m.typ
		default:
			return strings.Join(append(known, "*"), ".")
		}
		known, path = append(known, segment), rest
	}
	return strings.Join(known, ".")
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
