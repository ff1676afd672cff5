package phi

import (
	"bytes"
	"compress/flate"
	_ "embed"
	"io"
	"sync"
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

// flags of a word. Each field is 0 when the word isn't in that list.
type flags uint8

func (f flags) given() int   { return int(f & 3) }
func (f flags) surname() int { return int(f >> 2 & 3) }
func (f flags) word() int    { return int(f >> 4 & 3) }
func (f flags) city() int    { return int(f>>6&3) % 3 } // 3 is a medicine
func (f flags) drug() bool   { return f>>6 == 3 }

// named reports whether the word is a given name or a surname.
func (f flags) named() bool { return f&3 > 0 || f.surname() >= 2 }

// everyday reports whether the word is one of the more common words, and
// neither a name nor a medicine: not even rarely.
func (f flags) everyday() bool {
	return f.word() >= 2 && f.given() == 0 && f.surname() < 2 && f>>6 == 0
}

func (f flags) merge(o flags) flags {
	var m flags
	for shift := 0; shift < 8; shift += 2 {
		m |= max(f>>shift&3, o>>shift&3) << shift
	}
	return m
}

// A wordTable is a hash table of words by their folded hash. A lookup that
// isn't in the table is taken for a word that is with a probability below
// 1 in 10,000; it never misses one that is.
//
// An entry is the lower 24 bits of a hash and, below them, the word's flags; 0 is
// none. The upper 19 bits say where it belongs: hashes that share an entry's
// bits belong so far apart that they aren't taken for one another.
type wordTable [1 << 19]uint32

var loadLists = sync.OnceValue(func() *wordTable {
	b, err := io.ReadAll(flate.NewReader(bytes.NewReader(listsBin)))
	if err != nil || len(b) < 4 {
		panic("phi: the embedded lists are damaged")
	}
	n := int(b[0]) | int(b[1])<<8 | int(b[2])<<16 | int(b[3])<<24
	lengths, fl, text := b[4:4+2*n], b[4+2*n:4+3*n], b[4+3*n:]
	t := new(wordTable)
	var entry []byte
	for i := range n {
		size := int(lengths[2*i+1])
		entry = append(entry[:lengths[2*i]], text[:size]...)
		text = text[size:]
		f := flags(fl[i])
		t.add(foldHash(asString(entry)), f)
		if bytes.IndexByte(entry, '-') > 0 && f>>6 == 0 {
			for part := range bytes.SplitSeq(entry, []byte{'-'}) {
				if len(part) > 2 {
					t.add(foldHash(asString(part)), flags(min(f.given(), 1)|min(f.surname(), 1)<<2))
				}
			}
		}
	}
	return t
})

func (t *wordTable) add(h uint32, f flags) {
	for i := h >> 13; ; i++ {
		if e := &t[i%uint32(len(t))]; *e == 0 || *e>>8 == h&0xffffff {
			*e = h<<8 | uint32(flags(*e).merge(f))
			return
		}
	}
}

// each calls f for each word: the lower 24 bits of its hash, and its flags.
func (t *wordTable) each(f func(hash uint32, l flags)) {
	for _, e := range t {
		if e != 0 {
			f(e>>8, flags(e))
		}
	}
}

func (t *wordTable) get(h uint32) flags {
	for i := h >> 13; ; i++ {
		if e := t[i%uint32(len(t))]; e == 0 || e>>8 == h&0xffffff {
			return flags(e)
		}
	}
}
