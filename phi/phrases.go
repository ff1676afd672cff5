package phi

import (
	"hash/maphash"
	"sync/atomic"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
)

// Displays of codes, states, kinds and titles are the same few short texts in one
// event after the other. A scrubber remembers in which of them nothing was found, so
// that they are only searched for the values of their own event. It keeps hashes,
// under seeds of its own, and no text.

// phrases are some of the short texts in which a scrubber has found nothing.
type phrases struct {
	seeds [2]maphash.Seed
	slots [1 << 12]phrase
}

// A phrase is a text's two hashes. A reader that meets a writer may see one of each
// of two texts, which is no text's.
type phrase [2]atomic.Uint64

// maxPhrase is the size in bytes of the longest text that is remembered.
const maxPhrase = 64

func newPhrases() *phrases {
	return &phrases{seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}}
}

// isPhrase reports whether a text is of those that are remembered. Numbers are
// mostly the event's own.
func isPhrase(text []byte, in chars.Makeup) bool {
	return len(text) <= maxPhrase && !in.Has(chars.HasDigit|chars.HasLessAmp)
}

// hashes returns a text's hashes as what it is scanned as.
func (p *phrases) hashes(text []byte, m lexicon.Mode) (a, b uint64) {
	return maphash.Bytes(p.seeds[0], text) + uint64(m), maphash.Bytes(p.seeds[1], text) + uint64(m)
}

func (p *phrases) slot(a uint64) *phrase { return &p.slots[a%uint64(len(p.slots))] }

// has reports whether nothing was found in a text.
func (p *phrases) has(text []byte, m lexicon.Mode) bool {
	a, b := p.hashes(text, m)
	s := p.slot(a)
	return s[0].Load() == a && s[1].Load() == b
}

// add notes that nothing was found in a text.
func (p *phrases) add(text []byte, m lexicon.Mode) {
	a, b := p.hashes(text, m)
	s := p.slot(a)
	s[0].Store(a)
	s[1].Store(b)
}
