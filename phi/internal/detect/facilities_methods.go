package detect

import (
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Ways to treat, which persons are referred to as they are to places of care.

// methodOfCare reports whether the words from i to end are a way to treat, by the last of them
// or by the word in small letters behind them, and not who treats: Motivational Interviewing,
// Mindfulness-Based Stress Reduction, Hakomi therapy.
func (sc *Scanner) methodOfCare(i, end int) bool {
	n := sc.at(end)
	noun := n.kind == tokenWord && !n.is(capital|lineBefore) && methodNouns.Has(n.hash)
	if noun && (!houseNouns.Has(n.hash) || sc.toks[i].hash == hashMorita) {
		return true
	}
	method := methods.Has(sc.at(end - 1).hash)
	for j := i; j < end; j++ {
		switch t := sc.at(j); {
		case t.kind != tokenWord:
		case t.list.Named() && !t.cueIs(cue.Stop|cue.NotName|cue.Medical) || t.list.City() > 0:
			return false
		case j > i && basedOn.Has(t.hash) && sc.isPunct(j-1, '-'):
			method = true
		case method && t.list.Word() == 0 && !sc.medicalShape(t) && !methods.Has(t.hash):
			return false
		}
	}
	return method || noun
}

var (
	methodNouns = words.SetOf("therapy therapies psychotherapy technique techniques method methods approach model theory analysis meditation training exercises principles curriculum protocol breathing")
	houseNouns  = words.SetOf("therapy therapies psychotherapy training") // who treats has them as well: Sheppard Pratt therapy
	hashMorita  = words.Hash("morita")
	methods     = words.SetOf("psychotherapy interviewing activation exposure prevention reduction regulation management processing experiencing treatment training parenting anonymous aid theory skills")
	basedOn     = words.SetOf("based focused informed oriented centered")
)
