package phi

import (
	"bytes"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
)

// Tables declare their columns once: {"columns":["name","ssn"],"rows":[["…","…"]]},
// a header row, CSV in a string. What a column's name says holds for its cells.

// maxColumns is how many columns of a table are told apart; the others are
// scanned as text.
const maxColumns = 128

// header looks up the names of columns, an array of strings at index i. ok is
// false when fewer than two of them declare a category.
func (w *walker) header(i int32) (cols []lexicon.Meaning, ok bool) {
	nodes := w.sc.nodes
	declared, personal, parts := 0, false, uint64(0)
	for j := i + 1; j < nodes[i].next; j = nodes[j].next {
		cell := &nodes[j]
		if cell.kind == kindObject {
			cell = w.columnObject(j)
		}
		if cell == nil || cell.kind != kindString || len(cols) == maxColumns {
			return nil, false
		}
		name := w.keyText(cell)
		k := w.s.rules.Lex.Lookup(name)
		k.Role &^= lexicon.RoleMeta
		k.Via = lexicon.ViaSibling
		if w.s.policy.paths != nil {
			if rule, ok := w.s.policy.byPath(name, w.trail); ok {
				k = rule
			}
		}
		if declaresColumn(&k) {
			declared++
		}
		personal = personal || k.Is(lexicon.RolePersonal)
		if lexicon.PartsOfNames.Has(name) {
			parts |= 1 << len(cols)
		}
		cols = append(cols, k)
	}
	for i := range cols {
		if personal && parts>>i&1 != 0 && i < 64 {
			cols[i] = lexicon.Meaning{Mode: lexicon.Typed, Cat: Name, Via: lexicon.ViaSibling}
			declared++
		}
	}
	return cols, declared >= 2
}

// columnObject returns the name of a column that an object describes:
// {"name":"last_name","type":"string"}, {"VarCharValue":"last_name"}.
func (w *walker) columnObject(i int32) *node {
	if w.sc.nodes[i].next == i+3 && w.sc.nodes[i+2].kind == kindString {
		return &w.sc.nodes[i+2]
	}
	for _, name := range []string{"name", "key", "field", "id", "title", "label", "column"} {
		if n := w.member(i, name); n != nil && n.kind == kindString {
			return n
		}
	}
	return nil
}

// columns returns what an object says about the columns of its rows, perhaps in
// a schema of its own, and the array that says it.
func (w *walker) columns(i int32) (cols []lexicon.Meaning, at int32) {
	nodes := w.sc.nodes
	for j := i + 1; j < nodes[i].next; j = nodes[j+1].next {
		switch c := &nodes[j+1]; {
		case c.next == j+2:
		case c.kind == kindArray:
			switch name := string(w.keyText(&nodes[j])); name {
			case "columns", "Columns", "header", "headers", "Headers", "headings", "fields", "Fields", "columnNames", "column_names", "columnHeaders", "fieldNames", "field_names", "cols", "keys", "labels", "names", "columnnames", "keynames", "meta", "layout", "columnDefs", "column_defs":
				if cols, ok := w.header(j + 1); ok {
					if name == "labels" && w.plots(i) {
						return nil, 0
					}
					return cols, j + 1
				}
			}
		case c.kind == kindObject && nodes[j].end-nodes[j].start == uint32(len("schema")) &&
			string(w.text(&nodes[j])) == "schema":
			if cols, at := w.columns(j + 1); cols != nil {
				return cols, at
			}
		}
	}
	return nil, 0
}

// plots reports whether the object at i holds an array of numbers, whose labels are
// those of a chart: {"labels":["Email","Phone"],"values":[120,45]}.
func (w *walker) plots(i int32) bool {
	nodes := w.sc.nodes
	for j := i + 1; j < nodes[i].next; j = nodes[j+1].next {
		if c := &nodes[j+1]; c.kind == kindArray && c.next > j+2 && nodes[j+2].kind == kindNumber {
			return true
		}
	}
	return false
}

// rowOf returns the array that holds the cells of a row: the row itself, or the
// only member of it whose key says nothing of its own, {"f":[…]}, or its first member
// "row"; 0 when there is none.
func (w *walker) rowOf(i int32) int32 {
	nodes := w.sc.nodes
	switch {
	case nodes[i].kind == kindArray:
		return i
	case nodes[i].kind == kindObject && nodes[i].next > i+2 && nodes[i+2].kind == kindArray &&
		(nodes[i+2].next == nodes[i].next && !w.declares(i+1) || string(w.text(&nodes[i+1])) == "row"):
		return i + 2
	}
	return 0
}

// declares reports whether the key at i says what stands under it, or may be a value
// itself.
func (w *walker) declares(i int32) bool {
	key := &w.sc.nodes[i]
	k := w.meaning(key)
	return k.Mode == lexicon.Typed ||
		k.Mode == lexicon.Hint ||
		k.Is(lexicon.RolePersonName) ||
		k.Entity == lexicon.Person ||
		!lexicon.IsFieldName(w.text(key))
}

// flatRow reports whether an array beside the names of its columns is the one row
// there is: {"keys":["last_name","ssn"],"values":["…","…"]}.
func (w *walker) flatRow(key *node, i int32, cols []lexicon.Meaning) bool {
	switch string(w.keyText(key)) {
	case "values", "Values", "vals", "row", "data", "record", "cells", "columnvalues", "keyvalues":
	default:
		return false
	}
	nodes := w.sc.nodes
	n := 0
	for j := i + 1; j < nodes[i].next; j = nodes[j].next {
		if nodes[j].kind == kindArray || nodes[j].kind == kindObject {
			return false
		}
		n++
	}
	return n == len(cols)
}

// holdsRows reports whether the value at i is an array of rows: the first of its
// elements is an array, or an object that only holds one.
func (w *walker) holdsRows(i int32) bool {
	nodes := w.sc.nodes
	return nodes[i].kind == kindArray && nodes[i].next > i+1 && w.rowOf(i+1) != 0
}

// rows classifies the rows from index i to end by their columns.
func (w *walker) rows(i, end int32, cols []lexicon.Meaning, around *surroundings) {
	for ; i < end; i = w.sc.nodes[i].next {
		row := w.rowOf(i)
		if row == 0 {
			w.value(i, &lexicon.Meaning{}, around)
			continue
		}
		w.row(row, cols, around)
	}
}

// row classifies the cells of one row.
func (w *walker) row(i int32, cols []lexicon.Meaning, around *surroundings) {
	nodes := w.sc.nodes
	column := 0
	for c := i + 1; c < nodes[i].next; c = nodes[c].next {
		k := lexicon.Meaning{}
		if column < len(cols) {
			k = cols[column]
		}
		w.value(c, &k, around)
		column++
	}
}

// headed classifies an array of rows whose first one names the columns.
func (w *walker) headed(i int32, around *surroundings) bool {
	nodes := w.sc.nodes
	if nodes[i].next == i+1 || nodes[i+1].next == nodes[i].next {
		return false
	}
	head := w.rowOf(i + 1)
	if head == 0 {
		return false
	}
	cols, ok := w.header(head)
	if !ok {
		return false
	}
	w.columnNames(head)
	w.rows(nodes[i+1].next, nodes[i].next, cols, around)
	return true
}

// columnNames keeps the names of columns in the array at i. Those in objects are walked
// yet.
func (w *walker) columnNames(i int32) {
	nodes := w.sc.nodes
	for j := i + 1; j < nodes[i].next; j = nodes[j].next {
		n := &nodes[j]
		if n.kind == kindObject {
			n = w.columnObject(j)
		}
		if n.Mode, n.Cat = lexicon.Safe, None; w.namesField(w.keyText(n)) {
			n.Mode = lexicon.Keep
			n.Role |= lexicon.RoleLabel
		}
	}
}

// csv scrubs text in the form of RFC 4180 with a header, separated by commas,
// semicolons, tabs or bars. ok is false when text is none.
func (e *emitter) csv(n *node, text []byte) (out []byte, ok bool) {
	end := bytes.IndexByte(text, '\n')
	if end < 0 || end > 8192 {
		return nil, false
	}
	head := bytes.TrimRight(text[:end], "\r")
	separator := byte(0)
	for _, c := range []byte(",;\t|") {
		if bytes.IndexByte(head, c) > 0 {
			separator = c
			break
		}
	}
	if separator == 0 {
		return nil, false
	}
	var buf [maxColumns]lexicon.Meaning
	cols := buf[:0]
	declared, personal := 0, false
	for cell := range bytes.SplitSeq(head, []byte{separator}) {
		cell = bytes.Trim(cell, "\" ")
		if cell, _, _ = bytes.Cut(cell, []byte(" (")); len(cols) == maxColumns ||
			!lexicon.IsColumnName(cell) && !columnHeading(cell) {
			return nil, false
		}
		k := partOfName(e.column(n, cell), cell)
		if declaresColumn(&k) {
			declared++
		}
		personal = personal || k.Is(lexicon.RolePersonal)
		cols = append(cols, k)
	}
	if declared < 2 {
		return nil, false
	}
	if personal {
		namePersons(cols)
	}
	out, changed := e.records(n, append(out, text[:end+1]...), text[end+1:], separator, cols)
	if !changed {
		return nil, true
	}
	return out, true
}

// records appends the records of a text, scrubbed.
func (e *emitter) records(n *node, dst, text []byte, separator byte, cols []lexicon.Meaning) (_ []byte, changed bool) {
	for len(text) > 0 {
		size := recordEnd(text)
		var hit bool
		dst, hit = e.record(n, dst, text[:size], separator, cols)
		changed = changed || hit
		text = text[size:]
	}
	return dst, changed
}

// partOfName returns what a column holds by its name: one whose key says nothing may be a part
// of a person's name.
func partOfName(k lexicon.Meaning, name []byte) lexicon.Meaning {
	if k == (lexicon.Meaning{}) && lexicon.PartsOfNames.Has(name) {
		k.Role = lexicon.RolePersonName
	}
	return k
}

// declaresColumn reports whether a column says what its cells hold.
func declaresColumn(k *lexicon.Meaning) bool {
	return k.Mode == lexicon.Typed || k.Is(lexicon.RolePersonName) || k.Hints()
}

// namePersons makes the columns that may be parts of a person's name just that, in a table of
// persons.
func namePersons(cols []lexicon.Meaning) {
	for i := range cols {
		if cols[i].Is(lexicon.RolePersonName) {
			cols[i] = lexicon.Meaning{Mode: lexicon.Typed, Cat: Name}
		}
	}
}

// columnHeading reports whether a cell reads like a column's heading on a form:
// D.O.B., Client's name, Ins. ID #.
func columnHeading(cell []byte) bool {
	spaces := 0
	at := func(i int) byte {
		if i < 0 || i >= len(cell) {
			return ' '
		}
		return cell[i]
	}
	for i, c := range cell {
		switch c {
		case '.': // not req.method
			if chars.IsLetter(at(i+1)) && chars.IsLetter(at(i-2)) ||
				chars.IsDigit(at(i+1)) ||
				at(i+1) == '.' ||
				!chars.IsLetter(at(i-1)) {
				return false
			}
		case '\'':
			if !chars.IsLetter(at(i-1)) || !chars.IsLetter(at(i+1)) && at(i+1) != ' ' {
				return false
			}
		case '#', '?', '*', '-', '_':
		case ' ':
			spaces++
		default:
			if !chars.IsLetter(c) && !chars.IsDigit(c) {
				return false
			}
		}
	}
	return spaces < 4 && len(cell) <= 48
}

// recordEnd returns the length of the record that text begins with. A line
// break within quotes doesn't end it.
func recordEnd(text []byte) int {
	quoted := false
	for i, c := range text {
		switch {
		case c == '"':
			quoted = !quoted
		case c == '\n' && !quoted:
			return i + 1
		}
	}
	return len(text)
}

// record appends a record with its cells scrubbed.
func (e *emitter) record(n *node, dst, record []byte, separator byte, cols []lexicon.Meaning) (_ []byte, changed bool) {
	end := len(bytes.TrimRight(record, "\r\n"))
	column, start, quoted := 0, 0, false
	for i := 0; i <= end; i++ {
		if i < end && record[i] == '"' {
			quoted = !quoted
		}
		if i < end && (quoted || record[i] != separator) {
			continue
		}
		k := lexicon.Meaning{}
		if column < len(cols) {
			k = cols[column]
		}
		var hit bool
		dst, hit = e.cell(n, dst, record[start:i], k)
		changed = changed || hit
		if i < end {
			dst = append(dst, separator)
		}
		start = i + 1
		column++
	}
	return append(dst, record[end:]...), changed
}

func (e *emitter) cell(n *node, dst, cell []byte, k lexicon.Meaning) (_ []byte, changed bool) {
	from, to := 0, len(cell)
	if to-from >= 2 && cell[0] == '"' && cell[to-1] == '"' {
		from, to = 1, to-1
	}
	value := cell[from:to]
	if k.Hints() && !mark.Scrubbed(value) {
		out, ok := e.prose(n, append(dst, cell[:from]...), value, lexicon.Hint)
		if !ok {
			out = append(out, value...)
		}
		return append(out, cell[to:]...), ok
	}
	if k.Mode != lexicon.Typed || len(bytes.TrimSpace(value)) == 0 || mark.Scrubbed(value) {
		return e.part(n, dst, cell)
	}
	action := e.s.actions[k.Cat]
	e.learn(value, k.Cat)
	dst = append(dst, cell[:from]...)
	out, ok := e.apply(dst, applied{k.Cat, action, true}, value)
	if !ok {
		return append(append(dst, value...), cell[to:]...), false
	}
	e.hit(n, k.Cat, "column", action)
	return append(out, cell[to:]...), true
}
