package phi

import (
	"unicode"
	"unicode/utf8"
)

// words splits a key into its words, written without separators in lower case.
type words struct {
	text   [96]byte
	starts [24]uint8
	n      int // words
	size   int // bytes
}

func (w *words) word(i int) []byte { return w.text[w.starts[i]:w.end(i)] }

func (w *words) end(i int) int {
	if i+1 < w.n {
		return int(w.starts[i+1])
	}
	return w.size
}

func (w *words) split(key []byte) {
	w.n, w.size = 0, 0
	boundary := true
	for i := 0; i < len(key) && w.size < len(w.text); i++ {
		c := key[i]
		switch byteClasses[c] {
		case classLower, classDigit:
		case classUpper:
			if i > 0 {
				afterLower := isLower(key[i-1]) || isDigit(key[i-1])
				endOfCapitals := isUpper(key[i-1]) && i+1 < len(key) && isLower(key[i+1])
				boundary = boundary || afterLower || endOfCapitals
			}
			c |= 0x20
		case classHigh:
			r, n := utf8.DecodeRune(key[i:])
			if boundary, i = w.letter(key, i, r, boundary), i+n-1; w.n > len(w.starts) {
				w.n = len(w.starts)
				return
			}
			continue
		default:
			boundary = boundary || c != '\'' || i == 0 || !isLetter(key[i-1])
			continue
		}
		if boundary {
			if w.n == len(w.starts) {
				return
			}
			w.starts[w.n] = uint8(w.size)
			w.n++
			boundary = false
		}
		w.text[w.size] = c
		w.size++
	}
}

// letter adds the letter r at index i of key, which isn't ASCII: without
// accents, in lower case. A Chinese character is a word. It reports whether
// another word begins behind it.
func (w *words) letter(key []byte, i int, r rune, boundary bool) bool {
	plain, isPlain := plainRune(r)
	switch {
	case isPlain && plain == 0:
		return boundary
	case isPlain && !isLetter(plain) && !isDigit(plain), !isPlain && !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r):
		return true
	case unicode.Is(unicode.Mn, r): // an accent of its own
		return boundary
	}
	if p, _ := utf8.DecodeLastRune(key[:i]); unicode.IsUpper(r) && unicode.IsLower(p) {
		boundary = true
	}
	han := unicode.Is(unicode.Han, r)
	if boundary || han {
		if w.n == len(w.starts) {
			w.n++
			return true
		}
		w.starts[w.n] = uint8(w.size)
		w.n++
	}
	var buf [utf8.UTFMax]byte
	b := buf[:utf8.EncodeRune(buf[:], unicode.ToLower(r))]
	switch {
	case isPlain:
		b = append(buf[:0], plain|0x20)
	case r == 'ß':
		b = append(buf[:0], "ss"...)
	case r >= 0xc0 && r < 0x250 && baseLetters[r-0xc0] != 0:
		b = append(buf[:0], baseLetters[r-0xc0])
	}
	w.size += copy(w.text[w.size:], b)
	return han
}

// spellOut writes the words of a key that are abbreviated in full, and reports
// whether there were any: pat_lst_nm is patient_last_name.
func (w *words) spellOut() bool {
	if w.n < 2 {
		return false
	}
	short := *w
	w.n, w.size = 0, 0
	changed := false
	for i := range short.n {
		word := short.word(i)
		if full, ok := abbreviations.get(word); ok {
			word, changed = asBytes(full), true
		} else if i > 0 && string(word) == "ln" && string(w.word(i-1)) == "address" {
			word, changed = []byte("line"), true
		}
		if w.size+len(word) > len(w.text) {
			return false
		}
		w.starts[w.n] = uint8(w.size)
		w.n++
		w.size += copy(w.text[w.size:], word)
	}
	return changed
}

// sortWords stand before "by" without a person behind it.
var sortWords = map[string]bool{"sort": true, "sorted": true, "order": true, "ordered": true, "group": true, "grouped": true, "filter": true, "partition": true, "caused": true, "blocked": true, "triggered": true, "divided": true}
