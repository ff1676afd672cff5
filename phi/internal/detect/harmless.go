package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
	"github.com/carebus/carebus/phi/internal/words"
)

// Most values of events are words, codes and short numbers. A look at their bytes tells
// that nothing can be found in them.

// Harmless reports whether a text is of a form that holds no identifier, and
// none of the known values. It reads only the first bytes of most others.
func (r *Rules) Harmless(known *Known, text string, m lexicon.Mode) bool {
	if r.Custom() {
		return false
	}
	propagate := known.used && m != lexicon.Meta
	if !propagate && plainWord(text) && !SmallName(text, m) {
		return true
	}
	code := shortCode(text) || (m == lexicon.Safe || m == lexicon.Meta) && plainCode(text)
	if !code && (m == lexicon.Hint || !(len(text) == 1 && chars.IsLetter(text[0])) && !lexicon.IsVocabulary(text)) {
		return false
	}
	return !propagate || known.None(text)
}

// SmallName reports whether a plainWord may be a name: one for which names are
// looked for that holds a given name, or that is likely a name as a whole.
func SmallName(text string, m lexicon.Mode) bool {
	switch m {
	case lexicon.Safe, lexicon.Meta:
		return false
	case lexicon.Hint:
		return !lexicon.IsStatus(category.Name, chars.Bytes(text))
	}
	lists, b := words.Lists(), chars.Bytes(text)
	for i := 0; i < len(b); i++ {
		end, hash, _ := words.PlainRun(b, i)
		if l := lists.Get(hash); l.Given() >= words.Common && l.Word() == 0 && l.City() == 0 {
			return true
		}
		i = end
	}
	return false
}

// plainWord reports whether text is one word in small letters, as most codes
// and states are, and no pseudonym.
func plainWord(text string) bool {
	for i := range len(text) {
		if c := text[i]; !chars.IsLower(c) && c != '_' && c != '-' || c == '_' && endsTokenPrefix(text[:i+1]) {
			return false
		}
	}
	return true
}

// endsTokenPrefix reports whether text ends as a pseudonym begins.
func endsTokenPrefix(text string) bool { return strings.HasSuffix(text, mark.Prefix) }

// shortCode reports whether text is up to six digits, or up to three capitals
// with one to three digits behind them and perhaps a part behind a period, as in
// F41.1, B12, RM204 and T43.225A. By itself it is no identifier.
func shortCode(text string) bool {
	i := 0
	for i < len(text) && chars.IsUpper(text[i]) {
		i++
	}
	letters := i
	for i < len(text) && chars.IsDigit(text[i]) {
		i++
	}
	digits := i - letters
	switch {
	case letters == 0:
		return digits == len(text) && digits > 0 && digits <= 6
	case letters > 3 || digits == 0 || digits > 3:
		return false
	case i < len(text) && text[i] == '.' && letters == 1 && digits == 2:
		for i++; i < len(text) && chars.IsDigit(text[i]); i++ {
		}
		if i < len(text) && chars.IsUpper(text[i]) {
			i++
		}
	}
	return i == len(text) && i <= 8
}

// plainCode reports whether text is too short of digits and signs to hold an
// identifier of unmistakable form, or is a UUID.
func plainCode(text string) bool {
	if len(text) > codeMost {
		return false
	}
	var n codeCounts
	for i := range len(text) {
		n += codeCount[text[i]]
	}
	digits, hyphens, dots, underscores := n&codeMost, n/oneHyphen&codeMost, n/oneDot&codeMost, n/oneUnderscore&codeMost
	switch {
	case digits > 5 || digits == 5 && len(text) > 10:
		return IsUUID(text)
	case n >= oneOther || hyphens > 4: // the address of a network device
		return false
	case underscores > 0 && strings.Contains(text, mark.Prefix):
		return false
	case dots > 0 && len(text) > 3 && (strings.Contains(text[2:], "w.") || strings.Contains(text[2:], "W.")):
		return false
	}
	return dots == 0 || digits < 4 || digits == 4 && dots < 3 // 8.8.8.8
}

// codeCounts counts bytes of several kinds, codeMost at most.
type codeCounts uint64

const (
	codeMost = 1<<12 - 1

	oneDigit      = codeCounts(1)
	oneHyphen     = oneDigit << 12
	oneDot        = oneHyphen << 12
	oneUnderscore = oneDot << 12
	oneOther      = oneUnderscore << 12 // that no plain code has
)

var codeCount = func() (t [256]codeCounts) {
	for i := range t {
		switch c := byte(i); {
		case chars.IsDigit(c):
			t[i] = oneDigit
		case c == '-':
			t[i] = oneHyphen
		case c == '.':
			t[i] = oneDot
		case c == '_':
			t[i] = oneUnderscore
		case c == '@' || c == ':' || c == '%' || c == '[' || c >= 0x80:
			t[i] = oneOther
		}
	}
	return
}()
