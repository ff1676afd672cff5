package schema_test

import (
	"testing"

	"github.com/carebus/carebus/schema"
)

// The cases are those of the W3C recommendation's "traceparent Header Field Values".
func TestParseTraceParent(t *testing.T) {
	for s, want := range map[string]bool{
		trace: true, otherTrace: true,
		"cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01":            true,
		"cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-comes": true,
		"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-comes": false,
		"cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01what":        false,
		"cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-Jane Doe":   false,
		"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01":            false,
		"00-00000000000000000000000000000000-b7ad6b7169203331-01":            false,
		"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01":            false,
		"00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01":            false,
		"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331":               false,
		"00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01":            false,
		"": false,
	} {
		got, ok := schema.ParseTraceParent(s)
		if ok != want {
			t.Errorf("%s: ok is %v", s, ok)
		}
		if ok && s[:2] == "00" && got.String() != s {
			t.Errorf("%s became %s", s, got)
		}
	}
	got, _ := schema.ParseTraceParent(trace)
	if got.TraceID[0] != 0x0a || got.ParentID[7] != 0x31 || !got.Sampled {
		t.Errorf("got %v", got)
	}
}

func FuzzParseTraceParent(f *testing.F) {
	f.Add(trace)
	f.Add("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x")
	f.Fuzz(func(t *testing.T, s string) {
		if p, ok := schema.ParseTraceParent(s); ok {
			if again, ok := schema.ParseTraceParent(p.String()); !ok || again != p {
				t.Errorf("%q is not stable", s)
			}
		}
	})
}
