package phi

// A makeup says which kinds of bytes a text has. One look at each byte tells
// most values apart from what has to be looked into.
type makeup uint16

const (
	hasHexLetter makeup = 1 << iota
	hasLetter           // beyond f
	hasCapital          // as well as one of the two above
	hasDigit
	hasHyphen
	hasUnderscore
	hasPlusSlash
	hasEquals
	hasBreak // CR or LF
	hasSpace
	hasLessAmp // < or &
	hasBar     // |
	hasStar
	hasSemicolon
	hasDot
	hasOther // anything else

	hasAnything = 1<<16 - 1
)

var makeups = func() (t [256]makeup) {
	for i := range t {
		switch c := byte(i); {
		case isDigit(c):
			t[i] = hasDigit
		case isHex(c):
			t[i] = hasHexLetter
		case isLetter(c):
			t[i] = hasLetter
		default:
			t[i] = hasOther
		}
		if isUpper(byte(i)) {
			t[i] |= hasCapital
		}
	}
	for kind, chars := range map[makeup]string{
		hasHyphen: "-", hasUnderscore: "_", hasPlusSlash: "+/", hasEquals: "=", hasBreak: "\r\n", hasSpace: " \t", hasLessAmp: "<&", hasBar: "|", hasStar: "*", hasSemicolon: ";", hasDot: ".",
	} {
		for _, c := range []byte(chars) {
			t[c] = kind
		}
	}
	return
}()

// makeupOf returns what text is made of. Of long prose only the beginning is
// looked at: it may have anything.
func makeupOf(text []byte) (m makeup) {
	for len(text) > 64 {
		for _, c := range text[:64] {
			m |= makeups[c]
		}
		if m.has(hasSpace | hasOther) {
			return hasAnything
		}
		text = text[64:]
	}
	for _, c := range text {
		m |= makeups[c]
	}
	return m
}

// has reports whether the text has a byte of one of the kinds.
func (m makeup) has(kinds makeup) bool { return m&kinds != 0 }

// only reports whether the text has bytes of these kinds only.
func (m makeup) only(kinds makeup) bool { return m&^kinds == 0 }

// isPlainWord reports whether the text is one word in small letters, as most
// codes and states are. One with an underscore may be a pseudonym.
func (m makeup) isPlainWord() bool {
	return m.only(hasHexLetter | hasLetter | hasHyphen)
}

// mayBeBase64 reports whether the text has the characters of one of the two
// alphabets of RFC 4648, and isn't a digest or a UUID.
func (m makeup) mayBeBase64() bool {
	const both = hasHexLetter | hasLetter | hasCapital | hasDigit | hasEquals | hasBreak
	return m.has(hasLetter|hasBreak) && (m.only(both|hasPlusSlash) || m.only(both|hasHyphen|hasUnderscore))
}
