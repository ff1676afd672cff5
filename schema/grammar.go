package schema

import "net/url"

const (
	maxTypeLen = 128
	typeRule   = "must be two to five lower-case words joined by dots, such as user.created"
)

// ValidType reports whether name can be an event's type: two to five words of
// lower-case letters, digits and underscores, each beginning with a letter,
// joined by dots, 128 bytes at most. The alphabet leaves out every character
// that Hive, S3 and Redis would treat specially, since the name becomes part
// of keys and paths.
func ValidType(name string) bool {
	words, start := 0, true
	for i := range len(name) {
		switch b := name[i]; {
		case 'a' <= b && b <= 'z':
			if start {
				words++
			}
			start = false
		case b == '_' || '0' <= b && b <= '9':
			if start {
				return false
			}
		case b == '.':
			if start {
				return false
			}
			start = true
		default:
			return false
		}
	}
	return !start && words >= 2 && words <= 5 && len(name) <= maxTypeLen
}

// ValidEnvironment reports whether name can be an environment: 1 to 32
// lower-case letters, digits and hyphens, not beginning with a hyphen.
func ValidEnvironment(name string) bool {
	return len(name) <= 32 && within(name, &environmentBytes) && name[0] != '-'
}

// validID reports whether id is 1 to 128 letters, digits and ._:- and begins
// with a letter or digit.
func validID(id string) bool {
	return len(id) <= 128 && within(id, &idBytes) && alphanumericBytes[id[0]]
}

// validSource reports whether source, if there is one, is a URI reference that says
// something, without which no CloudEvents SDK takes an event.
func validSource(source string) bool {
	if source == "" || source[0] != '/' && within(source, &pathBytes) { // as almost all are
		return true
	}
	u, err := url.Parse(source)
	return err == nil && u.String() != ""
}

// An alphabet holds the bytes that a name may have.
type alphabet [256]bool

const (
	capitals       = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	lowerAndDigits = "abcdefghijklmnopqrstuvwxyz0123456789"
)

var (
	environmentBytes  = alphabetOf(lowerAndDigits + "-")
	alphanumericBytes = alphabetOf(lowerAndDigits + capitals)
	idBytes           = alphabetOf(lowerAndDigits + capitals + "._:-")
	pathBytes         = alphabetOf(lowerAndDigits + capitals + "/-._~")
	hexBytes          = alphabetOf("0123456789abcdef")
	capitalBytes      = alphabetOf(capitals)
	attributeBytes    = printableBytes()
)

func alphabetOf(bytes string) (a alphabet) {
	for i := range len(bytes) {
		a[bytes[i]] = true
	}
	return a
}

// printableBytes is ASCII without spaces, controls, quotes, backslashes and
// angle brackets: what RFC 3986 lets stand in a URI reference, and JSON without
// escapes.
func printableBytes() (a alphabet) {
	for b := '!'; b < 0x7f; b++ {
		a[b] = b != '"' && b != '\\' && b != '<' && b != '>'
	}
	return a
}

// within reports whether s is not empty and holds only bytes of a.
func within(s string, a *alphabet) bool {
	for i := range len(s) {
		if !a[s[i]] {
			return false
		}
	}
	return s != ""
}
