package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// zone protects what the slash at token i joins to an area in the name of a time
// zone: America/New_York, America/Argentina/Buenos_Aires.
func (sc *Scanner) zone(i int) int {
	from := int(sc.toks[i-1].start)
	end := int(sc.toks[i].end)
	for end < len(sc.text) && end < from+40 &&
		(chars.IsLetter(sc.text[end]) || strings.IndexByte("_-/", sc.text[end]) >= 0) {
		end++
	}
	if !cue.ZoneNames.Has(chars.Bytes(strings.TrimRight(sc.text[from:end], "_-/"))) {
		return i
	}
	return sc.protect(i-1, sc.tokenAt(end))
}

// coordinates finds a pair of decimals within the range of latitude and
// longitude, each with three digits or more behind the point, or with one if a
// geo: URI (RFC 5870) holds them.
func (sc *Scanner) coordinates(from, to int) int {
	least := 3
	first := from
	if sc.joined(first) && sc.isPunct(first-1, '-') {
		first--
	}
	uri := first
	if sc.isPunct(first-1, ':') && sc.joined(first) && sc.at(first-2).hash == hashGeo {
		least, uri = 1, first-2
	}
	if to-from != 3 || sc.toks[from].size() > 2 || sc.toks[from+2].size() < least {
		return from
	}
	j := to
	for sc.lit(j) == "°" || sc.lit(j) == "N" || sc.lit(j) == "S" {
		j++
	}
	if sc.isPunct(j, ',') {
		j++
	}
	if sc.isPunct(j, '-') {
		j++
	}
	if j == to ||
		sc.at(j).kind != tokenNumber ||
		sc.at(j).size() > 3 ||
		!sc.decimalPoint(j+1) ||
		sc.at(j+2).size() < least {
		return from
	}
	if chars.DigitsValue(sc.lit(from)) > 90 || chars.DigitsValue(sc.lit(j)) > 180 {
		return from
	}
	if sc.isPunct(j+3, ',') && sc.at(j+4).kind == tokenNumber && sc.decimalPoint(j+5) &&
		sc.at(j+6).size() >= least && !sc.isPunct(first, '-') && !sc.isPunct(j-1, '-') {
		for sc.isPunct(j+3, ',') && sc.at(j+4).kind == tokenNumber && sc.decimalPoint(j+5) {
			j += 4
		}
		return sc.protect(from, j+3) // a list of figures: 3.1415, 6.2831, 9.4247
	}
	return sc.add(uri, j+3, category.Geo)
}

// degrees finds coordinates in degrees, minutes and seconds: 45°31'23"N
// 122°40'35"W.
func (sc *Scanner) degrees(i int) int {
	end := sc.angle(i)
	if end == i {
		return i
	}
	j := end
	if sc.isPunct(j, ',') {
		j++
	}
	if e := sc.angle(j); e > j {
		end = e
	}
	return sc.add(i, end, category.Geo)
}

// angle returns the index behind degrees, minutes and a hemisphere at i, or i.
func (sc *Scanner) angle(i int) int {
	if sc.at(i).kind != tokenNumber || sc.at(i).size() > 3 || sc.lit(i+1) != "°" {
		return i
	}
	j := i + 2
	if sc.at(j).kind != tokenNumber {
		return i
	}
	for n := 0; n < 8; n++ {
		switch t := sc.at(j); {
		case t.is(lineBefore):
			return i
		case t.kind == tokenNumber && t.size() <= 6,
			sc.isPunct(j, '\''),
			sc.isPunct(j, '"'),
			sc.isPunct(j, '.'),
			sc.lit(j) == "′",
			sc.lit(j) == "″",
			sc.lit(j) == "’",
			sc.lit(j) == "”":
			j++
			continue
		case t.kind == tokenWord && hemispheres.Has(t.hash):
			return j + 1
		}
		return i
	}
	return i
}

var (
	hashGeo     = words.Hash("geo")
	hemispheres = words.SetOf("n s e w")
)
