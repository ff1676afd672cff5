// Package logtest holds the contracts of [etl.Log] and [etl.HistoryLog] as tests.
//
//	func TestLog(t *testing.T) {
//		logtest.Run(t, func(t *testing.T) logtest.Subject { return newMyLog(t) })
//	}
//
// Each subtest is named after the rule that it enforces.
package logtest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/schema"
)

// A Subject is an empty log under test.
type Subject struct {
	Log etl.Log
	// Publish appends an entry that holds data.
	Publish func(t *testing.T, data []byte)
}

// Run tests a log against the contract; one that is an [etl.HistoryLog] against
// that, too. open returns an empty log for one subtest.
func Run(t *testing.T, open func(t *testing.T) Subject) {
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) { c.test(t, open(t)) })
	}
	if _, ok := open(t).Log.(etl.HistoryLog); !ok {
		return
	}
	for _, c := range historyCases {
		t.Run(c.rule, func(t *testing.T) { c.test(t, open(t)) })
	}
}

type contractCase struct {
	rule string
	test func(*testing.T, Subject)
}

var cases = []contractCase{
	{"TheNameStaysTheSame", nameStays},
	{"AnEmptyLogHasNoEntriesAndNoCursor", empty},
	{"EntriesComeInOrderWithTheBytesThatWerePublished", inOrder},
	{"ReadBeginsBehindAnIDAndReturnsUpToMax", pages},
	{"WhatReadReturnsBelongsToTheCaller", readIsACopy},
	{"CommitIsFencedByTheNumberOfThePlan", fenced},
	{"OfConcurrentCommitsExactlyOneWins", oneWinner},
	{"UncommittedEntriesStay", uncommittedStay},
	{"AContextThatIsDoneStopsACall", cancelled},
}

var historyCases = []contractCase{
	{"ReadHistoryReadsAsRead", readHistory},
	{"AHistoryStaysTheSameWhileNothingHappens", historyStays},
	{"AfterAdvanceIDsAreGreater", advance},
	{"AdvanceByAnotherHistoryChangesNothing", advanceRefused},
}

func publish(t *testing.T, s Subject, n int) {
	t.Helper()
	for i := range n {
		s.Publish(t, data(i))
	}
}

func data(i int) []byte { return fmt.Appendf(nil, `{"n":%d}`, i) }

func read(t *testing.T, s Subject, after string, limit int) []schema.Entry {
	t.Helper()
	entries, err := s.Log.Read(t.Context(), after, limit)
	if err != nil {
		t.Fatalf("Read = %v", err)
	}
	return entries
}

func commit(t *testing.T, s Subject, next schema.Cursor) bool {
	t.Helper()
	ok, err := s.Log.Commit(t.Context(), next)
	if err != nil {
		t.Fatalf("Commit = %v", err)
	}
	return ok
}

func wantCursor(t *testing.T, s Subject, want schema.Cursor) {
	t.Helper()
	if got, err := s.Log.Cursor(t.Context()); err != nil || got != want {
		t.Errorf("Cursor = %+v, %v; want %+v", got, err, want)
	}
}

// parts returns the numbers of an id, which must be <ms>-<seq>.
func parts(t *testing.T, id string) (ms, seq uint64) {
	t.Helper()
	a, b, _ := strings.Cut(id, "-")
	ms, err1 := strconv.ParseUint(a, 10, 64)
	seq, err2 := strconv.ParseUint(b, 10, 64)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatalf("id %q is not <milliseconds>-<sequence>", id)
	}
	return ms, seq
}

func less(t *testing.T, a, b string) bool {
	t.Helper()
	ams, aseq := parts(t, a)
	bms, bseq := parts(t, b)
	return ams < bms || ams == bms && aseq < bseq
}

func nameStays(t *testing.T, s Subject) {
	name := s.Log.Name()
	publish(t, s, 1)
	if name == "" || s.Log.Name() != name {
		t.Errorf("name %q became %q", name, s.Log.Name())
	}
}

func empty(t *testing.T, s Subject) {
	if got := read(t, s, "", 10); len(got) > 0 {
		t.Errorf("%d entries", len(got))
	}
	wantCursor(t, s, schema.Cursor{})
}

func inOrder(t *testing.T, s Subject) {
	publish(t, s, 10)
	entries := read(t, s, "", 100)
	if len(entries) != 10 {
		t.Fatalf("%d entries, want 10", len(entries))
	}
	for i, e := range entries {
		if string(e.Data) != string(data(i)) {
			t.Errorf("entry %d holds other bytes than were published", i)
		}
		if i > 0 && !less(t, entries[i-1].ID, e.ID) {
			t.Errorf("id %s follows %s", e.ID, entries[i-1].ID)
		}
	}
}

func pages(t *testing.T, s Subject) {
	publish(t, s, 10)
	all := read(t, s, "", 100)
	var got []schema.Entry
	for after := ""; ; after = got[len(got)-1].ID {
		page := read(t, s, after, 3)
		if len(page) == 0 {
			break
		}
		if len(page) > 3 {
			t.Fatalf("a read of up to 3 returned %d", len(page))
		}
		if got = append(got, page...); len(got) > len(all) {
			break
		}
	}
	if len(got) != len(all) {
		t.Fatalf("pages hold %d entries, want %d", len(got), len(all))
	}
	for i := range got {
		if got[i].ID != all[i].ID {
			t.Errorf("entry %d is %s, want %s", i, got[i].ID, all[i].ID)
		}
	}
	if more := read(t, s, all[9].ID, 10); len(more) > 0 {
		t.Errorf("%d entries behind the last", len(more))
	}
}

func readIsACopy(t *testing.T, s Subject) {
	publish(t, s, 2)
	first := read(t, s, "", 10)
	clear(first[0].Data)
	again := read(t, s, "", 10)
	if string(again[0].Data) != string(data(0)) {
		t.Error("a change of what Read returned shows in the log")
	}
	if string(first[1].Data) != string(data(1)) {
		t.Error("another Read changes what the first one returned")
	}
}

func fenced(t *testing.T, s Subject) {
	publish(t, s, 3)
	e := read(t, s, "", 3)
	first, second := schema.Cursor{Plan: 1, Last: e[0].ID}, schema.Cursor{Plan: 2, Last: e[1].ID}
	if commit(t, s, second) {
		t.Error("plan 2 is committed before plan 1")
	}
	if !commit(t, s, first) {
		t.Fatal("plan 1 is not committed")
	}
	wantCursor(t, s, first)
	if commit(t, s, schema.Cursor{Plan: 1, Last: e[2].ID}) {
		t.Error("plan 1 is committed twice")
	}
	wantCursor(t, s, first)
	if !commit(t, s, second) {
		t.Error("plan 2 is not committed after plan 1")
	}
	wantCursor(t, s, second)
}

func oneWinner(t *testing.T, s Subject) {
	publish(t, s, 1)
	next := schema.Cursor{Plan: 1, Last: read(t, s, "", 1)[0].ID}
	var wins atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			ok, err := s.Log.Commit(t.Context(), next)
			if err != nil {
				t.Errorf("Commit = %v", err)
			}
			if ok {
				wins.Add(1)
			}
		})
	}
	wg.Wait()
	if wins.Load() != 1 {
		t.Errorf("%d of 8 commits of one plan succeeded", wins.Load())
	}
}

func uncommittedStay(t *testing.T, s Subject) {
	publish(t, s, 4)
	e := read(t, s, "", 4)
	commit(t, s, schema.Cursor{Plan: 1, Last: e[1].ID})
	rest := read(t, s, e[1].ID, 10)
	if len(rest) != 2 || rest[0].ID != e[2].ID {
		t.Errorf("%d entries behind the cursor, want 2", len(rest))
	}
}

func cancelled(t *testing.T, s Subject) {
	publish(t, s, 1)
	last := read(t, s, "", 1)[0].ID
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Log.Read(ctx, "", 1); err == nil {
		t.Error("Read = nil")
	}
	if _, err := s.Log.Cursor(ctx); err == nil {
		t.Error("Cursor = nil")
	}
	if _, err := s.Log.Commit(ctx, schema.Cursor{Plan: 1, Last: last}); err == nil {
		t.Error("Commit = nil")
	}
}

// history returns the log as a HistoryLog and its history. Without one, which
// the contract allows, the test is over.
func history(t *testing.T, s Subject) (etl.HistoryLog, string) {
	t.Helper()
	l := s.Log.(etl.HistoryLog)
	_, h, err := l.ReadHistory(t.Context(), "", 1)
	if err != nil {
		t.Fatalf("ReadHistory = %v", err)
	}
	if h == "" {
		t.Skip("this server doesn't tell its history")
	}
	return l, h
}

func readHistory(t *testing.T, s Subject) {
	publish(t, s, 5)
	all := read(t, s, "", 10)
	got, h, err := s.Log.(etl.HistoryLog).ReadHistory(t.Context(), all[1].ID, 2)
	if err != nil || len(got) != 2 || got[0].ID != all[2].ID || string(got[1].Data) != string(data(3)) {
		t.Errorf("%d entries, %v", len(got), err)
	}
	if len(h) > 128 {
		t.Errorf("a history of %d bytes", len(h))
	}
}

func historyStays(t *testing.T, s Subject) {
	l, h := history(t, s)
	publish(t, s, 2)
	commit(t, s, schema.Cursor{Plan: 1, Last: read(t, s, "", 1)[0].ID})
	if _, again, err := l.ReadHistory(t.Context(), "", 1); err != nil || again != h {
		t.Errorf("history %q became %q, %v", h, again, err)
	}
}

func advance(t *testing.T, s Subject) {
	l, h := history(t, s)
	publish(t, s, 1)
	ms, seq := parts(t, read(t, s, "", 1)[0].ID)
	for _, to := range []string{fmt.Sprintf("%d-%d", ms+3_600_000, seq+5), fmt.Sprintf("%d-0", ms)} {
		if ok, err := l.Advance(t.Context(), h, to); err != nil || !ok {
			t.Fatalf("Advance = %v, %v", ok, err)
		}
	}
	publish(t, s, 1)
	last := read(t, s, "", 10)[1].ID
	if floor := fmt.Sprintf("%d-%d", ms+3_600_000, seq+5); !less(t, floor, last) {
		t.Errorf("after an advance to %s, an entry got the id %s", floor, last)
	}
}

func advanceRefused(t *testing.T, s Subject) {
	l, h := history(t, s)
	publish(t, s, 1)
	ms, _ := parts(t, read(t, s, "", 1)[0].ID)
	far := fmt.Sprintf("%d-0", ms+3_600_000)
	if ok, err := l.Advance(t.Context(), h+"x", far); err != nil || ok {
		t.Errorf("Advance = %v, %v; want false", ok, err)
	}
	publish(t, s, 1)
	if last := read(t, s, "", 10)[1].ID; !less(t, last, far) {
		t.Errorf("an advance that was refused gave the id %s", last)
	}
}
