package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// judge returns which of the parts are a name; from == to means none.
func (sc *Scanner) judge(parts []part, c *nameContext, hint bool) (from, to int) {
	n := len(parts)
	if n == 1 {
		if sc.single(parts[0], c, hint) {
			return 0, 1
		}
		return 0, 0
	}
	if c.strong() || hint {
		return 0, sc.trim(parts, true)
	}
	if l := sc.toks[parts[0].tok].list; l.Given() < words.Frequent && sc.eponyms(parts) ||
		c.product && l.Given() < words.Common && !c.relation {
		return 0, 0
	}
	if n == 2 && sc.bracketed(&parts[0], &parts[1]) {
		return 0, n
	}
	if from = sc.sentenceWords(parts); from > 0 {
		rest := parts[from:]
		inner := sc.contextOf(rest[0].tok, rest[len(rest)-1].tok+1)
		inner.start = false
		if len(rest) == 1 {
			if l := sc.toks[rest[0].tok].list; l.Word() == 0 && sc.single(rest[0], &inner, hint) {
				return sc.forename(parts, from), n
			}
			return 0, 0
		}
		a, b := sc.judge(rest, &inner, hint)
		return from + a, from + b
	}
	switch {
	case parts[0].initial:
		return 0, sc.initialsFirst(parts, c)
	case parts[1].initial:
		return 0, sc.initialSecond(parts, c)
	}
	return 0, sc.fullName(parts, c, hint)
}

// sentenceWords returns how many of the parts, before the last, are everyday words
// and acronyms that only stand there because a sentence begins.
func (sc *Scanner) sentenceWords(parts []part) int {
	n := 0
	for ; n+1 < len(parts); n++ {
		t := &sc.toks[parts[n].tok]
		l := t.list
		if sc.acronym(t) && l.Given() < words.Common && l.Surname() < words.Common && !sc.toks[parts[n+1].tok].is(allCaps) &&
			!parts[n+1].initial {
			continue // CFO Ada Byron
		}
		if l.Given() == 0 && l.Word() > 0 && (l.Surname() < words.Common || l.Word() >= words.Common) && !parts[n].initial &&
			!parts[n].half && !parts[n+1].joined {
			continue
		}
		break
	}
	return n
}

// initialsFirst returns how many of the parts, the first of which is an initial, are
// a name: J. Smith, J. R. Ewing.
func (sc *Scanner) initialsFirst(parts []part, c *nameContext) int {
	first := parts[0].tok
	dot := sc.isPunct(first+1, '.')
	if sc.toks[first].hash == hashA && !dot && c.start { // A Medtronic pump
		return 0
	}
	k := 1
	for k < len(parts) && parts[k].initial {
		k++
	}
	if k == len(parts) {
		if dot && sc.initialsAlone(parts, c) {
			return k // J.D. reports
		}
		return 0
	}
	if c.relation || sc.behindInitials(&sc.toks[parts[k].tok], dot) {
		return sc.trim(parts, false)
	}
	return 0
}

// initialsAlone reports whether what stands around initials says that they are all that is
// told of somebody's name: J.D. reports; patient J.D.; the minor, K.E.
func (sc *Scanner) initialsAlone(parts []part, c *nameContext) bool {
	first, last := parts[0].tok, parts[len(parts)-1].tok
	return c.speech && !sc.copula(last+2) || c.relation || c.told || c.list || c.age ||
		len(parts) <= 3 && (sc.party(first, last+1) || sc.apposed(first, last+2))
}

// behindInitials reports whether a word behind initials is a surname: J. Smith, J Moravec,
// but not J CBT. dot says that a period stands behind the first of them.
func (sc *Scanner) behindInitials(t *token, dot bool) bool {
	l := t.list
	listed := l.CommonName()
	if dot {
		return listed || l.Word() < words.Frequent
	}
	return listed && l.Word() < words.Common || l.Word() == 0 && !sc.acronym(t)
}

// initialSecond returns how many of the parts, the second of which is an initial, are
// a name: Jildau S Bouts, James T.
func (sc *Scanner) initialSecond(parts []part, c *nameContext) int {
	n, t := len(parts), &sc.toks[parts[0].tok]
	l, dot := t.list, sc.isPunct(parts[1].tok+1, '.')
	switch {
	case n > 2 && !parts[2].initial && l.Word() < words.Frequent && (l.Named() || !sc.acronym(t)): // Jildau S Bouts
		if last := sc.toks[parts[n-1].tok].list; last.Surname() < words.Common && last.Word() > 0 && l.Given() < words.Common {
			return 0
		}
	case dot && sc.givenWithInitial(&parts[0], c): // James T.
	case l.Given() > 0 && l.Word() < words.Frequent,
		l.Surname() >= words.Common && l.Word() < words.Common,
		l.Word() == 0 && !t.is(allCaps) && (dot || c.relation || c.age || sc.foreign(t)): // Zorva T.
		if n == 2 && !dot && l.Given() == 0 && !c.relation && !sc.foreign(t) &&
			!sc.apposed(parts[0].tok, parts[1].tok+1) {
			return 0
		}
	default:
		return 0
	}
	return sc.trim(parts, true)
}

// givenWithInitial reports whether a part is a given name, though it may be a word as well,
// where an initial with its period follows: Hope T.
func (sc *Scanner) givenWithInitial(p *part, c *nameContext) bool {
	t := &sc.toks[p.tok]
	return p.half || t.list.Given() == words.Frequent ||
		t.list.Given() == words.Common && !c.start && !t.cueIs(cue.UnitWord|cue.Street|cue.Facility)
}

// party reports whether initials from token i to token end, a period, stand for
// somebody in a matter of law: the minor, K.E., D.M., Respondent, In re T.W.
func (sc *Scanner) party(i, end int) bool {
	if sc.isPunct(end, '.') {
		end++
	}
	if n := sc.at(end + 1); sc.isPunct(end, ',') && !n.is(lineBefore) &&
		(n.cueIs(cue.Relation) || n.hash == hashA && minors.Has(sc.at(end+2).hash)) {
		return true
	}
	j := i - 1
	if sc.isPunct(j, ',') {
		j--
	}
	p := sc.at(j)
	return !sc.at(i).is(lineBefore) && (minors.Has(p.hash) || p.hash == hashRe && sc.at(j-1).hash == hashIn)
}

// clients stand before the one initial of somebody who isn't to be named.
var clients = words.SetOf("patient pt client child minor resident student member")

var minors = words.SetOf("minor minors child children infant juvenile")

// acronym reports whether a word is written in capitals and short.
func (sc *Scanner) acronym(t *token) bool { return t.is(allCaps) && t.size() <= 5 }

// rareGiven reports whether a word may be a given name that no list holds: it is
// nothing else that is known.
func (sc *Scanner) rareGiven(t *token) bool {
	return !sc.acronym(t) && !t.is(possessive) && sc.rareWord(t)
}

// rareWord reports whether a word is of no list and of no form that things have.
func (sc *Scanner) rareWord(t *token) bool {
	return t.list == 0 && t.cueless() && t.size() > 3 && !sc.medicalShape(t) && !sc.camelCase(t)
}

// foreign reports whether a word has a Latin letter that English has not, as most
// names of other languages have and few things.
func (sc *Scanner) foreign(t *token) bool {
	found := false
	for i := t.start; i < t.end; i++ {
		switch c := sc.text[i]; {
		case c >= 0xc3 && c <= 0xc9, c == 0xe1 && sc.text[i+1] >= 0xb8 && sc.text[i+1] <= 0xbb: // up to U+024F, and Vietnamese
			found = true
		case c >= 0xca && c != 0xe2:
			return false
		}
	}
	return found
}

// eponyms reports whether all parts stand for something else: Tai Chi.
func (sc *Scanner) eponyms(parts []part) bool {
	for _, p := range parts {
		if !sc.toks[p.tok].cueIs(cue.Eponym) {
			return false
		}
	}
	return true
}

// medicalShape reports whether a word ends as medicines, diseases and findings do.
func (sc *Scanner) medicalShape(t *token) bool {
	if t.size() < 7 {
		return false
	}
	s := sc.text[t.start:t.end]
	last, before := s[len(s)-1]|0x20, s[len(s)-2]|0x20
	if last < 'a' || last > 'z' || medicalEndings[last-'a'].before&(1<<(before&31)) == 0 {
		return false
	}
	for _, e := range medicalEndings[last-'a'].endings {
		if words.HasSuffixFold(s, e) {
			return true
		}
	}
	return false
}

// medicalEndings are the endings by their last letter. A bit of before says which
// letters stand before that.
var medicalEndings = func() (m [26]struct {
	before  uint32
	endings []string
}) {
	for e := range strings.FieldsSeq(`itis osis emia uria algia ectomy otomy pathy azole statin mab nib pril sartan olol azine mycin cillin cycline oxacin vir idine ipine oxetine idone apine
		gliptin phylline caine amide azide zepam zolam triptan profen oxin phrine triene asone olone openia stomia opathy metry therapy scopy plasty rrhea plegia phagia phasia phobia megaly malacia kinesia somnia hedonia ality prosate trexone limus tinib ciclib flozin glutide setron dronate steride barbital penem xaban gatran fibrate formin zumab ology ography ference ivity ability ization graphs desis centesis ically ionally imally ially erally ularly ively ously edly ently antly ately graphia lexia calculia praxia osed inuted essive ative`) {
		at := &m[e[len(e)-1]-'a']
		at.before |= 1 << (e[len(e)-2] & 31)
		at.endings = append(at.endings, e)
	}
	return
}()

// capitalsAround reports whether a word beside token i is written in capitals
// as well, so that capitals don't make an acronym.
func (sc *Scanner) capitalsAround(i int) bool {
	return sc.at(i-1).is(allCaps) || sc.at(i+1).is(allCaps) || sc.at(i-2).is(allCaps)
}

// titleCase reports whether the words around token i are capitalised too, as in
// a heading, so that a capital says nothing.
func (sc *Scanner) titleCase(i int) bool {
	prev, next := sc.at(i-1), sc.at(i+1)
	return (prev.kind != tokenWord || prev.is(capital)) && next.kind == tokenWord && next.is(capital) &&
		!next.is(lineBefore)
}
