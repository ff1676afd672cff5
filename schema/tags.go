package schema

import (
	"cmp"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A member is a JSON member that a struct type declares, and what its tags say.
type member struct {
	name  string
	index []int // of the field, for reflect.Value.FieldByIndex
	typ   reflect.Type
	text  bool // `json:",string"`

	required       bool
	enum           []string
	format         string
	pattern        string
	min, max       string
	minLen, maxLen int
	class          string
	doc            string
}

// A layout is a struct type as JSON sees it.
type layout struct {
	members []member
	rest    []int // index of the field for members that the type doesn't declare; nil for none
}

func (l *layout) declares(name []byte) bool { return l.member(string(name)) != nil }

// member returns the member of that name, or nil. A nil layout has none.
func (l *layout) member(name string) *member {
	if l == nil {
		return nil
	}
	for i := range l.members {
		if l.members[i].name == name {
			return &l.members[i]
		}
	}
	return nil
}

var layouts sync.Map // reflect.Type -> *layout; nil for types that encode themselves

// layoutOf returns the layout of a struct type or a pointer to one; nil when
// the type encodes itself.
func layoutOf(t reflect.Type) (*layout, error) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if l, ok := layouts.Load(t); ok {
		return l.(*layout), nil
	}
	if t.Kind() != reflect.Struct || encodesItself(t) && !reflect.PointerTo(t).Implements(familyType) {
		layouts.Store(t, (*layout)(nil))
		return nil, nil
	}
	l := &layout{}
	if err := l.collect(t, nil); err != nil {
		return nil, err
	}
	layouts.Store(t, l)
	return l, nil
}

var (
	familyType          = reflect.TypeFor[family]()
	rawType             = reflect.TypeFor[json.RawMessage]()
	timeType            = reflect.TypeFor[time.Time]()
	numberType          = reflect.TypeFor[json.Number]()
	jsonMarshalerType   = reflect.TypeFor[json.Marshaler]()
	jsonUnmarshalerType = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()
	textMarshalerType   = reflect.TypeFor[encoding.TextMarshaler]()
)

func encodesItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(jsonMarshalerType) || p.Implements(jsonUnmarshalerType)
}

// collect adds the members of a struct type, those of embedded structs in their
// place; the outermost of a name counts, as in encoding/json.
func (l *layout) collect(t reflect.Type, at []int) error {
	if len(at) > 16 {
		return fmt.Errorf("%v embeds too deep", t)
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		index := append(slices.Clone(at), i)
		deref := f.Type
		if deref.Kind() == reflect.Pointer {
			deref = deref.Elem()
		}
		switch {
		case f.Tag.Get("schema") == "rest":
			if f.Type != rawType || f.Tag.Get("json") != "-" || !f.IsExported() {
				return fmt.Errorf("%v.%s: the rest must be an exported json.RawMessage with the tag json:\"-\"", t, f.Name)
			}
			l.rest = index
		case f.Tag.Get("json") == "-":
		case f.Anonymous && name == "" && deref.Kind() == reflect.Struct:
			rest := l.rest
			switch err := l.collect(deref, index); {
			case err != nil:
				return err
			case deref != f.Type && len(l.rest) > len(rest):
				return fmt.Errorf("%v.%s: the rest can't stand behind a pointer", t, f.Name)
			}
		case f.IsExported():
			m := member{name: cmp.Or(name, f.Name), index: index, typ: f.Type, text: slices.Contains(strings.Split(options, ","), "string")}
			if err := m.tags(f); err != nil {
				return fmt.Errorf("%v.%s: %w", t, f.Name, err)
			}
			l.add(m)
		}
	}
	return nil
}

func (l *layout) add(m member) {
	i := slices.IndexFunc(l.members, func(o member) bool { return o.name == m.name })
	switch {
	case i < 0:
		l.members = append(l.members, m)
	case len(m.index) < len(l.members[i].index):
		l.members[i] = m
	}
}

var formats = []string{"date-time", "date", "uuid"}

// tags reads the tags of a field: doc, phi, pattern, and the options of schema.
func (m *member) tags(f reflect.StructField) error {
	if strings.ContainsAny(m.name, " .[]/~*") {
		return errors.New("the name of a member must do without spaces, . [ ] / ~ and *, which paths need")
	}
	m.doc, m.class, m.pattern = f.Tag.Get("doc"), f.Tag.Get("phi"), f.Tag.Get("pattern")
	if m.class != "" && !validClass(m.class) {
		return fmt.Errorf("the tag phi names no class of fields: %q", m.class)
	}
	if _, err := regexp.Compile(m.pattern); err != nil {
		return fmt.Errorf("the tag pattern is no regular expression: %w", err)
	}
	options := f.Tag.Get("schema")
	if options == "" {
		return nil
	}
	for option := range strings.SplitSeq(options, ",") {
		name, value, _ := strings.Cut(option, "=")
		var err error
		switch name {
		case "required":
			m.required = true
		case "enum":
			m.enum = strings.Split(value, "|")
		case "format":
			m.format = value
			if !slices.Contains(formats, value) {
				err = fmt.Errorf("must be one of %v", formats)
			}
		case "min":
			m.min, err = number(value)
		case "max":
			m.max, err = number(value)
		case "minlen":
			m.minLen, err = strconv.Atoi(value)
		case "maxlen":
			m.maxLen, err = strconv.Atoi(value)
		default:
			err = errors.New("is none of required, enum, format, min, max, minlen, maxlen, rest")
		}
		if err != nil {
			return fmt.Errorf("the tag schema: %s: %w", name, err)
		}
	}
	return nil
}

// number checks that s is a number as JSON writes it.
func number(s string) (string, error) {
	if s == "" || !validNumber([]byte(s)) {
		return "", errors.New("must be a number")
	}
	return s, nil
}
