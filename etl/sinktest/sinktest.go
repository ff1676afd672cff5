// Package sinktest holds the contract of [etl.Sink] as tests.
//
//	func TestSink(t *testing.T) {
//		sinktest.Run(t, func(t *testing.T) etl.Sink { return newMySink(t) })
//	}
//
// Each subtest is named after the rule that it enforces.
package sinktest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/schema"
)

// Run tests a sink against the contract. open returns a sink for one subtest;
// sinks may share a store, since every subtest uses keys of its own.
func Run(t *testing.T, open func(t *testing.T) etl.Sink) {
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) { c.test(t, &suite{open(t), fmt.Sprintf("sinktest/%016x/", rand.Uint64())}) })
	}
}

var cases = []struct {
	rule string
	test func(*testing.T, *suite)
}{
	{"GetReturnsWhatWasPut", getAfterPut},
	{"GetOfAFreeKeyIsErrNotFound", notFound},
	{"PutOfATakenKeyIsErrExistsAndChangesNothing", createOnly},
	{"AnEmptyBodyIsABody", emptyBody},
	{"ALargeBodyIsKeptWhole", largeBody},
	{"OfConcurrentPutsExactlyOneWins", oneWinner},
	{"AReaderSeesAWholeBodyOrNone", wholeBodies},
	{"TheBodyMayBeReusedAfterPut", bodyNotKept},
	{"WhatGetReturnsBelongsToTheCaller", getIsACopy},
	{"AnInvalidKeyIsErrKey", invalidKeys},
	{"AllValidKeysAreKeptApart", validKeys},
	{"AContextThatIsDoneStopsACall", cancelled},
}

// A suite is one subtest's sink and the prefix of its keys.
type suite struct {
	sink   etl.Sink
	prefix string
}

func (s *suite) put(t *testing.T, key string, body []byte) error {
	t.Helper()
	return s.sink.PutIfAbsent(t.Context(), etl.Object{
		Key: s.prefix + key, Body: body, ContentType: "application/x-ndjson",
		Rows: 1, SHA256: strings.Repeat("0", 64), DataClass: schema.DataRestricted,
	})
}

func (s *suite) mustPut(t *testing.T, key string, body []byte) {
	t.Helper()
	if err := s.put(t, key, body); err != nil {
		t.Fatalf("PutIfAbsent(%q) = %v", key, err)
	}
}

func (s *suite) wantBody(t *testing.T, key string, want []byte) {
	t.Helper()
	got, err := s.sink.Get(t.Context(), s.prefix+key)
	if err != nil {
		t.Fatalf("Get(%q) = %v", key, err)
	}
	if !bytes.Equal(got, want) {
		t.Fatalf("Get(%q) returned %d bytes that are not the %d that were put", key, len(got), len(want))
	}
}

func getAfterPut(t *testing.T, s *suite) {
	s.mustPut(t, "a/b.json", []byte("one"))
	s.mustPut(t, "a/c.json", []byte("two"))
	s.wantBody(t, "a/b.json", []byte("one"))
	s.wantBody(t, "a/c.json", []byte("two"))
}

func notFound(t *testing.T, s *suite) {
	s.mustPut(t, "a/b.json", []byte("one"))
	for _, key := range []string{"none", "a/none", "a/none/none", "a/b.json.none", "a/b.json/none"} {
		if b, err := s.sink.Get(t.Context(), s.prefix+key); !errors.Is(err, etl.ErrNotFound) {
			t.Errorf("Get(%q) = %d bytes, %v; want ErrNotFound", key, len(b), err)
		}
	}
}

func createOnly(t *testing.T, s *suite) {
	s.mustPut(t, "k", []byte("first"))
	for _, body := range [][]byte{[]byte("second"), []byte("first"), nil} {
		if err := s.put(t, "k", body); !errors.Is(err, etl.ErrExists) {
			t.Errorf("a second PutIfAbsent = %v, want ErrExists", err)
		}
	}
	s.wantBody(t, "k", []byte("first"))
}

func emptyBody(t *testing.T, s *suite) {
	s.mustPut(t, "empty", nil)
	s.wantBody(t, "empty", nil)
	if err := s.put(t, "empty", []byte("x")); !errors.Is(err, etl.ErrExists) {
		t.Errorf("PutIfAbsent over an empty body = %v, want ErrExists", err)
	}
}

func largeBody(t *testing.T, s *suite) {
	body := noise(1, 17<<20+1)
	s.mustPut(t, "large", body)
	s.wantBody(t, "large", body)
}

func oneWinner(t *testing.T, s *suite) {
	const writers, keys = 16, 8
	for k := range keys {
		key := fmt.Sprintf("race/%d", k)
		var wins, winner atomic.Int64
		var wg sync.WaitGroup
		start := make(chan struct{})
		for w := range writers {
			wg.Go(func() {
				<-start
				switch err := s.put(t, key, writerBody(w)); {
				case err == nil:
					wins.Add(1)
					winner.Store(int64(w))
				case !errors.Is(err, etl.ErrExists):
					t.Errorf("PutIfAbsent = %v, want nil or ErrExists", err)
				}
			})
		}
		close(start)
		wg.Wait()
		if wins.Load() != 1 {
			t.Fatalf("%d of %d writers of one key were answered nil, want 1", wins.Load(), writers)
		}
		s.wantBody(t, key, writerBody(int(winner.Load())))
	}
}

func writerBody(w int) []byte { return noise(uint64(w), 1000+w) }

func wholeBodies(t *testing.T, s *suite) {
	const writers = 4
	body := noise(7, 3<<20)
	var wg sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		wg.Go(func() {
			for {
				got, err := s.sink.Get(t.Context(), s.prefix+"whole")
				switch {
				case err == nil && !bytes.Equal(got, body):
					t.Errorf("a reader saw %d bytes of %d", len(got), len(body))
					return
				case err == nil:
					return
				case !errors.Is(err, etl.ErrNotFound):
					t.Errorf("Get = %v", err)
					return
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	var puts sync.WaitGroup
	for range writers {
		puts.Go(func() {
			if err := s.put(t, "whole", body); err != nil && !errors.Is(err, etl.ErrExists) {
				t.Errorf("PutIfAbsent = %v", err)
			}
		})
	}
	puts.Wait()
	close(done)
	wg.Wait()
	s.wantBody(t, "whole", body)
}

func bodyNotKept(t *testing.T, s *suite) {
	body := []byte("before")
	s.mustPut(t, "k", body)
	copy(body, "behind")
	s.wantBody(t, "k", []byte("before"))
}

func getIsACopy(t *testing.T, s *suite) {
	s.mustPut(t, "k", []byte("before"))
	got, err := s.sink.Get(t.Context(), s.prefix+"k")
	if err != nil {
		t.Fatal(err)
	}
	copy(got, "behind")
	s.wantBody(t, "k", []byte("before"))
}

func invalidKeys(t *testing.T, s *suite) {
	for _, key := range []string{
		"..", "../x", "a/../b", "a/./b", ".", ".hidden", "a/.b", "_under", "a/_b", "//", "a//b", "a/",
		"a b", "a\\b", "a:b", "a\x00b", "a\nb", "a%2e", "é", "a*b", "a?b", "a#b", "a&b", "a+b", "a~b", "a\"b",
		strings.Repeat("x", 256), strings.Repeat("x/", 600) + "x",
	} {
		if err := s.put(t, key, []byte("x")); !errors.Is(err, etl.ErrKey) {
			t.Errorf("PutIfAbsent(%q) = %v, want ErrKey", key, err)
		}
		if _, err := s.sink.Get(t.Context(), s.prefix+key); !errors.Is(err, etl.ErrKey) {
			t.Errorf("Get(%q) = %v, want ErrKey", key, err)
		}
	}
	for _, key := range []string{"", "/", "/etc/passwd", "../x"} {
		if err := s.sink.PutIfAbsent(t.Context(), etl.Object{Key: key}); !errors.Is(err, etl.ErrKey) {
			t.Errorf("PutIfAbsent(%q) = %v, want ErrKey", key, err)
		}
	}
}

func validKeys(t *testing.T, s *suite) {
	keys := []string{
		"year=2024/month=01/day=15/hour=14/event_type=user.created/0-00000000000000000001-0.jsonl.snappy",
		"year=2024/month=01/day=15/hour=14/event_type=user.created/0-00000000000000000001-1.jsonl.snappy",
		"UPPER-lower_0.9=", "a..b", "a./b", "-", "=", strings.Repeat("x", 255), strings.Repeat("long/", 100) + "end",
	}
	for _, key := range keys {
		s.mustPut(t, key, []byte(key))
	}
	for _, key := range keys {
		s.wantBody(t, key, []byte(key))
	}
}

func cancelled(t *testing.T, s *suite) {
	s.mustPut(t, "there", []byte("x"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.sink.PutIfAbsent(ctx, etl.Object{Key: s.prefix + "k", Body: []byte("x")}); !errors.Is(err, context.Canceled) {
		t.Errorf("PutIfAbsent = %v, want context.Canceled", err)
	}
	if _, err := s.sink.Get(ctx, s.prefix+"there"); !errors.Is(err, context.Canceled) {
		t.Errorf("Get = %v, want context.Canceled", err)
	}
	if _, err := s.sink.Get(t.Context(), s.prefix+"k"); !errors.Is(err, etl.ErrNotFound) {
		t.Errorf("after a cancelled PutIfAbsent, Get = %v, want ErrNotFound", err)
	}
}

// noise returns n bytes that differ by seed and don't compress.
func noise(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}
