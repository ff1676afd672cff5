package detect

import (
	"unicode"
	"unicode/utf8"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/words"
)

// What a label says of a value, and what the value is made of, must go together.

// plausible reports whether a value reads like what its label says. declared
// values are those that stand in quotes or behind an equals sign.
func (sc *Scanner) plausible(from, to int, cat category.Category, declared bool) bool {
	v, ok := sc.valueOf(from, to, cat)
	if !ok {
		return false
	}
	named := v.capitals > 0 && v.others == 0 && v.links <= 2 || v.capitals == 0 && sc.smallValue(from, to)
	switch cat {
	case category.Name:
		return v.digits == 0 && v.words > 0 && v.words <= maxName && (declared || named && v.links == 0)
	case category.Place:
		return v.digits == 0 && v.words > 0 && v.words <= 5 && (declared || named)
	case category.Address:
		return v.digits+v.capitals > 0 && !sc.hostAndPort(from, to)
	case category.Phone:
		return v.digits >= 7
	case category.SSN:
		return v.digits >= 4
	case category.PostalCode:
		return v.digits > 0 && to-from <= 4
	case category.Date:
		return v.digits > 0 && v.others < 4 && sc.holdsDay(from, to)
	case category.BirthDate, category.Geo:
		return v.digits > 0
	case category.HealthPlan:
		if !declared && chars.CountDigits(sc.textOf(from, to)) <= 3 { // Plan: F41.1
			return false
		}
		fallthrough
	case category.MedicalRecord, category.Account, category.Card, category.License, category.Vehicle, category.Device, category.OtherID:
		return v.digits > 0 && (declared || v.others+v.words <= 6) && v.words <= 6
	case category.Secret:
		counts := to > from+1 && sc.at(from).kind == tokenNumber && sc.at(from).size() <= 3 && !sc.joined(from+1) // Authorization: 12 sessions
		return to-from <= 12 && (declared || v.words <= 1) && !counts
	case category.Psychotherapy:
		return v.words > 0
	}
	return false
}

// holdsDay reports whether the tokens from from to to hold what a date is made of: a month, a
// weekday, a year, an ordinal, numbers with a sign between; but not 6 clients, all oriented.
func (sc *Scanner) holdsDay(from, to int) bool {
	for j := from; j < to; j++ {
		t := &sc.toks[j]
		switch {
		case t.cueIs(cue.Month | cue.Weekday | cue.Holiday), t.kind == tokenMixed, t.kind == tokenNumber && t.size() >= 4:
			return true
		case t.kind == tokenNumber && j+2 < to && sc.toks[j+1].kind == tokenPunct && sc.tight(j+1):
			return true
		}
	}
	return false
}

// A valueMake counts what a value is made of.
type valueMake struct {
	digits   int
	words    int
	capitals int // words that begin with a capital, or are of a script without
	links    int // small words between them: Stratford-upon-Avon
	others   int // other words but particles, and mixes of letters and digits
}

// valueOf counts what the value of a category from token from to token to is made of. ok
// is false where a part of it is of a finding.
func (sc *Scanner) valueOf(from, to int, cat category.Category) (v valueMake, ok bool) {
	for j := from; j < to; j++ {
		t := &sc.toks[j]
		if t.is(used) {
			return v, false
		}
		switch t.kind {
		case tokenNumber:
			v.digits += t.size()
		case tokenMixed:
			if j > from && sc.isPunct(j-1, '%') && sc.tight(j-1) { // Ann%20Roe
				v.words++
				v.capitals++
				continue
			}
			v.digits++
			v.others++
		case tokenWord:
			v.words++
			switch {
			case t.is(capital) || caseless(sc.text[t.start:t.end]):
				v.capitals++
			case t.cueIs(cue.Particle):
			case v.capitals > 0 && cat == category.Name && sc.smallGiven(j): // Lindqvist, otto
			case v.capitals > 0 && t.size() <= 4 && j > from && j < to-1:
				v.links++
			default:
				v.others++
			}
		}
	}
	return v, true
}

// hostAndPort reports whether the tokens are the address of a server: redis-0:6379, :9000.
func (sc *Scanner) hostAndPort(from, to int) bool {
	if !sc.isPunct(to-2, ':') || sc.at(to-1).kind != tokenNumber || sc.at(to-1).size() > 5 {
		return false
	}
	for j := from + 1; j < to; j++ {
		if !sc.joined(j) {
			return false
		}
	}
	return to > from+1
}

// smallGiven reports whether the word in small letters at i is a given name and no
// everyday word.
func (sc *Scanner) smallGiven(i int) bool {
	l := sc.lists.Get(sc.toks[i].hash)
	return l.Given() >= words.Common && l.Word() == 0
}

// smallValue reports whether the value from token from to token to, which a
// label declares to be a name or a town, is one in small letters: up to three
// words to the end of a line or list item, none of them an everyday word only.
func (sc *Scanner) smallValue(from, to int) bool {
	if to-from > 3 {
		return false
	}
	if n := sc.at(to); to < len(sc.toks) && !n.is(lineBefore) && !sc.isPunct(to, ';') &&
		!sc.isOneOf(to, "|,<") && n.start-sc.toks[to-1].end < 2 {
		return false
	}
	for j := from; j < to; j++ {
		t := &sc.toks[j]
		if t.kind != tokenWord || t.size() < 2 {
			return false
		}
		if l := sc.lists.Get(t.hash); t.cueIs(cue.Stop|cue.Unit|cue.NotName) ||
			l.Word() >= words.Common && !l.Named() ||
			l.Drug() ||
			lexicon.IsStatus(category.Email, chars.Bytes(sc.lit(j))) {
			return false
		}
	}
	return true
}

// caseless reports whether a word is of a script without capitals.
func caseless(word string) bool {
	if word[0] < 0x80 {
		return false
	}
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.Is(unicode.Lo, r)
}
