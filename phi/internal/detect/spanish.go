package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Spanish prose among English: its words are no names because they are no English ones.

// spanishOpening reports whether the capitalised word at i is one of Spanish that only
// begins a sentence: Sal temprano; but Sal naps, Sal denies it.
func (sc *Scanner) spanishOpening(i int) bool {
	t, n := &sc.toks[i], sc.at(i+1)
	if n.kind != tokenWord || n.is(capital|used) || n.cue != 0 ||
		!t.is(sentence) && (sc.at(i-1).kind != tokenPunct || sc.lit(i-1) != "¿" && sc.lit(i-1) != "¡") {
		return false
	}
	return spanishOpeners.Has(t.hash) && sc.lists.Get(n.hash).Word() == 0
}

// spanishNoun reports whether the capitalised word at i is a noun of Spanish and no name, by its
// ending, or as what begins a line or a sentence and has de behind it: Evaluación, Nota de
// progreso.
func (sc *Scanner) spanishNoun(i int) bool {
	t, link := &sc.toks[i], sc.at(i+1)
	if s := sc.lit(i); t.list == 0 && (strings.HasSuffix(s, "ción") || strings.HasSuffix(s, "sión")) {
		return true
	}
	if link.hash != hashDe || link.is(capital|used|lineBefore) || !t.is(sentence|lineBefore) || t.list.Given() >= words.Common {
		return false
	}
	j := i + 2
	if sc.at(j).cueIs(cue.Particle) {
		j++
	}
	n := sc.at(j)
	return n.kind == tokenWord && n.size() > 3 && !n.is(capital|used|lineBefore) && !n.cueIs(cue.Stop) && !sc.lists.Get(n.hash).Named()
}

// spanish reports whether the words from one token to another are a clause of Spanish.
func (sc *Scanner) spanish(from, to int) bool {
	n := 0
	for i := from; i < to && n < 3; i++ {
		if spanishWords.Has(sc.toks[i].hash) {
			n++
		}
	}
	return n == 3
}

// spanishOpeners are words that begin sentences, some of them names as well, and
// spanishWords such as stand in most sentences and mean nothing in English.
var (
	spanishOpeners = words.SetOf(`si el la los las un una unos unas pero como también qué que quién quien cuál cuáles así cada durante cuando cuándo donde dónde porque aunque entonces después antes hoy ayer mañana aquí allí te le les se lo nos
		su sus mi mis tu tus esta este esto ese esa eso estos estas ella ellos ellas usted ustedes para por con sin sobre entre hasta desde según muy más menos todo todos toda todas algo alguien nada nadie ya aún todavía siempre nunca
		quizás tal segundo tercero primero debería puede puedo sería sera son está estoy fue hay tiene tengo hola al del en ni nuestra nuestro otra otro además mientras luego pues bueno buenos buenas`)
	spanishWords = words.SetOf(`que los las una por con para pero como más también cuando porque esta este muy sin sobre hay ellos ella nos está están puede hacer sus entre desde hasta todo todos usted después del`)
)
