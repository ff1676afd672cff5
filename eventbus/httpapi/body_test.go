package httpapi_test

import (
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
)

// bomb is a megabyte of spaces in a kilobyte of gzip.
func bomb(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	z := gzip.NewWriter(&b)
	for range 1 << 10 {
		if _, err := z.Write(make([]byte, 1<<10)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A body of nothing but tiny events takes no more memory than others of its size.
func TestTinyEventsTakeLittleMemory(t *testing.T) {
	a := newAPI(t)
	for name, c := range map[string]struct{ media, body string }{
		"array": {"application/json", "[" + strings.Repeat("1,", 4<<20-2) + "1]"},
		"lines": {"application/x-ndjson", strings.Repeat("1\n", 4<<20-1)},
	} {
		r := httptest.NewRequest(http.MethodPost, "/api/events/publish", strings.NewReader(c.body))
		header("Content-Type", c.media)(r)
		as("all")(r)
		w := httptest.NewRecorder()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		a.ServeHTTP(w, r)
		runtime.ReadMemStats(&after)
		if problemName(w) != "too-many-events" {
			t.Errorf("%s: %s", name, w.Body)
		}
		// io.ReadAll takes five times the body by growing.
		if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 64 {
			t.Errorf("%s: %d MiB", name, took)
		}
	}
}
