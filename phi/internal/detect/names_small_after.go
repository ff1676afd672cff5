package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Names in small letters behind what announces them: my name is john smith, dr. patel,
// this is marvin calling.

// introduces reports whether the word at i says who speaks: this is, it's.
func (sc *Scanner) introduces(i int) bool {
	t, p := sc.at(i), sc.at(i-1)
	return t.hash == hashIs && (p.hash == hashThis || p.hash == hashIt) ||
		t.hash == hashIts ||
		t.hash == hashItIs ||
		t.hash == hashIm && !sc.capitals
}

// introduced reports whether nothing but a greeting stands before the
// introduction that ends at token i.
func (sc *Scanner) introduced(i int) bool {
	if sc.toks[i].hash == hashIs {
		i--
	}
	for j := i - 1; j >= 0; j-- {
		if t := &sc.toks[j]; t.cueIs(cue.Greeting) {
			return true
		} else if !fillers.Has(t.hash) {
			return false
		}
	}
	return sc.toks[i].hash == hashThis || i > 0
}

var fillers = words.SetOf("um uh so ok okay yo well and yeah")

// unknown reports whether a word is of no list, so that it may be a name.
func (sc *Scanner) unknown(t *token) bool {
	l := sc.lists.Get(t.hash)
	return t.kind == tokenWord && t.cueless() && t.size() > 3 && l.Word() == 0 && l.City() == 0 &&
		!l.Drug() && !sc.medicalShape(t)
}

// smallEnd reports whether a name in small letters may end before token i.
func (sc *Scanner) smallEnd(i int) bool {
	t := sc.at(i)
	return t.is(lineBefore|used) ||
		t.kind == tokenPunct ||
		t.cueIs(cue.Key|cue.Stop|cue.Speech) ||
		t.cueIs(cue.Date) && cue.All[t.cue].Cat == category.BirthDate
}

var (
	hashIt     = words.Hash("it")
	hashIts    = words.Hash("its")
	hashItIs   = words.Hash("it's")
	hashHere   = words.Hash("here")
	hashDoctor = words.Hash("doctor")
	hashGen    = words.Hash("gen")
)

var orWord = words.Hash("or")

// nobody are words that forms hold where a person could stand.
var nobody = words.SetOf("self none unknown unspecified same declined refused deceased parent parents guardian internet other staff family billing scheduling intake pharmacy reception registration referrals")

// smallBehind reports whether words in small letters stand behind the
// capitalised word at i, which announces a name.
func (sc *Scanner) smallBehind(i int) bool {
	t, n := &sc.toks[i], sc.at(sc.pastPeriod(i+1))
	if t.cueIs(cue.Intro) && sc.isPunct(i+1, ':') {
		return t.is(lineBefore) && !sc.at(i+2).is(capital|used|lineBefore)
	}
	return t.cueIs(cue.Title) && !t.is(allCaps) && n.kind == tokenWord && !n.is(capital)
}

// smallAfter finds a name in small letters behind a word that announces one:
// "my name is john smith", "dr. patel".
func (sc *Scanner) smallAfter(i int) {
	j := sc.announcedName(i)
	if j == i {
		return
	}
	to := sc.smallRun(i, j)
	t := &sc.toks[i]
	if to == j || t.cueIs(cue.Intro) && foreignArticles.Has(sc.at(j).hash) { // soy la madre
		return
	}
	if sc.lists.Get(sc.at(j).hash).Named() ||
		t.hash == hashName ||
		t.hash == hashCallMe ||
		(t.cueIs(cue.Title) || sc.introduces(i)) && sc.unknown(sc.at(j)) {
		from := j
		if t.cueIs(cue.Title) {
			from = i
		}
		sc.addName(from, sc.smallCredentials(to), false)
	}
}

// announcedName returns the index of the word that the one at i announces as a name, or i: dr.
// patel; name: jane; call me jane; this is jane; signed: jane.
func (sc *Scanner) announcedName(i int) int {
	t, j := &sc.toks[i], i+1
	switch {
	case t.hash == hashGen: // gen ed
		return i
	case t.cueIs(cue.Title) && t.size() <= 4 && t.size() > 1:
		return sc.pastPeriod(j)
	case t.hash == hashName:
		if sc.at(j).hash == hashIs || sc.isPunct(j, ':') {
			return j + 1
		}
	case t.hash == hashCallMe:
		if sc.at(i - 1).cueIs(cue.Tell) {
			return j
		}
	case t.hash == hashDoctor && (!sc.capitals || sc.hardlyElse(j)):
		return j
	case sc.introduces(i):
		if sc.introducesName(i) {
			return j
		}
	case t.cueIs(cue.Intro):
		if sc.isPunct(j, ':') && t.is(lineBefore) { // Signed: jane roe
			j++
		}
		return j
	}
	return i
}

// introducesName reports whether the word behind the introduction at i may be a name: one
// of the lists, any where only a greeting stands before. One that is a word as well needs a
// surname behind it: hi, this is grace moravec.
func (sc *Scanner) introducesName(i int) bool {
	l := sc.lists.Get(sc.at(i + 1).hash)
	if l.Word() == 0 && l.Named() {
		return true
	}
	return sc.introduced(i) &&
		(l.Word() == 0 ||
			l.Given() == words.Frequent && sc.lists.Get(sc.at(i+2).hash).Surname() >= words.Common && sc.smallEnd(i+3))
}

// smallRun returns the index behind the words from j on, three at most, that may be the
// name that the word at i announces.
func (sc *Scanner) smallRun(i, j int) int {
	to := j
	for to < j+3 && sc.at(to).kind == tokenWord && !sc.at(to).is(used|capital|lineBefore) {
		l := sc.lists.Get(sc.at(to).hash)
		if (to > j || sc.toks[i].cueIs(cue.Title) && (l.Surname() == words.Frequent || sc.toks[i].hash == hashDr)) &&
			sc.everydayLast(to, l) { // ashley brown, can i
			return to + 1
		}
		if !sc.smallMember(to, l, to == j) {
			return to
		}
		if to++; sc.isPunct(to, '-') && sc.tight(to) && sc.at(to+1).kind == tokenWord &&
			!sc.at(to+1).is(used|capital) && !sc.at(to+1).cueIs(cue.Stop) {
			to += 2
		}
	}
	return to
}

// everydayLast reports whether the word at i, of which the lists say l, is a surname that is
// a word as well and ends a name: ashley brown, can i.
func (sc *Scanner) everydayLast(i int, l words.Flags) bool {
	return l.Surname() >= words.Common && l.Word() > 0 && !sc.at(i).cueIs(cue.Stop) && (sc.smallEnd(i+1) || sc.acts(i+1))
}

// smallMember reports whether the word at i, of which the lists say l, may be one of a name
// that is announced. first says that it would be the first.
func (sc *Scanner) smallMember(i int, l words.Flags, first bool) bool {
	w := sc.at(i)
	if w.cueIs(cue.Stop|cue.Speech|cue.Unit|cue.Noun|cue.Key) || w.size() < 2 || l.Drug() {
		return false
	}
	switch l.Word() {
	case 0:
		return true
	case 1:
		return l.Named()
	}
	return l.Given() == words.Frequent && !(first && sc.at(i+1).cueIs(cue.Stop))
}

var foreignArticles = words.SetOf("el la los las un una il lo le les l'une une der die das ein eine o os as um uma het een")

// smallCredentials returns the index behind a degree in small letters at i, or i.
func (sc *Scanner) smallCredentials(i int) int {
	if t := sc.at(i); !t.is(used|lineBefore) && smallSuffixes.Has(t.hash) {
		return i + 1
	}
	return i
}

var smallSuffixes = words.SetOf("md phd jr sr lcsw lmft psyd dds esq")

// saysWho reports whether the word at i, in a text that has capitals, introduces
// somebody in small letters: "its shay, this is marvin calling.
func (sc *Scanner) saysWho(i int) bool {
	switch sc.toks[i].hash {
	case hashIts:
		return sc.quoteMark(i - 1)
	case hashIs:
		return sc.at(i-1).hash == hashThis &&
			(callers.Has(sc.at(i+2).hash) || callers.Has(sc.at(i+3).hash) || sc.greeted(i))
	}
	return false
}

var callers = words.SetOf("calling from again here")

// hardlyElse reports whether the word at i is a surname and no everyday word.
func (sc *Scanner) hardlyElse(i int) bool {
	l := sc.lists.Get(sc.at(i).hash)
	return !sc.at(i).is(lineBefore) && l.Surname() >= words.Common && l.Word() == 0
}
