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
	toks := sc.toks[:0]
	if cap(toks) < len(text)/8 {
		toks = make([]token, 0, len(text)/4+16) // prose has a token for each five bytes
	}
	before := spaceBefore | lineBefore | sentence
	capitals := false
	var whole, line caseCount
	sc.lines = sc.lines[:0]
	from := 0 // the line's first token
	for i := 0; i < len(text); {
		c := text[i]
		switch chars.Classes[c] {
		case chars.ClassSpace:
			before |= spaceBefore
			i++
			continue
		case chars.ClassLine:
			before |= spaceBefore | lineBefore | sentence
			sc.noteLine(from, len(toks), &line)
			whole.add(&line)
			line, from = caseCount{}, len(toks)
			i++
			continue
		case chars.ClassHigh:
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
		case chars.ClassLower, chars.ClassUpper, chars.ClassDigit:
			start := i
			end, hash, has := words.PlainRun(chars.Bytes(text), i)
			if end < len(text) &&
				(text[end] >= 0x80 || text[end] == '\'' && has&(words.SeenUpper|words.SeenLower) != 0) {
				end, hash, has = word(text, i)
			}
			i = end
			if has&words.SeenPossessive != 0 {
				before |= possessive
				i += possessiveLength(text[i:])
			}
			switch {
			case has&(words.SeenUpper|words.SeenLower) == 0:
				if c == '0' {
					hash = numberHash(text[start:end])
				}
				toks = appendWord(toks, start, end, hash, tokenNumber, before, 0, 0)
			case has&words.SeenDigit != 0:
				toks = appendWord(toks, start, end, hash, tokenMixed, before, 0, 0)
			case hash == hashPhi && i < len(text) && text[i] == '_' &&
				mark.PseudonymAt(chars.Bytes(text[start:min(start+128, len(text))])) > 0:
				n := mark.PseudonymAt(chars.Bytes(text[start:min(start+128, len(text))]))
				toks = append(toks, markToken(text, start, n, before))
				capitals, line.proper = true, true
				i = start + n
			default:
				var list words.Flags
				if has&words.SeenCapital != 0 {
					before |= capital
					capitals = true
					list = sc.lists.Get(hash)
				}
				said := cue.Table.Get(hash)
				if has&(words.SeenUppers|words.SeenLower) == words.SeenUppers {
					before |= allCaps
				}
				lower, opens := has&words.SeenLower != 0, before&sentence != 0 && !behindTitle(toks)
				line.word(end-start, lower, lower && has&words.SeenCapital != 0 && !opens, cue.All[said].Is&cue.Stop != 0)
				if !line.named && !line.proper {
					sc.listen(&line, hash, said, has&words.SeenCapital != 0)
				}
				toks = appendWord(toks, start, end, hash, tokenWord, before, list, said)
			}
			before = 0
		default:
			if c == '[' && i+1 < len(text) && chars.IsUpper(text[i+1]) {
				if n := mark.PlaceholderAt(chars.Bytes(text[i:min(i+40, len(text))])); n > 0 {
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
func (sc *Scanner) noteWhole(whole *caseCount) {
	whole.proper = sc.capitals // also that of a sentence's first word
	if sc.raised = whole.smallAlone(); sc.raised || whole.capitalsAlone() {
		sc.lines = sc.lines[:0]
		sc.noteLine(0, len(sc.toks), whole)
	}
}

// appendWord appends a word or number. Setting its fields in place is much
// faster than appending a token, which is copied.
func appendWord(toks []token, start, end int, hash uint32, kind tokenKind, f tokenFlags, list words.Flags, said uint8) []token {
	if len(toks) == cap(toks) {
		toks = slices.Grow(toks, 64)
	}
	toks = toks[:len(toks)+1]
	t := &toks[len(toks)-1]
	t.start, t.end, t.hash, t.kind, t.flags, t.list, t.cue = uint32(start), uint32(end), hash, kind, f, list, said
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

// word is words.PlainRun for a word with apostrophes, or with letters beyond ASCII.
func word(text string, start int) (end int, hash uint32, has words.Seen) {
	f := words.StartFolded
	i := start
loop:
	for i < len(text) {
		c := text[i]
		switch chars.Classes[c] {
		case chars.ClassLower:
			f.Add(c)
			has |= words.SeenLower
		case chars.ClassUpper:
			f.Add(c | 0x20)
			has |= (has&words.SeenUpper)<<1 | words.SeenUpper
			if i == start {
				has |= words.SeenCapital
			}
		case chars.ClassDigit:
			f.Add(c)
			has |= words.SeenDigit
		case chars.ClassHigh:
			r, n := utf8.DecodeRuneInString(text[i:])
			if r == '’' {
				if has&(words.SeenUpper|words.SeenLower) != 0 && has&words.SeenDigit == 0 &&
					i+n < len(text) && startsLetter(text[i+n:]) {
					if possessiveLength(text[i:]) > 0 {
						has |= words.SeenPossessive
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
			f.Write(text[i : i+n])
			if unicode.IsUpper(r) {
				has |= (has&words.SeenUpper)<<1 | words.SeenUpper
				if i == start {
					has |= words.SeenCapital
				}
			} else {
				has |= words.SeenLower
			}
			i += n - 1
		default:
			if c == '\'' && has&words.SeenDigit == 0 && has&(words.SeenUpper|words.SeenLower) != 0 &&
				i+1 < len(text) && startsLetter(text[i+1:]) {
				if possessiveLength(text[i:]) > 0 {
					has |= words.SeenPossessive
					break loop
				}
				i++
				continue
			}
			break loop
		}
		i++
	}
	return i, f.Sum(), has
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
