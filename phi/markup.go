package phi

import (
	"bytes"
	"html"
	"strings"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
)

// Markup is scrubbed as it reads: "Jane <b>Roe</b>" and "Jane&nbsp;Roe" are
// names. The text between tags is put together, without its markup, and
// scanned; each piece of it remembers where it came from. What an element's
// name declares, as in <lastName>Roe</lastName>, is not left to scanning, and
// attributes are looked at one by one.

// markup appends a document's scrubbed form to dst.
func (e *emitter) markup(n *node, dst, text []byte, m lexicon.Mode) (_ []byte, changed bool) {
	v := e.sc.view
	e.sc.view = nil // an attribute may hold markup of its own
	if v == nil {
		v = new(view)
	}
	v.reset()
	v.closings(text)
	var element []byte // the name of the tag before the text
	for i := 0; i < len(text); {
		if text[i] == '<' {
			if end := v.tagEnd(text, i); end > 0 {
				name := e.tag(n, v, text, i, end)
				if !inline(name) {
					element = name
				}
				i = end
				if v.notes || e.absorbs(name) {
					i = e.absorb(n, v, text, name, i)
				}
				continue
			}
		}
		end := i + 1
		for end < len(text) {
			if at := bytes.IndexByte(text[end:], '<'); at < 0 {
				end = len(text)
			} else if end += at; v.tagEnd(text, end) > 0 {
				break
			} else {
				end++
			}
		}
		if !e.declared(n, v, element, text[i:end], i) {
			v.append(text, i, end)
		}
		if end < len(text) && heading(element) &&
			lexicon.OfPsychotherapy([]byte("note"), bytes.TrimSpace(text[i:end])) {
			end = e.absorbSection(n, v, text, end)
		}
		element, i = nil, end
	}
	spans := e.sc.scan.Find(&e.s.rules, e.known, chars.String(v.text), m, nil)
	if len(spans) > 0 {
		e.learnNames(n)
	}
	for _, sp := range spans {
		glued := mark.GluedTo(v.text[:sp.Start]) || sp.End < len(v.text) && mark.GluedBehind(v.text[sp.End])
		var ok bool
		if e.sc.part, ok = e.splice(n, e.sc.part[:0], v.text, sp, glued); ok {
			v.editSpan(sp.Start, sp.End, html.EscapeString(chars.String(e.sc.part)))
		}
	}
	if changed = len(v.edits) > 0; changed {
		dst = v.apply(dst, text)
	}
	e.sc.view = v
	return dst, changed
}

// tag deals with the tag from i to end. It returns the name of an element that
// begins.
func (e *emitter) tag(n *node, v *view, text []byte, i, end int) []byte {
	at := i + 1
	closing := text[at] == '/'
	if closing || text[at] == '!' || text[at] == '?' {
		at++
	}
	v.notes = false
	name := text[at : at+nameEnd(text[at:])]
	v.separate(name, closing, i)
	v.field = e.inputField(text[at+len(name) : end])
	if !closing && isExtension(name) {
		v.extension, _ = e.s.rules.Lex.Label(quotedAttribute(text[at+len(name):end], " url="))
	}
	for at += len(name); at < end-1; {
		if c := text[at]; !chars.IsLetter(c) && c != '_' && c != ':' {
			at++
			continue
		}
		stop := at + max(nameEnd(text[at:]), 1)
		next := attributeEnd(text[:end], stop)
		if next == 0 {
			break
		}
		value := bytes.IndexByte(text[stop:next], '=') + stop + 1
		for value < next && (text[value] <= ' ' || text[value] == '"' || text[value] == '\'') {
			value++
		}
		last := next
		if last > value && (text[last-1] == '"' || text[last-1] == '\'') {
			last--
		}
		e.attribute(n, v, name, text[at:stop], text[value:last], value)
		v.notes = v.notes || lexicon.OfPsychotherapy(text[at:stop], text[value:last])
		at = next
	}
	empty := text[end-2] == '/'
	v.nest(name, closing, empty)
	if empty {
		v.field = lexicon.Meaning{} // which says nothing of the text behind it
	}
	if closing {
		return nil
	}
	return name
}

// maxStack is how many elements around are known.
const maxStack = 32

// nest keeps account of the elements around what follows a tag.
func (v *view) nest(name []byte, closing, empty bool) {
	switch {
	case closing:
		for i := len(v.stack) - 1; i >= 0 && i >= len(v.stack)-2; i-- {
			if bytes.Equal(v.stack[i], name) {
				v.stack = v.stack[:i]
				break
			}
		}
	case !empty && len(v.stack) < maxStack && len(name) > 0 && v.seen(name, false) && !inline(name):
		v.stack = append(v.stack, name)
	}
}

// around returns the name of the element around the one whose tag was last.
func (v *view) around(within int) []byte {
	if i := len(v.stack) - 1 - within; i >= 0 {
		return localName(v.stack[i])
	}
	return nil
}

// inline reports whether an element stands within a line of text and leaves the
// meaning of the element around it: <lastName><b>Roe</b></lastName>.
func inline(name []byte) bool {
	switch chars.String(name) {
	case "b", "i", "u", "em", "strong", "span", "a", "font", "small", "big", "sub", "sup", "mark", "tt", "s", "abbr", "wbr":
		return true
	}
	return false
}

// separate puts between words what a tag means to a reader: a label and its
// value, or a line's end. Tags within a line mean nothing.
func (v *view) separate(name []byte, closing bool, at int) {
	var buf [maxElement]byte
	name = elementName(&buf, name)
	if inline(name) {
		return
	}
	switch chars.String(name) {
	case "content", "caption":
		return
	case "label":
		if t := bytes.TrimRight(v.text, " \t\r\n"); closing && len(t) > 0 && t[len(t)-1] != ':' {
			v.insert(": ", at)
		}
		return
	case "key": // of a property list: <key>lastName</key><string>Roe</string>
		if closing {
			v.insert(" ", at)
			return
		}
		v.endRow()
		v.insert("\n", at)
		v.cells, v.head = 1, true
		return
	case "string", "integer", "real":
		if !closing && v.head {
			v.insert(": ", at)
			v.head = false
			return
		}
	case "th", "td", "dt", "dd":
		if !closing {
			v.cell(name, at)
		}
		return
	}
	if chars.String(name) == "table" {
		v.cols = v.cols[:0]
	}
	v.endRow()
	v.insert("\n", at)
}

// endRow ends a row of a table. The headings of one that has no other cells
// are those of columns.
func (v *view) endRow() {
	if len(v.row) > 1 && len(v.row) == v.cells {
		v.cols = append(v.cols[:0], v.row...)
	}
	v.cells, v.row = 0, v.row[:0]
}

// column returns what the heading of the column says that holds the last cell.
func (v *view) column() lexicon.Meaning {
	if v.head || v.cells == 0 || v.cells > len(v.cols) {
		return lexicon.Meaning{}
	}
	return v.cols[v.cells-1]
}

// cell begins a cell: a colon stands between a heading and its value and
// between the cells of a pair, a bar between others.
func (v *view) cell(name []byte, at int) {
	head := name[1] == 'h' || chars.String(name) == "dt"
	switch {
	case chars.String(name) == "dt":
		v.endRow()
		v.insert("\n", at)
	case v.cells > 0 && !head && (v.head || v.cells%2 == 1):
		v.insert(": ", at)
	case v.cells > 0:
		v.insert(" | ", at)
	}
	v.cells++
	v.head = head
}

// declared scrubs the text of an element whose name says what it holds.
func (e *emitter) declared(n *node, v *view, element, text []byte, at int) bool {
	if element == nil {
		return false
	}
	k := e.markupKey(element, text)
	var buf [maxElement]byte
	switch chars.String(elementName(&buf, element)) {
	case "th":
		if label := bytes.TrimSpace(text); len(v.row) == v.cells-1 && len(v.row) < maxColumns && len(label) <= 48 {
			v.row = append(v.row, e.s.rules.Lex.Lookup(label))
		}
	case "td":
		if k = v.column(); k.Mode == lexicon.Typed && lexicon.IsStatus(k.Cat, bytes.TrimSpace(text)) {
			return false
		}
	}
	if k.Is(lexicon.RolePersonName) && chars.String(localName(element)) == "name" { // <assignedPerson><name>
		if of, _ := e.s.rules.Lex.LookupField(v.around(1)); of.Entity == lexicon.Person {
			k = lexicon.Meaning{Mode: lexicon.Typed, Cat: Name}
		}
	}
	if k.Mode != lexicon.Typed && v.field.Mode == lexicon.Typed && !v.field.Is(lexicon.RoleKeyOnly) &&
		!prosaic(element) && e.s.actions[v.field.Cat] != Keep && bytes.IndexByte(text, '<') < 0 &&
		!e.namesField(v.field, text) { // <field name="mrn">88412</field>
		k = v.field
	}
	if k.Mode != lexicon.Typed {
		return false
	}
	from := len(text) - len(bytes.TrimLeft(text, " \t\r\n"))
	to := len(bytes.TrimRight(text, " \t\r\n"))
	if from >= to {
		return false
	}
	e.editTyped(n, v, k.Cat, text[from:to], at+from)
	return true
}

// namesField reports whether the text of an element is what the field that its name
// attribute tells of is called, or its type: <string name="phone">Phone</string>.
func (e *emitter) namesField(field lexicon.Meaning, text []byte) bool {
	text = bytes.TrimSpace(text)
	return lexicon.TypeNames.Has(text) || len(text) <= 48 && e.s.rules.Lex.Lookup(text).Cat == field.Cat
}

// prosaic reports whether an element of HTML holds prose, whatever its name
// attribute says.
func prosaic(element []byte) bool {
	switch strings.ToLower(chars.String(element)) {
	case "h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "section", "article", "label", "legend", "fieldset", "form", "li", "th", "select", "option", "button", "table", "ul", "ol",
		"input", "meta", "param", "img", "link", "a":
		return true
	}
	return false
}

// markupKey looks up the name of an element or attribute. In markup first and
// last are parts of a name when their value reads like one.
func (e *emitter) markupKey(name, value []byte) lexicon.Meaning {
	name = localName(name)
	switch strings.ToLower(chars.String(name)) {
	case "first", "last", "middle":
		value = bytes.TrimSpace(value)
		if len(value) > 0 && len(value) < 40 && (chars.IsUpper(value[0]) || value[0] >= 0x80) &&
			!bytes.ContainsAny(value, "0123456789_/:=") {
			return lexicon.Meaning{Mode: lexicon.Typed, Cat: Name}
		}
	}
	return e.s.rules.Lex.Lookup(name)
}

// inputField returns what the name of a form's field says, given its tag from
// the first attribute on.
func (e *emitter) inputField(attributes []byte) lexicon.Meaning {
	if bytes.IndexByte(attributes, '=') < 0 {
		return lexicon.Meaning{}
	}
	for i, name := range [...]string{" name=", " key=", " n=", " field=", " column=", " property=", " id="} {
		value := quotedAttribute(attributes, name)
		if len(value) == 0 || len(value) > 40 {
			continue
		}
		if k := e.s.rules.Lex.Lookup(value); k.Mode == lexicon.Typed {
			if i > 4 {
				k.Role |= lexicon.RoleKeyOnly // an id says nothing of the text within
			}
			return k
		}
	}
	return lexicon.Meaning{}
}

// quotedAttribute returns the value in quotes that stands behind what begins it, such
// as " name=", in the attributes of a tag; nil when there is none.
func quotedAttribute(attributes []byte, begin string) []byte {
	_, rest, ok := bytes.Cut(attributes, chars.Bytes(begin))
	if !ok || len(rest) < 2 || rest[0] != '"' && rest[0] != '\'' {
		return nil
	}
	end := bytes.IndexByte(rest[1:], rest[0])
	return rest[1 : max(end, 0)+1]
}

// editTyped applies a category's action to a piece of the source.
func (e *emitter) editTyped(n *node, v *view, cat Category, value []byte, at int) {
	if mark.Scrubbed(value) {
		return
	}
	action := e.s.actions[cat]
	plain := chars.Bytes(html.UnescapeString(chars.String(value)))
	e.learn(plain, cat)
	var ok bool
	if e.sc.part, ok = e.apply(e.sc.part[:0], applied{cat, action, false}, plain); ok {
		v.edit(at, at+len(value), html.EscapeString(chars.String(e.sc.part)))
		e.hit(n, cat, "markup", action)
	}
}

// attributeMeaning returns what the value of an attribute is, by its name, its element and
// the elements around.
func (e *emitter) attributeMeaning(v *view, element, name, value []byte) lexicon.Meaning {
	k := e.markupKey(name, value)
	element = localName(element)
	switch attr := chars.String(name); {
	case attr == "extension" && chars.String(element) == "id": // HL7 v3: <id root="…" extension="88412"/>
		k = lexicon.Meaning{Mode: lexicon.Typed, Cat: OtherID}
	case strings.EqualFold(attr, "id") && e.numbersPerson(element, value): // <Patient ID="88412">
		k = lexicon.Meaning{Mode: lexicon.Typed, Cat: MedicalRecord}
	case v.field.Mode == lexicon.Typed && (attr == "value" || attr == "val"): // <input name="last_name" value="Roe">
		k = v.field
	}
	if k.Is(lexicon.RoleValue) || chars.String(name) == "extension" { // <birthTime value="19710409"/>
		if of := e.elementMeaning(v, element, name); of.Mode == lexicon.Typed {
			k = of
		}
	}
	return k
}

// numbersPerson reports whether the id of an element is the number of a person.
func (e *emitter) numbersPerson(element, id []byte) bool {
	return e.s.rules.Lex.Lookup(element).Entity == lexicon.Person && chars.CountDigits(chars.String(id)) >= 4
}

// elementMeaning returns what an element says of the value that its attribute holds. Where the
// element says no more than that it is one, what stands around it does.
func (e *emitter) elementMeaning(v *view, element, name []byte) lexicon.Meaning {
	of := e.s.rules.Lex.Lookup(element)
	holdsValue := of.Is(lexicon.RoleValue)
	saysNothing := of.Mode == lexicon.Text && of.Role == 0
	switch {
	case holdsValue && chars.String(element) == "value", // FHIR: <identifier><value value="88412"/>
		saysNothing && chars.String(name) == "value": // <address><line value="…"/>
		return e.s.rules.Lex.Lookup(v.around(0))
	case holdsValue && isExtension(v.around(0)): // <extension url="latitude"><valueDecimal value="42.1"/>
		return v.extension
	}
	return of
}

// attribute scrubs an attribute's value.
func (e *emitter) attribute(n *node, v *view, element, name, value []byte, at int) {
	if len(value) == 0 || bytes.HasPrefix(name, []byte("xmlns")) {
		return
	}
	k := e.attributeMeaning(v, element, name, value)
	if k.Mode == lexicon.Typed {
		if k.Cat != URL || !lexicon.IsNamespace(chars.String(value)) {
			e.editTyped(n, v, k.Cat, value, at)
		}
		return
	}
	m := k.Mode
	if m != lexicon.Safe {
		m = lexicon.Text
	}
	plain := chars.Bytes(html.UnescapeString(chars.String(value)))
	out, ok := e.embedded(n, plain, chars.MakeupOf(plain))
	if !ok {
		spans := e.sc.scan.Find(&e.s.rules, e.known, chars.String(plain), m, nil)
		if out, ok = e.spliceAll(n, nil, plain, spans); !ok {
			return
		}
	}
	if out != nil {
		v.edit(at, at+len(value), strings.ReplaceAll(html.EscapeString(chars.String(out)), "\n", "&#10;"))
	}
}
