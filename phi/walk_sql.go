package phi

import "bytes"

// Programs log a statement and what is bound to its parameters apart:
//
//	{"sql":"SELECT id FROM patients WHERE last_name = ? AND mrn = ?","params":["…","…"]}

// boundColumns returns what the columns hold to which the parameters of the
// statement in the object at i are bound, in their order; nil when there is none.
func (w *walker) boundColumns(i int32) []keyInfo {
	for _, name := range []string{"sql", "query", "statement", "stmt"} {
		n := w.member(i, name)
		if n == nil || n.kind != kindString {
			continue
		}
		if text := w.keyText(n); len(text) < 4096 && bytes.ContainsAny(text, "?$") && hasVerb(text) {
			return w.parameters(text)
		}
	}
	return nil
}

// maxCompared is how far before a parameter the column is looked for to which it is
// compared, in bytes.
const maxCompared = 512

// hasVerb reports whether a statement is one of SQL that has parameters.
func hasVerb(text []byte) bool {
	verb, _, _ := bytes.Cut(bytes.TrimSpace(text), []byte(" "))
	switch asString(bytes.ToLower(verb)) {
	case "select", "insert", "update", "delete", "merge", "with", "call", "exec":
		return true
	}
	return false
}

// parameters looks up the columns of a statement's parameters: ? by their order,
// $2 by their number. Those of an INSERT stand in parentheses before its values.
func (w *walker) parameters(text []byte) []keyInfo {
	var cols []keyInfo
	inserted := insertColumns(text)
	declared := false
	for i, n := 0, 0; i < len(text) && n < maxColumns; i++ {
		at := n
		switch {
		case text[i] == '?':
		case text[i] == '$' && i+1 < len(text) && isDigit(text[i+1]):
			at = int(text[i+1]-'0') - 1
			if i+2 < len(text) && isDigit(text[i+2]) {
				at = 10*(at+1) + int(text[i+2]-'0') - 1
			}
		default:
			continue
		}
		name := comparedColumn(text[max(0, i-maxCompared):i])
		if name == nil && n < len(inserted) {
			name = bytes.Trim(inserted[n], " \t\r\n\"`[]")
		}
		n++
		if at < 0 || at >= maxColumns {
			continue
		}
		for len(cols) <= at {
			cols = append(cols, keyInfo{})
		}
		if k := w.s.lex.lookup(name[bytes.LastIndexByte(name, '.')+1:]); len(name) > 0 && k.mode != modeSafe { // it's no proof
			k.role &^= roleMeta
			k.via = viaSibling
			cols[at] = k
			declared = declared || k.mode == modeTyped
		}
	}
	if !declared {
		return nil
	}
	return cols
}

// comparedColumn returns the name of the column that the parameter behind text is
// compared to or that it is assigned to, or nil: last_name = , lower(p.last_name)
// LIKE , mrn IN ( .
func comparedColumn(text []byte) []byte {
	t := bytes.TrimRight(text, " (")
	switch {
	case bytes.HasSuffix(t, []byte(",")): // another of a list
		at := bytes.LastIndexByte(t, '(')
		if at < 0 || bytes.IndexFunc(t[at:], isName) >= 0 {
			return nil
		}
		return comparedColumn(t[:at])
	case len(t) > 0 && bytes.IndexByte([]byte("=<>!~"), t[len(t)-1]) >= 0:
		t = bytes.TrimRight(t, "=<>!~ ")
	default:
		word := t[bytes.LastIndexByte(t, ' ')+1:]
		switch asString(bytes.ToLower(word)) {
		case "like", "ilike", "in":
			t = bytes.TrimRight(t[:len(t)-len(word)], " ")
		default:
			return nil
		}
	}
	t = bytes.TrimRight(t, " )\"`]")
	from := len(t)
	for from > 0 && (isName(rune(t[from-1])) || t[from-1] == '.') {
		from--
	}
	return t[from:]
}

// isName reports whether r may stand in the name of a column.
func isName(r rune) bool {
	return r < 0x80 && (isLetter(byte(r)) || r == '_')
}

// insertColumns returns the names of the columns of an INSERT, or nil.
func insertColumns(text []byte) [][]byte {
	lower := bytes.ToLower(text)
	if !bytes.HasPrefix(bytes.TrimSpace(lower), []byte("insert")) {
		return nil
	}
	open := bytes.IndexByte(text, '(')
	if open < 0 {
		return nil
	}
	end := bytes.IndexByte(text[open:], ')')
	if end < 0 || !bytes.Contains(lower[open+end:], []byte("values")) {
		return nil
	}
	return bytes.Split(text[open+1:open+end], []byte{','})
}
