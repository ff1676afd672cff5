package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
)

// Records in text, whose fields stand between | or commas: what such a field is, its
// digits tell, and that an identifier stands in the field before it.

// field finds the identifier that is all of the field behind the | at token i.
func (sc *Scanner) field(i int) int {
	if next := sc.rowName(i); next > i {
		return next
	}
	if cat := sc.fieldOfDigits(i); cat != category.None {
		return sc.add(i+1, i+2, cat)
	}
	if n := sc.at(i + 1); !sc.tight(i) || !n.alnum() || n.is(used) || !sc.behindIdentifier(i) {
		return i
	}
	from, to := sc.extent(i + 1)
	ends := sc.isPunct(to, '|') || sc.at(to).is(lineBefore)
	if from != i+1 || !ends || !isFieldID(sc.textOf(from, to)) {
		return i
	}
	return sc.add(from, to, category.OtherID)
}

// fieldOfDigits returns what eight or nine digits are that are all of the field behind the
// | at token i: |19710409| is a day, |529982247| an identifier.
func (sc *Scanner) fieldOfDigits(i int) category.Category {
	t := sc.at(i + 1)
	if t.kind != tokenNumber || t.is(used|lineBefore) || !sc.isPunct(i+2, '|') || sc.joined(i) != sc.joined(i+1) {
		return category.None
	}
	switch {
	case t.size() == len("19710409") && CompactDate(sc.lit(i+1)):
		return category.Date
	case t.size() == ssnDigits && (sc.joined(i) || sc.at(i-1).is(used)):
		return category.OtherID
	}
	return category.None
}

// behindIdentifier reports whether an identifier that is no date ends right before token i.
func (sc *Scanner) behindIdentifier(i int) bool {
	if !sc.at(i-1).is(used) || len(sc.spans) == 0 {
		return false
	}
	last := sc.spans[len(sc.spans)-1]
	return last.End == int(sc.toks[i-1].end) && last.Category != category.Date && last.Category != category.BirthDate
}

// isFieldID reports whether c, all of a field behind an identifier, is one as well.
func isFieldID(c string) bool {
	return chars.CountDigits(c) >= 5 && len(c) <= maxBareID && NumericDate(c) == 0 && !isDecimal(c)
}

// maxBareID is how long an identifier may be that no word announces, in bytes.
const maxBareID = 24

// ssnDigits is how many digits an SSN has.
const ssnDigits = 9

// rowName notes the surname and the given name, or the other way round, that are the cells
// before and behind the comma or bar at i, in a row with a day or an address of e-mail further on:
// Roe,Ann,4/9/1971,5035550123.
func (sc *Scanner) rowName(i int) int {
	a, b, separator := sc.at(i-1), sc.at(i+1), sc.text[sc.toks[i].start]
	if !b.is(capital) || sc.strict || !sc.tight(i) {
		return i
	}
	if !cellOfName(a) || !cellOfName(b) || a.list.City() > 0 && b.list.City() > 0 ||
		!sc.isPunct(i+2, separator) || !sc.tight(i+2) ||
		!a.is(lineBefore) && i > 1 && !(sc.isPunct(i-2, separator) && sc.joined(i-1)) ||
		!(a.list.Named() && b.list.Named() || a.list.CommonName() && b.list.Word() == 0 || b.list.CommonName() && a.list.Word() == 0) ||
		!sc.personalRow(i+2, separator) {
		return i
	}
	sc.addName(i-1, i, true)
	return sc.addName(i+1, i+2, true)
}

// cellOfName reports whether a token may be all of a cell that holds a surname or a given name.
func cellOfName(t *token) bool {
	return t.kind == tokenWord && t.isBut(capital, used|possessive) && t.size() > 1 && !t.list.Drug() &&
		(t.cue == 0 || t.list.CommonName() && !t.cueIs(cue.Month|cue.Weekday|cue.NotName|cue.Facility|cue.Company|cue.State|cue.Country|cue.Medical|cue.Key|cue.WeakKey|cue.Relation))
}

// rowCells is how many tokens of a row are looked at.
const rowCells = 40

// personalRow reports whether a day or an address of e-mail is all of a cell of the row at
// token i, a separator, or behind it.
func (sc *Scanner) personalRow(i int, separator byte) bool {
	for j := i; j < min(i+rowCells, len(sc.toks)-1) && !sc.toks[j].is(lineBefore); j++ {
		switch {
		case sc.isPunct(j, '@') && sc.tight(j):
			return true
		case sc.isPunct(j, separator) && sc.joined(j+1) && sc.at(j+1).kind == tokenNumber:
			at := int(sc.toks[j+1].start)
			if n := NumericDate(sc.text[at:]); n > 0 && (at+n == len(sc.text) || sc.text[at+n] == separator || sc.text[at+n] == '\r' || sc.text[at+n] == '\n') {
				return true
			}
		}
	}
	return false
}

// cell finds the nine digits that are all of the cell behind the comma at token i, behind
// a finding. Nine bytes stand there.
func (sc *Scanner) cell(i int) int {
	if !sc.at(i+1).is(used) && sc.tight(i) && sc.at(i-1).is(used) &&
		sc.isPunct(i+2, ',') && sc.joined(i+2) {
		return sc.add(i+1, i+2, category.OtherID)
	}
	return i
}
