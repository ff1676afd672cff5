package etl

import (
	"context"
	"iter"
	"time"
)

// A Store is a [Sink] whose objects can be listed and deleted, which is what
// retention needs and a pipeline must not be able to do. [DirSink] is one, and
// so is the S3 sink of package s3sink, whose process then needs the rights. It is
// safe for concurrent use. Package sinktest holds this contract as tests, too.
type Store interface {
	// Get is that of Sink.
	Get(ctx context.Context, key string) ([]byte, error)
	// List yields the objects whose keys begin with prefix, in any order.
	List(ctx context.Context, prefix string) iter.Seq2[ObjectInfo, error]
	// Delete removes an object so that it can't be had back, as far as the
	// store can do that. It returns nil when there is none.
	Delete(ctx context.Context, key string) error
}

// ObjectInfo is an object as a Store lists it.
type ObjectInfo struct {
	Key     string
	Bytes   int64
	Written time.Time
}
