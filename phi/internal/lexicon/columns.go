package lexicon

import (
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/words"
)

// IsColumnName reports whether a cell reads like the name of a column: up to four
// words of letters, digits, underscores and hyphens.
func IsColumnName(cell []byte) bool {
	spaces := 0
	for _, c := range cell {
		switch {
		case chars.IsLetter(c) || chars.IsDigit(c) || c == '_' || c == '-' || c == '/' || c >= 0x80:
		case c == ' ':
			spaces++
		default:
			return false
		}
	}
	return spaces < 4 && len(cell) <= 48
}

// PartsOfNames are the names of columns that hold parts of a name where another
// column tells of a person.
var PartsOfNames = words.KeySet("first last middle given family First Last Middle Given Family FIRST LAST MIDDLE GIVEN FAMILY")

// TypeNames are the names of types of values.
var TypeNames = words.KeySet("string number integer boolean object array undefined null date varchar text int float str bool nil")
