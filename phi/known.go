package phi

import "strings"

// knownValues are the values that typed fields of an event held: a name in
// patient.name is scrubbed wherever else the event says it. Words are compared
// without case, accents and punctuation.
type knownValues struct {
	entries []knownValue
	words   []uint32 // hashes of words, in the order of the entries
	heads   [256]int16
	used    bool
}

type knownValue struct {
	first, n int32 // its words
	next     int16 // entry with the same first word, plus one
	cat      Category
	whole    bool // a capital is asked for: the word is also an everyday word
}

// maxKnown is how many values of one event are propagated.
const maxKnown = 2048

func (k *knownValues) reset() {
	if !k.used {
		return
	}
	k.entries, k.words, k.used = k.entries[:0], k.words[:0], false
	k.heads = [256]int16{}
}

// add adds a value given as word hashes.
func (k *knownValues) add(hashes []uint32, cat Category, everyday bool) {
	if len(hashes) == 0 || len(k.entries) >= maxKnown {
		return
	}
	head := &k.heads[hashes[0]&255]
	for at := *head; at != 0; at = k.entries[at-1].next {
		e := &k.entries[at-1]
		if int(e.n) == len(hashes) && equalHashes(k.words[e.first:e.first+e.n], hashes) {
			return
		}
	}
	k.entries = append(k.entries, knownValue{first: int32(len(k.words)), n: int32(len(hashes)), next: *head, cat: cat, whole: everyday})
	k.words = append(k.words, hashes...)
	*head = int16(len(k.entries))
	k.used = true
}

func equalHashes(a, b []uint32) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// remember notes what a typed leaf holds.
func (w *walker) remember(n *node) {
	if w.s.actions[n.cat] == Keep && n.cat != Name {
		return
	}
	text := w.text(n)
	if len(text) < 3 || len(text) > 200 || len(text) < 5 && allDigits(asString(text)) {
		return
	}
	switch n.cat {
	case Name, Address, Place, Phone, Email, SSN, MedicalRecord, HealthPlan, Account, Card, License, Vehicle, Device, BirthDate, OtherID, Network, PostalCode:
	default:
		return
	}
	if n.escaped {
		text = w.keyText(n)
	}
	if alreadyScrubbed(text) {
		return
	}
	w.known.learn(&w.sc.scan, asString(text), n.cat)
}

// learn adds a value, and for names each of its words. text is not retained.
func (k *knownValues) learn(sc *scanner, text string, cat Category) {
	sc.lists = loadLists()
	sc.text = text
	sc.tokenize(text)
	var hashes [16]uint32
	n := 0
	for i := range sc.toks {
		t := &sc.toks[i]
		if !t.alnum() {
			continue
		}
		if n == len(hashes) {
			return
		}
		hashes[n] = sc.valueHash(i)
		n++
		if l := sc.lists.get(t.hash); cat == Name && t.kind == tokenWord && t.size() >= 3 && (!t.cueIs(cueTitle|cueSuffix) || l.given() >= 2 || l.surname() >= 2) {
			everyday := l.word() > 0 || t.cueIs(cueRelation|cueNotName|cueStop|cueTitle|cueSuffix)
			k.add(hashes[n-1:n], cat, everyday)
		}
	}
	if n == 0 || n == 1 && (len(text) < 3 || cat == Name) {
		return
	}
	everyday := n == 1 && cat == Place && sc.lists.get(hashes[0]).word() > 0
	if joined, ok := joinedDigits(text); ok && n > 1 { // 078051120 for 078-05-1120
		k.add([]uint32{finishHash(joined)}, cat, false)
	}
	if digits := strings.ContainsAny(text, "0123456789"); !digits && cat != Name && cat != Place && cat != Address && cat != Email && len(text) < 6 {
		return
	}
	k.add(hashes[:n], cat, everyday)
}

// joinedDigits returns the hash of a value's digits without what stands between
// them. ok is false when it holds letters, or fewer than seven digits.
func joinedDigits(text string) (h uint32, ok bool) {
	h = hashStart
	n := 0
	for i := range len(text) {
		switch c := text[i]; {
		case isDigit(c):
			h = (h ^ uint32(c)) * hashPrime
			n++
		case isLetter(c) || c >= 0x80:
			return 0, false
		}
	}
	return h, n >= 7
}

// valueHash returns the hash by which words and numbers are compared.
func (sc *scanner) valueHash(i int) uint32 {
	t := &sc.toks[i]
	if t.kind == tokenNumber {
		return finishHash(foldMore(hashStart, sc.lit(i)))
	}
	return t.hash
}

// phrase adds a value whole.
func (k *knownValues) phrase(sc *scanner, text string, cat Category) {
	sc.lists, sc.text = loadLists(), text
	sc.tokenize(text)
	var hashes []uint32
	for i := range sc.toks {
		if sc.toks[i].alnum() {
			hashes = append(hashes, sc.valueHash(i))
		}
	}
	k.add(hashes, cat, false)
	sc.text = ""
}

// number returns the category of the value that is this number, or None.
func (k *knownValues) number(digits string) Category {
	if !k.used {
		return None
	}
	h := finishHash(foldMore(hashStart, digits))
	for at := k.heads[h&255]; at != 0; at = k.entries[at-1].next {
		if e := &k.entries[at-1]; e.n == 1 && k.words[e.first] == h {
			return e.cat
		}
	}
	return None
}

// isTerm reports whether a finding is one of the values, whole.
func (sc *scanner) isTerm(k *knownValues, s Span) bool {
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
	h := sc.valueHash(from)
	for at := k.heads[h&255]; at != 0; at = k.entries[at-1].next {
		e := &k.entries[at-1]
		if end := sc.matches(from, k.words[e.first:e.first+e.n]); end > 0 && end >= to {
			return true
		}
	}
	return false
}

// findTerms finds values.
func (sc *scanner) findTerms(k *knownValues) {
	for i := 0; i < len(sc.toks); i++ {
		t := &sc.toks[i]
		if !t.alnum() {
			continue
		}
		h := sc.valueHash(i)
		best, cat := 0, None
		for at := k.heads[h&255]; at != 0; at = k.entries[at-1].next {
			e := &k.entries[at-1]
			if e.whole && t.flags&capital == 0 {
				continue
			}
			if to := sc.matches(i, k.words[e.first:e.first+e.n]); to > best {
				best, cat = to, e.cat
			}
		}
		if best > 0 {
			i = sc.add(i, best, cat) - 1
		}
	}
}

// matches reports where the words that begin at token i end if they are the
// given ones, or 0. One or two other characters may stand between words.
func (sc *scanner) matches(i int, words []uint32) int {
	gap := 0
	for ; i < len(sc.toks); i++ {
		if !sc.toks[i].alnum() {
			if gap++; gap > 2 {
				return 0
			}
			continue
		}
		if sc.valueHash(i) != words[0] {
			return 0
		}
		gap = 0
		if words = words[1:]; len(words) == 0 {
			return i + 1
		}
	}
	return 0
}
