package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// zoneAreaBefore reports whether the slash at token i joins something to an area of time
// zones: America/.
func (sc *Scanner) zoneAreaBefore(i int) bool {
	return sc.tight(i) && sc.toks[i-1].is(capital) && cue.ZoneAreas.Has(chars.Bytes(sc.lit(i-1)))
}

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
	if to-from != 3 || sc.toks[from].size() > len("90") || sc.toks[from+2].size() < least {
		return from
	}
	j := sc.longitudeBehind(to)
	if j == to ||
		!sc.isDecimalAt(j) ||
		sc.at(j).size() > len("180") ||
		sc.at(j+2).size() < least ||
		chars.DigitsValue(sc.lit(from)) > 90 ||
		chars.DigitsValue(sc.lit(j)) > 180 {
		return from
	}
	end := j + 3
	signed := sc.isPunct(first, '-') || sc.isPunct(j-1, '-')
	if !signed && sc.decimalFollows(end) && sc.at(end+3).size() >= least {
		for sc.decimalFollows(end) {
			end += 4
		}
		return sc.protect(from, end) // a list of figures: 3.1415, 6.2831, 9.4247
	}
	return sc.add(uri, end, category.Geo)
}

// longitudeBehind returns the index of the number behind the signs at i that part a latitude
// from its longitude, or i where none stand: 42.1° N, -71.05.
func (sc *Scanner) longitudeBehind(i int) int {
	for sc.lit(i) == "°" || sc.lit(i) == "N" || sc.lit(i) == "S" {
		i++
	}
	if sc.isPunct(i, ',') {
		i++
	}
	if sc.isPunct(i, '-') {
		i++
	}
	return i
}

// isDecimalAt reports whether a decimal begins at token i: 71.05.
func (sc *Scanner) isDecimalAt(i int) bool {
	return sc.at(i).kind == tokenNumber && sc.decimalPoint(i+1)
}

// decimalFollows reports whether a comma and a decimal stand at token i.
func (sc *Scanner) decimalFollows(i int) bool { return sc.isPunct(i, ',') && sc.isDecimalAt(i+1) }

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
