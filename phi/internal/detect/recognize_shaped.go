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
	if p := sc.at(from - 2); to == from+1 && sc.toks[from].size() >= 6 && sc.toks[from].size() <= 10 &&
		sc.isPunct(from-1, '(') && sc.isPunct(to, ')') && p.kind == tokenWord && p.is(capital) &&
		!p.is(allCaps) &&
		(p.list.Named() && p.list.Word() < 2 || sc.rareGiven(p)) && !CompactDate(sc.lit(from)) {
		return sc.add(from, to, category.OtherID) // Maria Vega (1336908)
	}
	if sc.isPunct(from-1, '(') && sc.isPunct(to, ')') && to-from >= 3 {
		if chars.CountDigits(sc.text[sc.toks[from].start:sc.toks[to-1].end]) >= 4 && !codePrefixes.Has(sc.toks[from].hash) {
			return sc.add(from, to, category.OtherID)
		}
	}
	return from
}

// hashID finds #SG-920311 and #84796.
func (sc *Scanner) hashID(i int) int {
	if n, p := sc.at(i+1), sc.at(i-1); n.isBut(spaceBefore, used|lineBefore) && p.kind == tokenWord &&
		!p.is(used) && !sc.toks[i].is(lineBefore) {
		from, to := sc.extent(i + 1) // intake # 24398669
		if c := sc.text[sc.toks[from].start:sc.toks[to-1].end]; from == i+1 &&
			(n.kind == tokenNumber || n.kind == tokenMixed) && chars.CountDigits(c) >= 6 && len(c) <= 16 &&
			NumericDate(c) == 0 {
			return sc.add(from, to, category.OtherID)
		}
	}
	if next := sc.numberedBy(i); next > i {
		return next
	}
	if !sc.joined(i+1) || !sc.at(i+1).alnum() || imageWords.Has(sc.at(i-1).hash) ||
		requestWords.Has(sc.at(i-1).hash) && (sc.at(i-1).is(allCaps) || sc.at(i-1).size() > 2) {
		return i
	}
	from, to := sc.extent(i + 1)
	if from != i+1 {
		return i
	}
	c := sc.text[sc.toks[from].start:sc.toks[to-1].end]
	if p := sc.at(i - 1); sc.joined(i) && (p.hash == hashMR || p.hash == hashMedicalRecord) &&
		p.is(allCaps) && !p.is(used) && chars.CountDigits(c) >= 4 {
		return sc.add(from, to, category.MedicalRecord) // MR#4471-09-2
	}
	if chars.CountDigits(c) < 4 || len(c) > 24 || isColor(c) ||
		sc.joined(i) && sc.at(i-1).alnum() && !sc.at(i-1).is(used) {
		return i
	}
	return sc.add(i, to, category.OtherID)
}

// numberedBy finds behind the # at i, which stands behind a word, a number that letters
// begin, or several, or returns i: CDCR# AX4471, bar # PA 204417, chart #s 20881 and 20882.
func (sc *Scanner) numberedBy(i int) int {
	if p := sc.at(i - 1); sc.toks[i].is(lineBefore) || p.kind != tokenWord || p.is(used) ||
		imageWords.Has(p.hash) || requestWords.Has(p.hash) || codeNouns.Has(p.hash) {
		return i
	}
	j := i + 1
	if sc.joined(j) && sc.at(j).hash == hashS {
		j++
	}
	if n := sc.at(j); j == i+1 && n.kind == tokenWord && n.is(allCaps) && n.size() == 2 && !sc.joined(j) && !n.is(lineBefore) &&
		sc.at(j+1).kind == tokenNumber && sc.at(j+1).size() >= 4 {
		to := j + 2
		for g := sc.at(to); g.kind == tokenNumber && g.size() >= 3 && g.size() <= 5 && !g.is(used|lineBefore) && !sc.joined(to); g = sc.at(to) {
			to++ // Medicaid # NJ 3300 8172 6401
		}
		return sc.add(j, to, category.OtherID)
	}
	n := sc.at(j)
	if sc.joined(j) || n.is(lineBefore|used) || !n.alnum() || n.kind == tokenWord {
		return i
	}
	from, to := sc.extent(j)
	c := sc.text[sc.toks[from].start:sc.toks[to-1].end]
	if from != j || len(c) == 5 && chars.IsUpper(c[0]) && chars.AllDigits(c[1:]) || chars.CountDigits(c) < 4 || len(c) > 16 || NumericDate(c) > 0 || n.kind == tokenNumber && j == i+1 {
		return i
	}
	return sc.likes(sc.add(from, to, category.OtherID), from, to, category.OtherID)
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
