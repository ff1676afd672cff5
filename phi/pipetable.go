package phi

import "bytes"

// Tables of Markdown declare their columns above a row of hyphens:
//
//	| Patient | City |
//	|---------|------|
//	| Jane R. | Ayr  |

// pipeTable scrubs a text that holds such a table: cells by the name of their
// column, what stands around the table as text. ok is false when there is none
// that declares anything.
func (e *emitter) pipeTable(n *node, text []byte) (out []byte, ok bool) {
	head, rule, end := findPipeTable(text)
	if rule == 0 {
		return nil, false
	}
	var buf [maxColumns]keyInfo
	cols := buf[:0]
	declared := 0
	for _, cell := range pipeCells(text[head:rule]) {
		k := keyInfo{}
		if cell = bytes.Trim(cell, " \t*_"); len(cell) > 0 && len(cols) < maxColumns {
			k = e.column(n, cell)
			if k.is(rolePersonName) {
				k = keyInfo{mode: modeHint}
			}
		}
		if k.mode == modeTyped || hints(k) {
			declared++
		}
		cols = append(cols, k)
	}
	if declared == 0 {
		return nil, false
	}
	out, changed := e.part(n, nil, text[:head])
	out = append(out, text[head:end]...)
	for end < len(text) {
		line := text[end:lineEnd(text, end)]
		if bytes.IndexByte(line, '|') < 0 {
			break
		}
		for i, cell := range pipeCells(line) {
			if i > 0 {
				out = append(out, '|')
			}
			k := keyInfo{}
			if i < len(cols) {
				k = cols[i]
			}
			from := len(cell) - len(bytes.TrimLeft(cell, " \t"))
			to := max(from, len(bytes.TrimRight(cell, " \t\r\n")))
			out = append(out, cell[:from]...)
			var hit bool
			out, hit = e.cell(n, out, cell[from:to], k)
			changed = changed || hit
			out = append(out, cell[to:]...)
		}
		end += len(line)
	}
	rest := text[end:]
	if more, ok := e.pipeTable(n, rest); ok {
		if changed = changed || more != nil; more != nil {
			rest = more
		}
		out = append(out, rest...)
	} else {
		var hit bool
		out, hit = e.part(n, out, rest)
		changed = changed || hit
	}
	if !changed {
		return nil, true
	}
	return out, true
}

// pipeCells splits a line at its bars. What stands before the first and behind
// the last bar are cells as well.
func pipeCells(line []byte) [][]byte { return bytes.Split(line, []byte{'|'}) }

// lineEnd returns where the line that holds index i ends, its end included.
func lineEnd(text []byte, i int) int {
	if n := bytes.IndexByte(text[i:], '\n'); n >= 0 {
		return i + n + 1
	}
	return len(text)
}

// findPipeTable returns where the header of the first table begins, where the
// rule below it does, and where that ends; zeros when there is none.
func findPipeTable(text []byte) (head, rule, end int) {
	for start := 0; ; {
		at := bytes.Index(text[start:], []byte("---"))
		if at < 0 {
			return 0, 0, 0
		}
		at += start
		from := bytes.LastIndexByte(text[:at], '\n') + 1
		to := lineEnd(text, at)
		if isPipeRule(text[from:to]) && from > 0 {
			head = bytes.LastIndexByte(text[:from-1], '\n') + 1
			if bytes.IndexByte(text[head:from], '|') >= 0 {
				return head, from, to
			}
		}
		start = to
	}
}

// isPipeRule reports whether a line is made of hyphens, bars and colons.
func isPipeRule(line []byte) bool {
	return len(bytes.Trim(line, "|-: \t\r\n")) == 0 && bytes.IndexByte(line, '|') >= 0
}

// hints reports whether a key says that its value is likely a name.
func hints(k keyInfo) bool {
	return k.mode == modeHint || k.entity == entityPerson && k.mode == modeText && !k.is(roleText|roleHandle)
}
