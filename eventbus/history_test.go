package eventbus

import (
	"testing"

	"github.com/carebus/carebus/internal/redistest"
)

// TestHistoryChangesWithARestart: what the lake needs to notice that the past
// may have changed.
func TestHistoryChangesWithARestart(t *testing.T) {
	server := redistest.Real(t)
	b := open(t, server.URL)
	if err := b.Publish(t.Context(), events("user/1", 3)...); err != nil {
		t.Fatal(err)
	}
	l := b.Logs()[0]
	entries, before, err := l.ReadHistory(t.Context(), "", 2)
	if err != nil || len(entries) != 2 || len(before) != 40 {
		t.Fatalf("%d entries, history %q, %v", len(entries), before, err)
	}
	if rest, again, err := l.ReadHistory(t.Context(), entries[1].ID, 2); err != nil || len(rest) != 1 || again != before {
		t.Fatalf("%d entries, history %q, %v", len(rest), again, err)
	}
	server.Stop(t)
	server.Restart(t)
	entries, after, err := l.ReadHistory(t.Context(), "", 10)
	if err != nil || len(entries) != 3 || after == before {
		t.Fatalf("%d entries, history %q after %q, %v", len(entries), after, before, err)
	}

	const far = "18446744073709551000-7" // later than the server's clock, in digits that Lua's numbers lack
	if ok, err := l.Advance(t.Context(), before, far); err != nil || ok {
		t.Errorf("advance by an old history: %v, %v", ok, err)
	}
	for _, id := range []string{far, "5-5", far} {
		if ok, err := l.Advance(t.Context(), after, id); err != nil || !ok {
			t.Errorf("advance to %s: %v, %v", id, ok, err)
		}
	}
	if err := b.Publish(t.Context(), events("user/2", 1)...); err != nil {
		t.Fatal(err)
	}
	if got, err := l.Read(t.Context(), entries[2].ID, 10); err != nil || len(got) != 1 || got[0].ID != "18446744073709551000-8" {
		t.Errorf("entry after the advance: %v, %v", got, err)
	}
}

func TestAdvanceOfAnEmptyLog(t *testing.T) {
	server := redistest.Real(t)
	b := open(t, server.URL)
	l := b.Logs()[0]
	_, history, err := l.ReadHistory(t.Context(), "", 1)
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := l.Advance(t.Context(), history, "99999999999999-0"); err != nil || !ok {
		t.Fatalf("advance: %v, %v", ok, err)
	}
	if err := b.Publish(t.Context(), events("user/1", 1)...); err != nil {
		t.Fatal(err)
	}
	if got, err := l.Read(t.Context(), "", 10); err != nil || len(got) != 1 || got[0].ID != "99999999999999-1" {
		t.Errorf("first entry: %v, %v", got, err)
	}
}

// TestNoHistory: a server that doesn't tell is read all the same.
func TestNoHistory(t *testing.T) {
	b := open(t, redistest.Mini(t))
	if err := b.Publish(t.Context(), events("user/1", 3)...); err != nil {
		t.Fatal(err)
	}
	entries, history, err := b.Logs()[0].ReadHistory(t.Context(), "", 10)
	if err != nil || len(entries) != 3 || history != "" {
		t.Errorf("%d entries, history %q, %v", len(entries), history, err)
	}
}
