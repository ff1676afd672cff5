package lexicon

import (
	"bytes"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/words"
)

// IsFieldName reports whether a key reads like the name of a field: letters,
// underscores and the like, with fewer than five digits.
func IsFieldName(key []byte) bool {
	digits := 0
	for _, c := range key {
		switch {
		case chars.IsDigit(c):
			digits++
		case chars.IsLetter(c) || c == '_' || c == '$':
		default:
			return false
		}
	}
	return digits < 5
}

// NamesField reports whether a key that doesn't read like it is the name of a field all
// the same, of words that the lexicon knows: @type, Client Ip, client[0].lon.
func (l *Lexicon) NamesField(key []byte) bool {
	if at := bytes.IndexByte(key, '@'); at >= 0 && IsFieldName(key[:at]) && isAnnotation(key[at+1:]) {
		return true
	}
	if len(key) > 64 {
		return false
	}
	var w Words
	w.Split(key)
	if _, ok := l.suffix.Get(w.Text[:w.Size]); ok && w.N > 1 { // Claim Number
		return true
	}
	for i := range w.N {
		if !l.knowsWord(w.word(i)) || string(w.word(i)) == "age" && w.N > 1 { // age 95
			return false
		}
	}
	return w.N > 0 && (key[0] == '@' || bytes.IndexByte(key, '[') > 0 || l.Classify(key) != Meaning{})
}

// knowsWord reports whether a word is one that keys are made of, or a small number. Iris
// is a name as well.
func (l *Lexicon) knowsWord(word []byte) bool {
	if chars.AllDigits(chars.String(word)) {
		return len(word) <= 3
	}
	if k, ok := l.exact.Get(word); ok {
		return k.Cat != category.Biometric
	}
	_, short := abbreviations.Get(word)
	return short || l.EntityOf(word) != Unknown || qualifiers.Has(word) || PartsOfNames.Has(word)
}

// isAnnotation reports whether what stands behind the @ of a key names an annotation of
// OData JSON 4.01, section 20, or a keyword of JSON-LD 1.1.
func isAnnotation(name []byte) bool {
	if term, ok := bytes.CutPrefix(name, []byte("odata.")); ok {
		return annotations.Has(term)
	}
	return linkedData.Has(name) || bytes.HasPrefix(name, []byte("OData.Community.")) || bytes.HasPrefix(name, []byte("Microsoft.Dynamics."))
}

var annotations = words.KeySet(`context metadataEtag type count nextLink delta deltaLink id editLink readLink etag navigationLink
	associationLink bind mediaEditLink mediaReadLink mediaContentType mediaEtag removed collectionAnnotations`)

var linkedData = words.KeySet("base container context direction graph id import included index json language list nest none prefix propagate protected reverse set type value version vocab xmlns")
