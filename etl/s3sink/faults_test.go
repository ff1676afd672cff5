package s3sink

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/internal/s3test"
)

// An answer is what a faulty server does to one request.
type answer struct {
	status int    // 0: pass the request on
	code   string // of the error's XML; "" for an answer without a body
	after  bool   // carry the request out first, and then answer so
	hang   bool   // carry it out at once, but never answer
	cut    bool   // break off the connection
}

// faulty answers the first requests, but for HEAD, with answers and passes on
// the others.
func faulty(tries *atomic.Int64, answers ...answer) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodHead {
				next.ServeHTTP(w, r)
				return
			}
			n := int(tries.Add(1)) - 1
			if n >= len(answers) || answers[n] == (answer{}) {
				next.ServeHTTP(w, r)
				return
			}
			a := answers[n]
			body, _ := io.ReadAll(r.Body)
			if a.after {
				r.Body = io.NopCloser(bytes.NewReader(body))
				next.ServeHTTP(httptest.NewRecorder(), r)
			}
			switch {
			case a.cut:
				panic(http.ErrAbortHandler)
			case a.hang:
				<-r.Context().Done()
				return
			}
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(a.status)
			if a.code != "" {
				fmt.Fprintf(w, `<?xml version="1.0"?><Error><Code>%s</Code><Message>in words</Message></Error>`, a.code)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	const key = "plans/test/0/1.json"
	for _, c := range []struct {
		name    string
		answers []answer
		want    error // nil: stored
		tries   int64
		text    string // in the error
	}{
		{"conflict", []answer{{status: 409, code: "ConditionalRequestConflict"}, {status: 409, code: "ConditionalRequestConflict"}}, nil, 3, ""},
		{"precondition failed", []answer{{status: 412, code: "PreconditionFailed"}}, etl.ErrExists, 1, ""},
		{"precondition failed in HTTP alone", []answer{{status: 412}}, etl.ErrExists, 1, ""},
		{"slow down", []answer{{status: 503, code: "SlowDown"}}, nil, 2, ""},
		{"server error", []answer{{status: 500, code: "InternalError"}, {status: 502}, {status: 504}}, nil, 4, ""},
		{"request timeout", []answer{{status: 400, code: "RequestTimeout"}}, nil, 2, ""},
		{"too many requests", []answer{{status: 429}}, nil, 2, ""},
		{"key throttled", []answer{{status: 400, code: "ThrottlingException"}}, nil, 2, ""},
		{"connection cut", []answer{{cut: true}}, nil, 2, ""},
		{"no answer", []answer{{hang: true}}, nil, 2, ""},
		{"done, but the answer is an error", []answer{{status: 500, after: true}}, etl.ErrExists, 2, ""},
		{"done, but the answer is lost", []answer{{cut: true, after: true}}, etl.ErrExists, 1, ""},
		{"done, but no answer comes", []answer{{hang: true, after: true}}, etl.ErrExists, 1, ""},
		{"down for long", slices.Repeat([]answer{answer{status: 503}}, 9), errAny, 4, "4 tries: the store answered"},
		{"access denied", []answer{{status: 403, code: "AccessDenied"}}, etl.ErrPermanent, 1, "s3:ListBucket"},
		{"no such bucket", []answer{{status: 404, code: "NoSuchBucket"}}, etl.ErrPermanent, 1, "no such bucket"},
		{"no such user", []answer{{status: 404, code: "XAdminUserNotFound"}}, etl.ErrPermanent, 1, "AWS_ACCESS_KEY_ID"}, // versitygw
		{"no store", []answer{{status: 404}}, etl.ErrPermanent, 1, "AWS_ENDPOINT_URL_S3"},
		{"another region", []answer{{status: 301, code: "PermanentRedirect"}}, etl.ErrPermanent, 1, "AWS_REGION"},
		{"unknown key", []answer{{status: 403, code: "InvalidAccessKeyId"}}, etl.ErrPermanent, 1, "AWS_ACCESS_KEY_ID"},
		{"not implemented", []answer{{status: 501, code: "NotImplemented"}}, etl.ErrPermanent, 1, "Config.Checksum"},
		{"forbidden in HTTP alone", []answer{{status: 403}}, etl.ErrPermanent, 1, "access denied"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var tries atomic.Int64
			server := s3test.Fake(t, faulty(&tries, c.answers...))
			s := open(t, server, patience(c.answers))
			s.refuses.Store(true)
			err := s.PutIfAbsent(t.Context(), etl.Object{Key: key, Body: []byte("a body that is secret")})
			if tries.Load() != c.tries {
				t.Errorf("%d tries, want %d", tries.Load(), c.tries)
			}
			wantError(t, err, c.want, c.text)
			if c.want == nil || len(c.answers) > 0 && c.answers[0].after {
				if got, err := s.Get(t.Context(), key); err != nil || string(got) != "a body that is secret" {
					t.Errorf("Get = %q, %v", got, err)
				}
			}
		})
	}
}

// TestPutOfATakenKeyThatIsCutOff: a store that refuses a key that is taken
// without reading the body resets the connection, and its answer may be lost
// with every try.
func TestPutOfATakenKeyThatIsCutOff(t *testing.T) {
	var tries atomic.Int64
	server := s3test.Fake(t, faulty(&tries, append([]answer{{}}, slices.Repeat([]answer{answer{cut: true}}, 9)...)...))
	s := open(t, server, nil)
	s.refuses.Store(true)
	if err := s.PutIfAbsent(t.Context(), etl.Object{Key: "k", Body: []byte("first")}); err != nil {
		t.Fatal(err)
	}
	if err := s.PutIfAbsent(t.Context(), etl.Object{Key: "k", Body: []byte("second")}); !errors.Is(err, etl.ErrExists) {
		t.Errorf("PutIfAbsent = %v, want ErrExists", err)
	}
	if tries.Load() != 2 {
		t.Errorf("%d PUT requests, want 2", tries.Load())
	}
}

// TestAStoreThatOverwrites passes over If-None-Match; a store that heeds it is
// asked once.
func TestAStoreThatOverwrites(t *testing.T) {
	server := s3test.Fake(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Header.Del("If-None-Match")
			next.ServeHTTP(w, r)
		})
	})
	s := open(t, server, nil)
	for range 2 {
		err := s.PutIfAbsent(t.Context(), etl.Object{Key: "k", Body: []byte("a body that is secret")})
		wantError(t, err, etl.ErrPermanent, "If-None-Match")
	}

	var puts atomic.Int64
	s = open(t, s3test.Fake(t, faulty(&puts, answer{}, answer{status: 503}, answer{cut: true})), nil)
	for _, key := range []string{"a", "b", "c"} {
		if err := s.PutIfAbsent(t.Context(), etl.Object{Key: key, Body: []byte("a body that is secret")}); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
	if puts.Load() != 6 { // a: stored, asked in vain, cut off and found there; b: stored, refused; c: stored
		t.Errorf("%d PUT requests, want 6", puts.Load())
	}
}

var errAny = errors.New("any error")

func wantError(t *testing.T, err, want error, text string) {
	t.Helper()
	switch {
	case want == nil && err != nil, want == errAny && err == nil, want != nil && want != errAny && !errors.Is(err, want):
		t.Errorf("error %v, want %v", err, want)
	case err != nil && (!strings.Contains(err.Error(), text) || strings.Contains(err.Error(), "secret")):
		t.Errorf("error %q must say %q and nothing of the body", err, text)
	}
}

func TestGetFaults(t *testing.T) {
	for _, c := range []struct {
		name    string
		answers []answer
		want    error
	}{
		{"server error", []answer{{status: 500}, {status: 503, code: "SlowDown"}}, nil},
		{"cut", []answer{{cut: true}}, nil},
		{"hang", []answer{{hang: true}}, nil},
		{"no such key", []answer{{status: 404, code: "NoSuchKey"}}, etl.ErrNotFound},
		{"no such user", []answer{{status: 404, code: "XAdminUserNotFound"}}, etl.ErrPermanent}, // versitygw
		{"no store", []answer{{status: 404}}, etl.ErrPermanent},
		{"forbidden", []answer{{status: 403, code: "AccessDenied"}}, etl.ErrPermanent},
	} {
		t.Run(c.name, func(t *testing.T) {
			var tries atomic.Int64
			server := s3test.Fake(t, faulty(&tries, append([]answer{{}}, c.answers...)...))
			s := open(t, server, patience(c.answers))
			s.refuses.Store(true)
			if err := s.PutIfAbsent(t.Context(), etl.Object{Key: "k", Body: []byte("body")}); err != nil {
				t.Fatal(err)
			}
			_, err := s.Get(t.Context(), "k")
			wantError(t, err, c.want, "")
		})
	}
}

// TestGetOfABodyCutShort: a connection that ends within a body must not pass
// for a shorter body.
func TestGetOfABodyCutShort(t *testing.T) {
	var tries atomic.Int64
	server := s3test.Fake(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet && tries.Add(1) == 1 {
				w.Header().Set("Content-Length", "1000")
				_, _ = w.Write([]byte("half"))
				panic(http.ErrAbortHandler)
			}
			next.ServeHTTP(w, r)
		})
	})
	s := open(t, server, nil)
	if err := s.PutIfAbsent(t.Context(), etl.Object{Key: "k", Body: []byte("whole")}); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Get(t.Context(), "k"); err != nil || string(got) != "whole" || tries.Load() != 2 {
		t.Errorf("Get = %q, %v after %d tries", got, err, tries.Load())
	}
}

// TestRedirects: a gateway that sends to a page of its own has stored nothing, and
// its page is no object.
func TestRedirects(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := s3test.Fake(t, func(http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/page" {
					http.Redirect(w, r, "/page", status)
				}
			})
		})
		s := open(t, server, func(c *Config) { c.Attempts = 1 })
		if err := s.PutIfAbsent(t.Context(), etl.Object{Key: "k", Body: []byte("body")}); err == nil || errors.Is(err, etl.ErrExists) {
			t.Errorf("HTTP %d: PutIfAbsent = %v", status, err)
		}
		if got, err := s.Get(t.Context(), "k"); err == nil || errors.Is(err, etl.ErrNotFound) {
			t.Errorf("HTTP %d: Get = %q, %v", status, got, err)
		}
		if err := s.Delete(t.Context(), "k"); err == nil {
			t.Errorf("HTTP %d: Delete = nil", status)
		}
		if s.has(t.Context(), &s3.PutObjectInput{Bucket: aws.String(server.Bucket), Key: aws.String("k")}) {
			t.Errorf("HTTP %d: a key that was never put is there", status)
		}
	}
}

func TestHeaders(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Config)
		want   map[string]string
	}{
		{"default", nil, map[string]string{
			"If-None-Match": "*", "X-Amz-Server-Side-Encryption": "AES256", "X-Amz-Tagging": "",
			"X-Amz-Checksum-Crc64nvme": "rosUhgp5mIg=", "Content-Type": "application/x-ndjson",
			"X-Amz-Meta-Rows": "3", "X-Amz-Meta-Sha256": "abc", "X-Amz-Meta-Data-Class": "restricted",
		}},
		{"KMS and tag", func(c *Config) { c.KMSKeyID, c.Tag = "alias/lake", true }, map[string]string{
			"X-Amz-Server-Side-Encryption": "aws:kms", "X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id": "alias/lake",
			"X-Amz-Server-Side-Encryption-Bucket-Key-Enabled": "true", "X-Amz-Tagging": "data-class=restricted",
		}},
		{"bare", func(c *Config) { c.BucketEncryption, c.Checksum = true, NoChecksum }, map[string]string{
			"X-Amz-Server-Side-Encryption": "", "X-Amz-Checksum-Crc64nvme": "", "If-None-Match": "*",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got http.Header
			var path string
			server := s3test.Fake(t, func(http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got, path = r.Header, r.URL.Path })
			})
			s := open(t, server, c.change)
			s.refuses.Store(true)
			err := s.PutIfAbsent(t.Context(), etl.Object{
				Key: "events/k", Body: []byte("123456789"), ContentType: "application/x-ndjson",
				Rows: 3, SHA256: "abc", DataClass: "restricted",
			})
			if err != nil {
				t.Fatal(err)
			}
			if path != "/"+server.Bucket+"/lake/a/events/k" {
				t.Errorf("path %s", path)
			}
			for name, want := range c.want {
				if got.Get(name) != want {
					t.Errorf("%s: %q, want %q", name, got.Get(name), want)
				}
			}
		})
	}
}

func TestNoServer(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	s := open(t, s3test.Server{Endpoint: server.URL, Region: "us-east-1", Bucket: "b-1", AccessKey: "k", SecretKey: "s"}, nil)
	if _, err := s.Get(t.Context(), "a"); err == nil || !strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("Get = %v, want an error that names the address", err)
	}
}

func TestNoCredentials(t *testing.T) {
	server := s3test.Fake(t, nil)
	server.AccessKey, server.SecretKey = "", ""
	s := open(t, server, nil)
	_, err := s.Get(t.Context(), "a")
	if !errors.Is(err, etl.ErrPermanent) || !strings.Contains(err.Error(), "AWS_ACCESS_KEY_ID") {
		t.Errorf("Get = %v, want ErrPermanent that says what to set", err)
	}
}
