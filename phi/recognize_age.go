package phi

// age finds ages of 90 and more: 92-year-old, 92 y/o, 92yo, aged 93.
func (sc *scanner) age(i int) int {
	s := sc.lit(i)
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	if n < 2 || n > 3 {
		return i
	}
	if v := digitsValue(s[:n]); v < oldestAge || v > 125 {
		return i
	}
	if n < len(s) {
		if ageEndings.has(foldHash(s[n:])) {
			return sc.add(i, i+1, Age)
		}
		return i
	}
	j := i + 1
	if sc.isPunct(j, '-') || sc.isPunct(j, ' ') {
		j++
	}
	switch h := sc.at(j).hash; {
	case yearWords.has(h):
		for k := j + 1; k < j+4; k++ {
			switch h := sc.at(k).hash; {
			case oldWords.has(h):
				return sc.add(i, k+1, Age)
			case genderWords.has(h):
				return sc.add(i, i+1, Age)
			}
		}
	case h == hashYo:
		return sc.add(i, j+1, Age)
	}
	k := i - 1
	if sc.isPunct(k, ':') || sc.at(k).hash == hashIs || sc.at(k).hash == hashOf {
		k--
	}
	if ageWords.has(sc.at(k).hash) || sc.at(k).hash == hashTurned && (sc.at(i+1).kind != tokenWord || sc.saidAlone(i+1) || turnedWhen.has(sc.at(i+1).hash)) || sc.at(i-1).hash == hashIs && (kin.has(sc.at(k).hash) || sc.at(k).hash == hashHe || sc.at(k).hash == hashShe) && sc.saidAlone(i+1) || sc.isPunct(i-1, '(') && sc.isPunct(i+1, ')') && kin.has(sc.at(i-2).hash) || sc.personIs(i-1) && sc.saidAlone(i+1) {
		return sc.add(i, i+1, Age)
	}
	return i
}

// saidAlone reports whether nothing that a number before token i would measure
// stands there: she's 93 and well, but not he's 94 on two litres.
func (sc *scanner) saidAlone(i int) bool {
	t := sc.at(i)
	switch {
	case t.flags&lineBefore != 0, sc.dash(i) && !sc.joined(i):
		return true
	case t.kind == tokenPunct:
		c := sc.text[t.start]
		return c == ',' || c == '.' && !(sc.joined(i+1) && sc.at(i+1).kind == tokenNumber) || c == ';' || c == '!' || c == '?' || c == ')'
	}
	return t.hash == hashAnd || t.hash == hashBut || t.hash == hashNow
}

// personIs reports whether the word at i says that a person is something: she's,
// I'm.
func (sc *scanner) personIs(i int) bool {
	t := sc.at(i)
	return peopleAre.has(t.hash) || t.is(possessive) && (t.hash == hashHe || t.hash == hashShe)
}

var (
	hashHe      = foldHash("he")
	hashShe     = foldHash("she")
	hashBut     = foldHash("but")
	hashNow     = foldHash("now")
	hashTurning = foldHash("turning")
	turnedWhen  = setOf("in this last next on during over")
	peopleAre   = setOf("i'm im shes hes turning")

	ageEndings  = setOf("yo y yr yrs yof yom")
	ageWords    = setOf("age aged ages")
	oldWords    = setOf("old o age")
	genderWords = setOf("female male man woman f m")
	hashTurned  = foldHash("turned")
	hashYo      = foldHash("yo")
	hashNo      = foldHash("no")
)
