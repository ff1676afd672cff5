package phi

import (
	"encoding/base64"
	"testing"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/mark"
)

// What codeLike passes over in base64 is neither the beginning of a file nor
// does it hold a placeholder.
func TestCodeLike(t *testing.T) {
	var heads [][]byte
	for _, magic := range magics {
		if len(magic) > 2 { // shorter ones count in long data only
			heads = append(heads, []byte(magic))
		}
	}
	heads = append(heads, []byte("\x00\x00\x00\x18ftypisom"), []byte("zzzzftypzzzzz"))
	for _, p := range mark.Placeholders[1:] {
		heads = append(heads, []byte(p), []byte("z"+p), []byte("zz"+p))
	}
	for _, head := range heads {
		for len(head) < 17 {
			for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
				if text := []byte(enc.EncodeToString(head)); len(text) >= 8 && len(text) < chars.MinBase64 &&
					codeLike(text, chars.MakeupOf(text)) {
					t.Errorf("%q, the base64 of %q, is taken for a code", text, head)
				}
			}
			head = append(head, 'z')
		}
	}
	for _, code := range []string{"practice-7", "appointment", "order_17"} {
		if !codeLike([]byte(code), chars.MakeupOf([]byte(code))) {
			t.Errorf("%s is no code", code)
		}
	}
}
