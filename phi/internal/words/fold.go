// Package words holds what is told of words: which are names, everyday words,
// cities or medicines, by lists; and sets and dictionaries of words. Words are
// compared by a hash without case, accents and apostrophes.
package words

import (
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/carebus/carebus/phi/internal/chars"
)

// A Folded is the hash of text without case, accents and apostrophes, as far as
// it has been read: eight bytes at a time, so that most words are one step. Its
// start is StartFolded.
type Folded struct {
	h     uint64 // of whole blocks
	block uint64 // the bytes behind them, the first one lowest
	n     uint   // how many bits of block are in use
}

// By these a hash of text without capitals, accents and apostrophes is made of blocks
// of eight bytes.
const (
	HashStart = 0x9e3779b97f4a7c15
	HashPrime = 0xd6e8feb86659fd93
)

// StartFolded is the Folded of no text.
var StartFolded = Folded{h: HashStart}

// HashBlock continues the hash h with a block, or with the last one's bytes and
// zeros behind them.
func HashBlock(h, block uint64) uint64 {
	hi, lo := bits.Mul64(h^block, HashPrime)
	return hi ^ lo
}

// FinishHash returns the hash that h stands for. It is never 0.
func FinishHash(h uint64) uint32 {
	if h := uint32(h ^ h>>32); h != 0 {
		return h
	}
	return 1
}

// Hash returns the hash of a word without case, accents and apostrophes:
// that of "O'Bríen" is that of "obrien". It is never 0.
func Hash(s string) uint32 {
	if end, hash, _ := PlainRun(chars.Bytes(s), 0); end == len(s) {
		return hash
	}
	f := StartFolded
	f.Write(s)
	return f.Sum()
}

// Sum returns the hash of what has been read.
func (f *Folded) Sum() uint32 {
	if f.n == 0 {
		return FinishHash(f.h)
	}
	return FinishHash(HashBlock(f.h, f.block))
}

// Add reads a byte as it is.
func (f *Folded) Add(c byte) {
	f.block |= uint64(c) << f.n
	if f.n += 8; f.n == 64 {
		f.h, f.block, f.n = HashBlock(f.h, f.block), 0, 0
	}
}

// Write reads text.
func (f *Folded) Write(s string) {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if chars.IsUpper(c) {
				c |= 0x20
			}
			if c != '\'' {
				f.Add(c)
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case r >= 0xc0 && r < 0x250:
			if b := BaseLetters[r-0xc0]; b != 0 {
				f.Add(b)
				continue
			}
		case r >= 0x300 && r < 0x370, r == '’', r == '\u00ad', r == '\u200b':
			continue
		}
		var buf [utf8.UTFMax]byte
		for _, c := range buf[:utf8.EncodeRune(buf[:], unicode.ToLower(r))] {
			f.Add(c)
		}
	}
}

// A Set holds a few words by their folded hash. It tells most words outside of it at a
// look.
type Set struct {
	filter [16]uint64
	hashes []uint32
}

// SetOf returns the set of the words in s, which stand between spaces.
func SetOf(s string) *Set {
	set := new(Set)
	for word := range strings.FieldsSeq(s) {
		set.add(Hash(word))
	}
	return set
}

// Union returns a set of the words of several.
func Union(sets ...*Set) *Set {
	all := new(Set)
	for _, set := range sets {
		for _, h := range set.hashes {
			all.add(h)
		}
	}
	return all
}

func (s *Set) add(hash uint32) {
	s.filter[hash>>6&15] |= 1 << (hash & 63)
	s.hashes = append(s.hashes, hash)
}

// Has reports whether a word of this hash is in the set. 0 is no word's.
func (s *Set) Has(hash uint32) bool {
	return s.filter[hash>>6&15]&(1<<(hash&63)) != 0 && slices.Contains(s.hashes, hash)
}

// HasSuffixFold reports whether s ends with the lower-case suffix, in any case,
// and has at least three bytes before it.
func HasSuffixFold(s, suffix string) bool {
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

// BaseLetters are the letters from U+00C0 to U+024F without their accents.
var BaseLetters = func() (t [0x250 - 0xc0]byte) {
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

// Seen is what a word or number is made of.
type Seen uint8

// What a word or number is made of.
const (
	SeenLower Seen = 1 << iota
	SeenUpper
	SeenUppers // two or more
	SeenDigit
	SeenCapital    // its first letter is one
	SeenPossessive // 's follows
)

// PlainRun returns where the run of ASCII letters and digits that begins at i
// ends, its Hash, and what it is made of. It reads eight bytes at a time.
func PlainRun(b []byte, i int) (end int, hash uint32, has Seen) {
	w := chars.EightBytes(b, i)
	letter, digit := lettersAndDigits(w)
	stop := chars.HighBits &^ (letter | digit)
	if stop == 0 {
		return longRun(b, i+8, w, letter, digit)
	}
	n := uint(bits.TrailingZeros64(stop)) &^ 7
	keep := uint64(1)<<(n&63) - 1
	letter, digit = letter&keep, digit&keep
	upper := letter &^ (w << 2)
	has = Seen(upper>>7&1)*SeenCapital | seenIn(upper, letter&^upper, digit)
	return i + int(n>>3), FinishHash(HashBlock(HashStart, inSmall(w)&keep)), has
}

// longRun is PlainRun for a run that goes on at i behind its first eight bytes, which
// hold letters and digits alone.
func longRun(b []byte, i int, first, letter, digit uint64) (end int, hash uint32, has Seen) {
	h := HashBlock(HashStart, inSmall(first))
	uppers := letter &^ (first << 2) // a bit for a byte; two for the same byte of two blocks
	lowers, digits := letter&^uppers, digit
	has = Seen(uppers>>7&1) * SeenCapital
	for ; ; i += 8 {
		w := chars.EightBytes(b, i)
		letter, digit = lettersAndDigits(w)
		n, keep := uint(64), ^uint64(0)
		if stop := chars.HighBits &^ (letter | digit); stop != 0 {
			n = uint(bits.TrailingZeros64(stop)) &^ 7
			if n == 0 {
				return i, FinishHash(h), has | seenIn(uppers, lowers, digits)
			}
			keep = uint64(1)<<(n&63) - 1
		}
		h = HashBlock(h, inSmall(w)&keep)
		upper := letter & keep &^ (w << 2)
		uppers |= upper | upper&uppers>>1
		lowers |= letter & keep &^ upper
		digits |= digit & keep
		if n < 64 {
			return i + int(n>>3), FinishHash(h), has | seenIn(uppers, lowers, digits)
		}
	}
}

// inSmall returns eight bytes with letters in lower case. Digits stay.
func inSmall(w uint64) uint64 { return w | chars.LowBits*0x20 }

// lettersAndDigits returns the highest bit of each of eight bytes that is a letter of
// ASCII, and of each that is a digit.
func lettersAndDigits(w uint64) (letter, digit uint64) {
	low := inSmall(w) &^ chars.HighBits
	letter = (low + chars.LowBits*(0x80-'a')) &^ (low + chars.LowBits*(0x80-'z'-1)) &^ w & chars.HighBits
	low = w &^ chars.HighBits
	digit = (low + chars.LowBits*(0x80-'0')) &^ (low + chars.LowBits*(0x80-'9'-1)) &^ w & chars.HighBits
	return letter, digit
}

func seenIn(uppers, lowers, digits uint64) (has Seen) {
	if uppers != 0 {
		has |= SeenUpper
	}
	if uppers&(uppers-1) != 0 {
		has |= SeenUppers
	}
	if lowers != 0 {
		has |= SeenLower
	}
	if digits != 0 {
		has |= SeenDigit
	}
	return has
}
