package phi

import "strings"

// A dictionary is a map whose keys are words. Most of what it is asked for
// isn't in it; a look at three bytes and the length tells that without hashing.
// It is safe for concurrent use once it is built.
type dictionary[V any] struct {
	entries map[string]V
	lengths [1024]uint32 // bit n: a key of n bytes has its first two bytes and its last one here
}

// dictionaryOf returns the dictionary of m.
func dictionaryOf[V any](m map[string]V) *dictionary[V] {
	d := &dictionary[V]{entries: map[string]V{}}
	for key, v := range m {
		d.set(key, v)
	}
	return d
}

// setOfKeys returns the dictionary of the words in s, which stand between spaces.
func setOfKeys(s string) *dictionary[bool] {
	d := dictionaryOf[bool](nil)
	for word := range strings.FieldsSeq(s) {
		d.set(word, true)
	}
	return d
}

func (d *dictionary[V]) set(key string, v V) {
	d.entries[key] = v
	if key != "" {
		at, length := shapeOf(asBytes(key))
		d.lengths[at] |= length
	}
}

// get returns what stands under a key, and whether anything does.
func (d *dictionary[V]) get(key []byte) (v V, ok bool) {
	if len(key) == 0 {
		return v, false
	}
	if at, length := shapeOf(key); d.lengths[at]&length == 0 {
		return v, false
	}
	v, ok = d.entries[string(key)]
	return v, ok
}

// has reports whether anything stands under a key.
func (d *dictionary[V]) has(key []byte) bool {
	_, ok := d.get(key)
	return ok
}

// shapeOf returns the place of a key's shape and the bit of its length.
func shapeOf(key []byte) (at, length uint32) {
	n := len(key)
	h := uint32(key[0]) | uint32(key[min(1, n-1)])<<8 | uint32(key[n-1])<<16
	return h * 0x9e3779b1 >> 22, 1 << min(uint(n), 31)
}
