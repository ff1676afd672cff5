package etl

import (
	"context"
	"errors"
	"strings"

	"github.com/carebus/carebus/schema"
)

// A Sink is a store of whole objects that are written once and never change.
// Package sinktest holds this contract as tests.
//
// A Sink is safe for concurrent use, by several processes too. It may retry by
// itself; what it returns in the end must be true. Any error other than the
// ones named here is taken for an outage and the call is made again later,
// unless it wraps [ErrPermanent]. No error may quote an object's body.
//
// A call whose context is done does nothing and returns an error that wraps the
// context's. A key is free until it is put, also one that other keys lead up to or
// lie below: with a/b.json put, a and a/b.json/none are free, though a file system
// has a folder and a file in their way.
type Sink interface {
	// PutIfAbsent stores o under o.Key unless the key is taken, in one atomic
	// step: of all writers that try, however they overlap, exactly one is
	// answered nil, and no reader ever sees a part of a body. When it returns
	// nil or ErrExists, the object with that key is durable.
	//
	// ErrExists says that the key is taken, be it by the caller's own earlier
	// try. ErrKey says that the key is invalid. The Sink must not keep o.Body.
	PutIfAbsent(ctx context.Context, o Object) error
	// Get returns the body stored under key, or ErrNotFound. The caller owns
	// what it gets.
	Get(ctx context.Context, key string) ([]byte, error)
}

// Errors of sinks, to be tested for with [errors.Is].
var (
	ErrExists   = errors.New("etl: the key is taken")
	ErrNotFound = errors.New("etl: no object under the key")
	ErrKey      = errors.New("etl: invalid key")
	// ErrPermanent says that trying again won't help until someone steps in:
	// access denied, no such bucket, a disk that is read-only.
	ErrPermanent = errors.New("etl: needs attention")
)

// An Object is what a Sink stores. Key and Body make it; the rest describes it,
// for stores that keep metadata.
type Object struct {
	Key         string // see [CheckKey]
	Body        []byte
	ContentType string           // default application/octet-stream
	Rows        int              // lines in the body before encoding
	SHA256      string           // of the lines before encoding, as 64 hex digits
	DataClass   schema.DataClass // of the most sensitive row; empty where it doesn't apply
}

// maxKeyLen is the longest key in bytes, as in S3.
const maxKeyLen = 1024

// CheckKey reports with an error that wraps [ErrKey] that key can't name an
// object. Keys are segments joined by "/", 1,024 bytes at most. A segment consists
// of letters, digits and "._=-", 255 at most, and does not begin with a dot, so
// that a key means the same to S3, to a file system and to Hive, escapes no
// folder, and never hides. Nor does it begin with an underscore, since readers
// pass over such files.
func CheckKey(key string) error {
	if key == "" || len(key) > maxKeyLen {
		return ErrKey
	}
	for segment := range strings.SplitSeq(key, "/") {
		if !validSegment(segment) {
			return ErrKey
		}
	}
	return nil
}

// maxSegmentLen is what common file systems take as a name.
const maxSegmentLen = 255

func validSegment[T string | []byte](s T) bool {
	if len(s) == 0 || len(s) > maxSegmentLen || s[0] == '.' || s[0] == '_' {
		return false
	}
	for i := range len(s) {
		switch b := s[i]; {
		case 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z', '0' <= b && b <= '9':
		case b == '.' || b == '_' || b == '=' || b == '-':
		default:
			return false
		}
	}
	return true
}
