package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Names as cards and search boxes have them.

// maxCardText is how long the text of a card is at most, in bytes.
const maxCardText = 1000

// cardNames notes the names on the lines of a card of identity as a scan reads it, which its
// letters begin:
//
//	DL 99887766
//	LN ROE
//	FN ANN MARIE
func (sc *Scanner) cardNames() {
	lines := 0
	for i := range sc.toks {
		if t := &sc.toks[i]; (i == 0 || t.is(lineBefore)) && t.is(allCaps) && cardLabels.Has(t.hash) &&
			!(cardNameLabels.Has(t.hash) && sc.at(i+1).kind == tokenNumber) { // LN 2 of 14 positive
			lines++
		}
	}
	if lines < 2 {
		return
	}
	for i := range sc.toks {
		if t := &sc.toks[i]; (i == 0 || t.is(lineBefore)) && t.is(allCaps) && cardNameLabels.Has(t.hash) {
			sc.cardName(i)
		}
	}
}

// cardName notes the words in capitals behind the label at i on its line.
func (sc *Scanner) cardName(i int) {
	from := i + 1
	if sc.isOneOf(from, ":.") {
		from++
	}
	to := from
	for to < min(from+5, len(sc.toks)) && !sc.toks[to].is(lineBefore) {
		if t := &sc.toks[to]; t.is(used) || t.kind == tokenWord && !t.is(allCaps) && t.size() > 1 ||
			t.kind != tokenWord && !sc.isOneOf(to, "-',") {
			return
		}
		to++
	}
	if to > from && (to == len(sc.toks) || sc.toks[to].is(lineBefore)) {
		sc.protect(i, from)
		sc.addName(from, to, true)
	}
}

// cardNameLabels begin the lines of a card that hold names, cardLabels others of it as well.
var (
	cardNameLabels = words.SetOf("ln fn mn")
	cardLabels     = words.SetOf("ln fn mn dl dob exp iss sex hgt wgt eyes hair class id dd")
)

// searched notes who a text in small letters, such as a search box gets, looks for: one to
// three words before a date of birth, a day of long ago or a telephone number, and nothing
// else, weatherby dob 5/19/69.
func (sc *Scanner) searched() {
	n, named := 0, false
	for ; n < len(sc.toks) && n < 4; n++ {
		t := &sc.toks[n]
		if sc.isPunct(n, ',') && n > 0 {
			continue
		}
		if t.kind != tokenWord || t.is(used) || t.cueIs(cue.Date) || t.size() < 3 {
			break
		}
		l := sc.lists.Get(t.hash)
		if l.Drug() || t.cueIs(cue.Key|cue.WeakKey|cue.Stop|cue.Medical|cue.NotName|cue.Month|cue.Weekday) || l.OnlyWord() {
			return
		}
		named = named || l.Named() && l.Word() < words.Common
	}
	if !named || !sc.soughtBy(n) {
		return
	}
	if day := &sc.spans[0]; day.Category == category.Date {
		day.Category = category.BirthDate
	}
	for i := range n {
		if t := &sc.toks[i]; t.kind == tokenWord {
			sc.addName(i, i+1, true)
		}
	}
}

// soughtBy reports whether what stands from token i to the end of the text is a date of birth, a
// day of long ago or a telephone number, behind no word but one for them.
func (sc *Scanner) soughtBy(i int) bool {
	if i >= len(sc.toks) {
		return false
	}
	sp := sc.spans[0]
	if sp.End < len(sc.text) || sp.Start < int(sc.toks[i].start) {
		return false
	}
	born := false
	for ; i < len(sc.toks) && int(sc.toks[i].start) < sp.Start; i++ {
		c := cue.All[sc.toks[i].cue]
		switch {
		case c.Is&cue.Date != 0 && c.Cat == category.BirthDate:
			born = true
		case sc.isOneOf(i, ":,("):
		default:
			return false
		}
	}
	switch sp.Category {
	case category.BirthDate, category.Phone:
		return true
	case category.Date:
		return born || longAgo(sc.text[sp.Start:sp.End])
	}
	return false
}
