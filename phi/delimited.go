package phi

import (
	"bytes"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/detect"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/words"
)

// Rows may stand in strings beside the names of their columns:
//
//	{"columns":["last","dob"],"body":"Roe,1971-04-09\nDay,1980-01-02"}

// A delimited string holds rows whose columns were told beside it.
type delimited struct {
	start     uint32 // of the string
	separator byte
	cols      []lexicon.Meaning
}

// rowKeys hold rows, or a row.
var rowKeys = words.KeySet("rows row data body csv tsv psv lines line content contents text raw records record values payload sample samples batch table Rows Row Data Body Csv CSV Lines Line Text Records")

// noteDelimited notes that the string at i, under a key, or each of the strings in the array
// there, is of rows of some columns, if all its lines have as many cells.
func (w *walker) noteDelimited(key *node, i int32, cols []lexicon.Meaning) {
	if !rowKeys.Has(w.text(key)) {
		return
	}
	nodes := w.sc.nodes
	for j := i; j < nodes[i].next; j++ {
		n := &nodes[j]
		if n.kind == kindArray && j == i {
			continue
		}
		if n.kind != kindString || n.Mode == lexicon.Typed || n.Mode == lexicon.Keep || n.Mode == lexicon.Drop {
			return
		}
		if separator := rowSeparator(w.keyText(n), len(cols)); separator != 0 && !w.namesColumns(w.keyText(n), separator) {
			w.sc.delimited = append(w.sc.delimited, delimited{n.start, separator, cols})
		}
	}
}

// rowSeparator returns what parts the cells of a text whose lines all have a number of them, or
// 0. Behind a comma or semicolon that a space follows stands a clause.
func rowSeparator(text []byte, cells int) byte {
	for _, separator := range []byte("|\t;,") {
		if bytes.IndexByte(text, separator) >= 0 && !clauses(text, separator) && allHaveCells(text, separator, cells) {
			return separator
		}
	}
	return 0
}

// clauses reports whether a space stands behind one of the separators of a text, a comma or a
// semicolon, outside of quotes.
func clauses(text []byte, separator byte) bool {
	quoted := false
	for i, c := range text {
		switch {
		case c == '"':
			quoted = !quoted
		case c == separator && !quoted && (c == ',' || c == ';') && i+1 < len(text) && text[i+1] == ' ':
			return true
		}
	}
	return false
}

// allHaveCells reports whether each record of a text has a number of cells.
func allHaveCells(text []byte, separator byte, cells int) bool {
	for len(text) > 0 {
		size := recordEnd(text)
		if record := bytes.TrimRight(text[:size], "\r\n"); len(record) > 0 && detect.CountCells(chars.String(record), separator) != cells {
			return false
		}
		text = text[size:]
	}
	return true
}

// namesColumns reports whether the first record of a text is a header of its own.
func (w *walker) namesColumns(text []byte, separator byte) bool {
	named := 0
	for cell := range bytes.SplitSeq(text[:recordEnd(text)], []byte{separator}) {
		cell = bytes.Trim(cell, "\" \r\n")
		if k := w.s.rules.Lex.Lookup(cell); lexicon.IsColumnName(cell) && (k.Mode == lexicon.Typed || lexicon.PartsOfNames.Has(cell)) {
			named++
		}
	}
	return named >= 2
}

// rowsOf returns the rows that the string of n holds, or nil.
func (e *emitter) rowsOf(n *node) *delimited {
	for i := range e.sc.delimited {
		if d := &e.sc.delimited[i]; d.start == n.start {
			return d
		}
	}
	return nil
}

// delimitedRows writes a string of rows with its cells scrubbed.
func (e *emitter) delimitedRows(n *node, text []byte, d *delimited) {
	var out []byte
	changed := false
	for len(text) > 0 {
		size := recordEnd(text)
		var hit bool
		out, hit = e.record(n, out, text[:size], d.separator, d.cols)
		changed = changed || hit
		text = text[size:]
	}
	if changed {
		e.replaceText(n, out)
	}
}
