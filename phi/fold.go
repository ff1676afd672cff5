package phi

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	hashStart = 2166136261
	hashPrime = 16777619
)

// foldHash returns the hash of a word without case, accents and apostrophes:
// that of "O'Bríen" is that of "obrien". It is never 0.
func foldHash(s string) uint32 { return finishHash(foldMore(hashStart, s)) }

func finishHash(h uint32) uint32 {
	h ^= h >> 15
	if h == 0 {
		return 1
	}
	return h
}

// foldMore continues a hash with more text.
func foldMore(h uint32, s string) uint32 {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if isUpper(c) {
				c |= 0x20
			}
			if c != '\'' {
				h = (h ^ uint32(c)) * hashPrime
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case r >= 0xc0 && r < 0x250:
			if b := baseLetters[r-0xc0]; b != 0 {
				h = (h ^ uint32(b)) * hashPrime
				continue
			}
		case r >= 0x300 && r < 0x370, r == '’', r == '\u00ad', r == '\u200b':
			continue
		}
		var buf [utf8.UTFMax]byte
		for _, c := range buf[:utf8.EncodeRune(buf[:], unicode.ToLower(r))] {
			h = (h ^ uint32(c)) * hashPrime
		}
	}
	return h
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

// suffixFold reports whether s ends with the lower-case suffix, in any case,
// and has at least three bytes before it.
func suffixFold(s, suffix string) bool {
	n := len(s) - len(suffix)
	return n > 2 && strings.EqualFold(s[n:], suffix)
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
