package phi

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
	case t.hash == hashCallMe:
		if !sc.at(i - 1).cueIs(cueTell) {
			return
		}
	case t.cueIs(cueIntro) && t.hash != hashName:
	default:
		return
	}
	to := j
	for to < j+3 && sc.at(to).kind == tokenWord && sc.at(to).flags&(used|lineBefore) == 0 {
		w := sc.at(to)
		l := sc.lists.get(w.hash)
		if w.flags&capital != 0 || w.cueIs(cueStop) || l.word() >= 2 && l.given() < 3 || w.size() < 2 || l.word() >= 1 && !l.named() || w.cueIs(cueSpeech|cueUnit|cueNoun|cueKey) || l.drug() {
			break
		}
		to++
	}
	if to == j {
		return
	}
	if l := sc.lists.get(sc.at(j).hash); l.named() || t.hash == hashName || t.hash == hashCallMe {
		from := j
		if t.cueIs(cueTitle) {
			from = i
		}
		sc.addName(from, sc.smallCredentials(to), false)
	}
}

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
			continue
		}
		if t.cueIs(cueIntro|cueTitle) || t.hash == hashCallMe {
			sc.smallAfter(i)
			continue
		}
		if t.size() < 3 || t.cueIs(cueStop) {
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
		case l.given() >= 2 && l.word() == 0 && l.city() == 0, hint && l.given() >= 2:
			i = sc.addName(i, i+1, false) - 1
		}
	}
}

// smallKin returns the index behind a given name in small letters, and the
// surname behind it, that stand behind a word for a person: my mom linda,
// patient john doe, i told mike. l and l1 are what the lists say of both.
func (sc *scanner) smallKin(i int, l, l1 flags) int {
	p := sc.at(i - 1)
	if sc.at(i).flags&lineBefore != 0 || p.kind != tokenWord || !p.cueIs(cueRelation|cueTell|cueGreeting) || sc.at(i).cueIs(cueStop|cueMonth|cueKey|cueUnit) {
		return i
	}
	if l.given() < 2 || l.word() == 3 || l.word() == 2 && l.given() < 3 {
		return i
	}
	if n := sc.at(i + 1); (l1.surname() >= 1 && l1.word() < 2 || l1.word() == 0 && n.size() > 3 && n.cue == 0) && n.kind == tokenWord && n.flags&(used|lineBefore) == 0 && !n.cueIs(cueStop|cueSpeech|cueUnit) {
		return i + 2
	}
	return i + 1
}

// smallInitial returns the index behind a name with an initial in its middle,
// or i: walter h prentiss.
func (sc *scanner) smallInitial(i int, l flags) int {
	m := sc.at(i + 1)
	if m.kind != tokenWord || m.size() != 1 || m.flags&(used|lineBefore) != 0 || l.word() > 0 && l.given() < 2 || l.drug() {
		return i
	}
	j := i + 2
	if sc.isPunct(j, '.') && sc.joined(j) {
		j++
	}
	n := sc.at(j)
	if n.kind != tokenWord || n.size() < 3 || n.flags&(used|lineBefore) != 0 || n.cueIs(cueStop|cueUnit|cueNoun) {
		return i
	}
	if l1 := sc.lists.get(n.hash); l1.word() > 0 && l1.surname() < 2 || l1.drug() || l1.word() >= 2 {
		return i
	}
	return j + 1
}
