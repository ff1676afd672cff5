package phi

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/detect"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
)

// Messages of the trade declare their fields by segment and number.

// A segmentKind says how a segment of HL7 v2 is told from other text.
type segmentKind uint8

const (
	segmentPlain    segmentKind = iota + 1
	segmentNumbered             // its first field is a number, or empty
	segmentWithin               // begins a message only if it is numbered: tables and logs have columns of such names
)

// hl7Segments may begin an HL7 v2 message or a part of one.
var hl7Segments = func() map[string]segmentKind {
	m := map[string]segmentKind{}
	for kind, names := range map[segmentKind]string{
		segmentPlain:    "MSH FHS BHS EVN PD1 PV1 PV2 IN2 ORC MRG PR1 TXA SCH",
		segmentNumbered: "PID NK1 GT1 IN1 OBX OBR DG1 AL1 NTE",
		segmentWithin:   "AIP AIS AIG AIL ROL FT1 STF PRD CTD ACC RXE RXO RXD RXA SPM QPD QRD PRT IAM PDA DB1 ARV",
	} {
		for name := range strings.FieldsSeq(names) {
			m[name] = kind
		}
	}
	return m
}()

// isHL7 reports whether text is an HL7 v2 message or a part of one, perhaps in
// the frame of MLLP.
func isHL7(text []byte) bool {
	at := len(text) - len(bytes.TrimLeft(text, "\x0b \r\n\t"))
	return len(text) > at+4 && text[at+3] == '|' && hl7Begins(text, at)
}

// holdsHL7 reports whether a segment of an HL7 v2 message stands behind other text.
func holdsHL7(text []byte) bool { return segmentBehind(text, 1) > 0 }

// hl7Begins reports whether a segment begins at index i of text, where its name
// and a bar stand: one that others begin with may stand behind other text.
func hl7Begins(text []byte, i int) bool {
	kind, rest := hl7Segments[string(text[i:i+3])], text[i+4:]
	if kind == 0 {
		return false
	}
	if kind == segmentNumbered && len(rest) > 1 && chars.IsUpper(rest[0]) && chars.IsUpper(rest[1]) {
		return false // the header of a table
	}
	numbered := len(rest) > 0 && (chars.IsDigit(rest[0]) || rest[0] == '|') && (threeBars(rest) || partedField(rest))
	before := bytes.TrimRight(text[:i], "\x0b \t")
	if len(before) == 0 ||
		before[len(before)-1] == '\n' ||
		before[len(before)-1] == '\r' ||
		escapedBreak(text[:i]) > 0 {
		return numbered || kind != segmentWithin
	}
	if string(text[i:i+3]) == "MSH" {
		return bytes.HasPrefix(rest, []byte("^~"))
	}
	c := text[i-1]
	return kind == segmentNumbered && numbered && !chars.IsLetter(c) && !chars.IsDigit(c) && c != '|' &&
		c != '_' && c != ']'
}

// escapedBreak returns the length of the line breaks that text ends with, written as JSON
// and programs write them: \r, \n.
func escapedBreak(text []byte) int {
	n := 0
	for len(text) >= n+2 && text[len(text)-n-2] == '\\' && (text[len(text)-n-1] == 'r' || text[len(text)-n-1] == 'n') {
		n += 2
	}
	return n
}

// partedField reports whether the first line of text has two bars and a field of
// components: 1||5512^Roe^Ann.
func partedField(text []byte) bool {
	line := text[:chars.LineEnd(text, 0)]
	return bytes.Count(line, []byte{'|'}) == 2 && bytes.Count(line, []byte{'^'}) >= 2
}

// threeBars reports whether three bars stand in the first line of text.
func threeBars(text []byte) bool {
	bars := 0
	for _, c := range text {
		switch c {
		case '|':
			if bars++; bars == 3 {
				return true
			}
		case '\r', '\n':
			return false
		}
	}
	return false
}

// hl7Message scrubs an HL7 v2 message: fields that their segment and number
// declare, such as PID-5, by that, the others as text. Lines between that are no
// segments are one text.
func (e *emitter) hl7Message(n *node, dst, text []byte) (_ []byte, changed bool) {
	return e.segments(n, dst, text, "\r\n", func(line []byte) bool {
		return segmentName(bytes.TrimLeft(line, "\x0b \t"), '|') || segmentIn(line) > 0
	}, func(dst, line []byte) ([]byte, bool) { return e.hl7Line(n, dst, line) })
}

// segments scrubs the parts of a text that end with one of some characters, or with a
// line break that is escaped: those that are segments one by one, what stands between as text.
func (e *emitter) segments(n *node, dst, text []byte, ends string, is func([]byte) bool, scrub func(dst, segment []byte) ([]byte, bool)) (_ []byte, changed bool) {
	prose := 0 // where the text begins that stands before this part
	for i := 0; i < len(text); {
		end := len(text)
		if at := bytes.IndexAny(text[i:], ends); at >= 0 {
			end = i + at + 1
		}
		end = i + escapedLine(text[i:end])
		if part := text[i:end]; is(part) {
			var ok bool
			dst, ok = e.text(n, dst, text[prose:i])
			changed = changed || ok
			dst, ok = scrub(dst, part)
			changed = changed || ok
			prose = end
		}
		i = end
	}
	dst, ok := e.text(n, dst, text[prose:])
	return dst, changed || ok
}

// segmentName reports whether a segment's name and its separator begin text: PID|, N3*.
func segmentName(text []byte, separator byte) bool {
	at := bytes.IndexByte(text[:min(len(text), 4)], separator)
	return at >= 2 && chars.IsUpper(text[0]) && capitalsOrDigits(text[1:at])
}

// capitalsOrDigits reports whether text has nothing but these, as codes of messages do.
func capitalsOrDigits(text []byte) bool {
	for _, c := range text {
		if !chars.IsUpper(c) && !chars.IsDigit(c) {
			return false
		}
	}
	return true
}

// hl7Line scrubs a line that holds segments, perhaps behind other text and several of
// them.
func (e *emitter) hl7Line(n *node, dst, line []byte) (_ []byte, changed bool) {
	end := len(line) - escapedBreak(line)
	at := segmentIn(line[:end])
	dst, changed = e.text(n, dst, line[:at])
	for at < end {
		next := at + segmentBehind(line[at:end], 4)
		stop := end
		if next > at { // what stands before the next one is none of this one's
			stop = at + len(bytes.TrimRight(line[at:next-1], " \t,;:->"))
		} else {
			next = end
		}
		var ok bool
		dst, ok = e.hl7Segment(n, dst, line[at:stop])
		changed = changed || ok
		dst = append(dst, line[stop:next]...)
		at = next
	}
	return append(dst, line[end:]...), changed
}

// text is part for what may be empty.
func (e *emitter) text(n *node, dst, text []byte) (_ []byte, changed bool) {
	if len(text) == 0 {
		return dst, false
	}
	return e.part(n, dst, text)
}

// escapedLine returns the length of the line that text begins with, up to a line break
// that is escaped and what begins the next line, a capital or what stands for something found.
func escapedLine(text []byte) int {
	for i := 0; ; {
		at := bytes.IndexByte(text[i:], '\\')
		if at < 0 {
			return len(text)
		}
		i += at + 1
		if i+1 < len(text) && escapedBreak(text[:i+1]) > 0 &&
			(chars.IsUpper(text[i+1]) || text[i+1] == '[' || bytes.HasPrefix(text[i+1:], []byte("phi_"))) {
			return i + 1
		}
	}
}

func (e *emitter) hl7Segment(n *node, dst, line []byte) (_ []byte, changed bool) {
	end := len(bytes.TrimRight(line, "\r\n\x1c"))
	name, _, _ := bytes.Cut(bytes.TrimLeft(line[:end], "\x0b \t"), []byte("|"))
	key := string(bytes.ToLower(name))
	number := 0
	for field := range bytes.SplitSeq(line[:end], []byte("|")) {
		if number > 0 {
			dst = append(dst, '|')
		}
		at := number
		if key == "msh" { // the separator itself is MSH-1
			at++
		}
		var k lexicon.Meaning
		if number > 0 && hl7Segments[string(name)] > 0 {
			k = e.s.rules.Lex.Exactly([]byte(key + strconv.Itoa(at)))
		}
		if number > 0 && len(key) == 3 && key[0] == 'z' && holdsNumber(field) {
			k = lexicon.Meaning{Mode: lexicon.Typed, Cat: OtherID} // of a segment that a site defines
		}
		var ok bool
		dst, ok = e.declaredField(n, dst, field, k, '^')
		changed = changed || ok
		number++
	}
	return append(dst, line[end:]...), changed
}

// segmentIn returns where in a line the segment begins that stands behind other
// text, or 0.
func segmentIn(line []byte) int {
	if len(line) < 4 || line[3] == '|' && hl7Segments[string(line[:3])] > 0 {
		return 0
	}
	return segmentBehind(line, 1)
}

// segmentBehind returns where the first segment begins at index i of a line or behind
// it, or 0.
func segmentBehind(line []byte, i int) int {
	for i += 3; i < len(line); i++ {
		at := bytes.IndexByte(line[i:], '|')
		if at < 0 {
			return 0
		}
		if i += at; hl7Begins(line, i-3) {
			return i - 3
		}
	}
	return 0
}

// holdsNumber reports whether a component of a field is a number of seven digits
// or more and no date.
func holdsNumber(field []byte) bool {
	for part := range bytes.SplitSeq(field, []byte("^")) {
		if len(part) >= 7 && chars.AllDigits(chars.String(part)) && !detect.CompactDate(chars.String(part)) {
			return true
		}
	}
	return false
}

// declaredField writes a field of a message: by its category, or each of its
// components as text.
func (e *emitter) declaredField(n *node, dst, field []byte, k lexicon.Meaning, separator byte) (_ []byte, changed bool) {
	if len(field) == 0 || mark.Scrubbed(field) {
		return append(dst, field...), false
	}
	if k.Mode == lexicon.Typed {
		e.learn(bytes.ReplaceAll(field, []byte{separator}, []byte(" ")), k.Cat)
		action := e.s.actions[k.Cat]
		if out, ok := e.apply(dst, applied{k.Cat, action, false}, field); ok {
			e.hit(n, k.Cat, "message", action)
			return out, true
		}
		if action != Keep {
			return append(dst, field...), false
		}
	}
	if separator == '^' && bytes.IndexByte(field, '^') > 0 {
		if out, ok := e.part(n, dst, field); ok { // names are known by their carets
			return out, true
		}
		return append(dst, field...), false
	}
	for i, part := range bytes.Split(field, []byte{separator}) {
		if i > 0 {
			dst = append(dst, separator)
		}
		var ok bool
		dst, ok = e.part(n, dst, part)
		changed = changed || ok
	}
	return dst, changed
}

// isX12 reports whether text holds segments of an X12 transaction.
func isX12(text []byte) bool { return x12Separator(text) != 0 }

// x12Separator returns what stands between the elements of an X12 transaction,
// mostly an asterisk, or 0.
func x12Separator(text []byte) byte {
	t := bytes.TrimLeft(text, " \r\n\t")
	for _, c := range []byte("*|") {
		if bytes.IndexByte(text, c) < 2 {
			continue
		}
		if bytes.HasPrefix(t, []byte{'I', 'S', 'A', c}) ||
			bytes.HasPrefix(t, []byte{'S', 'T', c}) && (c == '*' || isTransaction(t)) ||
			bytes.IndexByte(text, '~') > 0 && bytes.Contains(text, []byte{'N', 'M', '1', c}) {
			return c
		}
	}
	return 0
}

// holdsX12 reports whether the segment of a name or of a date of birth stands in
// text: NM1*IL*1*ROE*ANN, DMG*D8*19790815.
func holdsX12(text []byte) bool {
	if bytes.Contains(text, []byte("DMG*D8*")) {
		return true
	}
	for rest := text; ; {
		at := bytes.Index(rest, []byte("NM1*"))
		if at < 0 {
			return false
		}
		rest = rest[at+4:]
		if star := bytes.IndexByte(rest, '*'); star >= 2 && star <= 3 && len(rest) > star+2 &&
			(rest[star+1] == '1' || rest[star+1] == '2') && rest[star+2] == '*' {
			return true
		}
	}
}

// isTransaction reports whether behind ST and a separator stands the number of a
// transaction set, as it doesn't in a table's column of states: ST|270|0001~.
func isTransaction(t []byte) bool {
	return len(t) > 6 && chars.AllDigits(chars.String(t[3:6])) && t[6] == t[2] && bytes.IndexByte(t, '~') > 0
}

// x12Message scrubs an X12 transaction, whose segments end with tildes or lines. Lines
// between that are no segments are one text.
func (e *emitter) x12Message(n *node, dst, text []byte) (_ []byte, changed bool) {
	separator := byte('*')
	if c := x12Separator(text); c != 0 {
		separator = c
	}
	return e.segments(n, dst, text, "~\n", func(part []byte) bool {
		return segmentName(part[nameBehind(part, separator):], separator)
	}, func(dst, part []byte) ([]byte, bool) { return e.x12Segment(n, dst, part, []byte{separator}) })
}

// nameBehind returns where the name of a segment begins, behind other text on its
// line.
func nameBehind(segment []byte, separator byte) int {
	end := bytes.IndexByte(segment, separator)
	if end < 0 {
		return len(segment)
	}
	return bytes.LastIndexAny(segment[:end], " \t\r\n:\"'>") + 1
}

// x12Names are the segments that say who somebody is.
var x12Names = map[string]bool{"NM1": true, "N1": true, "N3": true, "N4": true, "DMG": true, "REF": true, "PER": true}

func (e *emitter) x12Segment(n *node, dst, segment, separator []byte) (_ []byte, changed bool) {
	if at := nameBehind(segment, separator[0]); at > 0 && at < len(segment) {
		dst, changed = e.part(n, dst, segment[:at])
		segment = segment[at:]
	}
	body := bytes.TrimRight(segment, "~\r\n")
	body = body[:len(body)-escapedBreak(body)]
	name, _, _ := bytes.Cut(body, separator)
	number := 0
	for element := range bytes.SplitSeq(body, separator) {
		if number > 0 {
			dst = append(dst, separator...)
		}
		var k lexicon.Meaning
		if number > 0 && len(name) <= 3 {
			if cat := lexicon.X12Fields[x12ID(string(name), number)]; cat != None {
				k = lexicon.Meaning{Mode: lexicon.Typed, Cat: cat}
			}
		}
		var next []byte // the name of another segment behind it: ROE*JANE, DMG*D8
		if at := bytes.LastIndexByte(element, ' '); at > 0 && x12Names[string(element[at+1:])] {
			element, next = element[:at], element[at:]
		}
		var ok bool
		dst, ok = e.declaredField(n, dst, element, k, ':')
		changed = changed || ok
		if number++; next != nil {
			dst = append(dst, next...)
			name, number = next[1:], 1
		}
	}
	return append(dst, segment[len(body):]...), changed
}
