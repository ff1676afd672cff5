package phi

import (
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/detect"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
)

// An object may be a map whose keys are identifiers: {"by_mrn": {"84711234": …}}.
// The name that it stands under says so; a number alone may be a count's day or
// a time.

// identifies reports whether a key of a map whose keys are of a category is an
// identifier: five digits or more, or a bare number of eight or nine digits,
// which an MRN or SSN may be, where all that is known is that it stands for a
// person. A date isn't one.
func identifies(key []byte, cat Category) bool {
	text := chars.String(key)
	if mark.Scrubbed(key) || len(text) > 32 || len(text) == 8 && detect.CompactDate(text) {
		return false
	}
	if cat == PersonID {
		return (len(text) == 8 || len(text) == 9) && chars.AllDigits(text)
	}
	digits := 0
	for _, c := range key {
		switch {
		case chars.IsDigit(c):
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
	key.Role |= lexicon.RoleMapKey
	key.Cat = cat
	if cat == PersonID {
		cat = MedicalRecord // by which it is looked for elsewhere
	}
	if text := w.keyText(key); w.s.propagates(cat, text) {
		w.known.Learn(&w.sc.scan, chars.String(text), cat)
	}
}
