package phi

import "strings"

// Names are found without a model. Evidence comes from lists of given names,
// surnames and everyday words, from shape (capitals, initials, particles,
// hyphens), and from what stands around a word: titles, relations, "my name
// is", verbs of speech, a signature's line. A word that is an everyday word as
// well (Will, Grace, Hope) counts by its context; it is never ruled out.

// maxName is how many words a name may have.
const maxName = 6

// A part is a word of a possible name.
type part struct {
	tok     int // index of its token
	initial bool
	joined  bool // by a hyphen to the part before
}

// findNames is the second pass. hint says that the whole text is likely a name.
func (sc *scanner) findNames(hint bool) {
	if !sc.capitals {
		sc.smallNames(hint)
		return
	}
	for i := 0; i < len(sc.toks); {
		t := &sc.toks[i]
		if t.kind != tokenWord || t.flags&used != 0 {
			i++
			continue
		}
		if t.flags&capital == 0 {
			if t.cue != 0 && t.cueIs(cueIntro|cueTitle|cueRelation) {
				sc.smallAfter(i)
			}
			i++
			continue
		}
		i = sc.nameRun(i, hint)
	}
	if len(sc.names) > 0 {
		sc.repeats()
	}
}

// nameable reports whether a capitalised word may be part of a name at all.
func (sc *scanner) nameable(i int) bool {
	t := sc.at(i)
	if t.kind != tokenWord || t.flags&(used|capital) != capital {
		return false
	}
	if t.cue == 0 {
		return true
	}
	c := cues[t.cue].is
	switch {
	case t.size() == 1:
		return t.hash != hashI || sc.isPunct(i+1, '.')
	case c&cueStop != 0:
		return t.list.given() >= 2 && t.flags&sentence == 0 || t.list.given() == 3 && t.list.surname() >= 1
	case c&(cueNotName|cueState|cueCountry) != 0:
		return t.list.given() == 3 || t.list.given() == 2 && t.list.surname() == 3 && c&cueNotName == 0
	case c&(cueFacility|cueCompany|cueMedical|cueUnit|cueHoliday) != 0 && t.list.given() == 0 && t.list.surname() < 3:
		return false
	case c&(cueWeekday|cueKey) != 0:
		return t.list.given() >= 2
	case c&(cueWeakKey|cueNoun|cueUnitWord|cueFill|cueGreeting|cueIntro) != 0:
		return t.list.given() >= 1 || t.list.surname() >= 2
	case c&cueRelation != 0:
		return t.list.given() >= 2 || t.list.surname() >= 3
	case c&cueIn != 0:
		return t.list.given() >= 2 || t.list.surname() >= 2
	case c&cueTitle != 0:
		return t.list.given() >= 2 || t.list.surname() >= 2
	case c&cueSpeech != 0:
		return t.list.given() >= 1 || t.list.surname() >= 2
	}
	return true
}

var hashI = foldHash("i")

// collect gathers the parts of a possible name that begins at i. end is the
// index of the first token behind them.
func (sc *scanner) collect(i int, parts *[maxName]part) (n, end int) {
	end = i
	for j := i; n < maxName; {
		t := sc.at(j)
		if n > 0 && t.flags&lineBefore != 0 {
			break
		}
		if !sc.nameable(j) {
			// A particle between capitals: Ludwig van Beethoven.
			if n > 0 && t.kind == tokenWord && t.flags&used == 0 && t.cueIs(cueParticle) && t.size() > 1 {
				k := j + 1
				if sc.at(k).kind == tokenWord && sc.at(k).cueIs(cueParticle) && sc.at(k).flags&capital == 0 {
					k++
				}
				if sc.nameable(k) && sc.at(k).flags&lineBefore == 0 && sc.at(k).size() > 1 {
					j = k
					continue
				}
			}
			break
		}
		p := part{tok: j, joined: n > 0 && sc.joined(j)}
		p.initial = t.size() == 1 || t.size() == 2 && sc.text[t.start] >= 0x80
		(*parts)[n] = p
		n++
		j++
		end = j
		stop := t.flags&possessive != 0
		if p.initial && sc.isPunct(j, '.') && sc.joined(j) {
			j++
			end = j
		} else if sc.isPunct(j, '-') && sc.joined(j) && sc.joined(j+1) && sc.nameable(j+1) {
			j++
		} else if sc.isPunct(j, '.') && sc.joined(j) && sc.joined(j+1) && p.initial {
			j++
		} else if t.cueIs(cueSuffix) && n > 1 && sc.isPunct(j, '.') {
			j++
			end = j
		}
		if stop {
			break
		}
		if next := sc.at(j); next.kind == tokenPunct || next.kind == tokenNumber || next.kind == tokenMixed {
			break
		}
	}
	return n, end
}

// context is what stands before and behind a possible name.
type context struct {
	title    bool // Dr.
	intro    bool // my name is
	relation bool // patient, wife
	greeting bool // Dear
	place    bool // in, from
	speech   bool // said, denies
	start    bool // begins a sentence
	label    bool // Name:
	line     bool // stands alone on its line
	age      bool // , 54,
	list     bool // follows or is followed by a name: and, &, comma
	titleTok int
}

func (sc *scanner) contextOf(i, end int) (c context) {
	c.start = sc.at(i).flags&sentence != 0
	j := i - 1
	p := sc.at(j)
	sameLine := sc.at(i).flags&lineBefore == 0
	if sameLine {
		if sc.isPunct(j, '.') && sc.at(j-1).cueIs(cueTitle) && sc.joined(j) {
			c.title, c.titleTok = true, j-1
			c.start = false
		} else if p.kind == tokenWord && p.cueIs(cueTitle) && p.flags&used == 0 && (p.flags&capital != 0 || p.size() <= 3) {
			c.title, c.titleTok = true, j
		}
		if sc.isPunct(j, ':') || sc.isPunct(j, '=') || sc.isPunct(j, '-') && !sc.joined(j) {
			k := j - 1
			if sc.isPunct(k, ')') {
				for k > 0 && k > j-6 && !sc.isPunct(k, '(') {
					k--
				}
				k--
			}
			w := sc.at(k)
			c.label = w.kind == tokenWord && w.cueIs(cueIntro|cueRelation|cueGreeting|cueSpeech) || w.hash == hashBy || w.hash == hashTo || w.hash == hashFrom || w.hash == hashCc
			j = k
		}
		if c.title {
			j = c.titleTok - 1
			p = sc.at(j)
		}
		if sc.isPunct(j, ',') || sc.isPunct(j, '(') || sc.isPunct(j, '"') || sc.isPunct(j, '\'') {
			j--
		}
		p = sc.at(j)
		switch {
		case p.kind != tokenWord:
		case p.hash == hashIs || p.hash == hashWas:
			c.intro = sc.at(j-1).hash == hashName || sc.at(j-2).hash == hashName
		case p.hash == hashAm || p.hash == hashIm || p.hash == hashThis && false:
			c.intro = true
		case p.cueIs(cueIntro):
			c.intro = true
		case p.cueIs(cueGreeting):
			c.greeting = true
		case p.cueIs(cueRelation):
			c.relation = true
		case p.cueIs(cueIn):
			c.place = true
		case p.hash == hashAnd:
			c.list = sc.at(j-1).flags&nameFound != 0
		}
	} else {
		c.line = sc.at(end).flags&lineBefore != 0 || end >= len(sc.toks) || sc.isPunct(end, ',') && sc.at(end+1).flags&lineBefore != 0
		if k := i - 1; sc.isPunct(k, ',') || sc.isPunct(k, ':') {
			c.greeting = sc.at(k - 1).cueIs(cueIntro | cueGreeting)
		} else {
			c.greeting = sc.at(k).cueIs(cueIntro)
		}
	}
	k := end
	if sc.isPunct(k, ',') {
		k++
		n := sc.at(k)
		c.age = n.kind == tokenNumber && n.size() == 2 || n.hash == hashA && sc.at(k+1).kind == tokenNumber
	}
	n := sc.at(k)
	if n.flags&lineBefore == 0 && n.kind == tokenWord {
		c.speech = n.cueIs(cueSpeech) && n.flags&capital == 0
	}
	return c
}

var (
	hashBy   = foldHash("by")
	hashTo   = foldHash("to")
	hashFrom = foldHash("from")
	hashCc   = foldHash("cc")
	hashIs   = foldHash("is")
	hashWas  = foldHash("was")
	hashAm   = foldHash("am")
	hashIm   = foldHash("i'm")
	hashName = foldHash("name")
	hashThis = foldHash("this")
	hashA    = foldHash("a")
)

func (c *context) strong() bool {
	return c.title || c.intro || c.greeting || c.label
}

// nameRun judges the capitalised words that begin at i. It returns the index
// of the first token that it has dealt with.
func (sc *scanner) nameRun(i int, hint bool) int {
	if next := sc.facility(i); next > i {
		return next
	}
	if sc.eponym(i) {
		return i + 1
	}
	if sc.compoundStreet(i) {
		return i + 2
	}
	if !sc.nameable(i) {
		return i + 1
	}
	var parts [maxName]part
	n, end := sc.collect(i, &parts)
	if n == 0 {
		return i + 1
	}
	c := sc.contextOf(i, end)
	from, to := sc.judge(parts[:n], c, hint)
	if from == to {
		if sc.lastFirst(i) {
			return i + 3
		}
		return i + 1
	}
	first, last := parts[from].tok, parts[to-1].tok+1
	if parts[to-1].initial && sc.isPunct(last, '.') && sc.joined(last) {
		last++
	}
	if to == n && end > last {
		last = end
	}
	full := to-from > 1
	if from == 0 && c.title {
		first = c.titleTok
		full = true
	}
	return sc.addName(first, last, full || c.strong())
}

// addName notes a name. sure says that its words are names wherever they stand.
func (sc *scanner) addName(from, to int, sure bool) int {
	if sc.isPunct(to, '\'') || sc.isPunct(to, ',') {
		k := to
		if sc.isPunct(k, ',') {
			k++
		}
		_ = k
	}
	for j := from; j < to; j++ {
		t := &sc.toks[j]
		t.flags |= nameFound
		if sure && t.kind == tokenWord && t.size() > 2 && !t.cueIs(cueTitle|cueParticle|cueSuffix) && len(sc.names) < 64 {
			sc.names = append(sc.names, t.hash)
		}
	}
	return sc.add(from, to, Name)
}

// judge returns which of the parts are a name; from == to means none.
func (sc *scanner) judge(parts []part, c context, hint bool) (from, to int) {
	n := len(parts)
	t0 := &sc.toks[parts[0].tok]
	l0 := t0.list
	if n == 1 {
		if sc.single(parts[0], c, hint) {
			return 0, 1
		}
		return 0, 0
	}
	if c.strong() || hint {
		return 0, sc.trim(parts, 0, true)
	}
	// Skip an everyday word that only stands there because a sentence begins.
	for from = 0; from+1 < n; from++ {
		l := sc.toks[parts[from].tok].list
		if l.given() == 0 && l.word() >= 1 && (l.surname() < 2 || l.word() >= 2) && !parts[from].initial && !parts[from+1].joined {
			continue
		}
		break
	}
	if from > 0 {
		rest := parts[from:]
		inner := sc.contextOf(rest[0].tok, rest[len(rest)-1].tok+1)
		inner.start = false
		if len(rest) == 1 {
			if l := sc.toks[rest[0].tok].list; l.word() == 0 && sc.single(rest[0], inner, hint) {
				return from, n
			}
			return 0, 0
		}
		a, b := sc.judge(rest, inner, hint)
		return from + a, from + b
	}
	t1 := &sc.toks[parts[1].tok]
	l1 := t1.list
	everyday0 := l0.word() >= 2
	switch {
	case parts[0].initial: // J. Smith, J. R. Ewing
		k := 1
		for k < n && parts[k].initial {
			k++
		}
		if k < n {
			l := sc.toks[parts[k].tok].list
			if l.surname() >= 2 || l.given() >= 2 || l.word() == 0 || c.relation || sc.isPunct(parts[0].tok+1, '.') && l.word() < 3 {
				return 0, sc.trim(parts, 0, false)
			}
		}
		return 0, 0
	case parts[1].initial: // James T.
		if l0.given() >= 1 && l0.word() < 3 || l0.surname() >= 2 && l0.word() < 2 || l0.word() == 0 && !t0.is(allCaps) && (sc.isPunct(parts[1].tok+1, '.') || c.relation || c.age) {
			if n == 2 && !sc.isPunct(parts[1].tok+1, '.') && l0.given() == 0 && !c.relation {
				return 0, 0
			}
			return 0, sc.trim(parts, 0, true)
		}
		return 0, 0
	case l0.given() >= 1 && !everyday0 && (l1.surname() >= 1 || l1.word() == 0 || l1.given() >= 1):
		if t0.is(allCaps) && t1.is(allCaps) && l0.given() == 1 && l1.surname() < 2 && l1.given() < 2 {
			return 0, 0
		}
		return 0, sc.trim(parts, 0, false)
	case l0.given() >= 2 && (l1.surname() >= 2 || l1.word() == 0 || l1.given() >= 2 || l1.surname() >= 1 && l1.word() <= 1):
		return 0, sc.trim(parts, 0, false)
	case l0.given() >= 2 && !everyday0: // Mary Shelf
		return 0, sc.trim(parts, 0, !c.start)
	case l0.surname() >= 2 && !everyday0 && (l1.given() >= 2 || l1.surname() >= 2 && l1.word() == 0):
		return 0, sc.trim(parts, 0, false)
	case l0.word() == 0 && l1.word() == 0 && !sc.acronym(t0) && !sc.acronym(t1):
		if l0.surname() >= 2 || l1.surname() >= 2 || l1.given() >= 1 || c.relation || c.speech || c.age || parts[1].joined {
			return 0, sc.trim(parts, 0, false)
		}
		if !t0.cueIs(cueEponym) && !t1.cueIs(cueEponym) && !t0.is(allCaps) {
			return 0, sc.trim(parts, 0, false)
		}
	case c.relation && (l0.surname() >= 2 || l0.given() >= 1) && !everyday0:
		return 0, sc.trim(parts, 0, true)
	case (c.speech || c.age) && l1.surname() >= 2 && l0.word() < 3:
		return 0, sc.trim(parts, 0, true)
	}
	if sc.single(parts[0], c, hint) {
		return 0, 1
	}
	return 0, 0
}

// acronym reports whether a word is written in capitals and short.
func (sc *scanner) acronym(t *token) bool { return t.is(allCaps) && t.size() <= 5 }

// trim returns how many of the parts, from the first, belong to the name: words
// at its end that no name ends with are left out.
func (sc *scanner) trim(parts []part, from int, lenient bool) int {
	to := len(parts)
	for to > from+1 {
		p := parts[to-1]
		t := &sc.toks[p.tok]
		l := t.list
		if p.initial || p.joined || t.cueIs(cueSuffix) || l.surname() >= 2 || l.given() >= 2 && t.is(capital) || l.word() == 0 || lenient && l.word() < 2 && to <= from+3 {
			break
		}
		if to == from+2 && lenient {
			break
		}
		to--
	}
	return to
}

// single judges one capitalised word.
func (sc *scanner) single(p part, c context, hint bool) bool {
	t := &sc.toks[p.tok]
	l := t.list
	if p.initial {
		return c.title && sc.isPunct(p.tok+1, '.')
	}
	if t.cueIs(cueEponym) && !c.title && !c.intro && !c.label && !(l.given() == 3 && c.speech) {
		return false
	}
	stop := t.cueIs(cueStop)
	known := l.given() >= 1 || l.surname() >= 2
	switch {
	case c.title:
		return !stop && !t.cueIs(cueTitle)
	case c.intro, c.label:
		return l.word() < 2 && !sc.acronym(t) || known && !stop
	case c.greeting:
		return (l.word() < 2 || known) && !stop && !sc.acronym(t)
	case hint:
		return known || l.word() == 0
	case sc.acronym(t) && l.given() < 2:
		return false
	case l.given() >= 2 && l.word() == 0:
		return !(c.place && l.city() > 0 && l.given() < 3 && !c.speech)
	case c.relation:
		return (known && l.word() < 3 || l.word() == 0) && !c.start
	case c.speech:
		return known && (l.word() < 2 || l.given() == 3) || l.word() == 0 && l.city() == 0
	case l.given() == 3 && l.word() == 1:
		return !c.place || t.flags&possessive != 0
	case l.given() == 3 && !c.start && !stop:
		return l.word() < 3 && !sc.titleCase(p.tok)
	case t.is(allCaps):
		return l.given() >= 2 && l.word() <= 1
	case l.given() == 1 && l.word() == 0, l.surname() >= 2 && l.word() == 0:
		return !c.place || l.city() == 0
	case c.age:
		return known && l.word() < 2 || l.word() == 0 && !c.start
	case c.list:
		return known || l.word() == 0
	}
	return false
}

// titleCase reports whether the words around token i are capitalised too, as in
// a heading, so that a capital says nothing.
func (sc *scanner) titleCase(i int) bool {
	prev, next := sc.at(i-1), sc.at(i+1)
	return (prev.kind != tokenWord || prev.flags&capital != 0) && next.kind == tokenWord && next.flags&capital != 0 && next.flags&lineBefore == 0
}

// eponym reports whether the capitalised words at i name a disease, a scale or
// a method: Parkinson's disease, Beck Depression Inventory, Guillain-Barré.
// They are protected.
func (sc *scanner) eponym(i int) bool {
	t := &sc.toks[i]
	if sc.at(i-1).flags&nameFound != 0 || sc.at(i-1).cueIs(cueTitle) || sc.isPunct(i-1, '.') && sc.at(i-2).cueIs(cueTitle) {
		return false
	}
	j := i + 1
	limit := i + 2
	if t.cueIs(cueEponym) {
		limit = i + 4
	}
	for j < limit+1 && j < len(sc.toks) {
		n := &sc.toks[j]
		if n.flags&lineBefore != 0 {
			return false
		}
		if n.kind == tokenPunct && sc.text[n.start] != '-' {
			return false
		}
		if n.kind == tokenWord && n.cueIs(cueMedical) {
			if t.list.given() >= 2 && !t.cueIs(cueEponym) && n.flags&capital != 0 {
				return false
			}
			sc.protect(i, j+1)
			return true
		}
		if n.kind == tokenWord && n.flags&capital == 0 {
			return false
		}
		j++
	}
	return false
}

// lastFirst finds Smith, John and SMITH, JOHN Q. at the start of a line or
// behind a label.
func (sc *scanner) lastFirst(i int) bool {
	t := &sc.toks[i]
	if !sc.isPunct(i+1, ',') || !sc.nameable(i+2) || sc.at(i+2).flags&lineBefore != 0 {
		return false
	}
	l, g := t.list, sc.at(i+2).list
	if !(l.surname() >= 2 || l.word() == 0 && l.city() == 0) || g.given() < 2 || t.cueIs(cueNotName|cueStop) {
		return false
	}
	if !(t.is(lineBefore) || sc.isPunct(i-1, ':') || l.word() == 0 && l.surname() >= 2) {
		return false
	}
	to := i + 3
	if n := sc.at(to); n.kind == tokenWord && n.size() == 1 && n.flags&capital != 0 {
		to++
	}
	sc.addName(i, to, true)
	return true
}

// repeats finds the parts of names that the text has said in full.
func (sc *scanner) repeats() {
	for i := range sc.toks {
		t := &sc.toks[i]
		if t.kind != tokenWord || t.flags&(used|capital) != capital || t.size() < 3 || t.cueIs(cueStop|cueNotName) {
			continue
		}
		for _, h := range sc.names {
			if h == t.hash {
				sc.addName(i, i+1, false)
				break
			}
		}
	}
}

// smallAfter finds a name in small letters behind a word that announces one:
// "my name is john smith", "dr. patel".
func (sc *scanner) smallAfter(i int) {
	t := &sc.toks[i]
	j := i + 1
	switch {
	case t.cueIs(cueTitle) && t.size() <= 4 && t.size() > 1:
		if sc.isPunct(j, '.') && sc.joined(j) {
			j++
		}
	case t.hash == hashName && sc.at(j).hash == hashIs:
		j++
	case t.hash == hashName && sc.isPunct(j, ':'):
		j++
	case t.cueIs(cueIntro) && t.hash != hashName:
	default:
		return
	}
	to := j
	for to < j+3 && sc.at(to).kind == tokenWord && sc.at(to).flags&(used|lineBefore) == 0 {
		w := sc.at(to)
		l := sc.lists.get(w.hash)
		if w.flags&capital != 0 || w.cueIs(cueStop) || l.word() >= 2 && l.given() < 3 || w.size() < 2 || l.word() >= 1 && l.given() == 0 && l.surname() < 2 || w.cueIs(cueSpeech|cueUnit|cueNoun|cueKey) {
			break
		}
		to++
	}
	if to > j {
		if l := sc.lists.get(sc.at(j).hash); l.given() > 0 || l.surname() >= 2 || t.hash == hashName {
			sc.addName(j, to, false)
		}
	}
}

// smallNames finds names in a text without capitals.
func (sc *scanner) smallNames(hint bool) {
	for i := 0; i < len(sc.toks); i++ {
		t := &sc.toks[i]
		if t.kind != tokenWord || t.flags&used != 0 || t.size() < 3 || t.cueIs(cueStop) {
			continue
		}
		if t.cueIs(cueIntro | cueTitle) {
			sc.smallAfter(i)
			continue
		}
		l := sc.lists.get(t.hash)
		next := sc.at(i + 1)
		var l1 flags
		if next.kind == tokenWord && next.flags&(used|lineBefore) == 0 && !next.cueIs(cueStop) && next.size() > 1 {
			l1 = sc.lists.get(next.hash)
		} else {
			next = &noToken
		}
		pair := next != &noToken && (l1.surname() >= 2 && l1.word() < 2 || l1.word() == 0 && !next.cueIs(cueUnit))
		switch {
		case l.given() >= 2 && l.word() == 0 && pair,
			l.given() == 3 && l.word() <= 1 && pair,
			l.given() >= 1 && l.word() == 0 && pair && l1.surname() >= 2:
			i = sc.addName(i, i+2, true) - 1
		case l.given() >= 2 && l.word() == 0 && l.city() == 0, hint && l.given() >= 2:
			i = sc.addName(i, i+1, false) - 1
		}
	}
	if len(sc.names) == 0 {
		return
	}
}

// properSuffix reports whether a word ends like a place: -ville, -burg.
func properSuffix(s string) bool {
	s = strings.ToLower(s)
	for _, e := range []string{"ville", "burgh", "burg", "borough", "shire", "stadt", "polis", "heim", "hausen", "wood", "field", "port"} {
		if strings.HasSuffix(s, e) && len(s) > len(e)+2 {
			return true
		}
	}
	return false
}
