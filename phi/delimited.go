package phi

import (
	"bytes"
	"slices"

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

// rowKeys hold rows, or a row, beside the names of their columns.
var rowKeys = words.KeySet("rows row data body csv tsv psv lines line content contents text raw records record values payload sample samples batch table Rows Row Data Body Csv CSV Lines Line Text Records")

// delimitedIn notes the strings of rows among the members of the object at i.
func (w *walker) delimitedIn(i int32, said *saidOnce) {
	nodes := w.sc.nodes
	for j := i + 1; j < nodes[i].next; j = nodes[j+1].next {
		if nodes[j+1].kind != kindObject && nodes[j].Mode != lexicon.Typed && j+1 != said.names {
			w.noteDelimited(&nodes[j], j+1, said.cols)
		}
	}
}

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
			n.Mode = lexicon.Rows
			w.sc.delimited = append(w.sc.delimited, delimited{n.start, separator, cols})
		}
	}
}

// maxHeaderLine is how long such a line may be, in bytes.
const maxHeaderLine = 512

// headerOf returns what the columns hold that a member of the object at i names in one line, or
// nil.
func (w *walker) headerOf(i int32) []lexicon.Meaning {
	for _, name := range []string{"header", "headers", "headerRow", "header_row", "headerLine", "header_line", "columns"} {
		if n := w.member(i, name); n != nil && n.kind == kindString && n.end-n.start < maxHeaderLine {
			return w.headerLine(n)
		}
	}
	return nil
}

// headerLine returns what the columns hold that a line names, or nil:
// {"header": "last|first|mrn", "rows": ["…|…|…"]}.
func (w *walker) headerLine(n *node) []lexicon.Meaning {
	text := w.keyText(n)
	at := bytes.IndexAny(text, "|\t;,")
	if at < 0 {
		return nil
	}
	var cols []lexicon.Meaning
	declared, personal := 0, false
	for cell := range bytes.SplitSeq(text, text[at:at+1]) {
		cell = bytes.Trim(cell, "\" ")
		if !lexicon.IsColumnName(cell) || len(cols) == maxColumns {
			return nil
		}
		k := w.s.rules.Lex.Lookup(cell)
		k.Role &^= lexicon.RoleMeta
		if k = partOfName(k, cell); declaresColumn(&k) {
			declared++
		}
		personal = personal || k.Is(lexicon.RolePersonal)
		cols = append(cols, k)
	}
	if declared < 2 {
		return nil
	}
	if personal {
		namePersons(cols)
	}
	return cols
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

// rows writes a string of rows with its cells scrubbed.
func (e *emitter) rows(n *node, text []byte) {
	at := slices.IndexFunc(e.sc.delimited, func(d delimited) bool { return d.start == n.start })
	d := &e.sc.delimited[at]
	if out, changed := e.records(n, nil, text, d.separator, d.cols); changed {
		e.replaceText(n, out)
	}
}
