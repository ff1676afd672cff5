package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
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
		if ageEndings.Has(words.Hash(s[n:])) || sc.ageAndSex(i, s[n:]) {
			return sc.add(i, i+1, category.Age)
		}
		return i
	}
	if end := sc.yearsOld(i); end > i {
		return sc.add(i, end, category.Age)
	}
	if sc.ageTold(i) {
		return sc.add(i, i+1, category.Age)
	}
	return i
}

// yearsOld returns the index behind the age whose number is token i, as what stands behind
// it tells, or i: 92 years old, 92-year woman, 92 yo.
func (sc *Scanner) yearsOld(i int) int {
	j := i + 1
	if sc.isPunct(j, '-') {
		j++
	}
	switch h := sc.at(j).hash; {
	case yearWords.Has(h):
		for k := j + 1; k < j+4; k++ {
			switch h := sc.at(k).hash; {
			case oldWords.Has(h):
				return k + 1
			case genderWords.Has(h):
				return i + 1
			}
		}
	case h == hashYo:
		return j + 1
	}
	return i
}

// ageTold reports whether what stands before the number at i says that it is an age: age is
// 92, she turned 92, her mother is 92, mother (92), I am 92.
func (sc *Scanner) ageTold(i int) bool {
	k := i - 1
	if sc.isPunct(k, ':') || sc.at(k).hash == hashIs || sc.at(k).hash == hashOf {
		k--
	}
	who, before, n := sc.at(k), sc.at(i-1), sc.at(i+1)
	switch {
	case ageWords.Has(who.hash),
		before.hash == hashTo && sc.at(i-2).kind == tokenNumber && ageWords.Has(sc.at(i-3).hash), // ages 71 to 93
		who.hash == hashTurned && sc.behindBirthday(i+1),
		before.hash == hashIs && (kin.Has(who.hash) || heOrShe.Has(who.hash)) && sc.saidAlone(i+1),
		kin.Has(sc.at(i-2).hash) && sc.isPunct(i-1, '(') && sc.isPunct(i+1, ')'),
		before.hash == hashAt && before.is(sentence|lineBefore) && !sc.at(i).is(lineBefore) && heOrShe.Has(n.hash): // at 93 he walks
		return true
	}
	return sc.personIs(i-1) && sc.saidAlone(i+1)
}

// behindBirthday reports whether what stands at token i goes on an age that somebody turned,
// and is nothing that it would count: turned 92 on Monday.
func (sc *Scanner) behindBirthday(i int) bool {
	t := sc.at(i)
	return t.kind != tokenWord || sc.saidAlone(i) || turnedWhen.Has(t.hash) || t.cueIs(cue.Weekday)
}

// ageAndSex reports whether the number and letter at i are an age and a sex, as notes
// have them, and no temperature and no million: 92M with CHF, pt is a 94F.
func (sc *Scanner) ageAndSex(i int, sex string) bool {
	p, next := sc.at(i-1), i+1
	temperature := sc.isPunct(i-1, ':') && temperatures.Has(sc.at(i-2).hash)
	if sex != "M" && sex != "F" || sc.joined(i) || temperature {
		return false
	}
	begins := sc.toks[i].is(lineBefore | sentence)
	switch {
	case !begins && (patientWords.Has(p.hash) || p.hash == hashA && sc.at(i-2).hash == hashIs):
		return true
	case !begins && p.hash != hashA && !sc.isPunct(i-1, ','):
		return false
	}
	if sc.isOneOf(next, ",(") {
		if begins && sex == "M" && !sc.joined(next+1) {
			return true
		}
		next++
	}
	n := sc.at(next)
	return !n.is(lineBefore) &&
		(presents.Has(n.hash) || n.size() == 1 && sc.isPunct(next+1, '/') && sc.tight(next+1)) // c/o, s/p
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
		decimal := sc.joined(i+1) && sc.at(i+1).kind == tokenNumber
		return sc.isOneOf(i, ",;!?)") || sc.isPunct(i, '.') && !decimal
	}
	return goesOnAlone.Has(t.hash)
}

// personIs reports whether the word at i says that a person is something: she's,
// I'm.
func (sc *Scanner) personIs(i int) bool {
	t := sc.at(i)
	return peopleAre.Has(t.hash) || t.is(possessive) && heOrShe.Has(t.hash)
}

var (
	heOrShe     = words.SetOf("he she")
	goesOnAlone = words.SetOf("and but now")
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
