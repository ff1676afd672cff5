package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// The two sides of a frame: what stands before and behind a run of capitalised words, and
// how sure it makes that they are a person.

// frameBefore says what stands before the capitalised word at i.
func (sc *Scanner) frameBefore(i int) frame {
	j := i - 1
	for sc.isPunct(j, '*') && sc.isOneOf(j-1, "*:") { // *Patient:* Jane
		j--
	}
	if sc.quote(j) && sc.isOneOf(j-1, ":=") {
		j--
	}
	if sc.isPunct(j, ':') || sc.isPunct(j, '=') && sc.at(j-1).hash == hashName {
		if sc.quote(j - 1) {
			j--
		}
		return sc.frameOfLabel(j - 1)
	}
	if sc.isPunct(j, ',') || sc.isPunct(j, '.') && sc.joined(j) && sc.at(j-1).size() <= 3 {
		j--
	}
	if p := sc.at(j); p.kind != tokenWord || p.is(used) {
		return unframed
	}
	return sc.frameOfWord(j)
}

// frameOfLabel says how sure the label that ends with token j makes that a person stands
// behind it: Name: Rich Day; Interpreter: Rich Day.
func (sc *Scanner) frameOfLabel(j int) frame {
	w := sc.at(j)
	switch {
	case w.kind != tokenWord:
		return unframed
	case w.hash == hashName:
		return certain
	case w.cueIs(cue.Relation | cue.Intro | cue.Greeting),
		w.hash == hashRe,
		w.hash == hashCc,
		w.hash == hashFrom,
		w.hash == hashTo,
		labelWordsOfPersons.Has(w.hash):
		return likely
	}
	return unframed
}

// frameOfWord says how sure the word at j makes that a person stands behind it: named
// Rich Day, spouse of Rich Day; nurse Rich Day.
func (sc *Scanner) frameOfWord(j int) frame {
	p, q := sc.at(j), sc.at(j-1)
	switch {
	case (p.hash == hashIs || p.hash == hashWas) && q.hash == hashName,
		p.cueIs(cue.Intro) && p.hash != hashName,
		p.hash == hashOf && sc.isPersonOf(j-1):
		return certain
	case linksPerson(q.hash, p.hash),
		p.cueIs(cue.Relation | cue.Tell | cue.Greeting),
		p.hash == hashRe,
		p.cueIs(cue.Title) && lowerTitles.Has(p.hash):
		return likely
	}
	return unframed
}

// linksPerson reports whether a word and the link behind it lead to a person: this is,
// seen by, met with, assigned to, message for.
func linksPerson(word, link uint32) bool {
	switch link {
	case hashIs:
		return word == hashThis
	case hashBy:
		return doneBy.Has(word)
	case hashWith:
		return talkWords.Has(word) || meetWords.Has(word)
	case hashTo:
		return toWords.Has(word) || handWords.Has(word)
	case hashFor:
		return forWords.Has(word)
	}
	return false
}

func (sc *Scanner) quote(i int) bool { return sc.isPunct(i, '"') || sc.isPunct(i, '\'') }

// isPersonOf reports whether "of" behind token i leads to a person: spouse of,
// care of.
func (sc *Scanner) isPersonOf(i int) bool {
	t := sc.at(i)
	return t.kind == tokenWord && (kin.Has(t.hash) || t.hash == hashCare)
}

var (
	hashRe   = words.Hash("re")
	articles = words.SetOf("the a my his her our their your this that")
	kin      = words.SetOf(`wife husband spouse partner mother father mom dad son daughter brother sister sibling aunt uncle cousin grandmother grandfather grandson granddaughter niece nephew child children
		widow widower parent parents fiance fiancee girlfriend boyfriend stepmother stepfather stepson stepdaughter friend roommate guardian caregiver twin grandma grandpa nana gran granny grandad granddad nan auntie stepbrother stepsister stepmom stepdad godmother godfather neighbour neighbor flatmate carer in-law bf gf hubby sis bro`)
	doneBy    = words.SetOf("filed initiated submitted requested seen referred reviewed signed cosigned prescribed accompanied treated evaluated written dictated approved completed conducted entered called assessed supervised ordered verified created updated followed managed interviewed examined transcribed authored documented witnessed")
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
	switch t := sc.at(k); {
	case t.is(lineBefore):
		return unframed
	case t.kind == tokenPunct:
		return sc.frameOfSign(k, end)
	case t.kind == tokenWord && !t.is(capital):
		return sc.frameOfVerb(k)
	}
	if sc.credentials(end) > end {
		return likely
	}
	return unframed
}

// frameOfSign is frameAfter for the sign at k, behind a run that ends before token end:
// Rich Day <rich@…>; Rich Day (DOB …); Rich Day, 45; Rich Day, LCSW.
func (sc *Scanner) frameOfSign(k, end int) frame {
	sign, n := sc.text[sc.toks[k].start], sc.at(k+1)
	switch {
	case sign == '<':
		if n.is(used) {
			return certain
		}
		return unframed
	case sign != ',' && sign != '(', n.is(lineBefore):
		return unframed
	case sc.identifierKey(k + 1), sc.credentials(end) > end, sc.ageInFrame(k + 1), sign == '(' && n.is(used):
		return certain
	case sign == ',' && (n.hash == hashWho || wasDone.Has(n.hash)): // , who was seen
		return likely
	}
	return unframed
}

// identifierKey reports whether the word at k is a key of what is a person's: DOB, SSN, MRN.
func (sc *Scanner) identifierKey(k int) bool {
	n := sc.at(k)
	if n.kind != tokenWord {
		return false
	}
	switch cue.All[n.cue].Cat {
	case category.BirthDate, category.SSN, category.MedicalRecord:
		return true
	}
	return false
}

// ageInFrame reports whether an age stands at token k, behind a comma or a parenthesis:
// Rich Day (45); Rich Day, a 45-year-old.
func (sc *Scanner) ageInFrame(k int) bool {
	n := sc.at(k)
	return n.kind == tokenNumber && n.size() == 2 &&
		(sc.isPunct(k+1, ',') || sc.isPunct(k+1, ')') || yearWords.Has(sc.at(k+1).hash)) ||
		n.hash == hashA && sc.ageAt(k+1) || sc.ageAt(k)
}

// frameOfVerb is frameAfter for the word in small letters at k: Rich Day is a pleasant
// 50-year-old; Rich Day as her guardian; Rich Day and his wife; Rich Day denies.
func (sc *Scanner) frameOfVerb(k int) frame {
	t, n := sc.at(k), sc.at(k+1)
	switch {
	case t.hash == hashIs && (n.hash == hashA || n.hash == hashAn) && sc.describes(k+2),
		t.hash == hashA && sc.ageAt(k+1),
		t.hash == hashAs && (n.cueIs(cue.Relation) || articles.Has(n.hash) && sc.at(k+2).cueIs(cue.Relation)),
		t.hash == hashWas && n.cueIs(cue.Date) && cue.All[n.cue].Cat == category.BirthDate:
		return certain
	case t.hash == hashWas && wasDone.Has(n.hash),
		n.hash == hashHer || n.hash == hashHis,
		t.cueIs(cue.Speech) && !sc.copula(k):
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
	wasDone    = words.SetOf("reviewed operated admitted seen referred discharged evaluated diagnosed treated hospitalized transferred interviewed examined accompanied late calm tearful present prescribed")
)
