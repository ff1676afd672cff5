package phi

import (
	"bytes"
	"maps"
	"strings"
	"sync"
)

// role says what part a key plays among its siblings.
type role uint16

const (
	rolePersonName role = 1 << iota // "name": a person's or a thing's, by what stands around it
	roleValue                       // its meaning stands in a sibling
	roleLabel                       // its value may say what a sibling means
	roleMeta                        // does not take over its container's category
	roleText                        // free text by declaration
	roleRef                         // a reference such as Patient/42
	roleID                          // "id": a person's or a thing's
	roleParty                       // an object that stands for a person rather than for its category
	roleEnum                        // a container of coded values: nothing within is free text
	roleLeafValue                   // as roleValue, but for strings and numbers only
	rolePersonal                    // evidence that the object describes a person
	roleKind                        // its value says whose the siblings are: {"type":"patient"}
	roleHandle                      // a person's word for something with a name of its own: account, session
	roleKeyOnly                     // tells of a JSON key, not of a word in a text
	roleMapKey                      // the key is itself an id, or a finding
	roleReference                   // a member of a FHIR reference
)

// entity says whose name "name" would be.
type entity uint8

const (
	entityUnknown entity = iota
	entityPerson
	entityThing
	entityTransparent
)

// A keyInfo is what the lexicon knows about a key.
type keyInfo struct {
	mode   mode
	cat    Category
	role   role
	entity entity
	rank   uint8 // of labels: lower is stronger
	via    via
	keys   Category // of identifiers that stand as keys in an object under it
}

func (k keyInfo) is(r role) bool { return k.role&r != 0 }

// undeclared reports whether a key says nothing of what its value is, though it
// may say whose it is or what part it plays.
func (k keyInfo) undeclared() bool {
	return k.mode == modeText && k.cat == None && !k.is(roleText|rolePersonName|roleID|roleEnum|roleRef) && k.via != viaPolicy && k.via != viaSchema
}

// A lexicon maps keys to what they mean. It never changes once built, but for
// its caches.
type lexicon struct {
	suffix   *dictionary[Category]
	exact    *dictionary[keyInfo]
	entities *dictionary[entity]
	keys     keyCache
	labels   keyCache
}

var standardLexicon = sync.OnceValue(func() *lexicon { return newLexicon(nil) })

// newLexicon builds the standard lexicon with extra keys, which win.
func newLexicon(extra map[string]keyInfo) *lexicon {
	suffix, exact, entities := map[string]Category{}, map[string]keyInfo{}, map[string]entity{}
	for _, g := range lexSuffix {
		for _, k := range strings.Fields(g.keys) {
			suffix[k] = g.cat
		}
	}
	add := func(keys string, f func(k *keyInfo, i int)) {
		for i, key := range strings.Fields(keys) {
			k := exact[key]
			f(&k, i)
			exact[key] = k
		}
	}
	add(lexSafe, func(k *keyInfo, _ int) { k.mode = modeSafe })
	for _, groups := range [][]lexGroup{lexSuffix, lexExact, hl7Fields, ncpdpFields} {
		for _, g := range groups {
			add(g.keys, func(k *keyInfo, _ int) { k.mode, k.cat = modeTyped, g.cat })
		}
	}
	for id, cat := range x12Fields {
		add(strings.ToLower(id), func(k *keyInfo, _ int) { k.mode, k.cat = modeTyped, cat; k.role |= roleKeyOnly })
	}
	for _, groups := range [][]lexGroup{lexExact, ncpdpFields} {
		for _, g := range groups {
			add(g.keys, func(k *keyInfo, _ int) { k.role |= roleKeyOnly })
		}
	}
	add(lexText, func(k *keyInfo, _ int) { k.role |= roleText; k.mode, k.cat = modeText, None })
	add(lexMeta, func(k *keyInfo, _ int) { k.role |= roleMeta })
	add(lexValue, func(k *keyInfo, _ int) { k.role |= roleValue })
	add(lexDiscriminator, func(k *keyInfo, i int) { k.role |= roleLabel; k.rank = uint8(i) })
	add("race ethnicity birthsex gender genderidentity language maritalstatus coding pronouns sexualorientation religion", func(k *keyInfo, _ int) { k.role |= roleEnum })
	add("gender sex ssn maritalstatus pronouns race ethnicity username", func(k *keyInfo, _ int) { k.role |= rolePersonal })
	add("content data item to from new old initial extension", func(k *keyInfo, _ int) { k.role |= roleLeafValue })
	add("extension", func(k *keyInfo, _ int) { k.role &^= roleLeafValue })
	add("name names", func(k *keyInfo, _ int) { k.role |= rolePersonName })
	add("id uuid entityid resourceid", func(k *keyInfo, _ int) { k.role |= roleID; k.mode = modeSafe })
	add("type kind entity entitytype resource resourcename table model typename object subjecttype", func(k *keyInfo, _ int) { k.role |= roleKind })
	add("account profile session auth login driver bearer family household lead referral registration signup owner admin administrator consumer maker reviewer approver applicant candidate customer customers user users client clients member members account holder contact contacts people persons actor", func(k *keyInfo, _ int) { k.role |= roleHandle })
	add("reference display type identifier id extension", func(k *keyInfo, _ int) { k.role |= roleReference })
	add("reference fullurl", func(k *keyInfo, _ int) { k.role |= roleRef; k.mode = modeSafe })
	for words, e := range map[string]entity{personWords: entityPerson, thingWords: entityThing, transparentWords: entityTransparent} {
		for _, w := range strings.Fields(words) {
			entities[w] = e
		}
	}
	maps.Copy(exact, extra)
	return &lexicon{suffix: dictionaryOf(suffix), exact: dictionaryOf(exact), entities: dictionaryOf(entities)}
}

// lookup returns what is known about a key, given without escapes.
func (l *lexicon) lookup(key []byte) keyInfo {
	info, _ := l.lookupField(key)
	return info
}

// lookupField is lookup. field is true when the key is known to be a
// [fieldName]; false says nothing.
func (l *lexicon) lookupField(key []byte) (info keyInfo, field bool) {
	if len(key) > 64 {
		return l.classify(key), false
	}
	hit, free := l.keys.find(key)
	if hit != nil {
		return hit.info, true
	}
	info = l.classify(key)
	info.keys = l.keysOf(key)
	if field = fieldName(key); field { // others may be data
		l.keys.put(free, key, info)
	}
	return info, field
}

// behindQuestion returns a key without the number of a question: q12_name.
func behindQuestion(key []byte) []byte {
	i := 1
	for i < len(key) && i < 4 && isDigit(key[i]) {
		i++
	}
	if i == 1 || i == len(key) || isDigit(key[i]) {
		return key
	}
	return key[i:]
}

// qualifiers are last words that leave the meaning of what stands before them.
var qualifiers = setOfKeys(`home work cell mobile primary secondary alternate alt main other personal business biz day evening night number no num nr value text raw full old new before after
		current previous original updated given extension field input string str plain clean normalized formatted decrypted masked hint line one two three first1 contact direct formal official temp temporary permanent mailing billing shipping
		physical local legal verified unverified confirmed display iso utc local list array ids e164 digits attributes`)

func (l *lexicon) classify(key []byte) keyInfo {
	if placeholderAt(key) > 0 {
		return keyInfo{}
	}
	if i := lastPathSegment(key); i > 0 {
		key = key[i:]
	}
	if len(key) > 0 && key[0] == '_' { // FHIR: extensions of a primitive
		key = key[1:]
	}
	if len(key) > 2 && key[0]|0x20 == 'q' {
		key = behindQuestion(key)
	}
	var w words
	w.split(key)
	if w.n == 0 {
		return keyInfo{}
	}
	shortened := w.n > 1 && bytes.IndexByte(key, ' ') < 0
	info, ok := l.ending(&w)
	if shortened && (!ok || info.mode == modeSafe) {
		if w.split(key); w.spellOut() {
			if full, _ := l.ending(&w); !ok || full.mode == modeTyped && full.cat != PersonID { // mbr_id, not doc_id
				info = full
			}
		}
	}
	return info
}

// ending looks a key up, then without the qualifiers and numbers at its end,
// which it takes off.
func (l *lexicon) ending(w *words) (keyInfo, bool) {
	info, ok := l.find(w, true)
	all := info
	for drop := 0; !ok && drop < 3 && w.n > 0; drop++ {
		last := w.word(w.n - 1)
		digits := len(last)
		for digits > 0 && isDigit(last[digits-1]) {
			digits--
		}
		switch {
		case digits == len(last) && w.n > 1 && qualifiers.has(last):
			w.n--
			w.size = int(w.starts[w.n])
		case digits < len(last):
			w.size -= len(last) - digits
			if digits == 0 {
				w.n--
			}
		default:
			drop = 3
			continue
		}
		if w.n > 0 {
			info, ok = l.find(w, false)
		}
	}
	if !ok && all.entity != entityUnknown {
		return all, true
	}
	return info, ok
}

// find looks a key up, and then its endings.
func (l *lexicon) find(w *words, whole bool) (keyInfo, bool) {
	info, ok := l.exact.get(w.text[:w.size])
	if !whole && !ok {
		info, ok = keyInfo{}, false
	}
	if seg, is := l.hl7(w); is && !ok {
		return seg, true
	}
	last := w.word(w.n - 1)
	for i := 1; i < w.n && !ok; i++ {
		if cat, found := l.suffix.get(w.text[w.starts[i]:w.size]); found {
			info, ok = keyInfo{mode: modeTyped, cat: cat}, true
		}
	}
	if !ok && w.n > 1 {
		switch string(last) {
		case "name", "names":
			switch l.entityOf(w, w.n-1) {
			case entityPerson:
				info, ok = keyInfo{mode: modeTyped, cat: Name}, true
			case entityThing:
				info, ok = keyInfo{mode: modeText}, true
			default:
				info, ok = keyInfo{mode: modeHint}, true
			}
		case "id", "uuid", "ids", "guid":
			info, ok = keyInfo{mode: modeSafe}, true
			if l.entityOf(w, w.n-1) == entityPerson {
				info.mode, info.cat = modeTyped, PersonID
			} else if string(w.word(w.n-2)) == "mrn" {
				info, _ = l.exact.get([]byte("mrn"))
			}
		case "first", "last", "middle", "given", "family", "fn", "ln", "mi", "nick", "maiden":
			if l.entityOf(w, w.n-1) == entityPerson {
				info, ok = keyInfo{mode: modeTyped, cat: Name}, true
			}
		case "birth":
			if l.entityOf(w, w.n-1) == entityPerson {
				info, ok = keyInfo{mode: modeTyped, cat: BirthDate}, true
			}
		case "by":
			if !sortWords[string(w.word(0))] {
				info, ok = keyInfo{mode: modeHint}, true
			}
		case "race", "ethnicity", "birthsex", "sex", "gender", "religion", "nationality", "citizenship":
			info, _ = l.exact.get(last)
			ok = true
		case "at", "ts", "timestamp", "ms", "url", "uri", "type", "status", "code", "count", "version", "hash", "state", "country", "language":
			info, ok = keyInfo{mode: modeSafe}, true
			if string(last) == "url" || string(last) == "uri" {
				info = keyInfo{}
			}
		case "date", "datetime", "on":
			if string(last) != "on" {
				info, ok = keyInfo{mode: modeTyped, cat: Date}, true
			}
		case "note", "notes", "body", "text", "content", "html":
			if hasWord(w, "psychotherapy") || hasWord(w, "psych") || (string(last) == "note" || string(last) == "notes") && (hasWord(w, "psychotherapy") || hasWord(w, "counseling") || hasWord(w, "counselling") || hasWord(w, "private") || hasWord(w, "process")) {
				info, ok = keyInfo{mode: modeTyped, cat: Psychotherapy}, true
			}
		}
	}
	for i := 0; i < w.n && !ok && w.n > 1; i++ { // dob_mm_dd_yyyy
		switch string(w.word(i)) {
		case "dob", "ssn", "mrn":
			info, _ = l.exact.get(w.word(i))
			ok = true
		}
	}
	info.entity = l.entityOf(w, w.n)
	switch info.cat {
	case BirthDate, SSN, MedicalRecord, Email, Phone, Name, HealthPlan:
		info.role |= rolePersonal
	}
	if info.entity == entityPerson && (info.cat == Name || info.cat == PersonID) {
		info.role |= roleParty
	}
	if info.entity == entityTransparent && w.n > 1 && whole && qualifiers.has(last) { // patient_phone_value
		return info, ok
	}
	return info, ok || info.entity != entityUnknown
}

func hasWord(w *words, s string) bool {
	for i := range w.n {
		if string(w.word(i)) == s {
			return true
		}
	}
	return false
}

// entityOf returns whether the first n words of a key name a person or a thing.
// The last word counts most.
func (l *lexicon) entityOf(w *words, n int) entity {
	end := w.size
	if n < w.n {
		end = int(w.starts[n])
	}
	for i := range n {
		if e, ok := l.entities.get(w.text[w.starts[i]:end]); ok {
			return e
		}
	}
	return entityUnknown
}

// hl7 recognises keys such as PID-5, pid_5.1 and PID.5.
func (l *lexicon) hl7(w *words) (keyInfo, bool) {
	if w.n < 2 || len(w.word(0)) != 3 || w.end(1)-int(w.starts[1]) > 2 || !isDigit(w.word(1)[0]) {
		return keyInfo{}, false
	}
	k, ok := l.exact.get(w.text[:w.end(1)])
	return k, ok && k.mode == modeTyped
}

// lastPathSegment returns where the last part of a path, a URL or a URN begins.
func lastPathSegment(key []byte) int {
	for i := len(key); i > 0; i-- {
		if c := key[i-1]; c == '/' && !(i > 1 && i < len(key) && key[i-2] == ' ' && key[i] == ' ') || c == '#' && i < len(key) || c == ':' {
			return i
		}
	}
	return 0
}
