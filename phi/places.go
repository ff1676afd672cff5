package phi

// findPlaces is the third pass: cities, countries, and what stands where a
// place stands.
func (sc *scanner) findPlaces() {
	if !sc.capitals {
		sc.findSmallPlaces()
		return
	}
	for i := 0; i < len(sc.toks); {
		t := &sc.toks[i]
		if t.kind != tokenWord || t.flags&(used|capital) != capital || sc.placeless(i) {
			if i++; t.cue != 0 && t.flags&capital == 0 && t.cueIs(cueIn) {
				sc.smallTown(i)
			}
			continue
		}
		i = sc.place(i)
	}
}

// townEnd returns the index behind the words that go on a town's name at i:
// Elk Rapids, Lancaster Mill.
func (sc *scanner) townEnd(i int) int {
	for n := 0; n < 2; n++ {
		if t := sc.at(i); t.kind != tokenWord || t.flags&(capital|used|lineBefore) != capital || !townWords.has(t.hash) {
			break
		}
		i++
	}
	return i
}

var townAdjectives = setOf("big great little old new long high low good")

// townWords are everyday words that the names of towns end with.
var townWords = setOf(`hills springs rapids falls heights haven point junction park lake lakes beach valley village creek grove island bluff bluffs ridge mill mills harbor bay river prairie meadow meadows landing crossing corner corners hollow oaks pines cove glen
	mountain woods spring garden gardens estates fork forks shores rock hill port town branch bend terrace`)

// townStarts are words that the names of towns begin with.
var townStarts = setOf("lake fort mount port point glen")

// townVerb reports whether one of the words before token i says that a town
// follows, or a colon does.
func (sc *scanner) townVerb(i int) bool {
	if sc.isPunct(i-1, ':') {
		return true
	}
	for j := i - 1; j >= 0 && j > i-5; j-- {
		if sc.toks[j].kind == tokenPunct {
			return false
		}
		if sc.toks[j].cueIs(cueTown) {
			return true
		}
	}
	return false
}

// cityAt returns the index behind the longest run of up to four words at i that
// is a city, and how large a city it is.
func (sc *scanner) cityAt(i int) (end, tier int) {
	end = i
	first := &sc.toks[i]
	if first.kind == tokenWord && first.flags&used == 0 {
		if next := sc.at(i + 1); next.kind == tokenWord && (next.flags&(capital|lineBefore|used) != capital && !next.cueIs(cueParticle|cueStop)) || next.kind == tokenPunct && !sc.joined(i+1) || next.kind == tokenNumber {
			if first.flags&capital != 0 && !first.is(possessive) && first.list.city() > 0 {
				return i + 1, first.list.city()
			}
			return i, 0
		}
	}
	phrase := startFolded
	for j, n := i, 0; n < 4 && j < len(sc.toks); n++ {
		w := &sc.toks[j]
		if w.kind != tokenWord || w.flags&used != 0 || n > 0 && w.flags&lineBefore != 0 || w.flags&capital == 0 && !w.cueIs(cueParticle|cueStop) {
			break
		}
		if n > 0 {
			phrase.add(' ')
		}
		phrase.write(sc.lit(j))
		if w.flags&capital != 0 && !w.is(possessive) {
			f := w.list
			if n > 0 {
				f = sc.lists.get(phrase.sum())
			}
			if f.city() > 0 {
				end, tier = j+1, f.city()
			}
		}
		j++
		if sc.isPunct(j, '-') && sc.joined(j) && sc.joined(j+1) {
			phrase.add('-')
			phrase.write(sc.lit(j + 1))
			if f := sc.lists.get(phrase.sum()); f.city() > 0 {
				return j + 2, f.city()
			}
			break
		}
		if sc.isPunct(j, '.') && sc.joined(j) && w.size() <= 3 {
			j++
		}
	}
	return end, tier
}

// placeRun returns the index behind the place that the capitalised words at i are
// by their own words, before names are looked for, or i. A state, which may stay, is
// protected.
func (sc *scanner) placeRun(i int) int {
	if sc.compoundStreet(i) {
		return i + 2
	}
	if next := sc.facility(i); next > i {
		return next
	}
	if sc.at(i+1).flags&capital != 0 {
		if next := sc.general(i); next > i {
			return next
		}
	}
	country := sc.countryAt(i)
	if country > i+1 && sc.isCountry(i, country) {
		return sc.add(i, country, Country)
	}
	if next := sc.townOrCounty(i); next > i {
		return next
	}
	if next := sc.mountPlace(i); next > i {
		return next
	}
	if next := sc.careAt(i); next > i {
		return next
	}
	if next := sc.longCity(i); next > i {
		return next
	}
	if country > i+1 {
		return sc.protect(i, country)
	}
	return i
}

// townOrCounty returns the index behind the town or county that the token behind the
// capitalised word at i is a part of, or i: Stoke-on-Trent, Lane County.
func (sc *scanner) townOrCounty(i int) int {
	n := sc.at(i + 1)
	hyphen := n.kind == tokenPunct && sc.text[n.start] == '-'
	link := n.hash == hashUpon || n.hash == hashSt
	if hyphen || link {
		if next := sc.linkedTown(i); next > i {
			return next
		}
	}
	if hyphen || n.flags&capital != 0 && !link {
		return sc.county(i)
	}
	return i
}

// longCity finds cities of several words before names are looked for: New York
// and Los Angeles City.
func (sc *scanner) longCity(i int) int {
	n := sc.at(i + 1)
	if n.kind != tokenWord || n.flags&(lineBefore|used) != 0 || sc.at(i-1).cueIs(cueTitle) {
		return i
	}
	end, tier := sc.cityAt(i)
	if end < i+2 || tier < 2 && !sc.toks[i].cueIs(cuePlaceStart|cueStop) && !sc.at(i-1).cueIs(cueIn) {
		return i
	}
	if sc.at(end).hash == hashCity && sc.at(end).flags&(capital|lineBefore) == capital {
		end++
	}
	if sc.isPunct(end, '-') && sc.joined(end) && sc.joined(end+1) && sc.at(end+1).flags&capital != 0 {
		end += 2 // New York-Presbyterian
	}
	return sc.cityState(i, end)
}

// cityState notes the city from token i to token end and the state or country
// behind it.
func (sc *scanner) cityState(i, end int) int {
	if n := sc.at(end); n.kind == tokenWord && n.flags&(capital|used|lineBefore) == capital && countyWords.has(n.hash) {
		end++
	}
	k := end
	if sc.isPunct(k, ',') {
		k++
	}
	if sc.at(k).flags&lineBefore == 0 {
		if sc.isState(k) {
			return sc.add(i, sc.zipTail(k+1), Place)
		}
		if e := sc.countryAt(k); e > k && k > end {
			return sc.add(i, sc.zipTail(e), Place)
		}
	}
	return sc.add(i, end, Place)
}

// place judges the capitalised words at i.
func (sc *scanner) place(i int) int {
	t := &sc.toks[i]
	if n := sc.mountPlace(i); n > i {
		return n
	}
	best, tier := sc.cityAt(i)
	if n := sc.at(i + 1); best == i && n.kind == tokenWord && n.flags&(capital|used|lineBefore) == capital && t.cueIs(cueNotName|cueStreet|cueParticle) && (directions.has(t.hash) && t.size() > 2 || townStarts.has(t.hash)) {
		if end, size := sc.cityAt(i + 1); size > 0 && n.list.word() < 2 || townStarts.has(t.hash) && n.list.word() == 0 && !sc.acronym(n) {
			best, tier = max(end, i+2), max(size, 1) // West Brattleboro, Lake Meade
		}
	}
	if best > i {
		best = sc.townEnd(best)
	}
	end := i + 1
	for n := 0; n < 3 && sc.at(end).kind == tokenWord && sc.at(end).flags&(used|capital|lineBefore) == capital && !sc.isState(end); n++ {
		end++
	}
	l := t.list
	if best == i+1 && (t.size() <= 2 || sc.isPunct(i-1, '[') && sc.isPunct(i+1, ']')) {
		return i + 1 // Ag, [OMAHA]
	}
	before := sc.at(i - 1)
	in := before.cueIs(cueIn) && t.flags&lineBefore == 0 && before.kind == tokenWord
	town := sc.townBefore(i) && (l.word() == 0 || end > i+1 && (before.hash != hashIn && before.hash != hashNear || sc.at(end-1).list.word() == 0 || townWords.has(sc.at(end-1).hash) || sc.at(i-2).cueIs(cueTown)))
	// City, ST and City, State and City, Country.
	if sc.isPunct(end, ',') && sc.at(end+1).flags&lineBefore == 0 {
		k := end + 1
		switch {
		case sc.isState(k):
			if zip := sc.zipTail(k + 1); zip > k+1 || !sc.letters(i, end) {
				return sc.add(i, zip, Place)
			}
			return end
		case t.cueIs(cueEponym) && !in: // Rorschach, Minnesota
		case sc.at(k).flags&capital != 0 && (l.word() < 2 || best > i || in):
			if e := sc.countryAt(k); e > k {
				return sc.add(i, sc.zipTail(e), Place)
			}
		}
	}
	if end > i+1 && sc.isState(end) && sc.at(end).flags&lineBefore == 0 && (best > i || sc.at(end+1).kind == tokenNumber && sc.at(end+1).size() == 5) {
		return sc.add(i, sc.zipTail(end+1), Place)
	}
	if e := sc.countryAt(i); e > i {
		if e >= best {
			if !sc.isCountry(i, e) && t.list.city() == 0 {
				return e
			}
			if !sc.isCountry(i, e) || e == i+1 && (l.word() >= 1 && t.is(sentence) || l.word() >= 2 && !in) {
				return e
			}
			return sc.add(i, e, Country)
		}
	}
	if n := sc.at(end - 1); end > i+1 && end <= i+3 && countyWords.has(n.hash) && !t.cueIs(cueStop|cueNotName) {
		return sc.cityState(i, end)
	}
	if best == i+1 && l.word() == 3 && !t.is(allCaps) && !t.cueIs(cueStop|cueMonth) && sc.residence(i) {
		return sc.add(i, best, Place) // she lives in Reading
	}
	if t.cueIs(cueNotName|cueStop|cueEponym|cueMonth|cueKey) && best <= i+1 && !(town && t.size() > 2 && directions.has(t.hash) && sc.rareWord(sc.at(i+1))) || l.drug() {
		return i + 1
	}
	switch {
	case best > i+1 && (tier == 2 || in || t.list.word() < 3):
		return sc.add(i, best, Place)
	case best == i+1 && in && l.word() < 3:
		return sc.add(i, best, Place)
	case best == i+1 && tier == 2 && l.word() == 0:
		return sc.add(i, best, Place)
	case best == i+1 && l.word() == 0 && !t.is(sentence) && !sc.acronym(t):
		return sc.add(i, best, Place)
	case town && t.size() > 2 && !t.cueIs(cueCompany|cueMedical):
		return sc.add(i, sc.postalTail(sc.capitalRun(i, 5)), Place)
	case properSuffix(sc.lit(i)) && l.word() == 0 && t.size() > 6 && !sc.camelCase(t):
		return sc.add(i, i+1, Place)
	}
	return i + 1
}

// letters reports whether what stands before a comma and two capitals from
// token i to end is letters that stand for words, not a town: SI, HI.
func (sc *scanner) letters(i, end int) bool {
	t, last := &sc.toks[i], sc.at(end-1)
	return sc.acronym(last) && last.list.city() == 0 && (end == i+1 && last.size() <= 3 || end == i+2 && t.is(sentence) && t.list.word() >= 2 && (t.cueIs(cueSpeech) || !t.list.named()))
}

// postalTail returns the index behind the postal code that stands right behind
// a town: Lappi 4844.
func (sc *scanner) postalTail(i int) int {
	if t := sc.at(i); t.kind == tokenNumber && t.flags&lineBefore == 0 && !sc.isYear(i) {
		if k := sc.postalCode(i, false); k > i && !sc.at(k).cueIs(cueUnit) {
			return k
		}
	}
	return i
}

// linkedTown finds at token i the towns whose names hold small words between
// hyphens, or small words that stand in towns alone: Stoke-on-Trent,
// Saint-Jean-sur-Richelieu, Bury St Edmunds, Newcastle upon Tyne.
func (sc *scanner) linkedTown(i int) int {
	j, links := i, 0
	for n := 0; n < 4; n++ {
		if !sc.isPunct(j+1, '-') || !sc.joined(j+1) || !sc.joined(j+2) {
			break
		}
		k := j + 2
		if t := sc.at(k); t.kind == tokenWord && t.flags&capital == 0 {
			if !hyphenLinks.has(t.hash) || !sc.isPunct(k+1, '-') || !sc.joined(k+1) || !sc.joined(k+2) {
				return i
			}
			k += 2
			links++
		}
		if t := sc.at(k); t.kind != tokenWord || t.flags&(capital|used|allCaps) != capital {
			return i
		}
		j = k
	}
	if links > 0 && sc.rareIn(i, j+1) {
		return sc.cityState(i, j+1)
	}
	if n := sc.at(i + 1); j == i && n.kind == tokenWord && n.flags&(lineBefore|used) == 0 && sc.toks[i].list.word() == 0 {
		k := i + 2
		switch {
		case n.hash == hashUpon:
		case n.hash == hashSt && n.flags&capital != 0:
			if sc.isPunct(k, '.') {
				k++
			}
		default:
			return i
		}
		if t := sc.at(k); t.kind == tokenWord && t.flags&(capital|lineBefore|used) == capital && (n.hash == hashUpon || t.size() > 4 && t.list.given() == 0 && sc.lit(k)[t.size()-1] == 's') {
			return sc.cityState(i, k+1)
		}
	}
	return i
}

// rareIn reports whether one of the words from i to end is of no everyday kind.
func (sc *scanner) rareIn(i, end int) bool {
	for j := i; j < end; j++ {
		if t := sc.at(j); t.kind == tokenWord && t.flags&capital != 0 && sc.lists.get(t.hash).word() == 0 && t.cue == 0 {
			return true
		}
	}
	return false
}

var (
	hyphenLinks = setOf("on upon super sur under le la les en de du sous lès in am by der the")
	hashUpon    = foldHash("upon")
)

// county finds counties and parishes by the word that ends their name, with
// the court of one: Prince George's County, Lane County Circuit Court.
func (sc *scanner) county(i int) int {
	for j := i + 1; j < i+5; j++ {
		t := sc.at(j)
		if t.kind == tokenPunct && sc.text[t.start] == '-' && sc.joined(j) && sc.joined(j+1) {
			continue
		}
		if t.kind != tokenWord || t.flags&(capital|used|lineBefore) != capital {
			return i
		}
		if t.hash != hashCounty && t.hash != hashParish || j == i+1 && sc.toks[i].cueIs(cueStop|cueNotName|cueRelation|cueTitle) && sc.toks[i].list.city() == 0 {
			continue
		}
		if sc.toks[i].cueIs(cueStop|cueTitle|cueIntro|cueKey) || sc.everyday(i, j) {
			return i
		}
		return sc.cityState(i, j+1)
	}
	return i
}

var hashParish = foldHash("parish")

var countyWords = setOf("county parish township borough")

// isCountry reports whether the words from i to end are a country, not a state
// of the USA: those may stay.
func (sc *scanner) isCountry(i, end int) bool {
	if end == i+1 {
		return sc.toks[i].cueIs(cueCountry)
	}
	phrase := startFolded
	phrase.write(sc.lit(i))
	for j := i + 1; j < end; j++ {
		if sc.isPunct(j, '-') {
			phrase.add('-')
			j++
		} else {
			phrase.add(' ')
		}
		phrase.write(sc.lit(j))
	}
	return cues[cueTable.get(phrase.sum())].is&cueCountry != 0
}

// townBefore reports whether the words before token i say that a town follows:
// lives in, grew up in, flew to, is from, based in, home city.
func (sc *scanner) townBefore(i int) bool {
	p := sc.at(i - 1)
	if sc.at(i).flags&lineBefore != 0 {
		return false
	}
	q := sc.at(i - 2)
	if sc.isPunct(i-1, ':') { // Where: Lappi
		return q.hash == hashWhere || q.hash == hashLocation || q.hash == hashCity || q.hash == hashTown || q.hash == hashCounty
	}
	if p.kind != tokenWord {
		return false
	}
	switch p.hash {
	case hashOf:
		return q.cueIs(cueFacility)
	case hashIn, hashNear:
		return !sc.acronym(sc.at(i)) || q.cueIs(cueTown)
	case hashAt, hashTo, hashFrom, hashAround, hashThrough, hashOutside:
		for j := i - 2; j >= 0 && j > i-6; j-- {
			if sc.toks[j].cueIs(cueTown) {
				return true
			}
			if sc.toks[j].kind == tokenPunct {
				break
			}
		}
		return false
	}
	return p.cueIs(cueTown) && (p.hash == hashCity || p.hash == hashTown || p.hash == hashVillage || p.hash == hashCounty)
}

var (
	hashAround   = foldHash("around")
	hashThrough  = foldHash("through")
	hashOutside  = foldHash("outside")
	hashTown     = foldHash("town")
	hashVillage  = foldHash("village")
	hashWhere    = foldHash("where")
	hashLocation = foldHash("location")
)

// residence reports whether the words before the one capitalised word at i say
// that somebody lives there or moved there, which nobody does to a thing.
func (sc *scanner) residence(i int) bool {
	p, q, n := sc.at(i-1), sc.at(i-2), sc.at(i+1)
	if sc.at(i).flags&lineBefore != 0 || n.kind == tokenWord && n.flags&(capital|lineBefore) == capital || n.kind == tokenNumber && n.flags&lineBefore == 0 || q.flags&lineBefore != 0 && q.kind != tokenWord {
		return false
	}
	switch p.hash {
	case hashIn:
		return livesWords.has(q.hash)
	case hashTo:
		return movesWords.has(q.hash)
	}
	return false
}

var (
	livesWords = setOf("lives lived living live resides resided residing born raised")
	movesWords = setOf("moved moving relocated relocating moves")
)

// properSuffix reports whether a word ends like a place: -ville, -burg.
func properSuffix(s string) bool {
	for _, e := range placeEndings {
		if suffixFold(s, e) {
			return true
		}
	}
	return false
}

var placeEndings = []string{"ville", "burgh", "burg", "borough", "shire", "stadt", "polis", "heim", "hausen", "wood", "field", "port"}
