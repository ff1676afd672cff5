package words

import (
	"bytes"
	"compress/flate"
	_ "embed"
	"io"
	"sync"

	"github.com/carebus/carebus/phi/internal/chars"
)

// lists.bin holds words, given names, surnames and cities. LISTS.md records
// where they come from. It is a DEFLATE stream of
//
//	uint32, little-endian   n, the number of entries
//	n × 2 bytes             how many bytes an entry shares with the one before, and how many follow
//	n bytes                 flags: two bits each for given name, surname, word and city, where 3 in place of a city's size says medicine
//	…                       the bytes that follow, lower case, UTF-8, of each entry in order
//
//go:embed lists.bin
var listsBin []byte

// Flags are what the lists say of a word. Each field is 0 when the word isn't in that list.
type Flags uint8

// The tiers of a word in the lists of given names, of surnames and of words. LISTS.md says
// where they begin.
const (
	Rare = 1 + iota
	Common
	Frequent
)

// Given returns how common the word is as a given name, up to Frequent.
func (f Flags) Given() int { return int(f & 3) }

// Surname returns how common the word is as a surname, up to Frequent.
func (f Flags) Surname() int { return int(f >> 2 & 3) }

// Word returns how common the word is as a word, up to Frequent.
func (f Flags) Word() int { return int(f >> 4 & 3) }

// LargeCity is the upper one of the tiers of cities.
const LargeCity = 2

// City returns how large the city is that has this name, up to LargeCity.
func (f Flags) City() int { return int(f>>6&3) % 3 } // 3 is a medicine

// Drug reports whether the word is a medicine.
func (f Flags) Drug() bool { return f>>6 == 3 }

// SmallTown reports whether the word is a city that isn't large and nothing else, but for a
// rare surname.
func (f Flags) SmallTown() bool { return f&^0x04 == 1<<6 }

// Named reports whether the word is a given name or a surname.
func (f Flags) Named() bool { return f&3 > 0 || f.Surname() >= Common }

// CommonName reports whether the word is common as a given name or as a surname.
func (f Flags) CommonName() bool { return f.Given() >= Common || f.Surname() >= Common }

// OnlyWord reports whether the word is one of any tier and no name.
func (f Flags) OnlyWord() bool { return f.Word() > 0 && !f.Named() }

// Everyday reports whether the word is one of the more common words, and
// neither a name nor a medicine: not even rarely.
func (f Flags) Everyday() bool {
	return f.Word() >= Common && f.Given() == 0 && f.Surname() < Common && f>>6 == 0
}

func (f Flags) merge(o Flags) Flags {
	var m Flags
	for shift := 0; shift < 8; shift += 2 {
		m |= max(f>>shift&3, o>>shift&3) << shift
	}
	return m
}

// A Table is a hash table of words by their folded hash. A lookup that
// isn't in the table is taken for a word that is with a probability below
// 1 in 10,000; it never misses one that is.
//
// An entry is the lower 24 bits of a hash and, below them, the word's flags; 0 is
// none. The upper 19 bits say where it belongs: hashes that share an entry's
// bits belong so far apart that they aren't taken for one another.
type Table [1 << 19]uint32

// Lists returns the words of the lists. It reads them once.
var Lists = sync.OnceValue(func() *Table {
	b, err := io.ReadAll(flate.NewReader(bytes.NewReader(listsBin)))
	if err != nil || len(b) < 4 {
		panic("phi: the embedded lists are damaged")
	}
	n := int(b[0]) | int(b[1])<<8 | int(b[2])<<16 | int(b[3])<<24
	lengths, fl, text := b[4:4+2*n], b[4+2*n:4+3*n], b[4+3*n:]
	t := new(Table)
	var entry []byte
	for i := range n {
		size := int(lengths[2*i+1])
		entry = append(entry[:lengths[2*i]], text[:size]...)
		text = text[size:]
		f := Flags(fl[i])
		t.add(Hash(chars.String(entry)), f)
		if bytes.IndexByte(entry, '-') > 0 && f>>6 == 0 {
			for part := range bytes.SplitSeq(entry, []byte{'-'}) {
				if len(part) > 2 {
					t.add(Hash(chars.String(part)), Flags(min(f.Given(), 1)|min(f.Surname(), 1)<<2))
				}
			}
		}
	}
	return t
})

func (t *Table) add(h uint32, f Flags) {
	for i := h >> 13; ; i++ {
		if e := &t[i%uint32(len(t))]; *e == 0 || *e>>8 == h&0xffffff {
			*e = h<<8 | uint32(Flags(*e).merge(f))
			return
		}
	}
}

// Each calls f for each word: the lower 24 bits of its hash, and its flags.
func (t *Table) Each(f func(hash uint32, l Flags)) {
	for _, e := range t {
		if e != 0 {
			f(e>>8, Flags(e))
		}
	}
}

// Get returns what the lists say of the word with this hash.
func (t *Table) Get(h uint32) Flags {
	for i := h >> 13; ; i++ {
		if e := t[i%uint32(len(t))]; e == 0 || e>>8 == h&0xffffff {
			return Flags(e)
		}
	}
}
