package chars

// A Makeup says which kinds of bytes a text has. One look at each byte tells
// most values apart from what has to be looked into.
type Makeup uint16

// The kinds of bytes.
const (
	HasHexLetter Makeup = 1 << iota
	HasLetter           // beyond f
	HasCapital          // as well as one of the two above
	HasDigit
	HasHyphen
	HasUnderscore
	HasPlusSlash
	HasEquals
	HasBreak // CR or LF
	HasSpace
	HasLessAmp // < or &
	HasBar     // |
	HasStar
	HasSemicolon
	HasDot
	HasOther // anything else

	HasAnything = 1<<16 - 1
)

var makeups = func() (t [256]Makeup) {
	for i := range t {
		switch c := byte(i); {
		case IsDigit(c):
			t[i] = HasDigit
		case IsHex(c):
			t[i] = HasHexLetter
		case IsLetter(c):
			t[i] = HasLetter
		default:
			t[i] = HasOther
		}
		if IsUpper(byte(i)) {
			t[i] |= HasCapital
		}
	}
	for kind, chars := range map[Makeup]string{
		HasHyphen: "-", HasUnderscore: "_", HasPlusSlash: "+/", HasEquals: "=", HasBreak: "\r\n", HasSpace: " \t", HasLessAmp: "<&", HasBar: "|", HasStar: "*", HasSemicolon: ";", HasDot: ".",
	} {
		for _, c := range []byte(chars) {
			t[c] = kind
		}
	}
	return
}()

// MakeupOf returns what text is made of. Of prose over 1 KB only the beginning is
// looked at: it may have anything.
func MakeupOf(text []byte) (m Makeup) {
	for len(text) > 64 {
		for _, c := range text[:64] {
			m |= makeups[c]
		}
		if len(text) > 1024 && m.Has(HasSpace|HasOther) {
			return HasAnything
		}
		text = text[64:]
	}
	for _, c := range text {
		m |= makeups[c]
	}
	return m
}

// Has reports whether the text has a byte of one of the kinds.
func (m Makeup) Has(kinds Makeup) bool { return m&kinds != 0 }

// Only reports whether the text has bytes of these kinds only.
func (m Makeup) Only(kinds Makeup) bool { return m&^kinds == 0 }

// IsPlainWord reports whether the text is one word in small letters, as most
// codes and states are. One with an underscore may be a pseudonym.
func (m Makeup) IsPlainWord() bool {
	return m.Only(HasHexLetter | HasLetter | HasHyphen)
}

// MayBeBase64 reports whether the text has the characters of one of the two
// alphabets of RFC 4648, and isn't a digest or a UUID.
func (m Makeup) MayBeBase64() bool {
	const both = HasHexLetter | HasLetter | HasCapital | HasDigit | HasEquals | HasBreak
	return m.Has(HasLetter|HasBreak) && (m.Only(both|HasPlusSlash) || m.Only(both|HasHyphen|HasUnderscore))
}
