package lexicon

import (
	"bytes"
	"math/bits"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/mark"
)

// A label is a text whose words say what stands beside it: the url of a FHIR
// extension, the question of a questionnaire, the type of a note.

// Label returns what a label's text says about the value it stands beside:
// "ssn", "http://hl7.org/fhir/StructureDefinition/patient-birthPlace",
// "What is your date of birth?".
func (l *Lexicon) Label(text []byte) (Meaning, bool) {
	if len(text) == 0 || len(text) > 200 {
		return Meaning{}, false
	}
	hit, free := l.labels.find(text)
	if hit != nil {
		return hit.info, hit.info != Meaning{}
	}
	k, ok := l.readLabel(text)
	if _, rest, _ := bytes.Cut(text, []byte("://")); DefinesElement(text) && isPublisher(chars.String(rest)) { // others may be data
		l.labels.put(free, text, k)
	}
	return k, ok
}

// readLabel is label for a text that isn't known.
func (l *Lexicon) readLabel(text []byte) (Meaning, bool) {
	if mark.HoldsPlaceholder(text) || mark.HoldsPseudonym(text) || chars.HoldsJSON(text) {
		return Meaning{}, false
	}
	tells := func(k Meaning) bool {
		return k.Mode == Typed || k.Mode == Hint || k.Role&(RolePersonName|RoleEnum) != 0
	}
	var w Words
	if bytes.IndexByte(text, '?') >= 0 { // "go by" isn't "created by"
		if w.Split(text); w.N >= 2 && w.N <= 14 {
			if cat := asks(w.Text[:w.Size]); cat != category.None {
				return Meaning{Mode: Typed, Cat: cat}, true
			}
		}
	}
	if k := l.Classify(text); tells(k) {
		return k, true
	}
	w.Split(text)
	if w.N < 2 || w.N > 14 {
		return Meaning{}, false
	}
	// A question: the longest run of words that is a key.
	for size := min(4, w.N); size > 0; size-- {
		for at := 0; at+size <= w.N; at++ {
			run := w.Text[w.starts[at]:w.end(at+size-1)]
			if cat, ok := l.suffix.Get(run); ok &&
				(size > 1 || len(run) > 3 || string(run) == "ssn" || string(run) == "dob" || string(run) == "mrn") {
				return Meaning{Mode: Typed, Cat: cat}, true
			}
		}
	}
	if cat := asks(w.Text[:w.Size]); cat != category.None {
		return Meaning{Mode: Typed, Cat: cat}, true
	}
	if string(w.word(w.N-1)) == "name" && l.entityIn(&w, w.N-1) != Thing {
		return Meaning{Role: RolePersonName, Mode: Text}, true
	}
	return Meaning{}, false
}

// questions are words of questions that name no field, without spaces.
var questions = []struct {
	words string
	cat   category.Category
}{
	{"doyoulive", category.Address}, {"areyouliving", category.Address}, {"youstaying", category.Address}, {"doyoureside", category.Address}, {"wereyouborn", category.BirthDate}, {"wasborn", category.BirthDate},
	{"numbertoreach", category.Phone}, {"numbertocall", category.Phone}, {"reachyou", category.Phone}, {"contactyou", category.Phone}, {"numberforyou", category.Phone}, {"callyouat", category.Phone},
	{"youlikeustocall", category.Name}, {"shouldwecallyou", category.Name}, {"liketobecalled", category.Name}, {"prefertobecalled", category.Name}, {"areyoucalled", category.Name}, {"doyougoby", category.Name},
	{"youremployer", category.Name}, {"doyouwork", category.Address}, {"whoreferredyou", category.Name}, {"whoisyour", category.Name}, {"wholives", category.Name},
}

// asks returns the category of the first of the questions that stand in words,
// which have no spaces between them, or None.
func asks(words []byte) category.Category {
	found := uint32(0)
	for i := 0; i+1 < len(words); i++ {
		for may := questionPairs[0][words[i]] & questionPairs[1][words[i+1]] &^ found; may != 0; may &= may - 1 {
			if at := bits.TrailingZeros32(may); bytes.HasPrefix(words[i:], chars.Bytes(questions[at].words)) {
				found |= 1 << at
			}
		}
	}
	if found == 0 {
		return category.None
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

// OfPsychotherapy reports whether a type or label names psychotherapy or SUD
// counseling notes.
func OfPsychotherapy(key, text []byte) bool {
	if len(text) < len("processnote") ||
		len(text) > 80 ||
		!namesNotes(text) && !bytes.Contains(key, []byte("ote")) ||
		mark.Scrubbed(text) {
		return false
	}
	var w Words
	w.Split(text)
	all := w.Text[:w.Size]
	for _, kind := range []string{"psychotherapynote", "psychotherapyprocess", "processnote", "sudcounselingnote", "sudcounsellingnote"} {
		if bytes.Contains(all, chars.Bytes(kind)) {
			return true
		}
	}
	return string(all) == "psychotherapy" && bytes.Contains(bytes.ToLower(key), []byte("note"))
}

// namesNotes reports whether text may name notes: it holds ote, OTE or rocess.
func namesNotes(text []byte) bool {
	return holdsOTC(text) &&
		(bytes.Contains(text, []byte("ote")) ||
			bytes.Contains(text, []byte("OTE")) ||
			bytes.Contains(text, []byte("rocess")))
}

// holdsOTC reports whether ot or oc may stand in text, in any case. Eight bytes
// at a time are looked at.
func holdsOTC(text []byte) bool {
	for i := 1; i < len(text); i += 8 {
		w := chars.EightBytes(text, i) | chars.LowBits*0x20
		o := (chars.EightBytes(text, i-1) | chars.LowBits*0x20) ^ chars.LowBits*'o'
		t, c := w^chars.LowBits*'t'|o, w^chars.LowBits*'c'|o
		if ((t-chars.LowBits)&^t|(c-chars.LowBits)&^c)&chars.HighBits != 0 {
			return true
		}
	}
	return false
}

// DefinesElement reports whether a URL names the definition of a FHIR
// extension, https://hl7.org/fhir/R4/extensibility.html.
func DefinesElement(url []byte) bool {
	return bytes.Contains(url, []byte("/StructureDefinition/")) && !bytes.ContainsAny(url, "?@ ")
}
