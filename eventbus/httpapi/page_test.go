package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestPage holds the page to its policy: one file that loads nothing.
func TestPage(t *testing.T) {
	w := newAPI(t).send(t, http.MethodGet, "/", "", as(""))
	page, policy := w.Body.String(), w.Header().Get("Content-Security-Policy")
	for _, bad := range []string{"http://", "https://", " src=", "@import", "url(", " style=", " onclick=", " onload=", "innerHTML", "eval(", "localStorage", "document.cookie"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if !strings.Contains(policy, "script-src 'sha256-") || !strings.Contains(policy, "style-src 'sha256-") || !strings.Contains(policy, "connect-src 'self'") {
		t.Error(policy)
	}
	for _, needed := range []string{`<html lang="en"`, `name="viewport"`, "prefers-color-scheme", "prefers-reduced-motion", `aria-live`, `<main`, `<h1`} {
		if !strings.Contains(page, needed) {
			t.Errorf("the page lacks %q", needed)
		}
	}
}
