package phi

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"hash"
	"sync"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/mark"
)

var tokenEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// pseudonyms makes keyed tokens.
type pseudonyms struct {
	prefix string // phi_<key id>_
	pool   sync.Pool
}

func newPseudonyms(key []byte, id string) (*pseudonyms, error) {
	if len(key) < 32 {
		return nil, fmt.Errorf("phi: a key must hold at least 32 bytes, not %d (openssl rand -base64 32 makes one, in base64)", len(key))
	}
	if !validKeyID(id) {
		return nil, errors.New("phi: a key id must be one to sixteen lower-case letters and digits")
	}
	key = append([]byte(nil), key...)
	return &pseudonyms{
		prefix: mark.Prefix + id + "_",
		pool:   sync.Pool{New: func() any { return &mac{hash: hmac.New(sha256.New, key)} }},
	}, nil
}

// A mac is an HMAC with room for the message and the sum.
type mac struct {
	hash    hash.Hash
	message []byte
	sum     [sha256.Size]byte
}

// of returns the sum of a message that was appended to m.message[:0]. It is
// valid until m is used again.
func (m *mac) of(message []byte) []byte {
	m.hash.Reset()
	m.hash.Write(message)
	clear(message) // nothing of a value stays behind
	if m.message = message; cap(message) > 1024 {
		m.message = nil
	}
	return m.hash.Sum(m.sum[:0])
}

func validKeyID(id string) bool {
	for _, c := range []byte(id) {
		if !chars.IsLower(c) && !chars.IsDigit(c) {
			return false
		}
	}
	return len(id) >= 1 && len(id) <= 16
}

// append appends the token of a value to dst. The same value gives the same
// token within a tenant and category, and an unrelated one elsewhere.
func (p *pseudonyms) append(dst []byte, tenant string, cat Category, value []byte) []byte {
	m := p.pool.Get().(*mac)
	defer p.pool.Put(m)
	d := append(m.message[:0], "carebus/phi/1\x00"...)
	d = append(d, tenant...)
	d = append(d, 0)
	d = append(d, mark.PseudonymNames[cat]...)
	d = append(d, 0)
	sum := m.of(appendCanonical(d, cat, value))
	dst = append(dst, p.prefix...)
	dst = append(dst, mark.PseudonymNames[cat]...)
	dst = append(dst, '_')
	return tokenEncoding.AppendEncode(dst, sum[:16])
}

// appendCanonical appends the form of a value that its token is made of, so
// that spellings of one value share a token: plain, letters in lower case, numbers
// without separators, other text without space around it.
func appendCanonical(dst []byte, cat Category, value []byte) []byte {
	value = chars.PlainBytes(value)
	switch cat {
	case SSN, Phone, Card:
		for _, c := range value {
			if chars.IsDigit(c) || chars.IsLetter(c) {
				dst = append(dst, c|0x20)
			}
		}
		return dst
	}
	for len(value) > 0 && value[0] <= ' ' {
		value = value[1:]
	}
	for len(value) > 0 && value[len(value)-1] <= ' ' {
		value = value[:len(value)-1]
	}
	for _, c := range value {
		if chars.IsUpper(c) {
			c |= 0x20
		}
		dst = append(dst, c)
	}
	return dst
}
