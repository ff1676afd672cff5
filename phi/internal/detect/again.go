package detect

import (
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/mark"
)

// A text in which something was replaced is scanned again. Its tokens are those
// that it had, but for a mark in place of each finding, so that they needn't be
// read again.

// A Replacement says which bytes of a text became which of the next one.
type Replacement struct {
	Start, End       int
	NewStart, NewEnd int
}

// retokenize does what tokenize does for text, which became of the text whose
// tokens the scanner has. It returns false, and leaves them in disorder, when a
// replacement isn't one mark in place of whole tokens, when words in capitals got their
// case from the words beside them, which marks have replaced, or when what is left is
// in capitals alone.
func (sc *Scanner) retokenize(text string, replaced []Replacement) bool {
	if sc.settled {
		return false
	}
	toks := sc.toks
	from, to := 0, 0 // tokens read and written
	shift := 0
	behind := false // only other characters stand between a mark and this token
	for k := 0; ; k++ {
		start := len(text) - shift // of the finding, in the text before
		if k < len(replaced) {
			start = replaced[k].Start
		}
		for from < len(toks) && int(toks[from].end) <= start {
			t := &toks[to]
			*t = toks[from]
			t.start, t.end = t.start+uint32(shift), t.end+uint32(shift)
			if t.kind != tokenMark {
				t.flags &^= used | nameFound
			}
			if behind {
				behind = t.follow(text)
			}
			from, to = from+1, to+1
		}
		if k == len(replaced) {
			break
		}
		r := replaced[k]
		if from == len(toks) || int(toks[from].start) != start || !marks(text, r) {
			return false
		}
		first := toks[from]
		last := first
		for from < len(toks) && int(toks[from].end) <= r.End {
			last = toks[from]
			from++
		}
		if int(last.end) != r.End || last.is(possessive) {
			return false
		}
		if behind && !first.is(lineBefore) {
			first.flags &^= sentence
		}
		toks[to] = markToken(text, r.NewStart, r.NewEnd-r.NewStart, first.flags&(spaceBefore|lineBefore|sentence))
		to++
		shift = r.NewEnd - r.End
		behind = true
	}
	if from < len(toks) {
		return false
	}
	sc.toks, sc.capitals, sc.raised = toks[:to], true, false
	return !sc.leftCapitals()
}

// leftCapitals reports whether marks have left a line, or the text, in capitals alone.
func (sc *Scanner) leftCapitals() bool {
	for i := range sc.toks {
		if sc.toks[i].kind == tokenMark && !sc.smallNear(i) {
			return sc.capitalsBesideMarks()
		}
	}
	return false
}

// smallNear reports whether a word with a small letter stands near token i on its line,
// as beside most marks.
func (sc *Scanner) smallNear(i int) bool {
	const far = 8
	for j := i; j > max(0, i-far) && !sc.toks[j].is(lineBefore); j-- {
		if sc.toks[j-1].small() {
			return true
		}
	}
	for j := i + 1; j < min(len(sc.toks), i+far) && !sc.toks[j].is(lineBefore); j++ {
		if sc.toks[j].small() {
			return true
		}
	}
	return false
}

// small reports whether a token is a word with a small letter, not counting mg.
func (t *token) small() bool { return t.kind == tokenWord && t.size() > 2 && !t.is(allCaps) }

// capitalsBesideMarks is leftCapitals line by line.
func (sc *Scanner) capitalsBesideMarks() bool {
	var whole caseCount
	for from := 0; from < len(sc.toks); {
		to, line := sc.countLine(from)
		if line.proper && line.capitalsAlone() {
			return true
		}
		whole.add(&line)
		from = to
	}
	return whole.capitalsAlone()
}

// follow takes the beginning of a sentence from a token behind a mark, unless it
// begins a line: what stood in place of the mark may have ended one. It reports
// whether the same holds for the token behind it.
func (t *token) follow(text string) bool {
	if !t.is(lineBefore) {
		t.flags &^= sentence
	}
	if t.kind != tokenPunct || text[t.start] >= 0x80 {
		return false
	}
	switch text[t.start] {
	case '.', '!', '?', ':', ';':
		return false
	}
	return !t.is(sentence)
}

// marks reports whether a replacement is one mark to the tokenizer.
func marks(text string, r Replacement) bool {
	size := r.NewEnd - r.NewStart
	if size == 0 {
		return false
	}
	if rest := chars.Bytes(text[r.NewStart:]); rest[0] == '[' {
		return mark.PlaceholderAt(rest[:min(len(rest), 40)]) == size
	} else if mark.PseudonymAt(rest[:min(len(rest), 128)]) != size {
		return false
	}
	return !mark.GluedTo(chars.Bytes(text[:r.NewStart]))
}
