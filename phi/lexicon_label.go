package phi

import (
	"bytes"
	"math/bits"
)

// A label is a text whose words say what stands beside it: the url of a FHIR
// extension, the question of a questionnaire, the type of a note.

// label returns what a label's text says about the value it stands beside:
// "ssn", "http://hl7.org/fhir/StructureDefinition/patient-birthPlace",
// "What is your date of birth?".
func (l *lexicon) label(text []byte) (keyInfo, bool) {
	if len(text) == 0 || len(text) > 200 {
		return keyInfo{}, false
	}
	hit, free := l.labels.find(text)
	if hit != nil {
		return hit.info, hit.info != keyInfo{}
	}
	k, ok := l.readLabel(text)
	if definesElement(text) && isNamespace(asString(text)) { // others may be data
		l.labels.put(free, text, k)
	}
	return k, ok
}

// readLabel is label for a text that isn't known.
func (l *lexicon) readLabel(text []byte) (keyInfo, bool) {
	if holdsPlaceholder(text) || holdsToken(text) || holdsJSON(text) {
		return keyInfo{}, false
	}
	tells := func(k keyInfo) bool {
		return k.mode == modeTyped || k.mode == modeHint || k.role&(rolePersonName|roleEnum) != 0
	}
	var w words
	if bytes.IndexByte(text, '?') >= 0 { // "go by" isn't "created by"
		if w.split(text); w.n >= 2 && w.n <= 14 {
			if cat := asks(w.text[:w.size]); cat != None {
				return keyInfo{mode: modeTyped, cat: cat}, true
			}
		}
	}
	if k := l.classify(text); tells(k) {
		return k, true
	}
	w.split(text)
	if w.n < 2 || w.n > 14 {
		return keyInfo{}, false
	}
	// A question: the longest run of words that is a key.
	for size := min(4, w.n); size > 0; size-- {
		for at := 0; at+size <= w.n; at++ {
			run := w.text[w.starts[at]:w.end(at+size-1)]
			if cat, ok := l.suffix.get(run); ok && (size > 1 || len(run) > 3 || string(run) == "ssn" || string(run) == "dob" || string(run) == "mrn") {
				return keyInfo{mode: modeTyped, cat: cat}, true
			}
		}
	}
	if cat := asks(w.text[:w.size]); cat != None {
		return keyInfo{mode: modeTyped, cat: cat}, true
	}
	if string(w.word(w.n-1)) == "name" {
		return keyInfo{role: rolePersonName, mode: modeText}, true
	}
	return keyInfo{}, false
}

// questions are words of questions that name no field, without spaces.
var questions = []struct {
	words string
	cat   Category
}{
	{"doyoulive", Address}, {"areyouliving", Address}, {"youstaying", Address}, {"doyoureside", Address}, {"wereyouborn", BirthDate}, {"wasborn", BirthDate},
	{"numbertoreach", Phone}, {"numbertocall", Phone}, {"reachyou", Phone}, {"contactyou", Phone}, {"numberforyou", Phone}, {"callyouat", Phone},
	{"youlikeustocall", Name}, {"shouldwecallyou", Name}, {"liketobecalled", Name}, {"prefertobecalled", Name}, {"areyoucalled", Name}, {"doyougoby", Name},
	{"youremployer", Name}, {"doyouwork", Address}, {"whoreferredyou", Name}, {"whoisyour", Name}, {"wholives", Name},
}

// asks returns the category of the first of the questions that stand in words,
// which have no spaces between them, or None.
func asks(words []byte) Category {
	found := uint32(0)
	for i := 0; i+1 < len(words); i++ {
		for may := questionPairs[0][words[i]] & questionPairs[1][words[i+1]] &^ found; may != 0; may &= may - 1 {
			if at := bits.TrailingZeros32(may); bytes.HasPrefix(words[i:], asBytes(questions[at].words)) {
				found |= 1 << at
			}
		}
	}
	if found == 0 {
		return None
	}
	return questions[bits.TrailingZeros32(found)].cat
}

// questionPairs are the questions, as bits, that have a byte as their first and
// as their second.
var questionPairs = func() (t [2][256]uint32) {
	for i, q := range questions {
		t[0][q.words[0]] |= 1 << i
		t[1][q.words[1]] |= 1 << i
	}
	return
}()

// ofPsychotherapy reports whether a type or label names psychotherapy or SUD
// counseling notes.
func ofPsychotherapy(key, text []byte) bool {
	if len(text) < len("processnote") || len(text) > 80 || !namesNotes(text) && !bytes.Contains(key, []byte("ote")) || alreadyScrubbed(text) {
		return false
	}
	var w words
	w.split(text)
	all := w.text[:w.size]
	for _, kind := range []string{"psychotherapynote", "psychotherapyprocess", "processnote", "sudcounselingnote", "sudcounsellingnote"} {
		if bytes.Contains(all, asBytes(kind)) {
			return true
		}
	}
	return string(all) == "psychotherapy" && bytes.Contains(bytes.ToLower(key), []byte("note"))
}

// namesNotes reports whether text may name notes: it holds ote, OTE or rocess.
func namesNotes(text []byte) bool {
	return holdsOTC(text) && (bytes.Contains(text, []byte("ote")) || bytes.Contains(text, []byte("OTE")) || bytes.Contains(text, []byte("rocess")))
}

// holdsOTC reports whether ot or oc may stand in text, in any case. Eight bytes
// at a time are looked at.
func holdsOTC(text []byte) bool {
	for i := 1; i < len(text); i += 8 {
		w := eightBytes(text, i) | lowBits*0x20
		o := (eightBytes(text, i-1) | lowBits*0x20) ^ lowBits*'o'
		t, c := w^lowBits*'t'|o, w^lowBits*'c'|o
		if ((t-lowBits)&^t|(c-lowBits)&^c)&highBits != 0 {
			return true
		}
	}
	return false
}
