package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// school reports whether the word at j ends the name of a school that begins at
// i: at Roosevelt High.
func (sc *Scanner) school(i, j int) bool {
	n, p := sc.at(j+1), sc.at(i-1)
	if schoolKinds.Has(sc.at(j-1).hash) ||
		n.kind == tokenWord && n.isBut(capital, lineBefore) ||
		n.kind == tokenNumber && !n.is(lineBefore) && !attends.Has(p.hash) ||
		sc.toks[i].is(lineBefore) {
		return false
	}
	return p.kind == tokenWord && !p.is(capital) && schoolsBehind.Has(p.hash) ||
		sc.isPunct(i-1, ':') && sc.at(i-2).hash == hashSchool
}

var (
	hashSchool    = words.Hash("school")
	schoolEnds    = words.SetOf("high middle hs")
	attends       = words.SetOf("attends attended attending")
	schoolsBehind = words.SetOf("at to from outside near attends attended attending")
	schoolKinds   = words.SetOf("risk junior senior all an")
)

// pastComma returns i, or the index behind the comma that stands there.
func (sc *Scanner) pastComma(i int) int {
	if sc.isPunct(i, ',') {
		return i + 1
	}
	return i
}

var (
	facilityTails = words.SetOf("care system network center group associates partners services specialists consultants collaborative institute clinic counseling therapy")
	payerTails    = words.SetOf("plan plans insurance")
	companyForms  = words.SetOf("llc pllc pc inc pa llp ltd")
)

// wrappedFacility reports whether the word at j, which begins a line, ends the
// name of a place of care on the line before, and the sentence goes on.
func (sc *Scanner) wrappedFacility(j int) bool {
	w := &sc.toks[j]
	if !w.is(capital) || !sc.wraps(j) {
		return false
	}
	if w.hash == hashMedical {
		j++
	}
	n := sc.at(j + 1)
	return (sc.strongFacility(j) || sc.at(j).hash == hashCenter) && !n.is(lineBefore) &&
		(n.cueIs(cue.Stop) && !n.is(capital) ||
			sc.isPunct(j+1, ',') ||
			sc.isPunct(j+1, '.') ||
			sc.isPunct(j+1, '?') ||
			sc.isPunct(j+1, '('))
}

// kindBehind reports whether the two words behind token j name a kind of
// practice: Tamarack Family Medicine.
func (sc *Scanner) kindBehind(j int) bool {
	k := sc.at(j + 1)
	return k.isBut(capital, lineBefore) && practiceKinds.Has(k.hash) && weakFacility(sc.at(j+2)) &&
		sc.at(j+2).isBut(capital, lineBefore)
}

var practiceKinds = words.SetOf("family internal behavioral behavioural mental community sports women's primary integrative psychiatric pediatric")

var (
	homes     = words.SetOf("home homes living")
	homeKinds = words.SetOf("nursing care rest convalescent veterans funeral assisted senior sober independent")
)

// general finds hospitals that are called no more than general or regional: Denver General.
func (sc *Scanner) general(i int) int {
	j := i + 1
	for h := sc.at(j).hash; h != hashGeneral && h != hashRegional; h = sc.at(j).hash {
		if t := sc.at(j); j == i+3 || t.kind != tokenWord || !t.isBut(capital, used|lineBefore) {
			return i
		}
		j++
	}
	t, n, p := sc.at(j), sc.at(j+1), sc.at(j-1)
	if first := &sc.toks[i]; first.cueIs(cue.Stop|cue.Title|cue.Month) ||
		first.list.Drug() ||
		!t.isBut(capital, used|lineBefore) ||
		n.kind == tokenWord && n.is(capital) && !n.is(lineBefore) ||
		p.list.Given() == words.Frequent ||
		!sc.namesHospital(p, t.hash == hashRegional) ||
		sc.acronym(p) != sc.acronym(t) {
		return i
	}
	return sc.cityState(i, j+1)
}

// namesHospital reports whether hospitals that are general, or regional, are called by a word:
// a town, a house of care, or one that means nothing else.
func (sc *Scanner) namesHospital(t *token, regional bool) bool {
	switch {
	case t.list.City() > 0, townWords.Has(t.hash), houseNames.Has(t.hash) && t.hash != hashGeneral:
		return true
	case regional:
		return sc.rareWord(t) && t.size() > 4
	}
	return t.list.Word() == 0
}

// weakFacility are words that end the name of a place only behind a proper
// name: others stand in headings.
func weakFacility(t *token) bool { return t.size() <= 2 || weakFacilities.Has(t.hash) }

var weakFacilities = words.SetOf("medical med medicine health healthcare surgery urgent practice wellness office department facility recovery psychiatry counseling counselling pediatrics psychological psychiatric psychology")

// townTail returns the index behind the town that stands right behind the
// name of a place: of Boston, Los Angeles.
func (sc *Scanner) townTail(i int) int {
	j := i
	if h := sc.at(j).hash; h == hashOf || h == hashAt || h == hashIn || sc.isPunct(j, ',') {
		j++
	}
	if t := sc.at(j); !t.is(lineBefore) && t.kind == tokenWord && t.isBut(capital, used) {
		if end, tier := sc.cityAt(j); tier > 0 && (end > j+1 || t.list.Word() < words.Common) {
			return end
		}
		if end := sc.capitalRun(j, 3); sc.isPunct(j-1, ',') && sc.isPunct(end, ',') && sc.isState(end+1) &&
			!sc.at(end+1).is(lineBefore) {
			return end // Memorial Hospital, O'Fallon, MO
		}
	}
	return i
}

// strongFacility reports whether the word at i ends the name of a place by
// itself; others, such as Center and Practice, need a name before them.
func (sc *Scanner) strongFacility(i int) bool {
	switch sc.at(i).hash {
	case hashClinic, hashHospital, hashHosp, hashPharmacy:
		return true
	}
	return false
}

// careWord are small words that stand behind a place's name: New York clinic.
func careWord(t *token) bool {
	switch t.hash {
	case hashClinic, hashHospital, hashFacility, hashOffice, hashCampus, hashCenter, hashER:
		return true
	}
	return false
}

var (
	hashGeneral  = words.Hash("general")
	hashRegional = words.Hash("regional")
	hashChildren = words.Hash("children")
	hashClinic   = words.Hash("clinic")
	hashHospital = words.Hash("hospital")
	hashFacility = words.Hash("facility")
	hashOffice   = words.Hash("office")
	hashCampus   = words.Hash("campus")
	hashCenter   = words.Hash("center")
	hashHosp     = words.Hash("hosp")
	hashCare     = words.Hash("care")
	hashMedical  = words.Hash("medical")
	hashMed      = words.Hash("med")
	hashPharmacy = words.Hash("pharmacy")
	hashCity     = words.Hash("city")
	hashCounty   = words.Hash("county")
	hashER       = words.Hash("er")
	hashNew      = words.Hash("new")
	hashFor      = words.Hash("for")
	hashSaint    = words.Hash("saint")
)

// capitalRun returns the index behind the capitalised words, joined by hyphens
// or particles, that begin at i.
func (sc *Scanner) capitalRun(i, most int) int {
	end := i
	for j, n := i, 0; n < most; n++ {
		t := sc.at(j)
		if t.kind != tokenWord || t.is(used) || n > 0 && t.is(lineBefore) {
			break
		}
		if !t.is(capital) && !(n > 0 && sc.elided(t)) {
			if n == 0 || !sc.joinsCapitals(j) {
				break
			}
			j++
			continue
		}
		j++
		end = j
		if sc.at(j+1).isBut(capital, lineBefore) && sc.signOfName(j, t) {
			j++
		}
		if t.is(possessive) && !sc.at(j).is(capital) {
			break
		}
	}
	return end
}

// joinsCapitals reports whether the word in small letters at j joins capitalised words to one
// name: Rose de Lima, Brigham and Women's.
func (sc *Scanner) joinsCapitals(j int) bool {
	t := sc.at(j)
	return (t.cueIs(cue.Particle) || t.hash == hashAnd || t.hash == hashOf) && sc.at(j+1).isBut(capital, lineBefore)
}

// signOfName reports whether the sign at j joins the word t before it to the next as one name:
// St. Mary, Lakeside-North, Brigham & Women's.
func (sc *Scanner) signOfName(j int, t *token) bool {
	switch {
	case sc.isPunct(j, '.'):
		return sc.joined(j) && t.size() <= 3
	case sc.isPunct(j, '-'):
		return sc.tight(j)
	}
	return sc.isPunct(j, '&')
}

// careAt finds the place behind "at" where somebody was seen, treated or
// admitted: seen at Mercy General, admitted to UCSF.
func (sc *Scanner) careAt(i int) int {
	lead := sc.careLead(i)
	at := lead == hashAt || sc.isPunct(i-1, '@') && !sc.joined(i)
	if !at && lead == 0 || !sc.beginsCare(i) {
		return i
	}
	end := sc.capitalRun(i, 6)
	if e := sc.countryAt(i); e > i && e >= end {
		return i
	}
	if sc.at(i-1).hash == hashThe && sc.anyFacility(i, end) {
		return sc.protect(i, end) // at the Town Center location
	}
	t := &sc.toks[i]
	told := at && (end > i+1 || t.list.Word() == 0 && !sc.acronym(t)) || sc.careVerbBefore(i, at) ||
		lead == hashFrom && sc.personFrom(i, end)
	if !told || sc.sectionOfCare(i, end, lead, at) || end == i+1 && !sc.oneWordCare(i, at) {
		return i
	}
	end = sc.pastCareWords(end)
	tail := sc.townTail(end)
	if last := sc.at(end - 1); tail == end && last.is(possessive) && end > i+1 { // Texas Children's
		return sc.addPossessive(i, end-1)
	}
	return sc.cityState(i, tail)
}

// personFrom reports whether a name stands before the word from before the words from i to
// end, which are nobody's department or employer: Ana R., from NewYork-Presbyterian.
func (sc *Scanner) personFrom(i, end int) bool {
	name := i - 2
	if sc.isPunct(name, ',') {
		name--
	}
	t, last := &sc.toks[i], &sc.toks[end-1]
	return end > i+1 && !t.is(allCaps) && sc.foundBefore(name+1, category.Name) && t.list.Word() < words.Frequent &&
		(last.list.Word() < words.Common || last.cueIs(cue.Facility) || houseNames.Has(last.hash))
}

// pastCareWords returns the index behind the period of a shortened word and the words in small
// letters that go on the name of a place of care, which ends before token i so far.
func (sc *Scanner) pastCareWords(i int) int {
	if last := sc.at(i - 1); last.cueIs(cue.Facility) && last.size() <= 4 {
		i = sc.pastPeriod(i)
	}
	for sc.at(i).kind == tokenWord && !sc.at(i).is(lineBefore) && careWord(sc.at(i)) {
		i++
	}
	return i
}

// careLead returns the hash of the word before token i behind which a place of care may
// stand, or 0: at Mercy, at the Mayo, admitted to UCSF. Who visits one is at it.
func (sc *Scanner) careLead(i int) uint32 {
	t, h := sc.at(i), sc.at(i-1).hash
	if h == hashThe && !t.is(lineBefore) {
		if h = sc.at(i - 2).hash; h != hashAt && sc.acronym(t) {
			return 0 // from the CTO
		}
	}
	if h == hashOur && !t.is(lineBefore) {
		if h = sc.at(i - 2).hash; h == hashVisited || h == hashAttended {
			return hashAt // visited our Silver Hill
		}
	}
	if h == hashVisited && sc.at(i-2).hash == hashWho && t.list.Word() == 0 && !t.list.Named() &&
		!sc.ofThing(t) && sc.at(i+1).cueIs(cue.Stop) {
		return hashAt // who visited Maimonides then
	}
	if careLeads.Has(h) && !(sc.joined(i-1) && sc.isPunct(i-2, '_')) { // but not ORDER BY created_at DESC
		return h
	}
	return 0
}

var careLeads = words.SetOf("at to from in")

// beginsCare reports whether the name of a place of care may begin with the word at i,
// as far as it tells by itself.
func (sc *Scanner) beginsCare(i int) bool {
	t, n := sc.at(i), sc.at(i+1)
	switch {
	case t.is(lineBefore), !t.is(capital), t.size() == 1, t.list.Drug(),
		t.cueIs(cue.Month | cue.Weekday | cue.Title | cue.Medical | cue.Holiday | cue.Intro | cue.Key),
		t.cueIs(cue.Stop) && !n.isBut(capital, lineBefore),
		diseases.Has(n.hash) && !n.is(capital|lineBefore), // treated differently from Ludwig angina
		sc.beginsPerson(i):
		return false
	case sc.at(i-1).is(allCaps) && t.list.Word() >= words.Common && t.list.City() == 0:
		return false // SEEN IN FOLLOW UP: capitals say nothing
	case t.cueIs(cue.NotName): // City Hospital, Silver Hill
		return t.is(possessive) || ofTowns.Has(t.hash) || n.cueIs(cue.Facility) ||
			sc.houseName(i, sc.capitalRun(i, 4))
	}
	return true
}

// beginsPerson reports whether a given name or two and a particle of surnames stand at i:
// to Maarten van der Velde, to Jose Luis de la Cruz.
func (sc *Scanner) beginsPerson(i int) bool {
	t, p := sc.at(i), sc.at(i+2)
	return t.list.City() == 0 && sc.particleOfPerson(i+1) ||
		t.list.Given() >= words.Common && sc.at(i+1).list.Given() > 0 && p.cueIs(cue.Particle) && !p.is(capital)
}

// particleOfPerson reports whether a particle that surnames have and places have not stands
// at token i, and a capitalised word behind it or behind another one.
func (sc *Scanner) particleOfPerson(i int) bool {
	if t := sc.at(i); t.kind != tokenWord || t.is(capital|lineBefore) || !personParticles.Has(t.hash) {
		return false
	}
	for k := i + 1; k < i+3; k++ {
		if t := sc.at(k); t.kind == tokenWord && t.isBut(capital, used) {
			return true
		}
	}
	return false
}

var personParticles = words.SetOf("van von vander bin bint ibn ben ter ten zu")

var ofTowns = words.SetOf("city county state")

// sectionOfCare reports whether the words from i to end are a part that any place of
// care has, or a treatment: to the Emergency Department, but at Quiet Waters Therapy.
func (sc *Scanner) sectionOfCare(i, end int, lead uint32, at bool) bool {
	t, last := &sc.toks[i], sc.at(end-1)
	if !at && sc.everyday(i, end) && !sc.houseName(i, end) &&
		!(t.hash == hashThe && end == i+2 && !last.cueIs(cue.Facility|cue.NotName|cue.Medical)) {
		return true
	}
	if !at && sc.methodOfCare(i, end) {
		return true
	}
	practice := lead == hashAt && last.hash == hashTherapy && end > i+1 && !last.is(allCaps)
	return last.cueIs(cue.Medical) && !last.cueIs(cue.Facility) && !practice
}

// oneWordCare reports whether the one word at i may be the name of a place of care:
// UCSF, but not referred to Mary and sent to the ICU.
func (sc *Scanner) oneWordCare(i int, at bool) bool {
	t := &sc.toks[i]
	if sc.acronym(t) && departmentName(t) {
		return false
	}
	return at || t.list.Word() < words.Common && (t.list.City() > 0 || t.list.Given() < words.Common)
}

// hospitalsFor are the words between which a hospital says whom or what it is for.
// It takes one at each end: people are sent to a hospital for Chest Pain.
var hospitalsFor = words.SetOf("special specialty sick joint crippled women children extended surgery diseases care recovery")

// houseName reports whether the words from i to end are a name that houses of
// care have, or hills that such are named after: Sacred Heart, Silver Hill.
func (sc *Scanner) houseName(i, end int) bool {
	if end < i+2 || sc.toks[i].is(allCaps) {
		return false
	}
	last := sc.at(end - 1)
	return houseNames.Has(last.hash) || townWords.Has(last.hash) && !sc.at(end-1).cueIs(cue.Facility|cue.Stop)
}

var (
	hashTherapy  = words.Hash("therapy")
	houseNames   = words.SetOf("heart cross samaritan redeemer trinity mercy charity providence covenant memorial general presbyterian methodist baptist lutheran deaconess adventist jewish hope lourdes")
	faiths       = words.SetOf("jewish methodist baptist lutheran presbyterian adventist deaconess")
	hashOur      = words.Hash("our")
	hashVisited  = words.Hash("visited")
	hashAttended = words.Hash("attended")
)

// everyday reports whether all of the words from i to end are everyday words.
func (sc *Scanner) everyday(i, end int) bool {
	for j := i; j < end; j++ {
		if t := sc.at(j); t.kind == tokenWord && t.is(capital) && t.hash != hashCare &&
			(t.list.Word() < words.Common || t.list.Named() || t.list.City() > 0) {
			return false
		}
	}
	return true
}

// careVerbBefore reports whether one of the words before token i says that
// somebody was cared for.
func (sc *Scanner) careVerbBefore(i int, at bool) bool {
	most := 4
	if at {
		most = 9
	}
	for j := i - 1; j >= 0 && j > i-1-most; j-- {
		t := &sc.toks[j]
		if sc.toks[j+1].is(sentence) && !sc.isPunct(j, '.') ||
			t.kind == tokenPunct && (sc.text[t.start] == '?' || sc.text[t.start] == ';') {
			return false
		}
		if t.cueIs(cue.Care) {
			return true
		}
	}
	return false
}

// departmentName reports whether an acronym is a part of any hospital, a test
// or the like.
func departmentName(t *token) bool { return t.cueIs(cue.Facility | cue.NotName | cue.Unit | cue.Stop) }

// mountPlace finds Mt. Sinai, St. Vincent's, Fort Worth.
func (sc *Scanner) mountPlace(i int) int {
	t := &sc.toks[i]
	switch t.hash {
	case hashSt, hashSte, hashMt, hashFt, hashSaint, hashMount, hashFort, hashSan, hashSanta:
	default:
		return i
	}
	j := sc.pastPeriod(i + 1)
	n := sc.at(j)
	if n.kind != tokenWord || !n.isBut(capital, used) || n.is(lineBefore) && !(sc.isPunct(j-1, '.') && sc.wraps(j)) {
		return i
	}
	if p := sc.at(i - 1); !t.is(lineBefore) && p.isBut(capital, used) && p.kind == tokenWord && townStarts.Has(p.hash) {
		i-- // Port St. Lucie
	}
	j++
	if w := sc.at(j); w.kind == tokenWord && w.isBut(capital, used|lineBefore) && !n.is(possessive) &&
		w.list.Word() < words.Common {
		j++
	}
	if sc.at(j).hash == hashWort && !sc.at(j).is(lineBefore) {
		return sc.protect(i, j+1) // St. John's wort
	}
	if sc.at(j - 1).is(possessive) { // St. Luke's
		return sc.addPossessive(i, j-1)
	}
	return sc.cityState(i, j)
}

var (
	hashWort  = words.Hash("wort")
	hashSt    = words.Hash("st")
	hashMt    = words.Hash("mt")
	hashFt    = words.Hash("ft")
	hashMount = words.Hash("mount")
	hashFort  = words.Hash("fort")
	hashSan   = words.Hash("san")
	hashSanta = words.Hash("santa")
)
