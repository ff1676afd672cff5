package phi

import (
	"encoding/binary"
	"math/bits"
	"slices"
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
	hash       uint32 // of words and numbers, folded
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

// seen is what a word or number is made of.
type seen uint8

const (
	seenLower seen = 1 << iota
	seenUpper
	seenUppers // two or more
	seenDigit
	seenCapital    // its first letter is one
	seenPossessive // 's follows
)

// plainRun returns where the run of ASCII letters and digits that begins at i
// ends, its foldHash, and what it is made of. It reads eight bytes at a time.
func plainRun(b []byte, i int) (end int, hash uint32, has seen) {
	h := uint64(foldStart)
	var uppers, lowers, digits uint64 // a bit for a byte, but that uppers has two for the same byte of two blocks
	for start := i; ; i += 8 {
		w := eightBytes(b, i)
		small := w | lowBits*0x20 // letters in lower case; digits stay
		low := small &^ highBits
		letter := (low + lowBits*(0x80-'a')) &^ (low + lowBits*(0x80-'z'-1)) &^ w & highBits
		low = w &^ highBits
		digit := (low + lowBits*(0x80-'0')) &^ (low + lowBits*(0x80-'9'-1)) &^ w & highBits
		upper := letter &^ (w << 2)
		n := uint(64)
		if stop := highBits &^ (letter | digit); stop != 0 {
			if n = uint(bits.TrailingZeros64(stop)) &^ 7; n == 0 && i > start {
				return i, finishFold(h), has | seenIn(uppers, lowers, digits)
			}
			keep := uint64(1)<<n - 1
			small, letter, digit, upper = small&keep, letter&keep, digit&keep, upper&keep
		}
		if i == start {
			has = seen(upper>>7&1) * seenCapital
		}
		h = foldBlock(h, small)
		uppers |= upper | upper&uppers>>1
		lowers |= letter &^ upper
		digits |= digit
		if n < 64 {
			return i + int(n>>3), finishFold(h), has | seenIn(uppers, lowers, digits)
		}
	}
}

func seenIn(uppers, lowers, digits uint64) (has seen) {
	if uppers != 0 {
		has |= seenUpper
	}
	if uppers&(uppers-1) != 0 {
		has |= seenUppers
	}
	if lowers != 0 {
		has |= seenLower
	}
	if digits != 0 {
		has |= seenDigit
	}
	return has
}

// eightBytes returns the bytes of b from i on, the first one lowest, with
// zeros behind the last.
func eightBytes(b []byte, i int) (w uint64) {
	switch n := len(b); {
	case i+8 <= n:
		return binary.LittleEndian.Uint64(b[i:])
	case n >= 8:
		return binary.LittleEndian.Uint64(b[n-8:]) >> (8 * uint(i+8-n))
	}
	for k := len(b) - 1; k >= i; k-- {
		w = w<<8 | uint64(b[k])
	}
	return w
}

// tokenize splits text into tokens.
func (sc *scanner) tokenize(text string) {
	toks := sc.toks[:0]
	if cap(toks) < len(text)/8 {
		toks = make([]token, 0, len(text)/4+16) // prose has a token for each five bytes
	}
	var before tokenFlags = spaceBefore | lineBefore | sentence
	capitals := false
	var whole, line caseCount
	sc.lines = sc.lines[:0]
	from := 0 // the line's first token
	for i := 0; i < len(text); {
		c := text[i]
		switch byteClasses[c] {
		case classSpace:
			before |= spaceBefore
			i++
			continue
		case classLine:
			before |= spaceBefore | lineBefore | sentence
			sc.noteLine(from, len(toks), &line)
			whole.add(&line)
			line, from = caseCount{}, len(toks)
			i++
			continue
		case classHigh:
			r, n := utf8.DecodeRuneInString(text[i:])
			if !unicode.IsLetter(r) {
				if unicode.IsSpace(r) {
					before |= spaceBefore
				} else {
					toks = appendPunct(toks, i, i+n, before)
					before = 0
				}
				i += n
				continue
			}
			fallthrough
		case classLower, classUpper, classDigit:
			start := i
			end, hash, has := plainRun(asBytes(text), i)
			if end < len(text) && (text[end] >= 0x80 || text[end] == '\'' && has&(seenUpper|seenLower) != 0) {
				end, hash, has = word(text, i)
			}
			i = end
			if has&seenPossessive != 0 {
				before |= possessive
				i += possessiveLength(text[i:])
			}
			switch {
			case has&(seenUpper|seenLower) == 0:
				toks = appendWord(toks, start, end, hash, tokenNumber, before, 0, 0)
			case has&seenDigit != 0:
				toks = appendWord(toks, start, end, hash, tokenMixed, before, 0, 0)
			case hash == hashPhi && i < len(text) && text[i] == '_' && tokenAt(asBytes(text[start:min(start+128, len(text))])) > 0:
				n := tokenAt(asBytes(text[start:min(start+128, len(text))]))
				toks = append(toks, markToken(text, start, n, before))
				capitals, line.proper = true, true
				i = start + n
			default:
				var list flags
				if has&seenCapital != 0 {
					before |= capital
					capitals = true
					list = sc.lists.get(hash)
				}
				cue := cueTable.get(hash)
				if has&(seenUppers|seenLower) == seenUppers {
					before |= allCaps
				}
				lower, opens := has&seenLower != 0, before&sentence != 0 && !behindTitle(toks)
				line.word(end-start, lower, lower && has&seenCapital != 0 && !opens, cues[cue].is&cueStop != 0)
				if !line.named && !line.proper {
					sc.listen(&line, hash, cue, has&seenCapital != 0)
				}
				toks = appendWord(toks, start, end, hash, tokenWord, before, list, cue)
			}
			before = 0
		default:
			if c == '[' && i+1 < len(text) && isUpper(text[i+1]) {
				if n := placeholderAt(asBytes(text[i:min(i+40, len(text))])); n > 0 {
					toks = append(toks, markToken(text, i, n, before))
					capitals, line.proper = true, true // as the text had before
					before = 0
					i += n
					continue
				}
			}
			toks = appendPunct(toks, i, i+1, before)
			before = before & sentence
			if c == '.' || c == '!' || c == '?' || c == ':' || c == ';' {
				before = sentence
			}
			i++
		}
	}
	sc.toks, sc.capitals = toks, capitals
	sc.noteLine(from, len(toks), &line)
	whole.add(&line)
	sc.noteWhole(&whole)
}

// noteWhole notes a text that is in one case as a whole in place of its lines.
func (sc *scanner) noteWhole(whole *caseCount) {
	whole.proper = sc.capitals // also that of a sentence's first word
	if sc.raised = whole.smallAlone(); sc.raised || whole.capitalsAlone() {
		sc.lines = sc.lines[:0]
		sc.noteLine(0, len(sc.toks), whole)
	}
}

// appendWord appends a word or number. Setting its fields in place is much
// faster than appending a token, which is copied.
func appendWord(toks []token, start, end int, hash uint32, kind tokenKind, f tokenFlags, list flags, cue uint8) []token {
	if len(toks) == cap(toks) {
		toks = slices.Grow(toks, 64)
	}
	toks = toks[:len(toks)+1]
	t := &toks[len(toks)-1]
	t.start, t.end, t.hash, t.kind, t.flags, t.list, t.cue = uint32(start), uint32(end), hash, kind, f, list, cue
	return toks
}

func appendPunct(toks []token, start, end int, f tokenFlags) []token {
	return appendWord(toks, start, end, 0, tokenPunct, f, 0, 0)
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

// word is plainRun for a word with apostrophes, or with letters beyond ASCII.
func word(text string, start int) (end int, hash uint32, has seen) {
	f := startFolded
	i := start
loop:
	for i < len(text) {
		c := text[i]
		switch byteClasses[c] {
		case classLower:
			f.add(c)
			has |= seenLower
		case classUpper:
			f.add(c | 0x20)
			has |= (has&seenUpper)<<1 | seenUpper
			if i == start {
				has |= seenCapital
			}
		case classDigit:
			f.add(c)
			has |= seenDigit
		case classHigh:
			r, n := utf8.DecodeRuneInString(text[i:])
			if r == '’' {
				if has&(seenUpper|seenLower) != 0 && has&seenDigit == 0 && i+n < len(text) && startsLetter(text[i+n:]) {
					if possessiveLength(text[i:]) > 0 {
						has |= seenPossessive
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
			f.write(text[i : i+n])
			if unicode.IsUpper(r) {
				has |= (has&seenUpper)<<1 | seenUpper
				if i == start {
					has |= seenCapital
				}
			} else {
				has |= seenLower
			}
			i += n - 1
		default:
			if c == '\'' && has&seenDigit == 0 && has&(seenUpper|seenLower) != 0 && i+1 < len(text) && startsLetter(text[i+1:]) {
				if possessiveLength(text[i:]) > 0 {
					has |= seenPossessive
					break loop
				}
				i++
				continue
			}
			break loop
		}
		i++
	}
	return i, f.sum(), has
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
