package schema

import (
	"encoding/json"
	"strconv"
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
	if err := checkObject(b); err != nil {
		return Envelope{}, err
	}
	var a attributes
	spec := ""
	for name, value := range members(b) {
		if a.common(string(name), value) {
			continue
		}
		switch string(name) {
		case "specversion":
			a.text("specversion", value, &spec)
		case "correlationid":
			a.text("correlationid", value, &a.env.CorrelationID)
		case "causationid":
			a.text("causationid", value, &a.env.CausationID)
		case "dataclassification":
			a.text("dataclassification", value, (*string)(&a.env.DataClass))
		case "schemaversion":
			a.version("schemaversion", value)
		case "datacontenttype":
			s, ok := unquote(value)
			a.require(ok && isJSONType(s), "datacontenttype", "must be application/json")
		case "data_base64":
			a.require(false, "data_base64", "is not supported: data must be JSON")
		}
	}
	a.require(spec == "1.0", "specversion", "must be 1.0")
	return a.envelope()
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
