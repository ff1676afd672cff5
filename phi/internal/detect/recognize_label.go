package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
	"github.com/carebus/carebus/phi/internal/words"
)

// Text is often a form: "First name: Jane; MRN: 88-412", "city=Springfield".
// What stands before a colon or an equals sign is looked up like a JSON key.

const (
	labelWords = 5  // how many words a label may have
	valueSize  = 24 // how many tokens a value may have
)

// labelled finds the value behind the colon or equals sign at token i if what
// stands before it says what it is. It returns the index of the first token
// behind the value, or i.
func (sc *Scanner) labelled(i int) int {
	if sc.lex == nil || sc.strict {
		return i
	}
	if next := sc.formPart(i); next > i {
		return next
	}
	if sc.perDeciliter(i - 1) {
		return i
	}
	k := sc.labelBefore(i)
	if k.Mode != lexicon.Typed && sc.endOfName(i) {
		k = lexicon.Meaning{Mode: lexicon.Typed, Cat: category.Name}
	}
	if k.Mode != lexicon.Typed || k.Is(lexicon.RoleKeyOnly) && !(k.Cat == category.SSN && sc.nineDigits(i)) {
		return i
	}
	from := sc.behindSign(i)
	if sc.parameter(from) {
		return i
	}
	from, quote := sc.valueStart(from)
	if from >= len(sc.toks) || sc.at(from).is(lineBefore) && k.Cat != category.Psychotherapy {
		return i
	}
	if value := chars.Bytes(sc.text[sc.toks[from].start:]); mark.PseudonymAt(value) > 0 ||
		mark.PlaceholderAt(value) > 0 {
		return i
	}
	if next := sc.colons(from); next > from { // MAC: 0a:66:c2:7a:d6:8e
		return next
	}
	if end := sc.dateCall(from); end > from && (k.Cat == category.Date || k.Cat == category.BirthDate) {
		return sc.add(from, end, k.Cat)
	}
	to := sc.valueEnd(from, quote, sc.isPunct(i, '='), sc.joined(i+1), k.Cat)
	if to == from || sc.isStatus(from, to, k.Cat) || !sc.plausible(from, to, k.Cat, sc.declared(i, from, to, quote)) {
		return i
	}
	end := sc.addValue(from, to, k.Cat)
	if quote == 0 {
		return end
	}
	return sc.changedValue(end, quote, k.Cat)
}

// behindSign returns the index behind the sign at i and those that belong to it:
// :first_name => "Jane", *Name:* Jane.
func (sc *Scanner) behindSign(i int) int {
	from := i + 1
	if sc.isPunct(i, '=') && (sc.isPunct(from, '>') || sc.isPunct(from, '=')) {
		from++
	}
	for sc.isPunct(from, '*') && !sc.at(from).is(lineBefore) {
		from++
	}
	return from
}

// parameter reports whether the parameter of a statement stands at token i: $1.
func (sc *Scanner) parameter(i int) bool {
	n := sc.at(i + 1)
	return sc.isPunct(i, '$') && sc.joined(i+1) && n.kind == tokenNumber && n.size() <= 2
}

// valueStart returns the index where the value at token i begins, and the quotation mark
// before it, or 0: "Jane", Some("Jane") of Rust.
func (sc *Scanner) valueStart(i int) (from int, quote byte) {
	if sc.at(i).hash == hashSome && sc.isPunct(i+1, '(') {
		i += 2
	}
	if t := sc.at(i); t.kind == tokenPunct && !t.is(lineBefore) {
		if c := sc.text[t.start]; c == '"' || c == '\'' {
			return i + 1, c
		}
	}
	return i, 0
}

// isStatus reports whether the value from token from to token to only says why there is
// none: Name: N/A.
func (sc *Scanner) isStatus(from, to int, cat category.Category) bool {
	value := sc.textOf(from, to)
	return lexicon.IsStatus(cat, chars.Bytes(strings.TrimRight(value, ".")))
}

// declared reports whether the value behind the sign at i is written as programs write
// values: in quotes, behind an equals sign or right behind an identifier; but not the name
// of a type, lastName:string.
func (sc *Scanner) declared(i, from, to int, quote byte) bool {
	if quote != 0 || sc.isPunct(i, '=') {
		return true
	}
	return sc.tight(i) && sc.identifier(i-1) &&
		!(to == from+1 && lexicon.TypeNames.Has(chars.Bytes(sc.lit(from))))
}

// changedValue notes what the value becomes that ends with the quotation mark at token i,
// and returns the index behind it, or i: lastName: "Roe" -> "Doe".
func (sc *Scanner) changedValue(i int, quote byte, cat category.Category) int {
	from := i + 4
	if !sc.isPunct(i, quote) ||
		!sc.isOneOf(i+1, "-=") ||
		!sc.isPunct(i+2, '>') ||
		!sc.isPunct(i+3, quote) {
		return i
	}
	if to := sc.valueEnd(from, quote, false, false, cat); to > from && sc.plausible(from, to, cat, true) {
		return sc.addValue(from, to, cat)
	}
	return i
}

// nineDigits reports whether nine digits alone stand behind the sign at i: ss='529982247',
// [ss] => 529982247.
func (sc *Scanner) nineDigits(i int) bool {
	j := i + 1
	for j < i+3 && (sc.isPunct(j, '>') || sc.quoteMark(j)) {
		j++
	}
	return sc.at(j).kind == tokenNumber && sc.at(j).size() == 9 && !sc.at(j).is(lineBefore|used) &&
		!(j+1 < len(sc.toks) && sc.connects(j+1))
}

// endOfName reports whether the label before the sign at i is first or last and the
// other one stands near, and the value is no everyday word: {first: lotte, last: roe}.
func (sc *Scanner) endOfName(i int) bool {
	j := i - 1
	if sc.quoteMark(j) {
		j--
	}
	other := uint32(0)
	switch sc.at(j).hash {
	case hashFirst:
		other = hashLast
	case hashLast:
		other = hashFirst
	default:
		return false
	}
	if sc.at(j).is(used) || sc.joined(j) && sc.isOneOf(j-1, "_-") {
		return false
	}
	value := i + 1
	for value < i+3 && (sc.quoteMark(value) || sc.isPunct(value, '=') || sc.isPunct(value, '>')) {
		value++
	}
	v := sc.at(value)
	if l := sc.lists.Get(v.hash); v.kind != tokenWord ||
		v.size() < 2 ||
		v.cueIs(cue.Stop|cue.Month|cue.Weekday|cue.Intro|cue.NotName) ||
		v.hash == hashName ||
		l.Drug() ||
		l.OnlyWord() {
		return false
	}
	for k := max(0, j-nearLabels); k < j+nearLabels; k++ {
		if sc.at(k).hash != other {
			continue
		}
		if k++; sc.quoteMark(k) {
			k++
		}
		if sc.isOneOf(k, ":=") {
			return true
		}
	}
	return false
}

// nearLabels is how many tokens may stand between two labels of one thing.
const nearLabels = 14

var hashFirst = words.Hash("first")

// dateCall returns the index behind the call at token i that makes a date of a year, a
// month and a day, or i: datetime.date(1980, 4, 12).
func (sc *Scanner) dateCall(i int) int {
	j := i
	for j < i+4 && (sc.at(j).kind == tokenWord || sc.isPunct(j, '.')) {
		j++
	}
	if !sc.isPunct(j, '(') ||
		!sc.isYear(j+1) ||
		!sc.isPunct(j+2, ',') ||
		!monthOf(sc.lit(j+3)) ||
		!sc.isPunct(j+4, ',') ||
		!day(sc.lit(j+5)) ||
		sc.at(j+3).kind != tokenNumber ||
		sc.at(j+5).kind != tokenNumber {
		return i
	}
	for j += 6; j < i+24 && !sc.isPunct(j, ')'); j++ {
		if sc.at(j).kind != tokenNumber && !sc.isPunct(j, ',') {
			return i
		}
	}
	return min(j+1, len(sc.toks))
}

// identifier reports whether the label that ends with token i is written as
// programs write names: lastName, last_name.
func (sc *Scanner) identifier(i int) bool {
	if sc.isPunct(i-1, '_') && sc.tight(i-1) {
		return true
	}
	s := sc.lit(i)
	for k := 1; k < len(s); k++ {
		if chars.IsUpper(s[k]) && chars.IsLower(s[k-1]) {
			return true
		}
	}
	return false
}

var hashSome = words.Hash("some")

// addValue notes a value of which a label says what it is.
func (sc *Scanner) addValue(from, to int, cat category.Category) int {
	if cat == category.Name {
		return sc.addName(from, to, true)
	}
	return sc.add(from, to, cat)
}

// labelBefore looks up the words that end before token i: the most that make a
// label, up to where a line, a list item or a quotation begins.
func (sc *Scanner) labelBefore(i int) lexicon.Meaning {
	j := i
	if sc.isOneOf(j-1, "\"'?]") {
		j--
	}
	end := j
	for j > 0 && end-j < labelWords {
		t := &sc.toks[j-1]
		joint := t.kind == tokenPunct &&
			(sc.text[t.start] == '_' || sc.text[t.start] == '-' || sc.text[t.start] == '.') &&
			sc.joined(j-1) && (sc.joined(j) || sc.text[t.start] == '.' && sc.at(j-2).size() == 1)
		if !joint && (t.kind == tokenPunct || t.is(used)) {
			break
		}
		j--
		if t.is(lineBefore) {
			break
		}
	}
	for ; j < end; j++ {
		if !sc.toks[j].alnum() {
			continue
		}
		key := sc.textOf(j, end)
		if k := sc.lex.Classify(chars.Bytes(key)); k != (lexicon.Meaning{}) {
			return k
		}
	}
	return lexicon.Meaning{}
}

// valueEnd returns the index behind the last token of the value that begins at
// token from. tight says that nothing stands between the label's colon and it,
// as in map[first_name:Jane last_name:Roe].
func (sc *Scanner) valueEnd(from int, quote byte, assigned, tight bool, cat category.Category) int {
	limit := from + valueSize
	if cat == category.Psychotherapy {
		limit = len(sc.toks)
	}
	for j, open := from, 0; j < len(sc.toks) && j < limit; j++ {
		t := &sc.toks[j]
		if j > from && sc.breaksOff(j, cat) {
			return j
		}
		if sc.isPunct(j, '(') {
			open++
		}
		ends := false
		switch {
		case quote != 0:
			ends = sc.isPunct(j, quote)
		case sc.isPunct(j, ')') && cat != category.Psychotherapy: // Roe (DOB: 1/2/1980) reports
			open--
			ends = open < 0
		case assigned && j > from && (t.is(spaceBefore) || sc.isPunct(j, '&')):
			street := cat == category.Address && (t.kind == tokenNumber || t.is(capital)) // address_line1=44 Mill Lane
			ends = !street || sc.isPunct(j+1, '=')
		case cat == category.Psychotherapy:
		case t.kind == tokenPunct:
			ends = sc.signEnds(j, tight, cat)
		default:
			ends = j > from && t.is(spaceBefore) && sc.labelStarts(j, tight) && !sc.labelLater(j)
		}
		if ends {
			return j
		}
	}
	if len(sc.toks) <= limit {
		return len(sc.toks)
	}
	return from
}

// breaksOff reports whether a value of a category ends before token j because of the
// white space there: a line ends, or a name stands in a column before a date. Notes of
// psychotherapy go on to the next section.
func (sc *Scanner) breaksOff(j int, cat category.Category) bool {
	t := &sc.toks[j]
	if cat == category.Name && t.kind == tokenNumber && t.start-sc.toks[j-1].end >= 2 {
		return true // Signed: jane roe   4/12
	}
	return t.is(lineBefore) && (cat != category.Psychotherapy || sc.sectionStarts(j))
}

// signEnds reports whether a value of a category ends before the sign at token j: a comma
// may stand within a name, a place or a date, a period behind what is shortened.
func (sc *Scanner) signEnds(j int, tight bool, cat category.Category) bool {
	switch sc.text[sc.toks[j].start] {
	case ';', '|', '{', '}', '[', ']', '"', '>', '<', '!', '?':
		return true
	case ',':
		return !holdsCommas[cat] || sc.labelStarts(j+1, tight)
	case '.':
		return sc.at(j+1).is(spaceBefore) && sc.at(j-1).size() > 3 || j+1 == len(sc.toks)
	}
	return false
}

// holdsCommas are the categories whose values may hold commas: Roe, Jane.
var holdsCommas = [category.Count]bool{
	category.Name: true, category.Address: true, category.Place: true, category.Date: true, category.BirthDate: true, category.Geo: true,
}

// labelLater reports whether the label that may start at token j starts at a
// later word: one behind two spaces or more, which stand before columns of a form.
func (sc *Scanner) labelLater(j int) bool {
	wide := func(k int) bool { return sc.toks[k].start-sc.toks[k-1].end >= 2 }
	if wide(j) {
		return false
	}
	for k := j + 1; k < j+6 && k < len(sc.toks) && !sc.isOneOf(k, ":="); k++ {
		if sc.toks[k].kind == tokenWord && wide(k) {
			return true
		}
	}
	return false
}

// sectionStarts reports whether another section begins at token j, the first of
// its line: an empty line before it, and a label. Notes that aren't to travel
// run up to there.
func (sc *Scanner) sectionStarts(j int) bool {
	gap := sc.text[sc.toks[j-1].end:sc.toks[j].start]
	return strings.Count(gap, "\n") > 1 && sc.labelStarts(j, false)
}

// labelStarts reports whether a label of up to three words stands at token j.
// A tight one is a word right before a colon and a value.
func (sc *Scanner) labelStarts(j int, tight bool) bool {
	for k := j; k < j+6 && k < len(sc.toks); k++ {
		t := &sc.toks[k]
		if k > j && t.is(lineBefore) {
			return false
		}
		if t.kind == tokenPunct {
			switch sc.text[t.start] {
			case '_', '-', '.':
				continue
			case ':', '=':
				return k > j && (tight && sc.joined(k) || !sc.joined(k+1)) || sc.isPunct(k, '=')
			}
			return false
		}
		if t.kind == tokenNumber {
			return false
		}
	}
	return false
}
