package detect

import (
	"slices"

	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Lists of names of one word: Moravec, Becker and Castellano; Ivy & Dagmar.

// maxListed is how many names of a list are looked at.
const maxListed = 12

// nameList finds surnames and given names that stand in a list, each alone:
// Moravec, Becker and Castellano. It takes them for names when all can be, and
// one is hardly anything else; a list without "and" needs three, most of them
// given names.
func (sc *Scanner) nameList(i int) int {
	var buf [maxListed]int
	n, ended := sc.listMembers(i, &buf)
	if n < 2 {
		return i
	}
	members := buf[:n]
	if !ended && (n < 3 || 2*sc.commonGiven(members) < n) || !sc.sureOfList(members, ended) {
		return i
	}
	last := members[n-1] + 1
	if next := sc.at(last); !next.is(lineBefore) && next.kind == tokenWord && next.is(capital) ||
		next.cueIs(cue.Medical) {
		return i
	}
	for _, k := range members {
		end := k + 1
		if sc.hyphenPart(end) {
			end += 2
		}
		sc.addName(k, end, true)
		last = max(last, end)
	}
	return last
}

// listMembers finds the words of a list that begins at i and returns how many they are.
// ended says that "and" stands before the last.
func (sc *Scanner) listMembers(i int, members *[maxListed]int) (n int, ended bool) {
	for j, and := i, false; n < maxListed && sc.listable(j, n); {
		members[n] = j
		n++
		if and {
			return n, true
		}
		if j++; sc.hyphenPart(j) { // Mei-Ling
			j += 2
		}
		comma := sc.isPunct(j, ',')
		if comma {
			j++
		}
		if and = sc.at(j).hash == hashAnd || sc.ampersand(j); and {
			j++
		} else if !comma {
			break
		}
	}
	return n, false
}

// commonGiven counts the common given names among the members of a list.
func (sc *Scanner) commonGiven(members []int) int {
	n := 0
	for _, k := range members {
		if sc.toks[k].list.Given() >= words.Common {
			n++
		}
	}
	return n
}

// sureOfList reports whether a list is one of names: a member is a name and hardly anything
// else; two very common given names stand around "and"; or its end says or does something.
func (sc *Scanner) sureOfList(members []int, ended bool) bool {
	eponyms := !slices.ContainsFunc(members, func(k int) bool { return !sc.toks[k].cueIs(cue.Eponym) }) // Beck and Hamilton
	for _, k := range members {
		t := &sc.toks[k]
		if l := t.list; l.Named() && l.Word() < words.Common && (!t.cueIs(cue.Eponym) || l.Surname() == words.Frequent && !eponyms) {
			return true
		}
	}
	if !ended {
		return false
	}
	if a, b := &sc.toks[members[0]], &sc.toks[members[1]]; len(members) == 2 && !eponyms && a.list.Given() == words.Frequent && b.list.Given() == words.Frequent &&
		!virtues.Has(a.hash) {
		return true // Pat and Bob
	}
	end := members[len(members)-1] + 1
	return sc.speaks(end) || sc.acts(end) // Xiulan, Thabo and Mirembe participated
}

// ampersand reports whether the sign at i joins two given names, neither of which ends with
// a possessive as those of companies do: Ivy & Dagmar, Beau + Skye, but not Ben & Jerry's.
func (sc *Scanner) ampersand(i int) bool {
	a, b := sc.at(i-1), sc.at(i+1)
	return sc.isOneOf(i, "&+") && a.hash != b.hash && !a.is(allCaps) && !b.is(allCaps|possessive) &&
		min(a.list.Given(), b.list.Given()) > 0 && max(a.list.Given(), b.list.Given()) > 1
}

var virtues = words.SetOf("faith hope joy grace charity prudence patience")

// listable reports whether the word at j may be the nth of a list of names.
func (sc *Scanner) listable(j, n int) bool {
	t := sc.at(j)
	if !sc.nameable(j) ||
		t.size() < 3 && n == 0 ||
		n > 0 && t.is(lineBefore) ||
		sc.acronym(t) ||
		t.list.Drug() ||
		t.cueIs(cue.Month) ||
		sc.medicalShape(t) {
		return false
	}
	l := t.list
	return !(l.OnlyWord() ||
		l.Word() >= words.Common && l.Given() < words.Common && l.Surname() < words.Frequent && n < 2 ||
		l.City() > 0 && l.Given() == 0 && l.Surname() < words.Common && !(l.SmallTown() && t.is(sentence)) ||
		t.is(sentence) && l.Word() >= words.Common && l.Given() < words.Common)
}

// listTail notes the names that follow one in a list: , Becker and Castellano.
func (sc *Scanner) listTail(i int) int {
	j := i
	if sc.isPunct(j, ',') && sc.nameable(j+1) {
		if next := sc.nameList(j + 1); next > j+1 {
			return next
		}
	}
	return i
}
