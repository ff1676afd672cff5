package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Nicknames in quotes: Robert "Bud" Lane, she goes by "Birdie", his friend "Spud".

// nickname notes the one or two words in quotes behind the quotation mark at
// token i, and the surname behind them, if what stands before says that they are
// what somebody is called. It returns the index behind them, or i+1.
func (sc *Scanner) nickname(i int) int {
	w := sc.at(i + 1)
	if w.kind != tokenWord ||
		!w.isBut(capital, used) ||
		!sc.joined(i+1) ||
		i > 0 && sc.joined(i) && sc.toks[i-1].alnum() {
		return i + 1
	}
	end := i + 2
	if sc.isPunct(end, '-') && sc.joined(end) && sc.joined(end+1) && sc.at(end+1).kind == tokenWord { // T-Bone
		end += 2
	} else if n := sc.at(end); n.kind == tokenWord && n.isBut(capital, used|lineBefore) {
		end++
	}
	if !sc.quoteMark(end) ||
		!sc.joined(end) ||
		w.size() == 1 && end == i+2 ||
		w.cueIs(cue.Stop|cue.Weekday) ||
		sc.ofThing(w) && w.list.Given() == 0 && end == i+2 && !sc.rareWord(w) {
		return i + 1
	}
	j := i - 1
	bracket := sc.isPunct(j, '(')
	if bracket || sc.isPunct(j, ',') {
		j--
	}
	p, n := sc.at(j), sc.at(end+1)
	behind := p.is(nameFound)
	if !behind && j == i-1 && sc.nameable(j) && sc.namish(j) && sc.namish(i+1) && !n.is(lineBefore) &&
		sc.nameable(end+1) && sc.namish(end+1) {
		sc.addName(j, j+1, true) // Johnson "Uzodimma" Leonard
		behind = true
	}
	surname := behind && n.isBut(capital, used|lineBefore) && sc.nameable(end+1)
	switch {
	case p.kind == tokenPunct:
		if !sc.isPunct(j, ':') || !calledLabels.Has(sc.at(j-1).hash) {
			return i + 1
		}
	case sc.toks[i].is(lineBefore):
		return i + 1
	case behind &&
		(surname ||
			bracket && sc.isPunct(end+1, ')') ||
			w.list.Word() == 0 &&
				(n.isBut(used, lineBefore) || sc.nicknameEnds(end+1) && !w.list.Drug() && !sc.medicalShape(w))):
	case p.hash == hashAnd && sc.at(j-1).is(nameFound) && (w.list.Word() < 2 || w.list.Named()):
	case p.hash == hashBy && goWords.Has(sc.at(j-1).hash),
		p.hash == hashAs && sc.at(j-1).hash == hashKnown,
		calledWords.Has(p.hash) && (w.list.Word() < 2 || w.list.Given() > 0 || askedPersons.Has(sc.at(j-1).hash)):
	case askedPersons.Has(p.hash) &&
		(callWords.Has(sc.at(j-1).hash) || sc.at(j-1).hash == hashCalled && (w.list.Word() < 2 || w.list.Given() > 0)): // they call him "Champ"
	case (kin.Has(p.hash) || friends.Has(p.hash)) && !p.is(capital):
	default:
		return i + 1
	}
	sc.addName(i+1, end, w.list.Word() < 2 || w.list.Given() >= 2)
	if !surname {
		return end + 1
	}
	var parts [maxName]part
	if count, to := sc.collect(end+1, &parts); count > 0 {
		return sc.addName(end+1, to, true)
	}
	return end + 1
}

// nicknameEnds reports whether a record goes on at token i, behind somebody's
// nickname: Roe, Ann "Annie"   DOB: …
func (sc *Scanner) nicknameEnds(i int) bool {
	t := sc.at(i)
	return t.is(lineBefore) ||
		sc.isPunct(i, ',') ||
		sc.isPunct(i, '(') ||
		sc.isPunct(i, '|') ||
		t.cueIs(cue.Key) ||
		t.cueIs(cue.Date) && cue.All[t.cue].Cat == category.BirthDate
}

// quotedInitials returns the index behind initials in quotes that stand for a
// person, behind the quotation mark at token i and a word that leads to one, or i:
// the case of "C.T."
func (sc *Scanner) quotedInitials(i int) int {
	if sc.at(i+1).size() != 1 ||
		sc.toks[i].is(lineBefore) ||
		!(beforeInitials.Has(sc.at(i-1).hash) || sc.at(i-1).hash == hashOf && ofInitials.Has(sc.at(i-2).hash)) {
		return i
	}
	j := i + 1
	for j < i+7 && sc.at(j).kind == tokenWord && sc.at(j).size() == 1 && sc.at(j).isBut(capital, used) &&
		sc.isPunct(j+1, '.') && sc.joined(j+1) {
		j += 2
	}
	if j < i+5 || !sc.quoteMark(j) {
		return i
	}
	return sc.addName(i+1, j, true)
}

// beforeInitials are words before somebody's initials, ofInitials stand before "of": groups
// and treatments have initials as well.
var (
	beforeInitials = words.SetOf("client patient pt student child minor")
	ofInitials     = words.SetOf("case cases mother father parent parents guardian behalf care treatment sessions")
)

// namish reports whether the word at i is one that names have, or of no list.
func (sc *Scanner) namish(i int) bool {
	t := sc.at(i)
	return t.list.Named() && t.list.Word() < 2 || sc.rareWord(t) || sc.foreign(t)
}

// quoteMark reports whether token i is a quotation mark.
func (sc *Scanner) quoteMark(i int) bool {
	if sc.at(i).kind != tokenPunct {
		return false
	}
	switch sc.lit(i) {
	case `"`, `'`, "“", "”", "‘", "’":
		return true
	}
	return false
}

var (
	calledWords  = words.SetOf("prefers preferred called nicknamed aka calls call nickname named")
	callWords    = words.SetOf("call calls")
	hashCalled   = words.Hash("called")
	calledLabels = words.SetOf("nickname aka alias")
	askedPersons = words.SetOf("him her me them")
	friends      = words.SetOf("friends bf gf buddy buddies pal pals boss coworker peer peers sponsor dealer ex")
)
