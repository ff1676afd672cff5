package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Things that are called as persons are: classes of injuries, products, teams.

// thing returns the index behind the capitalised words at i if they name a
// thing by their form, or i. They are protected.
func (sc *Scanner) thing(i int) int {
	t, n := &sc.toks[i], sc.at(i+1)
	if sc.thingByNext(i) {
		return sc.protect(i, i+1)
	}
	if n.kind == tokenPunct && sc.hyphenedThing(i) {
		return sc.protect(i, i+3)
	}
	if brandStarts.Has(t.hash) && n.isBut(capital, lineBefore) && n.kind == tokenWord {
		if end := sc.brand(i); end > i {
			return sc.protect(i, end)
		}
	}
	if n.is(capital) || n.kind == tokenPunct {
		if end := sc.namedInstrument(i); end > i && !sc.ledAsPerson(i) && !sc.calledPerson(i) {
			return sc.protect(i, end)
		}
	}
	end := sc.maybeThing(i)
	if end == i || sc.calledPerson(i) {
		return i
	}
	if sc.classified(i, end) || end > i+1 && sc.pairOfFinders(i, end) || sc.productBehind(i, end) {
		return sc.protect(i, end)
	}
	if t.list.City() > 0 || t.cueIs(cue.PlaceStart|cue.Particle|cue.Eponym) {
		return sc.townThing(i)
	}
	return i
}

// thingByNext reports whether what stands behind the word at i makes a thing of it,
// which is a person's name elsewhere: a Christian upbringing, the Jenkins pipeline.
func (sc *Scanner) thingByNext(i int) bool {
	t, n := &sc.toks[i], sc.at(i+1)
	switch {
	case t.hash == hashLentigo && sc.text[t.start]|0x20 == 'l': // Dupree has the same hash
		return true
	case townScales.Has(t.hash) && sc.scoreBehind(i+1) && !sc.at(i-1).cueIs(cue.In): // the scale of depression: Edinburgh: 12
		return true
	case t.hash == hashGrace && n.hash == hashPeriod && !n.is(capital), t.hash == hashBoston && n.hash == hashNaming:
		return true
	case n.kind == tokenPunct:
		return sc.signedTest(i)
	case n.kind != tokenWord || n.is(lineBefore):
		return false
	case t.hash == hashChristian && beliefs.Has(n.hash) && !n.is(capital):
		return true
	case toolNames.Has(t.hash) && (toolWords.Has(n.hash) || n.hash == hashOn && sc.at(i+2).hash == hashRails):
		return true
	}
	return sc.testResult(i)
}

// hyphenedThing reports whether the word at i is a thing with what the sign behind it joins
// to it: Vineland-3, Medi-Cal, Wi-Fi, Al-Anon.
func (sc *Scanner) hyphenedThing(i int) bool {
	switch b := sc.at(i + 2).hash; sc.toks[i].hash {
	case hashMedi:
		if b == hashCal {
			return true
		}
	case hashWi:
		if b == hashFi {
			return true
		}
	case hashAl:
		if b == hashAnon {
			return true
		}
	}
	return sc.edition(i)
}

// maybeThing returns the index behind the word at i, or the pair that a hyphen joins
// there, if it may be of a thing's name, or i: the lists know the word, or what stands
// behind a lone one is a thing.
func (sc *Scanner) maybeThing(i int) int {
	t, n := &sc.toks[i], sc.at(i+1)
	town := t.list.City() > 0
	switch {
	case n.kind == tokenPunct:
		if b := sc.at(i + 2); sc.isPunct(i+1, '-') && sc.tight(i+1) && b.kind == tokenWord && b.is(capital) {
			return i + 3
		}
	case n.kind != tokenWord || n.is(lineBefore):
	case n.is(capital):
		if t.cue != 0 || town {
			return i + 1
		}
	case n.cueIs(cue.Thing) || town && townThings.Has(n.hash):
		return i + 1
	}
	return i
}

// calledPerson reports whether a title or a part of a name stands before the word at i,
// on its line, so that it is a person's: Dr. Mason.
func (sc *Scanner) calledPerson(i int) bool {
	p := sc.at(i - 1)
	return !sc.toks[i].is(lineBefore) &&
		(p.is(nameFound) || p.cueIs(cue.Title) || sc.isPunct(i-1, '.') && sc.at(i-2).cueIs(cue.Title))
}

// noTitle reports whether the letters at i stand for a method or a disease and not for a
// title: MR Brain, MS Contin.
func (sc *Scanner) noTitle(i int) bool {
	t, n := &sc.toks[i], sc.at(i+1)
	if n.list.Surname() >= words.Common && (sc.acts(i+2) || sc.at(i+2).cueIs(cue.Speech)) {
		return false // MR HEAD DENIES PAIN
	}
	if !t.is(allCaps) || !titleLetters.Has(t.hash) || n.kind != tokenWord || n.is(lineBefore) {
		return false
	}
	return scanned.Has(n.hash) ||
		t.hash == hashMs && (relapsing.Has(n.hash) || sc.shortened(n) && !sc.acts(i+2) && !sc.at(i+2).cueIs(cue.Speech)) // MS RRMS
}

// titleLetters stand for methods and a disease as well as for titles, if words of scanned
// or relapsing follow.
var (
	titleLetters = words.SetOf("mr ms dr")
	scanned      = words.SetOf(`brain head neck face facial orbit orbits sinus sinuses pituitary spine cervical thoracic lumbar sacrum sacral chest thorax cardiac breast breasts abdomen abdominal liver pancreas kidney kidneys renal adrenal adrenals
		pelvis pelvic prostate rectum uterus bladder hip hips femur thigh knee knees tibia calf leg ankle foot toe shoulder humerus elbow forearm wrist hand finger extremity angiogram angiography arthrogram arthrography venogram enterography urography
		spectroscopy guided elastography perfusion cholangiogram defecography plexus tmj joint carotid carotids aorta temporal limited left right bilateral severe moderate mild trace`)
	relapsing = words.SetOf("contin exacerbation exacerbations relapse relapses flare flares lesion lesions plaque plaques specialist clinic")
)

var (
	hashChristian = words.Hash("christian")
	beliefs       = words.SetOf("background upbringing faith church churches values value beliefs belief counselor counselors counseling counselling counsellor therapist therapy school schools college home household family families community music book books tradition traditions man men woman women couple marriage religion life")
)

// brand returns the index behind the two words at i if they are what a company or
// a product is called, after a person, or i: Wells Fargo, Jack Daniels.
func (sc *Scanner) brand(i int) int {
	second := sc.lit(i + 1)
	if sc.toks[i+1].is(possessive) {
		second += "s"
	}
	if after := sc.at(i + 2); brands.Has(pairHash(sc.lit(i), second)) && !(after.kind == tokenWord && after.isBut(capital, lineBefore)) {
		return i + 2
	}
	return i
}

// brands are companies and products of two words that are called after persons.
var brands, brandStarts = func() (all, starts *words.Set) {
	const names = `harvard-pilgrim lincoln-financial liberty-mutual gallagher-bassett trevor-project trans-lifeline smart-recovery housing-first coping-cat triple-p head-start recovery-dharma yoga-nidra wim-hof charles-bonnet braxton-hicks han-chinese penn-state marcus-gunn argyll-robertson tik-tok cash-app apache-cassandra apache-flink grafana-loki grafana-tempo bud-light miller-lite captain-morgan wells-fargo goldman-sachs eli-lilly trader-joes papa-johns sherwin-williams harley-davidson fisher-price barnes-noble`
	var first []string
	for name := range strings.FieldsSeq(names) {
		word, _, _ := strings.Cut(name, "-")
		first = append(first, word)
	}
	return words.SetOf(names), words.SetOf(strings.Join(first, " "))
}()

// toolNames are programs and languages that are called as persons are, toolWords
// stand behind them: the Jenkins pipeline, Ruby on Rails.
var (
	toolNames = words.SetOf("jenkins hudson travis ruby jasmine julia ada cassandra loki maven chef crystal beam")
	toolWords = words.SetOf("pipeline pipelines ci cluster plugin plugins gem gems spec specs repo")
)

var (
	hashRails   = words.Hash("rails")
	hashMs      = words.Hash("ms")
	hashGrace   = words.Hash("grace")
	hashLentigo = words.Hash("lentigo")
	hashPeriod  = words.Hash("period")
	hashBoston  = words.Hash("boston")
	hashNaming  = words.Hash("naming")
	hashWi      = words.Hash("wi")
	hashFi      = words.Hash("fi")
	hashAl      = words.Hash("al")
	hashAnon    = words.Hash("anon")
)

// thingNames are tests and programs that are called as many persons are.
var thingNames = words.SetOf("bayley conners jenkins johnson kaufman vineland woodcock")

// personal reports whether one of the words from i to end is a person's name much
// more than that of a thing.
func (sc *Scanner) personal(i, end int) bool {
	for ; i < end; i++ {
		if t := sc.at(i); t.list.CommonName() && !t.cueIs(cue.Eponym) &&
			!thingNames.Has(t.hash) {
			return true
		}
	}
	return false
}

// amongThings reports whether the words from i to end stand beside the name of a
// test, a medicine or a program in a list, so that they are one as well: Beck,
// Kaufman and Wechsler; Jenkins, Grafana.
func (sc *Scanner) amongThings(i, end int) bool {
	if sc.personal(i, end) {
		return false
	}
	if !sc.toks[i].is(lineBefore) && (sc.isPunct(i-1, ',') || sc.isPunct(i-1, ';') || sc.at(i-1).hash == hashAnd) {
		j := sc.beforeComma(i - 2)
		if n := sc.at(j); sc.namesThing(j) &&
			!(sc.at(i-1).hash == hashAnd && j == i-2 && sc.at(j).list.Surname() >= words.Common) ||
			n.kind == tokenNumber && n.is(used) && sc.isPunct(j-1, '-') && sc.at(j-2).is(capital) {
			return true
		}
	}
	if and := sc.at(end).hash == hashAnd; and || sc.isPunct(end, ',') || sc.isPunct(end, ';') {
		j := end + 1
		if sc.at(j).hash == hashAnd {
			j++
		}
		return !sc.at(j).is(lineBefore) &&
			(sc.namesThing(j) && !(and && sc.at(j).list.Surname() >= words.Common) ||
				sc.at(j).isBut(capital, used) && sc.edition(j))
	}
	return false
}

// beforeComma returns i, or the index before the comma that stands there.
func (sc *Scanner) beforeComma(i int) int {
	if sc.isPunct(i, ',') {
		return i - 1
	}
	return i
}

// listedApart reports whether the word at i stands between commas among medicines, or in
// capitals among abbreviations: Pulmicort, Allegra, Xopenex; TSH, ANA, RPR.
func (sc *Scanner) listedApart(i int) bool {
	t, before, behind := &sc.toks[i], sc.at(i-2), sc.at(i+2)
	if !sc.isPunct(i-1, ',') || !sc.isPunct(i+1, ',') || before.is(nameFound) || behind.is(lineBefore) {
		return false
	}
	if before.list.Drug() && behind.list.Drug() {
		return true
	}
	short := func(t *token) bool {
		return t.kind == tokenMixed || sc.acronym(t) && !t.list.Named() && t.size() > 1
	}
	return sc.acronym(t) && !t.cueIs(cue.Suffix) && short(before) && (short(behind) || sc.at(i+2).size() <= 3 && !behind.list.Named())
}

// namesThing reports whether the word at i is the name of a thing and hardly
// anything else.
func (sc *Scanner) namesThing(i int) bool {
	t := sc.at(i)
	if t.kind != tokenWord || !t.isBut(capital, nameFound) || t.size() == 1 { // Zorva and I
		return false
	}
	return t.cueIs(cue.Eponym) && t.list.Given() < words.Common && t.list.Word() < words.Common ||
		t.cueIs(cue.NotName) && !t.list.Named() && t.list.Word() == 0 && !t.is(allCaps)
}

// classified reports whether the words from i to end stand before a class:
// Weber C, Salter-Harris II, Mason type 2.
func (sc *Scanner) classified(i, end int) bool {
	t, n := &sc.toks[i], sc.at(end)
	if n.kind != tokenWord || n.is(lineBefore) || sc.at(end-1).is(possessive) || sc.goesOnName(i) {
		return false
	}
	if classWords.Has(n.hash) && !n.is(capital) && sc.classNumber(end+1) {
		return t.list.Given() < words.Frequent || t.cueIs(cue.Eponym)
	}
	return t.cueIs(cue.Eponym) && sc.classLetter(end)
}

// goesOnName reports whether the word at i goes on the name of a person that the word before
// it begins, or leads to: Thomas Allen III.
func (sc *Scanner) goesOnName(i int) bool {
	p := sc.at(i - 1)
	return p.kind == tokenWord && !sc.toks[i].is(lineBefore) && (p.is(capital) && p.list.Named() || p.cueIs(cue.Relation))
}

// classNumber reports whether the number or the letter of a class stands at token i: 2, B,
// IV.
func (sc *Scanner) classNumber(i int) bool {
	c := sc.at(i)
	return !c.is(lineBefore) &&
		(c.kind == tokenNumber && c.size() == 1 || c.is(capital) && (c.size() == 1 || romans.Has(c.hash)))
}

// classLetter reports whether the word at i, behind who found the classes, is one of them, a
// letter or a Roman number, and no initial: Weber C, but not Weber C. Roe.
func (sc *Scanner) classLetter(i int) bool {
	n := sc.at(i)
	if !n.is(capital) || n.size() == 1 && sc.isPunct(i+1, '.') && sc.joined(i+1) && !sc.lastOfSentence(i+1) {
		return false
	}
	c := sc.text[n.start]
	return n.size() == 1 && c >= 'A' && c <= 'F' ||
		n.is(allCaps) && romans.Has(n.hash) ||
		n.hash == hashI && !sc.at(i+1).is(capital)
}

var (
	classWords = words.SetOf("type grade class stage level category")
	romans     = words.SetOf("i ii iii iv v vi")
)

// productBehind reports whether the word or pair from i to end is the brand of
// what stands behind it: Camila birth control, Johnson's baby shampoo.
func (sc *Scanner) productBehind(i, end int) bool {
	k := end
	if sc.at(k).hash == hashBaby {
		k++
	}
	n := sc.at(k)
	if n.kind != tokenWord || n.is(capital|lineBefore) || sc.at(end).is(lineBefore) {
		return false
	}
	if !n.cueIs(cue.Thing) ||
		classWords.Has(n.hash) ||
		n.hash == hashBaby ||
		n.hash == hashBirth && sc.at(k+1).hash != hashControl {
		return false
	}
	p := sc.at(i - 1)
	return p.kind != tokenWord ||
		sc.toks[i].is(lineBefore) ||
		!p.cueIs(cue.Tell|cue.Relation|cue.Title|cue.Greeting) && !(p.is(capital) && p.list.Given() > 0)
}

var (
	hashBaby    = words.Hash("baby")
	hashBirth   = words.Hash("birth")
	hashMedi    = words.Hash("medi") // Medi-Cal
	hashCal     = words.Hash("cal")
	hashControl = words.Hash("control")
)

// behindMedicine reports whether the word at i stands in a list behind a medicine.
func (sc *Scanner) behindMedicine(i int) bool {
	for j := i - 1; j >= 0 && j > i-5; j-- {
		t := &sc.toks[j]
		if t.kind == tokenWord && sc.lists.Get(t.hash).Drug() {
			return sc.isPunct(j+1, ',') || sc.at(j+1).hash == hashAnd
		}
		if t.kind == tokenPunct && sc.text[t.start] != ',' {
			return false
		}
	}
	return false
}

// anyFacility reports whether the words from i to end name a kind of place
// rather than a place: our Hand Clinic, the County Hospital, a Children's Hospital.
func (sc *Scanner) anyFacility(i, end int) bool {
	p := sc.at(i - 1)
	loose := !sc.toks[i].is(lineBefore) && (anyOf.Has(p.hash) || p.hash == hashAn || p.hash == hashA)
	kinds := 0
	for j := i; j < end; j++ {
		t := &sc.toks[j]
		switch {
		case t.hash == hashAnd, t.hash == hashOf, t.hash == hashThe:
		case t.kind != tokenWord, facilityKinds.Has(t.hash), loose && looseKinds.Has(t.hash):
			kinds++
		case t.cueIs(cue.Facility) && t.list.Given() == 0:
		default:
			return false
		}
	}
	return kinds > 0
}

var (
	anyOf         = words.SetOf("our any your my his her their another every some local nearest nearby")
	facilityKinds = words.SetOf(`hand pain sleep wound memory anxiety mood spine eye ear foot headache seizure stroke diabetes weight outpatient inpatient methadone billing county town local psychiatric dental surgical specialty walk-in`)
	looseKinds    = words.SetOf(`city state children women men veterans community general regional district public private teaching rural family pediatric adult geriatric mental behavioral behavioural heart cancer breast voice crisis trauma burn acute primary`)
)

// glued reports whether a word of no list is a verb of notes and another word,
// run together: Deniesswelling.
func (sc *Scanner) glued(t *token) bool {
	if t.list != 0 || t.size() < 9 || t.size() > 24 {
		return false
	}
	s := sc.text[t.start:t.end]
	for n := 5; n+4 <= len(s); n++ {
		if gluedVerbs.Has(words.Hash(s[:n])) && sc.lists.Get(words.Hash(s[n:])).Word() > 0 {
			return true
		}
	}
	return false
}

var gluedVerbs = words.SetOf("denies denied endorses reports states positive negative positivefor negativefor complains admits presents history normal without")
