package schema

import (
	"slices"
	"strconv"
	"strings"
)

// Compatibility is what a change of schemas must leave possible.
type Compatibility string

// The directions of compatibility.
const (
	Backward Compatibility = "backward" // new programs read what old ones wrote, so nothing in the lake becomes unreadable
	Forward  Compatibility = "forward"  // old programs read what new ones write, so publishers may be deployed first
	Full     Compatibility = "full"     // both, so that the order of deployment doesn't matter
)

// Valid reports whether c is one of the three.
func (c Compatibility) Valid() bool { return c == Backward || c == Forward || c == Full }

// An Incompatibility is one change that breaks something.
type Incompatibility struct {
	Type string // the event type
	Path string // JSON Pointer into its payload, * for every element or key; "" for the type itself
	// Breaks is Backward or Forward, or Full for a change that weakens the
	// protection of data and so is never right.
	Breaks Compatibility
	Rule   string // what is wrong, in words
}

// String returns "type path: rule (breaks direction)".
func (i Incompatibility) String() string {
	place := i.Type
	if i.Path != "" {
		place += " " + i.Path
	}
	return place + ": " + i.Rule + " (breaks " + string(i.Breaks) + ")"
}

// CheckCompatibility reports what breaks between two schema sets; nothing when
// all is well. Call it in a test against the set of each release:
//
//	for _, i := range schema.CheckCompatibility(released, registry.SchemaSet(), schema.Backward) {
//		t.Error(i)
//	}
//
// A reader is held to take what a writer's schema lets it write: each type and
// value, each member that may be missing, each name the type had. Writers are
// held to write no member that they don't declare; adding an optional member is
// therefore safe. A type whose version was raised and that has an upcaster from
// the old one is trusted to read old payloads; where the next version only added to
// that one, [Steps] of nothing is an upcaster. New types are safe, as readers
// carry what they don't know; descriptions and default severities are free.
//
// In every mode the protection of data must not weaken: a lower data class, a
// class of a field withdrawn or exchanged.
func CheckCompatibility(old, new SchemaSet, mode Compatibility) []Incompatibility {
	var c comparison
	for i := range old.types {
		was := &old.types[i]
		now := new.find(was.name)
		if mode != Forward {
			c.in(was.name, Backward)
			c.backward(was, now, &new)
		}
		if now != nil {
			c.in(now.name, Full)
			c.protection(was, now)
		}
	}
	if mode != Backward {
		for i := range new.types {
			now := &new.types[i]
			c.in(now.name, Forward)
			c.forward(now, &old)
		}
	}
	return c.found
}

// A comparison collects what breaks.
type comparison struct {
	found  []Incompatibility
	typ    string
	breaks Compatibility
	seen   map[[2]*node]bool // pairs of definitions being compared
}

func (c *comparison) in(typ string, breaks Compatibility) {
	c.typ, c.breaks, c.seen = typ, breaks, map[[2]*node]bool{}
}

func (c *comparison) add(path, rule string) {
	c.found = append(c.found, Incompatibility{c.typ, path, c.breaks, rule})
}

func (c *comparison) backward(was, now *setType, set *SchemaSet) {
	if now == nil {
		c.add("", "the type is gone; keep its name as an alias where it was renamed")
		return
	}
	for _, alias := range was.aliases {
		if set.find(alias) != now {
			c.add("", "the alias "+alias+" is gone")
		}
	}
	if was.kind != now.kind {
		c.add("", "the kind was "+string(was.kind)+" and is "+string(now.kind))
	}
	if was.version > now.version {
		c.add("", "the version went back from "+strconv.Itoa(was.version)+" to "+strconv.Itoa(now.version))
	}
	if was.unknown == KeepUnknown && now.unknown != KeepUnknown {
		c.add("", "unknown members were kept and are lost")
	}
	if was.version < now.version && now.lifts(was.version) {
		return
	}
	c.reads(now.schema.node, was.schema.node, "")
}

func (c *comparison) forward(now *setType, set *SchemaSet) {
	was := set.find(now.name)
	if was == nil {
		for _, alias := range now.aliases {
			if set.find(alias) != nil {
				c.add("", "old programs know the type by the name "+alias+" only")
			}
		}
		return
	}
	if was.kind != now.kind {
		c.add("", "the kind was "+string(was.kind)+" and is "+string(now.kind))
	}
	c.reads(was.schema.node, now.schema.node, "")
}

var dataClasses = []DataClass{DataPublic, DataInternal, DataConfidential, DataRestricted}

func (c *comparison) protection(was, now *setType) {
	if slices.Index(dataClasses, now.dataClass) < slices.Index(dataClasses, was.dataClass) {
		c.add("", "the data class fell from "+string(was.dataClass)+" to "+string(now.dataClass))
	}
	classes := map[string]string{}
	for _, f := range now.schema.classes() {
		classes[f.Path] = f.Class
	}
	for _, f := range was.schema.classes() {
		if got := classes[f.Path]; !guards(got, f.Class) && now.schema.has(f.Path) {
			c.add(f.Path, "the field class was "+f.Class+" and is "+orNone(got))
		}
	}
}

// guards reports whether a field of class now is kept as safe as one of class was.
func guards(now, was string) bool {
	switch {
	case now == was, untold(now), was == "safe":
		return true
	case was == "text":
		return now != "" && now != "safe"
	}
	return false
}

func orNone(class string) string {
	if class == "" {
		return "none"
	}
	return class
}

// has reports whether the schema lists the place of a [FieldClass].
func (n *node) has(path string) bool {
	for name := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		if n.target != nil {
			n = n.target
		}
		switch {
		case name == "*" && n.items != nil:
			n = n.items
		case name == "*":
			n = n.additional
		default:
			n = n.property([]byte(name))
		}
		if n == nil {
			return false
		}
	}
	return true
}

// reads reports what a reader's schema doesn't take of what a writer's lets
// stand at path. nil admits anything.
func (c *comparison) reads(reader, writer *node, path string) {
	if reader == nil {
		return
	}
	if writer == nil {
		writer = &node{}
	}
	if reader.target != nil || writer.target != nil {
		pair := [2]*node{reader, writer}
		if c.seen[pair] {
			return
		}
		c.seen[pair] = true
		if reader.target != nil {
			reader = reader.target
		}
		if writer.target != nil {
			writer = writer.target
		}
	}
	if !c.readsTypes(reader, writer, path) {
		return
	}
	c.readsValues(reader, writer, path)
	c.readsMembers(reader, writer, path)
	if reader.items != nil {
		c.reads(reader.items, writer.items, path+"/*")
	}
}

func (c *comparison) readsTypes(reader, writer *node, path string) bool {
	switch {
	case len(reader.types) == 0:
		return true
	case len(writer.types) == 0:
		c.add(path, "any value may be written, and only "+strings.Join(reader.types, " or ")+" is read")
		return false
	}
	ok := true
	for _, t := range writer.types {
		if slices.Contains(reader.types, t) || t == "integer" && slices.Contains(reader.types, "number") {
			continue
		}
		c.add(path, t+" may be written, and only "+strings.Join(reader.types, " or ")+" is read")
		ok = ok && t == "null"
	}
	return ok
}

func (c *comparison) readsValues(reader, writer *node, path string) {
	switch {
	case len(reader.enum) > 0 && len(writer.enum) == 0:
		c.add(path, "any text may be written, and only "+strings.Join(reader.enum, ", ")+" is read")
	case len(reader.enum) > 0:
		for _, word := range writer.enum {
			if !slices.Contains(reader.enum, word) {
				c.add(path, word+" may be written and isn't read")
			}
		}
	}
	if reader.constant != "" && reader.constant != writer.constant {
		c.add(path, "only the constant "+reader.constant+" is read")
	}
	if reader.format != "" && reader.format != writer.format {
		c.add(path, "only the format "+reader.format+" is read")
	}
	if reader.pattern != "" && reader.pattern != writer.pattern {
		c.add(path, "only what matches "+reader.pattern+" is read")
	}
	if reader.encoding != "" && reader.encoding != writer.encoding {
		c.add(path, "only the encoding "+reader.encoding+" is read")
	}
	if reader.min != "" && (writer.min == "" || compareNumbers(writer.min, reader.min) < 0) {
		c.add(path, "less than "+reader.min+" may be written and isn't read")
	}
	if reader.max != "" && (writer.max == "" || compareNumbers(writer.max, reader.max) > 0) {
		c.add(path, "more than "+reader.max+" may be written and isn't read")
	}
	if reader.minLen > writer.minLen {
		c.add(path, "fewer than "+strconv.Itoa(reader.minLen)+" characters may be written and aren't read")
	}
	if reader.maxLen > 0 && (writer.maxLen == 0 || writer.maxLen > reader.maxLen) {
		c.add(path, "more than "+strconv.Itoa(reader.maxLen)+" characters may be written and aren't read")
	}
}

func (c *comparison) readsMembers(reader, writer *node, path string) {
	for _, name := range reader.required {
		if !slices.Contains(writer.required, name) {
			c.add(path+"/"+name, "is required by the reader and may be missing")
		}
	}
	if reader.closed && !writer.closed {
		c.add(path, "unknown members may be written and are refused")
	}
	for _, p := range writer.properties {
		r := reader.property([]byte(p.name))
		switch {
		case r != nil:
			c.reads(r, p.schema, path+"/"+p.name)
		case reader.closed:
			c.add(path+"/"+p.name, "is written, and refused as unknown")
		default:
			c.reads(reader.additional, p.schema, path+"/"+p.name)
		}
	}
	if reader.additional != nil && writer.additional != nil {
		c.reads(reader.additional, writer.additional, path+"/*")
	}
}
