package phi

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"slices"

	"github.com/carebus/carebus/phi/internal/mark"
	"github.com/carebus/carebus/schema"
)

// LogHandler returns a handler that scrubs records and passes them to next:
// the message as text, attributes by their keys and contents, groups with
// them; keys and names of groups can be findings, too. What one of them tells, such as
// a name, is scrubbed wherever else the record says it. Values of other types than
// those of [slog.Kind] are encoded as JSON and scrubbed, those of registered event
// types by their tags; errors by their text. A number that is scrubbed becomes a
// placeholder, a text. Levels, times and source positions stay. The handler is as safe
// for concurrent use as next.
func (s *Scrubber) LogHandler(next slog.Handler) slog.Handler { return &logHandler{s: s, next: next} }

type logHandler struct {
	s      *Scrubber
	next   slog.Handler
	groups []string // that are open
	told   [][]byte // the members of attributes of With in which something was found
}

func (h *logHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

func (h *logHandler) Handle(ctx context.Context, r slog.Record) error {
	d := logDocument{s: h.s, told: h.told}
	message := d.add(quoted(r.Message))
	nodes := make([]logNode, 0, r.NumAttrs())
	r.Attrs(func(a slog.Attr) bool {
		nodes = append(nodes, d.node(h.groups, a))
		return true
	})
	d.scrub()
	clean := slog.NewRecord(r.Time, r.Level, d.message(message, r.Message), r.PC)
	for i := range nodes {
		clean.AddAttrs(d.attr(&nodes[i]))
	}
	return h.next.Handle(ctx, clean)
}

func (h *logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	d := logDocument{s: h.s, told: h.told}
	nodes := make([]logNode, len(attrs))
	for i, a := range attrs {
		nodes[i] = d.node(h.groups, a)
	}
	d.scrub()
	clean := make([]slog.Attr, len(attrs))
	for i := range nodes {
		clean[i] = d.attr(&nodes[i])
	}
	return &logHandler{h.s, h.next.WithAttrs(clean), h.groups, append(slices.Clip(h.told), d.found()...)}
}

func (h *logHandler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	return &logHandler{h.s, h.next.WithGroup(h.s.logKey(h.groups, name)), append(slices.Clip(h.groups), name), h.told}
}

func (s *Scrubber) logText(text string) string {
	clean, report := s.ScrubText(nil, text)
	if report.Total == 0 {
		return text
	}
	return string(clean)
}

const unprintable = "[UNPRINTABLE]"

// A logDocument is a record as one JSON array: the message, then each attribute as a
// member of an object within those that its groups stand for. It is scrubbed as a
// whole, so that what one element tells is known in the others.
type logDocument struct {
	s     *Scrubber
	told  [][]byte // elements of attributes that next has got
	raw   [][]byte // elements as they came
	clean [][]byte // elements scrubbed; nil for those that can't be
}

// A logNode is an attribute: a group, or a value that is an element of the document.
type logNode struct {
	groups  []string
	attr    slog.Attr
	members []logNode // of a group
	element int       // -1 for what doesn't print
}

// add adds an element and returns its place.
func (d *logDocument) add(element []byte) int {
	d.raw = append(d.raw, element)
	return len(d.raw) - 1
}

// node resolves an attribute that stands within groups and adds its values. What
// panics when it is asked for its text doesn't print.
func (d *logDocument) node(groups []string, a slog.Attr) (n logNode) {
	n = logNode{groups: groups, attr: a, element: -1}
	defer func() {
		if recover() != nil { // what was recovered may hold a value
			n = logNode{groups: groups, attr: slog.String(a.Key, ""), element: -1}
		}
	}()
	if a.Equal(slog.Attr{}) { // handlers leave it out
		return n
	}
	n.attr.Value = a.Value.Resolve()
	value := n.attr.Value.Any()
	switch n.attr.Value.Kind() {
	case slog.KindGroup:
		if a.Key != "" { // else its attributes stand among those around it
			groups = append(slices.Clip(groups), a.Key)
		}
		n.members = []logNode{}
		for _, m := range n.attr.Value.Group() {
			n.members = append(n.members, d.node(groups, m))
		}
		return n
	case slog.KindAny:
		switch x := value.(type) {
		case error:
			value = x.Error()
		case []byte:
			value = string(x)
		case schema.Event:
			value = d.s.logEvent(x)
		}
		if text, ok := value.(string); ok {
			n.attr.Value = slog.StringValue(text)
		}
	}
	if member, ok := logMember(groups, a.Key, value); ok {
		n.element = d.add(member)
	}
	return n
}

// logEvent returns an event whose type is registered as JSON, scrubbed by the type's
// tags; others as they are.
func (s *Scrubber) logEvent(e schema.Event) any {
	name := e.Type()
	if t := s.types[name]; t == nil || t.data == nil {
		return e
	}
	raw, err := json.Marshal(map[string]any{"type": name, "data": e})
	if err != nil {
		return unprintable
	}
	clean, _, err := s.ScrubEvent(nil, raw)
	var event struct {
		Data json.RawMessage `json:"data"`
	}
	if err != nil || json.Unmarshal(clean, &event) != nil {
		return unprintable
	}
	return event.Data
}

// scrub scrubs the elements: together, or each alone when they can't be together.
func (d *logDocument) scrub() {
	all := slices.Concat(d.told, d.raw)
	var elements []json.RawMessage
	clean, _, err := d.s.ScrubJSON(nil, array(all))
	if err == nil && json.Unmarshal(clean, &elements) == nil && len(elements) == len(all) {
		for _, e := range elements[len(d.told):] {
			d.clean = append(d.clean, e)
		}
		return
	}
	for _, e := range d.raw {
		clean, _, err := d.s.ScrubJSON(nil, e)
		if err != nil {
			clean = nil
		}
		d.clean = append(d.clean, clean)
	}
}

func array(elements [][]byte) []byte {
	return slices.Concat([]byte("["), bytes.Join(elements, []byte(",")), []byte("]"))
}

// found returns the elements in which something was found.
func (d *logDocument) found() (told [][]byte) {
	for i, e := range d.raw {
		if !bytes.Equal(e, d.clean[i]) {
			told = append(told, e)
		}
	}
	return told
}

// message returns the scrubbed message, which the element at i is.
func (d *logDocument) message(i int, text string) string {
	if !bytes.Equal(d.raw[i], d.clean[i]) && json.Unmarshal(d.clean[i], &text) != nil {
		return unprintable
	}
	return d.s.logText(text) // as text alone it may tell more
}

// attr returns the scrubbed attribute.
func (d *logDocument) attr(n *logNode) slog.Attr {
	key, v := n.attr.Key, n.attr.Value
	if n.attr.Equal(slog.Attr{}) {
		return n.attr
	}
	if n.members != nil {
		members := make([]slog.Attr, len(n.members))
		for i := range n.members {
			members[i] = d.attr(&n.members[i])
		}
		if key != "" {
			key = d.s.logKey(n.groups, key)
		}
		return slog.Attr{Key: key, Value: slog.GroupValue(members...)}
	}
	if n.element < 0 || d.clean[n.element] == nil {
		return slog.String(d.s.logKey(n.groups, key), unprintable)
	}
	raw := d.raw[n.element]
	found := !bytes.Equal(raw, d.clean[n.element])
	if !found && v.Kind() != slog.KindAny {
		return n.attr
	}
	name, clean, ok := logValue(n.groups, d.clean[n.element])
	_, was, _ := logValue(n.groups, raw)
	var text string
	switch {
	case !ok:
		return slog.String(d.s.logKey(n.groups, key), unprintable)
	case string(clean) == "null" && string(was) != "null":
		return slog.String(name, d.s.placeholder(raw))
	case string(clean) == "null":
		return slog.Any(name, nil)
	case bytes.Equal(clean, was) && v.Kind() != slog.KindAny: // the key alone
		return slog.Attr{Key: name, Value: v}
	case json.Unmarshal(clean, &text) == nil:
		return slog.String(name, text)
	}
	return slog.Any(name, json.RawMessage(clean))
}

// placeholder returns what stands in place of a number, which JSON has null for.
func (s *Scrubber) placeholder(element []byte) string {
	if _, report, err := s.ScrubJSON(nil, element); err == nil {
		for cat := range report.Counts {
			if report.Counts[cat] > 0 {
				return mark.Placeholders[cat]
			}
		}
	}
	return mark.Placeholders[OtherID] // found by what another attribute tells
}

// logKey scrubs a key, or the name of a group, that stands within groups.
func (s *Scrubber) logKey(groups []string, key string) string {
	raw, ok := logMember(groups, key, struct{}{})
	if !ok {
		return unprintable
	}
	clean, _, err := s.ScrubJSON(nil, raw)
	if err != nil {
		return unprintable
	}
	name, _, ok := logValue(groups, clean)
	if !ok {
		return unprintable
	}
	return name
}

// logMember encodes the member of an object that stands within those of groups.
func logMember(groups []string, key string, value any) ([]byte, bool) {
	raw, err := json.Marshal(value)
	if err != nil {
		return nil, false
	}
	for _, name := range slices.Backward(append(slices.Clip(groups), key)) {
		raw = slices.Concat([]byte("{"), quoted(name), []byte(":"), raw, []byte("}"))
	}
	return raw, true
}

// logValue is the inverse of logMember.
func logValue(groups []string, member []byte) (name string, value json.RawMessage, ok bool) {
	value = member
	for range len(groups) + 1 {
		var object map[string]json.RawMessage
		if json.Unmarshal(value, &object) != nil || len(object) != 1 {
			return "", nil, false
		}
		for name, value = range object {
		}
	}
	return name, value, true
}

// quoted returns a text as JSON.
func quoted(text string) []byte {
	b, err := json.Marshal(text)
	if err != nil { // a string always encodes
		return []byte(`""`)
	}
	return b
}
