package lexicon

import (
	"unicode"
	"unicode/utf8"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/words"
)

// Words splits a key into its words, written without separators in lower case.
type Words struct {
	Text   [96]byte
	starts [24]uint8
	N      int // words
	Size   int // bytes
}

func (w *Words) word(i int) []byte { return w.Text[w.starts[i]:w.end(i)] }

func (w *Words) end(i int) int {
	if i+1 < w.N {
		return int(w.starts[i+1])
	}
	return w.Size
}

// Split makes w the words of key.
func (w *Words) Split(key []byte) {
	w.N, w.Size = 0, 0
	boundary := true
	for i := 0; i < len(key) && w.Size < len(w.Text); i++ {
		c := key[i]
		switch chars.Classes[c] {
		case chars.ClassLower, chars.ClassDigit:
		case chars.ClassUpper:
			if i > 0 {
				afterLower := chars.IsLower(key[i-1]) || chars.IsDigit(key[i-1])
				endOfCapitals := chars.IsUpper(key[i-1]) && i+1 < len(key) && chars.IsLower(key[i+1])
				boundary = boundary || afterLower || endOfCapitals
			}
			c |= 0x20
		case chars.ClassHigh:
			r, n := utf8.DecodeRune(key[i:])
			if boundary, i = w.letter(key, i, r, boundary), i+n-1; w.N > len(w.starts) {
				w.N = len(w.starts)
				return
			}
			continue
		default:
			boundary = boundary || c != '\'' || i == 0 || !chars.IsLetter(key[i-1])
			continue
		}
		if boundary {
			if w.N == len(w.starts) {
				return
			}
			w.starts[w.N] = uint8(w.Size)
			w.N++
			boundary = false
		}
		w.Text[w.Size] = c
		w.Size++
	}
}

// letter adds the letter r at index i of key, which isn't ASCII: without
// accents, in lower case. A Chinese character is a word. It reports whether
// another word begins behind it.
func (w *Words) letter(key []byte, i int, r rune, boundary bool) bool {
	plain, isPlain := chars.PlainRune(r)
	switch {
	case isPlain && plain == 0:
		return boundary
	case isPlain && !chars.IsLetter(plain) && !chars.IsDigit(plain),
		!isPlain && !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r):
		return true
	case unicode.Is(unicode.Mn, r): // an accent of its own
		return boundary
	}
	if p, _ := utf8.DecodeLastRune(key[:i]); unicode.IsUpper(r) && unicode.IsLower(p) {
		boundary = true
	}
	han := unicode.Is(unicode.Han, r)
	if boundary || han {
		if w.N == len(w.starts) {
			w.N++
			return true
		}
		w.starts[w.N] = uint8(w.Size)
		w.N++
	}
	var buf [utf8.UTFMax]byte
	b := buf[:utf8.EncodeRune(buf[:], unicode.ToLower(r))]
	switch {
	case isPlain:
		b = append(buf[:0], plain|0x20)
	case r == 'ß':
		b = append(buf[:0], "ss"...)
	case r >= 0xc0 && r < 0x250 && words.BaseLetters[r-0xc0] != 0:
		b = append(buf[:0], words.BaseLetters[r-0xc0])
	}
	w.Size += copy(w.Text[w.Size:], b)
	return han
}

// add adds a word at the end, and reports whether there is room.
func (w *Words) add(word string) bool {
	if w.N == len(w.starts) || w.Size+len(word) > len(w.Text) {
		return false
	}
	w.starts[w.N] = uint8(w.Size)
	w.N++
	w.Size += copy(w.Text[w.Size:], word)
	return true
}

// spellOut writes the words of a key that are abbreviated in full, and reports
// whether there were any: pat_lst_nm is patient_last_name.
func (w *Words) spellOut() bool {
	if w.N < 2 {
		return false
	}
	short := *w
	w.N, w.Size = 0, 0
	changed := false
	for i := range short.N {
		word := short.word(i)
		if full, ok := abbreviations.Get(word); ok {
			word, changed = chars.Bytes(full), true
		} else if i > 0 && string(word) == "ln" && string(w.word(i-1)) == "address" {
			word, changed = []byte("line"), true
		}
		if w.Size+len(word) > len(w.Text) {
			return false
		}
		w.starts[w.N] = uint8(w.Size)
		w.N++
		w.Size += copy(w.Text[w.Size:], word)
	}
	return changed
}
