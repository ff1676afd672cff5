package phi

// introduces reports whether the word at i says who speaks: this is, it's.
func (sc *scanner) introduces(i int) bool {
	t, p := sc.at(i), sc.at(i-1)
	return t.hash == hashIs && (p.hash == hashThis || p.hash == hashIt) || t.hash == hashIts || t.hash == hashItIs || t.hash == hashIm && !sc.capitals
}

// introduced reports whether nothing but a greeting stands before the
// introduction that ends at token i.
func (sc *scanner) introduced(i int) bool {
	if sc.toks[i].hash == hashIs {
		i--
	}
	for j := i - 1; j >= 0; j-- {
		if t := &sc.toks[j]; t.cueIs(cueGreeting) {
			return true
		} else if !fillers.has(t.hash) {
			return false
		}
	}
	return sc.toks[i].hash == hashThis || i > 0
}

var fillers = setOf("um uh so ok okay yo well and yeah")

// unknown reports whether a word is of no list, so that it may be a name.
func (sc *scanner) unknown(t *token) bool {
	l := sc.lists.get(t.hash)
	return t.kind == tokenWord && t.cueless() && t.size() > 3 && l.word() == 0 && l.city() == 0 && !l.drug() && !sc.medicalShape(t)
}

// smallEnd reports whether a name in small letters may end before token i.
func (sc *scanner) smallEnd(i int) bool {
	t := sc.at(i)
	return t.flags&(lineBefore|used) != 0 || t.kind == tokenPunct || t.cueIs(cueKey|cueStop|cueSpeech) || t.cueIs(cueDate) && cues[t.cue].cat == BirthDate
}

var (
	hashIt     = foldHash("it")
	hashIts    = foldHash("its")
	hashItIs   = foldHash("it's")
	hashHere   = foldHash("here")
	hashDoctor = foldHash("doctor")
)

var orWord = foldHash("or")

// nobody are words that forms hold where a person could stand.
var nobody = setOf("self none unknown unspecified same declined refused deceased parent parents guardian internet other staff family billing scheduling intake pharmacy reception registration referrals")

// smallBehind reports whether words in small letters stand behind the
// capitalised word at i, which announces a name.
func (sc *scanner) smallBehind(i int) bool {
	t, n := &sc.toks[i], sc.at(sc.pastPeriod(i+1))
	if t.cueIs(cueIntro) && sc.isPunct(i+1, ':') {
		return t.is(lineBefore) && sc.at(i+2).flags&(capital|used|lineBefore) == 0
	}
	return t.cueIs(cueTitle) && !t.is(allCaps) && n.kind == tokenWord && n.flags&capital == 0
}

// smallAfter finds a name in small letters behind a word that announces one:
// "my name is john smith", "dr. patel".
func (sc *scanner) smallAfter(i int) {
	t := &sc.toks[i]
	j := i + 1
	switch {
	case t.cueIs(cueTitle) && t.size() <= 4 && t.size() > 1:
		j = sc.pastPeriod(j)
	case t.hash == hashName && sc.at(j).hash == hashIs:
		j++
	case t.hash == hashName && sc.isPunct(j, ':'):
		j++
	case t.hash == hashCallMe:
		if !sc.at(i - 1).cueIs(cueTell) {
			return
		}
	case t.hash == hashDoctor && (!sc.capitals || sc.hardlyElse(j)):
	case sc.introduces(i):
		if l := sc.lists.get(sc.at(j).hash); l.word() > 0 && !(l.given() == 3 && sc.introduced(i) && sc.lists.get(sc.at(j+1).hash).surname() >= 2 && sc.smallEnd(j+2)) || !l.named() && !sc.introduced(i) {
			return
		}
	case t.cueIs(cueIntro) && t.hash != hashName:
		if sc.isPunct(j, ':') && t.is(lineBefore) { // Signed: jane roe
			j++
		}
	default:
		return
	}
	to := j
	for to < j+3 && sc.at(to).kind == tokenWord && sc.at(to).flags&(used|lineBefore) == 0 {
		w := sc.at(to)
		l := sc.lists.get(w.hash)
		if (to > j || t.cueIs(cueTitle) && l.surname() == 3) && w.flags&capital == 0 && l.surname() >= 2 && l.word() > 0 && !w.cueIs(cueStop) && sc.smallEnd(to+1) { // ashley brown, can i
			to++
			break
		}
		if w.flags&capital != 0 || w.cueIs(cueStop) || l.word() >= 2 && (l.given() < 3 || sc.at(to+1).cueIs(cueStop) && to == j) || w.size() < 2 || l.word() >= 1 && !l.named() || w.cueIs(cueSpeech|cueUnit|cueNoun|cueKey) || l.drug() {
			break
		}
		if to++; sc.isPunct(to, '-') && sc.joined(to) && sc.joined(to+1) && sc.at(to+1).kind == tokenWord && sc.at(to+1).flags&(used|capital) == 0 && !sc.at(to+1).cueIs(cueStop) {
			to += 2
		}
	}
	if to == j || t.cueIs(cueIntro) && foreignArticles.has(sc.at(j).hash) { // soy la madre
		return
	}
	if l := sc.lists.get(sc.at(j).hash); l.named() || t.hash == hashName || t.hash == hashCallMe || (t.cueIs(cueTitle) || sc.introduces(i)) && sc.unknown(sc.at(j)) {
		from := j
		if t.cueIs(cueTitle) {
			from = i
		}
		sc.addName(from, sc.smallCredentials(to), false)
	}
}

var foreignArticles = setOf("el la los las un una il lo le les l'une une der die das ein eine o os as um uma het een")

// smallCredentials returns the index behind a degree in small letters at i, or i.
func (sc *scanner) smallCredentials(i int) int {
	if t := sc.at(i); t.flags&(used|lineBefore) == 0 && smallSuffixes.has(t.hash) {
		return i + 1
	}
	return i
}

var smallSuffixes = setOf("md phd jr sr lcsw lmft psyd dds esq")

// smallNames finds names in a text without capitals.
func (sc *scanner) smallNames(hint bool) {
	for i := 0; i < len(sc.toks); i++ {
		t := &sc.toks[i]
		if t.kind != tokenWord || t.flags&used != 0 || t.size() < 2 {
			if t.kind == tokenPunct && (sc.text[t.start] == ':' || sc.text[t.start] == '?') {
				i = sc.lineName(i+1) - 1
			}
			continue
		}
		if t.cue != 0 {
			if t.cueIs(cueIntro|cueTitle) || t.hash == hashCallMe {
				sc.smallAfter(i)
				continue
			}
			if t.cueIs(cueStop) {
				if t.size() <= 4 && sc.introduces(i) {
					sc.smallAfter(i)
				}
				continue
			}
		}
		if t.size() < 3 {
			continue
		}
		l := sc.lists.get(t.hash)
		if l.word() > 0 && !l.named() { // as most are
			continue
		}
		next := sc.at(i + 1)
		var l1 flags
		if next.kind == tokenWord && next.flags&(used|lineBefore) == 0 && !next.cueIs(cueStop) && next.size() > 1 {
			l1 = sc.lists.get(next.hash)
		} else {
			next = &noToken
		}
		if codeWords.has(next.hash) {
			continue
		}
		if n := sc.smallOther(i, l); n > i {
			i = sc.addName(i, n, n > i+1) - 1
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
		pair := next != &noToken && (l1.surname() >= 2 && l1.word() < 2 || l1.word() == 0 && !next.cueIs(cueUnit))
		switch {
		case l.given() >= 2 && l.word() == 0 && pair,
			l.given() == 3 && l.word() <= 1 && pair,
			l.given() == 3 && pair && l1.surname() >= 2 && l1.word() == 0,
			l.given() >= 1 && l.word() == 0 && pair && l1.surname() >= 2:
			i = sc.addName(i, sc.smallCredentials(i+2), true) - 1
		case pair && l.given() >= 1 && l.word() == 0 && sc.unknown(next):
			i = sc.addName(i, i+2, true) - 1
		case l.given() >= 1 && l.word() < 2 && !t.cueIs(cueMonth) && sc.actor(i): // tyler is very reliable
			i = sc.addName(i, i+1, false)
		case t.cueIs(cueMonth) && !hint: // in june
		case l.given() >= 2 && l.word() == 0 && l.city() == 0, hint && l.given() >= 2, sc.foreign(t) && l.named() && l.word() == 0:
			i = sc.addName(i, i+1, false) - 1
		}
	}
}

// codeWords are how programmers shorten words: max int, val mem.
var codeWords = largeSetOf("int mem str ptr len buf idx bool uint func")

// smallWholeName takes a text in small letters that its key says is likely a
// name for one: garcia, maria; smith, j; patel.
func (sc *scanner) smallWholeName() bool {
	words, named, comma := 0, 0, false
	for i := range sc.toks {
		t := &sc.toks[i]
		switch {
		case t.flags&used != 0 || i > 0 && t.flags&lineBefore != 0:
			return false
		case t.kind == tokenPunct:
			switch sc.text[t.start] {
			case ',':
				comma = true
			case '.', '-':
			default:
				return false
			}
		case t.kind != tokenWord || t.cueIs(cueStop|cueNotName|cueUnit|cueNoun|cueFacility) && t.size() > 1:
			return false
		case t.size() == 1:
			words++
		default:
			l := sc.lists.get(t.hash)
			if l.word() > 0 && !l.named() || l.word() == 3 && l.given() < 3 && !comma || l.drug() {
				return false
			}
			words++
			if l.named() && l.word() < 2 {
				named++
				if l.surname() == 3 && l.word() == 0 {
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
func (sc *scanner) smallKin(i int, l, l1 flags) int {
	p := sc.at(i - 1)
	if p.hash == hashIs && sc.at(i-2).cueIs(cueRelation) && sc.at(i-3).cueIs(cueStop) { // my mom is
		p = sc.at(i - 2)
	}
	if sc.at(i).flags&lineBefore != 0 || p.kind != tokenWord || !p.cueIs(cueRelation|cueTell|cueGreeting) || sc.at(i).cueIs(cueStop|cueMonth|cueKey|cueUnit) {
		return i
	}
	patient := p.hash == hashPt || p.hash == hashPatient || p.hash == hashClient
	if !patient && l.word() == 0 && sc.unknown(sc.at(i)) && p.cueIs(cueRelation) && (sc.at(i-2).cueIs(cueStop) || p != sc.at(i-1)) { // my mom venkatesh
		l |= 2
	}
	if patient && l.word() == 0 && l.city() == 0 && (l.named() || sc.foreign(sc.at(i)) && sc.unknown(sc.at(i))) { // pt mamani needs
		l |= 2
	}
	if l.given() < 2 && !(l.given() == 1 && l.word() == 0) || l.word() == 3 || l.word() == 2 && l.given() < 3 {
		return i
	}
	if n := sc.at(i + 1); l1.surname() >= 2 && n.kind == tokenWord && n.flags&(used|lineBefore) == 0 && !n.cueIs(cueStop) && sc.smallEnd(i+2) {
		return i + 2 // client latoya weeks dob
	}
	if n := sc.at(i + 1); (l1.surname() >= 1 && l1.word() < 2 || l1.word() == 0 && n.size() > 3 && n.cueless()) && n.kind == tokenWord && n.flags&(used|lineBefore) == 0 && !n.cueIs(cueStop|cueSpeech|cueUnit) {
		return i + 2
	}
	return i + 1
}

// smallOther returns the index behind a name in small letters that stands
// before a given name, before "here", or behind another name, or i.
func (sc *scanner) smallOther(i int, l flags) int {
	t, n := sc.at(i), sc.at(i+1)
	switch {
	case n.kind == tokenPunct:
		if next := sc.smallLastFirst(i, l); next > i {
			return next
		}
	case n.hash == hashHere && t.is(lineBefore) && l.word() == 0 && (l.named() || sc.unknown(t)): // maria here
		return i + 1
	}
	if sc.at(i-1).hash == hashAnd && sc.at(i-2).flags&nameFound != 0 && (l.given() >= 1 && l.word() < 2 || sc.unknown(t) && sc.foreign(t)) {
		return i + 1
	}
	return i
}

// smallLastFirst returns the index behind a surname and a given name in small
// letters, or i: spoke to mazzoli, joshua re: balance.
func (sc *scanner) smallLastFirst(i int, l flags) int {
	p, n := sc.at(i-1), sc.at(i+2)
	near := p.hash == hashTo || p.hash == hashWith
	if l.surname() < 2 && !(near && sc.unknown(sc.at(i))) || l.word() > 0 && l.surname() < 3 || !sc.isPunct(i+1, ',') || n.kind != tokenWord || n.flags&(used|lineBefore) != 0 || n.cueIs(cueStop) {
		return i
	}
	g := sc.lists.get(n.hash)
	if g.given() == 0 || g.word() > 0 && !(g.given() == 3 && l.word() == 0 && near) || l.given() >= 2 && l.surname() < 3 {
		return i
	}
	before := near || p.hash == hashFor || p.cueIs(cueRelation) || sc.isPunct(i-1, ':') || sc.quote(i-1) || sc.toks[i].is(lineBefore)
	if t := sc.at(i + 3); !before || sc.isPunct(i+3, ',') || t.hash == hashAnd {
		return i
	}
	return i + 3
}

var (
	hashPt      = foldHash("pt")
	hashPatient = foldHash("patient")
	hashClient  = foldHash("client")
)

// smallInitial returns the index behind a name with an initial in its middle,
// or i: walter h prentiss.
func (sc *scanner) smallInitial(i int, l flags) int {
	m := sc.at(i + 1)
	if m.kind != tokenWord || m.size() != 1 || m.flags&(used|lineBefore) != 0 || l.word() > 0 && l.given() < 2 || l.drug() {
		return i
	}
	j := sc.pastPeriod(i + 2)
	n := sc.at(j)
	if n.kind != tokenWord || n.size() < 3 || n.flags&(used|lineBefore) != 0 || n.cueIs(cueStop|cueUnit|cueNoun) {
		return i
	}
	if l1 := sc.lists.get(n.hash); l1.word() > 0 && l1.surname() < 2 || l1.drug() || l1.word() >= 2 {
		return i
	}
	return j + 1
}

// smallBracketed notes the given name in small letters that stands in parentheses,
// the first of which is token i, behind a word for a relative: Dad (ron) agrees.
func (sc *scanner) smallBracketed(i int) {
	n := sc.at(i + 1)
	if n.kind != tokenWord || n.flags&(used|capital|lineBefore) != 0 || n.size() < 3 || !kin.has(sc.at(i-1).hash) || !sc.isPunct(i+2, ')') && !sc.isPunct(i+2, ',') {
		return
	}
	if l := sc.lists.get(n.hash); l.given() >= 2 && l.word() < 2 && n.cueless() {
		sc.addName(i+1, i+2, true)
	}
}

// saysWho reports whether the word at i, in a text that has capitals, introduces
// somebody in small letters: "its shay, this is marvin calling.
func (sc *scanner) saysWho(i int) bool {
	switch sc.toks[i].hash {
	case hashIts:
		return sc.quoteMark(i - 1)
	case hashIs:
		return sc.at(i-1).hash == hashThis && (callers.has(sc.at(i+2).hash) || callers.has(sc.at(i+3).hash) || sc.greeted(i))
	}
	return false
}

var callers = setOf("calling from again here")

// hardlyElse reports whether the word at i is a surname and no everyday word.
func (sc *scanner) hardlyElse(i int) bool {
	l := sc.lists.get(sc.at(i).hash)
	return sc.at(i).flags&lineBefore == 0 && l.surname() >= 2 && l.word() == 0
}

// smallBeside notes names in small letters, in a text that has capitals, behind
// the word in small letters at i: my aunt carol, told shawn, with lena. Only words
// that are hardly anything else are.
func (sc *scanner) smallBeside(i int) {
	t, n := &sc.toks[i], sc.at(i+1)
	if n.kind != tokenWord || n.flags&(used|capital|lineBefore) != 0 || n.size() < 4 || n.cueIs(cueStop|cueMonth|cueUnit|cueKey|cueNotName) {
		return
	}
	l := sc.lists.get(n.hash)
	if l.word() == 0 && l.city() == 0 && n.cueless() && kin.has(t.hash) && articles.has(sc.at(i-1).hash) && !l.drug() && !sc.medicalShape(n) && (sc.isPunct(i+2, ',') || sc.isPunct(i+2, '.') || sc.at(i+2).flags&lineBefore != 0) { // my brother tendai, he
		sc.addName(i+1, i+2, false)
		return
	}
	if l.given() < 2 || l.drug() || l.word() == 3 || l.word() > 0 && (l.given() < 3 || !kin.has(t.hash) || sc.lists.get(sc.at(i+2).hash).word() == 0 && sc.at(i+2).kind == tokenWord) || l.city() > 0 && !kin.has(t.hash) {
		return
	}
	if l.word() > 0 && !articles.has(sc.at(i-1).hash) && sc.at(i-1).kind == tokenWord && !sc.at(i-1).cueIs(cueStop) {
		return
	}
	to := i + 2
	if s := sc.at(to); s.kind == tokenWord && s.flags&(used|capital|lineBefore) == 0 && s.cueless() && s.size() > 3 {
		if l := sc.lists.get(s.hash); l.surname() >= 2 && l.word() == 0 {
			to++
		}
	}
	sc.addName(i+1, to, false)
	if sc.at(to).hash == hashAnd {
		sc.smallBeside(to)
	}
}
