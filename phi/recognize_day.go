package phi

// weekday notes a day of the week, if it is a day: every Friday isn't.
func (sc *scanner) weekday(i int) int {
	if h := sc.at(i - 1).hash; (h == hashEvery || h == hashEach || h == hashA) && sc.at(i).flags&lineBefore == 0 || sc.contraction(&sc.toks[i]) {
		return i + 1 // a habit
	}
	to := i + 1
	if sc.at(to).hash == hashThe && sc.at(to).flags&lineBefore == 0 && sc.at(to+1).kind == tokenMixed && ordinal(sc.lit(to+1)) > 0 {
		to += 2 // Monday the 9th
	}
	sc.add(sc.withRelative(i), to, Date)
	sc.shortDate(to)
	return to
}

// withRelative returns the index of the last, next or this before token i, or i.
func (sc *scanner) withRelative(i int) int {
	if h := sc.at(i - 1).hash; (h == hashLast || h == hashNext || h == hashThis) && sc.at(i).flags&lineBefore == 0 && sc.at(i-1).flags&used == 0 {
		return i - 1
	}
	return i
}

// bareMonth finds a month without day and year: last July, since June.
func (sc *scanner) bareMonth(i int) int {
	t := &sc.toks[i]
	if t.flags&capital == 0 || sc.at(i).flags&lineBefore != 0 {
		return i
	}
	if from := sc.withRelative(i); from < i {
		return sc.add(from, i+1, Date)
	}
	if n := sc.at(i + 1); n.flags&capital != 0 && n.kind == tokenWord && n.flags&lineBefore == 0 && n.list.surname() >= 2 && !n.cueIs(cueStop) {
		return i // the name of a person: in April Jones
	}
	switch h := sc.at(i - 1).hash; h {
	case hashIn, hashSince, hashUntil, hashDuring, hashOf, hashEarly, hashLate, hashMid, hashBy:
		return sc.add(i, i+1, Date)
	}
	if sc.isPunct(i-1, '-') && sc.joined(i) && sc.at(i-2).hash == hashMid {
		return sc.add(i, i+1, Date)
	}
	return i
}

var (
	hashLast   = foldHash("last")
	hashNext   = foldHash("next")
	hashSince  = foldHash("since")
	hashUntil  = foldHash("until")
	hashDuring = foldHash("during")
	hashEarly  = foldHash("early")
	hashLate   = foldHash("late")
	hashMid    = foldHash("mid")
	hashEvery  = foldHash("every")
	hashEach   = foldHash("each")
	hashWith   = foldHash("with")
	hashThis   = foldHash("this")
)

// shortDate finds 3/15 behind words such as on and since.
func (sc *scanner) shortDate(i int) {
	if sc.at(i).kind != tokenNumber || !sc.isPunct(i+1, '/') || !sc.joined(i+1) || !sc.joined(i+2) || sc.at(i+2).kind != tokenNumber || sc.at(i).flags&lineBefore != 0 {
		return
	}
	if sc.isPunct(i+3, '/') && sc.joined(i+3) || sc.isPunct(i+3, '.') && sc.joined(i+3) && sc.at(i+4).kind == tokenNumber && sc.joined(i+4) {
		return
	}
	if monthOf(sc.lit(i)) && day(sc.lit(i+2)) && !sc.at(i+3).cueIs(cueUnit) {
		sc.add(i, i+3, Date)
		if sc.isPunct(i+3, ',') || sc.at(i+3).hash == hashAnd { // 4/1, 4/8 and 4/15
			sc.shortDate(i + 4)
		}
	}
}

// timeAt reports whether a time of day or a word for an appointment stands at
// token i, so that 3/15 before it is a day: 3/15 2pm, 3/15 appt.
func (sc *scanner) timeAt(i int) bool {
	t := sc.at(i)
	if t.flags&lineBefore != 0 {
		return false
	}
	if sc.isPunct(i, '@') || t.hash == hashAt {
		i++
		t = sc.at(i)
		if t.kind == tokenNumber && (t.size() <= 2 || t.size() == 4 && sc.lit(i) < "2400" && sc.lit(i)[2] < '6') { // 4/12 @ 0930
			return true
		}
	}
	if t.kind == tokenMixed && t.size() <= 4 {
		s := sc.lit(i)
		n := 0
		for n < len(s) && isDigit(s[n]) {
			n++
		}
		return n > 0 && n <= 2 && dayHalves.has(foldHash(s[n:]))
	}
	if t.kind == tokenNumber && t.size() <= 2 && sc.isPunct(i+1, ':') && sc.joined(i+1) {
		return true
	}
	return appointments.has(t.hash)
}

var (
	dayHalves    = setOf("a p am pm")
	appointments = setOf("appt appts appointment visit session intake")
)

// birthYear finds the year behind born in, DOB and the like.
func (sc *scanner) birthYear(i int) {
	for n := 0; n < 3 && (sc.at(i).cueIs(cueFill) || sc.isPunct(i, ':') || sc.at(i).hash == hashYear); n++ {
		i++
	}
	if t := sc.at(i); sc.isYear(i) && t.flags&(used|lineBefore) == 0 && !(sc.isPunct(i+1, '-') || sc.isPunct(i+1, '/')) {
		sc.add(i, i+1, BirthDate)
	}
}

var hashYear = foldHash("year")

// wordedAge finds ninety-two years old.
func (sc *scanner) wordedAge(i int) int {
	if sc.at(i).hash != hashNinety {
		return i
	}
	j := i + 1
	if sc.isPunct(j, '-') {
		j += 2
	}
	k := j
	if sc.isPunct(k, '-') {
		k++
	}
	if yearWords.has(sc.at(k).hash) {
		return sc.add(i, j, Age)
	}
	return i
}

var (
	hashNinety = foldHash("ninety")
	hashEnding = foldHash("ending")
	yearWords  = setOf("year years yr yrs y")
)
