package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/cue"
)

// cueWord recognises what begins with, or is announced by, the word at i.
func (sc *Scanner) cueWord(i int) int {
	t := &sc.toks[i]
	c := cue.All[t.cue]
	if c.Is&cue.Digit != 0 {
		if n := sc.at(i + 1); n.kind == tokenWord && n.cue == 0 && !repeated.Has(n.hash) ||
			n.cue != 0 && !n.cueIs(cue.Digit) {
			return i + 1
		}
		return max(sc.spokenNumber(i), i+1)
	}
	if c.Is&cue.Month != 0 {
		if next := sc.monthDate(i); next > i {
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
	if c.Is&cue.Holiday != 0 && t.is(capital) && sc.at(i-1).cueIs(cue.Date|cue.Stop) &&
		sc.at(i-1).hash != hashFor && sc.at(i-1).hash != hashCx && sc.at(i-1).hash != hashWith &&
		sc.at(i-1).hash != hashThe {
		return sc.add(sc.withRelative(i), i+1, category.Date)
	}
	if t.hash == hashMR && t.is(allCaps) {
		if next := sc.medicalRecord(i); next > i {
			return next
		}
	}
	if c.Is&(cue.Key|cue.WeakKey) != 0 {
		if next := sc.key(i, c); next > i {
			return next
		}
	}
	if c.Is&cue.Date != 0 && !sc.culture(i) {
		switch n := sc.at(i + 1); n.kind {
		case tokenNumber:
			sc.shortDate(i + 1)
		case tokenPunct:
			if sc.text[n.start] == ':' {
				sc.shortDate(i + 2)
			}
		case tokenWord:
			if n.hash == hashThe {
				sc.wordedDay(i)
			} else if n.is(capital) && t.hash != hashBefore {
				sc.namedDay(i)
			}
		}
		if c.Cat == category.BirthDate {
			sc.birthYear(i + 1)
		}
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
