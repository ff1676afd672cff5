package phi

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind uint8

const (
	tokenWord   tokenKind = iota + 1 // letters, with apostrophes between them
	tokenNumber                      // digits
	tokenMixed                       // letters and digits
	tokenPunct                       // one other character
	tokenMark                        // what stands for a finding: a placeholder or a pseudonym
)

type tokenFlags uint8

const (
	spaceBefore tokenFlags = 1 << iota // white space stands before it
	lineBefore                         // a line begins with it
	capital                            // begins with a capital
	allCaps                            // two capitals or more and no small letter
	used                               // part of a finding, or protected
	sentence                           // begins a sentence
	possessive                         // 's follows
	nameFound                          // part of a name
)

// A token is a word, a number or a character of a text.
type token struct {
	start, end uint32
	hash       uint32 // of words, folded
	kind       tokenKind
	flags      tokenFlags
	list       flags // of capitalised words
	cue        uint8 // index into cues, 0 for none
}

func (t *token) is(f tokenFlags) bool { return t.flags&f != 0 }

// byteClass drives the tokenizer.
type byteClass uint8

const (
	classPunct byteClass = iota
	classSpace
	classLine
	classLower
	classUpper
	classDigit
	classHigh // not ASCII
)

var byteClasses = func() (t [256]byteClass) {
	for i := range t {
		switch c := byte(i); {
		case c == '\n' || c == '\r':
			t[i] = classLine
		case c == ' ' || c == '\t' || c == '\f' || c == '\v':
			t[i] = classSpace
		case isLower(c):
			t[i] = classLower
		case isUpper(c):
			t[i] = classUpper
		case isDigit(c):
			t[i] = classDigit
		case c >= 0x80:
			t[i] = classHigh
		}
	}
	return
}()

// plainChars has, for each ASCII letter and digit, its small form in the low
// byte and one of the bits below; 0 for all other bytes.
var plainChars = func() (t [256]uint16) {
	for i := range t {
		switch c := byte(i); {
		case isLower(c):
			t[i] = plainLower | uint16(c)
		case isUpper(c):
			t[i] = plainUpper | uint16(c|0x20)
		case isDigit(c):
			t[i] = plainDigit | uint16(c)
		}
	}
	return
}()

const (
	plainLower = 1 << 8 << iota
	plainUpper
	plainDigit
)

// tokenize splits text into tokens.
func (sc *scanner) tokenize(text string) {
	toks := sc.toks[:0]
	if cap(toks) < len(text)/8 {
		toks = make([]token, 0, len(text)/4+16) // prose has a token for each five bytes
	}
	var before tokenFlags = spaceBefore | lineBefore | sentence
	capitals := false
	for i := 0; i < len(text); {
		c := text[i]
		switch byteClasses[c] {
		case classSpace:
			before |= spaceBefore
			i++
			continue
		case classLine:
			before |= spaceBefore | lineBefore | sentence
			i++
			continue
		case classHigh:
			r, n := utf8.DecodeRuneInString(text[i:])
			if !unicode.IsLetter(r) {
				if unicode.IsSpace(r) {
					before |= spaceBefore
				} else {
					toks = append(toks, token{start: uint32(i), end: uint32(i + n), kind: tokenPunct, flags: before})
					before = 0
				}
				i += n
				continue
			}
			fallthrough
		case classLower, classUpper, classDigit:
			t := token{start: uint32(i), flags: before}
			h, seen, uppers, end := uint32(hashStart), uint16(0), uint16(0), i
			for end < len(text) {
				v := plainChars[text[end]]
				if v == 0 {
					break
				}
				h = (h ^ uint32(v&0xff)) * hashPrime
				seen |= v
				uppers += v & plainUpper
				end++
			}
			if end < len(text) && (text[end] >= 0x80 || text[end] == '\'' && seen&(plainLower|plainUpper) != 0) {
				i = sc.word(text, i, &t)
			} else {
				i = end
				t.end = uint32(end)
				sc.finishWord(&t, h, seen&plainDigit != 0, uppers != 0, uppers > plainUpper, seen&plainLower != 0, c)
			}
			before = 0
			if t.flags&possessive != 0 {
				i += possessiveLength(text[i:])
			}
			if t.hash == hashPhi && i < len(text) && text[i] == '_' {
				if n := tokenAt(asBytes(text[t.start:min(int(t.start)+128, len(text))])); n > 0 {
					toks = append(toks, markToken(text, int(t.start), n, t.flags&(spaceBefore|lineBefore|sentence)))
					capitals = true
					i = int(t.start) + n
					continue
				}
			}
			capitals = capitals || t.flags&capital != 0
			toks = append(toks, t)
		default:
			if c == '[' && i+1 < len(text) && isUpper(text[i+1]) {
				if n := placeholderAt(asBytes(text[i:min(i+40, len(text))])); n > 0 {
					toks = append(toks, markToken(text, i, n, before))
					capitals = true // as the text had before
					before = 0
					i += n
					continue
				}
			}
			toks = append(toks, token{start: uint32(i), end: uint32(i + 1), kind: tokenPunct, flags: before})
			before = before & sentence
			if c == '.' || c == '!' || c == '?' || c == ':' || c == ';' {
				before = sentence
			}
			i++
		}
	}
	sc.toks = toks
	sc.capitals = capitals
}

// markToken returns the token of a placeholder or pseudonym of n bytes at i.
// It is as one word of a finding, so that a second pass sees what the first saw.
func markToken(text string, i, n int, before tokenFlags) token {
	t := token{start: uint32(i), end: uint32(i + n), kind: tokenMark, flags: before | used}
	if strings.HasPrefix(text[i:], "[NAME") {
		t.flags |= nameFound
	}
	return t
}

// word reads the word or number at i and returns where it ends.
func (sc *scanner) word(text string, i int, t *token) int {
	start := i
	h := uint32(hashStart)
	letters, digits, upper, lower := 0, 0, 0, 0
	for ; i < len(text); i++ { // most words are letters of ASCII to their end
		c := text[i]
		if isUpper(c) {
			upper++
			c |= 0x20
		} else if !isLower(c) {
			break
		}
		h = (h ^ uint32(c)) * hashPrime
	}
	lower = i - start - upper
loop:
	for i < len(text) {
		c := text[i]
		switch byteClasses[c] {
		case classLower:
			h = (h ^ uint32(c)) * hashPrime
			lower++
		case classUpper:
			h = (h ^ uint32(c|0x20)) * hashPrime
			upper++
		case classDigit:
			h = (h ^ uint32(c)) * hashPrime
			digits++
		case classHigh:
			r, n := utf8.DecodeRuneInString(text[i:])
			if r == '’' {
				if letters = upper + lower; letters > 0 && digits == 0 && i+n < len(text) && startsLetter(text[i+n:]) {
					if possessiveLength(text[i:]) > 0 {
						t.flags |= possessive
						break loop
					}
					i += n
					continue
				}
				break loop
			}
			if !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) && r != '\u00ad' && r != '\u200b' {
				break loop
			}
			h = foldMore(h, text[i:i+n])
			if unicode.IsUpper(r) {
				upper++
			} else {
				lower++
			}
			i += n - 1
		default:
			if c == '\'' && digits == 0 && upper+lower > 0 && i+1 < len(text) && startsLetter(text[i+1:]) {
				if possessiveLength(text[i:]) > 0 {
					t.flags |= possessive
					break loop
				}
				i++
				continue
			}
			break loop
		}
		i++
	}
	t.end = uint32(i)
	first := text[start]
	if first >= 0x80 {
		first = 'a'
		if r, _ := utf8.DecodeRuneInString(text[start:]); unicode.IsUpper(r) {
			first = 'A'
		}
	}
	sc.finishWord(t, h, digits > 0, upper > 0, upper > 1, lower > 0, first)
	return i
}

// finishWord sets what a token says of the word whose unfinished hash is h.
func (sc *scanner) finishWord(t *token, h uint32, digit, upper, uppers, lower bool, first byte) {
	switch {
	case !upper && !lower:
		t.kind = tokenNumber
		return
	case digit:
		t.kind = tokenMixed
		t.hash = finishHash(h)
		return
	}
	t.kind = tokenWord
	t.hash = finishHash(h)
	if isUpper(first) {
		t.flags |= capital
		t.list = sc.lists.get(t.hash)
	}
	if uppers && !lower {
		t.flags |= allCaps
	}
	t.cue = cueTable.get(t.hash)
}

func startsLetter(s string) bool {
	if isLetter(s[0]) {
		return true
	}
	if s[0] < 0x80 {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// possessiveLength returns the length of the 's that s begins with, or 0.
func possessiveLength(s string) int {
	n := 1
	if len(s) > 3 && s[0] == 0xe2 {
		n = 3
	}
	if len(s) <= n || s[n] != 's' && s[n] != 'S' {
		return 0
	}
	if len(s) > n+1 && (isLetter(s[n+1]) || isDigit(s[n+1]) || s[n+1] >= 0x80) {
		return 0
	}
	return n + 1
}
