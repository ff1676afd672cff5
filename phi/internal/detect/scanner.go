package detect

import (
	"slices"
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
	"github.com/carebus/carebus/phi/internal/words"
)

// A Scanner finds identifiers in a text. It works on tokens: one pass puts
// every number, @, :// and cue word before the recognizer that begins with it,
// a second one looks for names among the capitalised words.
type Scanner struct {
	text     string
	toks     []token
	spans    []Span
	lists    *words.Table
	named    *nameFilter      // of lists
	lex      *lexicon.Lexicon // says what labels mean
	capitals bool             // the text has a capitalised word
	raised   bool             // the text is in small letters alone
	raising  bool             // words in small letters are being given their case

	lines   []caseLine // those of one case
	settled bool       // words of lines in capitals have their case

	names     []foundName // in this text
	roles     []role      // that begin its lines, once rolesRead
	rolesRead bool

	known   *Known
	noCodes bool // pseudonyms are findings as well
	strict  bool // only identifiers of unmistakable form are looked for
	plain   chars.Plain
	made    bool // the tokens are of the plain form of another text
}

// A Span is a finding in a text.
type Span struct {
	Start, End int // byte offsets; End is exclusive
	Category   category.Category
}

// Size is how many bytes the larger of the scanner's buffers has.
func (sc *Scanner) Size() int { return max(cap(sc.toks)*16, cap(sc.plain.Text)*9) }

// Buffer returns the buffer that holds some of the text last scanned.
func (sc *Scanner) Buffer() *[]byte { return &sc.plain.Text }

// Forget lets go of the text last scanned, but for what is in the buffer.
func (sc *Scanner) Forget() { sc.text, sc.known = "", nil }

// FoundNames reports whether names were found in the text last scanned.
func (sc *Scanner) FoundNames() bool { return len(sc.names) > 0 }

// Find finds identifiers in text; the spans stand in order without overlaps and
// are valid until the scanner is used again. If replaced isn't empty, text became
// by it of the text that the scanner has the tokens of.
func (sc *Scanner) Find(r *Rules, known *Known, text string, m lexicon.Mode, replaced []Replacement) []Span {
	if r.Harmless(known, text, m) {
		return nil
	}
	if sc.made {
		replaced = nil // the tokens are not of that text but of its plain form
	}
	if sc.made = sc.plain.Of(text); !sc.made {
		return sc.findPlain(r, known, text, m, replaced)
	}
	spans := sc.findPlain(r, known, chars.String(sc.plain.Text), m, nil)
	for i := range spans {
		s := &spans[i]
		s.Start, s.End = sc.plain.Source(s.Start, s.End)
	}
	return spans
}

// findPlain is find for text in plain form.
func (sc *Scanner) findPlain(r *Rules, known *Known, text string, m lexicon.Mode, replaced []Replacement) []Span {
	sc.text, sc.known, sc.spans = text, known, sc.spans[:0]
	sc.load()
	sc.lex, sc.noCodes = r.Lex, r.NoCodes
	sc.strict = m == lexicon.Safe || m == lexicon.Meta
	sc.names, sc.rolesRead = sc.names[:0], false
	if len(replaced) > 0 && sc.retokenize(text, replaced) {
		if len(sc.lines) > 0 {
			sc.noteSmallLines()
		}
	} else {
		sc.tokenize(text)
		if sc.settled = false; !sc.strict {
			sc.settleLines()
		}
	}
	sc.scan(m == lexicon.Hint, known.used && m != lexicon.Meta)
	if r.Custom() || r.allow.used {
		r.apply(sc)
	}
	sc.births()
	return sc.settle()
}

// load gives the scanner its lists.
func (sc *Scanner) load() {
	if sc.lists == nil {
		sc.lists, sc.named = words.Lists(), loadNameFilter()
	}
}

// scan finds identifiers among the tokens. hint says that the whole text is
// likely a name, propagate that known values are looked for.
func (sc *Scanner) scan(hint, propagate bool) {
	if !sc.strict {
		sc.findTables()
	}
	sc.recognize()
	if propagate {
		sc.findTerms(sc.known)
	}
	if !sc.strict {
		if sc.raised {
			sc.findRaised(hint)
		} else {
			sc.raiseLines()
		}
		sc.findNames(hint)
		sc.findPlaces()
		if len(sc.spans) > 0 {
			sc.besideFindings()
		}
		sc.lowerLines()
	}
	if propagate && len(sc.known.said.hashes) > 0 {
		sc.findSaid(sc.known)
	}
}

// add notes a finding and marks its tokens. It returns the index of the first
// token behind it.
func (sc *Scanner) add(from, to int, cat category.Category) int {
	sc.spans = append(sc.spans, Span{int(sc.toks[from].start), int(sc.toks[to-1].end), cat})
	return sc.protect(from, to)
}

// protect marks tokens so that no recognizer takes them.
func (sc *Scanner) protect(from, to int) int {
	for i := from; i < to; i++ {
		sc.toks[i].flags |= used
	}
	return to
}

// settle puts the findings in order and merges those that overlap.
func (sc *Scanner) settle() []Span {
	sp := sc.spans
	if len(sp) < 2 {
		return sp
	}
	slices.SortStableFunc(sp, func(a, b Span) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	out := sp[:1]
	for _, s := range sp[1:] {
		last := &out[len(out)-1]
		if s.Start < last.End {
			if s.End-s.Start >= last.End-last.Start { // of equals the later knows more
				last.Category = s.Category
			}
			last.End = max(last.End, s.End)
			continue
		}
		if s.Start-last.End <= 4 && located(last.Category) && located(s.Category) && joins(sc.text[last.End:s.Start]) {
			last.End = s.End                    // St. Mary's Hospital in Duluth
			if s.Category == category.Address { // a street goes where a town may stay
				last.Category = category.Address
			}
			continue
		}
		out = append(out, s)
	}
	sc.spans = out
	return out
}

// located reports whether findings of a category that stand side by side are
// one: a place of care and its town.
func located(c category.Category) bool {
	return c == category.Place || c == category.Address || c == category.PostalCode
}

// joins reports whether what stands between two places says no more than that.
func joins(gap string) bool { return gap == ", " || gap == " " || gap == " in " || gap == ",\n" }

// Helpers of recognizers.

func (sc *Scanner) at(i int) *token {
	if uint(i) < uint(len(sc.toks)) {
		return &sc.toks[i]
	}
	return &noToken
}

var noToken = token{flags: spaceBefore | lineBefore | used}

// textOf returns the text of the tokens from from to to.
func (sc *Scanner) textOf(from, to int) string {
	return sc.text[sc.toks[from].start:sc.toks[to-1].end]
}

// lit returns the text of a token.
func (sc *Scanner) lit(i int) string {
	t := sc.at(i)
	return sc.text[t.start:t.end]
}

// isPunct reports whether token i is the character c.
func (sc *Scanner) isPunct(i int, c byte) bool {
	t := sc.at(i)
	return t.kind == tokenPunct && sc.text[t.start] == c
}

// isOneOf reports whether token i is one of the characters of signs.
func (sc *Scanner) isOneOf(i int, signs string) bool {
	t := sc.at(i)
	return t.kind == tokenPunct && strings.IndexByte(signs, sc.text[t.start]) >= 0
}

// tight reports whether token i stands right between its neighbours, without white
// space on either side.
func (sc *Scanner) tight(i int) bool {
	if i <= 0 || i+1 >= len(sc.toks) {
		return false
	}
	p, t, n := &sc.toks[i-1], &sc.toks[i], &sc.toks[i+1]
	return (t.flags|n.flags)&spaceBefore == 0 && p.end == t.start && t.end == n.start
}

// foundBefore reports whether what was found last is of a category and ends right before
// token i.
func (sc *Scanner) foundBefore(i int, cat category.Category) bool {
	if len(sc.spans) == 0 || i < 1 {
		return false
	}
	s := sc.spans[len(sc.spans)-1]
	return s.Category == cat && s.End == int(sc.toks[i-1].end)
}

// joined reports whether token i stands right behind the one before it.
func (sc *Scanner) joined(i int) bool {
	return i > 0 && i < len(sc.toks) && !sc.toks[i].is(spaceBefore) && sc.toks[i-1].end == sc.toks[i].start
}

// decimalPoint reports whether the period at i joins the number behind it to what
// stands before: 98.6.
func (sc *Scanner) decimalPoint(i int) bool {
	return sc.isPunct(i, '.') && sc.tight(i) && sc.at(i+1).kind == tokenNumber
}

// wraps reports whether token i begins a line that goes on with the one before,
// as far as white space tells: no empty line stands between.
func (sc *Scanner) wraps(i int) bool {
	return i > 0 && i < len(sc.toks) && sc.toks[i].is(lineBefore) &&
		strings.Count(sc.text[sc.toks[i-1].end:sc.toks[i].start], "\n") == 1
}

// pastPeriod returns i, or the index behind the period that stands there, right
// behind a word: Mt. Sinai.
func (sc *Scanner) pastPeriod(i int) int {
	if sc.isPunct(i, '.') && sc.joined(i) {
		return i + 1
	}
	return i
}

func (t *token) size() int { return int(t.end - t.start) }

// alnum reports whether a token is a word, a number, or a mix.
func (t *token) alnum() bool { return t.kind != tokenPunct && t.kind != tokenMark && t.kind != 0 }

// recognize is the first pass.
func (sc *Scanner) recognize() {
	for i := 0; i < len(sc.toks); {
		t := &sc.toks[i]
		if t.is(used) {
			if t.kind == tokenMark && sc.noCodes && sc.text[t.start] != '[' {
				sc.add(i, i+1, mark.CategoryOf(sc.text[t.start:]))
			}
			i++
			continue
		}
		switch t.kind {
		case tokenWord:
			if t.hash == hashWWW {
				if next := sc.webHost(i); next > i {
					i = next
					continue
				}
			}
			if t.size() == 1 && sc.isPunct(i+1, '.') {
				i = sc.dottedKey(i)
				t = &sc.toks[i]
			}
			if anchors[t.cue] && !sc.strict {
				i = sc.cueWord(i)
				continue
			}
		case tokenNumber, tokenMixed:
			i = sc.compound(i)
			continue
		case tokenPunct:
			if next := sc.sign(i); next > i {
				i = next
				continue
			}
		}
		i++
	}
}

// sign returns the index behind what the sign at i begins, stands in or announces,
// or i.
func (sc *Scanner) sign(i int) int {
	switch sc.text[sc.toks[i].start] {
	case '@':
		return sc.email(i)
	case '%':
		return sc.encodedEmail(i)
	case ':':
		return sc.colon(i)
	case '=':
		return sc.equalsSign(i)
	case '|':
		return sc.field(i)
	case '[':
		if sc.bracketedArea(i) {
			return sc.phone(i)
		}
		sc.accessLogUser(i)
	case '\\':
		return sc.homeOf(i)
	case '(', '+':
		if next := sc.deviceID(i); next > i {
			return next
		}
		return sc.phone(i)
	case '/':
		return sc.slash(i)
	case ',':
		if end := int(sc.toks[i].end); end == len(sc.text) || sc.text[end] == ' ' {
			return i
		}
		if n := sc.at(i + 1); n.kind == tokenNumber && n.size() == ssnDigits {
			return sc.cell(i)
		}
		return sc.rowName(i)
	case '.', '_':
		return sc.namesJoined(i)
	case '#':
		if !sc.strict {
			return sc.hashID(i)
		}
	case '"', '\'':
		return sc.operand(i)
	case '^':
		return sc.townInCarets(i)
	}
	return i
}

// colon is sign for a colon.
func (sc *Scanner) colon(i int) int {
	if next := sc.url(i); next > i {
		return next
	}
	if sc.hexWordBefore(i) {
		if next := sc.colons(i - 1); next > i {
			return next
		}
	}
	return sc.labelled(i)
}

// equalsSign is sign for an equals sign.
func (sc *Scanner) equalsSign(i int) int {
	if next := sc.labelled(i); next > i {
		return next
	}
	if next := sc.queryName(i); next > i {
		return next
	}
	return sc.assignedLogin(i)
}

// slash is sign for a slash.
func (sc *Scanner) slash(i int) int {
	if next := sc.serial(i); next > i {
		return next
	}
	if !sc.strict && sc.zoneAreaBefore(i) {
		return sc.zone(i)
	}
	if next := sc.personPath(i); next > i {
		return next
	}
	if next := sc.recordPath(i); next > i {
		return next
	}
	if next := sc.homeOf(i); next > i {
		return next
	}
	return sc.profile(i)
}

// anchors are the cues, by index, with which cueWord has something to do.
var anchors = func() (t [256]bool) {
	for i, c := range cue.All {
		t[i] = c.Is&(cue.Month|cue.Weekday|cue.Holiday|cue.Key|cue.WeakKey|cue.Date|cue.Road|cue.UnitWord|cue.Street|cue.Address|cue.Numeral|cue.Digit) != 0
	}
	t[cue.Table.Get(words.Hash("at"))] = true
	t[cue.Table.Get(hashMR)] = true
	return
}()

var (
	hashWWW = words.Hash("www")
	hashPhi = words.Hash("phi")
)
