package phi

import (
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/detect"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
)

// remember notes what a typed leaf holds.
func (w *walker) remember(n *node) {
	text := w.text(n)
	if !w.s.propagates(n.Cat, text) || n.Via == lexicon.ViaContainer && n.Cat == Address && isWord(text) { // {"address": {"source": "intake"}}
		return
	}
	if n.escaped {
		text = w.keyText(n)
	}
	if mark.Scrubbed(text) {
		return
	}
	w.known.Learn(&w.sc.scan, chars.String(text), n.Cat)
}

// learn notes what a piece of a string declares, such as an element or a cell.
func (e *emitter) learn(text []byte, cat Category) {
	if e.s.propagates(cat, text) && !mark.Scrubbed(text) {
		e.known.Learn(&e.sc.scan, chars.String(text), cat)
	}
}

// propagates reports whether a value of a category is looked for in the rest of
// its event.
func (s *Scrubber) propagates(cat Category, text []byte) bool {
	if s.actions[cat] == Keep && cat != Name {
		return false
	}
	if len(text) < 3 || len(text) > 200 || len(text) < 5 && chars.AllDigits(chars.String(text)) {
		return false
	}
	switch cat {
	case Name, Address, Place, Phone, Email, SSN, MedicalRecord, HealthPlan, Account, Card, License, Vehicle, Device, BirthDate, OtherID, Network, PostalCode:
		return true
	case PersonID: // what refers to the person: urn:uuid:…
		return detect.IsUUID(chars.String(text))
	}
	return false
}

// learnNames notes the names that the last scan, which found something, told in
// the string of n.
func (e *emitter) learnNames(n *node) {
	if n != nil && e.src != nil && e.sc.scan.FoundNames() && e.s.actions[Name] != Keep {
		e.known.Tell(&e.sc.scan, n.start)
	}
}
