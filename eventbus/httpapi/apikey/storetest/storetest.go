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
// store, as another process would have; the store is empty at the start. Each subtest
// is named after the rule that it enforces.
func Run(t *testing.T, open func(t *testing.T) apikey.Store) {
	s := &suite{open(t), open(t), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	for _, c := range []struct {
		rule string
		test func(*testing.T, *suite)
	}{
		{"AStoreIsEmptyAtTheStart", empty}, // first
		{"AKeyThatIsntThereIsErrNoKey", unknown},
		{"AKeyIsTheSameInEveryProcessAtOnce", same},
		{"ListReturnsAllKeysByTheTimeTheyWereMade", listed},
		{"ARevocationShowsAtOnceInEveryProcess", revoked},
		{"LastUsedTellsWhatUsedNoted", used},
		{"NotingAUseBringsNoKeyBack", usedAgain},
		{"NoKeyIsLostWhenSeveralAreMadeAtATime", together},
	} {
		t.Run(c.rule, func(t *testing.T) { c.test(t, s) })
	}
}

// A suite holds a store as two processes have it.
type suite struct {
	mine, other apikey.Store
	now         time.Time
}

// create makes a key.
func create(t *testing.T, store apikey.Store, spec apikey.Spec, now time.Time) apikey.Key {
	t.Helper()
	key, _, err := apikey.Create(t.Context(), store, spec, now)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func empty(t *testing.T, s *suite) {
	if keys, err := s.mine.List(t.Context()); err != nil || len(keys) != 0 {
		t.Errorf("List: %v, %v", keys, err)
	}
}

func unknown(t *testing.T, s *suite) {
	if _, err := s.mine.Get(t.Context(), "aaaaaaaaaaaa"); !errors.Is(err, apikey.ErrNoKey) {
		t.Errorf("Get: %v, want ErrNoKey", err)
	}
}

func same(t *testing.T, s *suite) {
	spec := apikey.Spec{Label: "intake forms", Scopes: []httpapi.Scope{httpapi.ScopePublish}, Environment: "staging", Types: []string{"user.*"}, Rate: 5, Expires: s.now.Add(time.Hour)}
	key := create(t, s.mine, spec, s.now)
	if got, err := s.other.Get(t.Context(), key.ID); err != nil || !reflect.DeepEqual(got, key) {
		t.Errorf("Get: %+v, %v; want %+v", got, err, key)
	}
}

func listed(t *testing.T, s *suite) {
	later := create(t, s.mine, apikey.Spec{Scopes: httpapi.Scopes}, s.now.Add(2*time.Second))
	sooner := create(t, s.other, apikey.Spec{Scopes: httpapi.Scopes}, s.now.Add(time.Second))
	keys, err := s.mine.List(t.Context())
	if n := len(keys); err != nil || n < 2 || keys[n-2].ID != sooner.ID || keys[n-1].ID != later.ID {
		t.Errorf("List: %v, %v; want %s and %s at the end", keys, err, sooner.ID, later.ID)
	}
}

func revoked(t *testing.T, s *suite) {
	key := create(t, s.mine, apikey.Spec{Scopes: httpapi.Scopes}, s.now)
	if err := apikey.Revoke(t.Context(), s.other, key.ID, s.now); err != nil {
		t.Fatal(err)
	}
	if got, err := s.mine.Get(t.Context(), key.ID); err != nil || got.Status(s.now) != "revoked" {
		t.Errorf("Get: %s, %v", got.Status(s.now), err)
	}
}

func used(t *testing.T, s *suite) {
	key := create(t, s.mine, apikey.Spec{Scopes: httpapi.Scopes}, s.now)
	if err := s.mine.Used(t.Context(), key.ID, s.now); err != nil {
		t.Fatal(err)
	}
	if used, err := s.other.LastUsed(t.Context()); err != nil || !used[key.ID].Equal(s.now) {
		t.Errorf("LastUsed: %v, %v", used[key.ID], err)
	}
}

func usedAgain(t *testing.T, s *suite) {
	key := create(t, s.mine, apikey.Spec{Scopes: httpapi.Scopes}, s.now)
	if err := apikey.Revoke(t.Context(), s.other, key.ID, s.now); err != nil {
		t.Fatal(err)
	}
	if err := s.mine.Used(t.Context(), key.ID, s.now); err != nil {
		t.Fatal(err)
	}
	if got, err := s.other.Get(t.Context(), key.ID); err != nil || got.Status(s.now) != "revoked" {
		t.Errorf("Get: %s, %v", got.Status(s.now), err)
	}
}

func together(t *testing.T, s *suite) {
	before, err := s.mine.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const n = 8
	var makers sync.WaitGroup
	for i := range n {
		makers.Go(func() {
			store := s.mine
			if i%2 == 1 {
				store = s.other
			}
			if _, _, err := apikey.Create(t.Context(), store, apikey.Spec{Label: fmt.Sprint(i), Scopes: httpapi.Scopes}, s.now); err != nil {
				t.Error(err)
			}
		})
	}
	makers.Wait()
	if keys, err := s.other.List(t.Context()); err != nil || len(keys) != len(before)+n {
		t.Errorf("List: %d of %d, %v", len(keys), len(before)+n, err)
	}
}
