package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// cueWord recognises what begins with, or is announced by, the word at i.
func (sc *Scanner) cueWord(i int) int {
	t := &sc.toks[i]
	c := cue.All[t.cue]
	if c.Is&cue.Digit != 0 {
		if !sc.spokenOn(i + 1) {
			return i + 1
		}
		return max(sc.spokenNumber(i), i+1)
	}
	if c.Is&(cue.Month|cue.Weekday|cue.Holiday) != 0 {
		if next := sc.calendarWord(i, c); next > i {
			return next
		}
	}
	if t.hash == hashMR && t.is(allCaps) {
		if next := sc.medicalRecord(i); next > i {
			return next
		}
	}
	if c.Is&(cue.Key|cue.WeakKey) != 0 && !sc.dials(i) {
		if next := sc.key(i, c); next > i {
			return next
		}
	}
	if c.Is&cue.Date != 0 && !sc.culture(i) {
		sc.dayBehindCue(i, c)
	}
	if t.hash == hashAt {
		if next := sc.spokenEmail(i); next > i {
			return next
		}
		if n := sc.at(i + 1); n.cueIs(cue.Digit) || numerals.Has(n.hash) {
			if end := sc.spokenStreet(i + 1); end > i+1 {
				return sc.addressBlock(i+1, end)
			}
		}
	}
	if c.Is&(cue.Road|cue.UnitWord|cue.Street) != 0 {
		if next := sc.road(i, c); next > i {
			return next
		}
	}
	if c.Is&cue.Address != 0 {
		if next := sc.announced(i); next > i {
			return next
		}
	}
	if c.Is&cue.Numeral != 0 {
		if next := sc.wordedAge(i); next > i {
			return next
		}
	}
	return i + 1
}

// spokenOn reports whether a number that is said digit by digit may go on at token i: no word
// stands there but for a digit.
func (sc *Scanner) spokenOn(i int) bool {
	t := sc.at(i)
	if t.cue != 0 {
		return t.cueIs(cue.Digit)
	}
	return t.kind != tokenWord || repeated.Has(t.hash)
}

// calendarWord finds the date that the name of a month, a weekday or a holiday at i
// belongs to. It returns i when it is part of none.
func (sc *Scanner) calendarWord(i int, c cue.Cue) int {
	t := &sc.toks[i]
	if c.Is&cue.Month != 0 {
		if next := sc.monthDate(i); next > i {
			return next
		}
		if next := sc.goDate(i); next > i {
			return next
		}
		if next := sc.bareMonth(i); next > i {
			return next
		}
	}
	if c.Is&cue.Weekday != 0 && (t.is(capital) || t.size() > 5) {
		return sc.weekday(i)
	}
	if c.Is&cue.Weekday != 0 && t.size() > 2 { // wed 10/22
		if sc.shortDate(i + 1); sc.at(i+1).is(used) && i+1 < len(sc.toks) {
			return sc.add(i, i+1, category.Date)
		}
	}
	if c.Is&cue.Holiday != 0 {
		return sc.holiday(i)
	}
	return i
}

// feastYear finds the feast that the year at i, behind Day or Eve, tells the day of, or returns
// i: Memorial Day 2023, New Year's Eve 2024.
func (sc *Scanner) feastYear(i int) int {
	from := i - 2
	if t := sc.at(from); !feasts.Has(t.hash) || !t.isBut(capital, used) || sc.at(i-1).is(used|lineBefore) || sc.at(i).is(lineBefore) {
		return i
	}
	for p := sc.at(from - 1); from > i-4 && feastNames.Has(p.hash) && p.isBut(capital, used) && !sc.at(from).is(lineBefore); p = sc.at(from - 1) {
		from--
	}
	return sc.add(from, i+1, category.Date)
}

var (
	feasts     = words.SetOf("memorial labor labour mother mothers father fathers valentine valentines king mlk columbus veterans presidents president independence flag boxing patrick patricks year years earth canada")
	feastNames = words.SetOf("new luther martin st")
)

// holiday finds the day that the holiday at i tells, or returns i: on Christmas Eve, last
// Thanksgiving, xmas 2023.
func (sc *Scanner) holiday(i int) int {
	t, p, to := &sc.toks[i], sc.at(i-1), i+1
	if n := sc.at(to); (n.hash == hashEve || n.hash == hashDay) && !n.is(lineBefore) {
		to++
	}
	if sc.isYear(to) && !sc.at(to).is(lineBefore) && !sc.at(to+1).cueIs(cue.Unit) {
		return sc.add(i, to+1, category.Date)
	}
	if t.is(capital) && p.cueIs(cue.Date|cue.Stop) && !beforeFeasts.Has(p.hash) {
		return sc.add(sc.withRelative(i), to, category.Date)
	}
	return i
}

// fellFrom reports whether the word at i says from what a score has changed: down from 9/10.
func (sc *Scanner) fellFrom(i int) bool {
	if sc.toks[i].hash != hashFrom || !changes.Has(sc.at(i-1).hash) || !sc.monthAndDay(i+1) {
		return false
	}
	d := chars.DigitsValue(sc.lit(i + 3))
	return d == 10 || wholes>>d&1 != 0
}

var (
	changes      = words.SetOf("down up decreased increased improved reduced dropped went declined rose fell changed")
	beforeFeasts = words.SetOf("for cx with the") // a feast rather than its day
)

// dayBehindCue finds the day behind the word at i, such as on or since: on 3/15, since: 3/15,
// on the fifth, by Christmas.
func (sc *Scanner) dayBehindCue(i int, c cue.Cue) {
	switch n := sc.at(i + 1); n.kind {
	case tokenNumber:
		if !sc.fellFrom(i) {
			sc.shortDate(i + 1)
		}
	case tokenPunct:
		if sc.text[n.start] == ':' {
			sc.shortDate(i + 2)
		}
	case tokenWord:
		if n.hash == hashThe {
			sc.wordedDay(i)
		} else if n.is(capital) && sc.toks[i].hash != hashBefore {
			sc.namedDay(i)
		}
	}
	if c.Cat == category.BirthDate {
		sc.birthYear(i + 1)
	}
}
