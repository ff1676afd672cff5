package phi

import (
	"bytes"
	"strings"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
)

// vCards (RFC 6350) and calendars (RFC 5545) are content lines: a name,
// parameters, a colon, a value. A line that begins with a space or a tab
// continues the one before it.

// contentFields are properties whose name says what their value is.
var contentFields = func() map[string]Category {
	m := map[string]Category{}
	for cat, names := range map[Category]string{
		Name:      `FN N NICKNAME SORT-STRING X-PHONETIC-FIRST-NAME X-PHONETIC-LAST-NAME X-MAIDENNAME X-ASSISTANT X-MANAGER X-SPOUSE X-ABRELATEDNAMES RELATED AGENT`,
		BirthDate: `BDAY`,
		Date:      `ANNIVERSARY DEATHDATE X-ANNIVERSARY X-ABDATE DTSTART DTEND DUE COMPLETED DTSTAMP CREATED LAST-MODIFIED RECURRENCE-ID EXDATE RDATE REV FREEBUSY`,
		Phone:     `TEL`,
		Email:     `EMAIL ATTENDEE ORGANIZER`,
		Address:   `ADR LABEL LOCATION`,
		Place:     `BIRTHPLACE DEATHPLACE`,
		Geo:       `GEO`,
		Photo:     `PHOTO LOGO SOUND`,
		URL:       `URL IMPP SOURCE FBURL CALURI CALADRURI X-SOCIALPROFILE CONFERENCE`,
		Secret:    `KEY`,
	} {
		for name := range strings.FieldsSeq(names) {
			m[name] = cat
		}
	}
	return m
}()

// contentParams are parameters that tell of persons.
var contentParams = map[string]Category{"CN": Name, "SORT-AS": Name, "EMAIL": Email, "SENT-BY": Email, "DELEGATED-TO": Email, "DELEGATED-FROM": Email, "MEMBER": Email, "DIR": URL, "LABEL": Address, "GEO": Geo}

// contentTechnical are properties and parameters that tell of nobody.
var contentTechnical = func() map[string]bool {
	m := map[string]bool{}
	for name := range strings.FieldsSeq(`BEGIN END VERSION PRODID CALSCALE METHOD STATUS CLASS TRANSP TZID TZNAME TZOFFSETFROM TZOFFSETTO X-LIC-LOCATION TZ KIND LANG
		VALUE TYPE ROLE PARTSTAT RSVP CUTYPE LANGUAGE ENCODING CHARSET PREF FMTTYPE RANGE RELTYPE FBTYPE ALTID PID MEDIATYPE SCHEDULE-STATUS`) {
		m[name] = true
	}
	return m
}()

// isContentLines reports whether text is a vCard or a calendar, or a part of one.
func isContentLines(text []byte) bool {
	t := bytes.TrimLeft(text, " \r\n\t\ufeff")
	return len(t) > 8 && bytes.EqualFold(t[:6], []byte("BEGIN:")) && chars.IsUpper(t[6]&^0x20) &&
		bytes.IndexByte(t, '\n') > 0
}

// contentLines scrubs a vCard or calendar: properties by their name, others as
// text.
func (e *emitter) contentLines(n *node, dst, text []byte) (_ []byte, changed bool) {
	for len(text) > 0 {
		size := foldedLine(text)
		var ok bool
		dst, ok = e.contentLine(n, dst, text[:size])
		changed = changed || ok
		text = text[size:]
	}
	return dst, changed
}

// foldedLine returns the length of the line that text begins with, with what
// continues it and its end.
func foldedLine(text []byte) int {
	for i := 0; i < len(text); {
		end := bytes.IndexByte(text[i:], '\n')
		if end < 0 {
			break
		}
		i += end + 1
		if i == len(text) || text[i] != ' ' && text[i] != '\t' {
			return i
		}
	}
	return len(text)
}

func (e *emitter) contentLine(n *node, dst, line []byte) (_ []byte, changed bool) {
	body := bytes.TrimRight(line, "\r\n")
	plain := unfold(body)
	colon, quoted := -1, false
	for i, c := range plain {
		if c == '"' {
			quoted = !quoted
		} else if c == ':' && !quoted {
			colon = i
			break
		}
	}
	if colon < 0 {
		var ok bool
		if dst, ok = e.part(n, dst, body); ok {
			changed = true
		}
		return append(dst, line[len(body):]...), changed
	}
	before := len(dst)
	dst, name, changed := e.contentName(n, dst, plain[:colon])
	dst = append(dst, ':')
	value := plain[colon+1:]
	ok := false
	if !contentTechnical[name] {
		dst, ok = e.contentValue(n, dst, value, e.contentCategory(name))
	} else if dst, ok = e.prose(n, dst, value, lexicon.Safe); !ok {
		dst = append(dst, value...)
	}
	if changed = changed || ok; !changed {
		dst = append(dst[:before], body...)
	}
	return append(dst, line[len(body):]...), changed
}

// unfold takes out line breaks and the space behind them.
func unfold(line []byte) []byte {
	if bytes.IndexByte(line, '\n') < 0 {
		return line
	}
	var out []byte
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\r' && i+1 < len(line) && line[i+1] == '\n':
		case c == '\n':
			i++
		default:
			out = append(out, c)
		}
	}
	return out
}

// contentName writes the name of a property and its parameters. name comes back
// without the group before it, in capitals.
func (e *emitter) contentName(n *node, dst, head []byte) (_ []byte, name string, changed bool) {
	for i, param := range splitQuoted(head, ';') {
		if i == 0 {
			name = strings.ToUpper(string(param[bytes.LastIndexByte(param, '.')+1:]))
			dst = append(dst, param...)
			continue
		}
		dst = append(dst, ';')
		key, value, ok := bytes.Cut(param, []byte("="))
		if !ok {
			dst = append(dst, param...)
			continue
		}
		dst = append(append(dst, key...), '=')
		inner := bytes.Trim(value, `"`)
		var out []byte
		if parameter := strings.ToUpper(string(key)); contentTechnical[parameter] {
			out, ok = e.prose(n, nil, inner, lexicon.Safe)
		} else {
			out, ok = e.contentValue(n, nil, inner, contentParams[parameter])
		}
		if !ok {
			dst = append(dst, value...)
			continue
		}
		changed = true
		if len(inner) < len(value) || bytes.ContainsAny(out, ":;,") {
			out = append(append([]byte{'"'}, out...), '"')
		}
		dst = append(dst, out...)
	}
	return dst, name, changed
}

func splitQuoted(s []byte, separator byte) (parts [][]byte) {
	start, quoted := 0, false
	for i, c := range s {
		if c == '"' {
			quoted = !quoted
		} else if c == separator && !quoted {
			parts = append(parts, s[start:i])
			start = i + 1
		}
	}
	return append(parts, s[start:])
}

// contentCategory returns what a property holds, None for text.
func (e *emitter) contentCategory(name string) Category {
	if cat, ok := contentFields[name]; ok {
		return cat
	}
	if own, ok := strings.CutPrefix(name, "X-"); ok { // X-SSN
		if k := e.s.rules.Lex.Classify([]byte(own)); k.Mode == lexicon.Typed {
			return k.Cat
		}
	}
	return None
}

// contentValue writes a value by its category, or as text with its escapes
// undone (RFC 5545, section 3.3.11).
func (e *emitter) contentValue(n *node, dst, value []byte, cat Category) (_ []byte, changed bool) {
	if len(bytes.Trim(value, "; ")) == 0 || mark.Scrubbed(value) {
		return append(dst, value...), false
	}
	if cat != None {
		plain := unescapeContent(value)
		if cat == Name || cat == Address {
			plain = bytes.ReplaceAll(plain, []byte(";"), []byte(" "))
		}
		if scheme, rest, ok := bytes.Cut(plain, []byte(":")); ok &&
			(bytes.EqualFold(scheme, []byte("mailto")) || bytes.EqualFold(scheme, []byte("tel"))) {
			if mark.Scrubbed(rest) {
				return append(dst, value...), false
			}
			plain = rest
		}
		e.learn(plain, cat)
		action := e.s.actions[cat]
		if out, ok := e.apply(dst, applied{cat, action, false}, plain); ok {
			e.hit(n, cat, "content-line", action)
			return out, true
		}
		return append(dst, value...), false
	}
	if bytes.IndexByte(value, '\\') < 0 {
		return e.part(n, dst, value)
	}
	out, ok := e.part(n, nil, unescapeContent(value))
	if !ok {
		return append(dst, value...), false
	}
	return append(dst, escapeContent(out)...), true
}

func unescapeContent(value []byte) []byte {
	if bytes.IndexByte(value, '\\') < 0 {
		return value
	}
	out := make([]byte, 0, len(value))
	for i := 0; i < len(value); i++ {
		c := value[i]
		if c == '\\' && i+1 < len(value) {
			i++
			if c = value[i]; c == 'n' || c == 'N' {
				c = '\n'
			}
		}
		out = append(out, c)
	}
	return out
}

func escapeContent(text []byte) []byte {
	out := make([]byte, 0, len(text)+8)
	for _, c := range text {
		switch c {
		case '\\', ',', ';':
			out = append(out, '\\', c)
		case '\n':
			out = append(out, '\\', 'n')
		default:
			out = append(out, c)
		}
	}
	return out
}
