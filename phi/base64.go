package phi

import (
	"bytes"
	"encoding/base64"
	"unicode/utf8"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/mark"
)

// Strings in base64, and data URIs: text is scrubbed, files are dropped.

// base64 scrubs text or JSON in base64 and drops images, recordings and other
// binary data: what can't be read can't be scrubbed.
func (e *emitter) base64(n *node, text []byte, in chars.Makeup) (out []byte, ok bool) {
	enc, clean := chars.Base64Of(text, in)
	if enc == nil {
		return nil, false
	}
	var buf [144]byte
	size, err := enc.Decode(buf[:], clean[:min(len(clean), 192)&^3])
	head := buf[:size]
	if err != nil && len(clean) >= 192 {
		return nil, false
	}
	if isBinary(head, len(clean)) {
		return e.dropped(n, Photo, "binary"), true
	}
	switch {
	case len(clean) < chars.MinBase64:
		return e.shortBase64(n, enc, clean)
	case chars.Readable(head[:min(size, 12)]):
		data := make([]byte, enc.DecodedLen(len(clean)))
		size, err := enc.Decode(data, clean)
		if data = data[:size]; err != nil || size < 16 || !utf8.Valid(data) || !chars.Readable(data) {
			break
		}
		if out, ok := e.embeddedText(n, data); ok {
			return enc.AppendEncode(nil, out), true
		}
		return nil, true
	}
	if len(clean) >= opaqueSize && (n == nil || n.Mode != lexicon.Safe) {
		return e.dropped(n, Photo, "binary"), true
	}
	return nil, false
}

// shortBase64 scrubs text in base64 that is shorter than what is taken for
// base64 by its look: it must decode to text in which something is found, or to
// one that was scrubbed.
func (e *emitter) shortBase64(n *node, enc *base64.Encoding, clean []byte) (out []byte, ok bool) {
	var buf [chars.MinBase64]byte
	size, err := enc.Decode(buf[:], clean)
	text := buf[:size]
	if err != nil || size < 6 || !utf8.Valid(text) || !chars.Readable(text) {
		return nil, false
	}
	if n != nil && n.Mode == lexicon.Safe && isGlobalID(text) {
		return nil, false
	}
	scrubbed := mark.HoldsPlaceholder(text)
	text, changed := e.embeddedText(n, bytes.Clone(text))
	if !changed {
		return nil, scrubbed
	}
	return enc.AppendEncode(nil, text), true
}

// isGlobalID reports whether text is the kind of an object and its number, as the ids of
// GraphQL servers hold them: Appointment:4417.
func isGlobalID(text []byte) bool {
	kind, id, ok := bytes.Cut(text, []byte{':'})
	return ok && len(kind) > 0 && chars.IsUpper(kind[0]) && lexicon.IsFieldName(kind) &&
		len(id) > 0 && len(id) <= 8 && chars.AllDigits(chars.String(id))
}

// opaqueSize is the number of base64 characters from which data that can't be
// read is dropped: no digest, key or signature is as long.
const opaqueSize = 1024

// magics are the first bytes of files that can show or sound like a person, or
// that can't be looked into.
var magics = []string{
	"\xff\xd8\xff", "\x89PNG", "GIF8", "RIFF", "II*\x00", "MM\x00*", "BM", "%PDF", "PK\x03\x04", "\x1f\x8b\x08", "OggS", "ID3", "fLaC", "\xff\xfb", "\x1a\x45\xdf\xa3", "{\\rtf", "\xd0\xcf\x11\xe0",
}

// magicStarts are the bytes that one of the magics begins with.
var magicStarts = func() (t [256]bool) {
	for _, magic := range magics {
		t[magic[0]] = true
	}
	return
}()

// isBinary reports whether data begins like a file of which size characters of
// base64 remain.
func isBinary(head []byte, size int) bool {
	if len(head) > 0 && magicStarts[head[0]] {
		for _, magic := range magics {
			if len(head) >= len(magic) && string(head[:len(magic)]) == magic && (len(magic) > 2 || size > 200) {
				return true
			}
		}
	}
	return len(head) > 12 && string(head[4:8]) == "ftyp" || len(head) > 132 && string(head[128:132]) == "DICM"
}

// codeLike reports whether a text that may be base64 is too short to be text,
// and isn't the beginning of a file or a placeholder: the base64 of all of those
// has capitals but for that of rich text, e1xydG…, and of a few that begin with
// FF.
func codeLike(text []byte, in chars.Makeup) bool {
	return len(text) < chars.MinBase64 && !in.Has(chars.HasCapital) && text[0] != 'e' && text[0] != '/' &&
		text[0] != '_'
}

// embeddedText scrubs what stood in base64. ok is false when nothing changed.
func (e *emitter) embeddedText(n *node, data []byte) (out []byte, ok bool) {
	if chars.HoldsJSON(data) {
		if out, ok := e.nested(n, data); ok {
			return out, out != nil
		}
	}
	return e.prose(n, nil, data, lexicon.Text)
}

// dataURI drops the data URI around ;base64, at index at (RFC 2397) and scrubs
// the text around it.
func (e *emitter) dataURI(n *node, text []byte, at int) []byte {
	start := bytes.LastIndex(text[:at], []byte("data:"))
	if start < 0 || bytes.ContainsAny(text[start:at], " \"'<>") {
		return nil
	}
	end := at + len(";base64,")
	for end < len(text) && (chars.IsBase64(text[end]) || text[end] == '=') {
		end++
	}
	out, _ := e.part(n, nil, text[:start])
	out = append(out, e.dropped(n, Photo, "binary")...)
	rest := text[end:]
	if next := bytes.Index(rest, []byte(";base64,")); next >= 0 {
		if more := e.dataURI(n, rest, next); more != nil {
			return append(out, more...)
		}
	}
	out, _ = e.part(n, out, rest)
	return out
}
