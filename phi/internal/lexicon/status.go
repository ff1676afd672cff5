package lexicon

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
)

// IsStatus reports whether a value says something about an identifier rather
// than being one: {"email":"verified"}.
func IsStatus(cat category.Category, text []byte) bool {
	if len(text) > 12 || category.Absorbing(cat) {
		return false
	}
	var small [12]byte
	for i, c := range text {
		if small[i] = c; chars.IsUpper(c) {
			small[i] |= 0x20
		}
	}
	switch string(small[:len(text)]) {
	case "none", "unknown", "n/a", "null":
		return true
	case "enabled", "disabled", "yes", "no", "true", "false", "on", "off", "verified", "unverified", "active", "inactive", "pending", "required", "optional", "declined", "refused", "started", "stopped":
		return cat != category.Name && cat != category.Place && cat != category.Address
	}
	return false
}
