package schema

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// An attribute is one of the members that an encoded envelope may have.
type attribute uint8

const (
	attrSpecVersion attribute = iota
	attrID
	attrType
	attrSource
	attrTime
	attrSubject
	attrContentType
	attrKind
	attrSeverity
	attrEnvironment
	attrTenant
	attrActor
	attrCorrelationID
	attrCausationID
	attrTraceParent
	attrSchemaVersion
	attrDataClass
	attrData
	attrDataBase64
	numAttributes
	noAttribute = numAttributes
)

// common returns the attribute that CloudEvents and the publish body name alike.
func common(name []byte) attribute {
	switch string(name) {
	case "id":
		return attrID
	case "source":
		return attrSource
	case "type":
		return attrType
	case "time":
		return attrTime
	case "subject":
		return attrSubject
	case "actor":
		return attrActor
	case "tenant":
		return attrTenant
	case "traceparent":
		return attrTraceParent
	case "kind":
		return attrKind
	case "severity":
		return attrSeverity
	case "environment":
		return attrEnvironment
	case "data":
		return attrData
	}
	return noAttribute
}

// attributes are the members of an encoded envelope by attribute, as they came,
// and the faults found on the way.
type attributes struct {
	checker
	values [numAttributes][]byte
}

// collect reads the members of the one object that b must be: names tells which
// attribute a member is, and strange is told the place of one that is none. A
// member that stands twice is a fault, since readers disagree on which one counts.
func (a *attributes) collect(b []byte, names func([]byte) attribute, strange func(place int)) error {
	if !utf8.Valid(b) {
		return invalid("", "must be UTF-8")
	}
	o := cursor{b: b, at: skipSpace(b, 0)}
	for place := 1; o.next(); place++ {
		at := names(o.name)
		switch {
		case at == noAttribute:
			strange(place)
		case a.values[at] != nil:
			a.require(false, string(o.name), "stands twice")
		default:
			a.values[at] = o.value
		}
	}
	switch {
	case o.end >= 0 && skipSpace(b, o.end) == len(b):
		return nil
	case !validJSON(b):
		return invalid("", "is not valid JSON")
	}
	return invalid("", "must be a JSON object")
}

// A spelling names the attributes as a form of the envelope does.
type spelling [numAttributes]string

// envelope decodes what was collected; its payload is Raw.
func (a *attributes) envelope(spell *spelling) (Envelope, error) {
	var e Envelope
	var raw Raw
	a.texts(spell, [...]text{
		{attrID, &e.ID}, {attrType, &raw.Name}, {attrSource, &e.Source}, {attrSubject, &e.Subject},
		{attrKind, (*string)(&e.Kind)}, {attrSeverity, (*string)(&e.Severity)}, {attrEnvironment, &e.Environment},
		{attrTenant, &e.Tenant}, {attrActor, &e.Actor}, {attrCorrelationID, &e.CorrelationID}, {attrCausationID, &e.CausationID},
		{attrTraceParent, &e.TraceParent}, {attrDataClass, (*string)(&e.DataClass)},
	})
	e.Time = a.time(spell[attrTime])
	e.SchemaVersion = a.version(spell[attrSchemaVersion])
	a.require(raw.Name == "" || ValidType(raw.Name), "type", typeRule)
	raw.Data = json.RawMessage(a.values[attrData])
	e.Event = raw
	return e, a.err()
}

// A text is an attribute that is a string, and the field that takes it.
type text struct {
	attribute
	field *string
}

// texts decodes strings; those without escapes share one allocation.
// CloudEvents: an attribute of null is as good as absent.
func (a *attributes) texts(spell *spelling, list [13]text) {
	plain := func(value []byte) bool {
		return len(value) > 0 && value[0] == '"' && bytes.IndexByte(value, '\\') < 0
	}
	var stack [512]byte
	buf := stack[:0]
	for _, t := range list {
		if value := a.values[t.attribute]; plain(value) {
			buf = append(buf, value[1:len(value)-1]...)
		}
	}
	all := string(buf)
	for _, t := range list {
		switch value := a.values[t.attribute]; {
		case value == nil || string(value) == "null":
		case plain(value):
			size := len(value) - len(`""`)
			*t.field, all = all[:size], all[size:]
		case value[0] == '"':
			*t.field, _ = unquote(value)
		default:
			a.require(false, spell[t.attribute], "must be a string")
		}
	}
}

func (a *attributes) time(name string) time.Time {
	value := a.values[attrTime]
	if value == nil || string(value) == "null" {
		return time.Time{}
	}
	var t time.Time
	ok := value[0] == '"' && t.UnmarshalText(value[1:len(value)-1]) == nil // RFC 3339 needs no escapes
	a.require(ok && !t.IsZero(), name, "must be an RFC 3339 date and time with a zone")
	return t.UTC()
}

func (a *attributes) version(name string) int {
	value := a.values[attrSchemaVersion]
	if value == nil || string(value) == "null" {
		return 0
	}
	n, err := strconv.Atoi(string(value))
	a.require(err == nil && n >= 1, name, "must be a whole number, 1 or more")
	return n
}

// isJSONType reports whether a media type means JSON (RFC 2046, RFC 6839).
func isJSONType(s string) bool {
	mediaType, _, _ := strings.Cut(s, ";")
	mediaType = strings.ToLower(strings.TrimSpace(mediaType))
	return mediaType == "application/json" || mediaType == "text/json" || strings.HasSuffix(mediaType, "+json")
}
