// Package lexicon tells what the keys of a JSON value, the names of columns and the
// labels in a text say about what stands under, below or behind them.
package lexicon

import (
	"bytes"
	"maps"
	"strings"
	"sync"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/mark"
	"github.com/carebus/carebus/phi/internal/words"
)

// A Lexicon maps keys to what they mean. It never changes once built, but for
// its caches.
type Lexicon struct {
	suffix   *words.Dictionary[category.Category]
	exact    *words.Dictionary[Meaning]
	entities *words.Dictionary[Entity]
	keys     keyCache
	labels   keyCache
}

// Standard returns the lexicon without keys of the user's. It is built once.
var Standard = sync.OnceValue(func() *Lexicon { return New(nil) })

// New builds the standard lexicon with extra keys, which win.
func New(extra map[string]Meaning) *Lexicon {
	suffix, exact, entities := map[string]category.Category{}, map[string]Meaning{}, map[string]Entity{}
	for _, g := range lexSuffix {
		for _, k := range strings.Fields(g.keys) {
			suffix[k] = g.cat
		}
	}
	add := func(keys string, f func(k *Meaning, i int)) {
		for i, key := range strings.Fields(keys) {
			k := exact[key]
			f(&k, i)
			exact[key] = k
		}
	}
	add(lexSafe, func(k *Meaning, _ int) { k.Mode = Safe })
	for _, groups := range [][]lexGroup{lexSuffix, lexExact, hl7Fields, ncpdpFields} {
		for _, g := range groups {
			add(g.keys, func(k *Meaning, _ int) { k.Mode, k.Cat = Typed, g.cat })
		}
	}
	for id, cat := range X12Fields {
		add(strings.ToLower(id), func(k *Meaning, _ int) { k.Mode, k.Cat = Typed, cat; k.Role |= RoleKeyOnly })
	}
	for _, groups := range [][]lexGroup{lexExact, ncpdpFields} {
		for _, g := range groups {
			add(g.keys, func(k *Meaning, _ int) { k.Role |= RoleKeyOnly })
		}
	}
	add(lexText, func(k *Meaning, _ int) { k.Role |= RoleText; k.Mode, k.Cat = Text, category.None })
	add(lexMeta, func(k *Meaning, _ int) { k.Role |= RoleMeta })
	add(lexValue, func(k *Meaning, _ int) { k.Role |= RoleValue })
	add(lexDiscriminator, func(k *Meaning, i int) { k.Role |= RoleLabel; k.Rank = uint8(i) })
	add("race ethnicity birthsex gender genderidentity language maritalstatus coding pronouns sexualorientation religion", func(k *Meaning, _ int) { k.Role |= RoleEnum })
	add("gender sex ssn maritalstatus pronouns race ethnicity username", func(k *Meaning, _ int) { k.Role |= RolePersonal })
	add("content data item to from new old initial extension", func(k *Meaning, _ int) { k.Role |= RoleLeafValue })
	add("extension", func(k *Meaning, _ int) { k.Role &^= RoleLeafValue })
	add("name names nm", func(k *Meaning, _ int) { k.Role |= RolePersonName })
	add("id uuid entityid resourceid", func(k *Meaning, _ int) { k.Role |= RoleID; k.Mode = Safe })
	add("type kind entity entitytype resource resourcename table model typename object subjecttype", func(k *Meaning, _ int) { k.Role |= RoleKind })
	add("account profile session auth login driver bearer family household lead referral registration signup owner admin administrator consumer by maker reviewer approver applicant candidate customer customers user users client clients member members account holder contact contacts people persons actor", func(k *Meaning, _ int) { k.Role |= RoleHandle })
	add("reference display type identifier id extension", func(k *Meaning, _ int) { k.Role |= RoleReference })
	add("reference fullurl", func(k *Meaning, _ int) { k.Role |= RoleRef; k.Mode = Safe })
	for e, list := range entityWords { // a word of two lists would depend on the process
		for w := range strings.FieldsSeq(list) {
			entities[w] = e
		}
	}
	maps.Copy(exact, extra)
	return &Lexicon{suffix: words.DictionaryOf(suffix), exact: words.DictionaryOf(exact), entities: words.DictionaryOf(entities)}
}

// Lookup returns what is known about a key, given without escapes.
func (l *Lexicon) Lookup(key []byte) Meaning {
	info, _ := l.LookupField(key)
	return info
}

// Exactly returns what is known about a key that is written as the lexicon has it,
// in small letters without separators.
func (l *Lexicon) Exactly(key []byte) Meaning {
	info, _ := l.exact.Get(key)
	return info
}

// EntityOf returns whether a word in small letters names a person or a thing.
func (l *Lexicon) EntityOf(word []byte) Entity {
	of, _ := l.entities.Get(word)
	return of
}

// LookupField is lookup. field is true when the key is known to be a
// [IsFieldName]; false says nothing.
func (l *Lexicon) LookupField(key []byte) (info Meaning, field bool) {
	if len(key) > 64 {
		return l.Classify(key), false
	}
	hit, free := l.keys.find(key)
	if hit != nil {
		return hit.info, true
	}
	info = l.Classify(key)
	info.Keys = l.keysOf(key)
	if field = IsFieldName(key); field { // others may be data
		l.keys.put(free, key, info)
	}
	return info, field
}

// qualifiers are last words that leave the meaning of what stands before them.
var qualifiers = words.KeySet(`home work cell mobile primary secondary alternate alt main other personal business biz day evening night number no num nr value text raw full old new before after
		current previous original updated given extension field input string str plain clean normalized formatted decrypted masked hint line one two three first1 contact direct formal official temp temporary permanent mailing billing shipping
		physical local legal verified unverified confirmed display iso utc enc encrypted txt local list array ids e164 digits attributes phonetic kana furigana romanized soundex s ss t r mmdd ddmm mmddyy mmddyyyy ddmmyyyy yyyymmdd`)

// numberWords are last words of keys that number what stands before them.
var numberWords = words.KeySet("no num nr nbr")

// Classify is Lookup for a text that may be data: nothing of it is kept.
func (l *Lexicon) Classify(key []byte) Meaning {
	if mark.PlaceholderAt(key) > 0 {
		return Meaning{}
	}
	key = bareKey(key)
	if i := bytes.IndexByte(key, '['); i > 0 { // address[0].line[1]
		var buf [64]byte
		key = withoutIndices(buf[:0], key, i)
	}
	var w Words
	w.Split(key)
	if w.N == 0 {
		return Meaning{}
	}
	if key[len(key)-1] == '#' && w.add("number") { // Group #
		if info, _ := l.ending(&w); info.Mode == Typed {
			return info
		}
		w.Split(key)
	}
	shortened := w.N > 1 && bytes.IndexByte(key, ' ') < 0
	numbers := shortened && numberWords.Has(w.word(w.N-1))
	info, ok := l.ending(&w)
	if shortened && (!ok || info.Mode == Safe || numbers && info.Mode == Text) {
		if w.Split(key); w.spellOut() {
			if full, _ := l.ending(&w); !ok || full.Mode == Typed && full.Cat != category.PersonID { // mbr_id, not doc_id
				info = full
			}
		}
	}
	if !ok && w.N == 1 {
		info = l.glued(&w)
	}
	return info
}

// bareKey returns a key without what formats and programs put before and behind a name.
func bareKey(key []byte) []byte {
	if i := lastPathSegment(key); i > 0 {
		key = key[i:]
	}
	if len(key) > 0 && key[0] == '_' { // FHIR: extensions of a primitive
		key = key[1:]
	}
	if len(key) > 2 && key[0]|0x20 == 'q' {
		key = behindQuestion(key)
	}
	if custom, ok := bytes.CutSuffix(key, []byte("__c")); ok { // Salesforce: a custom field
		key = custom
	}
	return key
}

// glued looks up a key whose words are written as one, a person or a place and what is
// theirs: clientdateofbirth, homezip.
func (l *Lexicon) glued(w *Words) Meaning {
	word := w.word(0)
	for i := len("pt"); i+len("lat") <= len(word); i++ {
		person := l.EntityOf(word[:i]) == Person || string(word[:i]) == "pat"
		if !person && !qualifiers.Has(word[:i]) {
			continue
		}
		switch rest := word[i:]; string(rest) {
		case "name":
			if person {
				return Meaning{Mode: Typed, Cat: category.Name, Role: RolePersonal}
			}
		case "dob", "ssn", "mrn", "zip", "lat", "lng", "lon":
			cat, _ := l.suffix.Get(rest)
			return Meaning{Mode: Typed, Cat: cat}
		default:
			if cat, ok := l.suffix.Get(rest); ok && len(rest) > 3 {
				return Meaning{Mode: Typed, Cat: cat}
			}
		}
	}
	return Meaning{}
}

// ending looks a key up, then without the qualifiers and numbers at its end,
// which it takes off.
func (l *Lexicon) ending(w *Words) (Meaning, bool) {
	info, ok := l.find(w, true)
	all := info
	for drop := 0; !ok && drop < 3 && w.N > 0; drop++ {
		last := w.word(w.N - 1)
		digits := len(last)
		for digits > 0 && chars.IsDigit(last[digits-1]) {
			digits--
		}
		switch {
		case digits == len(last) && w.N > 1 && qualifiers.Has(last):
			w.N--
			w.Size = int(w.starts[w.N])
		case digits < len(last):
			w.Size -= len(last) - digits
			if digits == 0 {
				w.N--
			}
		default:
			drop = 3
			continue
		}
		if w.N > 0 {
			info, ok = l.find(w, false)
		}
	}
	if !ok && all.Entity != Unknown {
		return all, true
	}
	return info, ok
}
