package lexicon

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/words"
)

// keysOf returns what the keys are in an object that stands under a key: those of
// bySsn, mrns and mrn_to_phq9 are SSNs and MRNs, those of patients and
// scores_by_member are PersonID.
func (l *Lexicon) keysOf(key []byte) category.Category {
	var w Words
	w.Split(key)
	from, to := 0, w.N
	for i := range w.N {
		switch word := w.word(i); {
		case string(word) == "by" && i+1 < w.N && !mapWords.Has(w.word(i+1)):
			from = i + 1
		case i > from && (string(word) == "by" || string(word) == "to"):
			to = min(to, i)
		}
	}
	if cat := l.idWord(&w, from, to); cat != category.None {
		return cat
	}
	for to > from+1 && mapWords.Has(w.word(to-1)) {
		to--
	}
	return l.idWord(&w, from, to)
}

// mapWords may stand at the end of a map's name, or behind "by", without saying
// what its keys are.
var mapWords = words.KeySet("id ids number numbers num nums no map index lookup dict table set list key keys")

// idWord returns the category of the identifiers that the words from from to to
// end with, in the plural or not.
func (l *Lexicon) idWord(w *Words, from, to int) category.Category {
	for i := from; i < to; i++ {
		text := w.Text[w.starts[i]:w.end(to-1)]
		for range 2 {
			if personKeys.Has(text) {
				return category.PersonID
			}
			switch cat, _ := l.suffix.Get(text); cat {
			case category.SSN, category.MedicalRecord, category.HealthPlan, category.Account, category.Card, category.License, category.Phone:
				return cat
			}
			if len(text) == 0 || text[len(text)-1] != 's' {
				break
			}
			text = text[:len(text)-1]
		}
	}
	return category.None
}

// personKeys are the persons whom a practice numbers as its patients.
var personKeys = words.KeySet("patient pt client member subscriber insured enrollee beneficiary beneficiaries dependent person people individual resident policyholder guarantor participant consumer")
