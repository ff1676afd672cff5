package chars

import (
	"unicode"
	"unicode/utf8"
)

// Text is scanned in plain form: digits of other scripts and full-width forms as
// ASCII, hyphens of all kinds as -, spaces of all kinds as one space, and
// without characters that nobody sees. 617‑555‑0143 with non-breaking hyphens
// is a telephone number. Each byte of the plain form remembers where it came
// from.

// A Plain is the plain form of a text.
type Plain struct {
	Text []byte
	from []uint32 // where in the source each byte comes from
	to   []uint32 // and where that ends
}

// Of makes the plain form of text, and reports whether it differs.
func (p *Plain) Of(text string) bool {
	i := FirstHigh(text)
	if i == len(text) {
		return false
	}
	for !p.changes(text, i) {
		_, n := utf8.DecodeRuneInString(text[i:])
		i += n
		if i += FirstHigh(text[i:]); i == len(text) {
			return false
		}
	}
	p.Text, p.from, p.to = p.Text[:0], p.from[:0], p.to[:0]
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			p.put(text[i], i, 1)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		plain, ok := PlainRune(r)
		switch {
		case !ok || plain == '-' && !p.hyphen(text, i, n, r):
			for k := range n {
				p.put(text[i+k], i, n)
			}
		case plain != 0:
			p.put(plain, i, n)
		}
		i += n
	}
	return true
}

// changes reports whether the character at i, beyond ASCII, is another one in plain
// form.
func (p *Plain) changes(text string, i int) bool {
	r, n := utf8.DecodeRuneInString(text[i:])
	plain, ok := PlainRune(r)
	return ok && !(plain == '-' && !p.hyphen(text, i, n, r))
}

func (p *Plain) put(c byte, at, size int) {
	p.Text, p.from, p.to = append(p.Text, c), append(p.from, uint32(at)), append(p.to, uint32(at+size))
}

// hyphen reports whether the dash r of n bytes at i joins what stands around
// it: a hyphen does, a dash between digits or a digit and a letter does.
func (p *Plain) hyphen(text string, i, n int, r rune) bool {
	if r == '\u2010' || r == '\u2011' {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	after, size := utf8.DecodeRuneInString(text[i+n:])
	if i+n+size < len(text) && unicode.IsLetter(before) && unicode.IsLetter(after) && IsDigit(text[i+n+size]) {
		return true // DL–W20760
	}
	return unicode.IsDigit(before) && (unicode.IsDigit(after) || unicode.IsLetter(after)) ||
		unicode.IsDigit(after) && unicode.IsLetter(before)
}

// Source returns where the bytes from start to end of the plain form stand in the
// source.
func (p *Plain) Source(start, end int) (from, to int) {
	return int(p.from[start]), int(p.to[end-1])
}

// PlainBytes returns the plain form of a value, which is the value itself when
// it is plain.
func PlainBytes(value []byte) []byte {
	var p Plain
	if p.Of(String(value)) {
		return p.Text
	}
	return value
}

// PlainRune returns the ASCII character that stands for r, 0 for one that
// nobody sees. ok is false for what stays as it is.
func PlainRune(r rune) (plain byte, ok bool) {
	switch {
	case r >= 0xff01 && r <= 0xff5e: // full-width forms
		return byte(r - 0xff01 + '!'), true
	case r >= 0x2010 && r <= 0x2015, r == 0x2212, r == 0xfe58, r == 0xfe63:
		return '-', true
	case r == 0xfe6b:
		return '@', true
	case r == 0x2044, r == 0x2215:
		return '/', true
	case r == 0x2024, r == 0xfe52:
		return '.', true
	case r < 0xa0, r > 0xff && r < 0x600 && r != 0x34f:
		return 0, false
	case r == 0xad, r == 0x34f, r == 0x61c, r == 0x180e, r == 0xfeff,
		r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x2064, r >= 0x2066 && r <= 0x206f:
		return 0, true
	case unicode.Is(unicode.Zs, r):
		return ' ', true
	}
	if unicode.Is(unicode.Nd, r) {
		return decimal(r), true
	}
	return 0, false
}

// decimal returns the digit of ASCII that a decimal digit of any script stands
// for. Scripts have theirs in order, ten by ten.
func decimal(r rune) byte {
	for _, t := range unicode.Nd.R16 {
		if r <= rune(t.Hi) {
			return '0' + byte((r-rune(t.Lo))%10)
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r <= rune(t.Hi) {
			return '0' + byte((r-rune(t.Lo))%10)
		}
	}
	return '0'
}
