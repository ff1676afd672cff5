package phi

import "bytes"

// SQL declares what its literals are: by the columns of an INSERT, by the
// column before an operator, by the columns of a violated key. What stands in
// none of these is scanned as text.

// isSQL reports whether text may hold a statement with literals.
func isSQL(text []byte, in makeup) bool {
	for i := bytes.IndexByte(text, '\''); i >= 0; {
		before := bytes.TrimRight(text[max(0, i-16):i], " ")
		if len(before) > 0 && bytes.IndexByte([]byte("=(<>,"), before[len(before)-1]) >= 0 || endsFold(before, "like") || endsFold(before, "between") {
			for _, word := range []string{"values", "where ", "set ", "and ", "having "} {
				if containsFold(text, word) {
					return true
				}
			}
			return false
		}
		next := bytes.IndexByte(text[i+1:], '\'')
		if next < 0 {
			break
		}
		i += next + 1
	}
	return in.has(hasEquals) && bytes.Contains(text, []byte(")=(")) // Key (email)=(…) already exists
}

func endsFold(text []byte, word string) bool {
	return len(text) >= len(word) && bytes.EqualFold(text[len(text)-len(word):], asBytes(word))
}

// containsFold reports whether text holds a word in small letters, in any case.
func containsFold(text []byte, word string) bool {
	for i := 0; i+len(word) <= len(text); i++ {
		if text[i]|0x20 == word[0] && bytes.EqualFold(text[i:i+len(word)], asBytes(word)) && (i == 0 || !isLetter(text[i-1])) {
			return true
		}
	}
	return false
}

type sqlKind uint8

const (
	sqlEnd     sqlKind = iota
	sqlName            // a keyword, a column, perhaps in quotes or with what it belongs to
	sqlLiteral         // 'text', as its content
	sqlNumber
	sqlSign // another character
)

type sqlToken struct {
	kind       sqlKind
	start, end int // of the content
}

// A sqlReader splits SQL into tokens and notes what columns declare.
type sqlReader struct {
	lex    *lexicon
	src    []byte
	at     int // where the next token begins
	tok    sqlToken
	values []sqlValue
}

// A sqlValue is a literal or number and what its column says that it is.
type sqlValue struct {
	sqlToken
	cat Category
}

// sql replaces the literals of a text that columns declare. ok is false when
// there are none.
func (e *emitter) sql(n *node, text []byte) (out []byte, ok bool) {
	r := sqlReader{lex: e.s.lex, src: text}
	r.read()
	done := 0
	for _, v := range r.values {
		value := text[v.start:v.end]
		if v.kind == sqlNumber && (e.allowedNumber(v.cat, value) || isCount(v.cat, value)) {
			continue
		}
		plain := bytes.Trim(bytes.ReplaceAll(value, []byte("''"), []byte("'")), "%")
		action := e.s.actions[v.cat]
		mark, ok := e.apply(nil, applied{v.cat, action, false}, plain)
		if !ok {
			continue
		}
		e.learn(plain, v.cat)
		e.hit(n, v.cat, "sql", action)
		out = append(append(out, text[done:v.start]...), mark...)
		done = v.end
	}
	if done == 0 {
		return nil, false
	}
	return append(out, text[done:]...), true
}

// read reads all of the text.
func (r *sqlReader) read() {
	r.next()
	for r.tok.kind != sqlEnd {
		switch {
		case r.word("into"), r.word("copy"):
			r.next()
			r.insert()
		case r.word("key") && r.peek() == '(':
			r.next()
			r.violation()
		case r.tok.kind == sqlName:
			r.comparison()
		default:
			r.next()
		}
	}
}

func (r *sqlReader) text() []byte { return r.src[r.tok.start:r.tok.end] }

func (r *sqlReader) word(w string) bool {
	return r.tok.kind == sqlName && bytes.EqualFold(r.text(), asBytes(w))
}

func (r *sqlReader) sign(c byte) bool { return r.tok.kind == sqlSign && r.src[r.tok.start] == c }

// peek returns the next byte that is no space, or 0.
func (r *sqlReader) peek() byte {
	for i := r.at; i < len(r.src); i++ {
		if r.src[i] > ' ' {
			return r.src[i]
		}
	}
	return 0
}

// next reads a token.
func (r *sqlReader) next() {
	i := r.at
	for i < len(r.src) && r.src[i] <= ' ' {
		i++
	}
	if i == len(r.src) {
		r.tok, r.at = sqlToken{kind: sqlEnd, start: i, end: i}, i
		return
	}
	c := r.src[i]
	switch {
	case c == '\'':
		end := r.literal(i)
		r.tok, r.at = sqlToken{sqlLiteral, i + 1, end}, min(end+1, len(r.src))
	case c == '[' && r.bracketed(i) > 0:
		end := r.bracketed(i)
		r.tok, r.at = sqlToken{sqlName, i + 1, end}, end+1
	case c == '"' || c == '`':
		end := bytes.IndexByte(r.src[i+1:], c)
		if end <= 0 || end > 64 || bytes.IndexByte(r.src[i+1:i+1+end], ' ') >= 0 && c == '"' && end > 40 {
			r.tok, r.at = sqlToken{sqlSign, i, i + 1}, i+1
			return
		}
		r.tok, r.at = sqlToken{sqlName, i + 1, i + 1 + end}, i+end+2
	case isLetter(c) || c == '_' || c >= 0x80:
		end := i
		for end < len(r.src) && (isLetter(r.src[end]) || isDigit(r.src[end]) || r.src[end] == '_' || r.src[end] == '$' || r.src[end] >= 0x80) {
			end++
		}
		if end == i+1 && end < len(r.src) && r.src[end] == '\'' { // E'…', N'…'
			r.at = end
			r.next()
			return
		}
		r.tok, r.at = sqlToken{sqlName, i, end}, end
	case isDigit(c):
		end := i
		for end < len(r.src) && (isDigit(r.src[end]) || r.src[end] == '.') {
			end++
		}
		r.tok, r.at = sqlToken{sqlNumber, i, end}, end
	default:
		r.tok, r.at = sqlToken{sqlSign, i, i + 1}, i+1
	}
}

// bracketed returns where the name ends that stands in the square brackets at i, as
// SQL Server writes it, or 0: ARRAY['…'], tags[1] and [NAME] have none there.
func (r *sqlReader) bracketed(i int) int {
	if placeholderAt(r.src[i:]) > 0 {
		return 0
	}
	for end := i + 1; end < len(r.src) && end < i+64; end++ {
		switch c := r.src[end]; {
		case isLetter(c), c == '_':
		case end == i+1:
			return 0
		case c == ']':
			return end
		case !isDigit(c) && c != ' ':
			return 0
		}
	}
	return 0
}

// literal returns where the content of the literal at i ends. A quotation mark
// within is written twice or behind a backslash.
func (r *sqlReader) literal(i int) int {
	for i++; i < len(r.src); i++ {
		switch {
		case r.src[i] == '\\' && i+1 < len(r.src):
			i++
		case r.src[i] == '\'' && i+1 < len(r.src) && r.src[i+1] == '\'':
			i++
		case r.src[i] == '\'':
			return i
		}
	}
	return len(r.src)
}

// insert reads what stands behind INTO: a table, columns and rows.
func (r *sqlReader) insert() {
	for r.tok.kind == sqlName && !r.clause() || r.sign('.') {
		r.next()
	}
	if !r.sign('(') {
		return
	}
	var buf [maxColumns]Category
	cols := r.columns(buf[:0])
	for r.tok.kind == sqlName && !r.word("values") && !r.word("select") || r.sign('.') || r.sign(',') {
		r.next() // OVERRIDING SYSTEM VALUE, OUTPUT inserted.id
	}
	if !r.word("values") {
		return
	}
	r.next()
	for r.sign('(') {
		r.row(cols)
		if r.sign(',') {
			r.next()
		}
	}
}

// clause reports whether the token begins what may stand behind the table of an
// INSERT in place of its columns.
func (r *sqlReader) clause() bool {
	for _, w := range []string{"values", "select", "set", "using", "from", "where", "with"} {
		if r.word(w) {
			return true
		}
	}
	return false
}

// columns reads the names between parentheses, with what each holds.
func (r *sqlReader) columns(cols []Category) []Category {
	cat := None
	for r.next(); r.tok.kind != sqlEnd; r.next() {
		switch {
		case r.tok.kind == sqlName:
			cat = r.category()
		case r.sign(','), r.sign(')'):
			if len(cols) < maxColumns {
				cols = append(cols, cat)
			}
			cat = None
			if r.sign(')') {
				r.next()
				return cols
			}
		}
	}
	return cols
}

// row reads one row of values.
func (r *sqlReader) row(cols []Category) {
	column, depth := 0, 0
	for r.next(); r.tok.kind != sqlEnd; r.next() {
		switch {
		case r.sign('('):
			depth++
		case r.sign(')') && depth == 0:
			r.next()
			return
		case r.sign(')'):
			depth--
		case r.sign(',') && depth == 0:
			column++
		case column < len(cols):
			r.note(cols[column])
		}
	}
}

// category returns what the column that the token names holds.
func (r *sqlReader) category() Category {
	k := r.lex.lookup(r.text())
	if k.mode != modeTyped || k.is(roleKeyOnly) && k.cat != Name && k.cat != BirthDate {
		return None
	}
	return k.cat
}

// comparison reads a column and, when an operator stands behind it, the
// literals that it is compared with or set to.
func (r *sqlReader) comparison() {
	cat := r.category()
	if r.next(); cat == None {
		return
	}
	for r.sign(')') || r.sign(':') { // lower(name), name::text
		if r.next(); r.tok.kind == sqlName && r.src[r.tok.start-1] == ':' {
			r.next()
		}
	}
	switch {
	case r.sign('='), r.sign('<'), r.sign('>'), r.sign('!'), r.sign('~'):
		for r.sign('=') || r.sign('<') || r.sign('>') || r.sign('!') || r.sign('~') || r.sign('*') {
			r.next()
		}
	case r.word("like"), r.word("ilike"), r.word("in"), r.word("between"), r.word("is"), r.word("not"), r.word("similar"):
		r.next()
	default:
		return
	}
	for n := 0; n < 1000; n++ {
		switch {
		case r.tok.kind == sqlLiteral:
			r.note(cat)
		case r.word("like"), r.word("ilike"), r.word("in"), r.word("between"), r.word("and") && r.peek() == '\'', r.word("to"), r.word("lower"), r.word("upper"), r.word("any"), r.word("array"), r.word("date"), r.word("timestamp"),
			r.sign('('), r.sign('['), r.sign(',') && (r.peek() == '\'' || isDigit(r.peek())):
		case r.tok.kind == sqlNumber:
			r.note(cat)
		default:
			return
		}
		r.next()
	}
}

// violation reads the columns and values of a violated key:
// Key (last_name, dob)=(Roe, 1971-04-09) already exists.
func (r *sqlReader) violation() {
	var buf [maxColumns]Category
	cols := r.columns(buf[:0])
	if !r.sign('=') || r.peek() != '(' {
		return
	}
	r.next()
	at := r.at
	end := bytes.IndexByte(r.src[at:], ')')
	if end < 0 {
		return
	}
	for i, value := range bytes.Split(r.src[at:at+end], []byte(", ")) {
		if i < len(cols) {
			r.tok = sqlToken{sqlLiteral, at, at + len(value)}
			r.note(cols[i])
		}
		at += len(value) + 2
	}
	r.at = at - 2
	r.next()
}

// note notes that the literal or number that the token is holds a category.
func (r *sqlReader) note(cat Category) {
	value := r.text()
	if cat == None || r.tok.kind != sqlLiteral && r.tok.kind != sqlNumber || len(bytes.Trim(value, "% ")) == 0 || alreadyScrubbed(value) || isStatus(cat, value) {
		return
	}
	r.values = append(r.values, sqlValue{r.tok, cat})
}
