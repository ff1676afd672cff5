package eventbus

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// TestLargeEventsOverASlowNetwork: more of them are there than it carries in the time in
// which Redis must answer, on their way to the consumer and back as dead letters.
func TestLargeEventsOverASlowNetwork(t *testing.T) {
	t.Parallel()
	server := redistest.Real(t)
	quick := func(c *Config) { // it is the network that is to be slow
		c.Scrubber = scrubFunc(func(dst, src []byte) ([]byte, phi.Report, error) { return append(dst, src...), phi.Report{}, nil })
	}
	direct := open(t, server.URL, quick)
	const n = 48
	all := events("user/1", n)
	text, err := json.Marshal(strings.Repeat("well", 180_000)) // 720 kB
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		all[i].Event = schema.Raw{Name: "user.updated", Data: []byte(`{"entity":"user","operation":"updated","entity_id":"1","data":{"status":` + string(text) + `}}`)}
	}
	if err := direct.Publish(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
	proxy := redistest.NewProxy(t, server.Addr)
	proxy.Slow(6 * time.Millisecond) // for 32 KiB
	b := open(t, "redis://"+proxy.Addr, quick)
	r := &recorder{fail: func(schema.Envelope) error { return Permanent(errors.New("no")) }}
	consume(t, b, ConsumerConfig{}, r)
	until(t, "all to be dead letters", func() bool { return b.Stats().DeadLettered == n })
	if got := server.Client(t).XLen(t.Context(), dead0).Val(); got != n || r.distinct() != n {
		t.Errorf("%d letters, %d handled; want %d", got, r.distinct(), n)
	}
}

// TestFewLargeLettersACall: a call of Redis carries what a slow network carries in time,
// and always something.
func TestFewLargeLettersACall(t *testing.T) {
	dead := func(size int) result {
		return result{entry: &entry{event: strings.Repeat("x", size)}, fate: fateDead}
	}
	done := result{entry: &entry{event: strings.Repeat("x", settleBytes)}, fate: fateAck}
	for _, c := range []struct {
		results []result
		want    int
	}{
		{nil, 0},
		{slices.Repeat([]result{done}, 3000), settleMost},
		{[]result{dead(2 * settleBytes)}, 1},
		{[]result{dead(2 * settleBytes), done}, 1},
		{[]result{done, done, dead(2 * settleBytes), done}, 2},
		{slices.Repeat([]result{dead(settleBytes / 4)}, 9), 4},
		{append(slices.Repeat([]result{dead(settleBytes / 4)}, 4), done, done, dead(1)), 6},
	} {
		if got := few(c.results); got != c.want {
			t.Errorf("%d of %d, want %d", got, len(c.results), c.want)
		}
	}
}
