package phi

import (
	"bytes"
	"unicode"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/detect"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
	"github.com/carebus/carebus/phi/internal/words"
)

// What stands in a container of a category is its content, or says something of it:
// {"phone": {"number": "…", "carrier": "Verizon", "verifiedAt": "…"}}.

// broader reports whether a key's category says less than its container's: the
// date in a date of birth is a date of birth.
func broader(cat, container Category) bool {
	switch container {
	case BirthDate:
		return cat == Date
	case SSN, Card, MedicalRecord, HealthPlan, License:
		return cat == Account || cat == OtherID || cat == PersonID || cat == Date
	}
	return false
}

// numberLike are the categories whose values hold digits.
var numberLike = [category.Count]bool{
	Phone: true, SSN: true, MedicalRecord: true, HealthPlan: true, Account: true, Card: true, License: true, Vehicle: true, Device: true, Network: true,
	PostalCode: true, Geo: true,
}

// saysOf reports whether the value of a key such as status says something of its
// container.
func (w *walker) saysOf(n *node, cat Category) bool {
	text := w.text(n)
	if n.kind == kindNumber {
		return isShare(text)
	}
	return metaValue(text) || w.namesSystem(text) || (numberLike[cat] || cat == Email) && isWord(text) && isRemark(text)
}

// namesSystem reports whether text is a URL that may name a system, a type or an extension,
// and none of a person's.
func (w *walker) namesSystem(text []byte) bool {
	return lexicon.NamesSystem(text) && !w.s.rules.Custom() &&
		namelike(words.Lists(), chars.String(text[bytes.LastIndexByte(text, '/')+1:])) == None
}

// ofSystem reports whether the value at i stands under the key of a system of codes or
// identifiers, where FHIR has a URI. Under no other key is a URL known to be nobody's.
func (w *walker) ofSystem(i int32) bool {
	return i > 0 && w.sc.nodes[i-1].kind == kindKey && systemKeys.Has(w.text(&w.sc.nodes[i-1]))
}

var systemKeys = words.KeySet("system codeSystem code_system valueSet iss")

// aside reports whether a value under a key that doesn't say that it is its container's
// content says something of it: a day, or words in a container of a number. Names are
// none of these.
func aside(k *lexicon.Meaning, text []byte, cat Category) bool {
	if cat == HealthPlan && k.Is(lexicon.RolePersonName) { // {"class": [{"value": "…", "name": "Gold 80 HMO"}]}
		return namesPlan(text)
	}
	if k.Mode == lexicon.Typed || k.Entity == lexicon.Person ||
		k.Is(lexicon.RoleValue|lexicon.RolePersonName|lexicon.RoleID|lexicon.RoleText) {
		return false
	}
	if isoDay(text) {
		return cat != BirthDate && cat != Date
	}
	return numberLike[cat] && isRemark(text) || cat == Name && isDegree(text)
}

// isDegree reports whether text in a container of a name is made of degrees and licences, as
// behind the name of a practitioner: {"suffix": ["PhD", "LCSW"]}. Jr. is of a name, and so
// may be DO.
func isDegree(text []byte) bool {
	capitals := 0
	for _, c := range text {
		if chars.IsUpper(c) {
			capitals++
		}
	}
	return capitals >= 2 && !ordinals.Has(text) && isDegrees(text)
}

// ordinals are suffixes that tell a person from others of the family, or are surnames.
var ordinals = words.KeySet("II III IV VI JR SR JR. SR. DO D.O.")

// namesPlan reports whether text says what kind of plan an insurance is, in everyday words:
// Gold 80 HMO. Names may be of employers.
func namesPlan(text []byte) bool {
	kind := false
	for word := range bytes.FieldsFuncSeq(text, func(r rune) bool { return r == ' ' || r == '/' || r == '-' }) {
		if planKinds.Has(word) {
			kind = true
			continue
		}
		if f := listed(word); !chars.AllDigits(chars.String(word)) && !planLevels.Has(word) && !f.Everyday() || len(word) > 4 && chars.IsDigit(word[0]) {
			return false
		}
	}
	return kind
}

// planKinds and planLevels are words of the names of plans.
var (
	planKinds  = words.KeySet("HMO PPO EPO POS HDHP HSA Medicare Medicaid CHIP Marketplace")
	planLevels = words.KeySet("Gold Silver Bronze Platinum Catastrophic Plus Choice Select Premier Basic Standard Advantage Advanced Saver Value Open Access Network")
)

// idOfRow reports whether an id in a container numbers what is told of a telephone number,
// an address or a name rather than being that.
func idOfRow(text []byte, cat Category) bool {
	switch cat {
	case Phone, Email, Address, Place, PostalCode, Name, BirthDate:
	default:
		return false
	}
	digits := 0
	for _, c := range text {
		switch {
		case chars.IsDigit(c):
			digits++
		case !chars.IsLetter(c) && c != '-' && c != '_':
			return false
		}
	}
	return digits < 7 && namelike(words.Lists(), chars.String(text)) == None || detect.IsUUID(chars.String(text))
}

// isoDay reports whether text begins with a day as ISO 8601 has it, perhaps with a time
// behind it.
func isoDay(text []byte) bool {
	return len(text) >= len("2006-01-02") && text[4] == '-' && text[7] == '-' && isDate(chars.String(text))
}

// isWord reports whether text is a word, or several that are joined as in names of values:
// opted_out.
func isWord(text []byte) bool {
	for _, c := range text {
		if !chars.IsLetter(c) && c != '_' && c != '-' {
			return false
		}
	}
	return len(text) > 0 && len(text) <= 24
}

// isRemark reports whether text is made of words, one of them at most with a capital and
// none a name or an abbreviation, which may be a number.
func isRemark(text []byte) bool {
	capitals := 0
	for word := range bytes.SplitSeq(text, []byte{' '}) {
		if !isWord(word) {
			return false
		}
		f := listed(word)
		if chars.IsUpper(word[0]) {
			capitals++
			if f.Surname() >= words.Common || f.City() > 0 || bytes.IndexFunc(word[1:], unicode.IsUpper) >= 0 {
				return false
			}
		}
		if capitals > 1 || f.Given() >= words.Common {
			return false
		}
	}
	return true
}

// metaValue reports whether a value says something of the container around it,
// as {"use": "home"} does, rather than being its content.
func metaValue(text []byte) bool {
	if len(text) == 0 || lexicon.IsNamespace(chars.String(text)) || mark.Scrubbed(text) {
		return true
	}
	letters := 0
	for _, c := range text {
		if chars.IsLetter(c) {
			letters++
		}
	}
	if letters == len(text) && letters <= 4 {
		return true
	}
	small := bytes.ToLower(text)
	return lexicon.TypeNames.Has(small) || metaWords.Has(small)
}

// isShare reports whether a number may be a share or a rank, up to 100.
func isShare(number []byte) bool {
	whole, fraction, _ := bytes.Cut(number, []byte{'.'})
	return len(whole) <= 2 && len(fraction) <= 4 && chars.AllDigits(chars.String(whole)) || string(number) == "100"
}

// metaWords are values of use, type, system, status and the like.
var metaWords = words.KeySet(`usual official temporary nickname anonymous maiden alias preferred legal billing shipping mailing postal physical residential
		mobile phone email pager website landline other primary secondary emergency personal business active inactive current previous former verified unverified pending
		entered-in-error final generated visa mastercard amex discover credit debit prepaid additional extensions unknown none 1 2 3 4 5 6 7 8 9`)
