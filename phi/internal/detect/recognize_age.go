package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/words"
)

// age finds ages of 90 and more: 92-year-old, 92 y/o, 92yo, aged 93.
func (sc *Scanner) age(i int) int {
	s := sc.lit(i)
	n := 0
	for n < len(s) && chars.IsDigit(s[n]) {
		n++
	}
	if n < 2 || n > 3 {
		return i
	}
	if v := chars.DigitsValue(s[:n]); v < OldestAge || v > 125 {
		return i
	}
	if n < len(s) {
		if ageEndings.Has(words.Hash(s[n:])) {
			return sc.add(i, i+1, category.Age)
		}
		if sc.ageAndSex(i, s[n:]) {
			return sc.add(i, i+1, category.Age)
		}
		return i
	}
	j := i + 1
	if sc.isPunct(j, '-') || sc.isPunct(j, ' ') {
		j++
	}
	switch h := sc.at(j).hash; {
	case yearWords.Has(h):
		for k := j + 1; k < j+4; k++ {
			switch h := sc.at(k).hash; {
			case oldWords.Has(h):
				return sc.add(i, k+1, category.Age)
			case genderWords.Has(h):
				return sc.add(i, i+1, category.Age)
			}
		}
	case h == hashYo:
		return sc.add(i, j+1, category.Age)
	}
	k := i - 1
	if sc.isPunct(k, ':') || sc.at(k).hash == hashIs || sc.at(k).hash == hashOf {
		k--
	}
	if ageWords.Has(sc.at(k).hash) ||
		sc.at(k).hash == hashTurned &&
			(sc.at(i+1).kind != tokenWord || sc.saidAlone(i+1) || turnedWhen.Has(sc.at(i+1).hash)) ||
		sc.at(i-1).hash == hashIs &&
			(kin.Has(sc.at(k).hash) || sc.at(k).hash == hashHe || sc.at(k).hash == hashShe) &&
			sc.saidAlone(i+1) ||
		sc.isPunct(i-1, '(') && sc.isPunct(i+1, ')') && kin.Has(sc.at(i-2).hash) ||
		sc.personIs(i-1) && sc.saidAlone(i+1) {
		return sc.add(i, i+1, category.Age)
	}
	return i
}

// ageAndSex reports whether the number and letter at i are an age and a sex, as notes
// have them, and no temperature and no million: 92M with CHF, pt is a 94F.
func (sc *Scanner) ageAndSex(i int, sex string) bool {
	p, next := sc.at(i-1), i+1
	if sex != "M" && sex != "F" || sc.joined(i) || sc.isPunct(i-1, ':') && temperatures.Has(sc.at(i-2).hash) {
		return false
	}
	begins := sc.toks[i].is(lineBefore | sentence)
	switch {
	case p.kind == tokenWord && !begins && (patientWords.Has(p.hash) || p.hash == hashA && sc.at(i-2).hash == hashIs):
		return true
	case !begins && p.hash != hashA && !sc.isPunct(i-1, ','):
		return false
	}
	if sc.isPunct(next, ',') || sc.isPunct(next, '(') {
		if begins && sex == "M" && !sc.joined(next+1) {
			return true
		}
		next++
	}
	n := sc.at(next)
	return !n.is(lineBefore) &&
		(presents.Has(n.hash) || n.size() == 1 && sc.isPunct(next+1, '/') && sc.joined(next+1) && sc.joined(next+2)) // c/o, s/p
}

var (
	patientWords = words.SetOf("pt patient")
	temperatures = words.SetOf("t temp tmax tmin tc temperature max min high low")
	presents     = words.SetOf("with who presenting presents presented here admitted adm hx pmh complaining brought found seen w hx history status")
)

// saidAlone reports whether nothing that a number before token i would measure
// stands there: she's 93 and well, but not he's 94 on two litres.
func (sc *Scanner) saidAlone(i int) bool {
	t := sc.at(i)
	switch {
	case t.is(lineBefore), sc.dash(i) && !sc.joined(i):
		return true
	case t.kind == tokenPunct:
		c := sc.text[t.start]
		return c == ',' ||
			c == '.' && !(sc.joined(i+1) && sc.at(i+1).kind == tokenNumber) ||
			c == ';' ||
			c == '!' ||
			c == '?' ||
			c == ')'
	}
	return t.hash == hashAnd || t.hash == hashBut || t.hash == hashNow
}

// personIs reports whether the word at i says that a person is something: she's,
// I'm.
func (sc *Scanner) personIs(i int) bool {
	t := sc.at(i)
	return peopleAre.Has(t.hash) || t.is(possessive) && (t.hash == hashHe || t.hash == hashShe)
}

var (
	hashHe      = words.Hash("he")
	hashShe     = words.Hash("she")
	hashBut     = words.Hash("but")
	hashNow     = words.Hash("now")
	hashTurning = words.Hash("turning")
	turnedWhen  = words.SetOf("in this last next on during over")
	peopleAre   = words.SetOf("i'm im shes hes turning")

	ageEndings  = words.SetOf("yo y yr yrs yof yom")
	ageWords    = words.SetOf("age aged ages")
	oldWords    = words.SetOf("old o age")
	genderWords = words.SetOf("female male man woman f m")
	hashTurned  = words.Hash("turned")
	hashYo      = words.Hash("yo")
	hashNo      = words.Hash("no")
)

// OldestAge is the age from which all ages are one class, 45 CFR 164.514(b)(2)(i)(C).
const OldestAge = 90
