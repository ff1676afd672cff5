package phi

import (
	"strings"

	"github.com/carebus/carebus/schema"
)

// Event types declare what their fields hold by the struct tag phi; see package
// schema. What is declared wins over what a key's name suggests.

// A declaration is the part of a payload type below one place.
type declaration struct {
	info    keyInfo // what stands here; the zero value when nothing is declared
	known   bool    // whether info is set
	members map[string]*declaration
	each    *declaration // every element of an array, every value of a map
}

// declarations reads the classes of all registered types, by name and alias.
func declarations(r *schema.Registry) map[string]*declaration {
	types := map[string]*declaration{}
	for _, t := range r.Types() {
		classes := r.FieldClasses(t.Name)
		if len(classes) == 0 {
			continue
		}
		root := &declaration{}
		for _, c := range classes {
			root.at(c.Path).declare(c.Class)
		}
		for _, name := range append([]string{t.Name}, t.Aliases...) {
			types[name] = root
		}
	}
	return types
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
		d.info = keyInfo{mode: modeText, via: viaSchema}
	case "safe":
		d.info = keyInfo{mode: modeSafe, via: viaSchema}
	default:
		if cat, err := ParseCategory(class); err == nil {
			d.info = keyInfo{mode: modeTyped, cat: cat, via: viaSchema}
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
			name := string(w.keyText(&w.sc.nodes[j]))
			if name == "changes" {
				w.declaredChanges(j+1, d)
			}
			if m := d.members[name]; m != nil {
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
		m := d.members[string(w.keyText(field))]
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
func (w *walker) declare(i int32, k keyInfo) {
	for j, end := i, w.sc.nodes[i].next; j < end; j++ {
		n := &w.sc.nodes[j]
		if n.kind != kindString && n.kind != kindNumber {
			continue
		}
		n.mode, n.cat, n.via = k.mode, k.cat, k.via
		if k.mode == modeTyped {
			w.remember(n)
			w.person(n)
		}
	}
}
