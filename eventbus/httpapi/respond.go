package httpapi

import (
	"compress/gzip"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// securityHeaders are set on every answer. The page replaces the first.
func securityHeaders(h http.Header, r *http.Request) {
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cache-Control", "no-store")
	if r.TLS != nil {
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	}
}

// A writer notes the status, and keeps the body of answers to HEAD back.
type writer struct {
	http.ResponseWriter
	status int
	head   bool
}

func (w *writer) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *writer) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.head {
		return len(b), nil
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap is for [http.ResponseController].
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// json answers with JSON.
func (c *call) json(status int, v any) *problem {
	body, err := json.Marshal(v)
	if err != nil {
		return newProblem("internal", "")
	}
	return c.body(status, "application/json", body)
}

// minGzip is the least body that compressing pays for.
const minGzip = 1 << 10

var gzips = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// body answers with bytes. The answer waits until the audit trail has been told.
func (c *call) body(status int, contentType string, body []byte) *problem {
	c.reply = func() { c.write(status, contentType, body) }
	return nil
}

// write writes the answer, compressed where the client takes it.
func (c *call) write(status int, contentType string, body []byte) {
	h := c.w.Header()
	h.Set("Content-Type", contentType)
	large := len(body) >= minGzip
	if large {
		h.Add("Vary", "Accept-Encoding")
	}
	if !large || !acceptsGzip(c.r.Header.Values("Accept-Encoding")) {
		h.Set("Content-Length", strconv.Itoa(len(body)))
		c.w.WriteHeader(status)
		c.w.Write(body) //nolint:errcheck // the client may be gone
		return
	}
	h.Set("Content-Encoding", "gzip")
	c.w.WriteHeader(status)
	z := gzips.Get().(*gzip.Writer)
	defer gzips.Put(z)
	z.Reset(c.w)
	z.Write(body) //nolint:errcheck // as above
	z.Close()     //nolint:errcheck // as above
}

// acceptsGzip reads Accept-Encoding (RFC 9110, 12.5.3).
func acceptsGzip(values []string) bool {
	for _, v := range values {
		for part := range strings.SplitSeq(v, ",") {
			coding, weight, _ := strings.Cut(part, ";")
			if c := strings.TrimSpace(coding); c != "gzip" && c != "*" {
				continue
			}
			q, given := strings.CutPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
			f, err := strconv.ParseFloat(q, 64)
			return !given || err == nil && f > 0
		}
	}
	return false
}

// query returns the query's parameters, which must be among the known ones and
// stand once. Credentials in a URL are refused like anything unknown.
func (c *call) query(known ...string) (url.Values, *problem) {
	q, err := url.ParseQuery(c.r.URL.RawQuery)
	if err != nil {
		return nil, newProblem("bad-parameter", "The query can't be parsed.")
	}
	for name, values := range q {
		if !slices.Contains(known, name) || len(values) != 1 {
			return nil, newProblem("bad-parameter", "The query may hold "+strings.Join(known, ", ")+", each once.")
		}
	}
	return q, nil
}
