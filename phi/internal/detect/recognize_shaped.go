package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Identifiers that no key announces: by their shape, behind a #, in parentheses.

// codePrefixes are letters that stand before numbers which aren't identifiers.
var codePrefixes = words.SetOf(`cpt icd icd10 icd9 loinc hcpcs ndc snomed rxnorm iso rfc utf sha sha256 md5 covid sars h1n1 mp3 ipv4 ipv6 fips cvx drg rev phq gad pcl phq9 gad7 audit dast dsm hl7 fhir r4 v2 v3 windows iphone cve ieee ansi din en
	http https omim chembl pubmed pmid doi nct ec sct umls atc hgnc q2 q3 q4 gpt level grade stage type il cd ca hla hba1c b12 d3 omega t1 t2 l1 l2 l3 l4 l5 s1 c1 c2 c3 c4 c5 c6 c7 f20 f32 f33 f41 f43 sp o2 spo2 co2 ph fev1 fvc wbc rbc mcv prn bid tid
	us uk ny synthea kg mg ml cm mm`)

// shapedID finds identifiers by shape alone: capitals and digits that hyphens part.
func (sc *Scanner) shapedID(from, to int, c string, sh *shape) int {
	if sh.n == 2 && sh.seps[0] == '-' && sc.trailingLetter(from, to, c) {
		return sc.add(from, to, category.OtherID)
	}
	if sh.n < 2 || sh.n > 3 || sh.words == 0 || strings.IndexByte(c, '-') < 0 || codePrefixes.Has(sc.toks[from].hash) {
		return from
	}
	digits, letters, small := writtenIn(c)
	if letters == 0 || letters > 6 || small > 0 {
		return from
	}
	if sc.lettersFirst(from, sh, digits, letters) || sc.docket(from, sh, letters) || sc.lettersLast(to, sh, letters) {
		return sc.add(from, to, category.MedicalRecord)
	}
	return sc.bracketedID(from, to)
}

// writtenIn counts the digits, the capitals and the small letters of c.
func writtenIn(c string) (digits, capitals, small int) {
	for k := range len(c) {
		switch {
		case chars.IsDigit(c[k]):
			digits++
		case chars.IsUpper(c[k]):
			capitals++
		case chars.IsLower(c[k]):
			small++
		}
	}
	return digits, capitals, small
}

// trailingLetter reports whether c is an identifier and, behind a hyphen, a capital:
// NS4471920-B.
func (sc *Scanner) trailingLetter(from, to int, c string) bool {
	last := &sc.toks[to-1]
	return last.kind == tokenWord && last.size() == 1 && chars.IsUpper(c[len(c)-1]) &&
		sc.toks[from].kind == tokenMixed && gluedID(c[:len(c)-2]) != category.None
}

// lettersFirst reports whether letters stand first and enough digits behind them:
// SG-920311, AB-12-3456.
func (sc *Scanner) lettersFirst(from int, sh *shape, digits, letters int) bool {
	return sc.toks[from].kind == tokenWord && (letters <= 5 && digits >= 5 || sh.n == 3 && digits >= 4)
}

// docket reports whether letters stand between a year and a number, as in a court's docket:
// 24-CV-01877.
func (sc *Scanner) docket(from int, sh *shape, letters int) bool {
	return sh.n == 3 && sh.digits[0] >= 2 && sh.digits[0] <= 4 && sh.digits[1] < 0 && sh.digits[2] >= 4 &&
		letters <= 4 && sc.toks[from+2].kind == tokenWord && sh.seps[0] == '-' && sh.seps[1] == '-'
}

// lettersLast reports whether letters that are no unit stand behind the digits:
// 920311-SG.
func (sc *Scanner) lettersLast(to int, sh *shape, letters int) bool {
	last := &sc.toks[to-1]
	return sh.n == 2 && sh.digits[0] >= 4 && letters <= 4 && last.kind == tokenWord && !last.cueIs(cue.Unit)
}

// bracketedID finds an identifier that stands alone in parentheses or behind #.
func (sc *Scanner) bracketedID(from, to int) int {
	if !sc.isPunct(from-1, '(') || !sc.isPunct(to, ')') {
		return from
	}
	switch whole := to == from+1; {
	case whole && sc.numberOfPerson(from), // Maria Vega (1336908)
		!whole && chars.CountDigits(sc.textOf(from, to)) >= 4 && !codePrefixes.Has(sc.toks[from].hash):
		return sc.add(from, to, category.OtherID)
	}
	return from
}

// numberOfPerson reports whether the digits at i, behind a parenthesis, may be the number of
// who is named before it.
func (sc *Scanner) numberOfPerson(i int) bool {
	t, p := &sc.toks[i], sc.at(i-2)
	return t.size() >= 6 && t.size() <= 10 && p.kind == tokenWord && p.isBut(capital, allCaps) &&
		(p.list.Named() && p.list.Word() < words.Common || sc.rareGiven(p)) && !CompactDate(sc.lit(i))
}

// hashID finds #SG-920311 and #84796.
func (sc *Scanner) hashID(i int) int {
	if next := sc.numberApartFrom(i); next > i {
		return next
	}
	if next := sc.numberedBy(i); next > i {
		return next
	}
	if !sc.joined(i+1) || !sc.at(i+1).alnum() || sc.countsThings(i-1) {
		return i
	}
	from, to := sc.extent(i + 1)
	if from != i+1 {
		return i
	}
	c := sc.textOf(from, to)
	p, digits, glued := sc.at(i-1), chars.CountDigits(c), sc.joined(i)
	switch {
	case digits < 4:
		return i
	case glued && (p.hash == hashMR || p.hash == hashMedicalRecord) && p.is(allCaps) && !p.is(used): // MR#4471-09-2
		return sc.add(from, to, category.MedicalRecord)
	case len(c) > maxBareID, isColor(c), glued && p.alnum() && !p.is(used):
		return i
	}
	return sc.add(i, to, category.OtherID)
}

// countsThings reports whether the word at i stands before numbers of what identifies nobody.
// PR and CL in capitals do; a pr # is somebody's.
func (sc *Scanner) countsThings(i int) bool {
	t := sc.at(i)
	return imageWords.Has(t.hash) || requestWords.Has(t.hash) && (t.is(allCaps) || t.size() > 2)
}

// numberApartFrom finds a long number behind the # at i, apart from it, or returns i:
// intake # 24398669.
func (sc *Scanner) numberApartFrom(i int) int {
	n, p := sc.at(i+1), sc.at(i-1)
	if !n.isBut(spaceBefore, used|lineBefore) || p.kind != tokenWord || p.is(used) || sc.toks[i].is(lineBefore) {
		return i
	}
	from, to := sc.extent(i + 1)
	c := sc.textOf(from, to)
	if from != i+1 || n.kind != tokenNumber && n.kind != tokenMixed ||
		chars.CountDigits(c) < 6 || len(c) > maxNumbered || NumericDate(c) > 0 {
		return i
	}
	return sc.add(from, to, category.OtherID)
}

// maxNumbered is how long an identifier may be that stands apart from its #, in bytes.
const maxNumbered = 16

// numberedBy finds behind the # at i, which stands behind a word, a number that letters
// begin, or several, or returns i: CDCR# AX4471, bar # PA 204417, chart #s 20881 and 20882.
func (sc *Scanner) numberedBy(i int) int {
	if p := sc.at(i - 1); sc.toks[i].is(lineBefore) || p.kind != tokenWord || p.is(used) ||
		imageWords.Has(p.hash) || requestWords.Has(p.hash) || codeNouns.Has(p.hash) {
		return i
	}
	if to := sc.stateAndGroups(i + 1); to > i+1 {
		return sc.add(i+1, to, category.OtherID)
	}
	j := i + 1
	plural := sc.joined(j) && sc.at(j).hash == hashS
	if plural {
		j++
	}
	n := sc.at(j)
	if sc.joined(j) || n.is(lineBefore|used) || !n.alnum() || n.kind == tokenWord || n.kind == tokenNumber && !plural {
		return i
	}
	from, to := sc.extent(j)
	c := sc.textOf(from, to)
	if from != j || isProcedure(c) || chars.CountDigits(c) < 4 || len(c) > maxNumbered || NumericDate(c) > 0 {
		return i
	}
	return sc.likes(sc.add(from, to, category.OtherID), from, to, category.OtherID)
}

// stateAndGroups returns the index behind the code of a state and groups of digits at token
// j, apart from the # before, or j: NJ 3300 8172 6401.
func (sc *Scanner) stateAndGroups(j int) int {
	state, first := sc.at(j), sc.at(j+1)
	if state.kind != tokenWord || !state.isBut(allCaps, lineBefore) || state.size() != 2 || sc.joined(j) ||
		first.kind != tokenNumber || first.size() < 4 {
		return j
	}
	to := j + 2
	for g := sc.at(to); g.kind == tokenNumber && g.size() >= 3 && g.size() <= 5 && !g.is(used|lineBefore) && !sc.joined(to); g = sc.at(to) {
		to++
	}
	return to
}

// isProcedure reports whether c is a code of HCPCS, a capital and four digits: G0463.
func isProcedure(c string) bool {
	return len(c) == 5 && chars.IsUpper(c[0]) && chars.AllDigits(c[1:])
}

// codeNouns stand before the # of what identifies nobody: code # G0463, form # CMS1500.
var codeNouns = words.SetOf("code codes form forms issue commit imprint version batch lot model step build")

// isColor reports whether what stands behind a # is a colour: 4a90d9.
func isColor(c string) bool {
	return len(c) == 6 && strings.Trim(c, "0123456789abcdef") == "" && chars.CountDigits(c) < 6
}

var (
	hashMR            = words.Hash("mr")
	hashMedicalRecord = words.Hash("mrno")
)

// imageWords stand before the numbers of images and pages: images #12-14.
var imageWords = words.SetOf("image images series slice slices figure figures page pages item items step steps question questions lead leads")

// requestWords stand before the numbers of changes to programs: PR #4821, fixes #77021.
var requestWords = words.SetOf("pr cl fixes closes resolves refs reverts")

func fileName(c string) bool {
	dot := strings.LastIndexByte(c, '.')
	if dot < 0 {
		return false
	}
	return len(c)-dot <= 5 && imageEndings.Has(words.Hash(c[dot+1:]))
}

var imageEndings = words.SetOf("jpg jpeg png gif heic dcm tif tiff bmp mp4 mov wav m4a webp")

// fileID notes the name of an image or recording that holds a number.
func (sc *Scanner) fileID(from, to int, c string) int {
	if chars.CountDigits(c) >= 4 {
		return sc.add(from, to, category.Photo)
	}
	return max(to, from+1)
}
