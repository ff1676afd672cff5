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
	end := i + 1
	switch {
	case t.hash == hashEdinburgh && sc.scoreBehind(i+1):
		return sc.protect(i, i+1) // the scale of depression
	case t.hash == hashChristian && beliefs.Has(n.hash) && !n.is(capital|lineBefore):
		return sc.protect(i, i+1) // a Christian upbringing
	case n.kind == tokenWord && toolNames.Has(t.hash) && !n.is(lineBefore) &&
		(toolWords.Has(n.hash) || n.hash == hashOn && sc.at(i+2).hash == hashRails):
		return sc.protect(i, i+1)
	case n.kind == tokenPunct &&
		(sc.edition(i) ||
			t.hash == hashMedi && sc.at(i+2).hash == hashCal ||
			t.hash == hashWi && sc.at(i+2).hash == hashFi ||
			t.hash == hashAl && sc.at(i+2).hash == hashAnon):
		return sc.protect(i, i+3)
	case n.kind == tokenPunct && signNames.Has(t.hash) && !t.is(allCaps) && !sc.joined(end) &&
		(sc.isPunct(end, '+') || sc.isPunct(end, '-')) && sc.itemEnds(end+1):
		return sc.protect(i, end) // Ober +
	case n.kind == tokenPunct:
		if !sc.isPunct(end, '-') ||
			!sc.joined(end) ||
			!sc.joined(end+1) ||
			sc.at(end+1).kind != tokenWord ||
			!sc.at(end+1).is(capital) {
			return i
		}
		end += 2
	case n.kind != tokenWord || n.is(lineBefore):
		return i
	case n.is(capital) && brandStarts.Has(t.hash):
		if k := sc.brand(i); k > i {
			return sc.protect(i, k)
		}
		if t.cue == 0 && t.list.City() == 0 {
			return i
		}
	case signResults.Has(n.hash) && !n.is(capital) &&
		(t.cueIs(cue.Eponym) && t.list.Given() < 2 || signNames.Has(t.hash) || t.list == 0 && t.cueless()) && !t.is(allCaps) &&
		sc.itemEnds(end+1):
		return sc.protect(i, end) // Ober pos.
	case !n.is(capital) && !n.cueIs(cue.Thing) && !(t.list.City() > 0 && townThings.Has(n.hash)),
		n.is(capital) && t.cue == 0 && t.list.City() == 0:
		return i
	}
	if p := sc.at(i - 1); !t.is(lineBefore) &&
		(p.is(nameFound) || p.cueIs(cue.Title) || sc.isPunct(i-1, '.') && sc.at(i-2).cueIs(cue.Title)) {
		return i
	}
	switch {
	case sc.classified(i, end), end > i+1 && sc.pairOfFinders(i, end), sc.productBehind(i, end):
		return sc.protect(i, end)
	case t.list.City() > 0 || t.cueIs(cue.PlaceStart|cue.Particle|cue.Eponym):
		if !n.is(capital) || townThings.Has(sc.at(i+2).hash) {
			if end, tier := sc.cityAt(i); tier > 0 && townThings.Has(sc.at(end).hash) &&
				!sc.at(end).is(capital|lineBefore) {
				return sc.protect(i, end+1)
			}
		}
		if end, _ := sc.cityAt(i); sc.at(end).hash == hashHeart && sc.at(end+1).hash == hashAssociation {
			return sc.protect(i, end+2) // New York Heart Association class III
		}
		return sc.team(i)
	}
	return i
}

// noTitle reports whether the letters at i stand for a method or a disease and not for a
// title: MR Brain, MS Contin.
func (sc *Scanner) noTitle(i int) bool {
	t, n := &sc.toks[i], sc.at(i+1)
	if n.list.Surname() >= 2 && (sc.acts(i+2) || sc.at(i+2).cueIs(cue.Speech)) {
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
	hashEdinburgh   = words.Hash("edinburgh")
	hashHeart       = words.Hash("heart")
	hashAssociation = words.Hash("association")
)

// scoreBehind reports whether a score that ends an item of a list stands at token i,
// perhaps behind a colon.
func (sc *Scanner) scoreBehind(i int) bool {
	if sc.isPunct(i, ':') {
		i++
	}
	n := sc.at(i)
	return n.kind == tokenNumber && n.size() <= 2 && !n.is(lineBefore) && sc.itemEnds(i+1)
}

var (
	hashChristian = words.Hash("christian")
	beliefs       = words.SetOf("background upbringing faith church churches values value beliefs belief counselor counselors counseling counselling counsellor therapist therapy school schools college home household family families community music book books tradition traditions man men woman women couple marriage religion life")
)

// brand returns the index behind the two words at i if they are what a company or
// a product is called, after a person, or i: Wells Fargo, Jack Daniels.
func (sc *Scanner) brand(i int) int {
	phrase := words.StartFolded
	phrase.Write(sc.lit(i))
	phrase.Add(' ')
	n := sc.lit(i + 1)
	phrase.Write(n)
	if sc.toks[i+1].is(possessive) {
		phrase.Add('s')
	}
	if after := sc.at(i + 2); brands[phrase.Sum()] && !(after.kind == tokenWord && after.isBut(capital, lineBefore)) {
		return i + 2
	}
	return i
}

// brands are companies and products of two words that are called after persons.
var brands, brandStarts = func() (map[uint32]bool, *words.Set) {
	const names = `braxton_hicks han_chinese penn_state marcus_gunn argyll_robertson tik_tok cash_app apache_cassandra apache_flink grafana_loki grafana_tempo bud_light miller_lite captain_morgan wells_fargo goldman_sachs eli_lilly trader_joes papa_johns sherwin_williams harley_davidson fisher_price barnes_noble`
	m := map[uint32]bool{}
	var starts []string
	for name := range strings.FieldsSeq(names) {
		first, _, _ := strings.Cut(name, "_")
		starts = append(starts, first)
		m[words.Hash(strings.ReplaceAll(name, "_", " "))] = true
	}
	return m, words.SetOf(strings.Join(starts, " "))
}()

var (
	signResults = words.SetOf("neg pos negative positive")
	signNames   = words.SetOf("ober froment speed yergason apley thessaly faber fadir gaenslen finkelstein adson cozen ely")
)

// toolNames are programs and languages that are called as persons are, toolWords
// stand behind them: the Jenkins pipeline, Ruby on Rails.
var (
	toolNames = words.SetOf("jenkins hudson travis ruby jasmine julia ada cassandra loki maven chef crystal beam")
	toolWords = words.SetOf("pipeline pipelines ci cluster plugin plugins gem gems spec specs repo")
)

var (
	hashRails = words.Hash("rails")
	hashMs    = words.Hash("ms")
	hashWi    = words.Hash("wi")
	hashFi    = words.Hash("fi")
	hashAl    = words.Hash("al")
	hashAnon  = words.Hash("anon")
)

// thingNames are tests and programs that are called as many persons are.
var thingNames = words.SetOf("bayley conners jenkins johnson kaufman vineland woodcock")

// personal reports whether one of the words from i to end is a person's name much
// more than that of a thing.
func (sc *Scanner) personal(i, end int) bool {
	for ; i < end; i++ {
		if t := sc.at(i); (t.list.Surname() >= 2 || t.list.Given() >= 2) && !t.cueIs(cue.Eponym) &&
			!thingNames.Has(t.hash) {
			return true
		}
	}
	return false
}

// edition reports whether a hyphen and a digit stand behind the word at i, as
// behind the name of a test: Vineland-3, Bayley-4.
func (sc *Scanner) edition(i int) bool {
	n := sc.at(i + 2)
	return sc.isPunct(i+1, '-') && !sc.personal(i, i+1) && sc.joined(i+1) && sc.joined(i+2) &&
		n.kind == tokenNumber && n.size() == 1 && (!sc.joined(i+3) || sc.itemEnds(i+3))
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
			!(sc.at(i-1).hash == hashAnd && j == i-2 && sc.at(j).list.Surname() >= 2) ||
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
			(sc.namesThing(j) && !(and && sc.at(j).list.Surname() >= 2) ||
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
	if t.kind != tokenWord || !t.isBut(capital, nameFound) {
		return false
	}
	return t.cueIs(cue.Eponym) && t.list.Given() < 2 && t.list.Word() < 2 ||
		t.cueIs(cue.NotName) && !t.list.Named() && t.list.Word() == 0 && !t.is(allCaps)
}

// classified reports whether the words from i to end stand before a class:
// Weber C, Salter-Harris II, Mason type 2.
func (sc *Scanner) classified(i, end int) bool {
	t, n := sc.at(end-1), sc.at(end)
	if n.kind != tokenWord || n.is(lineBefore) || t.is(possessive) {
		return false
	}
	if p := sc.at(i - 1); p.kind == tokenWord && !sc.toks[i].is(lineBefore) &&
		(p.is(capital) && p.list.Named() || p.cueIs(cue.Relation)) {
		return false // Thomas Allen III
	}
	if classWords.Has(n.hash) && !n.is(capital) {
		if c := sc.at(end + 1); !c.is(lineBefore) &&
			(c.kind == tokenNumber && c.size() == 1 || c.is(capital) && (c.size() == 1 || romans.Has(c.hash))) {
			return sc.toks[i].list.Given() < 3 || sc.toks[i].cueIs(cue.Eponym)
		}
	}
	if !sc.toks[i].cueIs(cue.Eponym) ||
		!n.is(capital) ||
		sc.isPunct(end+1, '.') && sc.joined(end+1) && n.size() == 1 && !sc.lastOfSentence(end+1) {
		return false
	}
	c := sc.text[n.start]
	return n.size() == 1 && c >= 'A' && c <= 'F' ||
		n.is(allCaps) && romans.Has(n.hash) ||
		n.hash == hashI && !sc.at(end+1).is(capital)
}

// townThings are called after the town where they were found or agreed upon.
var townThings = words.SetOf("agreement protocol convention accord accords treaty consensus classification grade criteria virus flu influenza measles encephalitis hantavirus collar brace boot shunt chromosome category stage staging stool units cognitive")

var (
	classWords = words.SetOf("type grade class stage level category")
	romans     = words.SetOf("i ii iii iv v vi")
)

// pairOfFinders reports whether the hyphenated words from i to end are those of
// two who found something, which is named behind them: Mallory-Weiss tear.
func (sc *Scanner) pairOfFinders(i, end int) bool {
	a, b, n := &sc.toks[i], sc.at(end-1), sc.at(end)
	if a.cueIs(cue.Eponym) && b.cueIs(cue.Eponym) || finders.Has(pairHash(sc.lit(i), sc.lit(end-1))) {
		return true
	}
	if !n.is(capital|lineBefore) && diseases.Has(n.hash) && !b.is(possessive) {
		return true
	}
	if sc.scored(i, end) ||
		!n.is(capital|lineBefore) && (n.hash == hashNeg || n.hash == hashPos) && sc.itemEnds(end+1) {
		return true // Dix-Hallpike neg.
	}
	if a.list.Given() == 3 && !a.cueIs(cue.Eponym) ||
		b.list.Given() >= 2 ||
		b.list.Word() > 0 ||
		b.is(possessive) ||
		n.kind != tokenWord ||
		n.is(capital|lineBefore) {
		return false
	}
	return n.cueIs(cue.Medical)
}

// finders are pairs that are hardly a person's two surnames.
var finders = words.SetOf(`loeys-dietz arnold-chiari budd-chiari dix-hallpike lennox-gastaut landau-kleffner klippel-feil klippel-trenaunay sturge-weber rubinstein-taybi smith-magenis silver-russell russell-silver
	beckwith-wiedemann bardet-biedl wiskott-aldrich chediak-higashi bernard-soulier diamond-blackfan lesch-nyhan niemann-pick li-fraumeni muir-torre plummer-vinson parsonage-turner kearns-sayre romano-ward stokes-adams adams-stokes
	cheyne-stokes bezold-jarisch blalock-taussig frank-starling monro-kellie dandy-walker hippel-lindau stein-leventhal rokitansky-aschoff cronkhite-canada hill-sachs libman-sacks lloyd-davies sengstaken-blakemore weil-felix lund-mackay spetzler-martin hunt-hess
	kaplan-meier mann-whitney kruskal-wallis shapiro-wilk hosmer-lemeshow bland-altman kolmogorov-smirnov mantel-haenszel hardy-weinberg michaelis-menten henderson-hasselbalch cockcroft-gault holmes-rahe roland-morris rey-osterrieth cohen-mansfield fugl-meyer stanford-binet`)

func pairHash(a, b string) uint32 {
	pair := words.StartFolded
	pair.Write(a)
	pair.Add('-')
	pair.Write(b)
	return pair.Sum()
}

// scored reports whether the pair from i to end is a scale or a battery: a number
// that ends an item of a list, or an edition, stands behind it, and the line has
// another score. Holmes-Rahe 212; Woodcock-Johnson IV.
func (sc *Scanner) scored(i, end int) bool {
	n := sc.at(end)
	if n.is(lineBefore) ||
		!(n.kind == tokenNumber && sc.itemEnds(end+1) || n.is(allCaps) && n.size() > 1 && romans.Has(n.hash)) ||
		sc.toks[i].list.Given() == 3 {
		return false
	}
	for j := i - 1; j > i-16 && j > 0 && !sc.toks[j+1].is(lineBefore); j-- {
		if sc.score(j) {
			return true
		}
	}
	for j := end + 1; j < end+16 && j < len(sc.toks) && !sc.toks[j].is(lineBefore); j++ {
		if sc.score(j) {
			return true
		}
	}
	return false
}

// itemEnds reports whether an item of a list ends before token i, or a share
// goes on there: 56/60.
func (sc *Scanner) itemEnds(i int) bool {
	t := sc.at(i)
	if t.is(lineBefore) {
		return true
	}
	return sc.isPunct(i, ';') ||
		sc.isPunct(i, ',') ||
		sc.isPunct(i, '.') && !(sc.joined(i+1) && sc.at(i+1).kind == tokenNumber)
}

// score reports whether the letters at token i stand for a scale, with its
// number or edition: BAI 19, GAD-7, WISC-V, DASS = 14.
func (sc *Scanner) score(i int) bool {
	t := sc.at(i)
	if n := sc.at(i + 1); t.cueIs(cue.Eponym) && n.kind == tokenNumber && n.size() <= 3 && !n.is(lineBefore) {
		return true // Zung 48
	}
	if !t.is(allCaps) || t.size() < 3 || t.size() > 6 || t.list.Named() || sc.isState(i) {
		return false
	}
	k := i + 1
	if sc.isPunct(k, '-') && sc.joined(k) || sc.isPunct(k, '=') {
		k++
	}
	n := sc.at(k)
	return n.kind == tokenNumber && n.size() <= 3 && !n.is(lineBefore) ||
		n.is(capital) && k == i+2 && romans.Has(n.hash)
}

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
	hashNeg     = words.Hash("neg")
	hashPos     = words.Hash("pos")
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

// team returns the index behind a city and the team of it at i, or i: the
// Chicago Bulls, a San Francisco 49ers fan.
func (sc *Scanner) team(i int) int {
	if p := sc.at(i - 1); p.hash != hashThe && p.hash != hashA && p.hash != hashHis && p.hash != hashHer ||
		sc.toks[i].is(lineBefore) {
		return i
	}
	end, tier := sc.cityAt(i)
	if tier == 0 {
		return i
	}
	n := sc.at(end)
	if n.kind == tokenMixed && strings.HasSuffix(sc.lit(end), "ers") {
		return sc.protect(i, end+1)
	}
	for k := end; k < end+2 && n.kind == tokenWord && n.isBut(capital, used|lineBefore); k++ {
		s := sc.lit(k)
		last := s[len(s)-1]
		if (last == 's' && n.list.Word() > 0 || last == 'x') && n.list.Given() == 0 &&
			!n.cueIs(cue.Street|cue.Facility|cue.Company|cue.Medical) && !n.is(possessive) &&
			!sc.at(k+1).is(capital) {
			return sc.protect(i, k+1)
		}
		n = sc.at(k + 1)
	}
	return i
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
