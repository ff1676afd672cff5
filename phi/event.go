package phi

import (
	"time"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
)

// event classifies a CloudEvents 1.0 JSON event. Its attributes keep the
// process going, so they are looked at for identifiers of unmistakable form
// only; subject and actor are references; the data is walked like any other
// value, with the type's word on whose it is: of, unless an attribute names the type.
func (w *walker) event(of eventType) {
	nodes := w.sc.nodes
	if nodes[0].kind != kindObject {
		w.document()
		return
	}
	for j := int32(1); j < nodes[0].next; j = nodes[j+1].next {
		key, child := &nodes[j], &nodes[j+1]
		switch string(w.keyText(key)) {
		case "type":
			if child.kind == kindString {
				of = w.s.typeOf(w.text(child))
			} else {
				of = eventType{notes: lexicon.OfPsychotherapy(nil, w.text(child))}
			}
		case "tenant":
			if child.kind == kindString && child.start < child.end {
				if w.in.tenant = chars.String(w.text(child)); child.escaped {
					w.in.tenant = string(w.keyText(child))
				}
			}
		case "subject":
			if child.kind == kindString {
				w.in.subject = w.text(child)
			}
		}
	}
	for j := int32(1); j < nodes[0].next; j = nodes[j+1].next {
		key, child := &nodes[j], &nodes[j+1]
		var k lexicon.Meaning
		around := surroundings{}
		key.field = true
		switch name := w.keyText(key); string(name) {
		case "specversion", "id", "source", "type", "datacontenttype", "dataschema", "kind", "severity", "environment", "tenant",
			"correlationid", "causationid", "traceparent", "tracestate", "schemaversion", "dataclassification", "partitionkey":
			k = lexicon.Meaning{Mode: lexicon.Safe, Role: lexicon.RoleMeta}
		case "time", "recordedtime":
			k = lexicon.Meaning{Mode: lexicon.Safe, Role: lexicon.RoleMeta}
			if isTimestamp(w.text(child)) {
				k.Mode = lexicon.Keep
			}
		case "subject", "actor":
			k.Role = lexicon.RoleRef
		case "data":
			around.entity, around.notes = of.entity, of.notes
		case "data_base64":
			k = lexicon.Meaning{Mode: lexicon.Typed, Cat: Photo}
		default:
			k = w.meaning(key)
		}
		w.value(j+1, &k, &around)
		if of.data != nil && string(w.keyText(key)) == "data" {
			w.declared(j+1, of.data)
		}
	}
}

// isTimestamp reports whether text is a time as RFC 3339 has it.
func isTimestamp(text []byte) bool {
	if len(text) < len("2006-01-02T15:04:05Z") || len(text) > len("2006-01-02T15:04:05.999999999+00:00") {
		return false
	}
	if isUTC(text) {
		return true
	}
	_, err := time.Parse(time.RFC3339Nano, chars.String(text))
	return err == nil
}

// daysIn are the days of the months in a common year.
var daysIn = [12]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// isUTC reports whether text is a time in UTC, but for the 29th of February:
// time.Parse takes much longer to say so.
func isUTC(text []byte) bool {
	const form = "0000-00-00T00:00:00"
	for i := range len(form) {
		if c := text[i]; c != form[i] && !(form[i] == '0' && chars.IsDigit(c)) {
			return false
		}
	}
	end := len(form)
	if text[end] == '.' {
		if end = skipDigits(text, end+1); end == len(form)+1 {
			return false
		}
	}
	two := func(i int) int { return int(text[i]-'0')*10 + int(text[i+1]-'0') }
	month, day := two(5), two(8)
	return end == len(text)-1 && text[end] == 'Z' && month >= 1 && month <= 12 && day >= 1 &&
		day <= daysIn[month-1] && two(11) < 24 && two(14) < 60 && two(17) < 60
}
