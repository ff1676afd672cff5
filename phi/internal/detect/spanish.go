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

// spanishNoun reports whether the capitalised word at i is a noun of Spanish, as headings and
// labels have it, by its ending, by the words behind it or as one of a few: Evaluación, Nota de
// evolución, Teléfono.
func (sc *Scanner) spanishNoun(i int) bool {
	t := &sc.toks[i]
	if t.list.Given() >= words.Common {
		return false
	}
	s := sc.text[t.start:t.end]
	if len(s) > 6 && strings.HasSuffix(s, "ón") && t.list == 0 &&
		(strings.HasSuffix(s, "ción") || strings.HasSuffix(s, "sión")) {
		return true
	}
	if t.list.Surname() < words.Common && sc.foreign(t) && spanishNouns.Has(t.hash) {
		return true
	}
	j := i + 1
	if n := sc.at(j); !spanishOf.Has(n.hash) || n.is(capital|lineBefore) || !t.is(sentence|lineBefore) && i > 0 {
		return false
	}
	if j++; sc.at(j).cueIs(cue.Particle) {
		j++
	}
	n := sc.at(j)
	return n.kind == tokenWord && n.size() > 3 && !n.is(capital|used|lineBefore) && !n.cueIs(cue.Stop) && !sc.lists.Get(n.hash).Named()
}

var spanishOf = words.SetOf("de del")

// spanishNouns have an accent, as names of other languages have.
var spanishNouns = words.SetOf(`español española inglés francés portugués número teléfono código diagnóstico pronóstico médico médica psicólogo psicóloga clínico clínica cédula próximo próxima último última día días línea página
	análisis síntomas síntoma crónico método técnica técnico género país área público básico cónyuge niño niña niños señal tamaño año años contraseña compañía farmacéutico terapéutico estadístico histórico académico económico jurídico válido inválido vacío móvil fármaco fármacos
	português français número telefone código clínica prénom numéro téléphone médecin`)

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
