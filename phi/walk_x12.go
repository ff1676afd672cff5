package phi

import (
	"strconv"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
)

// Segments of X12 that were parsed into JSON: {"NM1":["IL","1","ROE","ANN"]},
// {"REF":[["SY","078051120"]]}, ["N4","AYR","NY","12601"],
// {"tag":"DMG","elements":["D8","19840203","F"]}.

// x12Row classifies the array at i as the name of a segment and its elements, and reports
// whether it is that.
func (w *walker) x12Row(i int32, around *surroundings) bool {
	nodes := w.sc.nodes
	if !w.mayBeX12(i) {
		return false
	}
	name := w.text(&nodes[i+1])
	if !w.x12Begins(i+2, nodes[i].next, name) {
		return false
	}
	w.x12Elements(i+2, nodes[i].next, name, around)
	nodes[i+1].Mode = lexicon.Safe
	return true
}

// x12Named classifies the value at i as the elements of the segment of that name, or as an
// array of several such segments, and reports whether it is that.
func (w *walker) x12Named(i int32, name []byte, around *surroundings) bool {
	nodes := w.sc.nodes
	first, end := i+1, nodes[i].next
	if first == end || nodes[first].kind != kindArray {
		if !w.x12Begins(first, end, name) {
			return false
		}
		w.x12Elements(first, end, name, around)
		return true
	}
	for j := first; j < end; j = nodes[j].next {
		if nodes[j].kind != kindArray || !w.x12Begins(j+1, nodes[j].next, name) {
			return false
		}
	}
	for j := first; j < end; j = nodes[j].next {
		w.x12Elements(j+1, nodes[j].next, name, around)
	}
	return true
}

// x12Elements classifies the elements from index i on, up to end, of the segment of that
// name.
func (w *walker) x12Elements(i, end int32, name []byte, around *surroundings) {
	nodes, segment := w.sc.nodes, string(name)
	qualifier := ""
	for j, number := i, 1; j < end; j, number = nodes[j].next, number+1 {
		k := x12Element(segment, number, qualifier)
		w.value(j, &k, around)
		if number == 1 || number == 2 && segment == "NM1" || number == 8 {
			qualifier = string(w.text(&nodes[j])) // it says what kind the next ones are of
		}
	}
}

// x12Begins reports whether the elements from index i on, up to end, are no containers, and the
// first of them begin a segment of that name as no other list begins.
func (w *walker) x12Begins(i, end int32, name []byte) bool {
	nodes := w.sc.nodes
	if i >= end {
		return false
	}
	for j := i; j < end; j = nodes[j].next {
		if nodes[j].kind < kindString {
			return false
		}
	}
	element := func(n int32) []byte {
		if i+n < end && nodes[i+n].kind == kindString {
			return w.text(&nodes[i+n])
		}
		return nil
	}
	switch one, two := element(0), element(1); string(name) {
	case "NM1":
		return isQualifier(one) && len(two) == 1 && (two[0] == '1' || two[0] == '2')
	case "DMG":
		return string(one) == "D8"
	case "REF", "PER", "N1":
		return len(one) == 2 && isQualifier(one) && len(two) > 1
	case "N3":
		return len(one) > 4 && end-i <= 2
	case "N4":
		return len(one) > 1 && len(two) == 2 && isQualifier(two)
	}
	return false
}

// isQualifier reports whether an element is a code of two or three characters, digits and
// capitals.
func isQualifier(text []byte) bool {
	return (len(text) == 2 || len(text) == 3) && capitalsOrDigits(text)
}

// x12Element returns what an element of a segment is. The one that says of what kind it is
// stands before it.
func x12Element(segment string, number int, qualifier string) lexicon.Meaning {
	id := x12ID(segment, number)
	cat := lexicon.X12Fields[id]
	switch {
	case id == "NM103" && qualifier == "2", // an organization
		id == "NM109" && (qualifier == "PI" || qualifier == "46"), // a payer, a submitter
		id == "N102" && (qualifier == "PR" || qualifier == "PE"):  // a payer, a payee
		return lexicon.Meaning{}
	case id == "REF02" && qualifier == "SY":
		cat = SSN
	}
	if cat == None {
		return lexicon.Meaning{}
	}
	return lexicon.Meaning{Mode: lexicon.Typed, Cat: cat, Via: lexicon.ViaSibling}
}

// x12ID returns what the standard calls an element of a segment: NM103.
func x12ID(segment string, number int) string {
	if number < 10 {
		segment += "0"
	}
	return segment + strconv.Itoa(number)
}

// x12Name returns the name of the segment of X12 that an object's other members give the
// array of its elements, or nil.
func (w *walker) x12Name(i int32) []byte {
	for _, name := range []string{"tag", "name", "segment", "id", "segment_id", "segmentId", "code"} {
		if n := w.member(i, name); n != nil && n.kind == kindString && n.end-n.start <= 3 {
			return w.text(n)
		}
	}
	return nil
}

// mayBeX12 reports whether the array at i begins with what may be the name of a segment.
func (w *walker) mayBeX12(i int32) bool {
	if i+2 >= w.sc.nodes[i].next {
		return false
	}
	n := &w.sc.nodes[i+1]
	size := n.end - n.start
	return n.kind == kindString && (size == 2 || size == 3) && chars.IsUpper(w.src[n.start])
}
