package phi

import "strings"

// facility finds places of care and schooling by the word that ends their
// name: Stanford Hospital, Brigham and Women's Hospital, UCLA Medical Center.
func (sc *scanner) facility(i int) int {
	t := &sc.toks[i]
	if t.cueIs(cueStop) && !(t.hash == hashNew) || t.flags&used != 0 || t.cueIs(cueRelation|cueSpeech) {
		return i
	}
	last, named := -1, false
	for j := i; j < len(sc.toks) && j < i+9; j++ {
		w := &sc.toks[j]
		if w.flags&used != 0 || j > i && w.flags&lineBefore != 0 {
			break
		}
		if w.kind == tokenPunct {
			c := sc.text[w.start]
			if c == '.' && sc.at(j-1).size() <= 2 && sc.joined(j) || c == '-' && sc.joined(j) && sc.joined(j+1) || c == '&' || c == '\'' {
				continue
			}
			break
		}
		if w.kind != tokenWord {
			break
		}
		if w.cueIs(cueFacility) && (w.flags&capital != 0 && j > i || named && j > i && careWord(w)) {
			if named {
				last = j
				continue
			}
			if j == i {
				continue
			}
		}
		if w.flags&capital == 0 && !(w.hash == hashAnd || w.hash == hashOf || w.hash == hashFor || w.hash == hashThe || w.cueIs(cueParticle) && w.size() > 1) {
			break
		}
		if w.flags&capital != 0 && !w.cueIs(cueFacility|cueNotName) && (w.list.word() < 3 || j > i) && !w.cueIs(cueStop) {
			named = true
		}
		if w.hash == hashNew || w.cueIs(cueState|cueCountry) || w.hash == hashSaint {
			named = true
		}
	}
	if last < 0 {
		return i
	}
	from := i
	if c := &sc.toks[i]; c.flags&sentence != 0 && c.list.word() >= 2 && c.list.city() == 0 && last > i+1 {
		from = i + 1
		return max(i+1, sc.facility(from))
	}
	return sc.add(from, last+1, Place)
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
	hashClinic   = foldHash("clinic")
	hashHospital = foldHash("hospital")
	hashFacility = foldHash("facility")
	hashOffice   = foldHash("office")
	hashCampus   = foldHash("campus")
	hashCenter   = foldHash("center")
	hashER       = foldHash("er")
	hashNew      = foldHash("new")
	hashFor      = foldHash("for")
	hashSaint    = foldHash("saint")
)

// findPlaces is the third pass: cities and what stands where a place stands.
func (sc *scanner) findPlaces() {
	if !sc.capitals {
		return
	}
	for i := 0; i < len(sc.toks); {
		t := &sc.toks[i]
		if t.kind != tokenWord || t.flags&(used|capital) != capital {
			i++
			continue
		}
		i = sc.place(i)
	}
}

// place judges the capitalised words at i.
func (sc *scanner) place(i int) int {
	t := &sc.toks[i]
	if n := sc.mountPlace(i); n > i {
		return n
	}
	// The longest run of up to four words that is a city.
	best, tier := 0, 0
	h := uint32(hashStart)
	for j, n := i, 0; n < 4 && j < len(sc.toks); n++ {
		w := &sc.toks[j]
		if w.kind != tokenWord || w.flags&used != 0 || n > 0 && w.flags&lineBefore != 0 || w.flags&capital == 0 && !w.cueIs(cueParticle|cueStop) {
			break
		}
		if n > 0 {
			h = (h ^ ' ') * hashPrime
		}
		h = foldMore(h, sc.lit(j))
		if f := sc.lists.get(finishHash(h)); f.city() > 0 && w.flags&capital != 0 {
			best, tier = j+1, f.city()
		}
		j++
		if sc.isPunct(j, '-') && sc.joined(j) && sc.joined(j+1) {
			h = (h ^ '-') * hashPrime
			h = foldMore(h, sc.lit(j+1))
			if f := sc.lists.get(finishHash(h)); f.city() > 0 {
				best, tier = j+2, f.city()
			}
			break
		}
	}
	end := i + 1
	for n := 0; n < 3 && sc.at(end).kind == tokenWord && sc.at(end).flags&(used|capital|lineBefore) == capital && !sc.isState(end); n++ {
		end++
	}
	l := t.list
	before := sc.at(i - 1)
	in := before.cueIs(cueIn) && t.flags&lineBefore == 0 && before.kind == tokenWord
	// City, ST and City, State and City, Country.
	if sc.isPunct(end, ',') && sc.at(end+1).flags&lineBefore == 0 {
		k := end + 1
		switch {
		case sc.isState(k):
			return sc.add(i, sc.zipTail(k+1), Place)
		case sc.at(k).cueIs(cueState|cueCountry) && sc.at(k).flags&capital != 0 && (l.word() < 2 || best > 0 || in):
			return sc.add(i, sc.zipTail(k+1), Place)
		}
	}
	if end > i+1 && sc.isState(end) && sc.at(end).flags&lineBefore == 0 && (best > 0 || sc.at(end+1).kind == tokenNumber && sc.at(end+1).size() == 5) {
		return sc.add(i, sc.zipTail(end+1), Place)
	}
	if t.cueIs(cueNotName|cueStop|cueEponym|cueMonth|cueKey) && best <= i+1 {
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
	case in && l.word() == 0 && !sc.acronym(t) && l.surname() >= 1:
		return sc.add(i, end, Place)
	case properSuffix(sc.lit(i)) && l.word() == 0 && t.size() > 6:
		return sc.add(i, i+1, Place)
	}
	return i + 1
}

// mountPlace finds Mt. Sinai, St. Vincent's, Fort Worth.
func (sc *scanner) mountPlace(i int) int {
	t := &sc.toks[i]
	switch t.hash {
	case hashSt, hashMt, hashFt, hashSaint, hashMount, hashFort, hashSan, hashSanta:
	default:
		return i
	}
	j := i + 1
	if sc.isPunct(j, '.') && sc.joined(j) {
		j++
	}
	n := sc.at(j)
	if n.kind != tokenWord || n.flags&(capital|used|lineBefore) != capital {
		return i
	}
	j++
	if w := sc.at(j); w.kind == tokenWord && w.flags&(capital|used|lineBefore) == capital && !n.is(possessive) && w.list.word() < 2 {
		j++
	}
	return sc.add(i, j, Place)
}

var (
	hashSt    = foldHash("st")
	hashMt    = foldHash("mt")
	hashFt    = foldHash("ft")
	hashMount = foldHash("mount")
	hashFort  = foldHash("fort")
	hashSan   = foldHash("san")
	hashSanta = foldHash("santa")
)

// properSuffix reports whether a word ends like a place: -ville, -burg.
func properSuffix(s string) bool {
	s = strings.ToLower(s)
	for _, e := range []string{"ville", "burgh", "burg", "borough", "shire", "stadt", "polis", "heim", "hausen", "wood", "field", "port"} {
		if strings.HasSuffix(s, e) && len(s) > len(e)+2 {
			return true
		}
	}
	return false
}
