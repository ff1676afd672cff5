package phi

import (
	ctx "context"
	"encoding/json"
	"log/slog"
)

// LogHandler returns a handler that scrubs records and passes them to next:
// the message as text, attributes by their keys and contents, groups with
// them. Values of other types than those of [slog.Kind] are encoded as JSON
// and scrubbed; errors by their text. Levels, times and source positions stay.
// The handler is as safe for concurrent use as next.
func (s *Scrubber) LogHandler(next slog.Handler) slog.Handler { return &logHandler{s, next} }

type logHandler struct {
	s    *Scrubber
	next slog.Handler
}

func (h *logHandler) Enabled(c ctx.Context, level slog.Level) bool {
	return h.next.Enabled(c, level)
}

func (h *logHandler) Handle(c ctx.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, h.s.logText(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(h.s.logAttr(a))
		return true
	})
	return h.next.Handle(c, clean)
}

func (h *logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &logHandler{h.s, h.next.WithAttrs(h.s.logAttrs(attrs))}
}

func (h *logHandler) WithGroup(name string) slog.Handler {
	return &logHandler{h.s, h.next.WithGroup(name)}
}

func (s *Scrubber) logAttrs(attrs []slog.Attr) []slog.Attr {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = s.logAttr(a)
	}
	return clean
}

func (s *Scrubber) logText(text string) string {
	clean, report := s.ScrubText(nil, text)
	if report.Total == 0 {
		return text
	}
	return string(clean)
}

func (s *Scrubber) logAttr(a slog.Attr) slog.Attr {
	if a.Equal(slog.Attr{}) { // handlers leave it out
		return a
	}
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindGroup:
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(s.logAttrs(v.Group())...)}
	case slog.KindBool, slog.KindDuration, slog.KindTime:
		if s.lex.lookup([]byte(a.Key)).mode != modeTyped {
			return slog.Attr{Key: a.Key, Value: v}
		}
	case slog.KindAny:
		if err, ok := v.Any().(error); ok {
			v = slog.StringValue(err.Error())
		}
	}
	return s.logValue(a.Key, v)
}

// logValue scrubs a value together with its key, as a member of an object.
func (s *Scrubber) logValue(key string, v slog.Value) slog.Attr {
	member := map[string]any{key: v.Any()}
	raw, err := json.Marshal(member)
	if err != nil {
		return slog.String(key, "[UNPRINTABLE]")
	}
	clean, report, err := s.ScrubJSON(nil, raw)
	if err != nil {
		return slog.String(key, "[UNPRINTABLE]")
	}
	if report.Total == 0 && v.Kind() != slog.KindAny {
		return slog.Attr{Key: key, Value: v}
	}
	var out map[string]json.RawMessage
	if json.Unmarshal(clean, &out) != nil || len(out) != 1 {
		return slog.String("[KEY]", "[UNPRINTABLE]")
	}
	for k, value := range out {
		var text string
		if json.Unmarshal(value, &text) == nil {
			return slog.String(k, text)
		}
		return slog.Any(k, value)
	}
	return slog.Attr{}
}
