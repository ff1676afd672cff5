package detect

import (
	"slices"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// A name that prose tells beyond doubt, as "Patient Amara Okonkwo" does, is
// scrubbed wherever else the event says one of its words, as what typed fields
// hold is. Everyday words, short ones and those that mean something else as well
// are left to what stands around them.

// saidNames are the words of names that the prose of an event has told.
type saidNames struct {
	hashes []uint32
	from   []uint32 // where the string that told the word stands; the ones behind it were scanned with it
}

// maxSaid is how many words of names are propagated.
const maxSaid = 256

// minSaid is how many bytes such a word has at least.
const minSaid = 4

// tellsName reports whether the words from token from to token to are a name
// beyond doubt: a title or a word of the lists is among them, or only what
// stands around it can have told the one word.
func (sc *Scanner) tellsName(from, to int) bool {
	words := 0
	for i := from; i < to; i++ {
		t := &sc.toks[i]
		if t.kind != tokenWord || t.size() == 1 {
			continue
		}
		words++
		if t.cueIs(cue.Title) || sc.listed(t).Named() {
			return true
		}
	}
	return words == 1
}

// listed returns what the lists say of a word.
func (sc *Scanner) listed(t *token) words.Flags {
	if t.is(capital) {
		return t.list
	}
	return sc.lists.Get(t.hash)
}

// distinct reports whether a word of a name hardly means anything else.
func (sc *Scanner) distinct(t *token) bool {
	if t.size() < minSaid || t.cue != 0 {
		return false
	}
	l := sc.listed(t)
	return l.Word() < words.Common && l.City() == 0 && !l.Drug() && !sc.medicalShape(t)
}

// Tell notes the names that the last scan told, of a string at byte from.
func (k *Known) Tell(sc *Scanner, from uint32) {
	for _, n := range sc.names {
		if !n.told ||
			len(k.said.hashes) == maxSaid ||
			k.saysName(n.hash) ||
			!sc.distinct(&sc.toks[n.at]) ||
			k.find(phraseHash(phraseStart, n.hash), []uint32{n.hash}) != nil {
			continue
		}
		k.said.hashes, k.said.from = append(k.said.hashes, n.hash), append(k.said.from, from)
		k.mayBeginWith(n.hash)
	}
}

// ToldAt notes that the words told from the nth on stand in a string that ends at a
// byte, behind what it holds itself.
func (k *Known) ToldAt(n int, end uint32) {
	for i := range k.said.from[n:] {
		k.said.from[n+i] = end
	}
}

// saysName reports whether the event has told a name with this word.
func (k *Known) saysName(word uint32) bool {
	return k.mayBegin(word) && slices.Contains(k.said.hashes, word)
}

// SaidBefore reports whether one of the words told, from the nth on, may stand
// in src before the string that told it. What escapes and accents hide counts.
func (k *Known) SaidBefore(src []byte, n int) bool {
	hashes, from := k.said.hashes[n:], k.said.from[n:]
	if len(from) == 0 {
		return false
	}
	last := min(int(slices.Max(from)), len(src))
	for i := 0; i < last; i++ {
		if src[i] == '\\' {
			if i++; src[i] == 'u' {
				return true
			}
			continue
		}
		end, hash, has := words.PlainRun(src, i)
		if end == i {
			if src[i] >= 0x80 {
				return true
			}
			continue
		}
		if src[end] == '\'' && has&words.SeenCapital != 0 {
			return true
		}
		if k.mayBegin(hash) {
			if at := slices.Index(hashes, hash); at >= 0 && i < int(from[at]) {
				return true
			}
		}
		i = end - 1
	}
	return false
}

// findSaid finds the words of names that other strings have told: in small letters
// those of the lists only.
func (sc *Scanner) findSaid(k *Known) {
	for i := range sc.toks {
		t := &sc.toks[i]
		if t.kind != tokenWord || t.is(used) || !k.saysName(t.hash) {
			continue
		}
		if l := sc.lists.Get(t.hash); t.is(capital) || l.Named() && l.Word() == 0 {
			sc.add(i, i+1, category.Name)
		}
	}
}
