package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
)

// Tables that are pasted into prose: a line with the names of columns, and lines
// with as many cells below it.
//
//	Here is the list:
//	Name,DOB,Phone
//	Jane Roe,2/9/1988,5035550123

// maxTableLine is how long the header of a table in prose may be, in bytes.
const maxTableLine = 512

// findTables finds the cells of tables whose header says what they hold, and the names on the
// lines of cards.
func (sc *Scanner) findTables() {
	if sc.lex == nil || strings.IndexByte(sc.text, '\n') < 0 {
		return
	}
	if len(sc.text) < maxCardText {
		sc.cardNames()
	}
	tok := 0
	for at := 0; at < len(sc.text); {
		if behind := sc.pastRules(at); behind > at {
			at = behind
			continue
		}
		end := chars.LineEnd(chars.Bytes(sc.text), at)
		head := sc.text[at:end]
		separator := tableSeparator(head)
		if separator == 0 || end == len(sc.text) {
			at = end
			continue
		}
		head = strings.TrimRight(head, "\r\n")
		cells := CountCells(head, separator)
		first := sc.pastRules(end)
		next := sc.text[first:min(len(sc.text), first+8*maxTableLine)]
		if CountCells(next[:chars.LineEnd(chars.Bytes(next), 0)], separator) != cells {
			at = end
			continue
		}
		var names [16]lexicon.Meaning
		cols, from := sc.tableColumns(names[:0], head, separator)
		if cols == nil {
			if at = end; separator == '|' { // a row of this table is no header of another
				at = sc.pastRows(first, cells)
			}
			continue
		}
		tok = sc.tokenFrom(tok, at+from)
		tok = sc.tableHead(tok, at+from, head[from:], separator)
		for at = first; at < len(sc.text); at = sc.pastRules(end) {
			end = chars.LineEnd(chars.Bytes(sc.text), at)
			row := strings.TrimRight(sc.text[at:end], "\r\n")
			if CountCells(row, separator) != cells {
				break
			}
			tok = sc.tableRow(tok, at, row, separator, cols)
		}
	}
}

// pastRules returns where the first line from index at on begins that is no rule between the
// lines of a table: |---|---|, +----+----+.
func (sc *Scanner) pastRules(at int) int {
	for at < len(sc.text) && (sc.text[at] == '|' || sc.text[at] == '+') {
		end := chars.LineEnd(chars.Bytes(sc.text), at)
		if strings.Trim(sc.text[at:end], "|+-=: \t\r\n") != "" {
			break
		}
		at = end
	}
	return at
}

// pastRows returns where the rows end that begin at index at of the text and have as many cells
// between bars.
func (sc *Scanner) pastRows(at, cells int) int {
	for at < len(sc.text) {
		end := chars.LineEnd(chars.Bytes(sc.text), at)
		if CountCells(strings.TrimRight(sc.text[at:end], "\r\n"), '|') != cells {
			break
		}
		at = sc.pastRules(end)
	}
	return at
}

// tableSeparator returns what parts the cells of a line that may be a header, or
// 0. Its first two cells read like names of columns, as hardly any clauses do.
// Prose of a few words may stand before them, up to a colon.
func tableSeparator(head string) byte {
	most := maxColumnName
	if head[0] == '|' { // cells are padded where tables are drawn
		most = maxPadded
	}
	from, i := firstCell(head, most)
	if i < 0 {
		return 0
	}
	c := head[i]
	end := i + 1 // of the second cell
	for spaces := 0; end < len(head) && head[end] != c && head[end] != '\n'; end++ {
		if spaceBetween(head, end) {
			spaces++
		}
		if end-i > most || spaces > 4 {
			return 0
		}
	}
	if i == from ||
		end == i+1 ||
		len(head) > maxTableLine ||
		!lexicon.IsColumnName(chars.Bytes(strings.Trim(head[from:i], "\" "))) ||
		!lexicon.IsColumnName(chars.Bytes(strings.Trim(head[i+1:end], "\" \r"))) {
		return 0
	}
	return c
}

// firstCell returns where the first cell of a line that may be a header begins, and where
// the character stands that parts it from the second; end is -1 where prose goes on for
// more than most bytes.
func firstCell(head string, most int) (from, end int) {
	spaces := 0
	if head[0] == '|' { // of Markdown
		from = 1
	}
	for i := from; ; i++ {
		for i < len(head) && cellSigns[head[i]] == 0 {
			i++
		}
		if i == len(head) || i-from > most {
			return from, -1
		}
		switch cellSigns[head[i]] {
		case betweenCells:
			return from, i
		case betweenWords:
			if spaceBetween(head, i) {
				spaces++
			}
			if spaces > 5 {
				return from, -1
			}
		case behindProse:
			if i+1 < len(head) && head[i+1] == ' ' {
				from, spaces = i+2, -1
			}
		}
	}
}

// spaceBetween reports whether the character at i is the last space before a word: cells are
// padded with more.
func spaceBetween(s string, i int) bool {
	return s[i] == ' ' && i+1 < len(s) && s[i+1] != ' '
}

// cellSigns are the characters that part cells or what stands in them.
var cellSigns = [256]byte{' ': betweenWords, ':': behindProse, ',': betweenCells, ';': betweenCells, '\t': betweenCells, '|': betweenCells}

const (
	betweenWords = iota + 1
	behindProse
	betweenCells
)

// How long the name of a column may be, in bytes, and with the spaces that pad it.
const (
	maxColumnName = 32
	maxPadded     = 64
)

// CountCells counts the cells of a line. Separators within quotes part nothing.
func CountCells(line string, separator byte) int {
	n, quoted := 1, false
	for i := range len(line) {
		switch line[i] {
		case separator:
			if !quoted {
				n++
			}
		case '"':
			quoted = !quoted
		}
	}
	return n
}

// tableColumns returns what the columns of a header hold, and where it begins:
// prose may stand before it on its line, up to a colon. It is nil unless two
// columns or more say something of a person.
func (sc *Scanner) tableColumns(cols []lexicon.Meaning, head string, separator byte) (_ []lexicon.Meaning, from int) {
	declared, persons, personal := 0, 0, false
	for rest, more := head, true; more; {
		var cell string
		cell, rest, more = strings.Cut(rest, string(separator))
		first := len(cols) == 0
		if first {
			if colon := strings.LastIndex(cell, ": "); colon >= 0 {
				from = colon + len(": ")
				cell = cell[from:]
			}
		}
		cell = strings.Trim(cell, "\" ")
		if edge := separator == '|' && (first || !more); edge && cell == "" { // of Markdown
			cols = append(cols, lexicon.Meaning{})
			continue
		}
		if len(cols) == cap(cols) || !isColumnName(cell) {
			return nil, 0
		}
		k, person := sc.columnNamed(chars.Bytes(cell))
		if person {
			persons++
		}
		if declares(k) {
			declared++
		}
		personal = personal || k.Is(lexicon.RolePersonal)
		cols = append(cols, k)
	}
	for i, k := range cols {
		if k.Mode == lexicon.Hint && personal {
			cols[i] = lexicon.Meaning{Mode: lexicon.Typed, Cat: category.Name}
		}
		personal = personal || k.Cat == category.PostalCode || k.Cat == category.Place || k.Cat == category.Address
	}
	if declared < 2 || !personal && persons < 2 {
		return nil, 0
	}
	return cols, from
}

// isColumnName reports whether the header's cell may be the name of a column.
func isColumnName(cell string) bool {
	return cell != "" && len(cell) <= maxColumnName && lexicon.IsColumnName(chars.Bytes(cell))
}

// columnNamed returns what a column of this name holds: a Hint where that may be names.
// person says that it tells of a person.
func (sc *Scanner) columnNamed(name []byte) (k lexicon.Meaning, person bool) {
	k = sc.lex.Lookup(name)
	person = k.Hints() || k.Entity == lexicon.Person && k.Mode == lexicon.Text
	partOfName := k == (lexicon.Meaning{}) && lexicon.PartsOfNames.Has(name)
	if person || partOfName || k.Is(lexicon.RolePersonName) {
		k = lexicon.Meaning{Mode: lexicon.Hint}
	}
	return k, person
}

// declares reports whether a column says what its cells hold.
func declares(k lexicon.Meaning) bool { return k.Mode == lexicon.Typed || k.Mode == lexicon.Hint }

// tableRow notes the cells of the row at index at whose columns say what they
// hold. It returns the index of the first token behind it.
func (sc *Scanner) tableRow(tok, at int, row string, separator byte, cols []lexicon.Meaning) int {
	start, quoted, column := 0, false, 0
	for i := 0; i <= len(row); i++ {
		if i < len(row) && row[i] == '"' {
			quoted = !quoted
		}
		if i < len(row) && (quoted || row[i] != separator) {
			continue
		}
		if column < len(cols) && declares(cols[column]) {
			tok = sc.tableCell(tok, at+start, row[start:i], cols[column])
		}
		start = i + 1
		column++
	}
	return sc.tokenFrom(tok, at+len(row))
}

// tableCell notes a cell that begins at index at.
func (sc *Scanner) tableCell(tok, at int, cell string, k lexicon.Meaning) int {
	value := strings.TrimLeft(cell, "\" ")
	at += len(cell) - len(value)
	value = strings.TrimRight(value, "\" ")
	cat := k.Cat
	if k.Mode == lexicon.Hint {
		cat = category.Name
	}
	if value == "" ||
		mark.PlaceholderAt(chars.Bytes(value)) > 0 ||
		mark.PseudonymAt(chars.Bytes(value)) > 0 ||
		strings.EqualFold(value, "null") ||
		lexicon.IsStatus(cat, chars.Bytes(value)) {
		return tok
	}
	tok = sc.tokenFrom(tok, at)
	to := sc.tokenFrom(tok, at+len(value))
	if tok >= len(sc.toks) ||
		tok == to ||
		int(sc.toks[tok].start) != at ||
		int(sc.toks[to-1].end) != at+len(value) ||
		to-tok > valueSize ||
		!cellHolds(cat, value) {
		return tok
	}
	if cat != category.Name {
		return sc.add(tok, to, cat)
	}
	if t := &sc.toks[tok]; !t.alnum() || k.Mode == lexicon.Hint && !t.is(capital) {
		return tok
	}
	return sc.addName(tok, to, true)
}

// cellHolds reports whether a cell has as many digits as what its column declares.
func cellHolds(cat category.Category, value string) bool {
	digits := chars.CountDigits(value)
	switch cat {
	case category.Name:
		return digits == 0
	case category.PersonID:
		return digits >= 4
	case category.Place, category.Geo, category.Email, category.URL, category.Psychotherapy, category.Secret:
		return true
	}
	return digits > 0
}

// tokenFrom returns the index of the first token from tok on that begins at or
// behind index at of the text.
func (sc *Scanner) tokenFrom(tok, at int) int {
	for tok < len(sc.toks) && int(sc.toks[tok].start) < at {
		tok++
	}
	return tok
}

// tableHead protects the cells of a header, which begins at index at, that are names
// of columns, and no persons' or somebody's. It returns the index of the first token
// behind it.
func (sc *Scanner) tableHead(tok, at int, head string, separator byte) int {
	for cell := range strings.SplitSeq(head, string(separator)) {
		tok = sc.tokenFrom(tok, at)
		at += len(cell)
		to := sc.tokenFrom(tok, at)
		name := chars.Bytes(strings.Trim(cell, "\" "))
		if (sc.lex.Lookup(name) != (lexicon.Meaning{}) || lexicon.PartsOfNames.Has(name)) &&
			!sc.namesSomebody(tok, to) {
			sc.protect(tok, to)
		}
		tok = to
		at++
	}
	return tok
}

// namesSomebody reports whether one of several words from token from to token to may
// be a person's: Jane's phone.
func (sc *Scanner) namesSomebody(from, to int) bool {
	for i := from; i < to && to-from > 1; i++ {
		if t := &sc.toks[i]; t.is(capital) && t.cue == 0 && t.list.Word() == 0 {
			return true
		}
	}
	return false
}
