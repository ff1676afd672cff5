package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Towns: by the lists, by the words that lead to one, and by the state behind them.

// townEnd returns the index behind the words that go on a town's name at i:
// Elk Rapids, Lancaster Mill.
func (sc *Scanner) townEnd(i int) int {
	for n := 0; n < 2; n++ {
		if t := sc.at(i); t.kind != tokenWord || !t.isBut(capital, used|lineBefore) || !townWords.Has(t.hash) {
			break
		}
		i++
	}
	return i
}

var townAdjectives = words.SetOf("big great little old new long high low good")

// townWords are everyday words that the names of towns end with.
var townWords = words.SetOf(`hills springs rapids falls heights haven point junction park lake lakes beach valley village creek grove island bluff bluffs ridge mill mills harbor bay river prairie meadow meadows landing crossing corner corners hollow oaks pines cove glen
	mountain woods spring garden gardens estates fork forks shores rock hill port town branch bend terrace butte mesa canyon forge ferry gap notch bayou basin`)

// townStarts are words that the names of towns begin with.
var townStarts = words.SetOf("lake fort mount port point glen")

// townVerb reports whether one of the words before token i says that a town
// follows, or a colon does.
func (sc *Scanner) townVerb(i int) bool {
	if sc.isPunct(i-1, ':') {
		return true
	}
	for j := i - 1; j >= 0 && j > i-5; j-- {
		if sc.toks[j].kind == tokenPunct {
			return false
		}
		if sc.toks[j].cueIs(cue.Town) {
			return true
		}
	}
	return false
}

// cityAt returns the index behind the longest run of up to four words at i that
// is a city, and how large a city it is.
func (sc *Scanner) cityAt(i int) (end, tier int) {
	first := &sc.toks[i]
	if first.kind == tokenWord && !first.is(used) && sc.endsCity(i+1) {
		if first.is(capital) && !first.is(possessive) && first.list.City() > 0 {
			return i + 1, first.list.City()
		}
		return i, 0
	}
	end = i
	phrase := words.StartFolded
	for j, n := i, 0; n < 4 && sc.ofCity(j, n > 0); n++ {
		w := &sc.toks[j]
		if n == 1 { // most are of one word, whose hash is there
			phrase.Write(sc.lit(i))
		}
		if n > 0 {
			phrase.Add(' ')
			phrase.Write(sc.lit(j))
		}
		if w.is(capital) && !w.is(possessive) {
			f := w.list
			if n > 0 {
				f = sc.lists.Get(phrase.Sum())
			}
			if f.City() > 0 {
				end, tier = j+1, f.City()
			}
		}
		j++
		if sc.isPunct(j, '-') && sc.tight(j) { // Winston-Salem
			if n == 0 {
				phrase.Write(sc.lit(i))
			}
			phrase.Add('-')
			phrase.Write(sc.lit(j + 1))
			if f := sc.lists.Get(phrase.Sum()); f.City() > 0 {
				return j + 2, f.City()
			}
			break
		}
		if w.size() <= 3 {
			j = sc.pastPeriod(j) // St. Paul
		}
	}
	return end, tier
}

// endsCity reports whether what stands at token i, behind a word, is no further word of a
// city's name.
func (sc *Scanner) endsCity(i int) bool {
	switch t := sc.at(i); t.kind {
	case tokenWord:
		return !t.isBut(capital, used|lineBefore) && !t.cueIs(cue.Particle|cue.Stop)
	case tokenPunct:
		return !sc.joined(i)
	case tokenNumber:
		return true
	}
	return false
}

// ofCity reports whether the word at j may be one of a city's name, the first or one behind
// others.
func (sc *Scanner) ofCity(j int, behind bool) bool {
	w := sc.at(j)
	return w.kind == tokenWord && !w.is(used) && !(behind && w.is(lineBefore)) &&
		(w.is(capital) || w.cueIs(cue.Particle|cue.Stop))
}

// townOrCounty returns the index behind the town or county that the token behind the
// capitalised word at i is a part of, or i: Stoke-on-Trent, Lane County.
func (sc *Scanner) townOrCounty(i int) int {
	n := sc.at(i + 1)
	hyphen := n.kind == tokenPunct && sc.text[n.start] == '-'
	link := n.hash == hashUpon || n.hash == hashSt
	if hyphen || link {
		if next := sc.linkedTown(i); next > i {
			return next
		}
	}
	if hyphen || n.is(capital) && !link {
		return sc.county(i)
	}
	return i
}

// longCity finds cities of several words before names are looked for: New York
// and Los Angeles City.
func (sc *Scanner) longCity(i int) int {
	n := sc.at(i + 1)
	if n.kind != tokenWord || n.is(lineBefore|used) || sc.at(i-1).cueIs(cue.Title) {
		return i
	}
	end, tier := sc.cityAt(i)
	if end < i+2 || tier < words.LargeCity && (!sc.toks[i].cueIs(cue.PlaceStart|cue.Stop) || sc.phraseLikeTown(i)) && !sc.at(i-1).cueIs(cue.In) {
		return i
	}
	if sc.at(end).hash == hashCity && sc.at(end).isBut(capital, lineBefore) {
		end++
	}
	if sc.isPunct(end, '-') && sc.tight(end) && sc.at(end+1).is(capital) {
		end += 2 // New York-Presbyterian
	}
	return sc.cityState(i, end)
}

// listedTown returns the index behind the town at i that the lists hold, by itself or
// behind a word such as West and Lake, and how large it is: Duluth, West Brattleboro,
// Lake Meade, Elk Rapids.
func (sc *Scanner) listedTown(i int) (end, tier int) {
	t, n := &sc.toks[i], sc.at(i+1)
	end, tier = sc.cityAt(i)
	if end > i {
		return sc.townEnd(end), tier
	}
	if n.kind != tokenWord || !n.isBut(capital, used|lineBefore) || !t.cueIs(cue.NotName|cue.Street|cue.Particle) {
		return i, tier
	}
	starts := townStarts.Has(t.hash)
	if !starts && !(directions.Has(t.hash) && t.size() > 2) {
		return i, tier
	}
	if e, size := sc.cityAt(i + 1); size > 0 && n.list.Word() < words.Common ||
		starts && n.list.Word() == 0 && !sc.acronym(n) {
		return sc.townEnd(max(e, i+2)), max(size, 1)
	}
	return i, tier
}

// townExpected reports whether the words before the capitalised words from i to end say
// that a town follows, and these aren't everyday ones: lives in Zorva Falls.
func (sc *Scanner) townExpected(i, end int) bool {
	if !sc.townBefore(i) {
		return false
	}
	if sc.toks[i].list.Word() == 0 {
		return true
	}
	before, last := sc.at(i-1), sc.at(end-1)
	in := before.hash == hashIn || before.hash == hashNear
	return end > i+1 && (!in || last.list.Word() == 0 || townWords.Has(last.hash) || sc.at(i-2).cueIs(cue.Town))
}

// townStands reports whether the town of the lists from token i to token end is one by
// itself, not an everyday word that towns are called by as well: Duluth, in Mobile.
func (sc *Scanner) townStands(i, end, tier int, in bool) bool {
	t := &sc.toks[i]
	word := t.list.Word()
	switch {
	case end > i+1:
		return tier == words.LargeCity || in || word < words.Frequent && !sc.phraseLikeTown(i)
	case end == i+1:
		return in && word < words.Frequent || word == 0 && (tier == words.LargeCity || sc.smallTownAlone(i))
	}
	return false
}

// smallTownAlone reports whether the word at i, which a small town is called, means that
// though nothing before it says so. What begins a sentence may be anything; what stands
// behind a label, Site: Chickasha, begins none.
func (sc *Scanner) smallTownAlone(i int) bool {
	t := &sc.toks[i]
	begins := t.is(sentence) && !sc.isPunct(i-1, ':')
	return !begins && !sc.acronym(t) && !sc.camelCase(t) && !townsOtherwise.Has(t.hash)
}

// phraseLikeTown reports whether the two words at i mean something else more often than the
// small town that is called so.
func (sc *Scanner) phraseLikeTown(i int) bool {
	return phrasesLikeTowns.Has(pairHash(sc.lit(i), sc.lit(i+1)))
}

var phrasesLikeTowns = words.SetOf(`high-level halfway-house three-way one-mile six-mile ten-mile four-seasons north-star lone-star big-bend treasure-island jersey-shore south-park south-beach long-neck
	central-park central-high seven-sisters sleepy-eye kitty-hawk north-pole good-hope new-freedom new-roads new-market new-town half-moon rising-sun center-line cut-off table-top state-line black-jack
	horse-shoe union-hall key-center national-park golden-triangle golden-square big-rock dry-run sea-breeze old-town central-garage central-square naval-academy air-force village-green leisure-world
	center-hill firing-range story-city summer-hill trinity-park white-horse white-castle white-pine red-lion tea-gardens country-homes`)

// townsOtherwise are peoples, software and what is eaten, which small towns are called by as well.
var townsOtherwise = words.SetOf(`apache mohawk chinook comanche shoshone pawnee oglala chickasaw osage winnebago penobscot menominee caddo cayuga huguenot walloon cossack aztec squamish tulalip
	gouda portobello pisco stilton jinja presidio vulcan valhalla walhalla delphi oberon mojave sitka argos shiki dubbo niagara claymore berserker eldorado gimli wawa
	atlantic baltic ganges volga appalachia peridot proserpine mascotte lyme derma`)

// townAndState finds the words from i to end with the state or country behind them:
// Duluth, MN 55802; Duluth MN; Lyon, France. listed says that a town of the lists
// begins at i, in that the word before them is in or one like it.
func (sc *Scanner) townAndState(i, end int, listed, in bool) int {
	t, k := &sc.toks[i], end+1
	if end > i+1 && sc.isState(end) && !sc.at(end).is(lineBefore) &&
		(listed || sc.at(k).kind == tokenNumber && sc.at(k).size() == 5) {
		return sc.add(i, sc.zipTail(k), category.Place)
	}
	if !sc.isPunct(end, ',') || sc.at(k).is(lineBefore) {
		return i
	}
	if sc.isState(k) {
		zip := sc.zipTail(k + 1)
		if zip == k+1 && (sc.letters(i, end) || sc.toks[i].list.Drug() && sc.toks[i].list.City() == 0) {
			return end
		}
		return sc.add(i, zip, category.Place)
	}
	if t.cueIs(cue.Eponym) && !in { // Rorschach, Minnesota
		return i
	}
	if sc.at(k).is(capital) && (t.list.Word() < words.Common || listed || in) {
		if e := sc.countryAt(k); e > k {
			return sc.add(i, sc.zipTail(e), category.Place)
		}
	}
	return i
}

// linkedTown finds at token i the towns whose names hold small words between
// hyphens, or small words that stand in towns alone: Stoke-on-Trent,
// Saint-Jean-sur-Richelieu, Bury St Edmunds, Newcastle upon Tyne.
func (sc *Scanner) linkedTown(i int) int {
	j, links := i, 0
	for n := 0; n < 4; n++ {
		if !sc.isPunct(j+1, '-') || !sc.tight(j+1) {
			break
		}
		k := j + 2
		if t := sc.at(k); t.kind == tokenWord && !t.is(capital) {
			if !hyphenLinks.Has(t.hash) || !sc.isPunct(k+1, '-') || !sc.tight(k+1) {
				return i
			}
			k += 2
			links++
		}
		if t := sc.at(k); t.kind != tokenWord || !t.isBut(capital, used|allCaps) {
			return i
		}
		j = k
	}
	if links > 0 && sc.rareIn(i, j+1) {
		return sc.cityState(i, j+1)
	}
	if j > i || sc.toks[i].list.Word() > 0 {
		return i
	}
	if end := sc.townBehindLink(i + 1); end > i+1 {
		return sc.cityState(i, end)
	}
	return i
}

// townBehindLink returns the index behind the small word at i and the word with which it goes
// on the name of a town, or i: upon Tyne, St Edmunds.
func (sc *Scanner) townBehindLink(i int) int {
	link, k := sc.at(i), i+1
	upon := link.hash == hashUpon
	saint := link.hash == hashSt && link.is(capital)
	if !upon && !saint || link.kind != tokenWord || link.is(lineBefore|used) {
		return i
	}
	if saint && sc.isPunct(k, '.') {
		k++
	}
	t := sc.at(k)
	if t.kind != tokenWord || !t.isBut(capital, used|lineBefore) {
		return i
	}
	owned := t.size() > 4 && t.list.Given() == 0 && sc.lit(k)[t.size()-1] == 's'
	if !upon && !owned {
		return i
	}
	return k + 1
}

// rareIn reports whether one of the words from i to end is of no everyday kind.
func (sc *Scanner) rareIn(i, end int) bool {
	for j := i; j < end; j++ {
		if t := sc.at(j); t.kind == tokenWord && t.is(capital) && sc.lists.Get(t.hash).Word() == 0 && t.cue == 0 {
			return true
		}
	}
	return false
}

// townBefore reports whether the words before token i say that a town follows:
// lives in, grew up in, flew to, is from, based in, home city.
func (sc *Scanner) townBefore(i int) bool {
	p := sc.at(i - 1)
	if sc.at(i).is(lineBefore) {
		return false
	}
	q := sc.at(i - 2)
	if sc.isPunct(i-1, ':') { // Where: Lappi
		return q.hash == hashWhere ||
			q.hash == hashLocation ||
			q.hash == hashCity ||
			q.hash == hashTown ||
			q.hash == hashCounty
	}
	if p.kind != tokenWord {
		return false
	}
	switch p.hash {
	case hashOf:
		return q.cueIs(cue.Facility)
	case hashIn, hashNear:
		return !sc.acronym(sc.at(i)) || q.cueIs(cue.Town)
	case hashAt, hashTo, hashFrom, hashAround, hashThrough, hashOutside:
		for j := i - 2; j >= 0 && j > i-6; j-- {
			if sc.toks[j].cueIs(cue.Town) {
				return true
			}
			if sc.toks[j].kind == tokenPunct {
				break
			}
		}
		return false
	}
	return p.cueIs(cue.Town) &&
		(p.hash == hashCity || p.hash == hashTown || p.hash == hashVillage || p.hash == hashCounty)
}

var (
	hashUp    = words.Hash("up")
	hashLives = words.Hash("lives")
)

// residence reports whether the words before the one capitalised word at i say
// that somebody lives there or moved there, which nobody does to a thing.
func (sc *Scanner) residence(i int) bool {
	p, q, n := sc.at(i-1), sc.at(i-2), sc.at(i+1)
	if sc.at(i).is(lineBefore) ||
		n.kind == tokenWord && n.isBut(capital, lineBefore) ||
		n.kind == tokenNumber && !n.is(lineBefore) ||
		q.is(lineBefore) && q.kind != tokenWord {
		return false
	}
	switch p.hash {
	case hashIn:
		return livesWords.Has(q.hash) || q.hash == hashUp && sc.at(i-3).cueIs(cue.Town) || q.is(used) && q.cueIs(cue.Street) // at 12 Mill Way in Reading
	case hashTo:
		return movesWords.Has(q.hash)
	case hashLives: // lives Omro w/ wife
		return sc.at(i).list.Word() == 0 || sc.at(i).list.City() > 0
	}
	return false
}
