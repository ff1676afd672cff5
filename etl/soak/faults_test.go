package soak

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"
	"time"
)

// A faultyStore stands between the sinks and their store and lets one of so
// many requests go wrong, before or after it was carried out.
type faultyStore struct {
	proxy  *httputil.ReverseProxy
	oneIn  int
	faults [numFaults]atomic.Int64
}

const (
	serverError  = iota // 500, and nothing happened
	slowDown            // 503
	conflict            // 409
	precondition        // 412 though the key is free
	hang                // no answer, and nothing happened
	slow                // an answer, but late
	lostAnswer          // carried out, and the connection breaks
	failedAfter         // carried out, and yet 500
	hangAfter           // carried out, and no answer
	numFaults
)

// hangFor is longer than the sinks wait for one answer.
const hangFor = 1200 * time.Millisecond

func startFaultyStore(t *testing.T, endpoint string, oneIn int) (*faultyStore, string) {
	t.Helper()
	target, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	f := &faultyStore{oneIn: oneIn, proxy: &httputil.ReverseProxy{
		// The signature covers the host that the sink asked for.
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = target.Scheme, target.Host
			r.Out.Host = r.In.Host
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return f, server.URL
}

func (f *faultyStore) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if rand.IntN(f.oneIn) > 0 {
		f.proxy.ServeHTTP(w, r)
		return
	}
	fault := rand.IntN(numFaults)
	f.faults[fault].Add(1)
	switch fault {
	case serverError:
		fail(w, r, 500, "InternalError")
	case slowDown:
		fail(w, r, 503, "SlowDown")
	case conflict:
		fail(w, r, 409, "ConditionalRequestConflict")
	case precondition:
		if r.Method != http.MethodPut {
			f.proxy.ServeHTTP(w, r)
			return
		}
		fail(w, r, 412, "PreconditionFailed")
	case hang:
		pause(r, hangFor)
		panic(http.ErrAbortHandler)
	case slow:
		pause(r, hangFor/3)
		f.proxy.ServeHTTP(w, r)
	case lostAnswer:
		f.proxy.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	case failedAfter:
		f.proxy.ServeHTTP(httptest.NewRecorder(), r)
		fail(w, r, 500, "InternalError")
	case hangAfter:
		f.proxy.ServeHTTP(httptest.NewRecorder(), r)
		pause(r, hangFor)
		panic(http.ErrAbortHandler)
	}
}

func fail(w http.ResponseWriter, r *http.Request, status int, code string) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, `<?xml version="1.0"?><Error><Code>%s</Code></Error>`, code)
}

func pause(r *http.Request, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
}

func (f *faultyStore) total() (n int64) {
	for i := range f.faults {
		n += f.faults[i].Load()
	}
	return n
}
