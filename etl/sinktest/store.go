package sinktest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/etl"
)

// A Store is a sink whose objects can be listed and deleted.
type Store interface {
	etl.Sink
	etl.Store
}

// RunStore tests the part of a store's contract that goes beyond that of a sink:
// that of [etl.Store].
func RunStore(t *testing.T, open func(t *testing.T) Store) {
	for _, c := range storeCases {
		t.Run(c.rule, func(t *testing.T) {
			store := open(t)
			prefix := fmt.Sprintf("storetest/%016x/", rand.Uint64())
			c.test(t, &storeSuite{suite{store, prefix}, store})
		})
	}
}

type storeSuite struct {
	suite
	store Store
}

var storeCases = []struct {
	rule string
	test func(*testing.T, *storeSuite)
}{
	{"ListYieldsWhatBeginsWithThePrefixAndNothingElse", listPrefix},
	{"ListTellsSizeAndTime", listInfo},
	{"ListMayBeLeft", listLeft},
	{"DeleteRemovesOneObject", deleteOne},
	{"DeleteOfNothingIsNil", deleteNothing},
	{"ADeletedKeyIsFreeAgain", deletedIsFree},
	{"DeleteOfAnInvalidKeyIsErrKey", deleteInvalid},
	{"AContextThatIsDoneStopsListAndDelete", storeCancelled},
}

func (s *storeSuite) keys(t *testing.T, prefix string) []string {
	t.Helper()
	var keys []string
	for o, err := range s.store.List(t.Context(), s.prefix+prefix) {
		if err != nil {
			t.Fatalf("List = %v", err)
		}
		keys = append(keys, strings.TrimPrefix(o.Key, s.prefix))
	}
	slices.Sort(keys)
	return keys
}

func (s *storeSuite) wantKeys(t *testing.T, prefix string, want ...string) {
	t.Helper()
	if got := s.keys(t, prefix); !slices.Equal(got, want) {
		t.Errorf("List(%q) yields %q, want %q", prefix, got, want)
	}
}

func listPrefix(t *testing.T, s *storeSuite) {
	s.wantKeys(t, "")
	for _, key := range []string{"a/b/one", "a/b/two", "a/bc", "a/c/three", "b"} {
		s.mustPut(t, key, []byte(key))
	}
	s.wantKeys(t, "", "a/b/one", "a/b/two", "a/bc", "a/c/three", "b")
	s.wantKeys(t, "a/", "a/b/one", "a/b/two", "a/bc", "a/c/three")
	s.wantKeys(t, "a/b", "a/b/one", "a/b/two", "a/bc")
	s.wantKeys(t, "a/b/", "a/b/one", "a/b/two")
	s.wantKeys(t, "a/b/t", "a/b/two")
	s.wantKeys(t, "none/")
	s.wantKeys(t, "a/none/none")
}

func listInfo(t *testing.T, s *storeSuite) {
	s.mustPut(t, "k", []byte("five!"))
	n := 0
	for o, err := range s.store.List(t.Context(), s.prefix) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		if age := time.Since(o.Written).Abs(); o.Key != s.prefix+"k" || o.Bytes != 5 || age > time.Hour {
			t.Errorf("%s: %d bytes, written %v ago", o.Key, o.Bytes, age)
		}
	}
	if n != 1 {
		t.Errorf("%d objects, want 1", n)
	}
}

func listLeft(t *testing.T, s *storeSuite) {
	s.mustPut(t, "a", []byte("x"))
	s.mustPut(t, "b", []byte("x"))
	n := 0
	for range s.store.List(t.Context(), s.prefix) {
		n++
		break
	}
	if n != 1 {
		t.Errorf("%d objects before the loop was left, want 1", n)
	}
}

func deleteOne(t *testing.T, s *storeSuite) {
	for _, key := range []string{"a/one", "a/one.more", "a/two"} {
		s.mustPut(t, key, bytes.Repeat([]byte("x"), 1000))
	}
	if err := s.store.Delete(t.Context(), s.prefix+"a/one"); err != nil {
		t.Fatalf("Delete = %v", err)
	}
	if _, err := s.store.Get(t.Context(), s.prefix+"a/one"); !errors.Is(err, etl.ErrNotFound) {
		t.Errorf("Get of a deleted object = %v, want ErrNotFound", err)
	}
	s.wantKeys(t, "", "a/one.more", "a/two")
}

func deleteNothing(t *testing.T, s *storeSuite) {
	s.mustPut(t, "a", []byte("x"))
	for _, key := range []string{"none", "none/none"} {
		if err := s.store.Delete(t.Context(), s.prefix+key); err != nil {
			t.Errorf("Delete(%q) = %v", key, err)
		}
	}
	s.wantKeys(t, "", "a")
}

func deletedIsFree(t *testing.T, s *storeSuite) {
	s.mustPut(t, "a/k", []byte("first"))
	if err := s.store.Delete(t.Context(), s.prefix+"a/k"); err != nil {
		t.Fatal(err)
	}
	s.mustPut(t, "a/k", []byte("second"))
	s.wantBody(t, "a/k", []byte("second"))
}

func deleteInvalid(t *testing.T, s *storeSuite) {
	for _, key := range []string{"", "..", "../x", "a/../b", "/", "a b"} {
		if err := s.store.Delete(t.Context(), key); !errors.Is(err, etl.ErrKey) {
			t.Errorf("Delete(%q) = %v, want ErrKey", key, err)
		}
	}
}

func storeCancelled(t *testing.T, s *storeSuite) {
	s.mustPut(t, "a", []byte("x"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.store.Delete(ctx, s.prefix+"a"); !errors.Is(err, context.Canceled) {
		t.Errorf("Delete = %v, want context.Canceled", err)
	}
	failed := false
	for _, err := range s.store.List(ctx, s.prefix) {
		failed = failed || err != nil
	}
	if !failed {
		t.Error("List yields no error")
	}
	s.wantKeys(t, "", "a")
}
