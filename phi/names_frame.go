package phi

import "strings"

// Names that are words as well (Rich, Little, Day, Florida) are told by what
// stands around the whole run of capitalised words: "spouse of Rich Day",
// "Florida Little, a 45-year-old", "Shin Walker (DOB …)".

// maxFramed is how many words a framed name has at most.
const maxFramed = 3

// A frame is how sure it is that a person stands in some place.
type frame uint8

const (
	unframed frame = iota
	likely         // behind a word for a person, before a verb of speech
	certain        // my name is; , born; (DOB; , LCSW
)

// framed returns the index behind a name that the words around it tell, or i+1.
func (sc *scanner) framed(i int) int {
	t := &sc.toks[i]
	p := sc.at(i - 1)
	before := unframed
	if t.flags&lineBefore == 0 {
		if from := sc.courtesy(i); from < i {
			if end := sc.titled(i); end > i {
				return sc.addName(from, end, true)
			}
			return i + 1
		}
		if p.kind != tokenWord || p.cue != 0 {
			before = sc.frameBefore(i)
		}
	}
	if before == unframed && t.cueIs(cueRelation) && t.list.given() < 2 {
		return i + 1
	}
	if before == unframed && !t.is(sentence) && p.kind == tokenWord && p.flags&capital != 0 {
		return i + 1 // within a title
	}
	if next := sc.at(i + 1); before == unframed && t.size() > 1 && (next.kind == tokenWord && next.flags&(capital|lineBefore) != capital || next.kind == tokenPunct && !sc.joined(i+1)) {
		return i + 1 // one word
	}
	end, n := sc.frameRun(i)
	if n == 0 {
		return i + 1
	}
	if n == 1 {
		if before == unframed {
			return i + 1
		}
		if lone := sc.loneSurname(i, end); lone || sc.kinName(i) {
			return sc.addName(i, end, lone)
		}
		return i + 1
	}
	after := sc.frameAfter(end)
	if before == unframed && after == unframed {
		return i + 1
	}
	named, names, stops := 0, 0, 0
	for j := i; j < end; j++ {
		t := &sc.toks[j]
		if t.kind != tokenWord || t.size() == 1 {
			continue
		}
		names++
		if t.cueIs(cueStop) {
			stops++
		}
		l := t.list
		switch {
		case l.given() > 0 || l.surname() >= 2 || l.word() == 0:
			named++
		case l.word() >= 2 && before != certain && after != certain:
			return i + 1
		}
		if t.cueIs(cueStop) && j == i && !(before == certain || l.given() > 0) {
			return i + 1
		}
	}
	first, last := t.list, sc.toks[end-1].list
	if sure := before == certain || after == certain; named == 0 || stops == names || !sure && (named < names || first.given() == 0 && last.surname() < 2 || t.is(sentence) && before == unframed && first.given() == 0) {
		return i + 1
	}
	return sc.addName(i, sc.credentials(end), true)
}

// frameRun returns the index behind the run of capitalised words at i that may
// be a name, and how many words it has; 0 when it has too many or one that
// stands for a thing.
func (sc *scanner) frameRun(i int) (end, n int) {
	j := i
	for {
		t := sc.at(j)
		if t.kind != tokenWord || t.flags&(used|capital) != capital || n > 0 && t.flags&lineBefore != 0 {
			break
		}
		if n > 0 && t.cueIs(cueSuffix) {
			break
		}
		if n >= 2 && t.is(allCaps) && !sc.toks[i].is(allCaps) {
			break // a degree
		}
		if n == maxFramed || sc.ofThing(t) {
			return j, 0
		}
		n++
		j++
		switch {
		case t.flags&possessive != 0:
			return j, n
		case t.size() == 1 && sc.isPunct(j, '.') && sc.joined(j):
			j++
		case sc.isPunct(j, '-') && sc.joined(j) && sc.joined(j+1) && sc.at(j+1).flags&capital != 0:
			j++
		}
	}
	if j > i && sc.isPunct(j-1, '-') {
		return j, 0
	}
	return j, n
}

// ofThing reports whether a capitalised word stands in names of things rather
// than of persons.
func (sc *scanner) ofThing(t *token) bool {
	l := t.list
	if t.is(allCaps) && t.size() > 1 && t.size() <= 5 && l.given() < 2 && l.surname() < 2 || l.drug() || sc.camelCase(t) || !l.named() && sc.medicalShape(t) || sc.contraction(t) {
		return true
	}
	return t.cueIs(cueFacility|cueCompany|cueNotName|cueMedical|cueWeekday|cueNoun|cueWeakKey|cueCare|cueKey|cueHoliday) && l.surname() < 3 && l.given() < 2 && !(l.surname() == 2 && l.word() < 3) && !t.cueIs(cueStreet|cueCountry)
}

// courtesy returns the index of the title right before token i, or i.
func (sc *scanner) courtesy(i int) int {
	j := i - 1
	if sc.isPunct(j, '.') && sc.joined(j) {
		j--
	}
	if t := sc.at(j); t.kind == tokenWord && t.flags&used == 0 && t.cueIs(cueTitle) && courtesyTitles.has(t.hash) && (t.flags&capital != 0 || j < i-1 && !(t.hash == hashMs && sc.at(j-1).kind == tokenNumber)) && sc.at(i).flags&lineBefore == 0 { // QTc 431 ms. Li 0.8
		return j
	}
	return i
}

var courtesyTitles = setOf("mr mrs ms miss mx dr prof rev sra srta herr frau mme")

// titled returns the index behind the name that begins at i, right behind a
// title: any capitalised word that no sentence or heading begins with.
func (sc *scanner) titled(i int) int {
	t := &sc.toks[i]
	l := t.list
	p := sc.at(i - 1)
	doctor := p.hash == hashDr || sc.at(i-2).hash == hashDr
	switch {
	case t.size() == 1 || l.drug() || t.cueIs(cueUnitWord) && l.surname() < 2 || sc.isPunct(i+1, ':'),
		t.is(allCaps) && !p.is(allCaps) && !sc.at(i-2).is(allCaps),
		t.cueIs(cueStop) && l.surname() < 2 && l.given() == 0,
		t.cueIs(cueWeekday|cueMonth) && (doctor || sc.at(i+1).kind == tokenNumber),
		doctor && t.cueIs(cueStop) && sc.isPunct(i-1, '.') && articles.has(sc.at(i-3).hash): // I saw the Dr. See below
		return i
	}
	end := i + 1
	if n := sc.at(end); t.flags&possessive == 0 && n.flags&(used|capital|lineBefore) == capital && n.kind == tokenWord && n.size() > 1 && (n.list.named() || n.list.word() == 0) && !sc.ofThing(n) && !n.cueIs(cueStop|cueMonth) {
		end++
	} else if t.flags&possessive == 0 && n.flags&(used|capital|lineBefore) == capital && n.size() == 1 && sc.isPunct(end+1, '.') && sc.joined(end+1) { // Mr. An F.
		end += 2
	}
	return sc.credentials(end)
}

var hashDr = foldHash("dr")

// frameBefore says what stands before the capitalised word at i.
func (sc *scanner) frameBefore(i int) frame {
	j := i - 1
	for sc.isPunct(j, '*') && (sc.isPunct(j-1, '*') || sc.isPunct(j-1, ':')) { // *Patient:* Jane
		j--
	}
	if sc.quote(j) && (sc.isPunct(j-1, ':') || sc.isPunct(j-1, '=')) {
		j--
	}
	p := sc.at(j)
	if sc.isPunct(j, ':') || sc.isPunct(j, '=') && sc.at(j-1).hash == hashName {
		if sc.quote(j - 1) {
			j--
		}
		w := sc.at(j - 1)
		switch {
		case w.kind != tokenWord:
			return unframed
		case w.hash == hashName:
			return certain
		case w.cueIs(cueRelation|cueIntro|cueGreeting) || w.hash == hashRe || w.hash == hashCc || w.hash == hashFrom || w.hash == hashTo || labelWordsOfPersons.has(w.hash):
			return likely
		}
		return unframed
	}
	if sc.isPunct(j, ',') || sc.isPunct(j, '.') && sc.joined(j) && sc.at(j-1).size() <= 3 {
		j--
		p = sc.at(j)
	}
	if p.kind != tokenWord || p.flags&used != 0 {
		return unframed
	}
	switch q := sc.at(j - 1); {
	case (p.hash == hashIs || p.hash == hashWas) && q.hash == hashName, p.cueIs(cueIntro) && p.hash != hashName:
		return certain
	case p.hash == hashOf && sc.isPersonOf(j-1):
		return certain
	case p.hash == hashIs && q.hash == hashThis, p.hash == hashBy && doneBy.has(q.hash), p.hash == hashWith && (talkWords.has(q.hash) || meetWords.has(q.hash)), p.hash == hashTo && (toWords.has(q.hash) || handWords.has(q.hash)), p.hash == hashFor && forWords.has(q.hash):
		return likely
	case p.cueIs(cueRelation|cueTell|cueGreeting) || p.hash == hashRe || p.cueIs(cueTitle) && lowerTitles.has(p.hash):
		return likely
	}
	return unframed
}

func (sc *scanner) quote(i int) bool { return sc.isPunct(i, '"') || sc.isPunct(i, '\'') }

// isPersonOf reports whether "of" behind token i leads to a person: spouse of,
// care of.
func (sc *scanner) isPersonOf(i int) bool {
	t := sc.at(i)
	return t.kind == tokenWord && (kin.has(t.hash) || t.hash == hashCareWord)
}

var (
	hashRe       = foldHash("re")
	hashCareWord = foldHash("care")
	articles     = setOf("the a my his her our their your this that")
	kin          = setOf(`wife husband spouse partner mother father mom dad son daughter brother sister sibling aunt uncle cousin grandmother grandfather grandson granddaughter niece nephew child children
		widow widower parent parents fiance fiancee girlfriend boyfriend stepmother stepfather stepson stepdaughter friend roommate guardian caregiver twin grandma grandpa nana gran granny grandad granddad nan auntie stepbrother stepsister stepmom stepdad godmother godfather neighbour neighbor flatmate carer in-law bf gf hubby sis bro`)
	doneBy    = setOf("seen referred reviewed signed cosigned prescribed accompanied treated evaluated written dictated approved completed conducted entered called assessed supervised ordered verified created updated requested followed managed interviewed examined transcribed authored documented witnessed")
	meetWords = setOf("session sessions appointment appointments appt visit visits call intake meeting lives living married relationship therapy followup up interview")
	toWords   = setOf("assigned spoke referred married addressed transferred related talked according spoken reassigned letter email message belongs")
	forWords  = setOf("message voicemail reminder printed appointment appt note notes summary letter session intake record records chart referral prescription results report invoice statement refill plan visit form consent reminder scheduled caring cares")

	labelWordsOfPersons = largeSetOf("kin facilitator presenter speaker leader attending interpreter provider author client patient guardian parent supervisor counselor counsellor nurse doctor contact emergency manager coordinator prescriber referrer referring pcp clinician physician therapist psychiatrist psychologist signed reviewer witness assistant sender recipient prepared member insured subscriber consultant surgeon practitioner resident responsible payer spouse")
)

// frameAfter says what stands behind a run of capitalised words that ends
// before token end.
func (sc *scanner) frameAfter(end int) frame {
	k := end
	if sc.quote(k) && sc.isPunct(k+1, '<') {
		k++
	}
	t := sc.at(k)
	if t.flags&lineBefore != 0 {
		return unframed
	}
	if t.kind == tokenPunct {
		switch sc.text[t.start] {
		case '<':
			if sc.at(k+1).flags&used != 0 {
				return certain
			}
			return unframed
		case ',', '(':
			k++
		default:
			return unframed
		}
		n := sc.at(k)
		switch {
		case n.flags&lineBefore != 0:
			return unframed
		case n.kind == tokenWord && cues[n.cue].cat != None && (cues[n.cue].cat == BirthDate || cues[n.cue].cat == SSN || cues[n.cue].cat == MedicalRecord), sc.credentials(end) > end:
			return certain
		case n.kind == tokenNumber && n.size() == 2 && (sc.isPunct(k+1, ',') || sc.isPunct(k+1, ')') || yearWords.has(sc.at(k+1).hash)),
			n.hash == hashA && sc.ageAt(k+1), sc.ageAt(k):
			return certain
		case t.kind == tokenPunct && sc.text[t.start] == '(' && n.flags&used != 0:
			return certain
		case sc.text[t.start] == ',' && (n.hash == hashWho || wasDone.has(n.hash)): // , who was seen
			return likely
		}
		return unframed
	}
	if t.kind != tokenWord || t.flags&capital != 0 {
		if sc.credentials(end) > end {
			return likely
		}
		return unframed
	}
	switch {
	case t.hash == hashIs && (sc.at(k+1).hash == hashA || sc.at(k+1).hash == hashAn) && sc.describes(k+2), t.hash == hashA && sc.ageAt(k+1), t.hash == hashAs && (sc.at(k+1).cueIs(cueRelation) || articles.has(sc.at(k+1).hash) && sc.at(k+2).cueIs(cueRelation)), t.hash == hashWas && sc.at(k+1).cueIs(cueDate) && cues[sc.at(k+1).cue].cat == BirthDate:
		return certain
	case t.hash == hashWas && wasDone.has(sc.at(k+1).hash), sc.at(k+1).hash == hashHer || sc.at(k+1).hash == hashHis:
		return likely
	case t.cueIs(cueSpeech) && !sc.copula(k):
		return likely
	}
	return unframed
}

// ageAt reports whether an age stands at token k: 45-year-old, 45 y/o, 45yo.
func (sc *scanner) ageAt(k int) bool {
	t := sc.at(k)
	if t.kind == tokenMixed {
		s := sc.lit(k)
		n := 0
		for n < len(s) && isDigit(s[n]) {
			n++
		}
		return n >= 1 && n <= 3 && ageLetters.has(foldHash(s[n:]))
	}
	if t.kind != tokenNumber || t.size() > 3 {
		return false
	}
	if sc.isPunct(k+1, '-') {
		k++
	}
	if youngWords.has(sc.at(k + 1).hash) { // 22-month-old boy; a wound is 3 weeks old as well
		if k++; sc.isPunct(k+1, '-') {
			k++
		}
		return sc.at(k+1).hash == hashOld && sc.personBehind(k+2)
	}
	return yearWords.has(sc.at(k + 1).hash)
}

var (
	hashAn     = foldHash("an")
	hashHis    = foldHash("his")
	hashWho    = foldHash("who")
	hashOld    = foldHash("old")
	youngWords = setOf("month months mo week weeks wk day days")
	ageLetters = setOf("yo y yr yrs f m yof yom")
	wasDone    = setOf("admitted seen referred discharged evaluated diagnosed treated hospitalized transferred interviewed examined accompanied late calm tearful present prescribed")
)

// kinName reports whether the one word at i, behind a word for a relative or
// the like, is a given name: daughter Jack, husband Grace.
func (sc *scanner) kinName(i int) bool {
	t := &sc.toks[i]
	p := sc.at(i - 1)
	if sc.isPunct(i-1, ',') && sc.isPunct(i+1, ',') && sc.at(i+2).hash == hashWho && kin.has(sc.at(i-2).hash) { // her roommate, Skip, who said
		return !sc.acronym(t) && !t.cueIs(cueStop|cueNotName)
	}
	if sc.acronym(t) || sc.medicalShape(t) || !t.list.named() || t.cueIs(cueStop) && t.list.given() < 2 {
		return false
	}
	if n := sc.at(i + 1); n.kind == tokenPunct && sc.isPunct(i+1, ':') || n.kind == tokenNumber {
		return false
	}
	if p.cueIs(cueGreeting) && sc.isPunct(i+1, ',') { // Dear August,
		return !t.cueIs(cueTitle | cueRelation)
	}
	return p.kind == tokenWord && (kin.has(p.hash) && t.list.given() >= 1 || p.cueIs(cueRelation) && p.flags&capital == 0 && t.list.given() >= 2)
}

// loneSurname reports whether the one word at i, behind a word for a person, is a
// surname by what stands around it, though it may be a word as well: Patient
// Brown called; Attending: Black.
func (sc *scanner) loneSurname(i, end int) bool {
	t := &sc.toks[i]
	if t.list.surname() < 2 || sc.acronym(t) && !sc.capitalsAround(i) || sc.ofThing(t) || nobody.has(t.hash) || services.has(t.hash) {
		return false
	}
	if sc.isPunct(i-1, ':') {
		if sc.isPunct(end, '.') {
			end++
		}
		return sc.at(end).flags&lineBefore != 0 && sc.at(i-2).flags&used == 0
	}
	if p := sc.at(i - 1); p.kind != tokenWord {
		return false
	} else if n := sc.at(end); (lowerTitles.has(p.hash) || t.list.surname() == 3) && n.kind == tokenWord && n.flags&(capital|lineBefore) == 0 && strings.HasSuffix(sc.lit(end), "ed") { // Nurse White administered
		return true
	}
	return sc.frameAfter(end) != unframed || sc.acts(end)
}

// services are surnames that stand behind a word for a person in names of things.
var services = setOf("service check care risk center record call home board street room desk bill case visit line page")

// surnameTail returns the index behind a surname that is a word as well and
// stands right behind a given name or title that ends at token i, or i:
// Maria Day, Ms. Ana Little.
func (sc *scanner) surnameTail(i int) int {
	t := sc.at(i)
	if t.kind != tokenWord || t.flags&(used|capital|lineBefore) != capital || t.list.surname() < 2 && (sc.ofThing(t) || sc.frameAfter(i+1) != certain) || t.is(allCaps) != sc.at(i-1).is(allCaps) || sc.at(i-1).flags&possessive != 0 || sc.at(i-1).kind == tokenPunct {
		return i
	}
	if n := sc.at(i + 1); n.kind == tokenWord && n.flags&capital != 0 && n.flags&lineBefore == 0 && !n.cueIs(cueSuffix) || sc.isPunct(i+1, ':') || n.kind == tokenNumber && n.flags&lineBefore == 0 {
		return i
	}
	return i + 1
}

// wholeName takes a text that its key says is likely a name for one when each
// of its words may be: two to five, capitalised, none of them of a thing.
func (sc *scanner) wholeName() bool {
	words := 0
	if t := sc.at(0); len(sc.toks) == 1 && t.cueIs(cueEponym) && t.list.named() && t.flags&(used|capital) == capital {
		sc.addName(0, 1, true) // {"nurse": "Lou"}
		return true
	}
	for i := range sc.toks {
		t := &sc.toks[i]
		switch {
		case t.flags&used != 0 || i > 0 && t.flags&lineBefore != 0:
			return false
		case t.kind == tokenPunct:
			if c := sc.text[t.start]; c != '.' && c != ',' && c != '-' {
				return false
			}
		case t.kind != tokenWord:
			return false
		case t.flags&capital == 0:
			if !t.cueIs(cueParticle) || i == 0 {
				return false
			}
		case t.size() == 1 || t.cueIs(cueSuffix) && i > 0:
		case sc.ofThing(t), !t.list.named() && t.list.word() > 0 && !(t.cueIs(cueTitle) && i == 0):
			return false
		default:
			words++
		}
	}
	if words < 2 || words > 5 {
		return false
	}
	sc.addName(0, len(sc.toks), true)
	return true
}
