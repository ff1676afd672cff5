package detect

import (
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// nameContext is what stands before and behind a possible name.
type nameContext struct {
	title    bool // Dr.
	intro    bool // my name is
	relation bool // patient, wife
	greeting bool // Dear
	place    bool // in, from
	speech   bool // said, denies
	family   bool // the Fitzgeralds
	told     bool // told, called, by: a person stands behind it
	vocative bool // Anna, can I
	speaker  bool // Anna: "Who are you?"
	degree   bool // MD, PhD
	dose     bool // a number follows, as behind a medicine
	product  bool // a number and its unit follow
	start    bool // begins a sentence
	label    bool // Name:
	line     bool // stands alone on its line
	age      bool // , 54,
	list     bool // follows or is followed by a name: and, &, comma
	titleTok int
}

// contextOf returns what stands around the possible name from token i to token end.
func (sc *Scanner) contextOf(i, end int) (c nameContext) {
	c.start = sc.at(i).is(sentence)
	if !sc.at(i).is(lineBefore) {
		sc.contextBefore(i, &c)
	} else {
		sc.contextOfLine(i, end, &c)
	}
	sc.contextBehind(i, end, &c)
	return c
}

// contextBefore notes what stands before token i on its line: a title or a label,
// and before those and a sign the word that leads to a person.
func (sc *Scanner) contextBefore(i int, c *nameContext) {
	j := i - 1
	sc.titleBefore(i, c)
	if sc.at(j).kind == tokenPunct && sc.quote(j) && (sc.isPunct(j-1, ':') || sc.isPunct(j-1, '=')) &&
		sc.at(j-2).cueIs(cue.Relation) { // patient="Jane"
		j--
	}
	if sc.isPunct(j, ':') || sc.isPunct(j, '=') || sc.isPunct(j, '-') && !sc.joined(j) {
		j = sc.labelEnd(j)
		c.label = sc.labelsPerson(j) && !sc.turn(j)
	}
	if sc.at(i - 1).cueIs(cue.Particle) {
		if k := sc.particlesBefore(i); k < i && !c.title && !c.label && sc.courtesy(k) < k { // Ms. van der Wal
			c.title, c.titleTok, c.start = true, sc.courtesy(k), false
		}
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

// titleBefore notes the title that stands right before token i: Dr., Mrs.
func (sc *Scanner) titleBefore(i int, c *nameContext) {
	j := i - 1
	p := sc.at(j)
	if sc.isPunct(j, '.') && sc.at(j-1).cueIs(cue.Title) && sc.joined(j) && !lowerTitles.Has(sc.at(j-1).hash) && // see a doctor. Keep on
		!sc.milliseconds(j-1) {
		c.title, c.titleTok = true, j-1
		c.start = false
	} else if p.kind == tokenWord && p.cueIs(cue.Title) && !p.is(used) && (p.is(capital) || p.size() <= 3) &&
		!(sc.milliseconds(j) && sc.listed(&sc.toks[i]).Surname() < 2) { // but room 12 ms Quetzal
		c.title, c.titleTok = true, j
	}
}

// milliseconds reports whether token i is the unit of the number before it, and no title:
// 431 ms.
func (sc *Scanner) milliseconds(i int) bool {
	t := sc.at(i)
	return t.hash == hashMs && !t.is(capital) && sc.at(i-1).kind == tokenNumber
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
	if sc.isPunct(j, '/') && sc.joined(j) && sc.at(j-1).hash == hashW { // w/
		c.told = talkWords.Has(sc.at(j - 2).hash)
	}
	if sc.isPunct(j, '.') && sc.joined(j) && sc.at(j-1).hash == hashV { // State v. Roe
		c.told = true
	}
	if p.hash == hashLaw && sc.isPunct(j-1, '-') && sc.joined(j) { // sister-in-law
		c.relation = true
	}
	if l := sc.at(i).list; p.cueIs(cue.Title|cue.Relation) && lowerTitles.Has(p.hash) &&
		!p.is(capital|used) && (l.Surname() >= 2 || l.Given() >= 2) && !c.title { // nurse King
		c.title, c.titleTok, c.start = true, j, false
	}
	switch {
	case p.kind != tokenWord:
	case p.hash == hashIs || p.hash == hashWas:
		c.intro = sc.at(j-1).hash == hashName ||
			sc.at(j-2).hash == hashName ||
			sc.at(j-1).hash == hashThis && sc.greeted(j-1)
		c.relation = sc.at(j - 1).cueIs(cue.Relation)
	case p.hash == hashIts || p.hash == hashIt && p.is(possessive):
		c.intro = sc.greeted(j) && sc.at(i).list.Word() == 0
	case p.hash == hashAs && sc.at(j-1).hash == hashName:
		c.intro = true
	case p.hash == hashBy && goWords.Has(sc.at(j-1).hash):
		c.intro = true
	case p.hash == hashAm || p.hash == hashIm,
		p.hash == hashAs && sc.at(j-1).hash == hashKnown &&
			(sc.at(j-2).is(nameFound) || sc.at(j-3).is(nameFound) || sc.at(j-4).is(nameFound)):
		c.intro = true
	case apposed && p.hash == hashI && (p.is(lineBefore) || sc.at(j-1).kind != tokenWord || sc.at(j-1).cueIs(cue.Stop)): // I, Hyacinth Okoro, authorize; not bipolar I, Severe
		c.intro = true
	case p.cueIs(cue.Intro),
		p.hash == hashCallMe && sc.at(j-1).cueIs(cue.Tell),
		(p.hash == hashHim || p.hash == hashHer) && sc.at(j-1).hash == hashNamed:
		c.intro = true
	case p.hash == hashOf && kin.Has(sc.at(j-1).hash): // mother of Quynh
		c.relation = true
	case p.cueIs(cue.Tell), (p.hash == hashWith || p.hash == hashW) && sc.talked(j-1), p.hash == hashPer && !sc.acronym(sc.at(i)),
		p.hash == hashFor && (messageWords.Has(sc.at(j-1).hash) || sc.at(i).list.Given() == 3 && askWords.Has(sc.at(j-1).hash)), p.hash == hashTo && handWords.Has(sc.at(j-1).hash):
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

// contextOfLine notes what stands around a possible name that begins a line.
func (sc *Scanner) contextOfLine(i, end int, c *nameContext) {
	c.line = sc.at(end).is(lineBefore) || end >= len(sc.toks) || sc.isPunct(end, ',') && sc.at(end+1).is(lineBefore)
	if k := i - 1; sc.isPunct(k, ',') || sc.isPunct(k, ':') {
		c.greeting = sc.at(k-1).cueIs(cue.Intro|cue.Greeting) || c.line && farewells.Has(sc.at(k-1).hash)
	} else {
		c.greeting = sc.at(k).cueIs(cue.Intro) || c.line && farewells.Has(sc.at(k).hash)
	}
}

// farewells end the line above a signature.
var farewells = words.SetOf("best truly faithfully respectfully warmly love yours wishes gratefully care xoxo hugs")

// contextBehind notes what stands behind the possible name from token i to token end.
func (sc *Scanner) contextBehind(i, end int, c *nameContext) {
	k := end
	if sc.isPunct(k, ',') {
		k++
		n := sc.at(k)
		c.age = n.kind == tokenNumber && n.size() == 2 || n.hash == hashA && sc.at(k+1).kind == tokenNumber ||
			n.kind == tokenMixed && sc.ageAt(k) // K.O., 33F
	}
	n := sc.at(k)
	if n.kind == tokenNumber && n.size() == 2 && !n.is(lineBefore) &&
		(sc.at(k+1).hash == hashYo || yearWords.Has(sc.at(k+1).hash)) {
		c.age = true // Latrice 29 yo
	}
	if !n.is(lineBefore) && n.kind == tokenWord {
		c.speech = n.cueIs(cue.Speech) && (!n.is(capital) || n.is(allCaps) && sc.at(i).is(allCaps))
		c.vocative = c.start && k == end+1 && !n.is(capital) && n.cueIs(cue.Stop|cue.Greeting)
	}
	if n.kind != tokenWord || sc.at(i).is(possessive) || n.hash == hashFamily {
		c.told = c.told || sc.phoneBehind(end) || sc.owner(i, end)
	}
	c.degree = sc.credentials(end) > end && (sc.at(i).list.City() == 0 || sc.isPunct(end, ','))
	if sc.isPunct(end, ':') && c.start {
		c.speaker = sc.isPunct(end+1, '"') ||
			sc.isPunct(end+1, '\\') && sc.isPunct(end+2, '"') ||
			openers.Has(sc.at(end+1).hash) && sc.at(i).is(lineBefore) && sc.joined(end)
	}
	if end == i+1 && sc.isPunct(end, ']') && sc.isPunct(end+1, ':') && sc.isPunct(i-1, '[') &&
		sc.at(i-1).is(lineBefore) { // [Aroha]: Hi
		c.speaker = openers.Has(sc.at(end+2).hash) && !sc.acronym(sc.at(i))
	}
	if (sc.isPunct(end, '?') || sc.isPunct(end, '!')) && sc.isPunct(i-1, ',') &&
		sc.at(i-2).kind == tokenWord && !sc.at(i-2).is(capital) { // anything else, Aroha?
		c.told = true
	}
	if n := sc.at(end); !n.is(lineBefore) && n.kind == tokenNumber && !sc.joined(end) && !sc.at(end-1).is(possessive) {
		c.dose = !c.age && !sc.phoneBehind(end) &&
			!(n.size() <= 2 && sc.isPunct(i-1, ',') && sc.at(i-2).kind == tokenNumber && sc.at(i-3).is(nameFound)) // Jamal 12, Keisha 8
		unit := sc.at(end + 1)
		c.product = unit.cueIs(cue.Unit) && !unit.is(lineBefore) && !yearWords.Has(unit.hash)
	}
}

// openers are what people begin to say in a chat.
var openers = words.SetOf("hello hi hey thanks thank hola sorry")

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

// phoneBehind reports whether a telephone number was found right behind a
// possible name that ends before token end: Maria 555-0143, Maria (555-0143),
// Maria: 555-0143.
func (sc *Scanner) phoneBehind(end int) bool {
	t := sc.at(end)
	if t.kind == tokenPunct && !t.is(used) {
		switch c := sc.text[t.start]; {
		case c == ':' && sc.at(end-1).list.Named(), c == ',', c == '(', c == '-', c == ')':
			end++
		}
		if sc.at(end).hash == hashAt {
			end++
		}
	}
	if t = sc.at(end); !t.isBut(used, lineBefore) || t.kind != tokenNumber && t.kind != tokenPunct {
		return false
	}
	p := parsePhone(sc.text[t.start:])
	return p.end > 0 && p.plausible() && p.total >= 10
}

// owner reports whether the word at i owns what only persons have: Maria's mother.
func (sc *Scanner) owner(i, end int) bool {
	if end != i+1 {
		return false
	}
	n := sc.at(end)
	if n.hash == hashFamily && !n.is(capital) { // the Okafor family
		return sc.toks[i].list.Word() == 0
	}
	return sc.toks[i].is(possessive) && !n.is(capital|lineBefore) && owned.Has(n.hash)
}

var owned = words.SetOf(`mother mom mum father dad parents husband wife spouse partner boyfriend girlfriend fiance fiancee son daughter sons daughters kids children sister brother siblings aunt uncle cousin grandmother grandfather
	therapist psychiatrist teacher roommate landlord address phone cell number email birthday insurance copay appointment appt chart paperwork apartment`)

// plural reports whether token i is a surname with an s behind it.
func (sc *Scanner) plural(i int) bool {
	s := sc.lit(i)
	n := len(s) - 1
	if n <= 3 || s[n]|0x20 != 's' || sc.at(i).list.Word() > 0 {
		return false
	}
	return sc.lists.Get(words.Hash(s[:n])).Surname() >= 2 ||
		s[n-1]|0x20 == 'e' && sc.lists.Get(words.Hash(s[:n-1])).Surname() >= 2
}

// madeBy reports whether the word at i, behind "the", is a surname or of no list and what
// somebody made or is kept about somebody stands behind it: the Takuda novel, the Roe file.
func (sc *Scanner) madeBy(i int) bool {
	t, n := sc.at(i), sc.at(i+1)
	if n.kind != tokenWord || n.is(capital|lineBefore) || !t.cueless() || t.is(allCaps) || t.list.Word() > 1 {
		return false
	}
	return works.Has(n.hash) && (t.list.Surname() > 0 || t.list == 0 && !sc.medicalShape(t) && !sc.camelCase(t)) ||
		dossiers.Has(n.hash) && t.list.Surname() >= 2 && t.list.Word() == 0
}

var (
	works        = words.SetOf("novel novels symphony sonata")
	dossiers     = words.SetOf("file chart household residence estate wedding funeral twins")
	hashW        = words.Hash("w")
	goWords      = words.SetOf("goes go going went gone")
	hashLaw      = words.Hash("law")
	lowerTitles  = words.SetOf("nurse doctor officer judge detective sergeant pastor professor coach rabbi deputy")
	handWords    = words.SetOf("issued shipped mailed faxed assigned spoke spoken talked married addressed reassigned belongs letter message email")
	askWords     = words.SetOf("ask asks asked asking")
	messageWords = words.SetOf("message voicemail reminder letter invoice excuse printed records chart")
	talkWords    = words.SetOf("reschedule rescheduled schedule scheduled appt appointment spoke speak speaking spoken met meet meeting talked talk talking discussed conferred consulted session call visit reviewed coordinated collaborated staffed debriefed")
	topics       = words.SetOf("case plan safety results concerns situation findings history note chart care rounds phone labs discharge")
)

// asksName reports whether the question that ends at token i asks for a name.
func (sc *Scanner) asksName(i int) bool { return sc.hasWordBetween(i-3, i, hashName) }

// asksWho reports whether the question that ends at token i asks who somebody is:
// who am I speaking with? Who is the patient?
func (sc *Scanner) asksWho(i int) bool {
	last := sc.at(i - 1)
	if !(whoEnds.Has(last.hash) || last.cueIs(cue.Relation)) {
		return false
	}
	for j := i - 2; j >= 0 && j > i-8 && !sc.toks[j+1].is(lineBefore); j-- {
		if h := sc.toks[j].hash; h == hashWho || h == hashWhom {
			return true
		}
	}
	return false
}

var (
	hashWhom = words.Hash("whom")
	whoEnds  = words.SetOf("with to calling this for")
)

var (
	hashCallMe = words.Hash("me")
	hashHim    = words.Hash("him")
	hashHer    = words.Hash("her")
	hashNamed  = words.Hash("named")
	hashBy     = words.Hash("by")
	hashTo     = words.Hash("to")
	hashFrom   = words.Hash("from")
	hashCc     = words.Hash("cc")
	hashIs     = words.Hash("is")
	hashWas    = words.Hash("was")
	hashAm     = words.Hash("am")
	hashIm     = words.Hash("i'm")
	hashName   = words.Hash("name")
	hashAs     = words.Hash("as")
	hashKnown  = words.Hash("known")
	hashA      = words.Hash("a")
	hashFamily = words.Hash("family")
	hashPer    = words.Hash("per")
	hashV      = words.Hash("v")
)

func (c *nameContext) strong() bool {
	return c.title || c.intro || c.greeting || c.label || c.speaker
}
