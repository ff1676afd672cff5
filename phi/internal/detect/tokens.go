package detect

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/mark"
	"github.com/carebus/carebus/phi/internal/words"
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
	hash       uint32 // of words, folded, and of numbers
	kind       tokenKind
	flags      tokenFlags
	list       words.Flags // of capitalised words
	cue        uint8       // index into cues, 0 for none
}

// is reports whether the token has one of the flags.
func (t *token) is(f tokenFlags) bool { return t.flags&f != 0 }

// isBut reports whether the token has all of the flags is and none of not.
func (t *token) isBut(is, not tokenFlags) bool { return t.flags&(is|not) == is }

// tokenize splits text into tokens.
func (sc *Scanner) tokenize(text string) {
	if cap(sc.toks) < len(text)/8 {
		sc.toks = make([]token, 0, len(text)/4+16) // prose has a token for each five bytes
	}
	sc.toks, sc.lines, sc.capitals = sc.toks[:0], sc.lines[:0], false
	before := spaceBefore | lineBefore | sentence
	var whole, line caseCount
	from := 0 // the line's first token
	for i := 0; i < len(text); {
		switch chars.Classes[text[i]] {
		case chars.ClassSpace:
			before |= spaceBefore
			i++
		case chars.ClassLine:
			before |= spaceBefore | lineBefore | sentence
			sc.noteLine(from, len(sc.toks), &line)
			whole.add(&line)
			line, from = caseCount{}, len(sc.toks)
			i++
		case chars.ClassLower, chars.ClassUpper, chars.ClassDigit:
			i = sc.tokenizeRun(text, i, before, &line)
			before = 0
		case chars.ClassHigh:
			i, before = sc.tokenizeHigh(text, i, before, &line)
		default:
			i, before = sc.tokenizeSign(text, i, before, &line)
		}
	}
	sc.noteLine(from, len(sc.toks), &line)
	whole.add(&line)
	sc.noteWhole(&whole)
}

// tokenizeRun makes a token of the word, the number or the pseudonym at i, counts it in
// its line, and returns where it ends.
func (sc *Scanner) tokenizeRun(text string, i int, before tokenFlags, line *caseCount) (end int) {
	end, hash, has := words.PlainRun(chars.Bytes(text), i)
	if end < len(text) &&
		(text[end] >= 0x80 || text[end] == '\'' && has&(words.SeenUpper|words.SeenLower) != 0) {
		end, hash, has = word(text, i)
	}
	t := sc.newToken()
	*t = token{start: uint32(i), end: uint32(end), hash: hash, flags: before}
	if has&words.SeenPossessive != 0 {
		t.flags |= possessive
		end += possessiveLength(text[end:])
	}
	switch {
	case has&(words.SeenUpper|words.SeenLower) == 0:
		t.kind = tokenNumber
		if text[i] == '0' {
			t.hash = numberHash(text[i:t.end])
		}
	case has&words.SeenDigit != 0:
		t.kind = tokenMixed
	case hash == hashPhi && end < len(text) && text[end] == '_' && pseudonymAt(text, i) > 0:
		*t = markToken(text, i, pseudonymAt(text, i), before)
		sc.capitals, line.proper = true, true
		return int(t.end)
	default:
		t.kind, t.cue = tokenWord, cue.Table.Get(hash)
		if has&words.SeenCapital != 0 {
			t.flags |= capital
			t.list = sc.lists.Get(hash)
			sc.capitals = true
		}
		if has&(words.SeenUppers|words.SeenLower) == words.SeenUppers {
			t.flags |= allCaps
		}
		sc.countWord(line, t, has&words.SeenLower != 0, has&words.SeenCapital != 0)
	}
	return end
}

// countWord counts the last token, a word with small letters and a capital or without,
// in its line.
func (sc *Scanner) countWord(line *caseCount, t *token, lower, written bool) {
	if line.small && line.proper { // it is not of one case, whatever follows
		return
	}
	opens := t.is(sentence) && !behindTitle(sc.toks[:len(sc.toks)-1])
	line.word(t.size(), lower, lower && written && !opens, t.cueIs(cue.Stop))
	if !line.named && !line.proper {
		sc.listen(line, t.hash, t.cue, written)
	}
}

// tokenizeHigh is tokenizeRun for a character beyond ASCII. It returns the flags for the
// token behind it as well.
func (sc *Scanner) tokenizeHigh(text string, i int, before tokenFlags, line *caseCount) (int, tokenFlags) {
	r, n := utf8.DecodeRuneInString(text[i:])
	switch {
	case unicode.IsLetter(r):
		return sc.tokenizeRun(text, i, before, line), 0
	case unicode.IsSpace(r):
		return i + n, before | spaceBefore
	}
	*sc.newToken() = token{start: uint32(i), end: uint32(i + n), kind: tokenPunct, flags: before}
	return i + n, 0
}

// tokenizeSign is tokenizeHigh for a character of ASCII that is no letter or digit, or a
// placeholder that begins with it.
func (sc *Scanner) tokenizeSign(text string, i int, before tokenFlags, line *caseCount) (int, tokenFlags) {
	c := text[i]
	if c == '[' && i+1 < len(text) && chars.IsUpper(text[i+1]) {
		if n := mark.PlaceholderAt(chars.Bytes(text[i:min(i+40, len(text))])); n > 0 {
			*sc.newToken() = markToken(text, i, n, before)
			sc.capitals, line.proper = true, true // as the text had before
			return i + n, 0
		}
	}
	*sc.newToken() = token{start: uint32(i), end: uint32(i + 1), kind: tokenPunct, flags: before}
	if c == '.' || c == '!' || c == '?' || c == ':' || c == ';' {
		return i + 1, sentence
	}
	return i + 1, before & sentence
}

// newToken appends a token.
func (sc *Scanner) newToken() *token {
	n := len(sc.toks)
	if n == cap(sc.toks) {
		sc.toks = slices.Grow(sc.toks, 64)
	}
	sc.toks = sc.toks[:n+1]
	return &sc.toks[n]
}

// pseudonymAt returns the length of the pseudonym at i, or 0.
func pseudonymAt(text string, i int) int {
	return mark.PseudonymAt(chars.Bytes(text[i:min(i+128, len(text))]))
}

// noteWhole notes a text that is in one case as a whole in place of its lines.
func (sc *Scanner) noteWhole(whole *caseCount) {
	whole.proper = sc.capitals // also that of a sentence's first word
	if sc.raised = whole.smallAlone() && !sc.spanish(0, len(sc.toks)); sc.raised || whole.capitalsAlone() {
		sc.lines = sc.lines[:0]
		sc.noteLine(0, len(sc.toks), whole)
	}
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

// word is words.PlainRun for a word with apostrophes, or with letters beyond ASCII.
func word(text string, start int) (end int, hash uint32, has words.Seen) {
	f := words.StartFolded
	i := start
loop:
	for i < len(text) {
		if n := apostrophe(text[i:]); n > 0 {
			if has&(words.SeenUpper|words.SeenLower) == 0 || has&words.SeenDigit != 0 ||
				i+n >= len(text) || !startsLetter(text[i+n:]) {
				break
			}
			if possessiveLength(text[i:]) > 0 {
				has |= words.SeenPossessive
				break
			}
			i += n
			continue
		}
		c, n := text[i], 1
		switch chars.Classes[c] {
		case chars.ClassLower:
			f.Add(c)
			has |= words.SeenLower
		case chars.ClassUpper:
			f.Add(c | 0x20)
			has |= seenUpper(has, i == start)
		case chars.ClassDigit:
			f.Add(c)
			has |= words.SeenDigit
		case chars.ClassHigh:
			var r rune
			if r, n = utf8.DecodeRuneInString(text[i:]); !inWords(r) {
				break loop
			}
			f.Write(text[i : i+n])
			if unicode.IsUpper(r) {
				has |= seenUpper(has, i == start)
			} else {
				has |= words.SeenLower
			}
		default:
			break loop
		}
		i += n
	}
	return i, f.Sum(), has
}

// apostrophe returns the length of the apostrophe that s begins with, or 0: d'Arcy, d’Arcy.
func apostrophe(s string) int {
	if s[0] == '\'' {
		return 1
	}
	if s[0] == 0xe2 && strings.HasPrefix(s, "’") {
		return len("’")
	}
	return 0
}

// seenUpper returns what a capital adds to what a word has, the first of its letters or
// another one.
func seenUpper(has words.Seen, first bool) words.Seen {
	seen := (has&words.SeenUpper)<<1 | words.SeenUpper
	if first {
		seen |= words.SeenCapital
	}
	return seen
}

// inWords reports whether a character beyond ASCII stands in words: a letter, an accent of
// its own, and what only says where a word may be parted.
func inWords(r rune) bool {
	return unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) || r == '\u00ad' || r == '\u200b'
}

func startsLetter(s string) bool {
	if chars.IsLetter(s[0]) {
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
	if len(s) > n+1 && (chars.IsLetter(s[n+1]) || chars.IsDigit(s[n+1]) || s[n+1] >= 0x80) {
		return 0
	}
	return n + 1
}

func (t *token) cueIs(k cue.Kind) bool { return cue.All[t.cue].Is&k != 0 }

// cueless reports whether a word has no cue by itself, though the name of a country
// may begin with it: Norfolk is a town and Wallis a person.
func (t *token) cueless() bool { return !t.cueIs(^cue.PlaceStart) }
