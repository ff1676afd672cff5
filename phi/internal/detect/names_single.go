package detect

import (
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// single judges one capitalised word: by what it stands for otherwise, then by what
// leads to it, then by the lists.
func (sc *Scanner) single(p part, c *nameContext, hint bool) bool {
	if p.initial {
		return sc.singleInitial(p, c)
	}
	if sc.standsForElse(p, c) {
		return false
	}
	if name, decided := sc.ledTo(p, c, hint); decided {
		return name
	}
	return sc.listedName(p, c)
}

// singleInitial judges an initial that stands alone.
func (sc *Scanner) singleInitial(p part, c *nameContext) bool {
	t, dot := &sc.toks[p.tok], sc.isPunct(p.tok+1, '.')
	if n := sc.at(p.tok + 2); c.relation && clients.Has(sc.at(p.tok-1).hash) && dot &&
		n.kind == tokenWord && !n.is(capital|lineBefore) {
		return true // Child A. is safe
	}
	return c.title && (dot || !sc.toks[c.titleTok].is(allCaps) && !t.is(allCaps) && t.hash != hashI)
}

// standsForElse reports whether a word means something other than a person here,
// whatever the lists say of it.
func (sc *Scanner) standsForElse(p part, c *nameContext) bool {
	t, next := &sc.toks[p.tok], sc.at(p.tok+2)
	l := t.list
	told := c.strong() || c.told
	said := c.speech && !sc.copula(p.tok+1) && sc.at(p.tok-1).hash != hashThe
	switch {
	case t.cueIs(cue.Eponym) && !sc.calledSo(p, c, said):
		return true
	case t.size() == 2 && sc.text[t.end-1] == 'x' && !c.title: // Sx, Tx
		return true
	case t.cueIs(cue.Month) && (l.Given() < 3 || !told && !said && !c.relation && !c.list):
		return true
	case t.is(possessive) && !told && (!c.relation || sc.at(p.tok-1).hash == hashBaby) && sc.behindMedicine(p.tok): // Tylenol, Vick's, and a humidifier
		return true
	}
	if n := sc.at(p.tok + 1); t.cueIs(cue.Particle) && c.start && !told && l.Given() < 2 && n.kind == tokenWord &&
		!n.is(capital) && !n.cueIs(cue.Speech) { // El paciente
		return true
	}
	hyphened := sc.isPunct(p.tok+1, '-') && sc.joined(p.tok+1) && sc.joined(p.tok+2)
	return hyphened && !p.half && l.Given() < 2 && next.kind == tokenWord && !next.is(capital) &&
		sc.lists.Get(next.hash).Word() > 0 // Co-signed
}

// calledSo reports whether somebody here is called as the eponym p is. said says that a verb
// of speech stands behind it.
func (sc *Scanner) calledSo(p part, c *nameContext, said bool) bool {
	l := sc.toks[p.tok].list
	return c.title || c.intro || c.told || c.list ||
		c.label && !sc.kinsDisease(p.tok) ||
		p.half && sc.syllable(p.tok+2) ||
		c.speech && l.Given() == 3 ||
		said && (l.Surname() == 3 || l.Surname() == 2 && complaints.Has(sc.at(p.tok+1).hash)) ||
		l.Given() >= 1 && sc.actor(p.tok)
}

// complaints are verbs of patients and not of those whose name a finding has: Frey denies pain.
var complaints = words.SetOf("reports reported denies denied endorses endorsed complains complained presents presented admits")

// saying are verbs of speech behind which hardly a thing stands.
var saying = words.SetOf("said says asked asks told tells texted called")

// kinsDisease reports whether the word at i, a disease, is all that stands behind the label
// of a relative in a family's history: Mother: Crohn.
func (sc *Scanner) kinsDisease(i int) bool {
	n := sc.at(i + 1)
	return kin.Has(sc.at(i-2).hash) && sc.toks[i].list.Surname() < 3 && (n.kind == tokenPunct || n.is(lineBefore))
}

// ledTo judges a word by what leads to it: a title, a label, a word for a person, a
// verb of speech. It is not decided when nothing does.
func (sc *Scanner) ledTo(p part, c *nameContext, hint bool) (name, decided bool) {
	if name, decided = sc.saidToBe(p, c, hint); decided {
		return name, true
	}
	t := &sc.toks[p.tok]
	l, stop := t.list, t.cueIs(cue.Stop)
	known := l.Given() >= 1 || l.Surname() >= 2
	switch {
	case hint:
		return known || l.Word() == 0, true
	case c.place && l.City() > 0 && !c.speech && !c.told && !t.is(possessive) &&
		(l.Given() < 2 || sc.at(p.tok-1).hash == hashIn || sc.townBefore(p.tok)):
		return false, true // lives in Austin
	case c.relation && sc.kinInCapitals(p.tok),
		known && !stop && sc.ofKin(p.tok),
		l.Given() >= 2 && !stop && sc.addressed(p.tok),
		known && c.degree && !stop && l.City() == 0 && sc.isPunct(p.tok+1, ',') && !sc.isState(p.tok+2):
		return true, true
	case sc.acronym(t) &&
		(l.Given() < 2 ||
			(l.Given() < 3 || !sc.capitalsAround(p.tok)) && !c.relation && !c.speech && !c.age && !c.list):
		return false, true
	case c.family:
		return true, true
	case t.cueIs(cue.Greeting|cue.Holiday) && !c.told && !c.relation:
		return false, true // Hola, soy
	case c.vocative:
		return l.Word() == 0 && (!c.dose || known) || known && l.Given() == 3, true
	case c.told && !stop:
		return known && l.Word() <= 1 && (l.City() == 0 || l.Given() >= 2) ||
			l.Given() == 3 ||
			l.Word() == 0 && l.City() == 0 && !sc.acronym(t), true
	case c.list:
		return known && l.Word() < 3 || l.Given() >= 2 || l.Word() == 0, true
	}
	return false, false
}

// saidToBe is ledTo for what says right before a word that it is a name: a title, a
// label, a greeting.
func (sc *Scanner) saidToBe(p part, c *nameContext, hint bool) (name, decided bool) {
	t := &sc.toks[p.tok]
	l, stop := t.list, t.cueIs(cue.Stop)
	known := l.Given() >= 1 || l.Surname() >= 2
	switch {
	case c.title:
		if long := sc.toks[c.titleTok]; long.size() > 4 && l.Word() >= 1 && !l.Named() { // Major Depressive
			return false, true
		}
		return !stop && !t.cueIs(cue.Title), true
	case p.half:
		return !c.dose && sc.syllable(p.tok+2), true
	case (c.label || c.told) && nobody.Has(t.hash):
		return false, true
	case c.speaker && !stop && !t.cueIs(cue.Key|cue.NotName):
		return l.Word() == 0 || known, true
	case c.dose && !hint && !c.intro && !c.label && !c.relation && (l.Given() < 3 || c.product),
		!known && (sc.medicalShape(t) || sc.glued(t)):
		return false, true
	case c.intro, c.label:
		return l.Word() < 2 && !sc.acronym(t) || known && !stop || l.Given() >= 2, true
	case c.greeting && sc.greetsNobody(p.tok):
		return false, true
	case c.greeting:
		return ((l.Word() < 2 || known) && !stop || l.Given() >= 2) && !sc.acronym(t), true
	}
	return false, false
}

// greetsNobody reports whether the word at i, behind a greeting, stands for whom it
// may concern: Dear Sir or Madam.
func (sc *Scanner) greetsNobody(i int) bool {
	t := sc.at(i)
	return nobody.Has(t.hash) || sc.at(i+1).hash == orWord || t.cueIs(cue.Title) && sc.isPunct(i+1, ',')
}

// ofKin reports whether the capitalised word at i is whose relative stands behind it,
// whatever else the word means: Lark's sister. A sentence begins with given names alone.
func (sc *Scanner) ofKin(i int) bool {
	t, n := &sc.toks[i], sc.at(i+1)
	return t.is(possessive) && (!t.is(sentence) || t.list.Given() >= 2) && !t.is(allCaps) &&
		kin.Has(n.hash) && !n.is(capital|lineBefore) &&
		!t.cueIs(cue.Relation|cue.Title|cue.Month|cue.Weekday|cue.Holiday)
}

// addressed reports whether a person alone stands behind what leads to the word at i: tell
// Rusty, spoke with Sunny, a call from Precious.
func (sc *Scanner) addressed(i int) bool {
	p, q := sc.at(i-1), sc.at(i-2)
	switch p.hash {
	case hashWith:
		return spoken.Has(q.hash)
	case hashFrom:
		return messageWords.Has(q.hash) || q.hash == hashCall
	}
	return tellings.Has(p.hash)
}

var (
	spoken   = words.SetOf("spoke spoken talked met meeting")
	tellings = words.SetOf("tell told texted emailed phoned thanked invited interviewed reminded")
)

// kinCalled reports whether the capitalised word at i is what somebody's relative is
// called, of whom the sentence goes on to speak: my mom Hyacinth is.
func (sc *Scanner) kinCalled(i int) bool {
	return kin.Has(sc.at(i-1).hash) && articles.Has(sc.at(i-2).hash) && sc.toks[i].cue == 0 && !sc.toks[i].is(sentence|allCaps) &&
		(sc.copula(i+1) || sc.speaks(i+1) || sc.acts(i+1))
}

// kinInCapitals reports whether the word at i is one that no list holds, in capitals
// as the word for a relative before it is: MY WIFE ABENA.
func (sc *Scanner) kinInCapitals(i int) bool {
	t, p := sc.at(i), sc.at(i-1)
	l := t.list
	return t.is(allCaps) && t.size() > 3 && t.cueless() && l.Word() == 0 && l.City() == 0 && !l.Drug() &&
		kin.Has(p.hash) && p.is(allCaps) && !sc.medicalShape(t)
}

// listedName judges a word by what the lists say of it, and by the weaker signs around.
func (sc *Scanner) listedName(p part, c *nameContext) bool {
	t := &sc.toks[p.tok]
	l, stop := t.list, t.cueIs(cue.Stop)
	known := l.Given() >= 1 || l.Surname() >= 2
	switch {
	case l.Given() >= 2 && l.Word() == 0:
		return !(c.place && l.City() > 0 && l.Given() < 3 && !c.speech)
	case l.Given() >= 2 && l.Word() >= 2 && !c.start && !stop && !t.is(allCaps) && sc.ofPerson(p.tok):
		return true
	case l.Word() == 0 && sc.foreign(t):
		return !c.place && l.City() == 0
	case c.relation:
		return (known && l.Word() < 3 || l.Word() == 0) && !c.start ||
			l.Word() < 3 && sc.kinCalled(p.tok) ||
			l.Surname() == 3 && !stop && (c.speech && !sc.copula(p.tok+1) || sc.actor(p.tok))
	case c.speech, sc.actor(p.tok):
		copula := sc.copula(p.tok+1) && !sc.actor(p.tok)
		return known &&
			(l.Word() < 2 && (!copula || !c.start || l.Given() >= 2) ||
				l.Given() == 3 ||
				l.Given() == 2 && !stop && !sc.at(p.tok-1).is(capital) && (sc.actor(p.tok) || complaints.Has(sc.at(p.tok+1).hash) || saying.Has(sc.at(p.tok+1).hash)) ||
				l.Surname() == 3 && !copula) ||
			l.Word() == 0 && l.City() == 0 && !copula
	case l.Given() == 3 && l.Word() == 1:
		return !c.place || t.is(possessive) || l.City() == 0 && !sc.townBefore(p.tok)
	case l.Given() == 3 && !c.start && !stop:
		return l.Word() < 3 && !sc.titleCase(p.tok)
	case t.is(allCaps):
		return l.Given() >= 2 && l.Word() <= 1
	case l.Given() == 1 && l.Word() == 0, l.Surname() >= 2 && l.Word() == 0:
		return !c.place || l.City() == 0
	case c.age:
		return known && l.Word() < 2 || l.Word() == 0 && !c.start
	}
	return false
}

// ofPerson reports whether the word before token i leads to a person and what
// stands behind it goes on in small letters: and Bill left.
func (sc *Scanner) ofPerson(i int) bool {
	n := sc.at(i + 1)
	if n.kind == tokenWord && n.isBut(capital, lineBefore) || n.kind == tokenNumber && !n.is(lineBefore) {
		return false
	}
	return beforePersons.Has(sc.at(i-1).hash) && !sc.at(i).is(lineBefore)
}

var beforePersons = words.SetOf("and with let did does has asked ask if that because while since but when where says said know knew love loves miss misses hates tell told saw bring law")

// copula reports whether token i is a verb that stands behind things as well.
func (sc *Scanner) copula(i int) bool {
	switch sc.at(i).hash {
	case hashIs, hashWas, hashHas, hashHad:
		return true
	}
	return false
}

var (
	hashHas = words.Hash("has")
	hashHad = words.Hash("had")
)
