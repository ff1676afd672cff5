package schema

import (
	"errors"
	"strconv"
	"time"
)

// appendTime appends t in UTC as in RFC 3339, with as many digits of the second
// as needed, six at most. Package time has a short way for this layout alone.
func appendTime(dst []byte, t time.Time) []byte {
	return t.UTC().Truncate(time.Microsecond).AppendFormat(dst, time.RFC3339Nano)
}

// The media types of CloudEvents in the JSON format, of one event and of a batch.
const (
	ContentType      = "application/cloudevents+json"
	ContentTypeBatch = "application/cloudevents-batch+json"
)

// AppendJSON appends the envelope's wire form to dst: one CloudEvents 1.0 JSON
// object on one line, attributes in the order of the package documentation.
// The envelope should be complete: see [Registry.Complete], and
// [Registry.AppendComplete], which does both. An error is a [*ValidationError]
// that says that the payload can't be encoded, or that its methods panic; dst is
// then returned as it was.
func (e Envelope) AppendJSON(dst []byte) ([]byte, error) {
	name, err := e.named()
	if err != nil {
		return dst, err
	}
	return e.appendJSON(dst, name, appendText, judged{})
}

// appendJSON is AppendJSON of an envelope with an event of that type, of which j is
// known. text appends the attributes that are texts.
func (e *Envelope) appendJSON(dst []byte, name string, text func(dst []byte, opening, value string) []byte, j judged) ([]byte, error) {
	out := append(dst, `{"specversion":"1.0"`...)
	out = text(out, `,"id":`, e.ID)
	out = text(out, `,"source":`, e.Source)
	out = text(out, `,"type":`, name)
	out = append(out, `,"time":"`...)
	out = appendTime(out, e.Time)
	out = append(out, '"')
	out = text(out, `,"subject":`, e.Subject)
	out = append(out, `,"datacontenttype":"application/json"`...)
	out = text(out, `,"kind":`, string(e.Kind))
	out = text(out, `,"severity":`, string(e.Severity))
	out = text(out, `,"environment":`, e.Environment)
	out = text(out, `,"tenant":`, e.Tenant)
	out = text(out, `,"actor":`, e.Actor)
	out = text(out, `,"correlationid":`, e.CorrelationID)
	out = text(out, `,"causationid":`, e.CausationID)
	out = text(out, `,"traceparent":`, e.TraceParent)
	out = append(out, `,"schemaversion":`...)
	out = strconv.AppendInt(out, int64(e.SchemaVersion), 10)
	out = text(out, `,"dataclassification":`, string(e.DataClass))
	out = append(out, `,"data":`...)
	out, err := appendEvent(out, e.Event, j)
	if err != nil {
		return dst, err
	}
	return append(out, '}'), nil
}

// MarshalJSON returns the wire form; see [Envelope.AppendJSON].
func (e Envelope) MarshalJSON() ([]byte, error) { return e.AppendJSON(nil) }

// AppendBatch appends events in the CloudEvents JSON batch format to dst: a
// JSON array of their wire forms. The error is that of the first event that
// can't be encoded; dst is then returned as it was.
func AppendBatch(dst []byte, events []Envelope) ([]byte, error) {
	out := append(dst, '[')
	for i, e := range events {
		if i > 0 {
			out = append(out, ',')
		}
		var err error
		if out, err = e.AppendJSON(out); err != nil {
			return dst, err
		}
	}
	return append(out, ']'), nil
}

var errEncode = invalid("data", "can't be encoded as a JSON object")

// An appender is a payload that knows a faster way than [encoding/json]. What
// validating it has told needn't be found out again to encode it.
type appender interface {
	// judge is Validate that also tells what encoding the payload takes.
	judge() (judged, error)
	// appendJSON appends a payload by what its judge returned, which must be encodable.
	appendJSON(dst []byte, j judged) []byte
}

// judged is what is known of a payload whose JSON has been read. The zero value is for
// one that hasn't been, or can't be encoded.
type judged struct {
	encodable bool
	rest      []byte // the members of a family's Data and its closing brace; nil without members
	compact   bool   // it is known that no spaces stand between tokens of rest
}

// appendRest appends the rest to the object that is open at the end of dst, and
// closes it.
func (j judged) appendRest(dst []byte) []byte {
	if j.rest == nil {
		return append(dst, '}')
	}
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	if j.compact {
		return append(dst, j.rest...)
	}
	return appendCompact(dst, j.rest)
}

// judgeEvent is judge of any payload.
func judgeEvent(e Event) (judged, error) {
	switch e.(type) { // not every appender: a type that embeds one of these may have a Validate of its own
	case CRUD, Auth, System, Business, Raw:
		return e.(appender).judge()
	}
	return judged{}, e.Validate()
}

// appendEvent appends the payload, of which j is known. An encoder's error may quote
// the value, so only the fact is kept.
func appendEvent(dst []byte, e Event, j judged) (out []byte, err error) {
	defer contain(e, &err)
	if e == nil {
		return dst, invalid("type", "is required")
	}
	a, ok := e.(appender)
	if !ok {
		return appendStruct(dst, e)
	}
	if !j.encodable {
		j, _ = a.judge()
	}
	if !j.encodable {
		return dst, errEncode
	}
	return a.appendJSON(dst, j), nil
}

var cloudEventsSpelling = spelling{
	"specversion", "id", "type", "source", "time", "subject", "datacontenttype", "kind", "severity", "environment", "tenant",
	"actor", "correlationid", "causationid", "traceparent", "schemaversion", "dataclassification", "data", "data_base64",
}

func cloudEventsAttribute(name []byte) attribute {
	if at := common(name); at != noAttribute {
		return at
	}
	switch string(name) {
	case "specversion":
		return attrSpecVersion
	case "datacontenttype":
		return attrContentType
	case "correlationid":
		return attrCorrelationID
	case "causationid":
		return attrCausationID
	case "schemaversion":
		return attrSchemaVersion
	case "dataclassification":
		return attrDataClass
	case "data_base64":
		return attrDataBase64
	}
	return noAttribute
}

// Parse decodes an envelope's wire form without a registry: its payload is
// [Raw] and lies within b, which must not change from then on. Attributes that
// carebus doesn't know are passed over, as CloudEvents asks of readers. The
// error is a [*ValidationError] that holds no value. The result is not
// validated beyond its form.
func Parse(b []byte) (Envelope, error) {
	e, err := parseCloudEvent(b)
	if err != nil {
		return Envelope{}, err
	}
	return e, nil
}

// parseCloudEvent is Parse that returns what it could read beside the error; an
// envelope without an Event when that is nothing.
func parseCloudEvent(b []byte) (Envelope, error) {
	var a attributes
	if err := a.collect(b, cloudEventsAttribute, func(int) {}); err != nil {
		return Envelope{}, err
	}
	return a.cloudEvent()
}

// cloudEvent decodes what was collected of a CloudEvent.
func (a *attributes) cloudEvent() (Envelope, error) {
	if v := a.values[attrSpecVersion]; string(v) != `"1.0"` {
		spec, _ := unquote(v)
		a.require(spec == "1.0", "specversion", "must be 1.0")
	}
	if v := a.values[attrContentType]; v != nil && string(v) != `"application/json"` && string(v) != "null" {
		s, ok := unquote(v)
		a.require(ok && isJSONType(s), "datacontenttype", "must be application/json")
	}
	a.require(a.values[attrDataBase64] == nil, "data_base64", "is not supported: data must be JSON")
	return a.envelope(&cloudEventsSpelling)
}

// ErrNotBatch says that a body is no CloudEvents batch: no JSON array in UTF-8.
var ErrNotBatch = errors.New("schema: a batch of events must be a JSON array")
