package etl

import (
	"strings"
	"sync/atomic"
	"testing"
)

// A moody encoder panics when it is called the first time.
type moody struct {
	Encoder
	calls *atomic.Int64
}

func (m moody) Encode(dst, lines []byte) ([]byte, error) {
	if m.calls.Add(1) == 1 {
		panic(string(lines))
	}
	return m.Encoder.Encode(dst, lines)
}

func (m moody) Decode(dst, body []byte) ([]byte, error) {
	panic(string(body))
}

// TestAnEncoderThatPanics costs a try, not the process, and says nothing of the
// lines.
func TestAnEncoderThatPanics(t *testing.T) {
	l := &memLog{name: "0"}
	l.add(base, encodeEvent(testEvent("e-1", "user.created", base)))
	sink := Memory()
	config := testConfig(sink, l)
	config.Encoder = moody{Plain(), new(atomic.Int64)}
	mustDrain(t, mustNew(t, config))
	wantOnce(t, sink, []string{"e-1"})
	if _, err := decode(config.Encoder, []byte("a secret")); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("decode = %v", err)
	}
}
