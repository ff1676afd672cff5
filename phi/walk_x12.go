package phi

import (
	"strconv"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
)

// Segments of X12 that were parsed into JSON: {"NM1":["IL","1","ROE","ANN"]},
// {"REF":[["SY","078051120"]]}, ["N4","AYR","NY","12601"],
// {"tag":"DMG","elements":["D8","19840203","F"]}.

// x12Row classifies the array at i as the elements of a segment of X12, or of several, whose
// name is named or stands first, and reports whether it is that.
func (w *walker) x12Row(i int32, named []byte, around *surroundings) bool {
	nodes := w.sc.nodes
	first := i + 1
	if first == nodes[i].next {
		return false
	}
	if nodes[first].kind == kindArray && named != nil {
		for j := first; j < nodes[i].next; j = nodes[j].next {
			if nodes[j].kind != kindArray || !w.x12Begins(j+1, nodes[j].next, named) {
				return false
			}
		}
		for j := first; j < nodes[i].next; j = nodes[j].next {
			w.x12Row(j, named, around)
		}
		return true
	}
	if named == nil && nodes[first].kind == kindString {
		named = w.text(&nodes[first])
		first++
	}
	if !w.x12Begins(first, nodes[i].next, named) {
		return false
	}
	if first > i+1 {
		nodes[i+1].Mode = lexicon.Safe
	}
	qualifier := ""
	for j, number := first, 1; j < nodes[i].next; j, number = nodes[j].next, number+1 {
		k := x12Element(string(named), number, qualifier)
		w.value(j, &k, around)
		if number == 1 || number == 2 && string(named) == "NM1" || number == 8 {
			qualifier = string(w.text(&nodes[j]))
		}
	}
	return true
}

// x12Begins reports whether the elements from index i on, up to end, are strings, the first of
// which begin a segment of that name as no other list begins.
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

// isQualifier reports whether an element is a code of two or three digits and capitals.
func isQualifier(text []byte) bool {
	for _, c := range text {
		if !chars.IsUpper(c) && !chars.IsDigit(c) {
			return false
		}
	}
	return len(text) == 2 || len(text) == 3
}

// x12Element returns what an element of a segment is. The one that says of what kind it is
// stands before it.
func x12Element(segment string, number int, qualifier string) lexicon.Meaning {
	id := segment
	if number < 10 {
		id += "0"
	}
	cat := lexicon.X12Fields[id+strconv.Itoa(number)]
	switch {
	case id == "NM10" && number == 3 && qualifier == "2", // an organization
		id == "NM10" && number == 9 && (qualifier == "PI" || qualifier == "46"), // a payer, a submitter
		id == "N10" && number == 2 && (qualifier == "PR" || qualifier == "PE"):
		return lexicon.Meaning{}
	case id == "REF0" && number == 2 && qualifier == "SY":
		cat = SSN
	}
	if cat == None {
		return lexicon.Meaning{}
	}
	return lexicon.Meaning{Mode: lexicon.Typed, Cat: cat, Via: lexicon.ViaSibling}
}

// x12Named returns the name of the segment of X12 that an object's other members give the
// array of its elements, or nil.
func (w *walker) x12Named(i int32) []byte {
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
	return n.kind == kindString && n.end-n.start-2 <= 1 && chars.IsUpper(w.src[n.start])
}
