package lexicon

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/words"
)

// What the last words of a key say of its value, where the key as a whole isn't known.

// find looks a key up, and then its endings. whole says that no word was taken off it.
func (l *Lexicon) find(w *Words, whole bool) (Meaning, bool) {
	info, ok := l.exact.Get(w.Text[:w.Size])
	if !ok {
		if seg, is := l.hl7(w); is {
			return seg, true
		}
		if w.N > 1 {
			info, ok = l.findEnding(w)
		}
	}
	info.Entity = l.entityIn(w, w.N)
	info.Role |= rolesOf(info.Entity, info.Cat)
	if info.Entity == Transparent && w.N > 1 && whole && qualifiers.Has(w.word(w.N-1)) { // patient_phone_value
		return info, ok
	}
	return info, ok || info.Entity != Unknown
}

// findEnding finds what the endings of a key of several words say: the longest that
// means the same whatever stands before it, the last word after a person or a thing, a
// field that the last word is of.
func (l *Lexicon) findEnding(w *Words) (Meaning, bool) {
	if cat := l.longestEnding(w); cat != category.None {
		return Meaning{Mode: Typed, Cat: cat}, true
	}
	if w.N > 2 && string(w.word(0)) == "name" && string(w.word(1)) == "of" && l.entityIn(w, w.N) == Person {
		return Meaning{Mode: Typed, Cat: category.Name}, true // name_of_mother
	}
	if info, ok := l.byLastWord(w); ok {
		return info, true
	}
	return l.ofField(w)
}

// longestEnding returns the category of the longest ending of a key that means the same
// whatever stands before it, or None: primary_home_phone.
func (l *Lexicon) longestEnding(w *Words) category.Category {
	for i := 1; i < w.N; i++ {
		if cat, ok := l.suffix.Get(w.Text[w.starts[i]:w.Size]); ok && !(cat == category.Phone && bodyCells.Has(w.word(i-1))) {
			return cat
		}
	}
	return category.None
}

// byLastWord finds what the last word of a key says, together with those before it.
func (l *Lexicon) byLastWord(w *Words) (Meaning, bool) {
	cat := category.None
	switch last := w.word(w.N - 1); string(last) {
	case "name", "names":
		return l.nameOf(w), true
	case "id", "uuid", "ids", "guid":
		return l.idOf(w), true
	case "first", "last", "middle", "given", "family", "fn", "ln", "mi", "nick", "maiden": // mother_first
		if l.entityIn(w, w.N-1) == Person {
			cat = category.Name
		}
	case "birth": // patient_birth
		if l.entityIn(w, w.N-1) == Person {
			cat = category.BirthDate
		}
	case "by": // approved_by, not sort_by
		return Meaning{Mode: Hint, Role: RoleHandle}, !sortWords[string(w.word(0))]
	case "race", "ethnicity", "birthsex", "sex", "gender", "religion", "nationality", "citizenship":
		info, _ := l.exact.Get(last)
		return info, true
	case "url", "uri":
		return Meaning{}, true
	case "at", "ts", "timestamp", "ms", "type", "status", "code", "count", "version", "hash", "state", "country", "language", "color", "colour", "timezone", "tz":
		return Meaning{Mode: Safe}, true
	case "date", "datetime":
		cat = category.Date
	case "note", "notes":
		if hasWord(w, therapyWords) || hasWord(w, privateWords) {
			cat = category.Psychotherapy
		}
	case "body", "text", "content", "html":
		if hasWord(w, therapyWords) {
			cat = category.Psychotherapy
		}
	}
	return Meaning{Mode: Typed, Cat: cat}, cat != category.None
}

// nameOf returns what a key means that ends in "name": a person's name after a person,
// a name that is nobody's after a thing, or else perhaps one.
func (l *Lexicon) nameOf(w *Words) Meaning {
	switch l.entityIn(w, w.N-1) {
	case Person:
		return Meaning{Mode: Typed, Cat: category.Name}
	case Thing:
		return Meaning{Mode: Text}
	}
	if namedThings.Has(w.word(w.N - 2)) {
		return Meaning{Mode: Text}
	}
	return Meaning{Mode: Hint}
}

// namedThings have names that are nobody's. They don't tell of what stands below them, as
// things do: {"list": [{"name": …}]}.
var namedThings = words.KeySet(`function workspace store carrier class connection realm parameter variable sensor certificate key secret namespace pod container image node
	branch build release experiment segment campaign list audience ad page`)

// idOf returns what a key means that ends in "id": a person's after a person, as
// client_id, a record number after mrn, or else that of a thing.
func (l *Lexicon) idOf(w *Words) Meaning {
	switch {
	case l.entityIn(w, w.N-1) == Person:
		return Meaning{Mode: Typed, Cat: category.PersonID}
	case string(w.word(w.N-2)) == "mrn":
		info, _ := l.exact.Get([]byte("mrn"))
		return info
	}
	return Meaning{Mode: Safe}
}

// ofField finds the first of three identifiers that is a word of a key: dob_mm_dd_yyyy is a
// date of birth, and ssn_format tells of a field.
func (l *Lexicon) ofField(w *Words) (Meaning, bool) {
	for i := range w.N {
		switch word := w.word(i); string(word) {
		case "dob", "ssn", "mrn":
			if aboutFields.Has(w.word(w.N - 1)) {
				return Meaning{Mode: Safe}, true
			}
			info, _ := l.exact.Get(word)
			return info, true
		}
	}
	return Meaning{}, false
}

// rolesOf returns the roles of a key by what it names and by its category.
func rolesOf(e Entity, cat category.Category) (r Role) {
	switch cat {
	case category.BirthDate, category.SSN, category.MedicalRecord, category.Email, category.Phone, category.Name, category.HealthPlan:
		r = RolePersonal
	}
	if e == Person && (cat == category.Name || cat == category.PersonID) {
		r |= RoleParty
	}
	return r
}

// aboutFields are last words that say something of a field rather than what it holds.
var aboutFields = words.KeySet("policy format source required mode verification validation")

// bodyCells are no telephones: red_cell, Plasma cell.
var bodyCells = words.KeySet("wbc rbc blood white red plasma t b nk cd4 cd8 stem sickle mast epithelial squamous germ islet hair clue giant target burr packed mean")

// sortWords stand before "by" without a person behind it.
var sortWords = map[string]bool{"sort": true, "sorted": true, "order": true, "ordered": true, "group": true, "grouped": true, "filter": true, "partition": true, "caused": true, "blocked": true, "triggered": true, "divided": true}

// A text is of psychotherapy if its key has one of therapyWords, and a note also if it has
// one of privateWords.
var (
	therapyWords = words.KeySet("psychotherapy psych")
	privateWords = words.KeySet("counseling counselling private process")
)

// hasWord reports whether one of the words of a key is in a set.
func hasWord(w *Words, set *words.Dictionary[bool]) bool {
	for i := range w.N {
		if set.Has(w.word(i)) {
			return true
		}
	}
	return false
}

// entityIn returns whether the first n words of a key name a person or a thing.
// The last word counts most.
func (l *Lexicon) entityIn(w *Words, n int) Entity {
	end := w.Size
	if n < w.N {
		end = int(w.starts[n])
	}
	if e := l.entityUpTo(w, n, end); e != Unknown || n == 0 || n == w.N {
		return e
	}
	unnumbered := end // guardian_1_name, parent2_name
	for unnumbered > 0 && chars.IsDigit(w.Text[unnumbered-1]) {
		unnumbered--
	}
	if unnumbered == end {
		return Unknown
	}
	return l.entityUpTo(w, n, unnumbered)
}

// entityUpTo returns what the words of a key name up to byte end: as many of its first n
// words as name something together.
func (l *Lexicon) entityUpTo(w *Words, n, end int) Entity {
	for i := 0; i < n && int(w.starts[i]) < end; i++ {
		if e, ok := l.entities.Get(w.Text[w.starts[i]:end]); ok {
			return e
		}
	}
	return Unknown
}

// hl7 recognises keys such as PID-5, pid_5.1 and PID.5.
func (l *Lexicon) hl7(w *Words) (Meaning, bool) {
	if w.N < 2 || len(w.word(0)) != 3 || w.end(1)-int(w.starts[1]) > 2 || !chars.IsDigit(w.word(1)[0]) {
		return Meaning{}, false
	}
	k, ok := l.exact.Get(w.Text[:w.end(1)])
	return k, ok && k.Mode == Typed || string(w.word(0)) == "pid" // PID-8 is no pid
}
