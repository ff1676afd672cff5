package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

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
func (sc *Scanner) framed(i int) int {
	t := &sc.toks[i]
	p := sc.at(i - 1)
	before := unframed
	if !t.is(lineBefore) {
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
	if before == unframed && t.cueIs(cue.Relation) && t.list.Given() < 2 {
		return i + 1
	}
	if before == unframed && !t.is(sentence) && p.kind == tokenWord && p.is(capital) {
		return i + 1 // within a title
	}
	if next := sc.at(i + 1); before == unframed && t.size() > 1 &&
		(next.kind == tokenWord && !next.isBut(capital, lineBefore) || next.kind == tokenPunct && !sc.joined(i+1)) {
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
			return sc.addName(i, end, lone || sc.appositive(i))
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
		if t.cueIs(cue.Stop) {
			stops++
		}
		l := t.list
		switch {
		case l.Given() > 0 || l.Surname() >= 2 || l.Word() == 0:
			named++
		case l.Word() >= 2 && before != certain && after != certain:
			return i + 1
		}
		if t.cueIs(cue.Stop) && j == i && !(before == certain || l.Given() > 0) {
			return i + 1
		}
	}
	first, last := t.list, sc.toks[end-1].list
	if sure := before == certain ||
		after == certain; named == 0 ||
		stops == names ||
		!sure &&
			(named < names ||
				first.Given() == 0 && last.Surname() < 2 ||
				t.is(sentence) && before == unframed && first.Given() == 0) {
		return i + 1
	}
	return sc.addName(i, sc.credentials(end), true)
}

// frameRun returns the index behind the run of capitalised words at i that may
// be a name, and how many words it has; 0 when it has too many or one that
// stands for a thing.
func (sc *Scanner) frameRun(i int) (end, n int) {
	j := i
	for {
		t := sc.at(j)
		if t.kind != tokenWord || !t.isBut(capital, used) || n > 0 && t.is(lineBefore) {
			break
		}
		if n > 0 && t.cueIs(cue.Suffix) {
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
		case t.is(possessive):
			return j, n
		case t.size() == 1 && sc.isPunct(j, '.') && sc.joined(j):
			j++
		case sc.isPunct(j, '-') && sc.joined(j) && sc.joined(j+1) && sc.at(j+1).is(capital):
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
func (sc *Scanner) ofThing(t *token) bool {
	l := t.list
	if t.is(allCaps) && t.size() > 1 && t.size() <= 5 && l.Given() < 2 && l.Surname() < 2 ||
		l.Drug() ||
		sc.camelCase(t) ||
		!l.Named() && sc.medicalShape(t) ||
		sc.contraction(t) {
		return true
	}
	return t.cueIs(cue.Facility|cue.Company|cue.NotName|cue.Medical|cue.Weekday|cue.Noun|cue.WeakKey|cue.Care|cue.Key|cue.Holiday) &&
		l.Surname() < 3 && l.Given() < 2 && !(l.Surname() == 2 && l.Word() < 3) &&
		!t.cueIs(cue.Street|cue.Country)
}

// courtesy returns the index of the title right before token i, or i.
func (sc *Scanner) courtesy(i int) int {
	j := i - 1
	if sc.isPunct(j, '.') && sc.joined(j) {
		j--
	}
	if t := sc.at(j); t.kind == tokenWord && !t.is(used) && t.cueIs(cue.Title) &&
		courtesyTitles.Has(t.hash) &&
		(t.is(capital) || j < i-1 && !sc.milliseconds(j)) && // QTc 431 ms. Li 0.8
		!sc.at(i).is(lineBefore) {
		return j
	}
	return i
}

var courtesyTitles = words.SetOf("mr mrs ms miss mx dr prof rev sra srta herr frau mme")

// titled returns the index behind the name that begins at i, right behind a
// title: any capitalised word that no sentence or heading begins with.
func (sc *Scanner) titled(i int) int {
	t := &sc.toks[i]
	l := t.list
	p := sc.at(i - 1)
	doctor := p.hash == hashDr || sc.at(i-2).hash == hashDr
	switch {
	case t.size() == 1 || l.Drug() || t.cueIs(cue.UnitWord) && l.Surname() < 2 || sc.isPunct(i+1, ':'),
		t.is(allCaps) && !p.is(allCaps) && !sc.at(i-2).is(allCaps),
		t.cueIs(cue.Stop) && l.Surname() < 2 && l.Given() == 0,
		t.cueIs(cue.Weekday|cue.Month) && (doctor || sc.at(i+1).kind == tokenNumber),
		doctor && t.cueIs(cue.Stop) && sc.isPunct(i-1, '.') && articles.Has(sc.at(i-3).hash): // I saw the Dr. See below
		return i
	}
	end := i + 1
	if n := sc.at(end); !t.is(possessive) && n.isBut(capital, used|lineBefore) && n.kind == tokenWord &&
		n.size() > 1 && (n.list.Named() || n.list.Word() == 0) && !sc.ofThing(n) &&
		!n.cueIs(cue.Stop|cue.Month) {
		end++
	} else if !t.is(possessive) && n.isBut(capital, used|lineBefore) && n.size() == 1 &&
		sc.isPunct(end+1, '.') && sc.joined(end+1) { // Mr. An F.
		end += 2
	}
	return sc.credentials(end)
}

var hashDr = words.Hash("dr")

// frameBefore says what stands before the capitalised word at i.
func (sc *Scanner) frameBefore(i int) frame {
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
		case w.cueIs(cue.Relation|cue.Intro|cue.Greeting) ||
			w.hash == hashRe ||
			w.hash == hashCc ||
			w.hash == hashFrom ||
			w.hash == hashTo ||
			labelWordsOfPersons.Has(w.hash):
			return likely
		}
		return unframed
	}
	if sc.isPunct(j, ',') || sc.isPunct(j, '.') && sc.joined(j) && sc.at(j-1).size() <= 3 {
		j--
		p = sc.at(j)
	}
	if p.kind != tokenWord || p.is(used) {
		return unframed
	}
	switch q := sc.at(j - 1); {
	case (p.hash == hashIs || p.hash == hashWas) && q.hash == hashName, p.cueIs(cue.Intro) && p.hash != hashName:
		return certain
	case p.hash == hashOf && sc.isPersonOf(j-1):
		return certain
	case p.hash == hashIs && q.hash == hashThis,
		p.hash == hashBy && doneBy.Has(q.hash),
		p.hash == hashWith && (talkWords.Has(q.hash) || meetWords.Has(q.hash)),
		p.hash == hashTo && (toWords.Has(q.hash) || handWords.Has(q.hash)),
		p.hash == hashFor && forWords.Has(q.hash):
		return likely
	case p.cueIs(cue.Relation|cue.Tell|cue.Greeting) ||
		p.hash == hashRe ||
		p.cueIs(cue.Title) && lowerTitles.Has(p.hash):
		return likely
	}
	return unframed
}

func (sc *Scanner) quote(i int) bool { return sc.isPunct(i, '"') || sc.isPunct(i, '\'') }

// isPersonOf reports whether "of" behind token i leads to a person: spouse of,
// care of.
func (sc *Scanner) isPersonOf(i int) bool {
	t := sc.at(i)
	return t.kind == tokenWord && (kin.Has(t.hash) || t.hash == hashCareWord)
}

var (
	hashRe       = words.Hash("re")
	hashCareWord = words.Hash("care")
	articles     = words.SetOf("the a my his her our their your this that")
	kin          = words.SetOf(`wife husband spouse partner mother father mom dad son daughter brother sister sibling aunt uncle cousin grandmother grandfather grandson granddaughter niece nephew child children
		widow widower parent parents fiance fiancee girlfriend boyfriend stepmother stepfather stepson stepdaughter friend roommate guardian caregiver twin grandma grandpa nana gran granny grandad granddad nan auntie stepbrother stepsister stepmom stepdad godmother godfather neighbour neighbor flatmate carer in-law bf gf hubby sis bro`)
	doneBy    = words.SetOf("seen referred reviewed signed cosigned prescribed accompanied treated evaluated written dictated approved completed conducted entered called assessed supervised ordered verified created updated requested followed managed interviewed examined transcribed authored documented witnessed")
	meetWords = words.SetOf("session sessions appointment appointments appt visit visits call intake meeting lives living married relationship therapy followup up interview")
	toWords   = words.SetOf("assigned spoke referred married addressed transferred related talked according spoken reassigned letter email message belongs")
	forWords  = words.SetOf("message voicemail reminder printed appointment appt note notes summary letter session intake record records chart referral prescription results report invoice statement refill plan visit form consent reminder scheduled caring cares")

	labelWordsOfPersons = words.SetOf("kin facilitator presenter speaker leader attending interpreter provider author client patient guardian parent supervisor counselor counsellor nurse doctor contact emergency manager coordinator prescriber referrer referring pcp clinician physician therapist psychiatrist psychologist signed reviewer witness assistant sender recipient prepared member insured subscriber consultant surgeon practitioner resident responsible payer spouse")
)

// frameAfter says what stands behind a run of capitalised words that ends
// before token end.
func (sc *Scanner) frameAfter(end int) frame {
	k := end
	if sc.quote(k) && sc.isPunct(k+1, '<') {
		k++
	}
	t := sc.at(k)
	if t.is(lineBefore) {
		return unframed
	}
	if t.kind == tokenPunct {
		switch sc.text[t.start] {
		case '<':
			if sc.at(k + 1).is(used) {
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
		case n.is(lineBefore):
			return unframed
		case n.kind == tokenWord && cue.All[n.cue].Cat != category.None &&
			(cue.All[n.cue].Cat == category.BirthDate ||
				cue.All[n.cue].Cat == category.SSN ||
				cue.All[n.cue].Cat == category.MedicalRecord),
			sc.credentials(end) > end:
			return certain
		case n.kind == tokenNumber && n.size() == 2 &&
			(sc.isPunct(k+1, ',') || sc.isPunct(k+1, ')') || yearWords.Has(sc.at(k+1).hash)),
			n.hash == hashA && sc.ageAt(k+1), sc.ageAt(k):
			return certain
		case t.kind == tokenPunct && sc.text[t.start] == '(' && n.is(used):
			return certain
		case sc.text[t.start] == ',' && (n.hash == hashWho || wasDone.Has(n.hash)): // , who was seen
			return likely
		}
		return unframed
	}
	if t.kind != tokenWord || t.is(capital) {
		if sc.credentials(end) > end {
			return likely
		}
		return unframed
	}
	switch {
	case t.hash == hashIs && (sc.at(k+1).hash == hashA || sc.at(k+1).hash == hashAn) && sc.describes(k+2),
		t.hash == hashA && sc.ageAt(k+1),
		t.hash == hashAs &&
			(sc.at(k+1).cueIs(cue.Relation) || articles.Has(sc.at(k+1).hash) && sc.at(k+2).cueIs(cue.Relation)),
		t.hash == hashWas && sc.at(k+1).cueIs(cue.Date) && cue.All[sc.at(k+1).cue].Cat == category.BirthDate:
		return certain
	case t.hash == hashWas && wasDone.Has(sc.at(k+1).hash), sc.at(k+1).hash == hashHer || sc.at(k+1).hash == hashHis:
		return likely
	case t.cueIs(cue.Speech) && !sc.copula(k):
		return likely
	}
	return unframed
}

// ageAt reports whether an age stands at token k: 45-year-old, 45 y/o, 45yo.
func (sc *Scanner) ageAt(k int) bool {
	t := sc.at(k)
	if t.kind == tokenMixed {
		s := sc.lit(k)
		n := 0
		for n < len(s) && chars.IsDigit(s[n]) {
			n++
		}
		return n >= 1 && n <= 3 && ageLetters.Has(words.Hash(s[n:]))
	}
	if t.kind != tokenNumber || t.size() > 3 {
		return false
	}
	if sc.isPunct(k+1, '-') {
		k++
	}
	if youngWords.Has(sc.at(k + 1).hash) { // 22-month-old boy; a wound is 3 weeks old as well
		if k++; sc.isPunct(k+1, '-') {
			k++
		}
		return sc.at(k+1).hash == hashOld && sc.personBehind(k+2)
	}
	return yearWords.Has(sc.at(k + 1).hash)
}

var (
	hashAn     = words.Hash("an")
	hashHis    = words.Hash("his")
	hashWho    = words.Hash("who")
	hashOld    = words.Hash("old")
	youngWords = words.SetOf("month months mo week weeks wk day days")
	ageLetters = words.SetOf("yo y yr yrs f m yof yom")
	wasDone    = words.SetOf("admitted seen referred discharged evaluated diagnosed treated hospitalized transferred interviewed examined accompanied late calm tearful present prescribed")
)

// kinName reports whether the one word at i, behind a word for a relative or
// the like, is a given name: daughter Jack, husband Grace.
func (sc *Scanner) kinName(i int) bool {
	t := &sc.toks[i]
	p := sc.at(i - 1)
	if sc.isPunct(i-1, ',') && sc.isPunct(i+1, ',') && sc.at(i+2).hash == hashWho && kin.Has(sc.at(i-2).hash) { // her roommate, Skip, who said
		return !sc.acronym(t) && !t.cueIs(cue.Stop|cue.NotName)
	}
	if sc.appositive(i) {
		return true
	}
	if sc.acronym(t) || sc.medicalShape(t) || !t.list.Named() || t.cueIs(cue.Stop) && t.list.Given() < 2 {
		return false
	}
	if n := sc.at(i + 1); n.kind == tokenPunct && sc.isPunct(i+1, ':') || n.kind == tokenNumber {
		return false
	}
	if p.cueIs(cue.Greeting) && sc.isPunct(i+1, ',') { // Dear August,
		return !t.cueIs(cue.Title | cue.Relation)
	}
	return p.kind == tokenWord &&
		(kin.Has(p.hash) && t.list.Given() >= 1 || p.cueIs(cue.Relation) && !p.is(capital) && t.list.Given() >= 2)
}

// loneSurname reports whether the one word at i, behind a word for a person, is a
// surname by what stands around it, though it may be a word as well: Patient
// Brown called; Attending: Black.
func (sc *Scanner) loneSurname(i, end int) bool {
	t := &sc.toks[i]
	if t.list.Surname() < 2 ||
		sc.acronym(t) && !sc.capitalsAround(i) ||
		sc.ofThing(t) ||
		nobody.Has(t.hash) ||
		services.Has(t.hash) {
		return false
	}
	if sc.isPunct(i-1, ':') {
		if sc.isPunct(end, '.') {
			end++
		}
		return sc.at(end).is(lineBefore) && !sc.at(i-2).is(used)
	}
	if p := sc.at(i - 1); p.kind != tokenWord {
		return false
	} else if n := sc.at(end); (lowerTitles.Has(p.hash) || t.list.Surname() == 3) && n.kind == tokenWord &&
		!n.is(capital|lineBefore) && strings.HasSuffix(sc.lit(end), "ed") { // Nurse White administered
		return true
	}
	return sc.frameAfter(end) != unframed || sc.acts(end)
}

// services are surnames that stand behind a word for a person in names of things.
var services = words.SetOf("service check care risk center record call home board street room desk bill case visit line page")

// surnameTail returns the index behind a surname that is a word as well and
// stands right behind a given name or title that ends at token i, or i:
// Maria Day, Ms. Ana Little.
func (sc *Scanner) surnameTail(i int) int {
	t := sc.at(i)
	if t.kind != tokenWord ||
		!t.isBut(capital, used|lineBefore) ||
		t.list.Surname() < 2 && (sc.ofThing(t) || sc.frameAfter(i+1) != certain) ||
		t.is(allCaps) != sc.at(i-1).is(allCaps) ||
		sc.at(i-1).is(possessive) ||
		sc.at(i-1).kind == tokenPunct {
		return i
	}
	if n := sc.at(i + 1); n.kind == tokenWord && n.is(capital) && !n.is(lineBefore) && !n.cueIs(cue.Suffix) ||
		sc.isPunct(i+1, ':') ||
		n.kind == tokenNumber && !n.is(lineBefore) {
		return i
	}
	return i + 1
}

// wholeName takes a text that its key says is likely a name for one when each
// of its words may be: two to five, capitalised, none of them of a thing.
func (sc *Scanner) wholeName() bool {
	words := 0
	if t := sc.at(0); len(sc.toks) == 1 && t.cueIs(cue.Eponym) && t.list.Named() && t.isBut(capital, used) {
		sc.addName(0, 1, true) // {"nurse": "Lou"}
		return true
	}
	for i := range sc.toks {
		t := &sc.toks[i]
		switch {
		case t.is(used) || i > 0 && t.is(lineBefore):
			return false
		case t.kind == tokenPunct:
			if c := sc.text[t.start]; c != '.' && c != ',' && c != '-' {
				return false
			}
		case t.kind != tokenWord:
			return false
		case !t.is(capital):
			if !t.cueIs(cue.Particle) || i == 0 {
				return false
			}
		case t.size() == 1 || t.cueIs(cue.Suffix) && i > 0:
		case sc.ofThing(t), !t.list.Named() && t.list.Word() > 0 && !(t.cueIs(cue.Title) && i == 0):
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
