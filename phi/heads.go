package phi

import (
	"bytes"
	"hash/maphash"
	"math/rand/v2"
	"strings"
	"sync/atomic"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/detect"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/words"
)

// Up to their data, most events of a type are alike but for a few attributes. A
// scrubber remembers what is alike, so that it is compared with the next event's,
// not parsed and looked at again. That is only what passes whatever else an event
// says: it holds no finding.

// A head is what stands before the data in many events.
type head struct {
	parts []headPart
	rest  string    // from behind the last part's value up to the colon before the data
	data  int       // where in rest the key of the data begins
	of    eventType // what the type says, if it is alike
}

// A headPart is an attribute whose value differs, with all that stands before it.
type headPart struct {
	before     string // from behind the value of the part before, up to this one's
	start, end int    // where in before the key stands
	kind       headKind
}

// heads are some of those that a scrubber has met, in buckets by the type of the
// event.
type heads struct {
	buckets [64][4]atomic.Pointer[head]
	seed    maphash.Seed
	missed  atomic.Uint32 // events whose head wasn't there, up to learnAll
	vain    atomic.Int32  // what looking for heads has cost of late and not saved, up to about maxVain
}

func newHeads() *heads { return &heads{seed: maphash.MakeSeed()} }

// Limits of what is remembered.
const (
	maxHead      = 1 << 10 // bytes
	maxHeadParts = 16
)

// Looking for a head that isn't there, and more so learning it, takes longer than to
// go without. Of such heads the first few are learned, then one of learnEvery. Where
// looking doesn't pay, only one event of lookEvery is looked at. Which ones is left
// to chance, so that no order of events hides one for long.
const (
	learnAll   = 64
	learnEvery = 64
	lookEvery  = 16
	maxVain    = 128
)

// What looking for a head costs or saves, in about 1/8 of what a known one saves.
const (
	costLooked   = 1
	costCompared = 2 // with a head that it isn't
	savedKnown   = 8
)

// headKind says how much of an attribute is the same in many events.
type headKind uint8

const (
	headDiffers headKind = iota + 1
	headID               // differs, and is a UUID most often
	headTime             // differs, and is a time
	headAlike
)

var headKinds = words.DictionaryOf(map[string]headKind{
	"specversion": headAlike, "source": headAlike, "type": headAlike, "datacontenttype": headAlike, "dataschema": headAlike,
	"kind": headAlike, "severity": headAlike, "environment": headAlike, "schemaversion": headAlike, "dataclassification": headAlike,
	"id": headID, "correlationid": headID, "causationid": headID, "partitionkey": headID, "time": headTime, "recordedtime": headTime,
	"subject": headDiffers, "tenant": headDiffers, "actor": headDiffers, "traceparent": headDiffers, "tracestate": headDiffers,
})

// bucket returns the bucket of an event, or nil if no type is found.
func (h *heads) bucket(src []byte) *[4]atomic.Pointer[head] {
	const key = `"type":"`
	src = src[:min(len(src), maxHead)]
	start := bytes.Index(src, []byte(key))
	if start < 0 {
		return nil
	}
	start += len(key)
	end := bytes.IndexByte(src[start:], '"')
	if end < 0 {
		return nil
	}
	return &h.buckets[maphash.Bytes(h.seed, src[start:start+end])%uint64(len(h.buckets))]
}

// pay reports whether to look for the head of the next event.
func (h *heads) pay() bool { return h.vain.Load() < maxVain || rand.Uint32()%lookEvery == 0 }

// parse is the function parse for an event whose head is known. The nodes are
// without the attributes that are alike, and without UUIDs and times, which pass. It
// returns nil for other events, and for what is invalid.
func (h *heads) parse(nodes []node, src []byte) ([]node, *head) {
	cost := int32(costLooked)
	if bucket := h.bucket(src); bucket != nil {
		for i := range bucket {
			known := bucket[i].Load()
			if known == nil {
				break
			}
			own, at := known.match(nodes, src)
			if at == 0 {
				cost += costCompared
				continue
			}
			if admissible(src) != nil {
				break
			}
			if own, err := parseFrom(own, src, at, 0, 1); err == nil {
				if h.vain.Load() > 0 {
					h.vain.Add(cost - savedKnown)
				}
				return own, known
			}
			break
		}
	}
	if h.vain.Load() < maxVain {
		h.vain.Add(cost)
	}
	return nodes, nil
}

// match appends the nodes of the attributes that differ, in an object that is
// left open, and returns where the data begins, or 0 if src has another head.
func (h *head) match(nodes []node, src []byte) (_ []node, data int) {
	nodes = appendNode(nodes, 0, 0, kindObject)
	nodes[len(nodes)-1].next = -1
	i := 0
	for p := range h.parts {
		part := &h.parts[p]
		if !strings.HasPrefix(chars.String(src[i:]), part.before) {
			return nodes, 0
		}
		key := i
		i += len(part.before)
		end, escaped, ok := stringEnd(src, i)
		if !ok {
			return nodes, 0
		}
		if !part.passes(src[i:end]) {
			nodes = appendNode(nodes, key+part.start, key+part.end, kindKey)
			nodes = appendNode(nodes, i, end, kindString)
			nodes[len(nodes)-1].escaped = escaped
		}
		i = end
	}
	if !strings.HasPrefix(chars.String(src[i:]), h.rest) {
		return nodes, 0
	}
	nodes = appendNode(nodes, i+h.data, i+h.data+len("data"), kindKey)
	return nodes, skipSpace(src, i+len(h.rest))
}

// passes reports whether an attribute's value is let through whatever it is.
func (p *headPart) passes(value []byte) bool {
	switch p.kind {
	case headID:
		return detect.IsUUID(chars.String(value))
	case headTime:
		return isTimestamp(value)
	}
	return false
}

// learn remembers the head of an event that the walker has classified.
func (h *heads) learn(w *walker) {
	early := h.missed.Load() < learnAll
	if !early && rand.Uint32()%learnEvery != 0 {
		return
	}
	bucket := h.bucket(w.src)
	if bucket == nil {
		return
	}
	if early {
		h.missed.Add(1)
	}
	at := 0
	for at < len(bucket) && bucket[at].Load() != nil {
		at++
	}
	if at == len(bucket) {
		at = rand.IntN(len(bucket))
	}
	if found := w.head(); found != nil {
		bucket[at].Store(found)
	}
}

// head returns the head of an event, or nil if it has none to remember.
func (w *walker) head() *head {
	nodes := w.sc.nodes
	if nodes[0].kind != kindObject {
		return nil
	}
	var h head
	from, typed, saves := uint32(0), false, false
	for j := int32(1); j < nodes[0].next; j = nodes[j+1].next {
		key, value := &nodes[j], &nodes[j+1]
		if key.escaped || value.start > maxHead {
			return nil
		}
		name := w.text(key)
		if string(name) == "data" {
			if !saves {
				return nil
			}
			colon := int(key.end) + 1 + bytes.IndexByte(w.src[key.end+1:], ':')
			h.rest, h.data = string(w.src[from:colon+1]), int(key.start-from)
			return &h
		}
		kind, known := headKinds.Get(name)
		if !known || value.kind != kindString && value.kind != kindNumber {
			return nil
		}
		alike := kind == headAlike && w.passes(value)
		if string(name) == "type" {
			if typed || value.kind != kindString { // of several the last one counts, which may be in either place
				return nil
			}
			if typed = true; alike {
				h.of = w.s.typeOf(w.text(value))
			}
		}
		if alike {
			saves = true
			continue
		}
		if value.kind != kindString || len(h.parts) == maxHeadParts {
			return nil
		}
		if kind == headAlike || kind == headID && w.s.rules.Custom() { // a rule of the user's may find something in one
			kind = headDiffers
		}
		h.parts = append(h.parts, headPart{string(w.src[from:value.start]), int(key.start - from), int(key.end - from), kind})
		from = value.end
	}
	return nil
}

// passes reports whether a value is let through whatever the rest of the event
// says: nothing is found in it, and the values that the event holds elsewhere
// aren't looked for.
func (w *walker) passes(n *node) bool {
	text := w.text(n)
	switch {
	case n.Mode != lexicon.Meta || n.escaped || len(text) > maxHead/4:
		return false
	case n.kind == kindNumber:
		return len(text) < 5
	}
	return scannedAsIs(text) && len(w.sc.scan.Find(&w.s.rules, w.known, chars.String(text), lexicon.Meta, nil)) == 0
}

// scannedAsIs reports whether all that is done with the text of a lexicon.Meta string
// is to scan it: it isn't prose, has no characters that markup, JSON, messages,
// forms and SQL begin with, and is no base64.
func scannedAsIs(text []byte) bool {
	for _, c := range text {
		if !chars.IsLetter(c) && !chars.IsDigit(c) && strings.IndexByte("-_./+:;= ", c) < 0 {
			return false
		}
	}
	in := chars.MakeupOf(text)
	return !readsLikeProse(text) && (len(text) < 8 || !in.MayBeBase64() || codeLike(text, in))
}
