package detect

import (
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// nameContext is what stands before and behind a possible name.
type nameContext struct {
	title    bool // Dr., or what leads to particles before the name
	intro    bool // my name is
	relation bool // patient, wife
	greeting bool // Dear
	place    bool // in, from
	speech   bool // said, denies
	family   bool // the Fitzgeralds
	told     bool // told, called, by: a person stands behind it
	vocative bool // Anna, can I
	speaker  bool // Anna: "Who are you?"
	stamped  bool // [10:08 AM] Anna: I called them
	asked    bool // anything else, Anna?
	degree   bool // MD, PhD
	dose     bool // a number follows, as behind a medicine
	product  bool // a number and its unit follow
	start    bool // begins a sentence
	label    bool // Name:
	line     bool // stands alone on its line
	age      bool // , 54,
	list     bool // follows or is followed by a name: and, &, comma
	titleTok int  // where the title, or the particles, begin
}

// strong reports whether what stands there says that a name does, whatever its words mean
// otherwise.
func (c *nameContext) strong() bool {
	return c.title || c.intro || c.greeting || c.label || c.speaker
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
var farewells = words.SetOf("thx tx tks ty cheers regards sincerely cordially best truly faithfully respectfully warmly love yours wishes gratefully care xoxo hugs")

// contextBehind notes what stands behind the possible name from token i to token end.
func (sc *Scanner) contextBehind(i, end int, c *nameContext) {
	k := end
	if sc.isPunct(k, ',') {
		k++
		c.age = sc.ageApposed(k)
	}
	n := sc.at(k)
	if !n.is(lineBefore) {
		switch n.kind {
		case tokenNumber:
			c.age = c.age || sc.agedBehind(k)
		case tokenWord:
			c.speech = n.cueIs(cue.Speech) && (!n.is(capital) || n.is(allCaps) && sc.at(i).is(allCaps))
			c.vocative = c.start && k == end+1 && !n.is(capital) && n.cueIs(cue.Stop|cue.Greeting)
		}
	}
	if n.kind != tokenWord || sc.at(i).is(possessive) || n.hash == hashFamily {
		c.told = c.told || sc.phoneBehind(end) || sc.owner(i, end)
	}
	c.degree = sc.credentials(end) > end && (sc.at(i).list.City() == 0 || sc.isPunct(end, ','))
	if t := sc.at(end); t.kind == tokenPunct {
		sc.signBehind(i, end, c)
	} else if t.kind == tokenNumber && !t.is(lineBefore) && !sc.joined(end) && !sc.at(end-1).is(possessive) {
		sc.numberBehind(i, end, c)
	}
}

// ageApposed reports whether an age stands at token k, behind the comma behind a name:
// Jane, 54; Jane, a 54-year-old; K.O., 33F.
func (sc *Scanner) ageApposed(k int) bool {
	switch n := sc.at(k); n.kind {
	case tokenNumber:
		return n.size() == 2
	case tokenMixed:
		return sc.ageAt(k)
	default:
		return n.hash == hashA && sc.at(k+1).kind == tokenNumber
	}
}

// agedBehind reports whether the number at k is an age behind a name: Latrice 29 yo.
func (sc *Scanner) agedBehind(k int) bool {
	unit := sc.at(k + 1).hash
	return sc.at(k).size() == 2 && (unit == hashYo || yearWords.Has(unit))
}

// signBehind notes what the sign at end, behind the possible name that begins at i, says
// of it: Aroha: "Hi"; [Aroha]: Hi; [Agent Aroha]: Hi; anything else, Aroha?
func (sc *Scanner) signBehind(i, end int, c *nameContext) {
	switch sc.text[sc.toks[end].start] {
	case ':':
		c.stamped = sc.stampEnds(i) && (sc.sentenceFrom(end+1) || sc.replyAt(end+1) || replies.Has(sc.at(end+1).hash))
		if c.start {
			c.speaker = sc.isPunct(end+1, '"') ||
				sc.isPunct(end+1, '\\') && sc.isPunct(end+2, '"') ||
				openers.Has(sc.at(end+1).hash) && sc.at(i).is(lineBefore) && sc.joined(end)
		}
	case ']':
		open := i - 1
		if chatRoles.Has(sc.at(open).hash) { // [Agent Brown]
			open--
		}
		if end == i+1 && sc.isPunct(end+1, ':') && sc.isPunct(open, '[') && sc.at(open).is(lineBefore) {
			c.speaker = openers.Has(sc.at(end+2).hash) && !sc.acronym(sc.at(i))
		}
	case '?', '!':
		if q := sc.at(i - 2); sc.isPunct(i-1, ',') && q.kind == tokenWord && !q.is(capital) {
			c.told, c.asked = true, askedBefore.Has(q.hash)
		}
	}
}

// stampEnds reports whether the time of a message, as chats write it, ends right before token
// i: [10:08], 10:08 AM -. Charts have bare times.
func (sc *Scanner) stampEnds(i int) bool {
	j := i - 1
	chat := sc.isPunct(j, ']')
	if chat || sc.isPunct(j, '-') {
		j--
	}
	if dayHalves.Has(sc.at(j).hash) {
		chat = true
		j--
	}
	return chat && sc.clockEnds(j)
}

// replies are how messages begin that are a word or two, or speak of who writes.
var replies = words.SetOf("ok okay yes no yep nope sure thanks lol hey hi hello perfect got and i i'm i'll can could did do are sorry please will")

// replyAt reports whether a sentence of one or two words stands at token i: Will do.
func (sc *Scanner) replyAt(i int) bool {
	t := sc.at(i)
	if t.kind != tokenWord || !t.isBut(capital, lineBefore) {
		return false
	}
	return sc.sentenceEnd(i+1) || sc.at(i+1).kind == tokenWord && sc.sentenceEnd(i+2)
}

// askedBefore stand before the name at the end of a question: anything else, Brown?
var askedBefore = words.SetOf("else you okay ok alright now there today")

// numberBehind notes what the number at end, behind the possible name that begins at i, may
// be: a dose, unless it is an age or a telephone number; or a quantity of a product.
func (sc *Scanner) numberBehind(i, end int, c *nameContext) {
	listed := sc.toks[end].size() <= 2 && sc.isPunct(i-1, ',') && sc.at(i-2).kind == tokenNumber &&
		sc.at(i-3).is(nameFound) // Jamal 12, Keisha 8
	hours := militaryTime(sc.lit(end)) && sc.lit(end)[0] < '2' // and no year
	c.dose = !c.age && !listed && !hours && !sc.phoneBehind(end)
	unit := sc.at(end + 1)
	c.product = unit.cueIs(cue.Unit) && !unit.is(lineBefore) && !yearWords.Has(unit.hash)
}

// chatRoles stand before the name of who speaks in a chat.
var chatRoles = words.SetOf("agent rep representative operator advisor support staff nurse counselor therapist coach caller client patient member provider clinician moderator")

// openers are what people begin to say in a chat.
var openers = words.SetOf("hello hi hey thanks thank hola sorry")

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

var owned = words.SetOf(`mother mom mum father dad parents husband wife spouse partner boyfriend girlfriend fiance fiancee son daughter sons daughters kids children sister brother siblings aunt uncle cousin grandmother grandfather stepmother stepfather stepmom stepdad stepson stepdaughter grandma grandpa grandson granddaughter niece nephew mama papa guardian sponsor caseworker
	therapist psychiatrist teacher roommate landlord address phone cell number email birthday insurance copay appointment appt chart paperwork apartment`)

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
