package detect

import (
	"strings"
	"unicode"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// A part is a word of a possible name.
type part struct {
	tok     int // index of its token
	initial bool
	joined  bool // by a hyphen to the part before
	half    bool // a hyphen and its second half in small letters follow: Ji-yeon
}

// nameable reports whether a capitalised word may be part of a name at all.
func (sc *Scanner) nameable(i int) bool {
	t := sc.at(i)
	if t.kind != tokenWord || !t.isBut(capital, used) {
		return false
	}
	if sc.camelCase(t) || t.list.Drug() && !t.list.Named() || sc.contraction(t) {
		return false
	}
	if t.size() == 2 && sc.text[t.start+1] == 'x' && !sc.at(i-1).cueIs(cue.Title) { // Hx, Bx
		return false
	}
	switch {
	case t.cue == 0:
		return true
	case t.size() == 1:
		return t.hash != hashI || sc.isPunct(i+1, '.')
	case sc.isPunct(i-1, '-') && sc.tight(i-1) && sc.syllable(i) && sc.at(i-2).isBut(capital, used|allCaps): // Soo-Min
		return true
	case t.cueIs(cue.Stop):
		return sc.nameableStop(i)
	case t.cueIs(surnameCues) && sc.surnameThere(i): // Jason White, Tyrell Washington
		return true
	}
	return nameableCue(cue.All[t.cue].Is, t.list)
}

// nameableStop is nameable for words such as Will and An: given names of sentences that
// don't begin with them, very common ones that are surnames as well, and those behind a
// greeting or "my name is".
func (sc *Scanner) nameableStop(i int) bool {
	t := &sc.toks[i]
	given := t.list.Given()
	return given >= words.Common &&
		(!t.is(sentence) ||
			given == words.Frequent && t.list.Surname() > 0 ||
			!t.is(lineBefore) && sc.at(i-1).cueIs(cue.Greeting|cue.Intro))
}

const (
	// otherSurnames are the cues of words that are surnames as well: Washington, Banks, Street.
	otherSurnames = cue.State | cue.Country | cue.Key | cue.WeakKey | cue.Facility | cue.Unit | cue.Street

	// surnameCues are those whose words are surnames behind a given name or a title.
	surnameCues = otherSurnames | cue.NotName
)

// surnameThere reports whether the word at i, with one of the surnameCues, is a surname that
// a given name or a title leads to.
func (sc *Scanner) surnameThere(i int) bool {
	t := &sc.toks[i]
	common := t.list.Surname() == words.Frequent && t.cueIs(cue.NotName)
	return (common || t.list.Surname() >= words.Common && t.cueIs(otherSurnames) && !t.cueIs(cue.NotName|cue.Month|cue.Title)) &&
		sc.namedBefore(i)
}

// nameableCue is nameable for a word that means something else too, by its cues and lists.
// The first cue that has a say decides.
func nameableCue(is cue.Kind, l words.Flags) bool {
	given, surname := l.Given(), l.Surname()
	switch {
	case is&(cue.NotName|cue.State|cue.Country) != 0:
		return given == words.Frequent || given == words.Common && surname == words.Frequent && is&cue.NotName == 0
	case is&cue.Unit != 0 && given < words.Common && surname < words.Frequent,
		is&(cue.Facility|cue.Company|cue.Medical|cue.Holiday) != 0 && given == 0 && surname < words.Frequent:
		return false
	case is&(cue.Weekday|cue.Key) != 0:
		return given >= words.Common
	case is&(cue.WeakKey|cue.Noun|cue.UnitWord|cue.Fill|cue.Greeting|cue.Intro) != 0:
		return l.Named()
	case is&cue.Relation != 0:
		return given >= words.Common || surname == words.Frequent
	case is&(cue.In|cue.Title) != 0:
		return given >= words.Common || surname >= words.Common
	case is&cue.Speech != 0:
		return l.Named()
	}
	return true
}

var hashI = words.Hash("i")

// namedBefore reports whether a title, a given name or an initial stands right
// before token i.
func (sc *Scanner) namedBefore(i int) bool {
	if sc.at(i).is(lineBefore) {
		return false
	}
	j := i - 1
	if sc.isPunct(j, '.') && sc.joined(j) {
		j--
	}
	p := sc.at(j)
	return p.kind == tokenWord && p.is(capital) &&
		(p.list.Given() > 0 && p.list.Word() == 0 || p.list.Given() >= words.Common || p.size() == 1 || p.cueIs(cue.Title))
}

// contraction reports whether a word is shortened by an apostrophe: you'd, we'll.
func (sc *Scanner) contraction(t *token) bool {
	s := sc.text[t.start:t.end]
	for tail := 1; tail <= 2; tail++ {
		q := len(s) - tail - 1
		if q <= 0 || s[q] != '\'' && !(q > 2 && s[q] == 0x99 && s[q-1] == 0x80 && s[q-2] == 0xe2) { // U+2019
			continue
		}
		switch s[q+1:] {
		case "d", "ll", "ve", "re", "m", "t", "D", "LL", "VE", "RE", "M", "T":
			return true
		}
	}
	return false
}

// smallHalf reports whether a hyphen and the second half of a given name in
// small letters stand at token j, or one that is an everyday word.
func (sc *Scanner) smallHalf(j int) bool {
	if !sc.isPunct(j, '-') || !sc.tight(j) {
		return false
	}
	t := sc.at(j + 1)
	p := sc.at(j - 1)
	if t.kind != tokenWord || t.is(used) || t.is(capital) && !t.list.OnlyWord() || t.size() > 6 || p.size() < 2 {
		return false
	}
	if p.hash != t.hash && sc.syllable(j-1) && sc.syllable(j+1) {
		return true // Sung-min, Soo-Ah
	}
	if t.is(capital) {
		return false
	}
	if p.list.Word() > 0 { // Sang-hoon
		return p.size() <= 5 && sc.lists.Get(t.hash).Word() == 0 && t.cue == 0 && sc.syllable(j+1)
	}
	return sc.lists.Get(t.hash).Word() < words.Common && sc.nameable(j+2) && !sc.at(j+2).is(lineBefore) || sc.syllable(j+1)
}

// hyphenPart reports whether a hyphen and another capitalised part of a name stand at token
// j: the -Ling of Mei-Ling.
func (sc *Scanner) hyphenPart(j int) bool {
	return sc.isPunct(j, '-') && sc.tight(j) && sc.nameable(j+1)
}

// compoundTail returns the index behind the parts of a compound surname that stand
// behind hyphens from token to and are in small letters or words as well, or to:
// Owusu-ansah, Emmerich-White.
func (sc *Scanner) compoundTail(to int) int {
	if end := sc.surnameOfWords(to); end > to {
		return end
	}
	for sc.compoundPart(to) {
		to += 2
	}
	return to
}

// surnameOfWords returns the index behind a surname of several everyday words with capitals
// that goes on a name before token i, as Native American ones do, or i: Two Moons, Little
// Thunder, Sings-In-The-Timber.
func (sc *Scanner) surnameOfWords(i int) int {
	t := sc.at(i)
	if p := sc.at(i - 1); t.kind != tokenWord || !t.isBut(capital, used|lineBefore) || t.is(allCaps) || p.kind != tokenWord || p.is(possessive) {
		return i
	}
	j, parts := i+1, 1
	for sc.isPunct(j, '-') && sc.tight(j) && sc.at(j+1).kind == tokenWord && sc.at(j+1).isBut(capital, used) {
		j, parts = j+2, parts+1
	}
	if parts >= 3 && t.hash != sc.at(j-1).hash && !phraseHeads.Has(t.hash) {
		return j
	}
	if (sc.at(i-1).list.Given() > 0 || sc.rareWord(sc.at(i-1))) && sc.surnameOfTwo(i) {
		return i + 2
	}
	return i
}

// surnameOfTwo reports whether the words at i may be a surname of two: Two Moons.
func (sc *Scanner) surnameOfTwo(i int) bool {
	n := sc.at(i + 1)
	return surnameStarts.Has(sc.toks[i].hash) && n.kind == tokenWord && n.isBut(capital, used|lineBefore|allCaps) &&
		!n.cueIs(cue.Stop|cue.Street|cue.Facility|cue.Title|cue.Month|cue.Weekday|cue.Medical|cue.Unit)
}

// natureName reports whether a surname of two words, of which the second is an animal or
// the like, stands at i, behind what is a given name then: Wahkan Little Elk.
func (sc *Scanner) natureName(i int) bool {
	p := sc.at(i - 1)
	return p.kind == tokenWord && !p.is(possessive|allCaps) && (p.list.Given() > 0 || sc.rareWord(p)) &&
		i < len(sc.toks) && sc.toks[i].isBut(capital, used|lineBefore) && sc.surnameOfTwo(i) && natureWords.Has(sc.at(i+1).hash)
}

var natureWords = words.SetOf("elk bear bull bulls wolf horse horses eagle eagles hawk hawks crow crows bird birds cloud clouds feather feathers fox deer buffalo otter owl thunder moon moons sun star stars wind tree trees turtle dog dogs coyote tail arrow arrows shield lance")

// surnameStarts begin surnames of two words.
var surnameStarts = words.SetOf("two three four many little big tall standing sitting running walking walks flying looking kicking lone young yellow red black white blue spotted iron swift strong his her takes eagle bear elk hawk crow")

// phraseHeads begin phrases that hyphens join and that are no names: Sit-To-Stand.
var phraseHeads = words.SetOf("sit wet one follow door hand day point check well up end stand over out back dry rule return step face word all state not non")

// compoundPart reports whether a hyphen and such a part stand at token j.
func (sc *Scanner) compoundPart(j int) bool {
	t := sc.at(j + 1)
	if !sc.isPunct(j, '-') || !sc.tight(j) || t.kind != tokenWord || t.is(used) || t.size() < 3 {
		return false
	}
	if t.is(capital) {
		return sc.at(j-1).is(capital) && t.list.Surname() == words.Frequent && !sc.ofThing(t)
	}
	if sc.syllable(j-1) && sc.syllable(j+1) { // Park Sung-min
		return true
	}
	l := sc.lists.Get(t.hash)
	return !t.cueIs(^(cue.Eponym | cue.PlaceStart)) && (l.Word() == 0 || l.Surname() == words.Frequent) &&
		!l.Drug() && !sc.medicalShape(t) // not Smith-like
}

// smallLink reports whether a particle between hyphens and another part of a name
// stand at token j: the -ul-Ain of Noor-ul-Ain.
func (sc *Scanner) smallLink(j int) bool {
	return sc.isPunct(j, '-') && sc.isPunct(j+2, '-') && sc.tight(j) && sc.joined(j+2) &&
		sc.joined(j+3) && linkParticles.Has(sc.at(j+1).hash) && !sc.at(j+1).is(capital) && sc.nameable(j+3)
}

var arabicArticles = words.SetOf("al el")

var linkParticles = words.SetOf("ul ur al el ud us un ad as uz e y")

// syllable reports whether the word at i is one that the given names of East
// Asia often end with.
func (sc *Scanner) syllable(i int) bool { return syllables.Has(sc.at(i).hash) }

var syllables = words.SetOf(`ah ae bin bum cheol chul eun gyu ha hae han hee ho hoon hun hwa hwan hye hyeon hyo hyuk hyun ja jae jee jeong ji jin joo joon ju jun jung kyu kyung lan lin ling mee mei mi mina min ming na rae rim ryul seok seong sook soo soon su suk sun sung tae
	wan won woo wook yeol yeon yeong yoo yoon young yul yun truc tien hsien hsiang hua huei hui jen juan lung mao ping ting wei wen yi ying yu yuan`)

// camelCase reports whether a capital stands behind a small letter, as in
// codes and brands: IgE, DiagnosticReport. McDonald, DeLuca and O'Neil are names.
func (sc *Scanner) camelCase(t *token) bool {
	if t.is(allCaps) || t.size() < 3 {
		return false
	}
	s := sc.text[t.start:t.end]
	for i := 1; i < len(s); i++ {
		if chars.IsUpper(s[i]) {
			if s[i-1] == '\'' || s[i-1] >= 0x80 {
				continue
			}
			if !chars.IsLower(s[i-1]) { // NaN, PhD, but a word in capitals has its case from settleCase
				return strings.ContainsFunc(s, unicode.IsLower)
			}
			switch s[:i] {
			case "Mc", "Mac", "De", "Di", "Du", "La", "Le", "Van", "Von", "Fitz", "Da", "Del", "O", "St", "San", "Ben", "Al", "El", "Los", "Sea":
				continue
			}
			return t.list.Given() == 0 && (t.list.Surname() == 0 || i > 3) || i == len(s)-1 // ObaniJesu is a name
		}
	}
	return false
}

// collect gathers the parts of a possible name that begins at i. end is the
// index of the first token behind them.
func (sc *Scanner) collect(i int, parts *[maxName]part) (n, end int) {
	end = i
	for j := i; n < maxName; {
		t := sc.at(j)
		if n > 0 && (t.is(lineBefore) || parts[n-1].initial && sc.isPunct(j-1, '.') && t.list.Everyday()) { // Dr. O. Unfortunately
			break
		}
		if !sc.nameable(j) {
			next := sc.wordWithin(j)
			if n == 0 || next == j {
				break
			}
			j = next
			continue
		}
		p := &parts[n]
		*p = part{tok: j, joined: n > 0 && sc.joined(j), initial: t.size() == 1 || t.size() == 2 && sc.text[t.start] >= 0x80}
		n++
		j, end = sc.linkBehind(j+1, n, parts)
		next := sc.at(j)
		if t.is(possessive) || p.half && sc.at(j-1).is(possessive) || // Ji-yeon's IEP
			next.kind == tokenPunct || next.kind == tokenNumber || next.kind == tokenMixed {
			break
		}
	}
	return n, end
}

// wordWithin returns the index behind the words from token j on that stand within a name
// and are no part of it by themselves, or j.
func (sc *Scanner) wordWithin(j int) int {
	t := sc.at(j)
	if t.kind != tokenWord || t.is(used) || t.size() < 2 {
		return j
	}
	// A word of other languages that is a stop word in English: Trường An Lê, Ni Made Ayu.
	if t.is(capital) && !t.is(allCaps) && t.cueIs(cue.Stop|cue.Unit) && sc.nameable(j+1) && !sc.at(j+1).is(lineBefore) &&
		(sc.foreign(sc.at(j-1)) || sc.noWord(sc.at(j-1)) && sc.noWord(sc.at(j+1))) {
		return j + 1
	}
	if !t.cueIs(cue.Particle) {
		return j
	}
	k := j + 1 // Ludwig van Beethoven
	if sc.at(k).kind == tokenWord && sc.at(k).cueIs(cue.Particle) && !sc.at(k).is(capital) {
		k++
	}
	if k == j+1 && arabicArticles.Has(t.hash) && sc.isPunct(k, '-') && sc.tight(k) { // Abdul-Rahman al-Tikriti
		k++
	}
	if sc.nameable(k) && !sc.at(k).is(lineBefore) && sc.at(k).size() > 1 {
		return k
	}
	return j
}

// noWord reports whether a token is neither a word nor a medicine, and says nothing of the
// words around it.
func (sc *Scanner) noWord(t *token) bool { return t.list.Word() == 0 && !t.list.Drug() && t.cue == 0 }

// linkBehind returns where the next part of a name may begin and where the name ends for
// now, behind its last of n parts, whose word ends before token j.
func (sc *Scanner) linkBehind(j, n int, parts *[maxName]part) (next, end int) {
	p := &parts[n-1]
	t := &sc.toks[p.tok]
	period := sc.isPunct(j, '.') && sc.joined(j)
	switch {
	case p.initial && period, n > 1 && t.cueIs(cue.Suffix) && sc.isPunct(j, '.') && t.hash != hashSt:
		return j + 1, j + 1
	case n == 1 && sc.smallHalf(j): // Eun-ji Park
		p.half = true
		return j + 2, j + 2
	case sc.hyphenPart(j),
		n == 1 && sc.isPunct(j, '_') && sc.tight(j) && t.list.Given() >= words.Common && !t.is(allCaps) && sc.nameable(j+1): // Ann_Roe_intake.pdf
		return j + 1, j
	case sc.smallLink(j): // Noor-ul-Ain
		return j + 3, j
	case n > 1 && t.hash == hashSt && period && sc.nameable(j+1) && !sc.at(j+1).is(lineBefore) &&
		sc.toks[parts[0].tok].list.Given() > 0: // Max St. John
		return j + 1, j
	}
	return j, j
}

// shortGiven returns the index of a given name written short that stands before the name at
// i, or i: Ma. Fernanda Ocampo, Mohd. Rafiq.
func (sc *Scanner) shortGiven(i int) int {
	if t := sc.at(i - 2); sc.isPunct(i-1, '.') && sc.joined(i-1) && t.isBut(capital, used) && shortGivens.Has(t.hash) && !sc.at(i).is(lineBefore) {
		return i - 2
	}
	return i
}

// shortGivens are María and Muhammad.
var shortGivens = words.SetOf("ma md mohd mohammd mhd muhd abd")
