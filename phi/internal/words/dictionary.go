package words

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/chars"
)

// A Dictionary is a map whose keys are words. Most of what it is asked for
// isn't in it; a look at three bytes and the length tells that without hashing.
// It is safe for concurrent use once it is built.
type Dictionary[V any] struct {
	entries map[string]V
	lengths [1024]uint32 // bit n: a key of n bytes has its first two bytes and its last one here
}

// DictionaryOf returns the dictionary of m.
func DictionaryOf[V any](m map[string]V) *Dictionary[V] {
	d := &Dictionary[V]{entries: map[string]V{}}
	for key, v := range m {
		d.Set(key, v)
	}
	return d
}

// KeySet returns the dictionary of the words in s, which stand between spaces.
func KeySet(s string) *Dictionary[bool] {
	d := DictionaryOf[bool](nil)
	for word := range strings.FieldsSeq(s) {
		d.Set(word, true)
	}
	return d
}

// Set puts v under a key.
func (d *Dictionary[V]) Set(key string, v V) {
	d.entries[key] = v
	if key != "" {
		at, length := shapeOf(chars.Bytes(key))
		d.lengths[at] |= length
	}
}

// Get returns what stands under a key, and whether anything does.
func (d *Dictionary[V]) Get(key []byte) (v V, ok bool) {
	if len(key) == 0 {
		return v, false
	}
	if at, length := shapeOf(key); d.lengths[at]&length == 0 {
		return v, false
	}
	v, ok = d.entries[string(key)]
	return v, ok
}

// Has reports whether anything stands under a key.
func (d *Dictionary[V]) Has(key []byte) bool {
	_, ok := d.Get(key)
	return ok
}

// shapeOf returns the place of a key's shape and the bit of its length.
func shapeOf(key []byte) (at, length uint32) {
	n := len(key)
	h := uint32(key[0]) | uint32(key[min(1, n-1)])<<8 | uint32(key[n-1])<<16
	return h * 0x9e3779b1 >> 22, 1 << min(uint(n), 31)
}
