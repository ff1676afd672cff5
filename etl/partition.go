package etl

import (
	"bytes"
	"time"
)

// A Partitioner says in which folder of the lake an event belongs.
type Partitioner interface {
	// AppendPartition appends the partition of r to dst: segments joined by
	// "/", such as year=2024/month=01, of the alphabet that [CheckKey] allows.
	// It must be deterministic and depend on r alone. A path that is not valid
	// puts the event into quarantine. It is called concurrently and must not
	// change r or keep it.
	AppendPartition(dst []byte, r *Record) []byte
}

// PartitionFunc makes a [Partitioner] of a function.
type PartitionFunc func(dst []byte, r *Record) []byte

// AppendPartition calls f.
func (f PartitionFunc) AppendPartition(dst []byte, r *Record) []byte { return f(dst, r) }

// ByEventTime partitions by the hour in which an event happened, and by its
// type: year=2024/month=01/day=15/hour=14/event_type=user.created. It is the
// default; see [TimeRule] for events whose time can't be theirs.
func ByEventTime() Partitioner {
	return PartitionFunc(func(dst []byte, r *Record) []byte {
		return appendType(appendHour(dst, r.Time), r)
	})
}

// ByPublishTime partitions like [ByEventTime], but by the hour in which the log
// took the event in, so that a partition is never written to once its hour has
// been carried.
func ByPublishTime() Partitioner {
	return PartitionFunc(func(dst []byte, r *Record) []byte {
		return appendType(appendHour(dst, r.PublishedAt), r)
	})
}

// A TimeRule says which events go into the partition of their time. Those whose
// time lies outside, by a clock that is wrong or because they are old, go into
// that of their publishing; their rows keep the time. It judges by the time of
// publishing, not by a clock, so that every process judges alike.
type TimeRule struct {
	// MaxAhead is how far the time of an event may lie after it was published.
	// Default 1 hour.
	MaxAhead time.Duration
	// LateAfter is how far it may lie before. A short one has closed partitions
	// stay closed. Default 20 years.
	LateAfter time.Duration
}

// timely is a Partitioner that keeps to a TimeRule.
type timely struct {
	Partitioner
	rule TimeRule
}

func (t timely) AppendPartition(dst []byte, r *Record) []byte {
	ahead := r.Time.Sub(r.PublishedAt) // of 292 years at most; its negative may not exist
	if ahead <= t.rule.MaxAhead && ahead >= -t.rule.LateAfter {
		return t.Partitioner.AppendPartition(dst, r)
	}
	moved := *r
	moved.Time = r.PublishedAt
	return t.Partitioner.AppendPartition(dst, &moved)
}

func appendHour(dst []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	dst = append(dst, "year="...)
	dst = appendDigits(dst, year, 4)
	dst = append(dst, "/month="...)
	dst = appendDigits(dst, int(month), 2)
	dst = append(dst, "/day="...)
	dst = appendDigits(dst, day, 2)
	dst = append(dst, "/hour="...)
	return appendDigits(dst, t.Hour(), 2)
}

func appendType(dst []byte, r *Record) []byte {
	dst = append(dst, "/event_type="...)
	return append(dst, r.Type()...)
}

// maxPartitionLen leaves room for the rest of a key.
const maxPartitionLen = 512

func validPartition(path []byte) bool {
	if len(path) > maxPartitionLen {
		return false
	}
	for {
		segment, rest, more := bytes.Cut(path, []byte{'/'})
		if !validSegment(segment) {
			return false
		}
		if !more {
			return true
		}
		path = rest
	}
}
