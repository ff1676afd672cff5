package detect

import (
	"slices"
	"strings"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Names that the form of a line tells: "Present: Mbeki, Saoirse, Tomasz" and the
// dash of a signature.

// rosterWords stand before a colon and the names of several persons.
var rosterWords = words.SetOf(`attendees attendee participants present attendance attended attending absent apologies members invitees invited guests facilitators facilitator presenters presenter speakers speaker founders authors recipients
	signatories witnesses witness clients patients residents panel chair cc bcc team staff clinicians providers therapists interpreters siblings children kids parents guardians contacts reviewers organizers hosts host leader leaders`)

// doubtful are the rosterWords behind which findings and other things are listed
// as well.
var doubtful = words.SetOf("present absent team staff invited attending members contacts chair host panel")

// persons stand before "present" and say who is.
var persons = words.SetOf("clients patients members participants staff attendees parents family")

// maxRoster is how many names of a list are looked at.
const maxRoster = 40

// roster returns the index behind a list of names that begins at token i, right
// behind a colon, or i. All of its items must be names by their form, and where
// things may be listed as well, the lists must hold one.
func (sc *Scanner) roster(i int) int {
	w := sc.rosterHead(i)
	if w.kind != tokenWord || !rosterWords.Has(w.hash) || sc.at(i).is(lineBefore) {
		return i
	}
	ofPersons := sc.at(i-3).cueIs(cue.Relation) || persons.Has(sc.at(i-3).hash) // clients present
	doubt := !sc.capitals || doubtful.Has(w.hash) && !ofPersons
	var items [maxRoster][2]int
	n, known := 0, false
	for j := i; n < maxRoster; {
		name := sc.pastTitle(j)
		known = known || name > j
		end, sure, short := sc.rosterName(name)
		if end == name {
			if n > 0 && (sc.at(end).is(capital) || !sc.capitals) {
				return i // not all of them are names
			}
			break
		}
		known = known || sure || sc.isPunct(end, '(') && sc.credential(end+1)
		doubt = doubt || short
		items[n] = [2]int{j, end}
		n++
		if j = sc.nextOfRoster(end); j == end {
			break
		}
	}
	if n == 0 || n == 1 && !sc.capitals || !known && (n == 1 || doubt) || !sc.rosterEnd(items[n-1][1]) {
		return i
	}
	for _, e := range items[:n] {
		sc.addName(e[0], sc.credentials(e[1]), true)
	}
	return max(items[n-1][1], i+1)
}

// rosterHead returns the word before the colon at i-1, past how many persons there are:
// Present (6):.
func (sc *Scanner) rosterHead(i int) *token {
	if sc.isPunct(i-2, ')') && sc.at(i-3).kind == tokenNumber && sc.isPunct(i-4, '(') {
		return sc.at(i - 5)
	}
	return sc.at(i - 2)
}

// pastTitle returns j, or the index behind the title that stands there: Dr. Moravec.
func (sc *Scanner) pastTitle(j int) int {
	t := sc.at(j)
	if t.kind != tokenWord || !t.cueIs(cue.Title) || !t.isBut(capital, used) {
		return j
	}
	if sc.isPunct(j+1, '.') {
		return j + 2
	}
	return j + 1
}

// lineName returns the index behind the names that begin at token i, right behind
// a character such as a colon or a dash, or i.
func (sc *Scanner) lineName(i int) int {
	switch sc.text[sc.toks[i-1].start] {
	case ':':
		sc.smallSpeaker(i - 1)
		sc.timedSpeaker(i - 1)
		sc.untoldSpeaker(i - 1)
		return sc.roster(i)
	case '?':
		sc.nameAnswer(i)
	case '-', 0xe2:
		if i+6 > len(sc.toks) && i < len(sc.toks) && sc.dash(i-1) {
			return sc.signature(i)
		}
	}
	return i
}

// A role begins lines of a text: client, therapist.
type role struct {
	hash      uint32
	lines     int
	sentences int // lines that are one
}

// turn reports whether the role at token i begins a line of a dialogue, whose lines are
// what somebody says rather than who somebody is: several begin with it, and one of them
// is a sentence.
//
//	therapist: how was your week?
//	client: Fine.
//	therapist: and your sleep?
func (sc *Scanner) turn(i int) bool {
	if !sc.at(i).is(lineBefore) {
		return false
	}
	if !sc.rolesRead {
		sc.readRoles()
	}
	at := slices.IndexFunc(sc.roles, func(r role) bool { return r.hash == sc.toks[i].hash })
	return at >= 0 && sc.roles[at].lines > 1 && sc.roles[at].sentences > 0
}

// maxRoles is how many roles of a text are told apart.
const maxRoles = 16

// readRoles finds the roles that begin lines.
func (sc *Scanner) readRoles() {
	sc.rolesRead, sc.roles = true, sc.roles[:0]
	for rest, at := sc.text, 0; ; {
		colon := strings.IndexByte(rest, ':')
		if colon < 0 {
			return
		}
		at += colon + 1
		rest = sc.text[at:]
		from := lettersBefore(sc.text, at-1)
		if from > 0 && sc.text[from-1] != '\n' {
			continue
		}
		i := sc.tokenAt(from)
		if !sc.isPunct(i+1, ':') || !sc.labelsPerson(i) {
			continue
		}
		hash := sc.toks[i].hash
		k := slices.IndexFunc(sc.roles, func(r role) bool { return r.hash == hash })
		if k < 0 {
			if len(sc.roles) == maxRoles {
				continue
			}
			k = len(sc.roles)
			sc.roles = append(sc.roles, role{hash: hash})
		}
		sc.roles[k].lines++
		if sc.sentenceFrom(i + 2) {
			sc.roles[k].sentences++
		}
	}
}

// lettersBefore returns where the letters right before the end of s[:end] begin.
func lettersBefore(s string, end int) int {
	for end > 0 && chars.IsLetter(s[end-1]) {
		end--
	}
	return end
}

// sentenceFrom reports whether three words of a line from token i on have two in small
// letters among them.
func (sc *Scanner) sentenceFrom(i int) bool {
	small, words := 0, 0
	for j := i; j < i+8 && words < 4 && !sc.at(j).is(lineBefore); j++ {
		if t := sc.at(j); t.kind == tokenWord {
			words++
			if !t.is(capital) {
				small++
			}
		}
	}
	return words >= 3 && small >= 2
}

// speakerTokens is how far behind a line the next one of the same speaker is
// looked for.
const speakerTokens = 120

// smallSpeaker notes the given name in small letters, or the capitalised word that no list
// holds, that begins a line before the colon at token i, if another line soon begins so:
//
//	ivy: cant sleep again
//	coach: did you try the breathing?
//	ivy: yes
func (sc *Scanner) smallSpeaker(i int) {
	t := sc.at(i - 1)
	if t.kind != tokenWord ||
		!t.isBut(lineBefore, used) ||
		!sc.joined(i) ||
		t.size() < 3 ||
		t.cueIs(cue.Stop|cue.Key|cue.Month) {
		return
	}
	if t.is(capital) && (t.is(allCaps) || !sc.rareWord(t)) || !t.is(capital) && sc.lists.Get(t.hash).Given() < words.Common && !sc.surnameLogin(i-1) {
		return
	}
	for j := i + 1; j < min(len(sc.toks)-1, i+speakerTokens); j++ {
		if n := &sc.toks[j]; n.hash == t.hash && n.is(lineBefore) && n.is(capital) == t.is(capital) && sc.isPunct(j+1, ':') &&
			(!t.is(capital) && sc.lists.Get(t.hash).Word() < words.Frequent || sc.sentenceFrom(i+1) || sc.sentenceFrom(j+2)) {
			sc.addName(i-1, i, true)
			sc.addName(j, j+1, true)
			return
		}
	}
}

// surnameLogin reports whether the word at i is an initial and a surname as one: mbrooks.
func (sc *Scanner) surnameLogin(i int) bool {
	t := &sc.toks[i]
	return t.size() > 5 && sc.lists.Get(t.hash) == 0 && sc.initialAndSurname(i)
}

// timedSpeaker notes the given name, or the word that no list holds, with which a line of a
// chat begins before the time and the colon at token i: mel 9:02 AM: has anyone seen him?
func (sc *Scanner) timedSpeaker(i int) {
	j := i - 2
	if !dayHalves.Has(sc.at(i-1).hash) || !sc.sentenceFrom(i+1) || !sc.clockEnds(j) {
		return
	}
	t := sc.at(j - 3)
	if t.kind != tokenWord || !t.isBut(lineBefore, used) || t.size() < 3 || t.cue != 0 {
		return
	}
	if l := sc.lists.Get(t.hash); !l.Drug() && !sc.medicalShape(t) && (l.Given() > 0 || l.Word() == 0) {
		sc.addName(j-3, j-2, false)
	}
}

// untoldSpeaker notes the given name with which a line of a chat begins before the time around
// the colon at token i, if another line begins so, and the other speaker's:
//
//	pavel 11:02 she is there twice
//	zorva 11:03 which one
func (sc *Scanner) untoldSpeaker(i int) {
	if !sc.chatLine(i-2) || sc.at(i-2).is(used) {
		return
	}
	for j := i + 2; j < min(len(sc.toks), i+speakerTokens); j++ {
		if !sc.chatLine(j) {
			continue
		}
		a, b := sc.listed(&sc.toks[i-2]), sc.listed(&sc.toks[j])
		if a.Given() > 0 && b.Word() == 0 || b.Given() > 0 && a.Word() == 0 {
			sc.addName(i-2, i-1, true)
			sc.addName(j, j+1, true)
			return
		}
	}
}

// chatLine reports whether a line of a chat begins at token i, with one word and a time.
func (sc *Scanner) chatLine(i int) bool {
	t := sc.at(i)
	return t.kind == tokenWord && t.is(lineBefore) && t.size() >= 3 && t.cue == 0 && !sc.joined(i+1) &&
		sc.at(i+1).kind == tokenNumber && sc.at(i+1).size() <= 2 && sc.isPunct(i+2, ':') && sc.joined(i+3) &&
		sc.at(i+3).kind == tokenNumber && sc.at(i+3).size() == 2 && sc.at(i+4).kind == tokenWord && !sc.at(i+4).is(lineBefore)
}

// rosterEnd reports whether a list may end before token i: with its line or its
// sentence, or what no list of names is part of.
func (sc *Scanner) rosterEnd(i int) bool {
	t := sc.at(i)
	return t.is(lineBefore) || t.kind == tokenPunct || sc.credentials(i) > i
}

// nextOfRoster returns the index of the next item behind one that ends before
// token i, or i: what stands between is a comma, a semicolon, "and", and a remark
// in parentheses.
func (sc *Scanner) nextOfRoster(i int) int {
	j := sc.credentials(i)
	if sc.isPunct(j, '(') {
		for k := j + 1; k < j+8; k++ {
			if sc.isPunct(k, ')') {
				j = k + 1
				break
			}
		}
	}
	at := j
	if sc.isOneOf(j, ",;&/") {
		j++
	}
	if sc.at(j).hash == hashAnd || sc.isPunct(j, '&') {
		j++
	}
	if j == at || sc.at(j).is(lineBefore) {
		return i
	}
	return j
}

// rosterName returns the index behind one to three words at token i that may be
// a name, or i. known says that one of them is of the lists of names and hardly
// anything else, short that one may be letters that stand for words.
func (sc *Scanner) rosterName(i int) (end int, known, short bool) {
	j := i
	for n := 0; n < 3 && sc.rosterWord(j, n); n++ {
		t := sc.at(j)
		l := sc.listed(t)
		switch {
		case t.size() == 1 && n > 0:
		case sc.acronym(t) && l == 0 && t.cue == 0 && t.size() > 3:
			short = true
		case sc.noRosterName(j, l):
			return i, false, false
		}
		known = known || l.Named() && l.Word() < words.Common || l.Surname() == words.Frequent && l.Word() < words.Frequent
		j = sc.rosterLink(j)
	}
	return j, known, short
}

// rosterWord reports whether the word at j may be the nth of a name of a list. In small
// letters, words that mean something else are not.
func (sc *Scanner) rosterWord(j, n int) bool {
	t := sc.at(j)
	if t.kind != tokenWord || t.is(used) || n > 0 && (t.is(lineBefore) || t.cueIs(cue.Suffix)) {
		return false
	}
	if t.is(capital) {
		return true
	}
	l := sc.listed(t)
	return !sc.capitals && !t.cueIs(cue.Stop|cue.Month) && l.Word() != words.Frequent && (l.Word() == 0 || l.Named())
}

// noRosterName reports whether the word at j, of which the lists say l, is none of a name,
// so that the list is none of names: a medicine, an acronym, a month, a word that is no
// name, though a particle before a hyphen may be one: Al-Sayed.
func (sc *Scanner) noRosterName(j int, l words.Flags) bool {
	t, hyphen := sc.at(j), sc.isPunct(j+1, '-')
	switch {
	case l.Drug() || sc.ofThing(t) || t.cueIs(cue.Month|cue.Weekday),
		sc.acronym(t) && l.Given() < words.Common && l.Surname() < words.Common:
		return true
	case l.Named():
		return false
	}
	return t.size() < 3 && !hyphen ||
		sc.medicalShape(t) ||
		l.Word() > 0 ||
		t.cue != 0 && !(t.cueIs(cue.Particle) && hyphen)
}

// rosterLink returns the index behind the word at j, where the next one of its name may
// begin: behind what hyphens join to it, an initial's period and particles.
func (sc *Scanner) rosterLink(j int) int {
	initial := sc.at(j).size() == 1
	j++
	for sc.isPunct(j, '-') && sc.tight(j) && sc.at(j+1).kind == tokenWord {
		j += 2
	}
	if initial {
		j = sc.pastPeriod(j)
	}
	for sc.at(j).kind == tokenWord && !sc.at(j).is(capital|used|lineBefore) &&
		sc.at(j).cueIs(cue.Particle) && sc.at(j+1).isBut(capital, lineBefore) {
		j++
	}
	return j
}

// signature returns the index behind the name of a signature at token i, behind
// a dash at the end of a text: – Priyanka. A list has dashes in the lines before.
func (sc *Scanner) signature(i int) int {
	d := i - 1
	for d > 0 && sc.dash(d-1) && sc.joined(d) {
		d--
	}
	end, _, short := sc.rosterName(i)
	if sc.signedInitials(i, d) {
		return sc.addName(i, i+1, false)
	}
	if end == i || short || sc.credentials(end) < len(sc.toks) || sc.joined(i) && sc.joined(d) && d > 0 {
		return i
	}
	if d == 0 || !sc.toks[d].is(lineBefore) && !sc.sentenceEnd(d-1) || sc.isPunct(d-1, ':') {
		return i
	}
	for j := d - 1; j >= 0; j-- {
		if sc.toks[j].is(lineBefore) || j == 0 {
			if sc.toks[j].kind != tokenWord {
				return i
			}
			break
		}
	}
	return sc.addName(i, sc.credentials(end), true)
}

// signedInitials reports whether the letters at i, which end the text right behind the dash
// at d, are the initials with which somebody signs: Will call on Monday. -KB
func (sc *Scanner) signedInitials(i, d int) bool {
	t := &sc.toks[i]
	ends := i+1 == len(sc.toks) || sc.monthAndDay(i+1) && i+4 == len(sc.toks) // —GHW 9/9
	return ends && t.kind == tokenWord && t.isBut(allCaps, used) && (t.size() == 2 || t.size() == 3) && !t.cueIs(^cue.Unit) &&
		sc.joined(i) && d > 0 && !sc.joined(d) && (sc.sentenceEnd(d-1) || sc.toks[d].is(lineBefore)) && !negated.Has(t.hash)
}

// negated are letters that stand behind a dash for something else: what was not found, a
// service.
var negated = words.SetOf("si hi ah vh cp nv pe tb ot pt st rt eh op ip id ok dka ama awol prn")

// sentenceEnd reports whether token i ends a sentence.
func (sc *Scanner) sentenceEnd(i int) bool {
	return sc.isOneOf(i, ".!?")
}

// dash reports whether token i is a hyphen or a dash.
func (sc *Scanner) dash(i int) bool {
	if sc.at(i).kind != tokenPunct {
		return false
	}
	switch sc.lit(i) {
	case "-", "–", "—":
		return true
	}
	return false
}
