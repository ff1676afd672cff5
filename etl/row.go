package etl

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// appendRow appends a record's row: one line of JSON with its line feed, as
// the package documentation lists it.
func appendRow(dst []byte, r *Record) []byte {
	dst = append(dst, `{"event_id":`...)
	dst = appendText(dst, r.ID)
	dst = append(dst, `,"kind":`...)
	dst = appendText(dst, string(r.Kind))
	dst = append(dst, `,"severity":`...)
	dst = appendText(dst, string(r.Severity))
	dst = append(dst, `,"environment":`...)
	dst = appendText(dst, r.Environment)
	dst = append(dst, `,"occurred_at":"`...)
	dst = appendTime(dst, r.Time)
	dst = append(dst, `","occurred_at_ms":`...)
	dst = strconv.AppendInt(dst, r.Time.UnixMilli(), 10)
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
	dst = appendText(dst, traceID(r.TraceParent))
	dst = append(dst, `,"schema_version":`...)
	dst = strconv.AppendInt(dst, int64(r.SchemaVersion), 10)
	dst = append(dst, `,"data_class":`...)
	dst = appendText(dst, string(r.DataClass))
	dst = append(dst, `,"stream_id":`...)
	dst = appendText(dst, r.StreamID)
	dst = append(dst, `,"payload":"`...)
	dst = appendEscaped(dst, []byte(r.Payload()))
	return append(dst, "\"}\n"...)
}

// appendQuarantine appends the row of an entry that can't be one of the events.
func appendQuarantine(dst []byte, id entryID, f refusal, size int, environment string) []byte {
	dst = append(dst, `{"stream_id":`...)
	dst = appendText(dst, id.String())
	dst = append(dst, `,"reason":`...)
	dst = appendText(dst, string(f.reason))
	dst = append(dst, `,"transform":`...)
	dst = appendText(dst, f.transform)
	dst = append(dst, `,"size":`...)
	dst = strconv.AppendInt(dst, int64(size), 10)
	dst = append(dst, `,"environment":`...)
	dst = appendText(dst, environment)
	dst = append(dst, `,"published_at_ms":`...)
	dst = strconv.AppendInt(dst, id.published().UnixMilli(), 10)
	return append(dst, "}\n"...)
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
