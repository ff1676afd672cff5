// Package cue holds the everyday words that say something about the words around
// them: Dr. and a name follows, Hospital and the name of a place stands before.
package cue

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/words"
)

// A Cue is what an everyday word says about the words around it.
type Cue struct {
	Is  Kind
	Cat category.Category // of keys
	arg uint8             // of months: 1 to 12
}

// A Kind is what a cue says. A word may be of several.
type Kind uint64

// The kinds of cues.
const (
	Month      Kind = 1 << iota
	Weekday         // Monday
	Title           // a name follows: Dr, Mrs
	Relation        // a name may follow: patient, wife, nurse
	Intro           // a name follows: named, name is, signed
	Key             // an identifier follows: MRN, account
	WeakKey         // as Key, if it says number or the like as well
	Noun            // number, no, id, #
	Street          // ends a street: Road, Ave
	Road            // begins a street: rue, via
	Facility        // ends the name of a place of care: Hospital
	In              // a place may follow: in, from, near
	State           // a state of the USA, in full
	Country         // a country, in full
	Stop            // never part of a name: the, and, this
	Medical         // an eponym may stand before it: disease, scale
	NotName         // capitalised, but not a name: English, Medicare
	Speech          // a name may stand before it: said, denies
	Suffix          // ends a name: Jr, MD
	Particle        // stands within names: van, de
	Company         // ends the name of a company: Inc
	Date            // a date may follow: on, since, born
	Unit            // a quantity stands before it: mg, years
	Eponym          // a name that stands for a disease, scale or drug
	Numeral         // written numbers: ninety
	Fill            // may stand between a key and its value: is, of
	Holiday         // a day of the calendar: Christmas
	Greeting        // dear, hi, thanks
	UnitWord        // part of an address: apt, suite
	Address         // an address may follow: lives, office
	PlaceStart      // begins the name of a country of several words
	Care            // the name of a place of care may follow: seen, admitted
	Tell            // a person stands behind it: told, called, by
	Thing           // the name of a thing stands before it: lotion, type
	Town            // a town may follow: grew, originally, moved
	Digit           // a digit in words: seven, oh
	Lead            // a name in small letters may stand behind it: with, to
)

// All are the different cues; the first says nothing.
var All [256]Cue

// Table maps words, by their hash, to indices into All.
var Table = build()

// An index is a hash table with room to spare, so that the first look nearly
// always tells. An entry is the lower 24 bits of a hash and, below them, the
// place of a cue in All; 0 is none. The upper bits of a hash say where it belongs.
type index [1 << 13]uint32

// Get returns the cue of the word with this hash, 0 for none.
func (t *index) Get(h uint32) uint8 {
	for i := h >> 19; ; i++ {
		if e := t[i%uint32(len(t))]; e == 0 || e>>8 == h&0xffffff {
			return uint8(e)
		}
	}
}

func (t *index) set(h uint32, at uint8) {
	for i := h >> 19; ; i++ {
		if e := &t[i%uint32(len(t))]; *e == 0 || *e>>8 == h&0xffffff {
			*e = h<<8 | uint32(at)
			return
		}
	}
}

// or adds a cue to what the table says of a word.
func (t *index) or(h uint32, add Cue, known map[Cue]uint8) {
	c := All[t.Get(h)]
	c.Is |= add.Is
	if add.Cat != category.None {
		c.Cat = add.Cat
	}
	if add.arg != 0 {
		c.arg = add.arg
	}
	index, ok := known[c]
	if !ok {
		if len(known) == len(All) {
			panic("phi: too many different cues")
		}
		index = uint8(len(known))
		All[index], known[c] = c, index
	}
	t.set(h, index)
}

// build merges the lists: equal cues share an index.
func build() *index {
	t := new(index)
	known := map[Cue]uint8{{}: 0}
	for _, g := range lists {
		for i, w := range strings.Fields(g.words) {
			add := Cue{Is: g.is, Cat: g.cat}
			if g.is == Month {
				add.arg = uint8(i%12) + 1
			}
			t.or(words.Hash(strings.ReplaceAll(w, "_", " ")), add, known)
			if end := strings.IndexAny(w, "_-"); end > 0 && g.is&(State|Country) != 0 {
				t.or(words.Hash(w[:end]), Cue{Is: PlaceStart}, known)
			}
		}
	}
	return t
}
