package phi

import "testing"

// Buffers hold nothing once they are released, and those that a long text needed
// aren't cleared for each short one behind it.
func TestScratchClears(t *testing.T) {
	sc := new(scratch)
	fill := func(size int) {
		for _, b := range []*[]byte{&sc.unescaped, &sc.value, &sc.out, &sc.again, &sc.part, sc.scan.Buffer()} {
			for *b = (*b)[:0]; len(*b) < size; {
				*b = append(*b, 'x')
			}
			*b = (*b)[:size/2]
		}
	}
	kept := func() (n int) {
		for _, b := range [][]byte{sc.unescaped, sc.value, sc.out, sc.again, sc.part, *sc.scan.Buffer()} {
			n += cap(b)
			for _, c := range b[:cap(b)] {
				if c != 0 {
					t.Fatal("something stays behind")
				}
			}
		}
		return n
	}
	for _, c := range []struct{ filled, size, atLeast, atMost int }{
		{600, 500, 3600, 8 << 10},            // what a short text needs is kept
		{20_000, 20_000, 120_000, 256 << 10}, // and what a long one needs
		{0, 500, 0, 0},                       // until a short one comes
		{100_000, 100_000, 0, maxCleared},    // never more than this
		{600, 500, 3600, 8 << 10},
	} {
		fill(c.filled)
		sc.clear(c.size)
		if n := kept(); n < c.atLeast || n > c.atMost {
			t.Errorf("%d bytes are kept behind a text of %d, not %d to %d", n, c.size, c.atLeast, c.atMost)
		}
	}
}
