package detect

import (
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// What only persons do or are tells a name that no list holds: Thandolwethu was
// seen in clinic, Yumika appears calm, Tomasz did not attend.

// acts reports whether what stands at token k, behind a possible name, says what
// only a person does or is. Verbs that stand behind things as well, such as was
// and has, count by what follows them.
func (sc *Scanner) acts(k int) bool {
	t := sc.at(k)
	if t.kind != tokenWord || t.is(lineBefore) || !actWords.Has(t.hash) {
		return false
	}
	switch {
	case t.hash == hashAnd: // and her partner, and I reviewed
		n := sc.at(k + 1)
		return (n.hash == hashHer || n.hash == hashHis) && sc.at(k+2).cueIs(cue.Relation) ||
			n.hash == hashI && sc.at(k+2).kind == tokenWord && !sc.at(k+2).is(capital)
	case personVerbs.Has(t.hash):
		return true
	case again.Has(t.hash):
		payer := sc.at(k+2).hash == hashThe && payerNouns.Has(sc.at(k+3).hash) // also denied the claim
		return denials.Has(sc.at(k+1).hash) && !payer
	case habits.Has(t.hash):
		return habitObjects.Has(sc.at(k + 1).hash)
	case copulas.Has(t.hash):
		return sc.isPersonal(k + 1)
	case t.hash == hashHas || t.hash == hashHad:
		if n := sc.at(k + 1).hash; (n == hashA || n == hashAn) && appointments.Has(sc.at(k+2).hash) {
			return true
		}
		k = sc.adverbs(k + 1)
		if sc.at(k).hash == hashBeen {
			return sc.isPersonal(k + 1)
		}
		return personVerbs.Has(sc.at(k).hash)
	case t.hash == hashDid && well.Has(sc.at(k+1).hash): // did well this week
		return true
	case auxiliaries.Has(t.hash):
		if k++; sc.at(k).hash == hashNot {
			k++
		}
		k = sc.adverbs(k)
		return personBases.Has(sc.at(k).hash) ||
			sc.at(k).hash == hashCall && callsBehind.Has(sc.at(k+1).hash) ||
			sc.at(k).hash == hashReturn && returns.Has(sc.at(k+1).hash) ||
			sc.at(k).hash == hashBe && sc.isPersonal(k+1)
	}
	return false
}

// speaks reports whether token k is a verb in small letters that mostly stands
// behind persons: said, noted.
func (sc *Scanner) speaks(k int) bool {
	t := sc.at(k)
	return t.kind == tokenWord && !t.is(capital|lineBefore) && t.cueIs(cue.Speech) && !sc.copula(k)
}

// isPersonal reports whether what stands at token k, behind a form of be or the
// like, is said of persons only.
func (sc *Scanner) isPersonal(k int) bool {
	if sc.ageAt(k) || (sc.at(k).hash == hashA || sc.at(k).hash == hashAn) && sc.describes(k+1) {
		return true
	}
	k = sc.adverbs(k)
	t, n := sc.at(k), sc.at(k+1)
	if t.is(lineBefore) {
		return false
	}
	switch {
	case personStates.Has(t.hash):
		return true
	case t.hash == hashPlaced:
		return n.hash == hashOn
	case t.hash == hashSeen:
		return seenBehind.Has(n.hash) ||
			n.hash == hashIn && visitWords.Has(sc.at(k+2).hash) ||
			n.hash == hashOn && sc.at(k+2).is(used) && sc.isPunct(k+3, '.')
	}
	return false
}

// describes reports whether an age or a word for a person stands at token k, or
// behind a few words that go with one: a pleasant 50-year-old, a very kind person.
func (sc *Scanner) describes(k int) bool {
	for n := 0; n < 4; n++ {
		t := sc.at(k + n)
		switch {
		case sc.ageAt(k + n):
			return true
		case t.kind != tokenWord || t.is(capital|lineBefore) || t.cueIs(cue.Stop) && !adverbs.Has(t.hash):
			return false
		case personNouns.Has(t.hash):
			return n > 0
		}
	}
	return false
}

// personBehind reports whether a noun for a person stands at token k, or behind
// three words at most that say more: healthy Latino boy.
func (sc *Scanner) personBehind(k int) bool {
	for end := k + 4; k < end && sc.at(k).kind == tokenWord && !sc.at(k).is(lineBefore); k++ {
		if h := sc.at(k).hash; personNouns.Has(h) || minors.Has(h) || babies.Has(h) || h == hashWho {
			return true
		}
		if sc.at(k).cueIs(cue.Stop) {
			break
		}
	}
	return false
}

// adverbs returns the index behind words such as very and also that stand at token k.
func (sc *Scanner) adverbs(k int) int {
	for n := 0; n < 2 && adverbs.Has(sc.at(k).hash); n++ {
		k++
	}
	return k
}

// actor reports whether what stands around the one capitalised word at i says
// that it is a person: Thandolwethu was seen today; Why is Iwao so impulsive? Zorva's affect.
func (sc *Scanner) actor(i int) bool {
	k := i + 1
	if sc.isPunct(k, ',') {
		k++
	}
	n := sc.at(k)
	if sc.isPunct(k, '&') && sc.at(k+1).hash == hashI { // Zorva & I talked, but Zorva & I LLC
		return sc.at(k+2).kind == tokenWord && !sc.at(k+2).is(capital)
	}
	if n.kind != tokenWord || n.is(capital) && !(n.is(allCaps) && sc.toks[i].is(allCaps)) {
		return false
	}
	if sc.toks[i].is(possessive) {
		return traits.Has(n.hash) && !softwareNouns.Has(sc.at(k+1).hash)
	}
	return sc.acts(k) || sc.copula(i-1) && (questionWords.Has(sc.at(i-2).hash) || sc.at(i-1).is(sentence)) && sc.isPersonal(k) || sc.among(i)
}

// among reports whether the words around the one at i say that somebody was there or was
// young: with Zorva present; when Zorva was nine.
func (sc *Scanner) among(i int) bool {
	n := sc.at(i + 1)
	switch sc.at(i - 1).hash {
	case hashWith:
		return n.hash == hashPresent
	case hashWhen:
		number := sc.at(i + 2)
		return n.hash == hashWas && (number.cueIs(cue.Numeral|cue.Digit) || number.kind == tokenNumber && number.size() <= 2) && sc.isPunct(i+3, ',')
	}
	return false
}

var (
	hashBeen = words.Hash("been")
	hashBe   = words.Hash("be")
	hashNot  = words.Hash("not")
	hashSeen = words.Hash("seen")

	hashPlaced = words.Hash("placed")

	hashReturn = words.Hash("return")
	hashWhen   = words.Hash("when")
	hashDid    = words.Hash("did")
	well       = words.SetOf("well great better fine okay poorly badly")

	callsBehind = words.SetOf("back again us me to if when tomorrow for")
	again       = words.SetOf("again also still")
	denials     = words.SetOf("denied denies endorsed endorses declined declines refused refuses complained complains")
	payerNouns  = words.SetOf("claim claims authorization auth coverage request appeal payment bill preauthorization")
	returns     = words.SetOf("in on for next tomorrow if")

	actWords = words.Union(personVerbs, habits, copulas, auxiliaries, again, words.SetOf("and has had")) // that acts has something to say of

	copulas       = words.SetOf("is was were are appears appeared seems seemed remains remained became becomes looks looked feels felt")
	auxiliaries   = words.SetOf("will would did does can could may might should must didn't doesn't won't wouldn't can't couldn't")
	questionWords = words.SetOf("why how where")
	adverbs       = words.SetOf("very so quite more less fully also still currently now always often never really rather well too not just recently already again generally extremely visibly increasingly then")
	personVerbs   = words.SetOf(`arrived endorses endorsed participated participates verbalized verbalizes ambulates ambulated refuses refused declines declined expresses expressed acknowledges acknowledged
		apologizes apologized argued argues engaged practiced consented voiced volunteered wept cried cries yelled enjoys worries struggles struggled copes resides resided lives lived sleeps slept
		attends attended identifies hopes hoped wishes wished wants wanted prefers preferred asks asked remembers remembered forgot thinks believes believed
		married divorced graduated hugged smiled laughed nodded sat stood walked walks speaks eats ate drank told met agreed agrees disagreed joined rescheduled cancelled canceled texted emailed rang phoned`)
	habits       = words.SetOf("identified rated stopped started began quit kept tried continues missed misses brought brings lost")
	habitObjects = words.SetOf("taking drinking using smoking eating attending hearing having feeling experiencing seeing her his their two three weight")
	personBases  = words.SetOf(`attend follow contact bring discuss schedule reschedule meet practice participate agree decline refuse consent sign speak talk say tell ask want like
		remember sleep eat drink drive live attempt engage think feel know sit walk join`)
	personStates = words.SetOf(`calm cooperative tearful anxious oriented alert pleasant irritable guarded withdrawn engaged groomed dressed disheveled kempt unkempt late upset angry worried pregnant married single divorced widowed unemployed employed retired
		homeless sober abstinent suicidal homicidal willing unwilling reluctant hopeful hopeless motivated eager unaware happy sad proud afraid scared nervous tired exhausted drowsy sleepy confused ambulatory asleep awake hungry dizzy lonely allergic
		reliable impulsive bright gifted likeable likable studious shy delightful curious polite friendly rude kind smart clever talkative quiet hostile agitated restless euthymic depressed dysphoric euphoric manic psychotic delusional intoxicated
		admitted discharged hospitalized hospitalised interviewed accompanied referred readmitted transported intubated extubated sedated born arrested hired
		attending participating struggling coping feeling sleeping eating drinking smoking living planning hoping hearing thinking worrying crying grieving visiting asking wearing talking moving coming calling leaving staying waiting from`)
	// traits are what persons alone have: Zorva's affect.
	traits = words.SetOf("affect mood speech insight judgment judgement appetite hygiene grooming eye gait thoughts thinking sobriety cravings symptoms session sessions appointment appointments visit copay balance intake chart homework participation motivation attendance sleep parents mother father mom dad wife husband partner daughter son sister brother teacher therapist insurance medication medications voicemail guardian caseworker")
	// softwareNouns stand behind what software has as well: Django's session middleware.
	softwareNouns = words.SetOf("middleware store storage function functions api cookie cookies id ids object objects handler handlers token tokens key keys repo repository library process processes node nodes class classes module package backend endpoint manager call calls")
	personNouns   = words.SetOf("male female man woman boy girl gentleman lady person guy teenager veteran widow widower")
	babies        = words.SetOf("baby newborn neonate toddler twin son daughter patient")
	seenBehind    = words.SetOf("today yesterday by for at alone individually together again this via with last")
	visitWords    = words.SetOf("clinic office person follow followup consultation our my the ed er session triage group therapy")
)
