package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carebus/carebus/eventbus/httpapi/apikey"
	"github.com/carebus/carebus/examples/internal/service"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/phi/audit"
)

func TestKeys(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		s := newShell(t, url)
		s.env["ENVIRONMENT"] = "development"
		testKeys(t, s, service.NewRedisKeys(redistest.Client(t, url), "development"))
	})
	t.Run("file", func(t *testing.T) {
		s := newShell(t, "")
		s.env["CAREBUS_API_KEYS_FILE"] = filepath.Join(t.TempDir(), "keys.json")
		testKeys(t, s, apikey.NewFile(s.env["CAREBUS_API_KEYS_FILE"]))
	})
}

func testKeys(t *testing.T, s *shell, store apikey.Store) {
	auth := apikey.NewAuthenticator(store, nil, nil)
	works := func(text string) bool {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Authorization", "Bearer "+text)
		_, err := auth.Authenticate(r)
		return err == nil
	}
	if text := s.ok(t, "keys", "list"); !strings.Contains(text, "no keys") {
		t.Error(text)
	}
	text := strings.TrimSpace(s.ok(t, "keys", "create", "-label", "intake forms", "-scopes", "publish,read", "-types", "intake.*"))
	if !works(text) {
		t.Fatalf("the key does not work: %s", text)
	}
	if _, _, err := s.call(t, "keys", "create", "-scopes", "root"); err == nil {
		t.Error("an unknown scope was accepted")
	}
	var next struct{ ID, Key string }
	s.into(t, &next, "keys", "rotate", strings.Split(text, "_")[1], "-overlap", "1h")
	if !works(next.Key) || !works(text) {
		t.Error("the overlap does not work")
	}
	if got := s.ok(t, "keys", "revoke", next.ID); got != "revoked\n" || works(next.Key) {
		t.Error("a revoked key works")
	}
	if _, _, err := s.call(t, "keys", "revoke", "nothing"); !errors.Is(err, apikey.ErrNoKey) {
		t.Errorf("got %v", err)
	}
	list := s.ok(t, "keys", "list")
	if !strings.Contains(list, "intake forms") || !strings.Contains(list, "revoked") || strings.Contains(list, text) {
		t.Error(list)
	}
	var all []map[string]any
	s.into(t, &all, "keys", "list")
	statuses := map[any]int{} // keys of one second come in any order
	for _, k := range all {
		statuses[k["status"]]++
		if hash, there := k["hash"]; there {
			t.Errorf("the list has a hash: %q", hash)
		}
	}
	if len(all) != 2 || statuses["active"] != 1 || statuses["revoked"] != 1 {
		t.Errorf("%v", all)
	}
	var trail struct{ Actions map[audit.Action]int }
	s.into(t, &trail, "audit", "verify", "-audit", filepath.Join(s.env["CAREBUS_AUDIT_DIR"], "operator"))
	if trail.Actions[audit.KeyCreate] != 2 || trail.Actions[audit.KeyRotate] != 1 || trail.Actions[audit.KeyRevoke] != 2 {
		t.Errorf("%+v", trail)
	}
}
