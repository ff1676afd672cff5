package phi

import (
	"bytes"
	"time"
)

// event classifies a CloudEvents 1.0 JSON event. Its attributes keep the
// process going, so they are looked at for identifiers of unmistakable form
// only; subject and actor are references; the data is walked like any other
// value, with the type's word on whose it is.
func (w *walker) event() {
	nodes := w.sc.nodes
	if nodes[0].kind != kindObject {
		w.document()
		return
	}
	kind, notes := entityUnknown, false
	var declared *declaration
	for j := int32(1); j < nodes[0].next; j = nodes[j+1].next {
		switch child := &nodes[j+1]; string(w.keyText(&nodes[j])) {
		case "type":
			kind, notes = w.typeEntity(child), ofPsychotherapy(nil, w.text(child))
			declared = w.s.declared[string(w.text(child))]
		case "tenant":
			if child.kind == kindString && child.start < child.end {
				if w.in.tenant = asString(w.text(child)); child.escaped {
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
		var k keyInfo
		around := surroundings{}
		key.field = true
		switch name := w.keyText(key); string(name) {
		case "specversion", "id", "source", "type", "datacontenttype", "dataschema", "kind", "severity", "environment", "tenant",
			"correlationid", "causationid", "traceparent", "tracestate", "schemaversion", "dataclassification", "partitionkey":
			k = keyInfo{mode: modeSafe, role: roleMeta}
		case "time", "recordedtime":
			k = keyInfo{mode: modeSafe, role: roleMeta}
			if isTimestamp(w.text(child)) {
				k.mode = modeKeep
			}
		case "subject", "actor":
			k.role = roleRef
		case "data":
			around.entity, around.notes = kind, notes
		case "data_base64":
			k = keyInfo{mode: modeTyped, cat: Photo}
		default:
			k = w.meaning(key)
		}
		w.value(j+1, &k, &around)
		if declared != nil && string(w.keyText(key)) == "data" {
			w.declared(j+1, declared)
		}
	}
}

// typeEntity returns whom a type such as patient.created speaks of.
func (w *walker) typeEntity(n *node) entity {
	if n.kind != kindString {
		return entityUnknown
	}
	for word := range bytes.SplitSeq(w.text(n), []byte(".")) {
		var parts words
		parts.split(word)
		if parts.n == 0 {
			continue
		}
		if e, _ := w.s.lex.entities.get(parts.text[:parts.size]); e == entityPerson || e == entityThing {
			return e
		}
	}
	return entityUnknown
}

// isTimestamp reports whether text is a time as RFC 3339 has it.
func isTimestamp(text []byte) bool {
	if len(text) < len("2006-01-02T15:04:05Z") || len(text) > len("2006-01-02T15:04:05.999999999+00:00") {
		return false
	}
	if isUTC(text) {
		return true
	}
	_, err := time.Parse(time.RFC3339Nano, asString(text))
	return err == nil
}

// isUTC reports whether text is a time in UTC on one of the first 28 days of a
// month, as most are: time.Parse takes much longer to say so.
func isUTC(text []byte) bool {
	const form = "0000-00-00T00:00:00"
	for i := range len(form) {
		if c := text[i]; c != form[i] && !(form[i] == '0' && isDigit(c)) {
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
	return end == len(text)-1 && text[end] == 'Z' && month >= 1 && month <= 12 && day >= 1 && day <= 28 && two(11) < 24 && two(14) < 60 && two(17) < 60
}
