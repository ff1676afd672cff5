package phi

import (
	"bytes"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
)

// Tables of Markdown declare their columns above a row of hyphens:
//
//	| Patient | City |
//	|---------|------|
//	| Jane R. | Ayr  |
//
// Those that programs draw have rules of +---+ as well.

// pipeTable scrubs a text that holds such tables: cells by the name of their
// column, what stands around the tables as text. ok is false when there is none
// that declares anything.
func (e *emitter) pipeTable(n *node, text []byte) (out []byte, ok bool) {
	done, changed := 0, false
	for at := 0; ; {
		head, rule, end := findPipeTable(text, at)
		if rule == 0 {
			break
		}
		at = end
		cols, declared := e.pipeColumns(n, text[head:rule])
		if !declared || head < done {
			continue
		}
		ok = true
		var hit bool
		out, hit = e.part(n, out, text[done:head])
		changed = changed || hit
		out = append(out, text[head:end]...)
		for at < len(text) {
			line := text[at:chars.LineEnd(text, at)]
			rule := isPipeRule(line)
			if !rule && bytes.IndexByte(line, '|') < 0 {
				break
			}
			if at += len(line); rule {
				out = append(out, line...)
				continue
			}
			out, hit = e.pipeRow(n, out, line, cols)
			changed = changed || hit
		}
		done = at
	}
	if !ok {
		return nil, false
	}
	out, hit := e.part(n, out, text[done:])
	if !changed && !hit {
		return nil, true
	}
	return out, true
}

// pipeColumns returns what the columns of a header hold, and whether any of
// them is declared.
func (e *emitter) pipeColumns(n *node, head []byte) (cols []lexicon.Meaning, declared bool) {
	personal := false
	for _, cell := range pipeCells(head) {
		k := lexicon.Meaning{}
		if cell = bytes.Trim(cell, " \t\r\n*_"); len(cell) > 0 && len(cell) <= 48 && len(cols) < maxColumns {
			k = e.column(n, cell)
			if k.Is(lexicon.RolePersonName) {
				k = lexicon.Meaning{Mode: lexicon.Hint}
			}
		}
		declared = declared || k.Mode == lexicon.Typed || k.Hints()
		personal = personal || k.Is(lexicon.RolePersonal) || k.Mode == lexicon.Typed && ofOnePerson[k.Cat]
		cols = append(cols, k)
	}
	for i, k := range cols {
		if k.Mode == lexicon.Hint && personal {
			cols[i] = lexicon.Meaning{Mode: lexicon.Typed, Cat: Name}
		}
	}
	return cols, declared
}

// ofOnePerson are the categories whose columns tell that a table is of persons.
var ofOnePerson = map[Category]bool{SSN: true, BirthDate: true, MedicalRecord: true, HealthPlan: true, Email: true}

// pipeRow appends a row, scrubbed.
func (e *emitter) pipeRow(n *node, dst, line []byte, cols []lexicon.Meaning) (_ []byte, changed bool) {
	for i, cell := range pipeCells(line) {
		if i > 0 {
			dst = append(dst, '|')
		}
		k := lexicon.Meaning{}
		if i < len(cols) {
			k = cols[i]
		}
		from := len(cell) - len(bytes.TrimLeft(cell, " \t"))
		to := max(from, len(bytes.TrimRight(cell, " \t\r\n")))
		dst = append(dst, cell[:from]...)
		var hit bool
		dst, hit = e.cell(n, dst, cell[from:to], k)
		changed = changed || hit
		dst = append(dst, cell[to:]...)
	}
	return dst, changed
}

// pipeCells splits a line at its bars. What stands before the first and behind
// the last bar are cells as well.
func pipeCells(line []byte) [][]byte { return bytes.Split(line, []byte{'|'}) }

// findPipeTable returns where the header of the first table from index start on
// begins, where the rule below it does, and where that ends; zeros when there is
// none.
func findPipeTable(text []byte, start int) (head, rule, end int) {
	for {
		at := bytes.Index(text[start:], []byte("--"))
		if at < 0 {
			return 0, 0, 0
		}
		at += start
		from := bytes.LastIndexByte(text[:at], '\n') + 1
		to := chars.LineEnd(text, at)
		if isPipeRule(text[from:to]) && from > 0 {
			head = bytes.LastIndexByte(text[:from-1], '\n') + 1
			if bytes.IndexByte(text[head:from], '|') >= 0 {
				return head, from, to
			}
		}
		start = to
	}
}

// isPipeRule reports whether a line is a rule of a table: |---|:--|, +---+---+.
func isPipeRule(line []byte) bool {
	return len(bytes.Trim(line, "|+-=: \t\r\n")) == 0 && bytes.ContainsAny(line, "|+")
}
