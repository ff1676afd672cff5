package phi

import (
	"bytes"
	"strings"

	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/schema"
)

// Event types declare what their fields hold by the struct tag phi; see package
// schema. What is declared wins over what a key's name suggests.

// A declaration is the part of a payload type below one place.
type declaration struct {
	info    lexicon.Meaning // what stands here; the zero value when nothing is declared
	known   bool            // whether info is set
	members map[string]*declaration
	shapes  uint64       // a bit for the shape of each member's name: most others can be told by theirs
	each    *declaration // every element of an array, every value of a map
}

// member returns the declaration of a member, or nil.
func (d *declaration) member(name []byte) *declaration {
	if d.shapes&nameShape(name) == 0 {
		return nil
	}
	return d.members[string(name)]
}

// nameShape returns the bit of a name's length and ends.
func nameShape(name []byte) uint64 {
	n := len(name)
	if n == 0 {
		return 1
	}
	return 1 << ((n + int(name[0])*7 + int(name[n-1])*3) & 63)
}

// An eventType is what is known of a registered type.
type eventType struct {
	entity lexicon.Entity // whom it speaks of
	notes  bool           // it names psychotherapy notes
	data   *declaration
}

// eventTypes returns what is known of all registered types, by name and alias.
func (s *Scrubber) eventTypes(r *schema.Registry) map[string]*eventType {
	types := map[string]*eventType{}
	for _, t := range r.Types() {
		var data *declaration
		if classes := r.FieldClasses(t.Name); len(classes) > 0 {
			data = &declaration{}
			for _, c := range classes {
				data.at(c.Path).declare(c.Class)
			}
		}
		for _, name := range append([]string{t.Name}, t.Aliases...) {
			known := s.eventType([]byte(name))
			known.data = data
			types[name] = &known
		}
	}
	return types
}

// typeOf returns what is known of an event type.
func (s *Scrubber) typeOf(name []byte) eventType {
	if t := s.types[string(name)]; t != nil {
		return *t
	}
	return s.eventType(name)
}

// eventType returns what a type such as patient.created says by its name.
func (s *Scrubber) eventType(name []byte) (t eventType) {
	t.notes = lexicon.OfPsychotherapy(nil, name)
	for word := range bytes.SplitSeq(name, []byte(".")) {
		var parts lexicon.Words
		parts.Split(word)
		if parts.N == 0 {
			continue
		}
		if e := s.rules.Lex.EntityOf(parts.Text[:parts.Size]); e == lexicon.Person || e == lexicon.Thing {
			t.entity = e
			break
		}
	}
	return t
}

// at returns the declaration at a JSON Pointer, which it makes.
func (d *declaration) at(path string) *declaration {
	for part := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		part = strings.ReplaceAll(strings.ReplaceAll(part, "~1", "/"), "~0", "~")
		if part == "*" {
			if d.each == nil {
				d.each = &declaration{}
			}
			d = d.each
			continue
		}
		if d.members == nil {
			d.members = map[string]*declaration{}
		}
		if d.members[part] == nil {
			d.members[part] = &declaration{}
			d.shapes |= nameShape([]byte(part))
		}
		d = d.members[part]
	}
	return d
}

// declare notes a class of package schema.
func (d *declaration) declare(class string) {
	d.known = true
	switch class {
	case "text":
		d.info = lexicon.Meaning{Mode: lexicon.Text, Via: lexicon.ViaSchema}
	case "safe":
		d.info = lexicon.Meaning{Mode: lexicon.Safe, Via: lexicon.ViaSchema}
	default:
		if cat, err := ParseCategory(class); err == nil {
			d.info = lexicon.Meaning{Mode: lexicon.Typed, Cat: cat, Via: lexicon.ViaSchema}
		} else {
			d.known = false
		}
	}
}

// declared gives the values from index i on, which the walk has classified,
// the meaning that their type declares.
func (w *walker) declared(i int32, d *declaration) {
	n := &w.sc.nodes[i]
	switch {
	case d.known:
		w.declare(i, d.info)
	case n.kind == kindObject:
		for j := i + 1; j < n.next; j = w.sc.nodes[j+1].next {
			name := w.keyText(&w.sc.nodes[j])
			m := d.member(name)
			if string(name) == "changes" {
				w.declaredChanges(j+1, d)
			}
			if m != nil {
				w.declared(j+1, m)
			} else if d.each != nil {
				w.declared(j+1, d.each)
			}
		}
	case n.kind == kindArray && d.each != nil:
		for j := i + 1; j < n.next; j = w.sc.nodes[j].next {
			w.declared(j, d.each)
		}
	}
}

// declaredChanges gives before and after of a change the meaning of the field
// that it names.
func (w *walker) declaredChanges(i int32, d *declaration) {
	nodes := w.sc.nodes
	for j := i + 1; nodes[i].kind == kindArray && j < nodes[i].next; j = nodes[j].next {
		if nodes[j].kind != kindObject {
			continue
		}
		field := w.member(j, "field")
		if field == nil || field.kind != kindString {
			continue
		}
		m := d.member(w.keyText(field))
		if m == nil {
			continue
		}
		for k := j + 1; k < nodes[j].next; k = nodes[k+1].next {
			if name := string(w.keyText(&nodes[k])); name == "before" || name == "after" {
				w.declared(k+1, m)
			}
		}
	}
}

// declare gives a value and all within it one meaning.
func (w *walker) declare(i int32, k lexicon.Meaning) {
	for j, end := i, w.sc.nodes[i].next; j < end; j++ {
		n := &w.sc.nodes[j]
		if n.kind != kindString && n.kind != kindNumber {
			continue
		}
		n.Mode, n.Cat, n.Via = k.Mode, k.Cat, k.Via
		if k.Mode == lexicon.Typed {
			w.remember(n)
			w.person(n)
		}
	}
}
