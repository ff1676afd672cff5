package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// findPlaces is the third pass: cities, countries, and what stands where a
// place stands.
func (sc *Scanner) findPlaces() {
	if !sc.capitals {
		sc.findSmallPlaces()
		return
	}
	for i := 0; i < len(sc.toks); {
		t := &sc.toks[i]
		if t.kind != tokenWord || !t.isBut(capital, used) || sc.placeless(i) {
			if i++; t.cue != 0 && !t.is(capital) && t.cueIs(cue.In) {
				sc.smallTown(i)
			}
			continue
		}
		i = sc.place(i)
	}
}

// placeRun returns the index behind the place that the capitalised words at i are
// by their own words, before names are looked for, or i. A state, which may stay, is
// protected.
func (sc *Scanner) placeRun(i int) int {
	if sc.compoundStreet(i) {
		return i + 2
	}
	if next := sc.facility(i); next > i {
		return next
	}
	if sc.at(i + 1).is(capital) {
		if next := sc.general(i); next > i {
			return next
		}
	}
	country := sc.countryAt(i)
	if country > i+1 && sc.isCountry(i, country) {
		return sc.add(i, country, category.Country)
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

// cityState notes the city from token i to token end and the state or country
// behind it.
func (sc *Scanner) cityState(i, end int) int {
	if n := sc.at(end); n.kind == tokenWord && n.isBut(capital, used|lineBefore) && countyWords.Has(n.hash) {
		end++
	}
	k := end
	if sc.isPunct(k, ',') {
		k++
	}
	if !sc.at(k).is(lineBefore) {
		if sc.isState(k) {
			return sc.add(i, sc.zipTail(k+1), category.Place)
		}
		if e := sc.countryAt(k); e > k && k > end {
			return sc.add(i, sc.zipTail(e), category.Place)
		}
	}
	return sc.addTown(i, end)
}

// place judges the capitalised words at i.
func (sc *Scanner) place(i int) int {
	t := &sc.toks[i]
	if n := sc.mountPlace(i); n > i {
		return n
	}
	city, tier := sc.listedTown(i)
	if city == i+1 && (t.size() <= 2 || sc.isPunct(i-1, '[') && sc.isPunct(i+1, ']')) {
		return i + 1 // Ag, [OMAHA]
	}
	end := sc.placeWordsEnd(i)
	before := sc.at(i - 1)
	in := before.kind == tokenWord && before.cueIs(cue.In) && !t.is(lineBefore)
	if next := sc.townAndState(i, end, city > i, in); next > i {
		return next
	}
	if e := sc.countryAt(i); e > i && e >= city {
		return sc.countryFound(i, e, in)
	}
	switch {
	case end > i+1 && end <= i+3 && sc.countyEnds(i, end), sc.townOfPerson(i, end):
		return sc.cityState(i, end)
	case sc.rareHome(i), city == i+1 && sc.everydayHome(i):
		return sc.add(i, i+1, category.Place)
	}
	town := sc.townExpected(i, end)
	if sc.calledElse(i, city, town) {
		return i + 1
	}
	switch {
	case sc.townStands(i, city, tier, in):
		return sc.addTown(i, city)
	case town && t.size() > 2 && !t.cueIs(cue.Company|cue.Medical) && !sc.camelCase(t):
		return sc.add(i, sc.postalTail(sc.capitalRun(i, 5)), category.Place)
	case properSuffix(sc.lit(i)) && t.list.Word() == 0 && t.size() > 6 && !sc.camelCase(t):
		return sc.add(i, i+1, category.Place)
	}
	return i + 1
}

// addTown notes the town from token i to token end, with the hospital that is called after it:
// Boston Children's.
func (sc *Scanner) addTown(i, end int) int {
	if n := sc.at(end); n.hash == hashChildren && n.is(possessive) && n.isBut(capital, used|lineBefore) {
		return sc.addPossessive(i, end)
	}
	return sc.add(i, end, category.Place)
}

// addPossessive notes the place from token i to the word at last, with its 's: St. Luke's.
func (sc *Scanner) addPossessive(i, last int) int {
	end := int(sc.toks[last].end)
	return sc.addBytes(i, int(sc.toks[i].start), end+possessiveLength(sc.text[end:]), category.Place)
}

// rareHome reports whether somebody lives in the town at i, which no list holds: she lives
// Zorva with her wife.
func (sc *Scanner) rareHome(i int) bool {
	p := sc.at(i - 1)
	return p.hash == hashLives && !p.is(capital) && sc.rareWord(&sc.toks[i]) && sc.residence(i) && livesBeside.Has(sc.at(i+1).hash)
}

// livesBeside stand behind where somebody lives.
var livesBeside = words.SetOf("w with alone near by and but since")

// townOfPerson reports whether the words from i to end are a town by their last word and
// stand in parentheses behind a name and a comma: (Ana Roe, Pagosa Springs).
func (sc *Scanner) townOfPerson(i, end int) bool {
	return end == i+2 && townWords.Has(sc.at(i+1).hash) && sc.isPunct(i-1, ',') && sc.isPunct(end, ')') && sc.at(i-2).is(nameFound) &&
		!sc.toks[i].cueIs(cue.Stop|cue.NotName)
}

// calledElse reports whether the word at i means something else than a place: a medicine, a
// month, a word of every day, unless a town of the lists goes on up to token city, or the
// word is a direction and a town is expected: moved to North Zorva.
func (sc *Scanner) calledElse(i, city int, town bool) bool {
	t := &sc.toks[i]
	if !t.cueIs(cue.NotName|cue.Stop|cue.Eponym|cue.Month|cue.Key) || city > i+1 {
		return t.list.Drug()
	}
	compass := town && t.size() > 2 && directions.Has(t.hash) && sc.rareWord(sc.at(i+1))
	return !compass || t.list.Drug()
}

// countyEnds reports whether the last of the capitalised words from i to end says that they
// are a county: Lane County.
func (sc *Scanner) countyEnds(i, end int) bool {
	return countyWords.Has(sc.at(end-1).hash) && !sc.toks[i].cueIs(cue.Stop|cue.NotName)
}

// everydayHome reports whether somebody lives in the town at i, which is called by a word of
// every day: she lives in Reading.
func (sc *Scanner) everydayHome(i int) bool {
	t := &sc.toks[i]
	return t.list.Word() == words.Frequent && !t.is(allCaps) && !t.cueIs(cue.Stop|cue.Month) && sc.residence(i)
}

// placeWordsEnd returns the index behind the capitalised words at i, up to four, that
// stand before a state.
func (sc *Scanner) placeWordsEnd(i int) int {
	end := i + 1
	for n := 0; n < 3 && sc.at(end).kind == tokenWord && sc.at(end).isBut(capital, used|lineBefore) &&
		!sc.isState(end); n++ {
		end++
	}
	return end
}

// countryFound notes the country from token i to token end, but for states, which may
// stay, and everyday words: Turkey.
func (sc *Scanner) countryFound(i, end int, in bool) int {
	t := &sc.toks[i]
	word := t.list.Word()
	everyday := end == i+1 && (word > 0 && t.is(sentence) || word >= words.Common && !in)
	if everyday || !sc.isCountry(i, end) {
		return end
	}
	return sc.add(i, end, category.Country)
}

// letters reports whether what stands before a comma and two capitals from
// token i to end is letters that stand for words, not a town: SI, HI.
func (sc *Scanner) letters(i, end int) bool {
	t, last := &sc.toks[i], sc.at(end-1)
	return sc.acronym(last) && last.list.City() == 0 &&
		(end == i+1 && last.size() <= 3 ||
			end == i+2 && t.is(sentence) && t.list.Word() >= words.Common && (t.cueIs(cue.Speech) || !t.list.Named()))
}

// postalTail returns the index behind the postal code that stands right behind
// a town: Lappi 4844.
func (sc *Scanner) postalTail(i int) int {
	if t := sc.at(i); t.kind == tokenNumber && !t.is(lineBefore) && !sc.isYear(i) {
		if k := sc.postalCode(i, false); k > i && !sc.at(k).cueIs(cue.Unit) {
			return k
		}
	}
	return i
}

var (
	hyphenLinks = words.SetOf("on upon super sur under le la les en de du sous lès in am by der the")
	hashUpon    = words.Hash("upon")
)

// county finds counties and parishes by the word that ends their name, with
// the court of one: Prince George's County, Lane County Circuit Court.
func (sc *Scanner) county(i int) int {
	for j := i + 1; j < i+5; j++ {
		t := sc.at(j)
		if t.kind == tokenPunct && sc.text[t.start] == '-' && sc.tight(j) {
			continue
		}
		if t.kind != tokenWord || !t.isBut(capital, used|lineBefore) {
			return i
		}
		if t.hash != hashCounty && t.hash != hashParish ||
			j == i+1 && sc.toks[i].cueIs(cue.Stop|cue.NotName|cue.Relation|cue.Title) && sc.toks[i].list.City() == 0 {
			continue
		}
		if sc.toks[i].cueIs(cue.Stop|cue.Title|cue.Intro|cue.Key) || sc.everyday(i, j) {
			return i
		}
		return sc.cityState(i, j+1)
	}
	return i
}

var hashParish = words.Hash("parish")

var countyWords = words.SetOf("county parish township borough")

// isCountry reports whether the words from i to end are a country, not a state
// of the USA: those may stay.
func (sc *Scanner) isCountry(i, end int) bool {
	if end == i+1 {
		return sc.toks[i].cueIs(cue.Country)
	}
	phrase := words.StartFolded
	phrase.Write(sc.lit(i))
	for j := i + 1; j < end; j++ {
		if sc.isPunct(j, '-') {
			phrase.Add('-')
			j++
		} else {
			phrase.Add(' ')
		}
		phrase.Write(sc.lit(j))
	}
	return cue.All[cue.Table.Get(phrase.Sum())].Is&cue.Country != 0
}

var (
	hashAround   = words.Hash("around")
	hashThrough  = words.Hash("through")
	hashOutside  = words.Hash("outside")
	hashTown     = words.Hash("town")
	hashVillage  = words.Hash("village")
	hashWhere    = words.Hash("where")
	hashLocation = words.Hash("location")
)

var (
	livesWords = words.SetOf("lives lived living live resides resided residing born raised")
	movesWords = words.SetOf("moved moving relocated relocating moves")
)

// properSuffix reports whether a word ends like a place: -ville, -burg.
func properSuffix(s string) bool {
	for _, e := range placeEndings {
		if words.HasSuffixFold(s, e) {
			return true
		}
	}
	return false
}

var placeEndings = []string{"ville", "burgh", "burg", "borough", "shire", "stadt", "polis", "heim", "hausen", "wood", "field", "port"}
