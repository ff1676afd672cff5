package schema

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// attributes collects an envelope from the members of a JSON object, and the
// faults on the way.
type attributes struct {
	checker
	env  Envelope
	raw  Raw
	seen []string
}

// common takes a member that CloudEvents and the publish body name alike, and
// reports whether it was one.
func (a *attributes) common(name string, value []byte) bool {
	switch name {
	case "id":
		a.text("id", value, &a.env.ID)
	case "source":
		a.text("source", value, &a.env.Source)
	case "type":
		a.text("type", value, &a.raw.Name)
	case "time":
		a.time("time", value)
	case "subject":
		a.text("subject", value, &a.env.Subject)
	case "actor":
		a.text("actor", value, &a.env.Actor)
	case "tenant":
		a.text("tenant", value, &a.env.Tenant)
	case "traceparent":
		a.text("traceparent", value, &a.env.TraceParent)
	case "kind":
		a.text("kind", value, (*string)(&a.env.Kind))
	case "severity":
		a.text("severity", value, (*string)(&a.env.Severity))
	case "environment":
		a.text("environment", value, &a.env.Environment)
	case "data":
		a.once("data")
		a.raw.Data = json.RawMessage(value)
	default:
		return false
	}
	return true
}

// once refuses a member that stands twice: readers disagree on which one counts.
func (a *attributes) once(name string) {
	for _, s := range a.seen {
		a.require(s != name, name, "stands twice")
	}
	if a.seen == nil {
		a.seen = make([]string, 0, 20)
	}
	a.seen = append(a.seen, name)
}

// text takes a string. CloudEvents: an attribute of null is as good as absent.
func (a *attributes) text(name string, value []byte, field *string) {
	a.once(name)
	if string(value) == "null" {
		return
	}
	s, ok := unquote(value)
	a.require(ok, name, "must be a string")
	*field = s
}

func (a *attributes) time(name string, value []byte) {
	a.once(name)
	if string(value) == "null" {
		return
	}
	s, ok := unquote(value)
	t, err := time.Parse(time.RFC3339Nano, s)
	a.require(ok && err == nil && !t.IsZero(), name, "must be an RFC 3339 date and time with a zone")
	a.env.Time = t.UTC()
}

func (a *attributes) version(name string, value []byte) {
	a.once(name)
	if string(value) == "null" {
		return
	}
	n, err := strconv.Atoi(string(value))
	a.require(err == nil && n >= 1, name, "must be a whole number, 1 or more")
	a.env.SchemaVersion = n
}

// envelope returns what was collected, its payload Raw.
func (a *attributes) envelope() (Envelope, error) {
	a.require(a.raw.Name == "" || ValidType(a.raw.Name), "type", typeRule)
	a.env.Event = a.raw
	return a.env, a.err()
}

// isJSONType reports whether a media type means JSON (RFC 2046, RFC 6839).
func isJSONType(s string) bool {
	mediaType, _, _ := strings.Cut(s, ";")
	mediaType = strings.TrimSpace(mediaType)
	return mediaType == "application/json" || mediaType == "text/json" || strings.HasSuffix(mediaType, "+json")
}
