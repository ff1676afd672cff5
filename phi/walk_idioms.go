package phi

import (
	"bytes"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
	"github.com/carebus/carebus/phi/internal/words"
)

// Formats use keys in ways of their own, in which they don't hold what they hold
// elsewhere.

// idiom gives a key of the object at i that says that its value is a finding the meaning
// that it has in the format that the object is written in.
func (w *walker) idiom(i int32, key *node, child int32, k *lexicon.Meaning, v *survey, around *surroundings) {
	value, name := &w.sc.nodes[child], w.text(key)
	if w.tellsOf(name, child, around) {
		k.Mode, k.Cat, k.Role = lexicon.Text, None, 0
		return
	}
	switch k.Cat {
	case Biometric:
		if around.entity != lexicon.Person && !v.personal && w.isKeysFingerprint(name, value) || w.isCardsFingerprint(i, name, value) {
			*k = lexicon.Meaning{Mode: lexicon.Safe}
		}
	case Phone:
		if string(name) == "whatsapp" && w.isWhatsAppEvent(child) {
			*k = lexicon.Meaning{}
		}
	case Geo:
		if w.isAvroLong(i, name, child) {
			*k = lexicon.Meaning{}
		}
	case Address:
		if value.kind == kindArray && w.addressesNobody(name, child, v) {
			*k = lexicon.Meaning{}
		}
	case Psychotherapy:
		if value.kind == kindArray && w.isProcessNote(name, v) {
			*k = lexicon.Meaning{}
		}
	case Name:
		if value.kind == kindString && bytes.HasSuffix(name, []byte("uffix")) && isDegree(w.text(value)) { // {"nameSuffix": "PhD"}
			*k = lexicon.Meaning{Mode: lexicon.Safe}
		}
		if w.namesThing(name, value, around) || v.code && showsCode(name) || w.namesRepository(name, value, around) {
			*k = lexicon.Meaning{}
		}
	case Date: // an answer: {"type": "date", "date": "1990-02-03", "field": {"ref": "date_of_birth"}}
		if v.dated && v.label.Cat == BirthDate && string(name) == "date" {
			k.Cat, k.Via = BirthDate, lexicon.ViaSibling
		}
	case OtherID:
		if value.kind == kindString && messageIDs.Has(name) {
			*k = lexicon.Meaning{Mode: lexicon.Safe}
			if isMessageID(w.text(value)) {
				k.Mode = lexicon.Keep
			}
		}
	case Secret: // {"credentials": "PhD, LCSW"}
		if value.kind == kindString && isDegrees(w.text(value)) {
			*k = lexicon.Meaning{Mode: lexicon.Safe}
		}
	case URL:
		if value.kind == kindString && w.isExtensionURL(i, name, w.text(value)) {
			*k = lexicon.Meaning{Mode: lexicon.Keep}
		}
	}
}

// messageIDs are keys of the ids of messages and of events in calendars, which are written as
// addresses are.
var messageIDs = words.KeySet("iCalUID icalUid iCalUId internetMessageId internet_message_id inReplyTo in_reply_to In-Reply-To smtp-id smtpId")

// isMessageID reports whether text is the id of a message, RFC 5322, section 3.6.4, or of an
// event, that a program made: <MWHPR1300MB2000FE@namprd13.example>, and no mailbox.
func isMessageID(text []byte) bool {
	id := bytes.TrimSuffix(bytes.TrimPrefix(text, []byte{'<'}), []byte{'>'})
	at := bytes.IndexByte(id, '@')
	if at < 16 || bytes.IndexByte(id[at+1:], '@') >= 0 || chars.CountDigits(chars.String(id[:at])) < 4 {
		return false
	}
	letters := 0
	for _, c := range id[:at] {
		if letters++; !chars.IsLower(c) {
			letters = 0
		}
		if letters > 9 || c <= ' ' || c >= 0x80 { // a word
			return false
		}
	}
	return bytes.IndexByte(id, ' ') < 0
}

// isKeysFingerprint reports whether a fingerprint is that of a key or an alert:
// {"fingerprint": "c1a5b0f7d7e3e1a9"}.
func (w *walker) isKeysFingerprint(name []byte, value *node) bool {
	return value.kind == kindString && string(name) == "fingerprint" && isDigest(w.text(value))
}

// isCardsFingerprint reports whether a fingerprint is that of the card or account that the
// object at i describes: {"brand": "visa", "last4": "4242", "fingerprint": "mToisGZ01V71BCos"}.
func (w *walker) isCardsFingerprint(i int32, name []byte, value *node) bool {
	return value.kind == kindString && string(name) == "fingerprint" && value.end-value.start < 128 &&
		(w.member(i, "last4") != nil || w.member(i, "last_4") != nil) && bytes.IndexByte(w.text(value), ' ') < 0
}

// isWhatsAppEvent reports whether the object at i is what WhatsApp sends to programs:
// {"object": "whatsapp_business_account", "entry": […]}.
func (w *walker) isWhatsAppEvent(i int32) bool {
	return w.sc.nodes[i].kind == kindObject && (w.member(i, "entry") != nil || w.member(i, "messaging_product") != nil)
}

// addressesNobody reports whether the array at i is a suite of tests, or what a FHIR
// resource deals with: {"addresses": [{"reference": "Condition/1"}]}.
func (w *walker) addressesNobody(name []byte, i int32, v *survey) bool {
	switch nodes := w.sc.nodes; string(name) {
	case "suite":
		return nodes[i].next > i+1 && nodes[i+1].kind == kindObject
	case "addresses":
		return v.resource != lexicon.Unknown && w.holdsReferences(i)
	}
	return false
}

// isAvroLong reports whether the object at i is a number as JSON has it of Avro, with its
// type: {"duration": {"long": 50}}.
func (w *walker) isAvroLong(i int32, name []byte, child int32) bool {
	value := &w.sc.nodes[child]
	return value.kind == kindNumber && child == i+2 && w.sc.nodes[i].next == child+1 && string(name) == "long" &&
		chars.AllDigits(chars.String(w.text(value)))
}

// isProcessNote reports whether a member is the notes on how a claim was processed, in a
// FHIR resource that tells that.
func (w *walker) isProcessNote(name []byte, v *survey) bool {
	return string(name) == "processNote" && v.typeAt > 0 && processed.Has(w.text(&w.sc.nodes[v.typeAt]))
}

// isExtensionURL reports whether a member is the url of the FHIR extension at i, which
// names what it extends and no page of a person's.
func (w *walker) isExtensionURL(i int32, name, url []byte) bool {
	return string(name) == "url" && w.namesSystem(url) && w.isExtension(i)
}

// namesThing reports whether a key for a name holds that of a thing:
// {"medicamento": {"nombre": …}}, a user agent's {"os": {"family": "Mac OS X"}}.
func (w *walker) namesThing(name []byte, value *node, around *surroundings) bool {
	if around.entity == lexicon.Thing && thingNames.Has(name) {
		return true
	}
	if around.holder > 0 && string(name) == "nickname" && string(w.text(&w.sc.nodes[around.holder])) == "plan" {
		return true
	}
	if agent, ok := bytes.CutSuffix(name, []byte("_family")); ok && agentParts.Has(agent) {
		return string(agent) != "device"
	}
	return value.kind == kindString && around.holder > 0 && string(name) == "family" &&
		agentParts.Has(w.text(&w.sc.nodes[around.holder]))
}

// showsCode reports whether a key shows what the code beside it means, as HL7 v3 has it:
// {"@code": "34133-9", "@displayName": "Summarization of Episode Note"}.
func showsCode(name []byte) bool {
	switch string(name) {
	case "displayName", "@displayName", "_displayName":
		return true
	}
	return false
}

// namesRepository reports whether a key holds an owner and a repository:
// {"repository": {"full_name": "carebus/carebus"}}.
func (w *walker) namesRepository(name []byte, value *node, around *surroundings) bool {
	if value.kind != kindString || string(name) != "full_name" || around.holder == 0 || !repositories.Has(w.text(&w.sc.nodes[around.holder])) {
		return false
	}
	text := w.text(value)
	for _, c := range text {
		if !chars.IsLower(c) && !chars.IsDigit(c) && bytes.IndexByte([]byte("._-/"), c) < 0 {
			return false
		}
	}
	return bytes.Count(text, []byte{'/'}) == 1
}

// repositories are keys of what tells of a repository.
var repositories = words.KeySet("repository repo head base fork project")

// isDigest reports whether text is a digest or the id of a key: hexadecimal digits, in small
// letters, as many as hashes have.
func isDigest(text []byte) bool {
	letters := 0
	for _, c := range text {
		switch {
		case c >= 'a' && c <= 'f':
			letters++
		case !chars.IsDigit(c):
			return false
		}
	}
	switch len(text) {
	case 16, 32, 40, 64:
		return letters > 0
	}
	return false
}

// tellsOf reports whether the value at child tells something of what its key names and
// isn't that: figures by it, how many there are, what is wrong with it.
func (w *walker) tellsOf(name []byte, child int32, around *surroundings) bool {
	value := &w.sc.nodes[child]
	if value.kind == kindObject {
		return beginsWithBy(name) && w.holdsNoText(child) && w.member(child, "buckets") == nil
	}
	if around.holder == 0 {
		return false
	}
	switch holder := w.text(&w.sc.nodes[around.holder]); value.kind {
	case kindNumber:
		return value.end-value.start <= 4 && tallies.Has(holder)
	case kindString:
		return chars.IsLower(w.src[value.start]) && complaints.Has(holder) && w.complains(child)
	case kindArray:
		return complaints.Has(holder) && w.complains(child)
	}
	return false
}

// beginsWithBy reports whether a key says by what something is grouped: by_city, ByCity.
func beginsWithBy(key []byte) bool {
	return len(key) > 3 && key[0]|0x20 == 'b' && key[1] == 'y' && (key[2] == '_' || chars.IsUpper(key[2]))
}

// holdsNoText reports whether no member of the object at i is a string.
func (w *walker) holdsNoText(i int32) bool {
	nodes := w.sc.nodes
	for j := i + 1; j < nodes[i].next; j = nodes[j+1].next {
		if nodes[j+1].kind == kindString {
			return false
		}
	}
	return true
}

// tallies hold how many there are of each of their keys; complaints hold what is wrong
// with it.
var (
	tallies    = words.KeySet("counts count tallies totals stats statistics")
	complaints = words.KeySet("errors error fieldErrors field_errors validationErrors validation_errors messages violations")
)

// complains reports whether the string at i, or each string of the array there, is a
// message of several words in the manner of "can't be blank", and none that repeats what
// was wrong: "is invalid: 123456789", "must match Roe".
func (w *walker) complains(i int32) bool {
	nodes := w.sc.nodes
	for j := i; j < nodes[i].next; j++ {
		if nodes[j].kind == kindArray && j == i {
			continue
		}
		text := w.text(&nodes[j])
		first, rest, _ := bytes.Cut(text, []byte{' '})
		if nodes[j].kind != kindString || len(rest) == 0 || !complaintWords.Has(bytes.ToLower(first)) || !ordinary(rest) {
			return false
		}
	}
	return nodes[i].kind == kindString || nodes[i].next > i+1
}

// ordinary reports whether a text has no more than everyday words in small letters, signs
// and numbers of up to three digits.
func ordinary(text []byte) bool {
	for word := range bytes.FieldsSeq(text) {
		if mark.PlaceholderAt(word) > 0 {
			continue
		}
		if word = bytes.Trim(word, `.,:;!?()"'`); complaintTerms.Has(word) || len(word) == 4 && chars.AllDigits(chars.String(word)) && (word[0] == '1' || word[0] == '2') {
			continue // a year
		}
		digits, letters := chars.CountDigits(chars.String(word)), 0
		for _, c := range word {
			if chars.IsUpper(c) || c >= 0x80 {
				return false
			}
			if chars.IsLower(c) {
				letters++
			}
		}
		if digits > 3 || letters > 0 && digits > 0 || letters > 3 && listed(word).Word() == 0 {
			return false
		}
	}
	return true
}

// complaintTerms are of capitals and stay.
var complaintTerms = words.KeySet("URL URI UUID ID ISO JSON SSN NPI MRN ZIP US UTC PDF HTTP HTTPS DOB YYYY-MM-DD MM/DD/YYYY E.164 RFC")

// complaintWords begin messages about a field.
var complaintWords = words.KeySet("is are must can't cannot has should does doesn't isn't enter please invalid missing required this the not")

// processed are the FHIR resources that tell how a claim was processed.
var processed = words.KeySet("ExplanationOfBenefit ClaimResponse PaymentReconciliation")

// thingNames say "name" in other languages.
var thingNames = words.KeySet("nombre nom nome")

// agentParts are what the user agent of a request is split into.
var agentParts = words.KeySet("os browser device engine userAgent user_agent ua")

// isDegrees reports whether text is made of academic degrees and licences alone.
func isDegrees(text []byte) bool {
	some := false
	for word := range bytes.FieldsFuncSeq(text, func(r rune) bool { return r == ' ' || r == ',' || r == '/' || r == '-' }) {
		word = bytes.ReplaceAll(word, []byte{'.'}, nil)
		if some = true; cuesOf(word)&cue.Suffix == 0 {
			return false
		}
	}
	return some
}

// holdsReferences reports whether the first element of the array at i is a FHIR reference.
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

// maxExtension is how many members an extension has at most: url, id, extension, value[x]
// and what extends it.
const maxExtension = 5

// isExtension reports whether the object at i is a FHIR extension: a url, and a value[x]
// or extensions.
func (w *walker) isExtension(i int32) bool {
	nodes := w.sc.nodes
	extends, members := false, 0
	for j := i + 1; j < nodes[i].next; j = nodes[j+1].next {
		if members++; members > maxExtension {
			return false
		}
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
	return len(key) > 5 && string(key[:5]) == "value" && chars.IsUpper(key[5]) && lexicon.IsFieldName(key)
}
