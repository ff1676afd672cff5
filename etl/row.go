package etl

import (
	"encoding/json"
	"errors"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/carebus/carebus/schema"
)

// A Row is a row of a table of events, as the package documentation lists it.
type Row struct {
	EventID       string
	Kind          schema.Kind
	Severity      schema.Severity
	Environment   string
	OccurredAt    time.Time // in UTC, to the microsecond
	PublishedAt   time.Time // in UTC, to the millisecond
	Source        string
	Subject       string
	Actor         string
	Tenant        string
	CorrelationID string
	CausationID   string
	TraceID       string
	SchemaVersion int
	DataClass     schema.DataClass
	StreamID      string
	Payload       json.RawMessage // the event's data; null in the JSON when empty
}

// row returns the record's row, which shares its payload.
func (r *Record) row() Row {
	return Row{
		r.ID, r.Kind, r.Severity, r.Environment, r.Time, r.PublishedAt, r.Source, r.Subject, r.Actor, r.Tenant,
		r.CorrelationID, r.CausationID, traceID(r.TraceParent), r.SchemaVersion, r.DataClass, r.StreamID, r.Payload(),
	}
}

// AppendJSON appends the row as one line of JSON with its line feed. Its times
// must lie between the years 0 and 9999.
func (r *Row) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"event_id":`...)
	dst = appendText(dst, r.EventID)
	dst = append(dst, `,"kind":`...)
	dst = appendText(dst, string(r.Kind))
	dst = append(dst, `,"severity":`...)
	dst = appendText(dst, string(r.Severity))
	dst = append(dst, `,"environment":`...)
	dst = appendText(dst, r.Environment)
	dst = append(dst, `,"occurred_at":"`...)
	dst = appendTime(dst, r.OccurredAt)
	dst = append(dst, `","occurred_at_ms":`...)
	dst = strconv.AppendInt(dst, r.OccurredAt.UnixMilli(), 10)
	dst = append(dst, `,"published_at_ms":`...)
	dst = strconv.AppendInt(dst, r.PublishedAt.UnixMilli(), 10)
	dst = append(dst, `,"source":`...)
	dst = appendText(dst, r.Source)
	dst = append(dst, `,"subject":`...)
	dst = appendText(dst, r.Subject)
	dst = append(dst, `,"actor":`...)
	dst = appendText(dst, r.Actor)
	dst = append(dst, `,"tenant":`...)
	dst = appendText(dst, r.Tenant)
	dst = append(dst, `,"correlation_id":`...)
	dst = appendText(dst, r.CorrelationID)
	dst = append(dst, `,"causation_id":`...)
	dst = appendText(dst, r.CausationID)
	dst = append(dst, `,"trace_id":`...)
	dst = appendText(dst, r.TraceID)
	dst = append(dst, `,"schema_version":`...)
	dst = strconv.AppendInt(dst, int64(r.SchemaVersion), 10)
	dst = append(dst, `,"data_class":`...)
	dst = appendText(dst, string(r.DataClass))
	dst = append(dst, `,"stream_id":`...)
	dst = appendText(dst, r.StreamID)
	dst = append(dst, `,"payload":`...)
	if len(r.Payload) == 0 {
		return append(dst, "null}\n"...)
	}
	dst = append(dst, '"')
	dst = appendEscaped(dst, []byte(r.Payload))
	return append(dst, "\"}\n"...)
}

// timeLayout is how appendTime writes a time.
const timeLayout = "2006-01-02T15:04:05.000000Z"

// ParseRow decodes one line of a table of events. Its errors hold no content.
func ParseRow(line []byte) (Row, error) {
	var m struct {
		EventID       string           `json:"event_id"`
		Kind          schema.Kind      `json:"kind"`
		Severity      schema.Severity  `json:"severity"`
		Environment   string           `json:"environment"`
		OccurredAt    string           `json:"occurred_at"`
		PublishedAt   int64            `json:"published_at_ms"`
		Source        string           `json:"source"`
		Subject       string           `json:"subject"`
		Actor         string           `json:"actor"`
		Tenant        string           `json:"tenant"`
		CorrelationID string           `json:"correlation_id"`
		CausationID   string           `json:"causation_id"`
		TraceID       string           `json:"trace_id"`
		SchemaVersion int              `json:"schema_version"`
		DataClass     schema.DataClass `json:"data_class"`
		StreamID      string           `json:"stream_id"`
		Payload       string           `json:"payload"`
	}
	if json.Unmarshal(line, &m) != nil {
		return Row{}, errRow
	}
	occurred, err := time.Parse(timeLayout, m.OccurredAt)
	if err != nil || m.EventID == "" {
		return Row{}, errRow
	}
	return Row{
		m.EventID, m.Kind, m.Severity, m.Environment, occurred.UTC(), time.UnixMilli(m.PublishedAt).UTC(), m.Source, m.Subject, m.Actor, m.Tenant,
		m.CorrelationID, m.CausationID, m.TraceID, m.SchemaVersion, m.DataClass, m.StreamID, json.RawMessage(m.Payload),
	}, nil
}

var errRow = errors.New("etl: not a row of a table of events")

// A QuarantineRow is a row of the quarantine: an entry that can't be an event.
type QuarantineRow struct {
	StreamID    string    `json:"stream_id"`
	Reason      Reason    `json:"reason"`
	Transform   string    `json:"transform"` // with [ReasonTransform], the one that refused it
	Size        int       `json:"size"`      // of the entry's data in bytes
	Environment string    `json:"environment"`
	PublishedAt time.Time `json:"-"` // in UTC, to the millisecond
}

// AppendJSON appends the row as one line of JSON with its line feed.
func (r *QuarantineRow) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"stream_id":`...)
	dst = appendText(dst, r.StreamID)
	dst = append(dst, `,"reason":`...)
	dst = appendText(dst, string(r.Reason))
	dst = append(dst, `,"transform":`...)
	dst = appendText(dst, r.Transform)
	dst = append(dst, `,"size":`...)
	dst = strconv.AppendInt(dst, int64(r.Size), 10)
	dst = append(dst, `,"environment":`...)
	dst = appendText(dst, r.Environment)
	dst = append(dst, `,"published_at_ms":`...)
	dst = strconv.AppendInt(dst, r.PublishedAt.UnixMilli(), 10)
	return append(dst, "}\n"...)
}

// ParseQuarantineRow decodes one line of the quarantine.
func ParseQuarantineRow(line []byte) (QuarantineRow, error) {
	var m struct {
		QuarantineRow
		PublishedAt int64 `json:"published_at_ms"`
	}
	if json.Unmarshal(line, &m) != nil || m.StreamID == "" || m.Reason == "" {
		return QuarantineRow{}, errors.New("etl: not a row of the quarantine")
	}
	m.QuarantineRow.PublishedAt = time.UnixMilli(m.PublishedAt).UTC()
	return m.QuarantineRow, nil
}

// traceID returns the trace id of a traceparent that is valid or empty.
func traceID(traceparent string) string {
	const start, end = len("00-"), len("00-") + 32
	if len(traceparent) < end {
		return ""
	}
	return traceparent[start:end]
}

// appendText appends s as a JSON string, or null when it is empty.
func appendText(dst []byte, s string) []byte {
	if s == "" {
		return append(dst, "null"...)
	}
	dst = append(dst, '"')
	dst = appendEscaped(dst, s)
	return append(dst, '"')
}

const hexDigits = "0123456789abcdef"

// appendEscaped appends text as it stands in a JSON string. Bytes that are not
// UTF-8 become U+FFFD.
func appendEscaped[T string | []byte](dst []byte, text T) []byte {
	start := 0
	for i := 0; i < len(text); {
		b := text[i]
		if b >= utf8.RuneSelf {
			r, size := decodeRune(text[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(dst, text[start:i]...)
				dst = append(dst, "\ufffd"...)
				start = i + 1
			}
			i += size
			continue
		}
		if b >= ' ' && b != '"' && b != '\\' {
			i++
			continue
		}
		dst = append(dst, text[start:i]...)
		switch b {
		case '"', '\\':
			dst = append(dst, '\\', b)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[b>>4], hexDigits[b&15])
		}
		i++
		start = i
	}
	return append(dst, text[start:]...)
}

func decodeRune[T string | []byte](text T) (rune, int) {
	return utf8.DecodeRuneInString(string(text[:min(len(text), utf8.UTFMax)]))
}

// appendTime appends t in RFC 3339 with six digits of the second and Z. t must
// lie between the years 0 and 9999, in UTC.
func appendTime(dst []byte, t time.Time) []byte {
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	dst = appendDigits(dst, year, 4)
	dst = append(dst, '-')
	dst = appendDigits(dst, int(month), 2)
	dst = append(dst, '-')
	dst = appendDigits(dst, day, 2)
	dst = append(dst, 'T')
	dst = appendDigits(dst, hour, 2)
	dst = append(dst, ':')
	dst = appendDigits(dst, minute, 2)
	dst = append(dst, ':')
	dst = appendDigits(dst, second, 2)
	dst = append(dst, '.')
	dst = appendDigits(dst, t.Nanosecond()/1000, 6)
	return append(dst, 'Z')
}

// appendDigits appends n with leading zeros.
func appendDigits(dst []byte, n, width int) []byte {
	for i := 1; i < width; i++ {
		dst = append(dst, '0')
	}
	dst = append(dst, '0')
	for i := len(dst) - 1; n > 0 && i >= len(dst)-width; i-- {
		dst[i] = byte('0' + n%10)
		n /= 10
	}
	return dst
}
