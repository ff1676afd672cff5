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
	if next := sc.quotedApart(i); next > i {
		return next
	}
	end := sc.quotedWords(i)
	if end == i {
		return i + 1
	}
	j := i - 1 // of what stands before
	if sc.isOneOf(j, "(,") {
		j--
	}
	w, p, n := sc.at(i+1), sc.at(j), sc.at(end+1)
	behind := p.is(nameFound)
	if !behind && j == i-1 && !n.is(lineBefore) && sc.nameable(j) && sc.namish(j) && sc.namish(i+1) &&
		sc.nameable(end+1) && sc.namish(end+1) {
		sc.addName(j, j+1, true) // Johnson "Uzodimma" Leonard
		behind = true
	}
	surname := behind && n.isBut(capital, used|lineBefore) && sc.nameable(end+1)
	told := false
	switch {
	case p.kind == tokenPunct: // alias: "Spud"
		told = sc.isPunct(j, ':') && calledLabels.Has(sc.at(j-1).hash)
	case !sc.toks[i].is(lineBefore):
		told = behind && (surname || sc.nicknameAlone(i, end)) || sc.calledBefore(j, w)
	}
	if !told {
		return i + 1
	}
	sc.addName(i+1, end, w.list.Word() < words.Common || w.list.Given() >= words.Common)
	if !surname {
		return end + 1
	}
	var parts [maxName]part
	if count, to := sc.collect(end+1, &parts); count > 0 {
		return sc.addName(end+1, to, true)
	}
	return end + 1
}

// quotedWords returns the index of the quotation mark behind the one or two words behind
// the one at i, if they may be a nickname, or i: "Bud", "T-Bone", "Big Al".
func (sc *Scanner) quotedWords(i int) int {
	w := sc.at(i + 1)
	if w.kind != tokenWord ||
		!w.isBut(capital, used) ||
		!sc.joined(i+1) ||
		i > 0 && sc.joined(i) && sc.toks[i-1].alnum() {
		return i
	}
	end := i + 2
	if n := sc.at(end); sc.isPunct(end, '-') && sc.tight(end) && sc.at(end+1).kind == tokenWord {
		end += 2
	} else if n.kind == tokenWord && n.isBut(capital, used|lineBefore) {
		end++
	}
	if !sc.quoteMark(end) || !sc.joined(end) || w.cueIs(cue.Stop|cue.Weekday) {
		return i
	}
	thing := w.size() == 1 || sc.ofThing(w) && w.list.Given() == 0 && !sc.rareWord(w)
	if thing && end == i+2 {
		return i
	}
	return end
}

// quotedApart notes a given name and the word with a capital behind it that stand in quotes of
// their own behind the quotation mark at i, as programs print the fields of a record:
// {"Ann" "Roe" "1980-03-04"}. It returns the index behind them, or i.
func (sc *Scanner) quotedApart(i int) int {
	given, other := sc.at(i+1), sc.at(i+4)
	if !sc.wordInQuotes(i) || !sc.wordInQuotes(i+3) || sc.joined(i+3) ||
		given.list.Given() < words.Common || given.list.Word() >= words.Common || other.list.Word() >= words.Common ||
		given.cueIs(cue.Month|cue.Weekday|cue.State|cue.Country|cue.PlaceStart) {
		return i
	}
	sc.addName(i+1, i+2, true)
	return sc.addName(i+4, i+5, true)
}

// wordInQuotes reports whether one word with a capital stands in the quotation marks of which
// the first is token i.
func (sc *Scanner) wordInQuotes(i int) bool {
	t := sc.at(i + 1)
	return sc.isPunct(i, '"') && t.kind == tokenWord && t.isBut(capital, used) && sc.isPunct(i+2, '"')
}

// nicknameAlone reports whether the nickname in the quotes at i and end, behind a name, is
// the end of it: Roe, Ann ("Annie"), Ann "Annie" DOB.
func (sc *Scanner) nicknameAlone(i, end int) bool {
	if sc.isPunct(i-1, '(') && sc.isPunct(end+1, ')') {
		return true
	}
	w := sc.at(i + 1)
	return w.list.Word() == 0 &&
		(sc.at(end+1).isBut(used, lineBefore) ||
			sc.nicknameEnds(end+1) && !w.list.Drug() && !sc.medicalShape(w))
}

// calledBefore reports whether the word at j says that w, in quotes behind it, is what
// somebody is called: goes by "Birdie", they call him "Champ", his friend "Spud".
func (sc *Scanner) calledBefore(j int, w *token) bool {
	p, q := sc.at(j), sc.at(j-1)
	given := w.list.Word() < words.Common || w.list.Given() > 0
	switch {
	case p.hash == hashAnd && q.is(nameFound) && (w.list.Word() < words.Common || w.list.Named()),
		p.hash == hashBy && goWords.Has(q.hash),
		p.hash == hashAs && q.hash == hashKnown,
		calledWords.Has(p.hash) && (given || askedPersons.Has(q.hash)),
		askedPersons.Has(p.hash) && (callWords.Has(q.hash) || q.hash == hashCalled && given),
		!p.is(capital) && (kin.Has(p.hash) || friends.Has(p.hash)):
		return true
	}
	return false
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
	return t.list.Named() && t.list.Word() < words.Common || sc.rareWord(t) || sc.foreign(t)
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
