package phi

import (
	"bytes"
	"slices"
	"sort"

	"github.com/carebus/carebus/phi/internal/lexicon"
)

// A view is the text of a document without its markup.
type view struct {
	text      []byte
	pieces    []piece
	edits     []edit
	added     []byte            // what the edits put in
	ends      [64]uint64        // names of closing tags seen, as a Bloom filter
	spent     int               // bytes looked at for tags that were none
	cells     int               // cells of the row so far
	head      bool              // the last of them is a heading
	row       []lexicon.Meaning // what the headings of the row say
	cols      []lexicon.Meaning // of columns, by a row that has headings only
	field     lexicon.Meaning   // what the last tag's name attribute says of its value
	extension lexicon.Meaning   // what the url of the FHIR extension around says of its value
	stack     [][]byte          // names of the elements around, in the source
	notes     bool              // an attribute of the last tag says that the element holds psychotherapy notes
}

// A piece is a run of a view's text that comes from one place of the source:
// as it stands there, from a character reference, or from none, when it was put
// in between.
type piece struct {
	at       int // where in the view it begins
	from, to int // where in the source; the same for what was put in
	verbatim bool
}

// An edit replaces source bytes by a part of what the view puts in.
type edit struct {
	start, end int
	from, to   int
}

// reset makes v ready for another document.
func (v *view) reset() {
	*v = view{text: v.text[:0], pieces: v.pieces[:0], edits: v.edits[:0], added: v.added[:0], row: v.row[:0], cols: v.cols[:0], stack: v.stack[:0]}
}

// clear overwrites what v holds of a document.
func (v *view) clear() {
	clear(v.text[:cap(v.text)])
	clear(v.added[:cap(v.added)])
}

// size is the number of bytes that v keeps.
func (v *view) size() int { return cap(v.text) + cap(v.added) + 32*(cap(v.pieces)+cap(v.edits)) }

// insert puts in characters that the source doesn't have.
func (v *view) insert(s string, at int) {
	v.pieces = append(v.pieces, piece{at: len(v.text), from: at, to: at})
	v.text = append(v.text, s...)
}

// append adds the source's text from i to end to the view.
func (v *view) append(text []byte, i, end int) {
	for start := i; i < end; {
		decoded, n := "", 0
		if next := bytes.IndexByte(text[i:end], '&'); next < 0 {
			i = end
		} else {
			i += next
			if decoded, n = charReference(text[i:end]); n == 0 {
				i++
				if i < end {
					continue
				}
			}
		}
		if i > start {
			v.pieces = append(v.pieces, piece{len(v.text), start, i, true})
			v.text = append(v.text, text[start:i]...)
		}
		if n > 0 {
			if decoded == "\u00a0" {
				decoded = " "
			}
			v.pieces = append(v.pieces, piece{len(v.text), i, i + n, false})
			v.text = append(v.text, decoded...)
			i += n
		}
		start = i
	}
}

// edit replaces source bytes by text.
func (v *view) edit(start, end int, text string) {
	from := len(v.added)
	v.added = append(v.added, text...)
	v.edits = append(v.edits, edit{start, end, from, len(v.added)})
}

// editSpan replaces what the view's text from start to end covers in the
// source: its first piece by text, the others by nothing. Tags stay.
func (v *view) editSpan(start, end int, text string) {
	i := sort.Search(len(v.pieces), func(i int) bool { return v.pieces[i].at > start }) - 1
	for i < len(v.pieces) && v.pieces[i].at < end {
		from, to := v.source(i, start, end)
		for i++; i < len(v.pieces) && v.pieces[i].at < end; i++ {
			next, stop := v.source(i, start, end)
			if next != to && next != v.pieces[i-1].from {
				break
			}
			to = stop
		}
		if from < to {
			v.edit(from, to, text)
			text = ""
		}
	}
}

// source returns what piece i has in the source of the view's text from start to
// end.
func (v *view) source(i, start, end int) (from, to int) {
	p := &v.pieces[i]
	if !p.verbatim {
		return p.from, p.to
	}
	return p.from + max(start-p.at, 0), min(p.from+end-p.at, p.to)
}

// apply appends the edited source to dst.
func (v *view) apply(dst, text []byte) []byte {
	slices.SortFunc(v.edits, func(a, b edit) int { return a.start - b.start })
	done := 0
	for _, ed := range v.edits {
		if ed.start < done { // within a character that is replaced already
			continue
		}
		dst = append(dst, text[done:ed.start]...)
		dst = append(dst, v.added[ed.from:ed.to]...)
		done = ed.end
	}
	return append(dst, text[done:]...)
}
