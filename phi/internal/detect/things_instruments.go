package detect

import (
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Instruments of several words that are called after a person or a town: Pittsburgh Sleep
// Quality Index, Woodcock-Johnson Tests of Achievement.

// namedInstrument returns the index behind the instrument that the capitalised words at i
// name, or i. Words that say what it measures stand between the name and what it is,
// none of which is a name.
func (sc *Scanner) namedInstrument(i int) int {
	t := &sc.toks[i]
	if t.is(allCaps | possessive) {
		return i
	}
	from := sc.instrumentStart(i)
	if n := sc.at(from); n.kind != tokenWord || !n.isBut(capital, used|lineBefore) {
		return i
	}
	pair := from > i+1 && sc.isPunct(i+1, '-')
	if pair && !pairOfAuthors(t, sc.at(i+2)) {
		return i
	}
	known, rare := pair || knownAuthor(t), !t.list.CommonName()
	end, between, subject := i, 0, false
	for j := from; j < from+maxInstrument && sc.withinInstrument(j); j++ {
		w := sc.at(j)
		if !w.is(capital) { // a link, or a hyphen
			continue
		}
		switch {
		case scales.Has(w.hash) && (known || rare),
			tests.Has(w.hash) && known && sc.at(j+1).hash == hashOf,                          // Tests of Achievement
			tests.Has(w.hash) && subject && (knownAuthor(t) || rare && !pair && between > 1): // Verbal Learning Test
			end = j + 1
		case subjects.Has(w.hash):
			subject = true
		case w.list.Word() == 0 || w.list.CommonName() || w.cueIs(cue.Facility) && t.list.City() > 0: // Duluth Office Checklist
			return end
		}
		between++
	}
	return end
}

// maxInstrument is how many tokens the name of an instrument has at most.
const maxInstrument = 8

// ledAsPerson reports whether what stands before the word at i says that it is somebody's
// name: Patient Kowalczyk, Patient: Kowalczyk.
func (sc *Scanner) ledAsPerson(i int) bool {
	return sc.at(i-1).cueIs(cue.Intro|cue.Relation) && !sc.toks[i].is(lineBefore) ||
		sc.isPunct(i-1, ':') && sc.labelsPerson(sc.labelEnd(i-1))
}

// withinInstrument reports whether the name of an instrument may go on with token j: a word
// with a capital, one that links two, or a hyphen between two.
func (sc *Scanner) withinInstrument(j int) bool {
	w := sc.at(j)
	switch {
	case w.is(lineBefore | used):
		return false
	case w.kind == tokenPunct:
		return sc.isPunct(j, '-') && sc.tight(j)
	case w.is(capital):
		return w.kind == tokenWord
	}
	return instrumentLinks.Has(w.hash)
}

// knownAuthor reports whether things are called after who or what has this name, and few
// patients are: Beck, Edinburgh.
func knownAuthor(t *token) bool {
	return (t.cueIs(cue.Eponym) || t.list.City() > 0) && t.list.Given() < words.Common || instrumentNames.Has(t.hash)
}

// pairOfAuthors reports whether a hyphen between two words may join those who made an
// instrument: one of them is known for another, or neither is a name that many have.
func pairOfAuthors(a, b *token) bool {
	return a.cueIs(cue.Eponym) || b.cueIs(cue.Eponym) || firstAuthors.Has(a.hash) || !a.list.Named() && !b.list.Named()
}

// instrumentStart returns the index behind the name or the town at i that an instrument is
// called after: Woodcock-Johnson, Kansas City.
func (sc *Scanner) instrumentStart(i int) int {
	if sc.isPunct(i+1, '-') && sc.tight(i+1) && sc.at(i+2).is(capital) {
		return i + 3
	}
	if sc.toks[i].cueIs(cue.PlaceStart|cue.Particle) || sc.toks[i].list.City() > 0 {
		if end, tier := sc.cityAt(i); tier > 0 {
			return end
		}
	}
	return i + 1
}

var (
	// instrumentNames are names that many have, and instruments as well.
	instrumentNames = words.SetOf("barnes bayley boston bristol cornell denver gilliam hamilton kaufman kessler leiter mullen penn rey")
	// firstAuthors stand before others who made an instrument with them.
	firstAuthors    = words.SetOf("buss halstead marlowe myers warwick")
	instrumentLinks = words.SetOf("of for and in with to the on")
	// scales are what hardly anything but an instrument is.
	scales = words.SetOf("scale scales inventory inventories questionnaire questionnaires index indices checklist checklists battery indicator")
	// tests are instruments behind what they measure, and other things elsewhere.
	tests = words.SetOf("test tests profile task screen measure examination criteria chart")
	// subjects are what tests measure.
	subjects = words.SetOf(`sleep sleepiness insomnia picture vocabulary verbal auditory visual learning memory attention cognitive cognition intelligence neuropsychological aphasia language reading phonological articulation motor perceptual
		developmental development adaptive behavior behavioral behaviour behavioural personality temperament impulsiveness orientation amnesia akathisia apathy naming sorting achievement work wellbeing stool`)
)
