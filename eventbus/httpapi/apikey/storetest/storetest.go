// Package storetest holds the contract of apikey.Store as tests.
package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/eventbus/httpapi/apikey"
)

// Run tests stores. Each call of open returns a new handle of one and the same
// store, as another process would have; the store is empty at the start.
func Run(t *testing.T, open func(t *testing.T) apikey.Store) {
	ctx := t.Context()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	mine, other := open(t), open(t)
	spec := apikey.Spec{Label: "intake forms", Scopes: []httpapi.Scope{httpapi.ScopePublish}, Environment: "staging", Types: []string{"user.*"}, Rate: 5, Expires: now.Add(time.Hour)}

	if _, err := mine.Get(ctx, "aaaaaaaaaaaa"); !errors.Is(err, apikey.ErrNoKey) {
		t.Errorf("Get of an unknown key: %v, want ErrNoKey", err)
	}
	if keys, err := mine.List(ctx); err != nil || len(keys) != 0 {
		t.Errorf("List of an empty store: %v, %v", keys, err)
	}
	first, _, err := apikey.Create(ctx, mine, spec, now)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := other.Get(ctx, first.ID); err != nil || !reflect.DeepEqual(got, first) {
		t.Errorf("a key must be the same in another process, at once: %+v, %v", got, err)
	}
	second, _, err := apikey.Create(ctx, other, apikey.Spec{Scopes: httpapi.Scopes}, now.Add(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if keys, err := mine.List(ctx); err != nil || len(keys) != 2 || keys[0].ID != first.ID || keys[1].ID != second.ID {
		t.Errorf("List must return all keys by the time they were made: %v", err)
	}
	if err := apikey.Revoke(ctx, other, first.ID, now); err != nil {
		t.Fatal(err)
	}
	if got, err := mine.Get(ctx, first.ID); err != nil || got.Status(now) != "revoked" {
		t.Errorf("a revocation must show at once in every process: %v", err)
	}
	if err := mine.Used(ctx, first.ID, now); err != nil {
		t.Fatal(err)
	}
	if used, err := other.LastUsed(ctx); err != nil || !used[first.ID].Equal(now) {
		t.Errorf("LastUsed must tell what Used noted: %v, %v", used, err)
	}
	if got, err := other.Get(ctx, first.ID); err != nil || got.Status(now) != "revoked" {
		t.Errorf("noting a use must not bring a key back: %v", err)
	}

	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			s := mine
			if i%2 == 1 {
				s = other
			}
			if _, _, err := apikey.Create(ctx, s, apikey.Spec{Label: fmt.Sprint(i), Scopes: httpapi.Scopes}, now); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if keys, err := open(t).List(ctx); err != nil || len(keys) != 10 {
		t.Errorf("no key may be lost when several are made at a time: %d of 10, %v", len(keys), err)
	}
}
