package detect

import (
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// What leads to a name: Dr., Name:, my name is, told, met with, mother of, the … family.

// contextBefore notes what stands before token i on its line: a title or a label,
// and before those and a sign the word that leads to a person.
func (sc *Scanner) contextBefore(i int, c *nameContext) {
	j := i - 1
	sc.titleBefore(i, c)
	if sc.at(j).kind == tokenPunct && sc.quote(j) && sc.isOneOf(j-1, ":=") &&
		sc.at(j-2).cueIs(cue.Relation) { // patient="Jane"
		j--
	}
	if sc.isPunct(j, ':') || sc.isPunct(j, '=') || sc.isPunct(j, '-') && !sc.joined(j) {
		j = sc.labelEnd(j)
		c.label = sc.labelsPerson(j) && !sc.turn(j)
	}
	if sc.at(i - 1).cueIs(cue.Particle) {
		sc.particlesLed(i, c)
	}
	if c.title {
		j = c.titleTok - 1
	}
	if sc.isPunct(j, '?') {
		c.intro = sc.asksName(j)
	}
	apposed := sc.isPunct(j, ',')
	if apposed || sc.isPunct(j, '(') || sc.isPunct(j, '"') || sc.isPunct(j, '\'') {
		j--
	}
	sc.leadBefore(i, j, apposed, c)
}

// particlesLed notes what leads to the particles right before token i: Ms. van der Wal,
// Dear van Gijn, Patient: de la Cruz. The name begins with them.
func (sc *Scanner) particlesLed(i int, c *nameContext) {
	from := sc.particlesBefore(i)
	if from == i || c.title || c.label {
		return
	}
	if title := sc.courtesy(from); title < from {
		from = title
	} else if label := sc.at(from - 2); sc.at(from-1).hash != hashDear && !sc.tellsTo(i, from-1) &&
		!(sc.isPunct(from-1, ':') && !kin.Has(label.hash) && (label.cueIs(cue.Intro|cue.Relation) || labelWordsOfPersons.Has(label.hash))) &&
		!(sc.at(from).is(lineBefore) && sc.isPunct(from-1, ',') && farewells.Has(label.hash)) {
		return
	}
	c.title, c.titleTok, c.start = true, from, false
}

// titleBefore notes the title that stands right before token i: Dr., Mrs.
func (sc *Scanner) titleBefore(i int, c *nameContext) {
	j := i - 1
	p := sc.at(j)
	if sc.isPunct(j, '.') && sc.at(j-1).cueIs(cue.Title) && sc.joined(j) && !lowerTitles.Has(sc.at(j-1).hash) && // see a doctor. Keep on
		!sc.titleIsUnit(j-1) {
		c.title, c.titleTok = true, j-1
		c.start = false
	} else if p.kind == tokenWord && p.cueIs(cue.Title) && !p.is(used) && (p.is(capital) || p.size() <= 3) &&
		!(sc.titleIsUnit(j) && sc.listed(&sc.toks[i]).Surname() < words.Common) { // but room 12 ms Quetzal
		c.title, c.titleTok = true, j
	}
}

// titleIsUnit reports whether token i is the unit of the number before it, and no title:
// 431 ms, 45 MME.
func (sc *Scanner) titleIsUnit(i int) bool {
	t := sc.at(i)
	return (t.hash == hashMs && !t.is(capital) || t.hash == hashMme && t.is(allCaps)) && sc.at(i-1).kind == tokenNumber
}

// labelEnd returns the index of the last word of the label that the sign at j
// ends, before what stands in parentheses: Patient (legal name):
func (sc *Scanner) labelEnd(j int) int {
	k := j - 1
	if !sc.isPunct(k, ')') {
		return k
	}
	for k > 0 && k > j-6 && !sc.isPunct(k, '(') {
		k--
	}
	return k - 1
}

// labelsPerson reports whether the word at k, before a colon, is the label of a
// person.
func (sc *Scanner) labelsPerson(k int) bool {
	w := sc.at(k)
	return w.kind == tokenWord && w.cueIs(cue.Intro|cue.Relation|cue.Greeting|cue.Speech) ||
		labelWordsOfPersons.Has(w.hash) ||
		w.hash == hashBy ||
		w.hash == hashTo ||
		w.hash == hashFrom ||
		w.hash == hashCc
}

// leadBefore notes what the words that end with token j lead to, which stand before
// token i and its title. apposed says that a comma stands between.
func (sc *Scanner) leadBefore(i, j int, apposed bool, c *nameContext) {
	p := sc.at(j)
	if p.kind != tokenWord {
		c.told = sc.joined(j) && sc.signLeads(j)
		return
	}
	if !c.title && sc.smallTitle(j, sc.at(i).list) { // nurse King
		c.title, c.titleTok, c.start = true, j, false
	}
	switch {
	case p.hash == hashLaw && sc.isPunct(j-1, '-') && sc.joined(j): // sister-in-law
		c.relation = true
	case p.hash == hashIs || p.hash == hashWas:
		c.intro = sc.saysName(j)
		c.relation = sc.at(j - 1).cueIs(cue.Relation)
	case p.hash == hashIts || p.hash == hashIt && p.is(possessive):
		c.intro = sc.greeted(j) && sc.at(i).list.Word() == 0
	case sc.selfNamed(j, apposed), sc.calls(j):
		c.intro = true
	case p.hash == hashOf && kin.Has(sc.at(j-1).hash): // mother of Quynh
		c.relation = true
	case sc.tellsTo(i, j):
		c.told = true
	case p.hash == hashThe:
		c.family = sc.plural(i) || sc.madeBy(i)
	case p.cueIs(cue.Greeting):
		c.greeting = true
	case p.cueIs(cue.Relation), apposed && personNouns.Has(p.hash):
		c.relation = true
	case p.cueIs(cue.In):
		c.place = true
	case p.hash == hashAnd:
		c.list = sc.at(j - 1).is(nameFound)
	}
}

// signLeads reports whether the sign at j, right behind a word shortened by it, leads to a
// person: met w/ Roe, State v. Roe.
func (sc *Scanner) signLeads(j int) bool {
	switch p := sc.at(j - 1); p.hash {
	case hashW:
		return sc.isPunct(j, '/') && talkWords.Has(sc.at(j-2).hash)
	case hashV:
		return sc.isPunct(j, '.')
	}
	return false
}

// smallTitle reports whether the word at j is a title in small letters before a name, of
// which the lists say l: nurse King.
func (sc *Scanner) smallTitle(j int, l words.Flags) bool {
	p := sc.at(j)
	return p.cueIs(cue.Title|cue.Relation) && lowerTitles.Has(p.hash) && !p.is(capital|used) &&
		l.CommonName()
}

// saysName reports whether the form of be at j says who somebody is: my name is, the name
// given was; hello, this is.
func (sc *Scanner) saysName(j int) bool {
	p := sc.at(j - 1)
	return p.hash == hashName || sc.at(j-2).hash == hashName || p.hash == hashThis && sc.greeted(j-1)
}

// selfNamed reports whether somebody says at j who they are: I am; I'm; I, Hyacinth Okoro,
// authorize; not bipolar I, Severe.
func (sc *Scanner) selfNamed(j int, apposed bool) bool {
	switch p := sc.at(j); p.hash {
	case hashAm, hashIm:
		return true
	case hashI:
		q := sc.at(j - 1)
		return apposed && (p.is(lineBefore) || q.kind != tokenWord || q.cueIs(cue.Stop))
	}
	return false
}

// calls reports whether the word at j is the end of what says how somebody is called:
// signed; gave her name as; goes by; known as, behind a name; call me; named him.
func (sc *Scanner) calls(j int) bool {
	p, q := sc.at(j), sc.at(j-1)
	switch p.hash {
	case hashAs:
		if q.hash == hashName || q.hash == hashKnown &&
			(sc.at(j-2).is(nameFound) || sc.at(j-3).is(nameFound) || sc.at(j-4).is(nameFound)) {
			return true
		}
	case hashBy:
		if goWords.Has(q.hash) {
			return true
		}
	case hashCallMe:
		if q.cueIs(cue.Tell) {
			return true
		}
	case hashHim, hashHer:
		if q.hash == hashNamed {
			return true
		}
	}
	return p.cueIs(cue.Intro)
}

// tellsTo reports whether the word at j leads to a person at i: told; met with; per;
// message for; issued to.
func (sc *Scanner) tellsTo(i, j int) bool {
	p, q := sc.at(j), sc.at(j-1)
	switch p.hash {
	case hashWith, hashW:
		if sc.talked(j - 1) {
			return true
		}
	case hashPer:
		if !sc.acronym(sc.at(i)) {
			return true
		}
	case hashFor:
		if messageWords.Has(q.hash) || askWords.Has(q.hash) && sc.at(i).list.Given() == words.Frequent {
			return true
		}
	case hashTo:
		if handWords.Has(q.hash) {
			return true
		}
	}
	if urges.Has(p.hash) && !sc.at(i).list.Named() {
		return sc.at(i+1).hash == hashTo || sc.at(i).is(possessive)
	}
	return p.cueIs(cue.Tell)
}

// urges are what is done about things as well: Encouraged Zumba and rest.
var urges = words.SetOf("encouraged encouraging urged advised prompted")

// particlesBefore returns the index of the first of the particles in small
// letters that stand right before token i: van der.
func (sc *Scanner) particlesBefore(i int) int {
	j := i
	for j > 0 && i-j < 3 && !sc.toks[j].is(lineBefore) {
		if p := &sc.toks[j-1]; p.kind != tokenWord || p.is(capital|used) || !p.cueIs(cue.Particle) || p.size() < 2 {
			break
		}
		j--
	}
	return j
}

// talked reports whether what ends with token k speaks of a conversation:
// discussed, reviewed the safety plan.
func (sc *Scanner) talked(k int) bool {
	for n := 0; n < 4; n++ {
		h := sc.at(k - n).hash
		if talkWords.Has(h) {
			return true
		}
		if !topics.Has(h) && !articles.Has(h) {
			return false
		}
	}
	return false
}

// greeted reports whether a greeting stands shortly before token k.
func (sc *Scanner) greeted(k int) bool {
	for j := k - 1; j >= 0 && j > k-9; j-- {
		if sc.toks[j].cueIs(cue.Greeting) {
			return true
		}
	}
	return false
}

// plural reports whether token i is a surname with an s behind it.
func (sc *Scanner) plural(i int) bool {
	s := sc.lit(i)
	n := len(s) - 1
	if n <= 3 || s[n]|0x20 != 's' || sc.at(i).list.Word() > 0 {
		return false
	}
	return sc.lists.Get(words.Hash(s[:n])).Surname() >= words.Common || n > 5 && s[:2] == "Mc" && chars.IsUpper(s[2]) ||
		s[n-1]|0x20 == 'e' && sc.lists.Get(words.Hash(s[:n-1])).Surname() >= words.Common
}

// madeBy reports whether the word at i, behind "the", is a surname or of no list and what
// somebody made or is kept about somebody stands behind it: the Takuda novel, the Roe file.
func (sc *Scanner) madeBy(i int) bool {
	t, n := sc.at(i), sc.at(i+1)
	if n.kind != tokenWord || n.is(capital|lineBefore) || !t.cueless() || t.is(allCaps) || t.list.Word() >= words.Common {
		return false
	}
	return works.Has(n.hash) && (t.list.Surname() > 0 || t.list == 0 && !sc.medicalShape(t) && !sc.camelCase(t)) ||
		dossiers.Has(n.hash) && t.list.Surname() >= words.Common && t.list.Word() == 0
}

var (
	works        = words.SetOf("novel novels symphony sonata")
	dossiers     = words.SetOf("file chart household residence estate wedding funeral twins")
	hashW        = words.Hash("w")
	hashMme      = words.Hash("mme")
	hashDear     = words.Hash("dear")
	goWords      = words.SetOf("goes go going went gone")
	hashLaw      = words.Hash("law")
	lowerTitles  = words.SetOf("nurse doctor officer judge detective sergeant pastor professor coach rabbi deputy")
	handWords    = words.SetOf("issued shipped mailed faxed assigned spoke spoken talked married addressed reassigned registered belong belongs letter message email")
	askWords     = words.SetOf("ask asks asked asking")
	messageWords = words.SetOf("message voicemail reminder letter invoice excuse printed records chart")
	talkWords    = words.SetOf("reschedule rescheduled schedule scheduled appt appointment spoke speak speaking spoken met meet meeting talked talk talking discussed conferred consulted session call visit reviewed coordinated collaborated staffed debriefed")
	topics       = words.SetOf("case plan safety results concerns situation findings history note chart care rounds phone labs discharge")
)
