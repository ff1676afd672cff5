package apikey_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/eventbus/httpapi/apikey"
	"github.com/carebus/carebus/eventbus/httpapi/apikey/storetest"
)

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	storetest.Run(t, func(*testing.T) apikey.Store { return apikey.NewFile(path) })
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestMemory(t *testing.T) {
	m := apikey.NewMemory()
	storetest.Run(t, func(*testing.T) apikey.Store { return m })
}

func TestFileDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	if err := os.WriteFile(path, []byte(`{"format":"carebus-api-keys/1","keys":[{"id":"a"`), 0o600); err != nil {
		t.Fatal(err)
	}
	s := apikey.NewFile(path)
	if _, err := s.Get(t.Context(), "a"); err == nil || errors.Is(err, apikey.ErrNoKey) {
		t.Errorf("got %v", err)
	}
	if err := s.Put(t.Context(), apikey.Key{ID: "b"}); err == nil {
		t.Error("a damaged file was overwritten")
	}
}

// clock is a clock to set.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func request(text string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	if text != "" {
		r.Header.Set("Authorization", "Bearer "+text)
	}
	return r
}

func reason(t *testing.T, a httpapi.Authenticator, text string) string {
	t.Helper()
	_, err := a.Authenticate(request(text))
	var refused *httpapi.AuthError
	switch {
	case err == nil:
		return "good"
	case errors.Is(err, httpapi.ErrNoCredentials):
		return "none"
	case errors.As(err, &refused):
		if strings.Contains(err.Error(), text[:min(len(text), 8)]) {
			t.Error("the error holds the key")
		}
		return refused.Reason
	}
	return err.Error()
}

// A desk is a store of keys in a file, with an authenticator and a clock.
type desk struct {
	path  string
	store *apikey.File
	auth  httpapi.Authenticator
	*clock
}

func newDesk(t *testing.T) desk {
	c := &clock{time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	path := filepath.Join(t.TempDir(), "keys.json")
	store := apikey.NewFile(path)
	return desk{path, store, apikey.NewAuthenticator(store, c.Now, nil), c}
}

// create makes a key, and returns its text, too.
func (d desk) create(t *testing.T, spec apikey.Spec) (apikey.Key, string) {
	t.Helper()
	key, text, err := apikey.Create(t.Context(), d.store, spec, d.now)
	if err != nil {
		t.Fatal(err)
	}
	return key, text
}

var staging = apikey.Spec{Scopes: []httpapi.Scope{httpapi.ScopePublish}, Environment: "staging", Types: []string{"user.*"}, Rate: 7}

func TestAuthenticate(t *testing.T) {
	d := newDesk(t)
	key, text := d.create(t, staging)
	p, err := d.auth.Authenticate(request(text))
	if err != nil || p.Name != "key/"+key.ID || !slices.Equal(p.Scopes, staging.Scopes) || p.Environment != "staging" || p.Rate != 7 || !p.MayPublish("user.created") || p.MayPublish("note.signed") {
		t.Errorf("%+v, %v", p, err)
	}
	b, err := os.ReadFile(d.path)
	if err != nil {
		t.Fatal(err)
	}
	if secret := strings.Split(text, "_")[2]; strings.Contains(string(b), secret) {
		t.Error("the store holds the secret")
	}
	other, otherText, err := apikey.Generate(staging, d.now) // never stored
	if err != nil {
		t.Fatal(err)
	}
	parts, otherParts := strings.Split(text, "_"), strings.Split(otherText, "_")
	for _, bad := range []struct{ name, text, want string }{
		{"nothing", "", "none"},
		{"another kind of token", "eyJhbGciOi.x.y", "none"},
		{"a mistyped key", text[:30] + flip(text[30]) + text[31:], "malformed"},
		{"a key cut short", text[:len(text)-1], "malformed"},
		{"an unknown key", otherText, "unknown"},
		{"a prefix alone", "cbk_", "malformed"},
		{"the id with another secret", forge(parts[1], otherParts[2]), "unknown"},
		{"another id with the secret", forge(other.ID, parts[2]), "unknown"},
		{"the hash as the key", key.Hash, "none"},
	} {
		if got := reason(t, d.auth, bad.text); got != bad.want {
			t.Errorf("%s: %s, want %s", bad.name, got, bad.want)
		}
	}
}

func TestExpiry(t *testing.T) {
	d := newDesk(t)
	key, text := d.create(t, apikey.Spec{Scopes: httpapi.Scopes, Expires: d.now.Add(time.Hour)})
	d.now = d.now.Add(time.Hour - time.Second)
	if got := reason(t, d.auth, text); got != "good" {
		t.Errorf("before its end: %s", got)
	}
	d.now = d.now.Add(time.Second)
	if got := reason(t, d.auth, text); got != "expired" {
		t.Errorf("at its end: %s", got)
	}
	if _, _, err := apikey.Rotate(t.Context(), d.store, key.ID, time.Minute, d.now); err == nil {
		t.Error("an expired key was rotated")
	}
}

func TestRotateAndRevoke(t *testing.T) {
	ctx, d := t.Context(), newDesk(t)
	key, text := d.create(t, staging)
	next, nextText, err := apikey.Rotate(ctx, d.store, key.ID, time.Hour, d.now)
	if err != nil || !slices.Equal(next.Scopes, key.Scopes) || !slices.Equal(next.Types, key.Types) || next.Rate != key.Rate {
		t.Fatalf("%+v, %v", next, err)
	}
	if a, b := reason(t, d.auth, text), reason(t, d.auth, nextText); a != "good" || b != "good" {
		t.Errorf("in the overlap: %s, %s", a, b)
	}
	d.now = d.now.Add(time.Hour)
	if a, b := reason(t, d.auth, text), reason(t, d.auth, nextText); a != "expired" || b != "good" {
		t.Errorf("after the overlap: %s, %s", a, b)
	}
	if err := apikey.Revoke(ctx, apikey.NewFile(d.path), next.ID, d.now); err != nil { // by another process
		t.Fatal(err)
	}
	if got := reason(t, d.auth, nextText); got != "revoked" {
		t.Errorf("after the revocation: %s", got)
	}
	used, err := d.store.LastUsed(ctx)
	if err != nil || used[next.ID].IsZero() || used[key.ID].IsZero() {
		t.Errorf("%v, %v", used, err)
	}
}

func flip(b byte) string {
	if b == 'a' {
		return "b"
	}
	return "a"
}

// forge makes a well-formed key of parts.
func forge(id, secret string) string {
	return apikey.WithChecksum("cbk_" + id + "_" + secret)
}

func TestSpecs(t *testing.T) {
	for name, spec := range map[string]apikey.Spec{
		"no scope":             {},
		"an unknown scope":     {Scopes: []httpapi.Scope{"root"}},
		"an environment":       {Scopes: httpapi.Scopes, Environment: "Big One"},
		"a type":               {Scopes: httpapi.Scopes, Types: []string{"user"}},
		"a pattern in between": {Scopes: httpapi.Scopes, Types: []string{"u*.created"}},
		"a label":              {Scopes: httpapi.Scopes, Label: "a\nb"},
		"a rate":               {Scopes: httpapi.Scopes, Rate: -1},
	} {
		if _, _, err := apikey.Generate(spec, time.Now()); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

// brokenStore can't be asked.
type brokenStore struct{ apikey.Store }

func (brokenStore) Get(context.Context, string) (apikey.Key, error) {
	return apikey.Key{}, errors.New("away")
}

func TestStoreAway(t *testing.T) {
	_, text, err := apikey.Generate(apikey.Spec{Scopes: httpapi.Scopes}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	_, err = apikey.NewAuthenticator(brokenStore{}, nil, nil).Authenticate(request(text))
	var refused *httpapi.AuthError
	if err == nil || errors.As(err, &refused) || errors.Is(err, httpapi.ErrNoCredentials) {
		t.Errorf("got %v, which is an answer", err)
	}
}

// holding returns a store with one key.
func holding(t testing.TB, k apikey.Key) apikey.Store {
	t.Helper()
	m := apikey.NewMemory()
	if err := m.Put(context.Background(), k); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestTiming compares how long refusals take: a secret that is wrong in its
// first character, one that is wrong in its last, and an unknown id.
func TestTiming(t *testing.T) {
	key, text, err := apikey.Generate(apikey.Spec{Scopes: httpapi.Scopes}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	auth := apikey.NewAuthenticator(holding(t, key), nil, nil) // in memory, so that no disk blurs the times
	secret := strings.Split(text, "_")[2]
	_, otherText, err := apikey.Generate(apikey.Spec{Scopes: httpapi.Scopes}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	requests := []*http.Request{
		request(forge(key.ID, flip(secret[0])+secret[1:])),
		request(forge(key.ID, secret[:len(secret)-2]+flip(secret[len(secret)-2])+secret[len(secret)-1:])),
		request(otherText),
	}
	times := make([][]time.Duration, len(requests))
	for range 5000 { // in turn, so that the machine's moods hit all alike
		for i, r := range requests {
			began := time.Now()
			if _, err := auth.Authenticate(r); err == nil {
				t.Fatal("accepted")
			}
			times[i] = append(times[i], time.Since(began))
		}
	}
	var medians []time.Duration
	for _, d := range times {
		slices.Sort(d)
		medians = append(medians, d[len(d)/2])
	}
	if fast, slow := slices.Min(medians), slices.Max(medians); slow > fast+fast/2 {
		t.Errorf("medians %v differ by more than half", medians)
	}
}

func FuzzAuthenticate(f *testing.F) {
	key, text, err := apikey.Generate(apikey.Spec{Scopes: httpapi.Scopes}, time.Now())
	if err != nil {
		f.Fatal(err)
	}
	auth := apikey.NewAuthenticator(holding(f, key), nil, nil)
	f.Add(text[:len(text)-1] + "_")
	f.Add("cbk_" + key.ID)
	f.Fuzz(func(t *testing.T, s string) {
		if s == text {
			return
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header["Authorization"] = []string{"Bearer " + s}
		if p, err := auth.Authenticate(r); err == nil && strings.TrimSpace(s) != text {
			t.Errorf("%+v", p)
		}
	})
}

func ExampleCreate() {
	dir, _ := os.MkdirTemp("", "keys")
	defer os.RemoveAll(dir)
	store := apikey.NewFile(filepath.Join(dir, "keys.json"))
	_, text, err := apikey.Create(context.Background(), store, apikey.Spec{
		Label: "intake forms", Scopes: []httpapi.Scope{httpapi.ScopePublish}, Types: []string{"intake.*"},
	}, time.Now())
	fmt.Println(text[:4], len(text), err) // show it once
	// Output: cbk_ 76 <nil>
}
