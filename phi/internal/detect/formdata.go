package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
	"github.com/carebus/carebus/phi/internal/words"
)

// Bodies of multipart/form-data (RFC 7578) name each part in a header:
//
//	Content-Disposition: form-data; name="first_name"
//
//	Jane

// formPart notes the value of the part whose name stands behind the equals sign
// at token i, when the name says what it is: the lines up to the next boundary.
// It returns the index of the first token behind it, or i.
func (sc *Scanner) formPart(i int) int {
	if sc.at(i-1).hash != hashName ||
		!sc.isPunct(i-2, ';') ||
		sc.at(i-3).hash != hashData ||
		sc.at(i-5).hash != hashForm ||
		!sc.isPunct(i+1, '"') {
		return i
	}
	end := i + 2
	for end < len(sc.toks) && end < i+12 && !sc.isPunct(end, '"') {
		if sc.toks[end].is(lineBefore) {
			return i
		}
		end++
	}
	from := end + 1
	if !sc.isPunct(end, '"') || end == i+2 || from >= len(sc.toks) || !sc.toks[from].is(lineBefore) {
		return i
	}
	k := sc.lex.Classify(chars.Bytes(sc.text[sc.toks[i+2].start:sc.toks[end].start]))
	if k.Mode != lexicon.Typed {
		return i
	}
	to := from
	for to < len(sc.toks) && !(sc.toks[to].is(lineBefore) && sc.isPunct(to, '-') && sc.isPunct(to+1, '-')) {
		if to++; k.Cat != category.Psychotherapy && to-from > valueSize {
			return i
		}
	}
	if to == from ||
		mark.Scrubbed(chars.Bytes(sc.textOf(from, to))) ||
		!sc.plausible(from, to, k.Cat, true) {
		return i
	}
	if k.Cat == category.Name {
		return sc.addName(from, to, true)
	}
	return sc.add(from, to, k.Cat)
}

var (
	hashData = words.Hash("data")
	hashForm = words.Hash("form")
)
