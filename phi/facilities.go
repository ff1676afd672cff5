package phi

// facility finds places of care and schooling by the word that ends their
// name: Stanford Hospital, Brigham and Women's Hospital, Mercy Clinic, and with
// their town: Children's Hospital of Boston.
func (sc *scanner) facility(i int) int {
	t := &sc.toks[i]
	if t.cueIs(cueStop) && t.hash != hashNew || t.flags&used != 0 || t.cueIs(cueRelation|cueSpeech) && t.list.surname() < 2 {
		return i
	}
	if t.hash == hashHospital && sc.at(i+1).hash == hashFor && hospitalFor.has(sc.at(i+2).hash) {
		for most := 4; most > 1; most-- {
			if end := sc.capitalRun(i+2, most); end > i+3 && hospitalFor.has(sc.at(end-1).hash) {
				return sc.cityState(i, sc.townTail(end)) // Hospital for Special Surgery
			}
		}
	}
	last, named, words := -1, false, 0
	strong := false // one of the words ends the name of a place by itself
	proper := false // one of the words isn't an everyday one
	for j := i; j < len(sc.toks) && j < i+9; j++ {
		w := &sc.toks[j]
		if w.flags&used != 0 || j > i && w.flags&lineBefore != 0 && !(named && sc.wrappedFacility(j)) {
			break
		}
		if w.kind == tokenPunct {
			c := sc.text[w.start]
			if c == '.' && (sc.at(j-1).size() <= 2 || sc.at(j-1).size() <= 5 && sc.at(j-1).cueIs(cueFacility)) && sc.joined(j) || c == '-' && sc.joined(j) && sc.joined(j+1) || c == '&' || c == '\'' {
				continue
			}
			break
		}
		if w.kind != tokenWord {
			break
		}
		if j > i && named && (w.cueIs(cueFacility) || w.size() <= 6 && homes.has(w.hash) && homeKinds.has(sc.at(j-1).hash) || w.hash == hashMed && practiceKinds.has(sc.at(j-1).hash) || schoolEnds.has(w.hash) && sc.school(i, j)) && (w.flags&capital != 0 || careWord(w)) {
			last = j
			strong = strong || !weakFacility(w)
			proper = proper || schoolEnds.has(w.hash)
			continue
		}
		if w.flags&capital == 0 && !(w.hash == hashAnd || w.hash == hashOf || w.hash == hashFor || w.hash == hashThe || w.cueIs(cueParticle) && w.size() > 1) {
			break
		}
		if w.flags&capital != 0 {
			words++
			if !w.cueIs(cueNotName|cueStop|cueFacility) || w.is(possessive) || w.hash == hashMemorial || w.cueIs(cueState|cueCountry) || w.hash == hashNew || w.hash == hashCity || w.hash == hashCounty || w.hash == hashState {
				named = true
			}
			if j > i && faiths.has(w.hash) { // National Jewish Health
				named, proper = true, true
			}
			if j <= last || last < 0 {
				proper = proper || (w.list.word() == 0 || w.list.word() == 1 && sc.kindBehind(j)) && !w.cueIs(cueFacility|cueNotName) || w.list.city() > 0 || w.list.surname() >= 2 && w.list.word() < 3
			}
		}
	}
	if last < 0 || !proper && !strong {
		return i
	}
	// The first word of a sentence isn't part of the name, if it is an everyday one.
	if t.flags&sentence != 0 && t.list.word() >= 2 && !t.list.named() && t.list.city() == 0 && last > i+1 {
		return max(i+1, sc.facility(i+1))
	}
	if !sc.strongFacility(last) && words < 2 && t.list.word() >= 2 && t.list.city() == 0 && !t.list.named() {
		return i
	}
	end := last + 1
	if t.list.drug() {
		return sc.protect(i, end) // Depakote ER
	}
	if sc.anyFacility(i, end) && sc.townTail(end) == end {
		return sc.protect(i, end)
	}
	if n := sc.at(end); payerTails.has(n.hash) && n.flags&(lineBefore|capital) == capital {
		return sc.protect(i, end+1) // Oregon Health Plan
	}
	if n := sc.at(end); n.cueIs(cueMedical) && n.flags&(lineBefore|capital) == 0 {
		return i // Mayo Clinic score
	}
	if sc.isPunct(end, '.') && sc.joined(end) && sc.toks[last].size() <= 4 && !homes.has(sc.toks[last].hash) && !schoolEnds.has(sc.toks[last].hash) {
		end++
	}
	for h := sc.at(end).hash; sc.at(end).flags&(capital|lineBefore|used) == capital && (h == hashCare || h == hashSystem || h == hashNetwork || h == hashCenter || facilityTails.has(h)); h = sc.at(end).hash {
		end++ // Stanford Health Care
	}
	if j := sc.pastComma(end); sc.at(j).flags&(capital|lineBefore|used) == capital && companyForms.has(sc.at(j).hash) { // Hansen Counseling, LLC
		return sc.add(i, j+1, Place)
	}
	return sc.cityState(i, sc.townTail(end))
}

// school reports whether the word at j ends the name of a school that begins at
// i: at Roosevelt High.
func (sc *scanner) school(i, j int) bool {
	n, p := sc.at(j+1), sc.at(i-1)
	if schoolKinds.has(sc.at(j-1).hash) || n.kind == tokenWord && n.flags&(capital|lineBefore) == capital || n.kind == tokenNumber && n.flags&lineBefore == 0 || sc.toks[i].flags&lineBefore != 0 {
		return false
	}
	return p.kind == tokenWord && p.flags&capital == 0 && schoolsBehind.has(p.hash) || sc.isPunct(i-1, ':') && sc.at(i-2).hash == hashSchool
}

var (
	hashSchool    = foldHash("school")
	schoolEnds    = setOf("high middle")
	schoolsBehind = setOf("at to from outside near attends attended attending")
	schoolKinds   = setOf("risk junior senior all an")
)

// pastComma returns i, or the index behind the comma that stands there.
func (sc *scanner) pastComma(i int) int {
	if sc.isPunct(i, ',') {
		return i + 1
	}
	return i
}

var (
	facilityTails = setOf("group associates partners services specialists consultants collaborative institute clinic counseling therapy")
	payerTails    = setOf("plan plans insurance")
	companyForms  = setOf("llc pllc pc inc pa llp ltd")
)

// wrappedFacility reports whether the word at j, which begins a line, ends the
// name of a place of care on the line before, and the sentence goes on.
func (sc *scanner) wrappedFacility(j int) bool {
	w := &sc.toks[j]
	if w.flags&capital == 0 || !sc.wraps(j) {
		return false
	}
	if w.hash == hashMedical {
		j++
	}
	n := sc.at(j + 1)
	return (sc.strongFacility(j) || sc.at(j).hash == hashCenter) && n.flags&lineBefore == 0 && (n.cueIs(cueStop) && n.flags&capital == 0 || sc.isPunct(j+1, ',') || sc.isPunct(j+1, '.') || sc.isPunct(j+1, '?') || sc.isPunct(j+1, '('))
}

// kindBehind reports whether the two words behind token j name a kind of
// practice: Tamarack Family Medicine.
func (sc *scanner) kindBehind(j int) bool {
	k := sc.at(j + 1)
	return k.flags&(capital|lineBefore) == capital && practiceKinds.has(k.hash) && weakFacility(sc.at(j+2)) && sc.at(j+2).flags&(capital|lineBefore) == capital
}

var practiceKinds = setOf("family internal behavioral behavioural mental community sports women's primary integrative psychiatric pediatric")

var (
	homes     = setOf("home homes living")
	homeKinds = setOf("nursing care rest convalescent veterans funeral assisted senior")
)

// general finds hospitals that are called no more than general: Denver General.
func (sc *scanner) general(i int) int {
	j := i + 1
	for sc.at(j).hash != hashGeneral {
		if t := sc.at(j); j == i+3 || t.kind != tokenWord || t.flags&(capital|used|lineBefore) != capital {
			return i
		}
		j++
	}
	t, n, p := sc.at(j), sc.at(j+1), sc.at(j-1)
	if first := &sc.toks[i]; first.cueIs(cueStop|cueTitle|cueMonth) || first.list.drug() || t.flags&(capital|used|lineBefore) != capital || n.kind == tokenWord && n.flags&capital != 0 && n.flags&lineBefore == 0 ||
		p.list.word() > 0 && p.list.city() == 0 && !townWords.has(p.hash) || p.list.given() == 3 || sc.acronym(p) != sc.acronym(t) {
		return i
	}
	return sc.cityState(i, j+1)
}

// weakFacility are words that end the name of a place only behind a proper
// name: others stand in headings.
func weakFacility(t *token) bool {
	switch t.hash {
	case hashMedical, hashMed, hashMedicine, hashHealth, hashHealthcare, hashSurgery, hashUrgent, hashPractice, hashWellness, hashOffice, hashDepartment, hashFacility, hashRecovery, hashPsychiatry, hashCounseling, hashCounselling:
		return true
	}
	return t.size() <= 2
}

// townTail returns the index behind the town that stands right behind the
// name of a place: of Boston, Los Angeles.
func (sc *scanner) townTail(i int) int {
	j := i
	if h := sc.at(j).hash; h == hashOf || h == hashAt || h == hashIn || sc.isPunct(j, ',') {
		j++
	}
	if t := sc.at(j); t.flags&lineBefore == 0 && t.kind == tokenWord && t.flags&(capital|used) == capital {
		if end, tier := sc.cityAt(j); tier > 0 && (end > j+1 || t.list.word() < 2) {
			return end
		}
		if end := sc.capitalRun(j, 3); sc.isPunct(j-1, ',') && sc.isPunct(end, ',') && sc.isState(end+1) && sc.at(end+1).flags&lineBefore == 0 {
			return end // Memorial Hospital, O'Fallon, MO
		}
	}
	return i
}

// strongFacility reports whether the word at i ends the name of a place by
// itself; others, such as Center and Practice, need a name before them.
func (sc *scanner) strongFacility(i int) bool {
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
	hashGeneral    = foldHash("general")
	hashClinic     = foldHash("clinic")
	hashHospital   = foldHash("hospital")
	hashFacility   = foldHash("facility")
	hashOffice     = foldHash("office")
	hashCampus     = foldHash("campus")
	hashCenter     = foldHash("center")
	hashHosp       = foldHash("hosp")
	hashCare       = foldHash("care")
	hashSystem     = foldHash("system")
	hashNetwork    = foldHash("network")
	hashMemorial   = foldHash("memorial")
	hashMedical    = foldHash("medical")
	hashMedicine   = foldHash("medicine")
	hashMed        = foldHash("med")
	hashHealth     = foldHash("health")
	hashHealthcare = foldHash("healthcare")
	hashSurgery    = foldHash("surgery")
	hashUrgent     = foldHash("urgent")
	hashPractice   = foldHash("practice")
	hashWellness   = foldHash("wellness")
	hashDepartment = foldHash("department")
	hashPharmacy   = foldHash("pharmacy")
	hashCity       = foldHash("city")
	hashCounty     = foldHash("county")
	hashState      = foldHash("state")
	hashER         = foldHash("er")
	hashNew        = foldHash("new")
	hashFor        = foldHash("for")
	hashRecovery   = foldHash("recovery")
	hashSaint      = foldHash("saint")

	hashPsychiatry  = foldHash("psychiatry")
	hashCounseling  = foldHash("counseling")
	hashCounselling = foldHash("counselling")
)

// capitalRun returns the index behind the capitalised words, joined by hyphens
// or particles, that begin at i.
func (sc *scanner) capitalRun(i, most int) int {
	end := i
	for j, n := i, 0; n < most; n++ {
		t := sc.at(j)
		if t.kind != tokenWord || t.flags&used != 0 || n > 0 && t.flags&lineBefore != 0 {
			break
		}
		if t.flags&capital == 0 && !(n > 0 && sc.elided(t)) {
			if n == 0 || !t.cueIs(cueParticle) && t.hash != hashAnd && t.hash != hashOf || sc.at(j+1).flags&(capital|lineBefore) != capital {
				break
			}
			j++
			continue
		}
		j++
		end = j
		if sc.isPunct(j, '.') && sc.joined(j) && t.size() <= 3 && sc.at(j+1).flags&(capital|lineBefore) == capital {
			j++
		} else if (sc.isPunct(j, '-') && sc.joined(j) && sc.joined(j+1) || sc.isPunct(j, '&')) && sc.at(j+1).flags&(capital|lineBefore) == capital {
			j++
		}
		if t.is(possessive) && sc.at(j).flags&capital == 0 {
			break
		}
	}
	return end
}

// careAt finds the place behind "at" where somebody was seen, treated or
// admitted: seen at Mercy General, admitted to UCSF.
func (sc *scanner) careAt(i int) int {
	p := sc.at(i - 1)
	t := sc.at(i)
	if p.hash == hashThe && t.flags&lineBefore == 0 {
		if p = sc.at(i - 2); p.hash != hashAt && sc.acronym(t) {
			return i // from the CTO
		}
	}
	if p.hash == hashOur && t.flags&lineBefore == 0 {
		if p = sc.at(i - 2); p.hash == hashVisited || p.hash == hashAttended {
			p = &atToken // visited our Silver Hill
		}
	}
	if p.hash == hashVisited && sc.at(i-2).hash == hashWho && t.list.word() == 0 && !t.list.named() && !sc.ofThing(t) && sc.at(i+1).cueIs(cueStop) {
		p = &atToken // who visited Maimonides then
	}
	at := p.hash == hashAt || sc.isPunct(i-1, '@') && !sc.joined(i)
	if !(at || p.hash == hashTo || p.hash == hashFrom || p.hash == hashIn) || t.flags&lineBefore != 0 || t.flags&capital == 0 || t.size() == 1 {
		return i
	}
	if t.cueIs(cueMonth|cueWeekday|cueTitle|cueMedical|cueHoliday|cueIntro|cueKey) || t.cueIs(cueNotName) && !t.is(possessive) && t.hash != hashCity && t.hash != hashCounty && t.hash != hashState && !sc.at(i+1).cueIs(cueFacility) && !sc.houseName(i, sc.capitalRun(i, 4)) || t.list.drug() {
		return i
	}
	if t.cueIs(cueStop) && !(sc.at(i+1).flags&(capital|lineBefore) == capital) {
		return i
	}
	if sc.at(i-1).is(allCaps) && t.list.word() >= 2 && t.list.city() == 0 {
		return i // SEEN IN FOLLOW UP: capitals say nothing
	}
	end := sc.capitalRun(i, 6)
	if e := sc.countryAt(i); e > i && e >= end {
		return i
	}
	if sc.at(i-1).hash == hashThe && sc.anyFacility(i, end) {
		return sc.protect(i, end) // at the Town Center location
	}
	if !at && sc.everyday(i, end) && !(sc.houseName(i, end) || t.hash == hashThe && end == i+2 && !sc.at(i+1).cueIs(cueFacility|cueNotName|cueMedical)) {
		return i // to the Emergency Department
	}
	if last := sc.at(end - 1); last.cueIs(cueMedical) && !last.cueIs(cueFacility) && !(p.hash == hashAt && last.hash == hashTherapy && end > i+1 && !last.is(allCaps)) { // at Quiet Waters Therapy
		return i
	}
	if !sc.careVerbBefore(i, at) && !(at && (end > i+1 || t.list.word() == 0 && !sc.acronym(t))) {
		return i
	}
	if end == i+1 && !at && (t.list.word() >= 2 || sc.acronym(t) && departmentName(t)) || sc.acronym(t) && departmentName(t) && end == i+1 {
		return i
	}
	if end == i+1 && t.list.city() == 0 && t.list.given() >= 2 && !at {
		return i // referred to Mary
	}
	if sc.at(end-1).cueIs(cueFacility) && sc.isPunct(end, '.') && sc.joined(end) && sc.at(end-1).size() <= 4 {
		end++
	}
	for sc.at(end).kind == tokenWord && sc.at(end).flags&lineBefore == 0 && careWord(sc.at(end)) {
		end++
	}
	tail := sc.townTail(end)
	if last := sc.at(end - 1); tail == end && last.is(possessive) && end > i+1 { // Texas Children's
		return sc.addBytes(i, int(sc.toks[i].start), int(last.end)+possessiveLength(sc.text[last.end:]), Place)
	}
	return sc.cityState(i, tail)
}

// hospitalFor are the words between which a hospital says whom or what it is for.
// It takes one at each end: people are sent to a hospital for Chest Pain.
var hospitalFor = setOf("special specialty sick joint crippled women children extended surgery diseases care recovery")

// houseName reports whether the words from i to end are a name that houses of
// care have, or hills that such are named after: Sacred Heart, Silver Hill.
func (sc *scanner) houseName(i, end int) bool {
	if end < i+2 || sc.toks[i].is(allCaps) {
		return false
	}
	last := sc.at(end - 1)
	return houseNames.has(last.hash) || townWords.has(last.hash) && !sc.at(end-1).cueIs(cueFacility|cueStop)
}

var (
	hashTherapy  = foldHash("therapy")
	houseNames   = setOf("heart cross samaritan redeemer trinity mercy charity providence covenant memorial general presbyterian methodist baptist lutheran deaconess adventist jewish hope lourdes")
	faiths       = setOf("jewish methodist baptist lutheran presbyterian adventist deaconess")
	atToken      = token{hash: hashAt}
	hashOur      = foldHash("our")
	hashVisited  = foldHash("visited")
	hashAttended = foldHash("attended")
)

// everyday reports whether all of the words from i to end are everyday words.
func (sc *scanner) everyday(i, end int) bool {
	for j := i; j < end; j++ {
		if t := sc.at(j); t.kind == tokenWord && t.flags&capital != 0 && t.hash != hashCare && (t.list.word() < 2 || t.list.named() || t.list.city() > 0) {
			return false
		}
	}
	return true
}

// careVerbBefore reports whether one of the words before token i says that
// somebody was cared for.
func (sc *scanner) careVerbBefore(i int, at bool) bool {
	most := 4
	if at {
		most = 9
	}
	for j := i - 1; j >= 0 && j > i-1-most; j-- {
		t := &sc.toks[j]
		if sc.toks[j+1].flags&sentence != 0 && !sc.isPunct(j, '.') || t.kind == tokenPunct && (sc.text[t.start] == '?' || sc.text[t.start] == ';') {
			return false
		}
		if t.cueIs(cueCare) {
			return true
		}
	}
	return false
}

// departmentName reports whether an acronym is a part of any hospital, a test
// or the like.
func departmentName(t *token) bool { return t.cueIs(cueFacility | cueNotName | cueUnit | cueStop) }

// mountPlace finds Mt. Sinai, St. Vincent's, Fort Worth.
func (sc *scanner) mountPlace(i int) int {
	t := &sc.toks[i]
	switch t.hash {
	case hashSt, hashSte, hashMt, hashFt, hashSaint, hashMount, hashFort, hashSan, hashSanta:
	default:
		return i
	}
	j := sc.pastPeriod(i + 1)
	n := sc.at(j)
	if n.kind != tokenWord || n.flags&(capital|used) != capital || n.flags&lineBefore != 0 && !(sc.isPunct(j-1, '.') && sc.wraps(j)) {
		return i
	}
	if p := sc.at(i - 1); t.flags&lineBefore == 0 && p.flags&(capital|used) == capital && p.kind == tokenWord && townStarts.has(p.hash) {
		i-- // Port St. Lucie
	}
	j++
	if w := sc.at(j); w.kind == tokenWord && w.flags&(capital|used|lineBefore) == capital && !n.is(possessive) && w.list.word() < 2 {
		j++
	}
	if sc.at(j).hash == hashWort && sc.at(j).flags&lineBefore == 0 {
		return sc.protect(i, j+1) // St. John's wort
	}
	if sc.at(j - 1).is(possessive) { // St. Luke's
		return sc.addBytes(i, int(sc.toks[i].start), int(sc.at(j-1).end)+possessiveLength(sc.text[sc.at(j-1).end:]), Place)
	}
	return sc.cityState(i, j)
}

var (
	hashWort  = foldHash("wort")
	hashSt    = foldHash("st")
	hashMt    = foldHash("mt")
	hashFt    = foldHash("ft")
	hashMount = foldHash("mount")
	hashFort  = foldHash("fort")
	hashSan   = foldHash("san")
	hashSanta = foldHash("santa")
)
