package httpapi

import (
	"cmp"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/carebus/carebus/phi/audit"
)

// limits keeps a token bucket for each principal.
type limits struct {
	mu      sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	limiter *rate.Limiter
	used    time.Time
}

// maxBuckets is from how many buckets on those out of use are dropped.
const (
	maxBuckets = 1000
	bucketIdle = 10 * time.Minute
)

// allow takes n tokens behind those that the request has taken, or tells how long to
// wait until there are as many for it again. A batch beyond the burst takes all of it.
func (l *limits) allow(config *Config, p *Principal, taken, n int) (wait time.Duration, ok bool) {
	perSecond, burst := rate.Limit(cmp.Or(p.Rate, config.Rate)), cmp.Or(p.Burst, config.Burst)
	if p.Rate > 0 && p.Burst == 0 {
		burst = max(1, int(2*p.Rate))
	}
	now := config.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[p.Name]
	if b == nil {
		if l.buckets == nil {
			l.buckets = map[string]*bucket{}
		}
		if len(l.buckets) >= maxBuckets {
			l.sweep(now)
		}
		b = &bucket{limiter: rate.NewLimiter(perSecond, burst)}
		l.buckets[p.Name] = b
	}
	b.used = now
	if b.limiter.Limit() != perSecond || b.limiter.Burst() != burst { // the key was changed
		b.limiter.SetLimitAt(now, perSecond)
		b.limiter.SetBurstAt(now, burst)
	}
	r := b.limiter.ReserveN(now, min(n, burst-taken))
	if wait = r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return wait + time.Duration(float64(taken)/float64(perSecond)*float64(time.Second)), false
	}
	return 0, true
}

// sweep drops buckets that have been full for long. The caller holds mu.
func (l *limits) sweep(now time.Time) {
	for name, b := range l.buckets {
		if now.Sub(b.used) > bucketIdle {
			delete(l.buckets, name)
		}
	}
}

// refusals tells the audit trail of refused credentials without letting a flood
// of them fill it: up to 10 a second singly, the others as a count.
type refusals struct {
	mu      sync.Mutex
	second  time.Time
	told    int
	omitted int
}

const refusalsPerSecond = 10

func (f *refusals) note(h *Handler, c *call, e *AuthError) {
	now := h.config.Now()
	f.mu.Lock()
	if now.Sub(f.second) >= time.Second {
		f.second, f.told = now, 0
	}
	f.told++
	if f.told > refusalsPerSecond {
		f.omitted++
		f.mu.Unlock()
		return
	}
	omitted := f.omitted
	f.omitted = 0
	f.mu.Unlock()
	r := audit.Record{Action: audit.KeyRefused, Outcome: audit.Denied, Actor: e.Principal, Object: "env/" + h.config.Environment, Reason: e.Reason, Count: 1}
	if omitted > 0 {
		r.Counts = map[string]int{"omitted_before": omitted}
	}
	h.append(c, r)
}

// openStreams counts the live streams that are open.
type openStreams struct {
	mu  sync.Mutex
	all int
	by  map[string]int // principals; those with none aren't in it
}

// enter counts another stream of a principal, unless there are too many.
func (o *openStreams) enter(config *Config, name string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.all >= config.MaxStreams || o.by[name] >= config.MaxStreamsEach {
		return false
	}
	if o.by == nil {
		o.by = map[string]int{}
	}
	o.all++
	o.by[name]++
	return true
}

func (o *openStreams) leave(name string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.all--
	if o.by[name]--; o.by[name] == 0 {
		delete(o.by, name)
	}
}
