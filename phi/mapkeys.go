package phi

// An object may be a map whose keys are identifiers: {"by_mrn": {"84711234": …}}.
// The name that it stands under says so; a number alone may be a count's day or
// a time.

// keysOf returns what the keys are in an object that stands under a key: those of
// bySsn, mrns and mrn_to_phq9 are SSNs and MRNs, those of patients and
// scores_by_member are PersonID.
func (l *lexicon) keysOf(key []byte) Category {
	var w words
	w.split(key)
	from, to := 0, w.n
	for i := range w.n {
		switch word := w.word(i); {
		case string(word) == "by" && i+1 < w.n && !mapWords.has(w.word(i+1)):
			from = i + 1
		case i > from && (string(word) == "by" || string(word) == "to"):
			to = min(to, i)
		}
	}
	if cat := l.idWord(&w, from, to); cat != None {
		return cat
	}
	for to > from+1 && mapWords.has(w.word(to-1)) {
		to--
	}
	return l.idWord(&w, from, to)
}

// mapWords may stand at the end of a map's name, or behind "by", without saying
// what its keys are.
var mapWords = setOfKeys("id ids number numbers num nums no map index lookup dict table set list key keys")

// idWord returns the category of the identifiers that the words from from to to
// end with, in the plural or not.
func (l *lexicon) idWord(w *words, from, to int) Category {
	for i := from; i < to; i++ {
		text := w.text[w.starts[i]:w.end(to-1)]
		for range 2 {
			if personKeys.has(text) {
				return PersonID
			}
			switch cat, _ := l.suffix.get(text); cat {
			case SSN, MedicalRecord, HealthPlan, Account, Card, License, Phone:
				return cat
			}
			if len(text) == 0 || text[len(text)-1] != 's' {
				break
			}
			text = text[:len(text)-1]
		}
	}
	return None
}

// personKeys are the persons whom a practice numbers as its patients.
var personKeys = setOfKeys("patient pt client member subscriber insured enrollee beneficiary beneficiaries dependent person people individual resident policyholder guarantor participant consumer")

// identifies reports whether a key of a map whose keys are of a category is an
// identifier: five digits or more, or a bare number of eight or nine digits,
// which an MRN or SSN may be, where all that is known is that it stands for a
// person. A date isn't one.
func identifies(key []byte, cat Category) bool {
	text := asString(key)
	if alreadyScrubbed(key) || len(text) > 32 || len(text) == 8 && compactDate(text) {
		return false
	}
	if cat == PersonID {
		return (len(text) == 8 || len(text) == 9) && allDigits(text)
	}
	digits := 0
	for _, c := range key {
		switch {
		case isDigit(c):
			digits++
		case c == ' ' && cat != Phone && cat != Card && cat != SSN:
			return false
		}
	}
	return digits >= 5
}

// mapKey notes that a key is an identifier, for which the container's name says
// what it is.
func (w *walker) mapKey(key *node, cat Category) {
	if cat == PersonID && w.s.actions[PersonID] == Keep { // opaque ids stay; this may be none
		cat = MedicalRecord
	}
	if w.s.actions[cat] == Keep {
		return
	}
	key.role |= roleMapKey
	key.cat = cat
	if cat == PersonID {
		cat = MedicalRecord // by which it is looked for elsewhere
	}
	if text := w.keyText(key); w.s.propagates(cat, text) {
		w.known.learn(&w.sc.scan, asString(text), cat)
	}
}
