package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Things and teams that are called after a town.

// townThing returns the index behind what is called after the town at i, or i: a New York
// protocol, the New York Heart Association, the Chicago Bulls.
func (sc *Scanner) townThing(i int) int {
	end, tier := sc.cityAt(i)
	n := sc.at(end)
	if (!sc.at(i+1).is(capital) || townThings.Has(sc.at(i+2).hash)) && tier > 0 &&
		townThings.Has(n.hash) && !n.is(capital|lineBefore) {
		return sc.protect(i, end+1)
	}
	if n.hash == hashHeart && sc.at(end+1).hash == hashAssociation {
		return sc.protect(i, end+2) // New York Heart Association class III
	}
	return sc.team(i, end, tier)
}

// townThings are called after the town where they were found or agreed upon.
var townThings = words.SetOf("agreement protocol convention accord accords treaty consensus classification grade criteria virus flu influenza measles encephalitis hantavirus collar brace boot shunt chromosome category stage staging stool units cognitive guideline guidelines declaration statement amendment modification salt salts")

// team returns the index behind the team of the city from token i to token end, or i: the
// Chicago Bulls, a San Francisco 49ers fan. tier is how large the city is.
func (sc *Scanner) team(i, end, tier int) int {
	if p := sc.at(i - 1); p.hash != hashThe && p.hash != hashA && p.hash != hashHis && p.hash != hashHer ||
		sc.toks[i].is(lineBefore) {
		return i
	}
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

var (
	hashHeart       = words.Hash("heart")
	hashAssociation = words.Hash("association")
)
