package phi

import (
	"encoding/base64"
	"testing"
	"time"
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
	for _, p := range placeholders[1:] {
		heads = append(heads, []byte(p), []byte("z"+p), []byte("zz"+p))
	}
	for _, head := range heads {
		for len(head) < 17 {
			for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
				if text := []byte(enc.EncodeToString(head)); len(text) >= 8 && len(text) < minBase64 && codeLike(text, makeupOf(text)) {
					t.Errorf("%q, the base64 of %q, is taken for a code", text, head)
				}
			}
			head = append(head, 'z')
		}
	}
	for _, code := range []string{"practice-7", "appointment", "order_17"} {
		if !codeLike([]byte(code), makeupOf([]byte(code))) {
			t.Errorf("%s is no code", code)
		}
	}
}

// The short check of times accepts nothing that time.Parse refuses.
func TestIsUTC(t *testing.T) {
	for text, want := range map[string]bool{
		"2026-11-24T10:00:00Z": true, "2026-02-28T23:59:59.999999999Z": true, "0000-01-01T00:00:00.0Z": true, "2026-11-30T10:00:00Z": true, "2026-12-31T10:00:00Z": true,
		"2026-11-31T10:00:00Z": false, "2026-02-30T10:00:00Z": false, "2026-12-32T10:00:00Z": false,
		"2026-02-29T10:00:00Z": false, "2026-00-24T10:00:00Z": false, "2026-13-24T10:00:00Z": false, "2026-11-00T10:00:00Z": false,
		"2026-11-24T24:00:00Z": false, "2026-11-24T10:60:00Z": false, "2026-11-24T10:00:60Z": false, "2026-11-24T10:00:00.Z": false,
		"2026-11-24T10:00:00.1zZ": false, "2026-11-24t10:00:00Z": false, "2026-11-24T10:00:00+00:00": false, "2026-11-24T10:00:00.123": false,
	} {
		got := isUTC([]byte(text))
		if got != want {
			t.Errorf("%s: %v", text, got)
		}
		if _, err := time.Parse(time.RFC3339Nano, text); got && err != nil {
			t.Errorf("%s is accepted, and isn't a time: %v", text, err)
		}
	}
}
