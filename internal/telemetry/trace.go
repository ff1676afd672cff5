package telemetry

import (
	"encoding/hex"

	"go.opentelemetry.io/otel/trace"
)

// traceParentLen is the length of a traceparent of version 00.
const traceParentLen = 55

// TraceParent returns sc as a W3C traceparent, "" when it is none. The state and
// baggage that belong to a trace are not carried: anyone may put anything there.
func TraceParent(sc trace.SpanContext) string {
	if !sc.IsValid() {
		return ""
	}
	id, span := sc.TraceID(), sc.SpanID()
	b := make([]byte, 0, traceParentLen)
	b = append(b, "00-"...)
	b = hex.AppendEncode(b, id[:])
	b = append(b, '-')
	b = hex.AppendEncode(b, span[:])
	b = append(b, '-')
	return string(hex.AppendEncode(b, []byte{byte(sc.TraceFlags())}))
}

// ParseTraceParent returns what a traceparent names. It is not valid when the
// text isn't a traceparent to the letter.
func ParseTraceParent(s string) trace.SpanContext {
	if len(s) != traceParentLen || s[:3] != "00-" || s[35] != '-' || s[52] != '-' {
		return trace.SpanContext{}
	}
	id, err := trace.TraceIDFromHex(s[3:35])
	if err != nil {
		return trace.SpanContext{}
	}
	span, err := trace.SpanIDFromHex(s[36:52])
	if err != nil {
		return trace.SpanContext{}
	}
	flags, err := hex.DecodeString(s[53:])
	if err != nil {
		return trace.SpanContext{}
	}
	return trace.NewSpanContext(trace.SpanContextConfig{TraceID: id, SpanID: span, TraceFlags: trace.TraceFlags(flags[0]), Remote: true})
}

// MaxLinks is how many links a span has at most, which is what SDKs keep.
const MaxLinks = 128

// Links returns a link for each of different traceparents, [MaxLinks] at most.
func Links(traceParents func(yield func(string) bool)) []trace.Link {
	var links []trace.Link
	seen := map[string]bool{}
	for s := range traceParents {
		if s == "" || seen[s] {
			continue
		}
		sc := ParseTraceParent(s)
		if !sc.IsValid() {
			continue
		}
		seen[s] = true
		if links = append(links, trace.Link{SpanContext: sc}); len(links) == MaxLinks {
			break
		}
	}
	return links
}
