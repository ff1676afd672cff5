package detect

import (
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// eponym reports whether the capitalised words at i name a disease, a scale or
// a method: Parkinson's disease, Beck Depression Inventory, Guillain-Barré.
// They are protected.
func (sc *Scanner) eponym(i int) bool {
	t := &sc.toks[i]
	if sc.at(i-1).is(nameFound) || sc.at(i-1).cueIs(cue.Title) || sc.isPunct(i-1, '.') && sc.at(i-2).cueIs(cue.Title) {
		return false
	}
	if !t.is(lineBefore) && kin.Has(sc.at(i-1).hash) && sc.at(i+1).cueIs(cue.Key) {
		return false // mom Huda cell 413-555-0144
	}
	if end := sc.toolName(i); end > i {
		sc.protect(i, end)
		return true
	}
	if n := sc.at(i + 1); n.kind == tokenPunct && sc.text[n.start] == ',' || listWords.Has(n.hash) {
		if end := sc.listFound(i); end > i {
			sc.protect(i, end)
			return true
		}
	}
	j := i + 1
	limit := i + 2
	if t.cueIs(cue.Eponym) {
		limit = i + 4
	}
	for j < limit+1 && j < len(sc.toks) {
		n := &sc.toks[j]
		if n.is(lineBefore) {
			return false
		}
		if n.kind == tokenPunct && sc.text[n.start] != '-' {
			if sc.text[n.start] == '(' && j == i+1 && sc.isPunct(j+2, ')') && sc.initialsOf(j+1, i) {
				sc.protect(i, j+3) // Edinburgh (EPDS) 12
				return true
			}
			return false
		}
		if j == i+1 && !n.is(capital) && !n.cueIs(cue.Stop) && t.list.Given() < 2 && sc.found(j) {
			sc.protect(i, j+2)
			return true
		}
		if n.kind == tokenWord && (n.cueIs(cue.Medical) || sc.inflamed(i, j)) {
			if t.list.Given() >= 2 && !t.cueIs(cue.Eponym) && !sc.instrument(i, j) &&
				!(j == i+1 && (tools.Has(n.hash) && !articles.Has(sc.at(j+1).hash) || diseases.Has(n.hash) && !t.is(possessive))) &&
				!(n.is(capital) && n.hash == hashLaw && j == i+1) {
				return false
			}
			sc.protect(i, j+1)
			return true
		}
		if n.is(allCaps) && j == i+1 && t.cueIs(cue.Eponym) && sc.score(j) { // Beck BDI-II
			sc.protect(i, j+1)
			return true
		}
		if n.kind == tokenWord && (!n.is(capital) || n.is(allCaps) && t.is(allCaps) && sc.acts(j)) { // XIULAN ENDORSES ANXIETY
			return false
		}
		j++
	}
	return false
}

// found reports whether what somebody found stands at token k, behind the name, with the
// result: Waddell signs 0/5.
func (sc *Scanner) found(k int) bool {
	t, n := sc.at(k), sc.at(k+1)
	return findings.Has(t.hash) && !t.is(capital) && !n.is(lineBefore) &&
		(n.kind == tokenNumber || signResults.Has(n.hash) || n.hash == hashAbsent || n.hash == hashPresent)
}

// listFound returns the index behind the words of a list at i behind which stands what all
// of them found, or i: Barlow and Ortolani tests; Foley, Hickman or Broviac catheters.
func (sc *Scanner) listFound(i int) int {
	for j, n := i, 0; n < 8 && sc.mayFind(j) && (n == 0 || !sc.toks[j].is(lineBefore)); n++ {
		j++
		if what := sc.at(j); n > 0 && (findings.Has(what.hash) || what.cueIs(cue.Medical)) && !what.is(capital|lineBefore) {
			return j + 1
		}
		j = sc.pastComma(j)
		if listWords.Has(sc.at(j).hash) {
			j = sc.pastPeriod(j + 1)
		} else if !sc.isPunct(j-1, ',') {
			break
		}
	}
	return i
}

// inflamed reports whether the word at j, behind a name at i that is hardly a patient's, is
// a disease by its form: De Quervain tenosynovitis.
func (sc *Scanner) inflamed(i, j int) bool {
	n := &sc.toks[j]
	return !n.is(capital) && n.size() > 7 && sc.mayFind(i) && sc.mayFind(j-1) && !sc.toks[j-1].is(possessive) && sc.medicalShape(n)
}

// mayFind reports whether the word at i is hardly a patient's name, so that somebody else's
// finding may be called so.
func (sc *Scanner) mayFind(i int) bool {
	t := sc.at(i)
	return t.kind == tokenWord && t.isBut(capital, used) && t.list.Given() < 2 &&
		(t.list.Surname() < 3 || t.cueIs(cue.Eponym))
}

var (
	listWords   = words.SetOf("and or vs")
	hashAbsent  = words.Hash("absent")
	hashPresent = words.Hash("present")
	findings    = words.SetOf("tests signs scales reflexes maneuvers manoeuvres criteria bodies spots scores formulas equations indices classifications")
)

// instrument reports whether the words from i to the last at end are the name
// of a test or a scale: the words between are everyday ones, and the first is
// hardly a person's: Boston Naming Test.
func (sc *Scanner) instrument(i, end int) bool {
	if sc.toks[i].list.Given() == 3 || end < i+2 || !sc.at(end).is(capital) {
		return false
	}
	for j := i + 1; j < end; j++ {
		if t := sc.at(j); t.kind == tokenWord && (t.list.Word() == 0 || t.list.Given() > 0 || t.list.Surname() >= 2) {
			return false
		}
	}
	return true
}

// tools are called after those who made them: Kelly clamp, Blake drain.
var tools = words.SetOf("clamp clamps forceps retractor retractors drain drains sump scissors trocar cannula maneuver maneuvers")

// toolName returns the index behind the capitalised words from token i on after which a
// tool or a way to use it is called, or i: the Cobb elevator, a small Kerrison rongeur,
// Kling bandages. A noun that may be a verb needs an article.
func (sc *Scanner) toolName(i int) int {
	end := i + 1
	if n := sc.at(end); n.kind != tokenWord || !n.is(capital) && !toolNouns.Has(n.hash) && !toolVerbs.Has(n.hash) {
		return i
	}
	for end < i+3 && sc.at(end).kind == tokenWord && sc.at(end).isBut(capital, lineBefore) {
		end++
	}
	n, p := sc.at(end), sc.at(i-1)
	switch {
	case n.kind != tokenWord || n.is(capital|lineBefore):
		return i
	case toolNouns.Has(n.hash) && sc.toks[i].list.Given() < 3:
		return end
	case !toolVerbs.Has(n.hash) || sc.toks[i].is(lineBefore):
		return i
	}
	if p.kind == tokenWord && p.cue == 0 && !p.is(capital) { // a blunt Penfield probe
		p = sc.at(i - 2)
	}
	if p.kind == tokenNumber || p.kind == tokenWord && articlesOfTools.Has(p.hash) {
		return end
	}
	return i
}

var (
	articlesOfTools = words.SetOf("a an the this using utilizing two")
	toolNouns       = words.SetOf(`elevator elevators retractor retractors forceps tenaculum osteotome dissector dissectors speculum curette curettes rongeur rongeurs headrest headholder tongs mouthgag trocar cannula tourniquet laryngoscope dynamometer
		bandage bandages osteotomy bunionectomy anastomosis culdoplasty orchiopexy hernioplasty fundoplication`)
	toolVerbs = words.SetOf(`clamp clamps needle needles drain drains blade blades scissors holder halo frame brace splint cast dressing dressings sponge sponges suture sutures stitch plate plates screw screws rod rods pin pins wire wires
		nail stem catheter tube port stapler staple probe hook punch saw drill bur burr drape drapes hose stockings graft patch valve stent lens implant prosthesis device gag ligament fascia incision technique repair flap
		flaps tuck taper collar electrode spatula pump monitor boot stand`)
)

// diseases are called after those who found them, and never after a patient with
// two names.
var diseases = words.SetOf("syndrome disease disorder palsy phenomenon lymphoma sarcoma carcinoma angina")

// initialsOf reports whether the letters at k, in parentheses, stand for a scale
// whose name begins with the word at i, and that has its score behind them.
func (sc *Scanner) initialsOf(k, i int) bool {
	t, n := sc.at(k), sc.at(k+2)
	if !t.is(allCaps) ||
		t.size() < 3 ||
		t.size() > 6 ||
		t.cueIs(cue.Suffix) ||
		sc.text[t.start] != sc.text[sc.toks[i].start] {
		return false
	}
	return !n.is(lineBefore) &&
		(n.kind == tokenNumber && n.size() <= 3 && !sc.isPunct(k+3, '-') ||
			sc.isPunct(k+2, '=') ||
			sc.isPunct(k+2, ':'))
}
