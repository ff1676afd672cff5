package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

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
	t := &sc.toks[i]
	j := i + 1
	switch {
	case t.hash == hashGen: // gen ed
		return
	case t.cueIs(cue.Title) && t.size() <= 4 && t.size() > 1:
		j = sc.pastPeriod(j)
	case t.hash == hashName && sc.at(j).hash == hashIs:
		j++
	case t.hash == hashName && sc.isPunct(j, ':'):
		j++
	case t.hash == hashCallMe:
		if !sc.at(i - 1).cueIs(cue.Tell) {
			return
		}
	case t.hash == hashDoctor && (!sc.capitals || sc.hardlyElse(j)):
	case sc.introduces(i):
		if l := sc.lists.Get(sc.at(j).hash); l.Word() > 0 &&
			!(l.Given() == 3 && sc.introduced(i) && sc.lists.Get(sc.at(j+1).hash).Surname() >= 2 && sc.smallEnd(j+2)) ||
			!l.Named() && !sc.introduced(i) {
			return
		}
	case t.cueIs(cue.Intro) && t.hash != hashName:
		if sc.isPunct(j, ':') && t.is(lineBefore) { // Signed: jane roe
			j++
		}
	default:
		return
	}
	to := j
	for to < j+3 && sc.at(to).kind == tokenWord && !sc.at(to).is(used|lineBefore) {
		w := sc.at(to)
		l := sc.lists.Get(w.hash)
		if (to > j || t.cueIs(cue.Title) && (l.Surname() == 3 || t.hash == hashDr)) && !w.is(capital) && l.Surname() >= 2 &&
			l.Word() > 0 && !w.cueIs(cue.Stop) && (sc.smallEnd(to+1) || sc.acts(to+1)) { // ashley brown, can i
			to++
			break
		}
		if w.is(capital) ||
			w.cueIs(cue.Stop) ||
			l.Word() >= 2 && (l.Given() < 3 || sc.at(to+1).cueIs(cue.Stop) && to == j) ||
			w.size() < 2 ||
			l.Word() >= 1 && !l.Named() ||
			w.cueIs(cue.Speech|cue.Unit|cue.Noun|cue.Key) ||
			l.Drug() {
			break
		}
		if to++; sc.isPunct(to, '-') && sc.joined(to) && sc.joined(to+1) && sc.at(to+1).kind == tokenWord &&
			!sc.at(to+1).is(used|capital) && !sc.at(to+1).cueIs(cue.Stop) {
			to += 2
		}
	}
	if to == j || t.cueIs(cue.Intro) && foreignArticles.Has(sc.at(j).hash) { // soy la madre
		return
	}
	if l := sc.lists.Get(sc.at(j).hash); l.Named() ||
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

var foreignArticles = words.SetOf("el la los las un una il lo le les l'une une der die das ein eine o os as um uma het een")

// smallCredentials returns the index behind a degree in small letters at i, or i.
func (sc *Scanner) smallCredentials(i int) int {
	if t := sc.at(i); !t.is(used|lineBefore) && smallSuffixes.Has(t.hash) {
		return i + 1
	}
	return i
}

var smallSuffixes = words.SetOf("md phd jr sr lcsw lmft psyd dds esq")

// smallNames finds names in a text without capitals.
func (sc *Scanner) smallNames(hint bool) {
	for i := 0; i < len(sc.toks); i++ {
		t := &sc.toks[i]
		if t.kind != tokenWord || t.is(used) || t.size() < 2 {
			if t.kind == tokenPunct && (sc.text[t.start] == ':' || sc.text[t.start] == '?') {
				i = sc.lineName(i+1) - 1
			}
			continue
		}
		if t.cue != 0 {
			if t.cueIs(cue.Intro|cue.Title) || t.hash == hashCallMe {
				sc.smallAfter(i)
				continue
			}
			if t.cueIs(cue.Stop) {
				if t.size() <= 4 && sc.introduces(i) {
					sc.smallAfter(i)
				}
				continue
			}
		}
		if t.size() < 3 {
			continue
		}
		l := sc.lists.Get(t.hash)
		if l.Word() > 0 && !l.Named() { // as most are
			continue
		}
		next := sc.at(i + 1)
		var l1 words.Flags
		if next.kind == tokenWord && !next.is(used|lineBefore) && !next.cueIs(cue.Stop) && next.size() > 1 {
			l1 = sc.lists.Get(next.hash)
		} else {
			next = &noToken
		}
		if codeWords.Has(next.hash) {
			continue
		}
		if n := sc.smallOther(i, l); n > i {
			i = sc.addName(i, n, n > i+1) - 1
			continue
		}
		if n := sc.smallParticles(i, l); n > i {
			i = sc.addName(i, n, true) - 1
			continue
		}
		if n := sc.smallInitial(i, l); n > i {
			i = sc.addName(i, sc.smallCredentials(n), true) - 1
			continue
		}
		if to := sc.smallKin(i, l, l1); to > i {
			i = sc.addName(i, sc.smallCredentials(to), to > i+1) - 1
			continue
		}
		pair := next != &noToken && (l1.Surname() >= 2 && l1.Word() < 2 || l1.Word() == 0 && !next.cueIs(cue.Unit))
		switch {
		case l.Given() >= 2 && l.Word() == 0 && pair,
			l.Given() == 3 && l.Word() <= 1 && pair,
			l.Given() == 3 && pair && l1.Surname() >= 2 && l1.Word() == 0,
			l.Given() >= 1 && l.Word() == 0 && pair && l1.Surname() >= 2:
			i = sc.addName(i, sc.smallCredentials(i+2), true) - 1
		case pair && l.Given() >= 1 && l.Word() == 0 && sc.unknown(next):
			i = sc.addName(i, i+2, true) - 1
		case l.Given() >= 1 && l.Word() < 2 && !t.cueIs(cue.Month) && sc.actor(i): // tyler is very reliable
			i = sc.addName(i, i+1, false)
		case l.Word() == 0 && (l.Given() >= 1 || l.Surname() >= 2) && l.City() == 0 && !l.Drug() && t.cue == 0 &&
			!sc.medicalShape(t) && sc.meets(i): // seen by quach
			to := i + 1
			if pairable(next, l1) {
				to++
			}
			i = sc.addName(i, to, to > i+1) - 1
		case t.cueIs(cue.Month) && !hint: // in june
		case sc.configures(i): // max: 30s, grace-api
		case l.Given() >= 2 && l.Word() == 0 && l.City() == 0,
			hint && l.Given() >= 2,
			sc.foreign(t) && l.Named() && l.Word() == 0:
			i = sc.addName(sc.smallHalfBefore(i), sc.smallSurname(i+1), false) - 1
		}
	}
}

// codeWords are how programmers shorten words: max int, val mem.
var codeWords = words.SetOf("int mem str ptr len buf idx bool uint func")

// smallWholeName takes a text in small letters that its key says is likely a
// name for one: garcia, maria; smith, j; patel.
func (sc *Scanner) smallWholeName() bool {
	words, named, comma := 0, 0, false
	for i := range sc.toks {
		t := &sc.toks[i]
		switch {
		case t.is(used) || i > 0 && t.is(lineBefore):
			return false
		case t.kind == tokenPunct:
			switch sc.text[t.start] {
			case ',':
				comma = true
			case '.', '-':
			default:
				return false
			}
		case t.kind != tokenWord || t.cueIs(cue.Stop|cue.NotName|cue.Unit|cue.Noun|cue.Facility) && t.size() > 1:
			return false
		case t.size() == 1:
			words++
		default:
			l := sc.lists.Get(t.hash)
			if l.Word() > 0 && !l.Named() || l.Word() == 3 && l.Given() < 3 && !comma || l.Drug() {
				return false
			}
			words++
			if l.Named() && l.Word() < 2 {
				named++
				if l.Surname() == 3 && l.Word() == 0 {
					named++
				}
			}
		}
	}
	if named == 0 || words > 4 || !comma && named < 2 {
		return false
	}
	sc.addName(0, len(sc.toks), true)
	return true
}

// smallKin returns the index behind a given name in small letters, and the
// surname behind it, that stand behind a word for a person: my mom linda,
// patient john doe, i told mike. l and l1 are what the lists say of both.
func (sc *Scanner) smallKin(i int, l, l1 words.Flags) int {
	p := sc.at(i - 1)
	if p.hash == hashIs && sc.at(i-2).cueIs(cue.Relation) && sc.at(i-3).cueIs(cue.Stop) { // my mom is
		p = sc.at(i - 2)
	}
	if sc.isPunct(i-1, ',') && owners.Has(sc.at(i-3).hash) && (sc.isPunct(i+1, ',') || sc.isPunct(i+2, ',')) { // my landlord, zorva quintel,
		p = sc.at(i - 2)
	}
	if sc.at(i).is(lineBefore) ||
		p.kind != tokenWord ||
		!p.cueIs(cue.Relation|cue.Tell|cue.Greeting) ||
		sc.at(i).cueIs(cue.Stop|cue.Month|cue.Key|cue.Unit) {
		return i
	}
	patient := p.hash == hashPt || p.hash == hashPatient || p.hash == hashClient
	if !patient && l.Word() == 0 && sc.unknown(sc.at(i)) && p.cueIs(cue.Relation) &&
		(sc.at(i-2).cueIs(cue.Stop) || p != sc.at(i-1)) { // my mom venkatesh
		l |= 2
	}
	if patient && l.Word() == 0 && l.City() == 0 && (l.Named() || sc.foreign(sc.at(i)) && sc.unknown(sc.at(i))) { // pt mamani needs
		l |= 2
	}
	if l.Given() < 2 && !(l.Given() == 1 && l.Word() == 0) || l.Word() == 3 || l.Word() == 2 && l.Given() < 3 {
		return i
	}
	if n := sc.at(i + 1); l1.Surname() >= 2 && n.kind == tokenWord && !n.is(used|lineBefore) &&
		!n.cueIs(cue.Stop) && sc.smallEnd(i+2) {
		return i + 2 // client latoya weeks dob
	}
	if n := sc.at(i + 1); (l1.Surname() >= 1 && l1.Word() < 2 || l1.Word() == 0 && n.size() > 3 && n.cueless()) &&
		n.kind == tokenWord && !n.is(used|lineBefore) && !n.cueIs(cue.Stop|cue.Speech|cue.Unit) {
		return i + 2
	}
	return i + 1
}

var owners = words.SetOf("my his her our their your")

// smallOther returns the index behind a name in small letters that stands
// before a given name, before "here", or behind another name, or i.
func (sc *Scanner) smallOther(i int, l words.Flags) int {
	t, n := sc.at(i), sc.at(i+1)
	switch {
	case n.kind == tokenPunct:
		if next := sc.smallLastFirst(i, l); next > i {
			return next
		}
	case kin.Has(n.hash) && sc.smallOwner(t): // lamonts mom
		return i + 1
	case n.hash == hashHere && t.is(lineBefore) && l.Word() == 0 && (l.Named() || sc.unknown(t)): // maria here
		return i + 1
	}
	if sc.at(i-1).hash == hashAnd && sc.at(i-2).is(nameFound) &&
		(l.Given() >= 1 && l.Word() < 2 || sc.unknown(t) && sc.foreign(t)) {
		return i + 1
	}
	return i
}

// smallOwner reports whether a word in small letters is a given name with the s of a
// possessive, whose apostrophe was left out.
func (sc *Scanner) smallOwner(t *token) bool {
	s := sc.text[t.start:t.end]
	if s[len(s)-1] != 's' || t.size() < 4 || sc.lists.Get(t.hash) != 0 {
		return false
	}
	l := sc.lists.Get(words.Hash(s[:len(s)-1]))
	return l.Given() >= 2 && l.Word() == 0
}

// smallLastFirst returns the index behind a surname and a given name in small
// letters, or i: spoke to mazzoli, joshua re: balance.
func (sc *Scanner) smallLastFirst(i int, l words.Flags) int {
	p, n := sc.at(i-1), sc.at(i+2)
	near := p.hash == hashTo || p.hash == hashWith
	if l.Surname() < 2 && !(near && sc.unknown(sc.at(i))) ||
		l.Word() > 0 && l.Surname() < 3 ||
		!sc.isPunct(i+1, ',') ||
		n.kind != tokenWord ||
		n.is(used|lineBefore) ||
		n.cueIs(cue.Stop) {
		return i
	}
	g := sc.lists.Get(n.hash)
	if g.Given() == 0 ||
		g.Word() > 0 && !(g.Given() == 3 && l.Word() == 0 && near) ||
		l.Given() >= 2 && l.Surname() < 3 {
		return i
	}
	before := near ||
		p.hash == hashFor ||
		p.cueIs(cue.Relation) ||
		sc.isPunct(i-1, ':') ||
		sc.quote(i-1) ||
		sc.toks[i].is(lineBefore)
	if t := sc.at(i + 3); !before || sc.isPunct(i+3, ',') || t.hash == hashAnd {
		return i
	}
	return i + 3
}

var (
	hashPt      = words.Hash("pt")
	hashPatient = words.Hash("patient")
	hashClient  = words.Hash("client")
)

// smallInitial returns the index behind a name with an initial in its middle,
// or i: walter h prentiss.
func (sc *Scanner) smallInitial(i int, l words.Flags) int {
	m := sc.at(i + 1)
	if m.kind != tokenWord || m.size() != 1 || m.is(used|lineBefore) || l.Word() > 0 && l.Given() < 2 || l.Drug() {
		return i
	}
	j := sc.pastPeriod(i + 2)
	n := sc.at(j)
	if n.kind != tokenWord || n.size() < 3 || n.is(used|lineBefore) || n.cueIs(cue.Stop|cue.Unit|cue.Noun) {
		return i
	}
	if l1 := sc.lists.Get(n.hash); l1.Word() > 0 && l1.Surname() < 2 || l1.Drug() || l1.Word() >= 2 {
		return i
	}
	return j + 1
}

// smallBracketed notes the given name in small letters that stands in parentheses,
// the first of which is token i, behind a word for a relative: Dad (ron) agrees.
func (sc *Scanner) smallBracketed(i int) {
	n := sc.at(i + 1)
	if n.kind != tokenWord ||
		n.is(used|capital|lineBefore) ||
		n.size() < 3 ||
		!kin.Has(sc.at(i-1).hash) ||
		!sc.isPunct(i+2, ')') && !sc.isPunct(i+2, ',') {
		return
	}
	if l := sc.lists.Get(n.hash); l.Given() >= 2 && l.Word() < 2 && n.cueless() {
		sc.addName(i+1, i+2, true)
	}
}

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
	return !sc.at(i).is(lineBefore) && l.Surname() >= 2 && l.Word() == 0
}

// smallBeside notes names in small letters, in a text that has capitals, behind
// the word in small letters at i: my aunt carol, told shawn, with lena. Only words
// that are hardly anything else are.
func (sc *Scanner) smallBeside(i int) {
	t, n := &sc.toks[i], sc.at(i+1)
	if n.kind != tokenWord ||
		n.is(used|capital|lineBefore) ||
		n.size() < 4 ||
		n.cueIs(cue.Stop|cue.Month|cue.Unit|cue.Key|cue.NotName) {
		return
	}
	l := sc.lists.Get(n.hash)
	if l.Word() == 0 && l.City() == 0 && n.cueless() && kin.Has(t.hash) && articles.Has(sc.at(i-1).hash) &&
		!l.Drug() && !sc.medicalShape(n) &&
		(sc.isPunct(i+2, ',') || sc.isPunct(i+2, '.') || sc.at(i+2).is(lineBefore)) { // my brother tendai, he
		sc.addName(i+1, i+2, false)
		return
	}
	if l.Given() < 2 ||
		l.Drug() ||
		l.Word() == 3 ||
		l.Word() > 0 &&
			(l.Given() < 3 ||
				!kin.Has(t.hash) ||
				sc.lists.Get(sc.at(i+2).hash).Word() == 0 && sc.at(i+2).kind == tokenWord) ||
		l.City() > 0 && !kin.Has(t.hash) {
		return
	}
	if l.Word() > 0 && !articles.Has(sc.at(i-1).hash) && sc.at(i-1).kind == tokenWord && !sc.at(i-1).cueIs(cue.Stop) {
		return
	}
	to := i + 2
	if s := sc.at(to); s.kind == tokenWord && !s.is(used|capital|lineBefore) && s.cueless() && s.size() > 3 {
		if l := sc.lists.Get(s.hash); l.Surname() >= 2 && l.Word() == 0 {
			to++
		}
	}
	sc.addName(i+1, to, false)
	if sc.at(to).hash == hashAnd {
		sc.smallBeside(to)
	}
}
