package etl

import (
	"testing"
	"time"

	"github.com/carebus/carebus/schema"
)

func TestTimeRule(t *testing.T) {
	at := func(year int) time.Time { return time.Date(year, 3, 1, 0, 0, 0, 0, time.UTC) }
	rule := TimeRule{MaxAhead: time.Hour, MaxAge: 20 * 365 * 24 * time.Hour}
	for _, c := range []struct {
		happened, published time.Time
		want                bool
	}{
		{at(2024), at(2024), true}, {at(2024).Add(time.Hour), at(2024), true}, {at(2024).Add(time.Hour + 1), at(2024), false},
		{at(2005), at(2024), true}, {at(2003), at(2024), false},
		// More than 292 years, the longest duration, apart: a stranger chooses an entry's id.
		{at(1900), at(2400), false}, {at(2024), entryID{ms: maxMS}.published(), false}, {at(9000), at(2024), false},
	} {
		r := Record{Envelope: schema.Envelope{Time: c.happened}, PublishedAt: c.published}
		if got := rule.admits(&r); got != c.want {
			t.Errorf("happened %v, published %v: %v", c.happened, c.published, got)
		}
	}
}
