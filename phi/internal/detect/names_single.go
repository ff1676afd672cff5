package detect

import (
	"github.com/carebus/carebus/phi/internal/chars"
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
	t := &sc.toks[p.tok]
	told := c.strong() || c.told
	said := c.speech && !sc.copula(p.tok+1) && sc.at(p.tok-1).hash != hashThe
	switch {
	case t.cueIs(cue.Eponym) && !sc.calledSo(p, c, said),
		t.size() == 2 && sc.text[t.end-1] == 'x' && !c.title, // Sx, Tx
		t.cueIs(cue.Month) && (t.list.Given() < words.Frequent || !told && !said && !c.relation && !c.list),
		t.is(possessive) && !told && (!c.relation || sc.at(p.tok-1).hash == hashBaby) && sc.behindMedicine(p.tok), // Tylenol, Vick's, and a humidifier
		t.cueIs(cue.Particle) && c.start && !told && sc.articleOpens(p.tok),
		!p.half && sc.hyphenPrefix(p.tok):
		return true
	}
	return false
}

// articleOpens reports whether the particle at i is an article of another language that
// begins a sentence: El paciente.
func (sc *Scanner) articleOpens(i int) bool {
	n := sc.at(i + 1)
	return sc.toks[i].list.Given() < words.Common && n.kind == tokenWord && !n.is(capital) && !n.cueIs(cue.Speech)
}

// hyphenPrefix reports whether a hyphen joins the word at i, no common given name, to a word in
// small letters: Co-signed.
func (sc *Scanner) hyphenPrefix(i int) bool {
	n := sc.at(i + 2)
	return sc.isPunct(i+1, '-') && sc.tight(i+1) && sc.toks[i].list.Given() < words.Common &&
		n.kind == tokenWord && !n.is(capital) && sc.lists.Get(n.hash).Word() > 0
}

// calledSo reports whether somebody here is called as the eponym p is. said says that a verb
// of speech stands behind it.
func (sc *Scanner) calledSo(p part, c *nameContext, said bool) bool {
	l := sc.toks[p.tok].list
	return c.title || c.intro || c.told || c.list || c.greeting || c.speaker || c.stamped ||
		c.label && !sc.kinsDisease(p.tok) ||
		p.half && sc.syllable(p.tok+2) ||
		c.speech && l.Given() == words.Frequent ||
		said && (l.Surname() == words.Frequent || l.Surname() == words.Common && complaints.Has(sc.at(p.tok+1).hash)) ||
		l.Given() > 0 && sc.actor(p.tok) ||
		sc.apposedName(p.tok) ||
		sc.filedByName(p.tok)
}

// filedByName reports whether a very common surname stands at i, a word or not, and what somebody
// did before it: filed by Young.
func (sc *Scanner) filedByName(i int) bool {
	t, n := &sc.toks[i], sc.at(i+1)
	return t.list.Surname() == words.Frequent && !t.is(allCaps) && !t.cueIs(cue.Stop|cue.Month) &&
		sc.at(i-1).hash == hashBy && filedBy.Has(sc.at(i-2).hash) &&
		(n.is(lineBefore) || n.kind == tokenPunct && !sc.joined(i+2) || n.cueIs(cue.Stop) && !n.is(capital))
}

// filedBy are what persons do with papers, behind which hardly a thing is said to do it.
var filedBy = words.SetOf("filed initiated signed cosigned authored written reviewed approved requested completed dictated documented")

// complaints are verbs of patients and not of those whose name a finding has: Frey denies pain.
var complaints = words.SetOf("reports reported denies denied endorses endorsed complains complained presents presented admits")

// saying are verbs of speech behind which hardly a thing stands.
var saying = words.SetOf("said says asked asks told tells texted called")

// kinsDisease reports whether the word at i, a disease, is all that stands behind the label
// of a relative in a family's history: Mother: Crohn.
func (sc *Scanner) kinsDisease(i int) bool {
	n := sc.at(i + 1)
	return kin.Has(sc.at(i-2).hash) && sc.toks[i].list.Surname() < words.Frequent && (n.kind == tokenPunct || n.is(lineBefore))
}

// ledTo judges a word by what leads to it: a title, a label, a word for a person, a
// verb of speech. It is not decided when nothing does.
func (sc *Scanner) ledTo(p part, c *nameContext, hint bool) (name, decided bool) {
	if name, decided = sc.saidToBe(p, c, hint); decided {
		return name, true
	}
	t := &sc.toks[p.tok]
	l := t.list
	switch {
	case hint:
		return l.Named() || l.Word() == 0, true
	case c.place && sc.townHere(p.tok, c): // lives in Austin
		return false, true
	case sc.kinsName(p.tok, c), // MY WIFE ABENA, Lark's sister
		sc.addressed(p.tok),            // tell Rusty
		c.degree && sc.graduate(p.tok), // Moravec, MD
		sc.apposedName(p.tok),
		sc.filedByName(p.tok):
		return true, true
	case sc.acronym(t) && !sc.nameInCapitals(p.tok, c):
		return false, true
	case c.family:
		return true, true
	case t.cueIs(cue.Greeting|cue.Holiday) && !c.told && !c.relation:
		return false, true // Hola, soy
	case c.vocative:
		return l.Word() == 0 && (!c.dose || l.Named()) || l.Given() == words.Frequent, true
	case c.stamped && (l.Surname() == words.Frequent || l.Given() >= words.Common || sc.chatter(p.tok) || l.Surname() == words.Common && openers.Has(sc.at(p.tok+2).hash)):
		return true, true
	case c.told && !t.cueIs(cue.Stop):
		return sc.likelyPerson(t) || c.asked && l.Surname() == words.Frequent || t.is(possessive) && sc.actor(p.tok), true
	case c.list:
		return l.Named() && l.Word() < words.Frequent || l.Given() >= words.Common || l.Word() == 0, true
	}
	return false, false
}

// chatter reports whether the word at i, behind the time of a message, has no other meaning
// and begins to speak as people do in chats: [10:08 AM] Zorva: Got it.
func (sc *Scanner) chatter(i int) bool {
	t := &sc.toks[i]
	return sc.rareWord(t) && !sc.acronym(t) && (replies.Has(sc.at(i+2).hash) || openers.Has(sc.at(i+2).hash))
}

// townHere reports whether the word at i, behind "in" or the like, is a town rather than
// a person: lives in Austin, but not confides in Jane.
func (sc *Scanner) townHere(i int, c *nameContext) bool {
	t := &sc.toks[i]
	return t.list.City() > 0 && !c.speech && !c.told && !t.is(possessive) &&
		(t.list.Given() < words.Common || sc.at(i-1).hash == hashIn || sc.townBefore(i))
}

// kinsName reports whether a word for a relative beside the word at i makes it a name: MY
// WIFE ABENA, Lark's sister.
func (sc *Scanner) kinsName(i int, c *nameContext) bool {
	t := &sc.toks[i]
	return c.relation && sc.kinInCapitals(i) || t.list.Named() && !t.cueIs(cue.Stop) && sc.ofKin(i)
}

// graduate reports whether the word at i, behind which a degree stands, is a name, the
// degree apart from it by a comma and no state: Moravec, MD.
func (sc *Scanner) graduate(i int) bool {
	t := &sc.toks[i]
	return t.list.Named() && !t.cueIs(cue.Stop) && t.list.City() == 0 && sc.isPunct(i+1, ',') && !sc.isState(i+2)
}

// nameInCapitals reports whether the short word at i, in capitals, is a given name rather
// than an acronym: a very common one among others in capitals, or a common one that what
// stands around tells.
func (sc *Scanner) nameInCapitals(i int, c *nameContext) bool {
	given := sc.toks[i].list.Given()
	return given == words.Frequent && sc.capitalsAround(i) ||
		given >= words.Common && (c.relation || c.speech || c.age || c.list || c.vocative && sc.toks[i].list.Word() == 0)
}

// likelyPerson reports whether a word is a name, or means nothing else, where the words
// before or behind it say that a person stands there: told Jane, told Zorva.
func (sc *Scanner) likelyPerson(t *token) bool {
	l := t.list
	return l.Named() && l.Word() < words.Common && (l.City() == 0 || l.Given() >= words.Common) ||
		l.Given() == words.Frequent ||
		l.Word() == 0 && l.City() == 0 && !sc.acronym(t)
}

// saidToBe is ledTo for what says right before a word that it is a name: a title, a
// label, a greeting.
func (sc *Scanner) saidToBe(p part, c *nameContext, hint bool) (name, decided bool) {
	t := &sc.toks[p.tok]
	l, stop := t.list, t.cueIs(cue.Stop)
	switch {
	case c.title:
		return !stop && !t.cueIs(cue.Title) && !sc.majorTerm(t, c), true
	case p.half:
		return !c.dose && sc.syllable(p.tok+2), true
	case (c.label || c.told) && nobody.Has(t.hash):
		return false, true
	case c.speaker && !stop && !t.cueIs(cue.Key|cue.NotName):
		return l.Word() == 0 || l.Named(), true
	case !hint && sc.dosed(t, c), !l.Named() && (sc.medicalShape(t) || sc.glued(t)):
		return false, true
	case c.intro, c.label:
		return l.Word() < words.Common && !sc.acronym(t) || l.Named() && !stop || l.Given() >= words.Common, true
	case c.greeting:
		return sc.greetedName(p.tok), true
	}
	return false, false
}

// majorTerm reports whether the title before a word is one that terms begin with as well,
// and the word is no name: Major Depressive.
func (sc *Scanner) majorTerm(t *token, c *nameContext) bool {
	return sc.toks[c.titleTok].size() > 4 && t.list.OnlyWord()
}

// dosed reports whether a word before a number is taken for what it measures rather than
// for a name: Quetzal 50 mg.
func (sc *Scanner) dosed(t *token, c *nameContext) bool {
	return c.dose && !c.intro && !c.label && !c.relation && (t.list.Given() < words.Frequent || c.product)
}

// greetedName reports whether the word at i, behind a greeting, is whom it greets: Dear
// Jane.
func (sc *Scanner) greetedName(i int) bool {
	t := &sc.toks[i]
	if sc.greetsNobody(i) || sc.acronym(t) {
		return false
	}
	l := t.list
	return (l.Word() < words.Common || l.Named()) && !t.cueIs(cue.Stop) || l.Given() >= words.Common
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
	return t.is(possessive) && (!t.is(sentence) || t.list.Given() >= words.Common) && !t.is(allCaps) &&
		kin.Has(n.hash) && !n.is(capital|lineBefore) &&
		!t.cueIs(cue.Relation|cue.Title|cue.Month|cue.Weekday|cue.Holiday)
}

// addressed reports whether a common given name stands at i, behind what leads to a person
// alone: tell Rusty, spoke with Sunny, a call from Precious.
func (sc *Scanner) addressed(i int) bool {
	if t := &sc.toks[i]; t.list.Given() < words.Common || t.cueIs(cue.Stop) {
		return false
	}
	p, q := sc.at(i-1), sc.at(i-2)
	if sc.isPunct(i-1, '/') && q.hash == hashW { // lives w/ Rusty
		return spoken.Has(sc.at(i-3).hash) || meetWords.Has(sc.at(i-3).hash)
	}
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
	l := t.list
	switch {
	case l == 0 && t.cueless() && sc.mcName(t): // McCathie
		return true
	case l.Given() >= words.Common && l.Word() == 0:
		return !c.place || l.City() == 0 || l.Given() == words.Frequent || c.speech
	case l.Given() >= words.Common && l.Word() >= words.Common && !c.start && sc.ofPerson(p.tok): // and Bill left
		return true
	case l.Word() == 0 && sc.foreign(t):
		return !c.place && l.City() == 0
	case c.relation:
		return sc.relatedName(p.tok, c)
	case c.speech, sc.actor(p.tok):
		return sc.actingName(p.tok, c)
	}
	return sc.nameByLists(p.tok, c)
}

// nameByLists is listedName for the word at i, of which nothing around it tells that it is
// a person.
func (sc *Scanner) nameByLists(i int, c *nameContext) bool {
	t := &sc.toks[i]
	l := t.list
	switch {
	case l.Given() == words.Frequent && l.Word() == words.Rare:
		return !c.place || t.is(possessive) || l.City() == 0 && !sc.townBefore(i)
	case l.Given() == words.Frequent && !c.start && !t.cueIs(cue.Stop):
		return l.Word() < words.Frequent && !sc.titleCase(i)
	case t.is(allCaps):
		return l.Given() >= words.Common && l.Word() < words.Common
	case l.Word() == 0 && l.Named():
		return !c.place || l.City() == 0
	case c.age:
		return l.Named() && l.Word() < words.Common || l.Word() == 0 && !c.start
	}
	return false
}

// mcName reports whether a word has the form of a surname such as McCathie.
func (sc *Scanner) mcName(t *token) bool {
	s := sc.text[t.start:t.end]
	return len(s) > 5 && s[:2] == "Mc" && chars.IsUpper(s[2]) && chars.IsLower(s[3]) && !meals.Has(t.hash)
}

// meals and the like are no surnames for all their form.
var meals = words.SetOf("mcflurry mcnugget mcnuggets mcchicken mcdouble mcmuffin mcrib mccafe mcmansion mcmansions mcjob")

// relatedName is listedName for the word at i, behind a word for a person: Patient Moravec;
// my mom Hyacinth is; Patient Brown called.
func (sc *Scanner) relatedName(i int, c *nameContext) bool {
	t := &sc.toks[i]
	l := t.list
	return !c.start && (l.Named() && l.Word() < words.Frequent || l.Word() == 0) ||
		l.Word() < words.Frequent && sc.kinCalled(i) ||
		l.Surname() == words.Frequent && !t.cueIs(cue.Stop) && (c.speech && !sc.copula(i+1) || sc.actor(i))
}

// actingName is listedName for the word at i, behind which stands what persons do, or is
// or has, which things are and have as well: Zorva said, Jane was seen.
func (sc *Scanner) actingName(i int, c *nameContext) bool {
	t := &sc.toks[i]
	l, acts := t.list, sc.actor(i)
	copula := sc.copula(i+1) && !acts
	if !l.Named() {
		return l.Word() == 0 && (l.City() == 0 || l.SmallTown() && !c.place) && !copula // Wendover denies SI
	}
	switch {
	case l.Given() == words.Frequent, l.Surname() == words.Frequent && !copula:
		return true
	case l.Word() < words.Common:
		return !copula || !c.start || l.Given() >= words.Common
	}
	verb := sc.at(i + 1).hash
	return l.Given() == words.Common && !t.cueIs(cue.Stop) && !sc.at(i-1).is(capital) &&
		(acts || complaints.Has(verb) || saying.Has(verb))
}

// ofPerson reports whether the word before the one at i leads to a person and what
// stands behind it goes on in small letters: and Bill left.
func (sc *Scanner) ofPerson(i int) bool {
	t, n := &sc.toks[i], sc.at(i+1)
	if t.is(allCaps|lineBefore) || t.cueIs(cue.Stop) {
		return false
	}
	if n.kind == tokenWord && n.isBut(capital, lineBefore) || n.kind == tokenNumber && !n.is(lineBefore) {
		return false
	}
	return beforePersons.Has(sc.at(i - 1).hash)
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
