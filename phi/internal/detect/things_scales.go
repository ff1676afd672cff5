package detect

import (
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Tests, scales and diseases that are called after who found them, with their editions,
// scores and results: Bayley-4, Zung 48, Ober neg., Mallory-Weiss tear.

// signedTest reports whether the word at i is a sign that was tested for, with its result
// as a sign: Ober +.
func (sc *Scanner) signedTest(i int) bool {
	t, end := &sc.toks[i], i+1
	return signNames.Has(t.hash) && !t.is(allCaps) && !sc.joined(end) &&
		sc.isOneOf(end, "+-") && sc.itemEnds(end+1)
}

// testResult reports whether the word at i is a sign that was tested for, with its
// result as a word: Ober pos.
func (sc *Scanner) testResult(i int) bool {
	t, n := &sc.toks[i], sc.at(i+1)
	return signResults.Has(n.hash) && !n.is(capital) && !t.is(allCaps) &&
		(t.cueIs(cue.Eponym) && t.list.Given() < words.Common || signNames.Has(t.hash) || t.list == 0 && t.cueless()) &&
		sc.itemEnds(i+2)
}

var (
	signResults = words.SetOf("neg pos negative positive")
	signNames   = words.SetOf("ober froment speed yergason apley thessaly faber fadir gaenslen finkelstein adson cozen ely")
)

// edition reports whether a hyphen and a digit stand behind the word at i, as
// behind the name of a test: Vineland-3, Bayley-4.
func (sc *Scanner) edition(i int) bool {
	n := sc.at(i + 2)
	return sc.isPunct(i+1, '-') && !sc.personal(i, i+1) && sc.tight(i+1) &&
		n.kind == tokenNumber && n.size() == 1 && (!sc.joined(i+3) || sc.itemEnds(i+3))
}

// scoreBehind reports whether a score that ends an item of a list stands at token i,
// perhaps behind a colon.
func (sc *Scanner) scoreBehind(i int) bool {
	if sc.isPunct(i, ':') {
		i++
	}
	n := sc.at(i)
	return n.kind == tokenNumber && n.size() <= 2 && !n.is(lineBefore) && sc.itemEnds(i+1)
}

// pairOfFinders reports whether the hyphenated words from i to end are those of
// two who found something, which is named behind them: Mallory-Weiss tear.
func (sc *Scanner) pairOfFinders(i, end int) bool {
	a, b, n := &sc.toks[i], sc.at(end-1), sc.at(end)
	if a.cueIs(cue.Eponym) && b.cueIs(cue.Eponym) || finders.Has(pairHash(sc.lit(i), sc.lit(end-1))) {
		return true
	}
	if !n.is(capital|lineBefore) && diseases.Has(n.hash) && !b.is(possessive) {
		return true
	}
	if sc.scored(i, end) ||
		!n.is(capital|lineBefore) && (n.hash == hashNeg || n.hash == hashPos) && sc.itemEnds(end+1) {
		return true // Dix-Hallpike neg.
	}
	if a.list.Given() == words.Frequent && !a.cueIs(cue.Eponym) ||
		b.list.Given() >= words.Common ||
		b.list.Word() > 0 ||
		b.is(possessive) ||
		n.kind != tokenWord ||
		n.is(capital|lineBefore) {
		return false
	}
	return n.cueIs(cue.Medical)
}

// finders are pairs that are hardly a person's two surnames.
var finders = words.SetOf(`loeys-dietz arnold-chiari budd-chiari dix-hallpike lennox-gastaut landau-kleffner klippel-feil klippel-trenaunay sturge-weber rubinstein-taybi smith-magenis silver-russell russell-silver
	beckwith-wiedemann bardet-biedl wiskott-aldrich chediak-higashi bernard-soulier diamond-blackfan lesch-nyhan niemann-pick li-fraumeni muir-torre plummer-vinson parsonage-turner kearns-sayre romano-ward stokes-adams adams-stokes
	cheyne-stokes bezold-jarisch blalock-taussig frank-starling monro-kellie dandy-walker hippel-lindau stein-leventhal rokitansky-aschoff cronkhite-canada hill-sachs libman-sacks lloyd-davies sengstaken-blakemore weil-felix lund-mackay spetzler-martin hunt-hess
	kaplan-meier mann-whitney kruskal-wallis shapiro-wilk hosmer-lemeshow bland-altman kolmogorov-smirnov mantel-haenszel hardy-weinberg michaelis-menten henderson-hasselbalch cockcroft-gault holmes-rahe roland-morris rey-osterrieth cohen-mansfield fugl-meyer stanford-binet simpson-angus rey-o`)

// pairHash returns the hash that two words have in a set, with a hyphen between: wells-fargo.
func pairHash(a, b string) uint32 {
	pair := words.StartFolded
	pair.Write(a)
	pair.Add('-')
	pair.Write(b)
	return pair.Sum()
}

// scored reports whether the pair from i to end is a scale or a battery: a number
// that ends an item of a list, or an edition, stands behind it, and the line has
// another score. Holmes-Rahe 212; Woodcock-Johnson IV.
func (sc *Scanner) scored(i, end int) bool {
	n := sc.at(end)
	if n.is(lineBefore) ||
		!(n.kind == tokenNumber && sc.itemEnds(end+1) || n.is(allCaps) && n.size() > 1 && romans.Has(n.hash)) ||
		sc.toks[i].list.Given() == words.Frequent {
		return false
	}
	for j := i - 1; j > i-16 && j > 0 && !sc.toks[j+1].is(lineBefore); j-- {
		if sc.score(j) {
			return true
		}
	}
	for j := end + 1; j < end+16 && j < len(sc.toks) && !sc.toks[j].is(lineBefore); j++ {
		if sc.score(j) {
			return true
		}
	}
	return false
}

// itemEnds reports whether an item of a list ends before token i, or a share
// goes on there: 56/60.
func (sc *Scanner) itemEnds(i int) bool {
	t := sc.at(i)
	if t.is(lineBefore) {
		return true
	}
	return sc.isPunct(i, ';') ||
		sc.isPunct(i, ',') ||
		sc.isPunct(i, '.') && !(sc.joined(i+1) && sc.at(i+1).kind == tokenNumber)
}

// score reports whether the letters at token i stand for a scale, with its
// number or edition: BAI 19, GAD-7, WISC-V, DASS = 14.
func (sc *Scanner) score(i int) bool {
	t := sc.at(i)
	if n := sc.at(i + 1); t.cueIs(cue.Eponym) && n.kind == tokenNumber && n.size() <= 3 && !n.is(lineBefore) {
		return true // Zung 48
	}
	if !t.is(allCaps) || t.size() < 3 || t.size() > 6 || t.list.Named() || sc.isState(i) {
		return false
	}
	k := i + 1
	if sc.isPunct(k, '-') && sc.joined(k) || sc.isPunct(k, '=') {
		k++
	}
	n := sc.at(k)
	return n.kind == tokenNumber && n.size() <= 3 && !n.is(lineBefore) ||
		n.is(capital) && k == i+2 && romans.Has(n.hash)
}

var (
	townScales = words.SetOf("edinburgh vineland") // of depression, of adaptive behaviour
	hashNeg    = words.Hash("neg")
	hashPos    = words.Hash("pos")
)
