package phi

import (
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A folded is the hash of text without case, accents and apostrophes, as far as
// it has been read: eight bytes at a time, so that most words are one step. Its
// start is startFolded.
type folded struct {
	h     uint64 // of whole blocks
	block uint64 // the bytes behind them, the first one lowest
	n     uint   // how many bits of block are in use
}

const (
	foldStart = 0x9e3779b97f4a7c15
	foldPrime = 0xd6e8feb86659fd93
)

var startFolded = folded{h: foldStart}

// foldBlock continues the hash h with a block, or with the last one's bytes and
// zeros behind them.
func foldBlock(h, block uint64) uint64 {
	hi, lo := bits.Mul64(h^block, foldPrime)
	return hi ^ lo
}

// finishFold returns the hash that h stands for. It is never 0.
func finishFold(h uint64) uint32 {
	if h := uint32(h ^ h>>32); h != 0 {
		return h
	}
	return 1
}

// foldHash returns the hash of a word without case, accents and apostrophes:
// that of "O'Bríen" is that of "obrien". It is never 0.
func foldHash(s string) uint32 {
	if end, hash, _ := plainRun(asBytes(s), 0); end == len(s) {
		return hash
	}
	f := startFolded
	f.write(s)
	return f.sum()
}

// sum returns the hash of what has been read.
func (f *folded) sum() uint32 {
	if f.n == 0 {
		return finishFold(f.h)
	}
	return finishFold(foldBlock(f.h, f.block))
}

// add reads a byte as it is.
func (f *folded) add(c byte) {
	f.block |= uint64(c) << f.n
	if f.n += 8; f.n == 64 {
		f.h, f.block, f.n = foldBlock(f.h, f.block), 0, 0
	}
}

// write reads text.
func (f *folded) write(s string) {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if isUpper(c) {
				c |= 0x20
			}
			if c != '\'' {
				f.add(c)
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case r >= 0xc0 && r < 0x250:
			if b := baseLetters[r-0xc0]; b != 0 {
				f.add(b)
				continue
			}
		case r >= 0x300 && r < 0x370, r == '’', r == '\u00ad', r == '\u200b':
			continue
		}
		var buf [utf8.UTFMax]byte
		for _, c := range buf[:utf8.EncodeRune(buf[:], unicode.ToLower(r))] {
			f.add(c)
		}
	}
}

// A wordSet holds a few words by their folded hash.
type wordSet []uint32

// setOf returns the set of the words in s, which stand between spaces.
func setOf(s string) wordSet {
	var w wordSet
	for word := range strings.FieldsSeq(s) {
		w = append(w, foldHash(word))
	}
	return w
}

func (w wordSet) has(hash uint32) bool { return hash != 0 && slices.Contains(w, hash) }

// A largeSet is a wordSet that tells most words outside of it at a look.
type largeSet struct {
	filter [16]uint64
	words  wordSet
}

func largeSetOf(s string) *largeSet { return union(setOf(s)) }

// union returns a set of the words of several.
func union(sets ...wordSet) *largeSet {
	var l largeSet
	for _, set := range sets {
		for _, h := range set {
			l.filter[h>>6&15] |= 1 << (h & 63)
		}
		l.words = append(l.words, set...)
	}
	return &l
}

func (l *largeSet) has(hash uint32) bool {
	return l.filter[hash>>6&15]&(1<<(hash&63)) != 0 && l.words.has(hash)
}

// suffixFold reports whether s ends with the lower-case suffix, in any case,
// and has at least three bytes before it.
func suffixFold(s, suffix string) bool {
	n := len(s) - len(suffix)
	if n <= 2 {
		return false
	}
	for i := range len(suffix) {
		if c := s[n+i]; c|suffix[i] >= 0x80 {
			return strings.EqualFold(s[n:], suffix)
		} else if c|0x20 != suffix[i] {
			return false
		}
	}
	return true
}

// baseLetters are the letters from U+00C0 to U+024F without their accents.
var baseLetters = func() (t [0x250 - 0xc0]byte) {
	for base, letters := range map[byte]string{
		'a': "ÀÁÂÃÄÅÆàáâãäåæĀāĂăĄąǍǎǞǟǠǡǺǻȀȁȂȃȦȧ",
		'b': "ƀƁƃ", 'c': "ÇçĆćĈĉĊċČčƇƈ", 'd': "ÐðĎďĐđƉƊ",
		'e': "ÈÉÊËèéêëĒēĔĕĖėĘęĚěƎƏƐǝȄȅȆȇȨȩ", 'f': "Ƒƒ", 'g': "ĜĝĞğĠġĢģƓǤǥǦǧǴǵ",
		'h': "ĤĥĦħȞȟ", 'i': "ÌÍÎÏìíîïĨĩĪīĬĭĮįİıƗǏǐȈȉȊȋ", 'j': "Ĵĵǰ", 'k': "ĶķĸƘƙǨǩ",
		'l': "ĹĺĻļĽľĿŀŁłƚ", 'n': "ÑñŃńŅņŇňŉŊŋƝƞǸǹ", 'o': "ÒÓÔÕÖØòóôõöøŌōŎŏŐőŒœƆƟƠơǑǒǪǫǬǭǾǿȌȍȎȏȪȫȬȭȮȯȰȱ",
		'p': "ƤƥÞþ", 'r': "ŔŕŖŗŘřȐȑȒȓ", 's': "ŚśŜŝŞşŠšȘșßſ", 't': "ŢţŤťŦŧƫƬƭƮȚț",
		'u': "ÙÚÛÜùúûüŨũŪūŬŭŮůŰűŲųƯưǓǔǕǖǗǘǙǚǛǜȔȕȖȗ", 'w': "Ŵŵ", 'y': "ÝýÿŶŷŸƳƴȲȳ", 'z': "ŹźŻżŽžƵƶ",
	} {
		for _, r := range letters {
			t[r-0xc0] = base
		}
	}
	return
}()
