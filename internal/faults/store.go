package faults

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/sleep"
)

// An Answer is what a request to the lake's store gets in place of its own.
type Answer string

// answers are those of the package documentation.
var answers = []Answer{"500", "503", "409", "412", "hang", "slow", "lost", "failed", "stuck"}

// A FaultyStore stands before an S3 server and lets requests go wrong. It is safe
// for concurrent use.
type FaultyStore struct {
	URL string

	proxy *httputil.ReverseProxy
	mu    sync.Mutex
	one   int // in so many requests goes wrong; 0: none does
	with  []Answer
	count map[Answer]int
}

// hangFor is longer than the sinks wait for an answer.
const hangFor = 1200 * time.Millisecond

// StartFaultyStore starts a store before the server at an URL. It ends with the test.
func StartFaultyStore(t testing.TB, endpoint string) *FaultyStore {
	t.Helper()
	target, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	f := &FaultyStore{count: map[Answer]int{}, proxy: &httputil.ReverseProxy{
		// The signature covers the host that the sink asked for.
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = target.Scheme, target.Host
			r.Out.Host = r.In.Host
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	f.URL = server.URL
	return f
}

// Fail has one in so many requests go wrong from now on, none if that is 0. No
// answers mean all of them.
func (f *FaultyStore) Fail(oneIn int, with ...Answer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.one, f.with = oneIn, with; len(with) == 0 {
		f.with = answers
	}
}

// Failed returns how many requests went wrong.
func (f *FaultyStore) Failed() (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.count {
		n += c
	}
	return n
}

// choose returns what a request gets; "" for its own answer.
func (f *FaultyStore) choose(r *http.Request) Answer {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.one == 0 || rand.IntN(f.one) > 0 {
		return ""
	}
	a := f.with[rand.IntN(len(f.with))]
	if a == "412" && r.Method != http.MethodPut {
		return ""
	}
	f.count[a]++
	return a
}

// ServeHTTP implements [http.Handler].
func (f *FaultyStore) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := f.choose(r)
	if slices.Contains([]Answer{"lost", "failed", "stuck"}, a) {
		f.proxy.ServeHTTP(httptest.NewRecorder(), r)
	}
	switch a {
	case "500", "failed":
		refuse(w, r, http.StatusInternalServerError, "InternalError")
	case "503":
		refuse(w, r, http.StatusServiceUnavailable, "SlowDown")
	case "409":
		refuse(w, r, http.StatusConflict, "ConditionalRequestConflict")
	case "412":
		refuse(w, r, http.StatusPreconditionFailed, "PreconditionFailed")
	case "hang", "stuck":
		sleep.For(r.Context(), hangFor)
		panic(http.ErrAbortHandler)
	case "lost":
		panic(http.ErrAbortHandler)
	case "slow":
		sleep.For(r.Context(), hangFor/3)
		fallthrough
	default:
		f.proxy.ServeHTTP(w, r)
	}
}

func refuse(w http.ResponseWriter, r *http.Request, status int, code string) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, `<?xml version="1.0"?><Error><Code>%s</Code></Error>`, code)
}
