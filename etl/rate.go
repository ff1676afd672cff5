package etl

import "time"

// rateWindow is what rates are measured over.
const rateWindow = time.Minute

// A rate counts what happened in each of the last seconds.
type rate struct {
	first   int64 // second of the first count
	seconds [rateWindow / time.Second]struct {
		second int64 // since 1970
		n      uint64
	}
}

// add counts n at a time.
func (r *rate) add(now time.Time, n uint64) {
	second := now.Unix()
	if r.first == 0 {
		r.first = second
	}
	s := &r.seconds[second%int64(len(r.seconds))]
	if s.second != second {
		s.second, s.n = second, 0
	}
	s.n += n
}

// perSecond returns the mean of the last minute, or of the time since the first
// count if that is shorter.
func (r *rate) perSecond(now time.Time) float64 {
	if r.first == 0 {
		return 0
	}
	second := now.Unix()
	var sum uint64
	for _, s := range r.seconds {
		if s.second > second-int64(len(r.seconds)) && s.second <= second {
			sum += s.n
		}
	}
	return float64(sum) / float64(max(1, min(int64(len(r.seconds)), second-r.first+1)))
}
