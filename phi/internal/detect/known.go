package detect

import (
	"slices"
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Known are the values that typed fields of an event held: a name in
// patient.name is scrubbed wherever else the event says it. Words are compared
// without case, accents and punctuation.
type Known struct {
	entries []knownValue
	words   []uint32 // hashes of words, in the order of the entries
	heads   [1024]int16
	lengths uint32     // bit n: an entry has n words
	firsts  [16]uint64 // a Bloom filter of the entries' first words
	used    bool
	said    saidNames
}

type knownValue struct {
	first, n int32 // its words
	next     int16 // entry whose words hash alike, plus one
	cat      category.Category
	casing   casing
}

// casing says when a value must begin with a capital to be found.
type casing uint8

const (
	anyCase      casing = iota
	everydayCase        // when the lists hold it as an everyday word, such as will and hope
	capitalCase         // always
)

const (
	maxKnown      = 4096 // how many values of one event are propagated
	maxKnownWords = 16   // how many words a value has at most
)

// Reset forgets all values.
func (k *Known) Reset() {
	if !k.used {
		return
	}
	clear(k.words)
	clear(k.said.hashes)
	k.said.hashes, k.said.from = k.said.hashes[:0], k.said.from[:0]
	k.entries, k.words, k.used, k.lengths = k.entries[:0], k.words[:0], false, 0
	k.heads, k.firsts = [1024]int16{}, [16]uint64{}
}

// phraseHash continues the hash of a phrase with a word's.
func phraseHash(h, word uint32) uint32 { return (h ^ word) * 16777619 }

// phraseStart is the hash of a phrase without words.
const phraseStart = 2166136261

func (k *Known) head(h uint32) *int16 { return &k.heads[(h^h>>13)&1023] }

// add adds a value given as word hashes.
func (k *Known) add(hashes []uint32, cat category.Category, as casing) {
	if len(hashes) == 0 || len(hashes) > maxKnownWords || len(k.entries) >= maxKnown {
		return
	}
	h := uint32(phraseStart)
	for _, w := range hashes {
		h = phraseHash(h, w)
	}
	if k.find(h, hashes) != nil {
		return
	}
	head := k.head(h)
	k.entries = append(k.entries, knownValue{first: int32(len(k.words)), n: int32(len(hashes)), next: *head, cat: cat, casing: as})
	k.words = append(k.words, hashes...)
	*head = int16(len(k.entries))
	k.lengths |= 1 << len(hashes)
	k.mayBeginWith(hashes[0])
}

// mayBeginWith notes that a value begins with a word.
func (k *Known) mayBeginWith(word uint32) {
	k.firsts[word>>6&15] |= 1 << (word & 63)
	k.used = true
}

// Any reports whether any value is known.
func (k *Known) Any() bool { return k.used }

// Values is how many values typed fields have told; it only grows.
func (k *Known) Values() int { return len(k.entries) }

// Told is how many words of names prose has told; it only grows.
func (k *Known) Told() int { return len(k.said.hashes) }

// Size is how many values are known; it only grows.
func (k *Known) Size() int { return k.Values() + k.Told() }

// mayBegin reports whether a value may begin with a word.
func (k *Known) mayBegin(word uint32) bool { return k.firsts[word>>6&15]&(1<<(word&63)) != 0 }

// None reports whether no word or number of text begins one of the values. It
// looks at ASCII only; other text may always hold one.
func (k *Known) None(text string) bool {
	b := chars.Bytes(text)
	for i := 0; i < len(b); i++ {
		end, hash, has := words.PlainRun(b, i)
		if end == i {
			if b[i] >= 0x80 || b[i] == '\'' {
				return false
			}
			continue
		}
		if has == words.SeenDigit && b[i] == '0' {
			hash = numberHash(text[i:end])
		}
		if k.mayBegin(hash) {
			return false
		}
		if i = end; i < len(b) && (b[i] >= 0x80 || b[i] == '\'') {
			return false
		}
	}
	return true
}

// find returns the value of these words, whose phraseHash is h, or nil.
func (k *Known) find(h uint32, hashes []uint32) *knownValue {
	for at := *k.head(h); at != 0; at = k.entries[at-1].next {
		e := &k.entries[at-1]
		if int(e.n) == len(hashes) && slices.Equal(k.words[e.first:e.first+e.n], hashes) {
			return e
		}
	}
	return nil
}

// Learn adds a value, and for names each of its words. text is not retained.
func (k *Known) Learn(sc *Scanner, text string, cat category.Category) {
	sc.load()
	if sc.plain.Of(text) {
		text = chars.String(sc.plain.Text)
	}
	sc.text = text
	k.learnText(sc, text, cat)
	sc.text = ""
}

func (k *Known) learnText(sc *Scanner, text string, cat category.Category) {
	var hashes [maxKnownWords]uint32
	var buf [maxKnownWords + 1]valueWord
	said := sc.valueWords(buf[:0], text)
	if instrument(said) {
		return
	}
	alone := len(said) == 1 && !chars.IsLower(text[0]) // {"family": "Nurse"}, not {"name": "patient"}
	n, digits := 0, false
	for _, w := range said {
		if n == len(hashes) {
			return
		}
		hashes[n] = w.hash
		n++
		digits = digits || w.kind != tokenWord
		if cat == category.Name && w.kind == tokenWord && w.size >= 3 {
			if as, ok := sc.wordCasing(w.hash, alone); ok {
				k.add(hashes[n-1:n], cat, as)
			}
		}
	}
	if n == 0 || n == 1 && (len(text) < 3 || cat == category.Name) {
		return
	}
	k.learnDigits(text, cat)
	if !digits && len(text) < 6 && !foundShort(cat) {
		return
	}
	as := anyCase
	if n == 1 && cat == category.Place {
		as = everydayCase
	}
	k.add(hashes[:n], cat, as)
	if cat == category.Email || cat == category.OtherID {
		k.learnMailbox(sc, said, text)
	}
}

// learnMailbox adds the name that the owner of a mailbox has by its address, of which said are
// the words: ann.zorkk@example.org is Ann Zorkk's, a.zorkk@example.org somebody's called Zorkk.
// Boxes of everyday words, front.desk, are nobody's.
func (k *Known) learnMailbox(sc *Scanner, said []valueWord, text string) {
	at := strings.IndexByte(text, '@')
	ofTwo := at > 0 && len(said) > 2 && said[0].kind == tokenWord && said[1].kind == tokenWord && said[0].size+1+said[1].size == at
	if !ofTwo {
		return
	}
	first, last := said[0], said[1]
	if last.size < 4 || sc.everydayHash(last.hash) {
		return
	}
	switch given := sc.lists.Get(first.hash).Given() > 0; {
	case first.size >= 3 && (given || !sc.everydayHash(first.hash)):
		k.add([]uint32{first.hash, last.hash}, category.Name, capitalCase)
		k.add([]uint32{last.hash, first.hash}, category.Name, capitalCase)
		if !given {
			return
		}
	case first.size > 1:
		return
	}
	k.add([]uint32{last.hash}, category.Name, capitalCase)
}

// everydayHash reports whether a word is an everyday one, the name of a medicine, or says something
// of the words around it.
func (sc *Scanner) everydayHash(word uint32) bool {
	f := sc.lists.Get(word)
	return f.Word() > 0 || f.Drug() || cue.Table.Get(word) != 0
}

// wordCasing returns when a word of a name is found by itself. ok is false if it never is.
// alone says that it is all of the name.
func (sc *Scanner) wordCasing(word uint32, alone bool) (as casing, ok bool) {
	switch is := cue.All[cue.Table.Get(word)].Is; {
	case is&cue.Stop != 0:
		return capitalCase, true
	case is&namedApart != 0:
		l := sc.lists.Get(word)
		return capitalCase, l.CommonName() || alone && is&(cue.Title|cue.Suffix) == 0
	}
	return everydayCase, true
}

// foundShort reports whether values of a category are looked for that have letters alone and
// fewer than six.
func foundShort(cat category.Category) bool {
	switch cat {
	case category.Name, category.Place, category.Address, category.Email:
		return true
	}
	return false
}

// learnDigits adds a value without what stands between its digits: 078051120 for
// 078-05-1120. A telephone number is added with and without the 1 before it.
func (k *Known) learnDigits(text string, cat category.Category) {
	var buf [64]byte
	number, ok := joinedDigits(buf[:0], text)
	if !ok {
		return
	}
	k.add([]uint32{numberHash(chars.String(number))}, cat, anyCase)
	if cat != category.Phone {
		return
	}
	switch {
	case len(number) == 10:
		k.add([]uint32{numberHash("1" + string(number))}, cat, anyCase)
	case len(number) == 11 && number[0] == '1':
		k.add([]uint32{numberHash(chars.String(number[1:]))}, cat, anyCase)
	}
}

// instrument reports whether a value is the name of a questionnaire or of a system of
// codes, as records of those have it for their identifier: PHQ-9.
func instrument(said []valueWord) bool {
	return len(said) == 1 && codePrefixes.Has(said[0].hash) ||
		len(said) == 2 && codePrefixes.Has(said[0].hash) && said[1].kind == tokenNumber && said[1].size <= 2
}

// namedApart are the cues of words that aren't looked for by themselves where they are
// part of what stands for a name, unless they are names: Patient, Laboratory, Inc.
const namedApart = cue.Title | cue.Suffix | cue.Relation | cue.NotName | cue.Facility | cue.Company | cue.Medical

// A valueWord is a word or number of a value.
type valueWord struct {
	hash uint32 // by which words and numbers are compared
	kind tokenKind
	size int
}

// valueWords appends the words and numbers of text, up to the capacity of values.
// It makes no tokens when they are of ASCII and stand for themselves.
func (sc *Scanner) valueWords(values []valueWord, text string) []valueWord {
	for i := 0; i < len(text) && len(values) < cap(values); {
		c := text[i]
		if !chars.IsLetter(c) && !chars.IsDigit(c) {
			if c == '[' || c >= 0x80 {
				return sc.tokenWords(values[:0], text)
			}
			i++
			continue
		}
		end, hash, has := words.PlainRun(chars.Bytes(text), i)
		if end < len(text) && (text[end] >= 0x80 || text[end] == '\'') || hash == hashPhi {
			return sc.tokenWords(values[:0], text)
		}
		kind := tokenMixed
		switch {
		case has&(words.SeenUpper|words.SeenLower) == 0:
			if kind = tokenNumber; c == '0' {
				hash = numberHash(text[i:end])
			}
		case has&words.SeenDigit == 0:
			kind = tokenWord
		}
		values = append(values, valueWord{hash, kind, end - i})
		i = end
	}
	return values
}

// tokenWords is valueWords for any text.
func (sc *Scanner) tokenWords(values []valueWord, text string) []valueWord {
	sc.tokenize(text)
	for i := range sc.toks {
		if t := &sc.toks[i]; t.alnum() && len(values) < cap(values) {
			values = append(values, valueWord{t.hash, t.kind, t.size()})
		}
	}
	return values
}

// joinedDigits returns the digits of a value without what stands between them.
// ok is false when it holds letters, or fewer than seven digits.
func joinedDigits(buf []byte, text string) (digits []byte, ok bool) {
	for i := range len(text) {
		switch c := text[i]; {
		case chars.IsDigit(c):
			buf = append(buf, c)
		case chars.IsLetter(c) || c >= 0x80:
			return nil, false
		}
	}
	return buf, len(buf) >= 7
}

// numberHash returns the hash of digits, without zeros before them where five
// digits or more remain.
func numberHash(digits string) uint32 {
	for len(digits) > 5 && digits[0] == '0' {
		digits = digits[1:]
	}
	return words.Hash(digits)
}

// phrase adds a value whole.
func (k *Known) phrase(sc *Scanner, text string, cat category.Category) {
	sc.load()
	if sc.plain.Of(text) {
		text = chars.String(sc.plain.Text)
	}
	sc.text = text
	sc.tokenize(text)
	var hashes []uint32
	for i := range sc.toks {
		if sc.toks[i].alnum() {
			hashes = append(hashes, sc.toks[i].hash)
		}
	}
	k.add(hashes, cat, anyCase)
	sc.text = ""
}

// Number returns the category of the value that is this number, or None.
func (k *Known) Number(digits string) category.Category {
	if !k.used {
		return category.None
	}
	word := [1]uint32{numberHash(digits)}
	if e := k.find(phraseHash(phraseStart, word[0]), word[:]); e != nil {
		return e.cat
	}
	return category.None
}

// Name reports whether a word is by itself a name that a field told.
func (k *Known) Name(word uint32) bool {
	if k == nil || !k.used || !k.mayBegin(word) {
		return false
	}
	hashes := [1]uint32{word}
	e := k.find(phraseHash(phraseStart, word), hashes[:])
	return e != nil && e.cat == category.Name
}

// isTerm reports whether a finding is one of the values, whole.
func (sc *Scanner) isTerm(k *Known, s Span) bool {
	from, to := 0, 0
	for i := range sc.toks {
		if t := &sc.toks[i]; int(t.end) > s.Start && int(t.start) < s.End {
			if to == 0 {
				from = i
			}
			to = i + 1
		}
	}
	if to == 0 {
		return false
	}
	_, end := sc.longest(k, from)
	return end >= to
}

// findTerms finds values.
func (sc *Scanner) findTerms(k *Known) {
	for i := 0; i < len(sc.toks); i++ {
		if !sc.toks[i].alnum() || !k.mayBegin(sc.toks[i].hash) {
			continue
		}
		e, end := sc.longest(k, i)
		if e == nil {
			continue
		}
		sc.add(i, end, e.cat)
		for ; i < end && e.cat == category.Name; i++ {
			sc.toks[i].flags |= nameFound
		}
		i = end - 1
	}
}

// longest returns the longest value that begins at token i, and where it ends.
// One or two other characters may stand between words.
func (sc *Scanner) longest(k *Known, i int) (best *knownValue, end int) {
	var words [maxKnownWords]uint32
	h, n, gap := uint32(phraseStart), 0, 0
	capital := sc.toks[i].is(capital)
	for j := i; j < len(sc.toks) && n < maxKnownWords && k.lengths>>n > 1; j++ {
		if !sc.toks[j].alnum() {
			if gap++; gap > 2 {
				break
			}
			continue
		}
		gap = 0
		words[n] = sc.toks[j].hash
		h = phraseHash(h, words[n])
		n++
		if k.lengths&(1<<n) == 0 {
			continue
		}
		e := k.find(h, words[:n])
		if e != nil &&
			(capital || e.casing == anyCase || e.casing == everydayCase && sc.lists.Get(words[0]).Word() == 0) {
			best, end = e, j+1
		}
	}
	return best, end
}
