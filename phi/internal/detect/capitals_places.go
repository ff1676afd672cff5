package detect

import (
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Towns, places of care and streets in capitals: TREATED AT GREEN VALLEY CLINIC IN NEW YORK.

// townCase returns the index behind a town, state or country that begins at i, of
// several words or told by those around it, or i: NEW YORK, MOUNT SINAI.
func (sc *Scanner) townCase(i int) int {
	if end, _ := sc.cityAt(i); end > i+1 {
		return end
	}
	if end := sc.countryAt(i); end > i+1 {
		return end
	}
	if n := sc.at(i + 1); townStarts.Has(sc.toks[i].hash) && n.kind == tokenWord && !n.is(lineBefore) &&
		n.list.Word() == 0 && !sc.medicalShape(n) && !n.list.Drug() {
		return i + 2
	}
	if sc.toks[i].list.City() > 0 && sc.isPunct(i+1, ',') && sc.at(i-1).cueIs(cue.In) { // IN CONCORD, NEW HAMPSHIRE
		if sc.isState(i+2) || sc.at(i+2).cueIs(cue.State) || sc.at(i+2).hash == hashNew {
			return i + 1
		}
	}
	return i
}

// houseCase returns the index behind the name of a place of care at i, behind AT
// and the like, or i: AT GREEN VALLEY CLINIC, TREATED AT KAISER PERMANENTE.
func (sc *Scanner) houseCase(i int) int {
	p := sc.at(i - 1)
	at := p.hash == hashAt
	if !at && p.hash != hashTo && p.hash != hashFrom && p.hash != hashIn ||
		sc.toks[i].is(lineBefore) ||
		!at && !sc.careVerbBefore(i, true) {
		return i
	}
	house, rare := sc.houseWords(i)
	if house > i || !sc.careVerbBefore(i, true) || !at && !admittedWords.Has(sc.at(i-2).hash) {
		return house
	}
	return rare
}

// houseWords returns the index behind the last word for a place of care among the words
// that may be its name and begin at i, and behind the last one that is of no list of words;
// i where there is none.
func (sc *Scanner) houseWords(i int) (house, rare int) {
	house, rare = i, i
	for j := i; j < i+7; j++ {
		t := sc.at(j)
		if t.kind == tokenPunct && sc.joined(j) &&
			(sc.isPunct(j, '-') || sc.isPunct(j, '.') && sc.at(j-1).size() <= 3) {
			continue
		}
		if t.kind != tokenWord ||
			!t.isBut(capital, used) ||
			j > i && t.is(lineBefore) ||
			t.cueIs(cue.Stop) && !(j > i && nameLinks.Has(t.hash)) && !(j == i && t.hash == hashGood) {
			break
		}
		switch {
		case j > i && (t.cueIs(cue.Facility) || t.hash == hashGeneral):
			house = j + 1
		case t.list.Word() == 0 && t.cue == 0 && t.size() > 3 && !t.list.Drug() && !sc.medicalShape(t):
			rare = j + 1
		}
	}
	return house, rare
}

var (
	hashGood      = words.Hash("good")
	nameLinks     = words.SetOf("and of the for")
	admittedWords = words.SetOf("admitted transferred")
)

// streetCase gives streets their capitals: 12 ELM STREET, 4 OLD MILL RD.
func (sc *Scanner) streetCase(from, to int) {
	for i := from; i < to; i++ {
		t := &sc.toks[i]
		if t.kind != tokenWord || !t.cueIs(cue.Street) {
			continue
		}
		j := i - 1
		for j > i-5 && sc.at(j).kind == tokenWord && !sc.at(j).cueIs(cue.Stop|cue.Relation) &&
			!personNouns.Has(sc.at(j).hash) && !sc.at(j+1).is(lineBefore) {
			j--
		}
		if sc.at(j).cueIs(cue.Stop) && sc.at(j).size() > 2 && j < i-1 { // 4 OLD MILL RD
			j--
		}
		if n := sc.at(j); j == i-1 || n.kind != tokenNumber && n.kind != tokenMixed || sc.at(j+1).is(lineBefore) {
			continue
		}
		for k := j + 1; k <= i; k++ {
			if sc.toks[k].size() > 2 {
				sc.toks[k].flags &^= allCaps
			}
		}
	}
}
