package lexicon

import "github.com/carebus/carebus/phi/internal/words"

// numberings are the last words of keys whose values are versions, OIDs or the numbers
// of questions.
var numberings = words.KeySet("version ver build release rev revision firmware oid oids linkid")

// IsNumbering reports whether a value of four numbers and points is no IPv4 address,
// because its key says what it counts: browserVersion, a FHIR questionnaire's linkId.
func IsNumbering(key []byte) bool {
	var w Words
	w.Split(key)
	if w.N == 0 {
		return false
	}
	last := w.word(w.N - 1)
	if w.N > 1 && string(last) == "id" {
		last = w.Text[w.starts[w.N-2]:w.Size]
	}
	return numberings.Has(last)
}
