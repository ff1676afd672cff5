package detect

import (
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Names in small letters that are told by who was met and by thanks.

// smallHalfBefore returns the index of the first half of the name at i that stands before a
// hyphen, or i: maria-elena.
func (sc *Scanner) smallHalfBefore(i int) int {
	if p := sc.at(i - 2); sc.isPunct(i-1, '-') && sc.tight(i-1) && p.kind == tokenWord && !p.is(used) &&
		sc.lists.Get(p.hash).Given() >= words.Common {
		return i - 2
	}
	return i
}

// smallParticles returns the index behind a given name in small letters with particles and
// the word behind them, or i: hendrik van wyk.
func (sc *Scanner) smallParticles(i int, l words.Flags) int {
	j := i + 1
	for t := sc.at(j); j < i+3 && t.kind == tokenWord && t.size() > 1 && t.cueIs(cue.Particle) && !t.is(used|lineBefore|capital); t = sc.at(j) {
		j++
	}
	t := sc.at(j)
	if j == i+1 || l.Given() == 0 || l.Word() > 0 || t.kind != tokenWord || t.is(used|lineBefore) || t.size() < 3 || !t.cueless() ||
		sc.lists.Get(t.hash).Word() >= words.Common {
		return i
	}
	return j + 1
}

// smallSurname returns i, or the index behind the surname that stands there, though it is a
// word as well, and ends what is said or does what persons do: skye bell rang.
func (sc *Scanner) smallSurname(i int) int {
	t := sc.at(i)
	if t.kind != tokenWord || t.is(used|lineBefore) || t.cueIs(cue.Stop|cue.Unit|cue.Key|cue.WeakKey|cue.Noun|cue.Title|cue.Relation|cue.Month|cue.Speech) ||
		sc.lists.Get(t.hash).Surname() < words.Common {
		return i
	}
	if n := sc.at(i + 1); n.is(lineBefore) || sc.isPunct(i+1, ',') || sc.isPunct(i+1, '.') || sc.isPunct(i+1, '?') || sc.acts(i+1) {
		return i + 1
	}
	return i
}

// pairable reports whether the word behind a name in small letters is a surname.
func pairable(next *token, l words.Flags) bool {
	return next.cueless() && l.Surname() >= words.Common && l.Word() == 0
}

// meets reports whether what stands before token i says that somebody was met, in small
// letters: talked to odile, seen by quach, per sorensen.
func (sc *Scanner) meets(i int) bool {
	p, q := sc.at(i-1), sc.at(i-2)
	if sc.toks[i].is(lineBefore) || p.is(lineBefore) && !metAlone.Has(p.hash) {
		return false
	}
	switch p.hash {
	case hashBy:
		return seenWords.Has(q.hash)
	case hashTo, hashWith:
		return talkWords.Has(q.hash) || handWords.Has(q.hash) || sentWords.Has(q.hash)
	case hashBack:
		return q.hash == hashCall
	}
	return metAlone.Has(p.hash) || sc.isPunct(i-1, '/') && q.hash == hashW && sc.joined(i-1)
}

var (
	hashBack  = words.Hash("back")
	hashCall  = words.Hash("call")
	metAlone  = words.SetOf("per saw texted paged messaged")
	seenWords = words.SetOf("seen called examined evaluated referred cleared signed written prescribed ordered followed")
	sentWords = words.SetOf("fwd forwarded sent")
)

// smallSigned notes the name in small letters that a text ends with behind a word of
// thanks or of greeting: thx, bogdan.
func (sc *Scanner) smallSigned() {
	i := len(sc.toks) - 1
	for i > 0 && sc.isOneOf(i, ".!") {
		i--
	}
	if i < 1 || sc.toks[i].is(capital|used) || sc.toks[i].kind != tokenWord {
		return
	}
	j := i - 1
	switch {
	case sc.isPunct(j, ',') || sc.isPunct(j, '!') || sc.isPunct(j, '-'):
		j--
	case !sc.toks[i].is(lineBefore) && sc.at(j).hash != hashXoxo:
		return
	}
	l := sc.lists.Get(sc.toks[i].hash)
	if thanks.Has(sc.at(j).hash) &&
		(sc.unknown(&sc.toks[i]) || l.Named() && l.Word() == 0 && sc.toks[i].cue == 0 && !l.Drug()) {
		sc.addName(i, i+1, false)
	}
}

var (
	hashXoxo = words.Hash("xoxo")
	thanks   = words.SetOf("thx thanks thankyou you ty tysm cheers regards best xoxo xo love sincerely")
)

// smallPairs finds given names with surnames in small letters in a text whose only
// capitals are abbreviations: lamar whitfield hx DM, seen in ER.
func (sc *Scanner) smallPairs() {
	if len(sc.toks) > maxShorthand {
		return
	}
	for i := range sc.toks {
		if t := &sc.toks[i]; t.kind == tokenMark || t.is(capital) && !t.is(allCaps) && t.size() > 1 {
			return
		}
	}
	for i := range sc.toks {
		t, n := &sc.toks[i], sc.at(i+1)
		if t.kind != tokenWord || n.kind != tokenWord || t.is(capital|used) || n.is(capital|used|lineBefore) || sc.joined(i) ||
			t.cue != 0 || !n.cueless() || t.size() < 3 || n.size() < 3 {
			continue
		}
		l := sc.lists.Get(t.hash)
		if l.Given() < words.Common || l.Word() > 0 || l.Drug() {
			continue
		}
		if next := sc.lists.Get(n.hash); next.Surname() >= words.Common && next.Word() == 0 && !next.Drug() {
			sc.addName(i, sc.smallCredentials(i+2), true)
		}
	}
}

// maxShorthand is how many tokens a text has at most whose case says nothing although it
// has too few words such as the to tell.
const maxShorthand = 300
