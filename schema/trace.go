package schema

import (
	"encoding/hex"
	"strings"
)

// A TraceParent is what a W3C Trace Context traceparent header says
// (https://www.w3.org/TR/trace-context/).
type TraceParent struct {
	TraceID  [16]byte // not all zero
	ParentID [8]byte  // the span that caused the event; not all zero
	Sampled  bool
}

// String returns the header's value, in version 00.
func (t TraceParent) String() string {
	flags := "-00"
	if t.Sampled {
		flags = "-01"
	}
	return "00-" + hex.EncodeToString(t.TraceID[:]) + "-" + hex.EncodeToString(t.ParentID[:]) + flags
}

// ParseTraceParent parses the header's value; ok is false when it breaks the
// standard's rules, and the header is then to be ignored.
func ParseTraceParent(s string) (t TraceParent, ok bool) {
	if !validTraceparent(s) {
		return TraceParent{}, false
	}
	hex.Decode(t.TraceID[:], []byte(s[3:35]))
	hex.Decode(t.ParentID[:], []byte(s[36:52]))
	t.Sampled = strings.IndexByte("13579bdf", s[54]) >= 0
	return t, true
}

// noTrace is the trace id that stands for none.
const noTrace = "00000000000000000000000000000000"

// validTraceparent reports whether s is a traceparent header: version, trace
// id, parent id and flags in lower-case hex, neither id all zero, the version
// not ff. Later versions may be longer; what follows is then not looked at.
func validTraceparent(s string) bool {
	const size = len("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	switch {
	case len(s) < size, len(s) > size && (s[:2] == "00" || s[size] != '-'), s[:2] == "ff":
		return false
	case len(s) > maxAttributeLen, len(s) > size && !within(s[size:], &attributeBytes):
		return false
	case s[2] != '-', s[35] != '-', s[52] != '-':
		return false
	}
	trace, parent := s[3:35], s[36:52]
	return within(s[:2], &hexBytes) && within(trace, &hexBytes) && within(parent, &hexBytes) && within(s[53:size], &hexBytes) &&
		trace != noTrace && parent != noTrace[:16]
}
