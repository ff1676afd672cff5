package phi

import (
	"bytes"
	"strconv"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
)

// Segments of HL7 v2 that were parsed into JSON: {"PID":{"5":"ROE^ANN"}},
// {"PID":["1","","4482917","","ROE^ANN"]}, ["PID","1","","4482917","","ROE^ANN"],
// {"name":"PID","fields":["1","","4482917","","ROE^ANN"]}.

// segmentOf returns the name in small letters of the segment that the string or key n
// names, or nil.
func (w *walker) segmentOf(n *node) []byte {
	if n == nil || n.end-n.start != 3 || n.kind != kindString && n.kind != kindKey || !chars.IsLetter(w.src[n.start]) {
		return nil
	}
	var name [3]byte
	for i, c := range w.text(n) {
		if name[i] = c; chars.IsLower(c) {
			name[i] -= 'a' - 'A'
		}
	}
	if kind := hl7Segments[string(name[:])]; kind == 0 || kind == segmentWithin {
		return nil
	}
	return bytes.ToLower(name[:])
}

// segmentField returns what a field of a segment is.
func (w *walker) segmentField(segment []byte, number int) lexicon.Meaning {
	k := w.s.rules.Lex.Exactly(strconv.AppendInt(segment, int64(number), 10))
	if k.Mode != lexicon.Typed {
		return lexicon.Meaning{}
	}
	return lexicon.Meaning{Mode: lexicon.Typed, Cat: k.Cat, Via: lexicon.ViaSibling}
}

// isSegment reports whether the value at child, under a key, is a segment's fields by
// their numbers.
func (w *walker) isSegment(key *node, child int32) bool {
	nodes := w.sc.nodes
	segment := w.segmentOf(key)
	if nodes[child].next == child+1 || segment == nil {
		return false
	}
	switch first := &nodes[child+1]; nodes[child].kind {
	case kindObject:
		return chars.IsDigit(w.src[first.start]) || bytes.HasPrefix(bytes.ToLower(w.text(first)), segment)
	case kindArray:
		return first.kind == kindString || first.kind == kindNumber
	}
	return false
}

// ofSegment gives a member whose key names a segment no meaning of its own, and one whose
// key is a number of a segment's field the meaning of that.
func (w *walker) ofSegment(key *node, child int32, k *lexicon.Meaning, around *surroundings) {
	switch {
	case k.Via == lexicon.ViaPolicy:
	case w.sc.nodes[child].kind <= kindArray && w.isSegment(key, child):
		*k = lexicon.Meaning{}
	case k.Mode == lexicon.Safe && (numberLike[around.cat] || around.cat == OtherID) &&
		w.sc.nodes[child].kind == kindObject && numberKeys.Has(w.text(key)):
		*k = lexicon.Meaning{Mode: lexicon.Typed, Cat: around.cat, Via: lexicon.ViaContainer} // {"ssn": {"number": {"value": "…"}}}
	case around.holder > 0 && chars.IsDigit(w.src[key.start]):
		if field := w.numberedField(key, around); field.Mode == lexicon.Typed {
			*k = field
		}
	}
}

// numberedField returns what a member is whose key is the number of a field of the
// segment that the key around names.
func (w *walker) numberedField(key *node, around *surroundings) lexicon.Meaning {
	segment := w.segmentOf(&w.sc.nodes[around.holder])
	if segment == nil || around.cat != None || key.end-key.start > 2 || !chars.AllDigits(chars.String(w.text(key))) {
		return lexicon.Meaning{}
	}
	return w.segmentField(segment, chars.DigitsValue(chars.String(w.text(key))))
}

// segmentRow classifies the array at i as the fields of a segment, whose name may stand
// before them or in named, and reports whether it is one.
func (w *walker) segmentRow(i int32, named []byte, around *surroundings) bool {
	nodes := w.sc.nodes
	if nodes[i].next < i+3 {
		return false
	}
	number := 1
	if first := &nodes[i+1]; first.kind == kindString {
		if own := w.segmentOf(first); own != nil && chars.IsUpper(w.src[first.start]) {
			named, number = own, 0
		}
	}
	if named == nil || number == 0 && nodes[i].next < i+5 || !w.firstField(&nodes[i+2-int32(number)]) {
		return false
	}
	for j := i + 1; j < nodes[i].next; j = nodes[j].next {
		k := lexicon.Meaning{}
		if number > 0 {
			k = w.segmentField(named, number)
		}
		w.value(j, &k, around)
		number++
	}
	return true
}

// firstField reports whether n may be the first field of a segment: a number, nothing, or
// a code of up to three capitals that is no segment's name.
func (w *walker) firstField(n *node) bool {
	text := w.text(n)
	if n.kind != kindString || chars.AllDigits(chars.String(text)) {
		return n.kind == kindNumber || n.kind == kindString
	}
	return len(text) <= 3 && capitalsOrDigits(text) && hl7Segments[string(text)] == 0
}

// segmentFields returns the name of the segment that an object's other members give the
// array of its fields, or nil.
func (w *walker) segmentFields(i int32) []byte {
	for _, name := range []string{"name", "segment", "type", "id"} {
		if n := w.member(i, name); n != nil && n.kind == kindString && n.start < n.end && chars.IsUpper(w.src[n.start]) {
			if segment := w.segmentOf(n); segment != nil {
				n.Mode, n.Cat = lexicon.Safe, None
				return segment
			}
		}
	}
	return nil
}
