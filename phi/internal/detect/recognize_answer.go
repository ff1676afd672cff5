package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/cue"
)

// answerWords is how many words may stand between who answers and the answer.
const answerWords = 4

// answer finds the identifier from token from to token to that answers the
// question on the line before, in a transcript or a chat:
//
//	Q: And your social security number?
//	A: 558128195.
//
// The question's words say what it is.
func (sc *Scanner) answer(from, to int) int {
	j := from - 1
	for n := 0; n < answerWords && (sc.at(j).kind == tokenWord && !sc.at(j).is(lineBefore) || sc.isPunct(j, ',')); n++ {
		j--
	}
	if !sc.isPunct(j, ':') {
		return from
	}
	for n := 0; n < 4 && j > 0; n++ { // who answers
		if j--; sc.toks[j].is(lineBefore) {
			break
		}
	}
	if j < 2 || !sc.toks[j].is(lineBefore) || !sc.isPunct(j-1, '?') {
		return from
	}
	for k, n := j-2, 0; k >= 0 && n < 12; k, n = k-1, n+1 {
		t := &sc.toks[k]
		c := cue.All[t.cue]
		switch {
		case c.Is&cue.Date != 0 && c.Cat == category.BirthDate && to == from+1:
			if CompactDate(sc.lit(from)) {
				return sc.add(from, to, category.BirthDate)
			}
			return from
		case c.Is&(cue.Key|cue.WeakKey) != 0 && c.Cat != category.OtherID && c.Cat != category.None &&
			c.Cat != category.PostalCode:
			return sc.keyed(k, from, to, c.Cat, true, true)
		}
		if t.is(lineBefore) {
			break
		}
	}
	return from
}
