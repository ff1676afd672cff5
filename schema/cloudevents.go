package schema

import (
	"encoding/json"
	"strconv"
	"time"
	"unicode/utf8"
)

// timeFormat is RFC 3339 with as many digits of the second as needed, six at most.
const timeFormat = "2006-01-02T15:04:05.999999Z07:00"

// AppendJSON appends the envelope's wire form to dst: one CloudEvents 1.0 JSON
// object on one line, attributes in the order of the package documentation.
// The envelope should be complete; see [Registry.Complete]. An error says that
// the payload can't be encoded.
func (e Envelope) AppendJSON(dst []byte) ([]byte, error) {
	data, err := marshalEvent(e.Event)
	if err != nil {
		return dst, err
	}
	dst = append(dst, `{"specversion":"1.0"`...)
	dst = appendMember(dst, "id", e.ID)
	dst = appendMember(dst, "source", e.Source)
	dst = appendMember(dst, "type", e.Type())
	dst = append(dst, `,"time":"`...)
	dst = e.Time.UTC().AppendFormat(dst, timeFormat)
	dst = append(dst, '"')
	dst = appendMember(dst, "subject", e.Subject)
	dst = append(dst, `,"datacontenttype":"application/json"`...)
	dst = appendMember(dst, "kind", string(e.Kind))
	dst = appendMember(dst, "severity", string(e.Severity))
	dst = appendMember(dst, "environment", e.Environment)
	dst = appendMember(dst, "tenant", e.Tenant)
	dst = appendMember(dst, "actor", e.Actor)
	dst = appendMember(dst, "correlationid", e.CorrelationID)
	dst = appendMember(dst, "causationid", e.CausationID)
	dst = appendMember(dst, "traceparent", e.TraceParent)
	dst = append(dst, `,"schemaversion":`...)
	dst = strconv.AppendInt(dst, int64(e.SchemaVersion), 10)
	dst = appendMember(dst, "dataclassification", string(e.DataClass))
	dst = append(dst, `,"data":`...)
	dst = append(dst, data...)
	return append(dst, '}'), nil
}

// MarshalJSON returns the wire form; see [Envelope.AppendJSON].
func (e Envelope) MarshalJSON() ([]byte, error) { return e.AppendJSON(nil) }

// appendMember appends ,"name":"value" unless value is empty.
func appendMember(dst []byte, name, value string) []byte {
	if value == "" {
		return dst
	}
	dst = append(dst, ',', '"')
	dst = append(dst, name...)
	dst = append(dst, '"', ':')
	return appendString(dst, value)
}

// marshalEvent encodes a payload. An encoder's error may quote the value, so
// only the fact is kept.
func marshalEvent(e Event) ([]byte, error) {
	if e == nil {
		return nil, invalid("type", "is required")
	}
	b, err := marshal(e)
	if err != nil {
		return nil, invalid("data", "can't be encoded as JSON")
	}
	return b, nil
}

// Parse decodes an envelope's wire form without a registry: its payload is
// [Raw]. Attributes that carebus doesn't know are passed over, as CloudEvents
// asks of readers. The error is a [*ValidationError] that holds no value. The
// result is not validated beyond its form.
func Parse(b []byte) (Envelope, error) {
	var e Envelope
	var c checker
	if err := checkObject(b); err != nil {
		return e, err
	}
	var raw Raw
	spec := ""
	text := map[string]*string{
		"specversion": &spec, "id": &e.ID, "source": &e.Source, "type": &raw.Name,
		"subject": &e.Subject, "tenant": &e.Tenant, "actor": &e.Actor,
		"correlationid": &e.CorrelationID, "causationid": &e.CausationID, "traceparent": &e.TraceParent,
		"kind": (*string)(&e.Kind), "severity": (*string)(&e.Severity),
		"environment": &e.Environment, "dataclassification": (*string)(&e.DataClass),
	}
	seen := map[string]bool{}
	for name, value := range members(b) {
		field, isText := text[name]
		switch {
		case isText:
			c.text(name, value, field)
		case name == "time":
			c.time(value, &e.Time)
		case name == "schemaversion":
			c.version(name, value, &e.SchemaVersion)
		case name == "datacontenttype":
			s, ok := unquote(value)
			c.require(ok && isJSONType(s), name, "must be application/json")
		case name == "data":
			raw.Data = json.RawMessage(value)
		case name == "data_base64":
			c.require(false, name, "is not supported: data must be JSON")
		default:
			continue // its name may be anything, so it isn't tracked either
		}
		c.require(!seen[name], name, "stands twice")
		seen[name] = true
	}
	c.require(spec == "1.0", "specversion", "must be 1.0")
	c.require(raw.Name == "" || ValidType(raw.Name), "type", typeRule)
	e.Event = raw
	return e, c.err()
}

const typeRule = "must be two to five lower-case words joined by dots, such as user.created"

// checkObject reports whether b is one JSON object in UTF-8.
func checkObject(b []byte) error {
	switch {
	case !utf8.Valid(b):
		return invalid("event", "must be UTF-8")
	case !json.Valid(b):
		return invalid("event", "is not valid JSON")
	case b[skipSpace(b, 0)] != '{':
		return invalid("event", "must be a JSON object")
	}
	return nil
}

func (c *checker) text(name string, value []byte, field *string) {
	if string(value) == "null" {
		return // CloudEvents: an attribute of null is as good as absent
	}
	s, ok := unquote(value)
	c.require(ok, name, "must be a string")
	*field = s
}

func (c *checker) time(value []byte, field *time.Time) {
	if string(value) == "null" {
		return
	}
	s, ok := unquote(value)
	t, err := time.Parse(time.RFC3339Nano, s)
	c.require(ok && err == nil && !t.IsZero(), "time", "must be an RFC 3339 date and time with a zone")
	*field = t
}

func (c *checker) version(name string, value []byte, field *int) {
	if string(value) == "null" {
		return
	}
	n, err := strconv.Atoi(string(value))
	c.require(err == nil && n >= 1, name, "must be a whole number, 1 or more")
	*field = n
}

// isJSONType reports whether a media type means JSON (RFC 2046, RFC 6839).
func isJSONType(s string) bool {
	mediaType, _, _ := cut(s, ';')
	return mediaType == "application/json" || mediaType == "text/json" ||
		len(mediaType) > 5 && mediaType[len(mediaType)-5:] == "+json"
}
