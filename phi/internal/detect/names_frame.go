package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Names that are words as well (Rich, Little, Day, Florida) are told by what
// stands around the whole run of capitalised words: "spouse of Rich Day",
// "Florida Little, a 45-year-old", "Shin Walker (DOB …)".

// maxFramed is how many words a framed name has at most.
const maxFramed = 3

// A frame is how sure it is that a person stands in some place.
type frame uint8

const (
	unframed frame = iota
	likely         // behind a word for a person, before a verb of speech
	certain        // my name is; , born; (DOB; , LCSW
)

// framed returns the index behind a name that the words around it tell, or i+1.
func (sc *Scanner) framed(i int) int {
	before := unframed
	if !sc.toks[i].is(lineBefore) {
		if from := sc.courtesy(i); from < i {
			if end := sc.titled(i); end > i {
				return sc.addName(from, end, true)
			}
			return i + 1
		}
		if p := sc.at(i - 1); p.kind != tokenWord || p.cue != 0 {
			before = sc.frameBefore(i)
		}
	}
	if sc.identified(i) {
		return sc.addName(i, i+1, true)
	}
	if before == unframed && sc.hardlyFramed(i) {
		return i + 1
	}
	end, n := sc.frameRun(i)
	if n == 0 || n == 1 && before == unframed {
		return i + 1
	}
	if n == 1 {
		if lone := sc.loneSurname(i, end); lone || sc.kinName(i) {
			return sc.addName(i, end, lone || sc.appositive(i))
		}
		return i + 1
	}
	after := sc.frameAfter(end)
	if before == unframed && after == unframed || !sc.fitsFrame(i, end, before, after) {
		return i + 1
	}
	return sc.addName(i, sc.credentials(end), true)
}

// identified reports whether an identifier of a person's stands in parentheses behind the one
// word at i, which no list holds or which is a common name: Zorva (DOB: 4/5/1980), Hope (MRN 22417).
func (sc *Scanner) identified(i int) bool {
	if !sc.isPunct(i+1, '(') || !sc.identifierKey(i+2) {
		return false
	}
	t, k := &sc.toks[i], i+3
	for sc.isOneOf(k, ":#=") {
		k++
	}
	value := sc.at(k).kind == tokenNumber || sc.at(k).kind == tokenMixed || sc.at(k).is(used)
	return value && !t.cueIs(cue.Relation|cue.Medical|cue.NotName) &&
		(t.list.Given() >= words.Common || !t.cueIs(cue.Stop) && (sc.rareWord(t) || t.list.Surname() >= words.Common))
}

// hardlyFramed reports whether the capitalised word at i, which nothing leads to, hardly
// begins a name: it is a word for a person, stands within a title or is one word alone.
func (sc *Scanner) hardlyFramed(i int) bool {
	t, p, n := &sc.toks[i], sc.at(i-1), sc.at(i+1)
	switch {
	case t.cueIs(cue.Relation) && t.list.Given() < words.Common,
		!t.is(sentence) && p.kind == tokenWord && p.is(capital), // within a title
		t.size() > 1 && n.kind == tokenWord && !n.isBut(capital, lineBefore),
		t.size() > 1 && n.kind == tokenPunct && !sc.joined(i+1):
		return true
	}
	return false
}

// fitsFrame reports whether the words from i to end may be the name that before and after
// tell: at least one of them is a name or no word. Where they are not certain, all must
// be, and none a common word.
func (sc *Scanner) fitsFrame(i, end int, before, after frame) bool {
	sure := before == certain || after == certain
	named, names, stops := 0, 0, 0
	for j := i; j < end; j++ {
		t := &sc.toks[j]
		if t.kind != tokenWord || t.size() == 1 {
			continue
		}
		names++
		l := t.list
		switch {
		case l.Named() || l.Word() == 0:
			named++
		case l.Word() >= words.Common && !sure:
			return false
		}
		if t.cueIs(cue.Stop) {
			if j == i && before != certain && l.Given() == 0 {
				return false
			}
			stops++
		}
	}
	if named == 0 || stops == names {
		return false
	}
	t, last := &sc.toks[i], sc.toks[end-1].list
	return sure || named == names &&
		(t.list.Given() > 0 || last.Surname() >= words.Common && !(t.is(sentence) && before == unframed))
}

// frameRun returns the index behind the run of capitalised words at i that may
// be a name, and how many words it has; 0 when it has too many or one that
// stands for a thing.
func (sc *Scanner) frameRun(i int) (end, n int) {
	j := i
	for {
		t := sc.at(j)
		if t.kind != tokenWord || !t.isBut(capital, used) || n > 0 && t.is(lineBefore) {
			break
		}
		if n > 0 && t.cueIs(cue.Suffix) {
			break
		}
		if n >= 2 && t.is(allCaps) && !sc.toks[i].is(allCaps) {
			break // a degree
		}
		if n == maxFramed || sc.ofThing(t) {
			return j, 0
		}
		n++
		j++
		switch {
		case t.is(possessive):
			return j, n
		case t.size() == 1 && sc.isPunct(j, '.') && sc.joined(j):
			j++
		case sc.isPunct(j, '-') && sc.tight(j) && sc.at(j+1).is(capital):
			j++
		}
	}
	if j > i && sc.isPunct(j-1, '-') {
		return j, 0
	}
	return j, n
}

// ofThing reports whether a capitalised word stands in names of things rather
// than of persons.
func (sc *Scanner) ofThing(t *token) bool {
	l := t.list
	if t.is(allCaps) && t.size() > 1 && t.size() <= 5 && l.Given() < words.Common && l.Surname() < words.Common ||
		l.Drug() ||
		sc.camelCase(t) ||
		!l.Named() && sc.medicalShape(t) ||
		sc.contraction(t) {
		return true
	}
	return t.cueIs(cue.Facility|cue.Company|cue.NotName|cue.Medical|cue.Weekday|cue.Noun|cue.WeakKey|cue.Care|cue.Key|cue.Holiday) &&
		l.Surname() < words.Frequent && l.Given() < words.Common && !(l.Surname() == words.Common && l.Word() < words.Frequent) &&
		!t.cueIs(cue.Street|cue.Country)
}

// courtesy returns the index of the title right before token i, or i.
func (sc *Scanner) courtesy(i int) int {
	j := i - 1
	if sc.isPunct(j, '.') && sc.joined(j) {
		j--
	}
	if t := sc.at(j); t.kind == tokenWord && !t.is(used) && t.cueIs(cue.Title) &&
		courtesyTitles.Has(t.hash) &&
		(t.is(capital) || j < i-1) && !sc.titleIsUnit(j) && // QTc 431 ms. Li 0.8
		!sc.at(i).is(lineBefore) {
		return j
	}
	return i
}

var courtesyTitles = words.SetOf("mr mrs ms miss mx dr prof rev sra srta herr frau mme")

// titled returns the index behind the name that begins at i, right behind a
// title: any capitalised word that no sentence or heading begins with; or i.
func (sc *Scanner) titled(i int) int {
	if sc.surnameOfTwo(i) && sc.toks[i].is(capital) { // Mrs. Two Bulls
		return i + 2
	}
	if sc.neverTitled(i) {
		return i
	}
	end := i + 1
	if t, n := &sc.toks[i], sc.at(end); !t.is(possessive) && n.isBut(capital, used|lineBefore) {
		if n.size() == 1 {
			if sc.isPunct(end+1, '.') && sc.joined(end+1) { // Mr. An F.
				end += 2
			}
		} else if n.kind == tokenWord && (n.list.Named() || n.list.Word() == 0) && !sc.ofThing(n) &&
			!n.cueIs(cue.Stop|cue.Month) {
			end++
		}
	}
	return sc.credentials(end)
}

// neverTitled reports whether the capitalised word at i is none that a title belongs to.
func (sc *Scanner) neverTitled(i int) bool {
	t, p := &sc.toks[i], sc.at(i-1)
	l := t.list
	doctor := p.hash == hashDr || sc.at(i-2).hash == hashDr
	switch {
	case t.size() == 1 || l.Drug() || t.cueIs(cue.UnitWord) && l.Surname() < words.Common || sc.isPunct(i+1, ':'),
		t.is(allCaps) && !p.is(allCaps) && !sc.at(i-2).is(allCaps), // Ms CBT
		t.cueIs(cue.Stop) && l.Surname() < words.Common && l.Given() == 0,
		t.cueIs(cue.Weekday|cue.Month) && (doctor || sc.at(i+1).kind == tokenNumber),
		doctor && t.cueIs(cue.Stop) && sc.isPunct(i-1, '.') && articles.Has(sc.at(i-3).hash): // I saw the Dr. See below
		return true
	}
	return false
}

var hashDr = words.Hash("dr")

// kinName reports whether the one word at i, behind a word for a relative or
// the like, is a given name: daughter Jack, husband Grace.
func (sc *Scanner) kinName(i int) bool {
	t := &sc.toks[i]
	p := sc.at(i - 1)
	if sc.isPunct(i-1, ',') && sc.isPunct(i+1, ',') && sc.at(i+2).hash == hashWho && kin.Has(sc.at(i-2).hash) { // her roommate, Skip, who said
		return !sc.acronym(t) && !t.cueIs(cue.Stop|cue.NotName)
	}
	if sc.appositive(i) {
		return true
	}
	if sc.acronym(t) || sc.medicalShape(t) && t.list.Given() < words.Common || !t.list.Named() || t.cueIs(cue.Stop) && t.list.Given() < words.Common {
		return false
	}
	if n := sc.at(i + 1); n.kind == tokenPunct && sc.isPunct(i+1, ':') || n.kind == tokenNumber {
		return false
	}
	if p.cueIs(cue.Greeting) && sc.isPunct(i+1, ',') { // Dear August,
		return !t.cueIs(cue.Title | cue.Relation)
	}
	return p.kind == tokenWord &&
		(kin.Has(p.hash) && t.list.Given() > 0 || p.cueIs(cue.Relation) && !p.is(capital) && t.list.Given() >= words.Common)
}

// loneSurname reports whether the one word at i, behind a word for a person, is a
// surname by what stands around it, though it may be a word as well: Patient
// Brown called; Attending: Black.
func (sc *Scanner) loneSurname(i, end int) bool {
	t := &sc.toks[i]
	if t.list.Surname() < words.Common ||
		sc.acronym(t) && !sc.capitalsAround(i) ||
		sc.ofThing(t) ||
		nobody.Has(t.hash) ||
		services.Has(t.hash) {
		return false
	}
	if sc.isPunct(i-1, ':') {
		if sc.isPunct(end, '.') {
			end++
		}
		return sc.at(end).is(lineBefore) && !sc.at(i-2).is(used)
	}
	if p := sc.at(i - 1); p.kind != tokenWord {
		return false
	} else if n := sc.at(end); (lowerTitles.Has(p.hash) || t.list.Surname() == words.Frequent) && n.kind == tokenWord &&
		!n.is(capital|lineBefore) && strings.HasSuffix(sc.lit(end), "ed") { // Nurse White administered
		return true
	}
	return sc.frameAfter(end) != unframed || sc.acts(end)
}

// services are surnames that stand behind a word for a person in names of things.
var services = words.SetOf("service check care risk center record call home board street room desk bill case visit line page")

// surnameTail returns the index behind a surname that is a word as well and
// stands right behind a given name or title that ends at token i, or i:
// Maria Day, Ms. Ana Little.
func (sc *Scanner) surnameTail(i int) int {
	t := sc.at(i)
	if t.kind != tokenWord ||
		!t.isBut(capital, used|lineBefore) ||
		t.list.Surname() < words.Common && (sc.ofThing(t) || sc.frameAfter(i+1) != certain) ||
		t.is(allCaps) != sc.at(i-1).is(allCaps) ||
		sc.at(i-1).is(possessive) ||
		sc.at(i-1).kind == tokenPunct {
		return i
	}
	if n := sc.at(i + 1); n.kind == tokenWord && n.is(capital) && !n.is(lineBefore) && !n.cueIs(cue.Suffix) ||
		sc.isPunct(i+1, ':') ||
		n.kind == tokenNumber && !n.is(lineBefore) {
		return i
	}
	return i + 1
}

// wholeName takes a text that its key says is likely a name for one when each
// of its words may be: two to five, capitalised, none of them of a thing.
func (sc *Scanner) wholeName() bool {
	if t := sc.at(0); len(sc.toks) == 1 && t.cueIs(cue.Eponym) && t.list.Named() && t.isBut(capital, used) {
		sc.addName(0, 1, true) // {"nurse": "Lou"}
		return true
	}
	n := 0
	for i := range sc.toks {
		t, first := &sc.toks[i], i == 0
		switch {
		case t.is(used), t.is(lineBefore) && !first:
			return false
		case t.kind == tokenPunct:
			if !sc.isOneOf(i, ".,-") {
				return false
			}
		case t.kind != tokenWord:
			return false
		case !t.is(capital):
			if first || !t.cueIs(cue.Particle) {
				return false
			}
		case t.size() == 1, t.cueIs(cue.Suffix) && !first:
		case sc.ofThing(t), t.list.OnlyWord() && !(t.cueIs(cue.Title) && first):
			return false
		default:
			n++
		}
	}
	if n < 2 || n > 5 {
		return false
	}
	sc.addName(0, len(sc.toks), true)
	return true
}
