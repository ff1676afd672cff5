package eventbus

import (
	"container/heap"
	"time"
)

// A retry is an entry that waits for its next try, and when it may be taken
// again, since clockStart.
type retry struct {
	id streamID
	at time.Duration
}

// retries are those that a worker knows of: what it put back itself, and what it
// found to wait when it looked through the group's pending entries. Redis keeps the
// times, as what an entry lacks of MinIdle; these only spare it being asked for them
// again and again. One takes some 60 bytes.
type retries struct {
	known   map[streamID]struct{} // what is in either of the others
	waiting retryHeap             // the earliest is on top
	due     retryHeap             // the lowest id is on top
}

func newRetries() retries {
	return retries{
		known:   map[streamID]struct{}{},
		waiting: retryHeap{less: func(a, b retry) bool { return a.at < b.at }},
		due:     retryHeap{less: func(a, b retry) bool { return a.id.less(b.id) }},
	}
}

// add notes a retry. One that is known stays as it is: should it not be due when
// it is asked for, Redis tells how long it is to wait.
func (r *retries) add(one retry) {
	if _, ok := r.known[one.id]; ok {
		return
	}
	r.known[one.id] = struct{}{}
	heap.Push(&r.waiting, one)
}

// next returns when the next one is due, if there is one.
func (r *retries) next() (at time.Duration, ok bool) {
	switch {
	case len(r.due.all) > 0:
		return 0, true
	case len(r.waiting.all) > 0:
		return r.waiting.all[0].at, true
	}
	return 0, false
}

// take removes up to most of those that are due, lowest ids first.
func (r *retries) take(now time.Duration, most int) []retry {
	for len(r.waiting.all) > 0 && r.waiting.all[0].at <= now {
		heap.Push(&r.due, heap.Pop(&r.waiting))
	}
	taken := make([]retry, min(most, len(r.due.all)))
	for i := range taken {
		taken[i] = heap.Pop(&r.due).(retry)
		delete(r.known, taken[i].id)
	}
	return taken
}

// retryHeap is a [heap.Interface].
type retryHeap struct {
	all  []retry
	less func(a, b retry) bool
}

func (h *retryHeap) Len() int           { return len(h.all) }
func (h *retryHeap) Less(i, j int) bool { return h.less(h.all[i], h.all[j]) }
func (h *retryHeap) Swap(i, j int)      { h.all[i], h.all[j] = h.all[j], h.all[i] }
func (h *retryHeap) Push(one any)       { h.all = append(h.all, one.(retry)) }
func (h *retryHeap) Pop() any {
	last := len(h.all) - 1
	one := h.all[last]
	h.all = h.all[:last]
	if last == 0 {
		h.all = nil // there may have been many
	}
	return one
}
