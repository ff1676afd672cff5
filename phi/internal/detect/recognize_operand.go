package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/words"
)

// What programs quote in their errors: the input that they couldn't take.

// operand finds the input that an error quotes behind the quotation mark at i, or returns
// i: strconv.Atoi: parsing "Quill": invalid syntax, Duplicate entry 'Quill-1980' for key.
// Everyday words and short numbers stay.
func (sc *Scanner) operand(i int) int {
	q := sc.text[sc.toks[i].start]
	if sc.filters(i) {
		return sc.filtered(i, q)
	}
	if sc.joined(i) || sc.toks[i].is(lineBefore) || !sc.failsOn(i) {
		return i
	}
	from := int(sc.toks[i].end)
	n := strings.IndexByte(sc.text[from:min(len(sc.text), from+200)], q)
	if n <= 0 || i+1 >= len(sc.toks) || sc.toks[i+1].is(used) {
		return i
	}
	c := sc.text[from : from+n]
	if NumericDate(c) == len(c) || strings.IndexByte(c, '/') >= 0 || strings.Count(c, " ") > 1 || len(c) > 19 && c[10] == 'T' {
		return i // a date is found as such; a path, a media type or a sentence is no operand
	}
	if l := sc.lists.Get(words.Hash(c)); l.OnlyWord() || len(c) <= 3 || IsUUID(c) || strings.IndexByte(c, '\n') >= 0 {
		return i
	}
	return sc.addBytes(i+1, from, from+n, category.OtherID)
}

// failsOn reports whether the words before the quotation mark at i are those of an error:
// parsing "…", parsing time "…", Duplicate entry '…', invalid input syntax for type integer: "…".
func (sc *Scanner) failsOn(i int) bool {
	p, q := sc.at(i-1), sc.at(i-2)
	return p.hash == hashParsing || p.hash == hashTime && q.hash == hashParsing ||
		operandWords.Has(p.hash) && operandLeads.Has(q.hash) ||
		sc.isPunct(i-1, ':') && sc.at(i-3).hash == hashType && sc.at(i-4).hash == hashFor
}

// filters reports whether an operator or a function of a filter stands before the quotation
// mark at i.
func (sc *Scanner) filters(i int) bool {
	p := sc.at(i - 1)
	return p.size() == 2 && filterOperators.Has(p.hash) ||
		p.size() == 1 && sc.isPunct(i-1, ',') && filterFunctions.Has(sc.at(i-4).hash)
}

// filtered finds what a filter of SCIM (RFC 7644, section 3.4.2.2) or OData compares a field with,
// in the quotes that begin at i: lastName eq "Quill", contains(surname, 'Quill').
func (sc *Scanner) filtered(i int, quote byte) int {
	if sc.lex == nil || sc.strict || sc.isPunct(i-1, ',') && !sc.isPunct(i-3, '(') {
		return i
	}
	k := sc.labelBefore(i - 1)
	if k.Mode != lexicon.Typed || k.Is(lexicon.RoleKeyOnly) {
		return i
	}
	to := sc.valueEnd(i+1, quote, true, false, k.Cat)
	if to <= i+1 || sc.isStatus(i+1, to, k.Cat) || !sc.plausible(i+1, to, k.Cat, true) {
		return i
	}
	return sc.addValue(i+1, to, k.Cat)
}

// refused finds the number at i that a program couldn't decode, or returns i: json: cannot
// unmarshal number 123456789 into Go value.
func (sc *Scanner) refused(i int) int {
	if t := &sc.toks[i]; t.size() < 6 || sc.at(i-1).hash != hashNumber || sc.at(i-2).hash != hashUnmarshal {
		return i
	}
	return sc.add(i, i+1, category.OtherID)
}

// goDate finds the date around the month at i that is written as Go's %#v does, or returns
// i: time.Date(1980, time.March, 4.
func (sc *Scanner) goDate(i int) int {
	if !sc.isPunct(i-1, '.') || sc.at(i-2).hash != hashTime || !sc.isPunct(i-3, ',') || i < 4 || !sc.isYear(i-4) ||
		!sc.isPunct(i+1, ',') || sc.at(i+2).kind != tokenNumber || !day(sc.lit(i+2)) {
		return i
	}
	return sc.add(i-4, i+3, category.Date)
}

// dials reports whether the word at i stands for what a program connects, not for a
// telephone: dial tcp 10.1.2.3:6379.
func (sc *Scanner) dials(i int) bool {
	return sc.toks[i].hash == hashDial && networks.Has(sc.at(i+1).hash)
}

var (
	hashTime        = words.Hash("time")
	hashParsing     = words.Hash("parsing")
	hashDial        = words.Hash("dial")
	hashUnmarshal   = words.Hash("unmarshal")
	hashType        = words.Hash("type")
	filterOperators = words.SetOf("eq ne co sw ew")
	filterFunctions = words.SetOf("contains startswith endswith")
	operandWords    = words.SetOf("duration entry")
	operandLeads    = words.SetOf("invalid duplicate")
	networks        = words.SetOf("tcp tcp4 tcp6 udp unix")
)
