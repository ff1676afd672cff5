package phi

import (
	"bytes"
	"strings"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
)

// SQL declares what its literals and parameters are: by the columns of an INSERT,
// by the column before an operator, by the columns of a violated key. Emitters go by
// the literals, emit_sql.go, walkers by the parameters, walk_sql.go.

type sqlKind uint8

const (
	sqlEnd     sqlKind = iota
	sqlName            // a keyword, a column, perhaps in quotes or with what it belongs to
	sqlLiteral         // 'text', as its content
	sqlNumber
	sqlParameter // ?, ?2, $2
	sqlSign      // another character
)

type sqlToken struct {
	kind       sqlKind
	start, end int // of the content
	param      int // of a parameter: which it is, from 0
}

// A sqlReader splits SQL into tokens and notes what columns declare.
type sqlReader struct {
	lex    *lexicon.Lexicon
	src    []byte
	bound  bool // note parameters rather than literals and numbers
	at     int  // where the next token begins
	tok    sqlToken
	params int // how many parameters were read
	prose  int // quotation marks before it open no literal
	values []sqlValue
}

// A sqlValue is a literal, number or parameter and what its column says that it is.
type sqlValue struct {
	sqlToken
	col lexicon.Meaning
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
	return r.tok.kind == sqlName && bytes.EqualFold(r.text(), chars.Bytes(w))
}

// wordIn reports whether the token is one of the words.
func (r *sqlReader) wordIn(list []string) bool {
	for _, w := range list {
		if r.word(w) {
			return true
		}
	}
	return false
}

func (r *sqlReader) sign(c byte) bool { return r.tok.kind == sqlSign && r.src[r.tok.start] == c }

// signIn reports whether the token is one of the characters of signs.
func (r *sqlReader) signIn(signs string) bool {
	return r.tok.kind == sqlSign && strings.IndexByte(signs, r.src[r.tok.start]) >= 0
}

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
	switch c := r.src[i]; {
	case c == '\'' && i >= r.prose:
		if end, ok := r.literal(i); ok {
			r.take(sqlLiteral, i+1, end, min(end+1, len(r.src)))
		} else {
			r.prose = end
			r.take(sqlSign, i, i+1, i+1)
		}
	case c == '[' && r.bracketed(i) > 0:
		end := r.bracketed(i)
		r.take(sqlName, i+1, end, end+1)
	case c == '"' || c == '`':
		if end := r.quoted(i); end > 0 {
			r.take(sqlName, i+1, end, end+1)
		} else {
			r.take(sqlSign, i, i+1, i+1)
		}
	case sqlWord[c]&beginsWord != 0:
		end := i
		for end < len(r.src) && sqlWord[r.src[end]] != 0 {
			end++
		}
		if end == i+1 && end < len(r.src) && r.src[end] == '\'' { // E'…', N'…'
			r.at = end
			r.next()
			return
		}
		r.take(sqlName, i, end, end)
	case chars.IsDigit(c):
		end := i
		for end < len(r.src) && (chars.IsDigit(r.src[end]) || r.src[end] == '.') {
			end++
		}
		r.take(sqlNumber, i, end, end)
	case c == '?' || c == '$':
		r.parameter(i)
	default:
		r.take(sqlSign, i, i+1, i+1)
	}
}

// sqlWord says which bytes are of keywords and names without quotes, and which begin them.
var sqlWord = func() (t [256]uint8) {
	for i := range t {
		switch c := byte(i); {
		case chars.IsLetter(c), c == '_', c >= 0x80:
			t[i] = withinWord | beginsWord
		case chars.IsDigit(c), c == '$':
			t[i] = withinWord
		}
	}
	return
}()

const (
	withinWord = 1 << iota
	beginsWord
)

// How long a name in quotes or brackets may be, in bytes.
const (
	maxSQLName  = 64
	maxSQLWords = 40 // in double quotes, with spaces
)

// quoted returns where the name ends that stands in the quotation marks at i, or 0.
func (r *sqlReader) quoted(i int) int {
	c := r.src[i]
	size := bytes.IndexByte(r.src[i+1:], c)
	if size <= 0 || size > maxSQLName {
		return 0
	}
	end := i + 1 + size
	if c == '"' && size > maxSQLWords && bytes.IndexByte(r.src[i+1:end], ' ') >= 0 {
		return 0
	}
	return end
}

// take makes what stands from start to end the token, behind which the text goes on
// at next.
func (r *sqlReader) take(kind sqlKind, start, end, next int) {
	r.tok, r.at = sqlToken{kind: kind, start: start, end: end}, next
}

// parameter reads the parameter at i: ? is the next one, ?2 and $2 are the second.
// A longer number is none's.
func (r *sqlReader) parameter(i int) {
	end := i + 1
	for end < len(r.src) && chars.IsDigit(r.src[end]) {
		end++
	}
	number := chars.String(r.src[i+1 : end])
	if len(number) > 4 || number == "" && r.src[i] == '$' {
		r.take(sqlSign, i, i+1, i+1)
		return
	}
	r.take(sqlParameter, i, end, end)
	r.tok.param = r.params
	if number != "" {
		r.tok.param = chars.DigitsValue(number) - 1
	}
	r.params++
}

// bracketed returns where the name ends that stands in the square brackets at i, as
// SQL Server writes it, or 0: ARRAY['…'], tags[1] and [NAME] have none there.
func (r *sqlReader) bracketed(i int) int {
	if mark.PlaceholderAt(r.src[i:]) > 0 {
		return 0
	}
	for end := i + 1; end < len(r.src) && end < i+maxSQLName; end++ {
		switch c := r.src[end]; {
		case chars.IsLetter(c), c == '_':
		case end == i+1:
			return 0
		case c == ']':
			return end
		case !chars.IsDigit(c) && c != ' ':
			return 0
		}
	}
	return 0
}

// literal returns where the content of the literal at i ends. A quotation mark
// within is written twice or behind a backslash. ok is false when the mark at i is
// an apostrophe, as in a comment: where parameters stand for values, no literal has
// more than one line, and up to end there is none.
func (r *sqlReader) literal(i int) (end int, ok bool) {
	for i++; i < len(r.src); i++ {
		switch {
		case r.src[i] == '\\' && i+1 < len(r.src):
			i++
		case r.src[i] == '\'' && i+1 < len(r.src) && r.src[i+1] == '\'':
			i++
		case r.src[i] == '\'':
			return i, true
		case r.src[i] == '\n' && r.bound:
			return i, false
		}
	}
	return len(r.src), !r.bound
}

// insert reads what stands behind INTO: a table, columns and rows.
func (r *sqlReader) insert() {
	for r.tok.kind == sqlName && !r.clause() || r.sign('.') {
		r.next()
	}
	if !r.sign('(') {
		return
	}
	var buf [maxColumns]lexicon.Meaning
	cols := r.columns(buf[:0])
	for r.tok.kind == sqlName && !r.word("values") && !r.word("select") || r.sign('.') || r.sign(',') {
		r.next() // OVERRIDING SYSTEM VALUE, OUTPUT inserted.id
	}
	if !r.word("values") {
		return
	}
	r.next()
	if r.tok.kind == sqlParameter { // all rows at once: at least what comes first
		r.note(cols[0])
	}
	for r.sign('(') {
		r.row(cols)
		if r.sign(',') {
			r.next()
		}
	}
}

// clause reports whether the token begins what may stand behind the table of an
// INSERT in place of its columns.
func (r *sqlReader) clause() bool { return r.wordIn(afterTable) }

// columns reads the names between parentheses, with what each holds.
func (r *sqlReader) columns(cols []lexicon.Meaning) []lexicon.Meaning {
	var col lexicon.Meaning
	for r.next(); r.tok.kind != sqlEnd; r.next() {
		switch {
		case r.tok.kind == sqlName:
			col = r.column()
		case r.sign(','), r.sign(')'):
			if len(cols) < maxColumns {
				cols = append(cols, col)
			}
			col = lexicon.Meaning{}
			if r.sign(')') {
				r.next()
				return cols
			}
		}
	}
	return cols
}

// row reads one row of values.
func (r *sqlReader) row(cols []lexicon.Meaning) {
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

// column returns what the column that the token names holds: the zero lexicon.Meaning when
// it declares nothing of values that are noted.
func (r *sqlReader) column() lexicon.Meaning {
	k := r.lex.Lookup(r.text())
	switch {
	case r.bound && k.Mode == lexicon.Safe: // it's no proof
		return lexicon.Meaning{}
	case r.bound:
		k.Role &^= lexicon.RoleMeta
		k.Via = lexicon.ViaSibling
	case k.Mode != lexicon.Typed || k.Is(lexicon.RoleKeyOnly) && k.Cat != Name && k.Cat != BirthDate:
		return lexicon.Meaning{}
	}
	return k
}

// comparison reads a column and, when an operator stands behind it, what it is
// compared with or set to.
func (r *sqlReader) comparison() {
	col := r.column()
	if r.next(); col == (lexicon.Meaning{}) {
		return
	}
	for r.sign(')') || r.sign(':') { // lower(name), name::text
		if r.next(); r.tok.kind == sqlName && r.src[r.tok.start-1] == ':' {
			r.next()
		}
	}
	switch {
	case r.signIn("=<>!~"):
		for r.signIn("=<>!~*") {
			r.next()
		}
	case r.wordIn(operators):
		r.next()
	default:
		return
	}
	for n := 0; n < 1000; n++ {
		switch {
		case r.tok.kind == sqlLiteral, r.tok.kind == sqlNumber, r.tok.kind == sqlParameter:
			r.note(col)
		case r.wordIn(beforeOperands), r.word("and") && r.beforeValue(),
			r.signIn("(["), r.sign(',') && (r.beforeValue() || chars.IsDigit(r.peek())):
		default:
			return
		}
		r.next()
	}
}

var (
	operators      = []string{"like", "ilike", "in", "between", "is", "not", "similar"}
	beforeOperands = []string{"like", "ilike", "in", "between", "to", "lower", "upper", "any", "array", "date", "timestamp"}
	afterTable     = []string{"values", "select", "set", "using", "from", "where", "with"}
)

// beforeValue reports whether a literal or a parameter stands behind the token.
func (r *sqlReader) beforeValue() bool {
	c := r.peek()
	return c == '\'' || c == '?' || c == '$'
}

// violation reads the columns and values of a violated key:
// Key (last_name, dob)=(Roe, 1971-04-09) already exists.
func (r *sqlReader) violation() {
	var buf [maxColumns]lexicon.Meaning
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
			r.tok = sqlToken{kind: sqlLiteral, start: at, end: at + len(value)}
			r.note(cols[i])
		}
		at += len(value) + 2
	}
	r.at = at - 2
	r.next()
}

// note notes what the column says of the token, if that is a value that is looked
// for and isn't scrubbed or empty.
func (r *sqlReader) note(col lexicon.Meaning) {
	switch value := r.text(); {
	case col == lexicon.Meaning{}, r.bound != (r.tok.kind == sqlParameter):
		return
	case r.bound:
	case r.tok.kind != sqlLiteral && r.tok.kind != sqlNumber:
		return
	case len(bytes.Trim(value, "% ")) == 0 || mark.Scrubbed(value) || lexicon.IsStatus(col.Cat, value):
		return
	}
	r.values = append(r.values, sqlValue{r.tok, col})
}
