package phi

import (
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/words"
)

// Formats use keys in ways of their own, in which they don't hold what they hold
// elsewhere.

// idiom gives a key of the object at i that says that its value is a finding the meaning
// that it has in the format that the object is written in.
func (w *walker) idiom(i int32, key *node, child int32, k *lexicon.Meaning, v *survey, around *surroundings) {
	value, name := &w.sc.nodes[child], w.text(key)
	switch k.Cat {
	case Geo: // Avro: {"duration": {"long": 50}}
		if value.kind == kindNumber && child == i+2 && w.sc.nodes[i].next == child+1 && string(name) == "long" {
			*k = lexicon.Meaning{}
		}
	case Address: // FHIR: {"addresses": [{"reference": "Condition/1"}]}
		if value.kind == kindArray && string(name) == "addresses" && w.holdsReferences(child) {
			*k = lexicon.Meaning{}
		}
	case Name: // a user agent: {"os": {"family": "Mac OS X"}}
		if value.kind == kindString && around.holder > 0 && string(name) == "family" &&
			agentParts.Has(w.text(&w.sc.nodes[around.holder])) {
			*k = lexicon.Meaning{}
		}
	case Date: // an answer: {"type": "date", "date": "1990-02-03", "field": {"ref": "date_of_birth"}}
		if v.dated && v.label.Cat == BirthDate && string(name) == "date" {
			k.Cat, k.Via = BirthDate, lexicon.ViaSibling
		}
	case URL:
		if value.kind == kindString && string(name) == "url" && lexicon.NamesSystem(w.text(value)) && w.isExtension(i) {
			*k = lexicon.Meaning{Mode: lexicon.Keep}
		}
	}
}

// agentParts are what the user agent of a request is split into.
var agentParts = words.KeySet("os browser device engine userAgent user_agent ua")

// holdsReferences reports whether the first element of the array at i is a FHIR reference
// to something other than a person.
func (w *walker) holdsReferences(i int32) bool {
	nodes := w.sc.nodes
	if nodes[i].next == i+1 || nodes[i+1].kind != kindObject || nodes[i+1].next == i+2 {
		return false
	}
	for j := i + 2; j < nodes[i+1].next; j = nodes[j+1].next {
		switch string(w.text(&nodes[j])) {
		case "reference", "display", "concept", "type", "identifier", "id", "extension":
		default:
			return false
		}
	}
	return true
}

// isExtension reports whether the object at i is a FHIR extension: a url, and a value[x]
// or extensions.
func (w *walker) isExtension(i int32) bool {
	nodes := w.sc.nodes
	extends := false
	for j := i + 1; j < nodes[i].next; j = nodes[j+1].next {
		switch name := w.text(&nodes[j]); {
		case string(name) == "url" || string(name) == "id":
		case string(name) == "extension" || isChoice(name):
			extends = true
		default:
			return false
		}
	}
	return extends
}

// isChoice reports whether a key is that of a FHIR value[x] or of what extends it:
// valueString, _valueString.
func isChoice(key []byte) bool {
	if len(key) > 0 && key[0] == '_' {
		key = key[1:]
	}
	return len(key) > 5 && string(key[:5]) == "value" && key[5] >= 'A' && key[5] <= 'Z'
}
