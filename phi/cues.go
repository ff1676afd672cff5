package phi

import "strings"

// A cue is what an everyday word says about the words around it.
type cue struct {
	is  cueKind
	cat Category // of keys
	arg uint8    // of months: 1 to 12
}

type cueKind uint64

const (
	cueMonth      cueKind = 1 << iota
	cueWeekday            // Monday
	cueTitle              // a name follows: Dr, Mrs
	cueRelation           // a name may follow: patient, wife, nurse
	cueIntro              // a name follows: named, name is, signed
	cueKey                // an identifier follows: MRN, account
	cueWeakKey            // as cueKey, if it says number or the like as well
	cueNoun               // number, no, id, #
	cueStreet             // ends a street: Road, Ave
	cueRoad               // begins a street: rue, via
	cueFacility           // ends the name of a place of care: Hospital
	cueIn                 // a place may follow: in, from, near
	cueState              // a state of the USA, in full
	cueCountry            // a country, in full
	cueStop               // never part of a name: the, and, this
	cueMedical            // an eponym may stand before it: disease, scale
	cueNotName            // capitalised, but not a name: English, Medicare
	cueSpeech             // a name may stand before it: said, denies
	cueSuffix             // ends a name: Jr, MD
	cueParticle           // stands within names: van, de
	cueCompany            // ends the name of a company: Inc
	cueDate               // a date may follow: on, since, born
	cueUnit               // a quantity stands before it: mg, years
	cueEponym             // a name that stands for a disease, scale or drug
	cueNumeral            // written numbers: ninety
	cueFill               // may stand between a key and its value: is, of
	cueHoliday            // a day of the calendar: Christmas
	cueGreeting           // dear, hi, thanks
	cueUnitWord           // part of an address: apt, suite
	cueAddress            // an address may follow: lives, office
	cuePlaceStart         // begins the name of a country of several words
	cueCare               // the name of a place of care may follow: seen, admitted
	cueTell               // a person stands behind it: told, called, by
	cueThing              // the name of a thing stands before it: lotion, type
	cueTown               // a town may follow: grew, originally, moved
	cueDigit              // a digit in words: seven, oh
)

var cues = []cue{{}}

// cueTable maps folded hashes to indices into cues.
var cueTable = buildCues()

// A cueIndex is a hash table with room to spare, so that the first look nearly
// always tells. An entry is the lower 24 bits of a hash and, below them, an
// index; 0 is none. The upper bits of a hash say where it belongs.
type cueIndex [1 << 13]uint32

func (t *cueIndex) get(h uint32) uint8 {
	for i := h >> 19; ; i++ {
		if e := t[i%uint32(len(t))]; e == 0 || e>>8 == h&0xffffff {
			return uint8(e)
		}
	}
}

func (t *cueIndex) set(h uint32, index uint8) {
	for i := h >> 19; ; i++ {
		if e := &t[i%uint32(len(t))]; *e == 0 || *e>>8 == h&0xffffff {
			*e = h<<8 | uint32(index)
			return
		}
	}
}

// or adds a cue to what the table says of a word.
func (t *cueIndex) or(h uint32, add cue, known map[cue]uint8) {
	c := cues[t.get(h)]
	c.is |= add.is
	if add.cat != None {
		c.cat = add.cat
	}
	if add.arg != 0 {
		c.arg = add.arg
	}
	index, ok := known[c]
	if !ok {
		if len(cues) == 256 {
			panic("phi: too many different cues")
		}
		index = uint8(len(cues))
		cues = append(cues, c)
		known[c] = index
	}
	t.set(h, index)
}

// buildCues merges the word lists below: equal cues share an index.
func buildCues() *cueIndex {
	t := new(cueIndex)
	known := map[cue]uint8{{}: 0}
	for _, g := range cueWords {
		for i, w := range strings.Fields(g.words) {
			add := cue{is: g.is, cat: g.cat}
			if g.is == cueMonth {
				add.arg = uint8(i%12) + 1
			}
			t.or(foldHash(strings.ReplaceAll(w, "_", " ")), add, known)
			if end := strings.IndexAny(w, "_-"); end > 0 && g.is&(cueState|cueCountry) != 0 {
				t.or(foldHash(w[:end]), cue{is: cuePlaceStart}, known)
			}
		}
	}
	return t
}

func (t *token) cueIs(k cueKind) bool { return cues[t.cue].is&k != 0 }

// cueless reports whether a word has no cue by itself, though the name of a country
// may begin with it: Norfolk is a town and Wallis a person.
func (t *token) cueless() bool { return !t.cueIs(^cuePlaceStart) }

// cueWord recognises what begins with, or is announced by, the word at i.
func (sc *scanner) cueWord(i int) int {
	t := &sc.toks[i]
	c := cues[t.cue]
	if c.is&cueDigit != 0 {
		if n := sc.at(i + 1); n.kind == tokenWord && n.cue == 0 && !repeated.has(n.hash) || n.cue != 0 && !n.cueIs(cueDigit) {
			return i + 1
		}
		return max(sc.spokenNumber(i), i+1)
	}
	if c.is&cueMonth != 0 {
		if next := sc.monthDate(i); next > i {
			return next
		}
		if next := sc.bareMonth(i); next > i {
			return next
		}
	}
	if c.is&cueWeekday != 0 && (t.flags&capital != 0 || t.size() > 5) {
		return sc.weekday(i)
	}
	if c.is&cueWeekday != 0 && t.size() > 2 { // wed 10/22
		if sc.shortDate(i + 1); sc.at(i+1).flags&used != 0 && i+1 < len(sc.toks) {
			return sc.add(i, i+1, Date)
		}
	}
	if c.is&cueHoliday != 0 && t.flags&capital != 0 && sc.at(i-1).cueIs(cueDate|cueStop) && sc.at(i-1).hash != hashFor && sc.at(i-1).hash != hashCx && sc.at(i-1).hash != hashWith && sc.at(i-1).hash != hashThe {
		return sc.add(sc.withRelative(i), i+1, Date)
	}
	if c.is&(cueKey|cueWeakKey) != 0 {
		if next := sc.key(i, c); next > i {
			return next
		}
	}
	if c.is&cueDate != 0 && !sc.culture(i) {
		switch n := sc.at(i + 1); n.kind {
		case tokenNumber:
			sc.shortDate(i + 1)
		case tokenPunct:
			if sc.text[n.start] == ':' {
				sc.shortDate(i + 2)
			}
		case tokenWord:
			if n.hash == hashThe {
				sc.wordedDay(i)
			} else if n.flags&capital != 0 && t.hash != hashBefore {
				sc.namedDay(i)
			}
		}
		if c.cat == BirthDate {
			sc.birthYear(i + 1)
		}
	}
	if t.hash == hashAt {
		if next := sc.spokenEmail(i); next > i {
			return next
		}
	}
	if c.is&(cueRoad|cueUnitWord|cueStreet) != 0 {
		if next := sc.road(i, c); next > i {
			return next
		}
	}
	if c.is&cueAddress != 0 {
		if next := sc.announced(i); next > i {
			return next
		}
	}
	if c.is&cueNumeral != 0 {
		if next := sc.wordedAge(i); next > i {
			return next
		}
	}
	return i + 1
}
