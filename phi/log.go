package phi

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
)

// LogHandler returns a handler that scrubs records and passes them to next:
// the message as text, attributes by their keys and contents, groups with
// them; keys and names of groups can be findings, too. Values of other types than those of [slog.Kind] are encoded as JSON
// and scrubbed; errors by their text. Levels, times and source positions stay.
// The handler is as safe for concurrent use as next.
func (s *Scrubber) LogHandler(next slog.Handler) slog.Handler { return &logHandler{s: s, next: next} }

type logHandler struct {
	s      *Scrubber
	next   slog.Handler
	groups []string // that are open
}

func (h *logHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

func (h *logHandler) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, h.s.logText(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(h.s.logAttr(h.groups, a))
		return true
	})
	return h.next.Handle(ctx, clean)
}

func (h *logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &logHandler{h.s, h.next.WithAttrs(h.s.logAttrs(h.groups, attrs)), h.groups}
}

func (h *logHandler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	return &logHandler{h.s, h.next.WithGroup(h.s.logKey(h.groups, name)), append(slices.Clip(h.groups), name)}
}

func (s *Scrubber) logAttrs(groups []string, attrs []slog.Attr) []slog.Attr {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = s.logAttr(groups, a)
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

const unprintable = "[UNPRINTABLE]"

// logAttr scrubs an attribute that stands within groups. What panics when it is
// asked for its text doesn't print.
func (s *Scrubber) logAttr(groups []string, a slog.Attr) (clean slog.Attr) {
	defer func() {
		if recover() != nil { // what was recovered may hold a value
			clean = slog.String(s.logKey(groups, a.Key), unprintable)
		}
	}()
	if a.Equal(slog.Attr{}) { // handlers leave it out
		return a
	}
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindGroup:
		if a.Key == "" { // its attributes stand among those around it
			return slog.Attr{Value: slog.GroupValue(s.logAttrs(groups, v.Group())...)}
		}
		inner := append(slices.Clip(groups), a.Key)
		return slog.Attr{Key: s.logKey(groups, a.Key), Value: slog.GroupValue(s.logAttrs(inner, v.Group())...)}
	case slog.KindAny:
		switch x := v.Any().(type) {
		case error:
			v = slog.StringValue(x.Error())
		case []byte:
			v = slog.StringValue(string(x))
		}
	}
	return s.logValue(groups, a.Key, v)
}

// logValue scrubs a value together with its key, as a member of an object
// within the objects that groups stand for.
func (s *Scrubber) logValue(groups []string, key string, v slog.Value) slog.Attr {
	found, name, clean, ok := s.logMember(groups, key, v.Any())
	if !ok {
		return slog.String(s.logKey(groups, key), unprintable)
	}
	if !found && v.Kind() != slog.KindAny {
		return slog.Attr{Key: key, Value: v}
	}
	var text string
	if json.Unmarshal(clean, &text) == nil {
		return slog.String(name, text)
	}
	return slog.Any(name, json.RawMessage(clean))
}

// logKey scrubs a key, or the name of a group, that stands within groups.
func (s *Scrubber) logKey(groups []string, key string) string {
	_, name, _, ok := s.logMember(groups, key, struct{}{})
	if !ok {
		return unprintable
	}
	return name
}

// logMember scrubs the member of an object that stands within those of groups,
// and says whether anything was found on the way.
func (s *Scrubber) logMember(groups []string, key string, value any) (found bool, name string, clean []byte, ok bool) {
	member := map[string]any{key: value}
	for _, g := range slices.Backward(groups) {
		member = map[string]any{g: member}
	}
	raw, err := json.Marshal(member)
	if err != nil {
		return false, "", nil, false
	}
	clean, report, err := s.ScrubJSON(nil, raw)
	if err != nil {
		return false, "", nil, false
	}
	for range len(groups) + 1 {
		var object map[string]json.RawMessage
		if json.Unmarshal(clean, &object) != nil || len(object) != 1 {
			return false, "", nil, false
		}
		for k, v := range object {
			name, clean = k, v
		}
	}
	return report.Total > 0, name, clean, true
}
