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
