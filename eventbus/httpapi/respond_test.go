package httpapi_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestCompressedAnswers(t *testing.T) {
	a := newAPI(t)
	plain := a.send(t, http.MethodGet, "/api/events/types", "").Body.String()
	for _, c := range []struct {
		accept string
		gzip   bool
	}{{"gzip", true}, {"br, gzip;q=0.5", true}, {"*", true}, {"gzip;q=0", false}, {"br", false}, {"", false}} {
		w := a.send(t, http.MethodGet, "/api/events/types", "", header("Accept-Encoding", c.accept))
		body := w.Body.String()
		if c.gzip {
			z, err := gzip.NewReader(w.Body)
			if err != nil {
				t.Fatalf("%s: %v", c.accept, err)
			}
			b, err := io.ReadAll(z)
			if err != nil {
				t.Fatal(err)
			}
			body = string(b)
		}
		if (w.Header().Get("Content-Encoding") == "gzip") != c.gzip || body != plain || w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: %v", c.accept, w.Header())
		}
	}
}

func TestSecurityHeaders(t *testing.T) {
	a := newAPI(t)
	for _, path := range []string{"/", "/healthz", "/api/events/types", "/nothing"} {
		h := a.send(t, http.MethodGet, path, "", header("Origin", "https://other.example")).Header()
		for name, value := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if h.Get(name) != value {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
		policy := h.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: %s", path, policy)
		}
		for name := range h {
			if strings.HasPrefix(name, "Access-Control-") || name == "Set-Cookie" {
				t.Errorf("%s: %s", path, name)
			}
		}
		if h.Get("Cache-Control") == "" || h.Get("X-Request-Id") == "" || h.Get("Server") != "" {
			t.Errorf("%s: %v", path, h)
		}
	}
}
