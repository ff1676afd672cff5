package schema

import (
	"encoding/json"
	"strconv"
	"strings"
	"sync/atomic"
)

// A family is a payload type that serves many type names, as [CRUD] does. Its
// Go type describes itself by tags as a user's does; only for speed its
// encoding is written out.
type family interface {
	Event
	appender
	// named returns the payload of data, which must be valid JSON, under a type
	// name. It may lie within data.
	named(name string, data []byte) (Event, error)
	// only returns the payload with what keep leaves of its Data.
	only(keep func(json.RawMessage) json.RawMessage) Event
}

// join returns "a.b", or "" when one of them is missing. Type is called often
// and of few types, so the names are kept: the last one of each hash.
func join(a, b string) string {
	if a == "" || b == "" {
		return ""
	}
	h := uint32(2166136261) // FNV-1a
	for i := range len(a) {
		h = (h ^ uint32(a[i])) * 16777619
	}
	for i := range len(b) {
		h = (h ^ uint32(b[i])) * 16777619
	}
	slot := &typeNames[(h^h>>16)%uint32(len(typeNames))]
	if name := slot.Load(); name != nil && len(*name) == len(a)+1+len(b) && (*name)[:len(a)] == a && (*name)[len(a)+1:] == b && (*name)[len(a)] == '.' {
		return *name
	}
	name := a + "." + b
	if len(name) <= maxTypeLen {
		slot.Store(&name)
	}
	return name
}

var typeNames [1024]atomic.Pointer[string]

// cutLast splits a type name at its last dot.
func cutLast(name string) (before, after string) {
	i := strings.LastIndexByte(name, '.')
	return name[:max(i, 0)], name[i+1:]
}

// extra checks data, whose members stand beside a family's own, and returns what it
// takes to encode them.
func (c *checker) extra(data json.RawMessage, own ...string) judged {
	if len(data) == 0 {
		return judged{encodable: true}
	}
	before := len(c.faults)
	start := skipSpace(data, 0)
	o := cursor{b: data, at: start}
	last, compact := start, true // so far no spaces stand between tokens, nor may stand within values
	for o.next() {
		for _, name := range own {
			c.require(string(o.name) != name, name, "must stand in the payload's own field, not in its data")
		}
		at := o.at - len(o.value)
		compact = compact && o.from == last+1 && data[at-1] == ':' && data[at-2] == '"' && o.value[0] != '{' && o.value[0] != '['
		last = o.at
	}
	if o.end < 0 || skipSpace(data, o.end) != len(data) {
		c.faults = c.faults[:before]
		c.fault("", "must be a JSON object")
		return judged{}
	}
	if last == start { // no members
		return judged{encodable: true}
	}
	return judged{encodable: true, rest: data[start+1 : o.end], compact: compact && o.end == last+1}
}

// A memberReader decodes the members that a payload type declares and keeps
// the rest. A member of null is as good as absent.
type memberReader struct {
	cursor
	checker
	own  bool   // a declared member has been read
	kept int    // end of the last member to keep, while none but such have been read
	rest []byte // the members to keep, once both kinds have been read
}

func readMembers(b []byte) memberReader {
	return memberReader{cursor: cursor{b: b, at: skipSpace(b, 0)}}
}

// keep keeps the current member.
func (r *memberReader) keep() {
	switch {
	case !r.own:
		r.kept = r.at
		return
	case r.rest == nil:
		r.rest = append(make([]byte, 0, len(r.b)), '{')
	case len(r.rest) > 1:
		r.rest = append(r.rest, ',')
	}
	r.rest = append(r.rest, r.b[r.from:r.at]...)
}

// take says that the current member is declared, and whether it holds a value.
func (r *memberReader) take() bool {
	if !r.own && r.kept > 0 {
		r.rest = append(make([]byte, 0, len(r.b)), r.b[:r.kept]...)
	}
	r.own = true
	return string(r.value) != "null"
}

func (r *memberReader) text(field *string) {
	if !r.take() {
		return
	}
	s, ok := unquote(r.value)
	if !ok {
		r.require(false, string(r.name), "must be a string")
	}
	*field = s
}

// integer decodes a number that has to be whole and fit.
func (r *memberReader) integer(field *int64) {
	if !r.take() {
		return
	}
	n, err := strconv.ParseInt(string(r.value), 10, 64)
	if err != nil {
		r.require(false, string(r.name), "must be a whole number in range")
	}
	*field = n
}

// object returns a reader of value, an object; [memberReader.within] takes over
// its faults.
func object(value []byte) memberReader {
	if value[0] != '{' {
		in := readMembers([]byte("{}"))
		in.require(false, "", "must be an object")
		return in
	}
	return readMembers(value)
}

// within takes over the faults of an object that stands in the current member,
// or in its element at index; -1 for the member itself.
func (r *memberReader) within(in *memberReader, index int) {
	if len(in.faults) == 0 {
		return
	}
	path := string(r.name)
	if index >= 0 {
		path += "[" + strconv.Itoa(index) + "]"
	}
	r.checker.within(path, in.err())
}

// array returns the elements of the current member, an array.
func (r *memberReader) array() elementCursor {
	if r.value[0] != '[' {
		r.require(false, string(r.name), "must be an array")
		return elementCursor{}
	}
	return elementCursor{b: r.value}
}

// others returns the members that were kept as an object, nil when there are none.
func (r *memberReader) others() json.RawMessage {
	switch {
	case !r.own && r.kept > 0:
		return json.RawMessage(r.b)
	case len(r.rest) <= 1:
		return nil
	}
	return append(r.rest, '}')
}

// unmarshalFamily is UnmarshalJSON of a family: decode works on a copy, since
// the caller may change b afterwards.
func unmarshalFamily(b []byte, decode func([]byte) error) error {
	switch {
	case string(b) == "null":
		return nil
	case !validJSON(b) || !isObject(b):
		return invalid("", "must be an object")
	}
	return decode(append([]byte(nil), b...))
}
