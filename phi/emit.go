package phi

import (
	"bytes"
	"strings"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/detect"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
	"github.com/carebus/carebus/phi/internal/words"
)

// An emitter writes the scrubbed form of one value whose nodes have been
// classified. What stays is copied in runs.
type emitter struct {
	s      *Scrubber
	sc     *scratch
	src    []byte
	dst    []byte
	done   uint32 // bytes of src that have been dealt with
	in     circumstances
	known  *detect.Known
	keys   int             // keys replaced so far
	tokens map[string]bool // pseudonyms that stand as keys
	r      Report
	err    error
	clean  cleanTexts
}

// Circumstances are what an event as a whole says about its values.
type circumstances struct {
	tenant  string   // separates pseudonyms
	subject []byte   // whose dates shift together; nil when nobody is named
	event   bool     // a CloudEvents event
	level   int      // of JSON within strings
	path    string   // of the string that holds this JSON
	trail   [][]byte // keys around that string, for rules by path
}

func (e *emitter) run() {
	nodes := e.sc.nodes
	for i := range nodes {
		switch n := &nodes[i]; n.kind {
		case kindKey:
			e.key(n)
		case kindString:
			e.str(n)
		case kindNumber:
			e.number(n)
		}
	}
}

// replace writes content in place of the bytes from start to end.
func (e *emitter) replace(start, end uint32, content []byte) {
	e.dst = append(e.dst, e.src[e.done:start]...)
	e.dst = append(e.dst, content...)
	e.done = end
}

// replaceText writes text in place of a string's content.
func (e *emitter) replaceText(n *node, text []byte) {
	e.dst = append(e.dst, e.src[e.done:n.start]...)
	e.dst = appendQuoted(e.dst, text)
	e.done = n.end
}

func (e *emitter) finish() []byte {
	e.dst = append(e.dst, e.src[e.done:]...)
	return e.dst
}

// hit counts a finding.
func (e *emitter) hit(n *node, cat Category, detector string, action Action) {
	e.r.hit(cat)
	if e.s.explain {
		e.r.Findings = append(e.r.Findings, Finding{Path: e.path(n), Category: cat, Detector: detector, Action: action})
	}
}

// content returns a string's text without escapes.
func (e *emitter) content(n *node) []byte {
	b := e.src[n.start:n.end]
	if n.escaped {
		e.sc.value = appendUnquoted(e.sc.value[:0], b)
		return e.sc.value
	}
	return b
}

func (e *emitter) str(n *node) {
	if n.start == n.end || n.Mode == lexicon.Keep {
		return
	}
	text := e.content(n)
	switch n.Mode {
	case lexicon.Typed:
		e.typed(n, text)
	case lexicon.Path:
		e.reference(n, text)
	case lexicon.Rows:
		e.rows(n, text)
	case lexicon.Drop:
		e.replaceText(n, []byte(mark.Placeholders[n.Cat]))
		e.hit(n, n.Cat, "unknown-field", Drop)
	default:
		e.free(n, text)
	}
}

// typed writes a string whose key says what it is.
func (e *emitter) typed(n *node, text []byte) {
	action := e.s.actions[n.Cat]
	if mark.Scrubbed(text) {
		if mark.PseudonymAt(text) > 0 && e.s.rules.NoCodes {
			e.replace(n.start, n.end, []byte(mark.Placeholders[n.Cat]))
			e.hit(n, n.Cat, "pseudonym", Redact)
		}
		return
	}
	switch n.Cat {
	case PersonID:
		e.reference(n, text)
		return
	case URL:
		if lexicon.IsNamespace(chars.String(text)) {
			return
		}
		if !urlSigns(text) { // the name of a part of an extension
			e.free(n, text)
			return
		}
		if isPath(text) { // /patients/42
			e.reference(n, text)
			return
		}
	}
	if action == Keep { // what it may hold is known: only what can't be that is looked for
		switch {
		case n.Cat != Date && n.Cat != BirthDate:
			n.Mode = lexicon.Safe
			e.free(n, text)
		case !isDate(chars.String(text)):
			n.Mode, n.Cat = lexicon.Text, None
			e.free(n, text)
		}
		return
	}
	if n.Via != lexicon.ViaContainer && lexicon.IsStatus(n.Cat, text) {
		return
	}
	out, changed := e.apply(e.sc.out[:0], applied{n.Cat, action, true}, text)
	e.sc.out = out
	if changed {
		e.replaceText(n, out)
		e.hit(n, n.Cat, n.detector(), action)
	}
}

func (e *emitter) apply(dst []byte, a applied, text []byte) ([]byte, bool) {
	return e.s.apply(dst, a, e.in.tenant, e.in.subject, text)
}

// number writes a number. Under a key that says it is an identifier it becomes
// null, or a pseudonym in quotes.
func (e *emitter) number(n *node) {
	text := e.src[n.start:n.end]
	cat, action, detector := n.Cat, e.s.actions[n.Cat], n.detector()
	switch {
	case n.Mode == lexicon.Keep:
		return
	case n.Mode == lexicon.Drop:
		action, detector = Drop, "unknown-field"
	case n.Mode != lexicon.Typed:
		if cat = e.numberIn(text); cat == None {
			return
		}
		action, detector = Drop, "number"
	case action == Keep, e.allowedNumber(n.Cat, text), isCount(n.Cat, text):
		return
	}
	if action == Pseudonym {
		e.sc.out = append(e.sc.out[:0], '"')
		e.sc.out = e.s.tokens.append(e.sc.out, e.in.tenant, cat, text)
		e.sc.out = append(e.sc.out, '"')
		e.replace(n.start, n.end, e.sc.out)
	} else {
		e.replace(n.start, n.end, []byte("null"))
	}
	e.hit(n, cat, detector, action)
}

// allowedNumber reports whether a number is what generalizing leaves of it: an
// age up to 89, a year that tells of none over 89.
func (e *emitter) allowedNumber(cat Category, text []byte) bool {
	if e.s.actions[cat] != Generalize && e.s.actions[cat] != Shift {
		return false
	}
	switch cat {
	case Age:
		whole, _, _ := bytes.Cut(text, []byte("."))
		if bytes.ContainsAny(text, "eE") {
			return false
		}
		return len(whole) == 1 && chars.IsDigit(whole[0]) ||
			len(whole) == 2 && chars.IsDigit(whole[0]) && whole[0] < '9'
	case Date, BirthDate:
		return len(text) == 4 && yearOf(text) > e.s.now().Year()-detect.OldestAge
	}
	return false
}

// urlSigns reports whether text holds a character that URLs have and words have
// not. Those of placeholders don't count: a second pass sees what the first saw.
func urlSigns(text []byte) bool {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case ':', '/', '.', '@':
			return true
		case '[':
			if n := mark.PlaceholderAt(text[i:]); n > 0 {
				i += n - 1
			}
		}
	}
	return false
}

// isPath reports whether a URL is a path alone, of words that are no names and of ids.
func isPath(url []byte) bool {
	if len(url) < 2 || url[0] != '/' {
		return false
	}
	for part := range bytes.SplitSeq(url[1:], []byte{'/'}) {
		if mark.Scrubbed(part) {
			continue
		}
		if f := listed(part); len(part) == 0 || f.CommonName() ||
			!lexicon.IsColumnName(part) || bytes.IndexByte(part, ' ') >= 0 || namelike(words.Lists(), chars.String(part)) != None {
			return false
		}
	}
	return true
}

// isCount reports whether a number under a key such as attendees or emails is
// how many there are: no name or address is a small number.
func isCount(cat Category, text []byte) bool {
	switch cat {
	case Name, Email, URL, Photo:
		return len(text) <= 4
	}
	return false
}

// numberIn returns what an undeclared number is: a value that a typed field of
// the same event holds, or the number of a payment card.
func (e *emitter) numberIn(text []byte) Category {
	if len(text) < 5 || len(text) > 19 || !chars.AllDigits(chars.String(text)) {
		return None
	}
	if cat := e.known.Number(chars.String(text)); cat != None {
		return cat
	}
	if s := chars.String(text); (len(s) == 16 && s[0] != '3' || len(s) == 15 && s[0] == '3') &&
		detect.CardPrefix(s) && detect.Luhn(s) {
		return Card
	}
	return None
}

// free writes a string of free text.
func (e *emitter) free(n *node, text []byte) {
	if e.clean.has(e, n) {
		return
	}
	if detect.IPv4(chars.String(text)) && e.numbering(n) && e.noneKnown(text, n.Mode) && !e.s.rules.Custom() {
		return
	}
	in := chars.MakeupOf(text)
	if !e.known.Any() && in.IsPlainWord() && !e.s.rules.Custom() && !detect.SmallName(chars.String(text), n.Mode) {
		return
	}
	if out, ok := e.embedded(n, text, in); ok {
		if out != nil {
			e.replaceText(n, out)
		}
		return
	}
	m := n.Mode
	if n.Cat == None && (m == lexicon.Safe || m == lexicon.Meta) &&
		in.Has(chars.HasSpace|chars.HasPlusSlash) && readsLikeProse(text) {
		m = lexicon.Text
	}
	if !in.Has(chars.HasLessAmp) && e.s.rules.Harmless(e.known, chars.String(text), m) {
		return
	}
	phrase := isPhrase(text, in) && !e.s.rules.Custom()
	if phrase && e.s.phrases.has(text, m) && e.noneKnown(text, m) {
		return
	}
	out, changed := e.prose(n, e.sc.out[:0], text, m)
	if changed {
		e.sc.out = out
		e.replaceText(n, out)
		return
	}
	e.clean.add(e, n)
	if phrase && !e.sc.found && e.noneKnown(text, m) { // an allowed term that was known may have hidden a name
		e.s.phrases.add(text, m)
	}
}

// numbering reports whether n's key says that it is a version or the like.
func (e *emitter) numbering(n *node) bool {
	i := e.index(n)
	if i == 0 || e.sc.nodes[i-1].kind != kindKey {
		return false
	}
	key := &e.sc.nodes[i-1]
	return lexicon.IsNumbering(e.src[key.start:key.end])
}

// noneKnown reports whether none of the known values is looked for in a text or
// can stand in it.
func (e *emitter) noneKnown(text []byte, m lexicon.Mode) bool {
	return !e.known.Any() || m == lexicon.Meta || e.known.None(chars.String(text))
}

// part appends a part of a text, scrubbed or as it is.
func (e *emitter) part(n *node, dst, text []byte) (_ []byte, changed bool) {
	if dst, changed = e.prose(n, dst, text, lexicon.Text); !changed {
		dst = append(dst, text...)
	}
	return dst, changed
}

// isDate reports whether all of s is a date, perhaps with a time of day: in
// digits, or with names of months and weekdays.
func isDate(s string) bool {
	if len(s) > 40 {
		return false
	}
	if n := detect.NumericDate(s); n > 0 {
		n += detect.DateTail(s[n:])
		return n == len(s)
	}
	if detect.CompactDate(s) || len(s) == 4 && chars.AllDigits(s) {
		return true
	}
	digits := 0
	for i := 0; i < len(s); {
		j := i
		for j < len(s) && chars.IsLetter(s[j]) {
			j++
		}
		if j > i {
			if cue.All[cue.Table.Get(words.Hash(s[i:j]))].Is&(cue.Month|cue.Weekday) == 0 &&
				!dateWords[strings.ToLower(s[i:j])] {
				return false
			}
			i = j
			continue
		}
		if chars.IsDigit(s[i]) {
			digits++
		} else if !strings.ContainsRune(" ,.:-/+", rune(s[i])) {
			return false
		}
		i++
	}
	return digits > 0 && digits <= 8
}

// namesDay reports whether a text may tell a day: it has a digit, a letter of no alphabet
// that English uses, or the name of a month, a weekday or a holiday. What stands in
// place of a finding tells none.
func namesDay(text []byte) bool {
	for i := 0; i < len(text); i++ {
		if n := max(mark.PlaceholderAt(text[i:]), mark.PseudonymAt(text[i:])); n > 0 {
			i += n - 1
			continue
		}
		if c := text[i]; chars.IsDigit(c) || c >= 0x80 || c == '\\' {
			return true
		}
		j := i
		for j < len(text) && chars.IsLetter(text[j]) {
			j++
		}
		if j > i && cuesOf(text[i:j])&dayCues != 0 {
			return true
		}
		i = max(i, j-1)
	}
	return false
}

// dayCues are the cues by which a day may be told.
const dayCues = cue.Month | cue.Weekday | cue.Holiday | cue.Digit | cue.Numeral

// dateWords may stand in a date beside the names of months and weekdays.
var dateWords = map[string]bool{"st": true, "nd": true, "rd": true, "th": true, "am": true, "pm": true, "of": true, "at": true, "utc": true, "gmt": true, "t": true, "z": true}
