package httpapi_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/phi/audit"
	"github.com/carebus/carebus/schema"
)

func TestStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t)
		defer s.stop()
		r := s.connect(t, "", "read")
		defer r.conn.Close()
		var snapshot httpapi.Snapshot
		if err := json.Unmarshal([]byte(r.until("stats")), &snapshot); err != nil || !snapshot.Bus.Connected || snapshot.ETL == nil || snapshot.Streams != 1 {
			t.Errorf("%+v, %v", snapshot, err)
		}
		s.feed <- liveEvent(t, 1, nil)
		var e struct{ ID, Type, Severity, Shard, StreamID string }
		data := r.until("event")
		if err := json.Unmarshal([]byte(data), &e); err != nil || e.ID != "e1" || e.Type != "user.created" || r.id != "0:1-0" {
			t.Errorf("%s %+v, %v", r.id, e, err)
		}
		if strings.Contains(data, "clinician") {
			t.Error("a summary holds data")
		}
		full := s.connect(t, "?view=full", "read")
		defer full.conn.Close()
		full.until("stats")
		s.feed <- liveEvent(t, 2, nil)
		if data := full.until("event"); !strings.Contains(data, `"data":{"role":"clinician"}`) {
			t.Error(data)
		}
		r.until("event")

		time.Sleep(5 * time.Second) // of the bubble: statistics come once a second
		if err := json.Unmarshal([]byte(r.until("stats")), &snapshot); err != nil || snapshot.Events.Total != 2 || snapshot.Events.Types["user.created"] != 2 || snapshot.Events.Severities["low"] != 2 {
			t.Errorf("%+v, %v", snapshot.Events, err)
		}
		if r.status != "200 OK" {
			t.Error(r.status)
		}
	})
}

// A lateFeed is one that takes a while to find its place.
type lateFeed struct {
	fakeFeed
	takes time.Duration
}

func (f lateFeed) Follow(ctx context.Context, began func(), emit func(httpapi.LiveEvent)) error {
	select {
	case <-time.After(f.takes):
	case <-ctx.Done():
	}
	return f.fakeFeed.Follow(ctx, began, emit)
}

// TestStreamOpensWithTheFeed: what is published once a stream is open is in it,
// so it opens when the feed has its place. A feed that doesn't come to it holds a
// client up for a second.
func TestStreamOpensWithTheFeed(t *testing.T) {
	for _, c := range []struct{ takes, opens time.Duration }{
		{0, 0}, {300 * time.Millisecond, 300 * time.Millisecond}, {time.Minute, time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := serve(t, func(cfg *httpapi.Config) { cfg.Feed = lateFeed{make(fakeFeed), c.takes} })
			defer s.stop()
			began := time.Now()
			for range 2 { // the second client comes after the first one's feed has ended
				r := s.connect(t, "", "read")
				r.until("stats")
				if took := time.Since(began); took != c.opens {
					t.Errorf("a feed that takes %v: open after %v, want %v", c.takes, took, c.opens)
				}
				r.conn.Close()
				time.Sleep(2 * time.Minute)
				began = time.Now()
			}
		})
	}
}

func TestStreamFilters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t)
		defer s.stop()
		types := s.connect(t, "?type=note.*,auth.login", "read")
		severe := s.connect(t, "?severity=high", "read")
		rate := s.connect(t, "?rate=2", "read")
		for _, r := range []*reader{types, severe, rate} {
			defer r.conn.Close()
			r.until("stats")
		}
		go func() {
			for i, name := range []string{"user.created", "note.signed", "auth.lockout", "auth.login", "risk.flagged"} {
				s.feed <- liveEvent(t, i, func(e *schema.Envelope) { e.Event = schema.Raw{Name: name, Data: []byte(`{"outcome":"success"}`)} })
			}
		}()
		for r, ids := range map[*reader][]string{types: {"0:1-0", "0:3-0"}, severe: {"0:2-0", "0:4-0"}} {
			for _, id := range ids {
				if r.until("event"); r.id != id {
					t.Errorf("got %s, want %s", r.id, id)
				}
			}
		}
		// Beyond its rate the last reader misses the one event that isn't grave.
		var got []string
		missed := 0
		for frames := 0; frames < 1000 && (len(got) < 4 || missed < 1); frames++ {
			switch kind, data := rate.next(); kind {
			case "event":
				got = append(got, rate.id)
			case "missed":
				var m struct{ Count int }
				if err := json.Unmarshal([]byte(data), &m); err != nil {
					t.Fatal(err)
				}
				missed += m.Count
			case "":
				t.Fatal("the stream ended")
			}
		}
		if want := []string{"0:0-0", "0:1-0", "0:2-0", "0:4-0"}; !slices.Equal(got, want) || missed != 1 {
			t.Errorf("got %v and %d missed", got, missed)
		}
	})
}

// TestStreamTakesNoStrangersEntries: what stands in Redis may have been written by
// anyone, so what isn't an event of this environment, or can't be scrubbed, isn't
// shown, and the rest is scrubbed.
func TestStreamTakesNoStrangersEntries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t)
		defer s.stop()
		r := s.connect(t, "?view=full", "read")
		defer r.conn.Close()
		r.until("stats")
		s.feed <- httpapi.LiveEvent{Shard: "0", StreamID: "1-0", Data: []byte("Ann Lee")}
		s.feed <- httpapi.LiveEvent{Shard: "0", StreamID: "2-0", Data: nil}
		s.feed <- liveEvent(t, 3, func(e *schema.Envelope) { e.Environment = "production" })
		s.feed <- liveEvent(t, 4, func(e *schema.Envelope) { e.Subject = "unscrubbable" })
		s.feed <- liveEvent(t, 5, func(e *schema.Envelope) { e.Subject = "confusing" })
		s.feed <- liveEvent(t, 6, func(e *schema.Envelope) { e.Subject, e.CorrelationID = "user/"+canary, canary })
		if data := r.until("event"); r.id != "0:6-0" || strings.Contains(data, canary) || !strings.Contains(data, "[SSN]") {
			t.Errorf("%s was shown: %s", r.id, data)
		}
	})
}

func TestStreamGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t)
		defer s.stop()
		keep := s.connect(t, "", "read") // keeps the feed followed
		defer keep.conn.Close()
		keep.until("stats")
		for n := range 5 {
			s.feed <- liveEvent(t, n, nil)
			keep.until("event")
		}
		r := s.connect(t, "", "read", "Last-Event-ID: 0:2-0")
		defer r.conn.Close()
		for _, id := range []string{"0:3-0", "0:4-0"} {
			if r.until("event"); r.id != id {
				t.Errorf("got %s, want %s", r.id, id)
			}
		}
		gone := s.connect(t, "", "read", "Last-Event-ID: 0:99-0")
		defer gone.conn.Close()
		if data := gone.until("missed"); data != `{"count":null}` {
			t.Errorf("of events behind one that is gone it says %s", data)
		}
		s.feed <- liveEvent(t, 9, nil)
		if gone.until("event"); gone.id != "0:9-0" {
			t.Errorf("got %s", gone.id)
		}
	})
}

// A lone reader that comes back soon has missed nothing; one that stayed away until
// nobody followed the feed is told that it may have.
func TestLoneReaderComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t)
		defer s.stop()
		r := s.connect(t, "", "read")
		r.until("stats")
		s.feed <- liveEvent(t, 1, nil)
		r.until("event")
		r.conn.Close()
		time.Sleep(4 * time.Second)
		s.feed <- liveEvent(t, 2, nil)
		r = s.connect(t, "", "read", "Last-Event-ID: 0:1-0")
		if r.until("event"); r.id != "0:2-0" {
			t.Errorf("after 4 seconds it goes on with %s", r.id)
		}
		r.conn.Close()
		time.Sleep(time.Minute)
		select {
		case s.feed <- liveEvent(t, 3, nil):
			t.Error("the feed is followed without a reader")
		default:
		}
		r = s.connect(t, "", "read", "Last-Event-ID: 0:2-0")
		defer r.conn.Close()
		if data := r.until("missed"); data != `{"count":null}` {
			t.Errorf("after a minute it says %s", data)
		}
	})
}

// A request that is refused has its time, too: who has no credentials can't hold a
// connection with a body that never comes. A connection may lie idle for longer.
func TestRefusalsHaveTheirTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t)
		defer s.stop()
		client, server := net.Pipe()
		defer client.Close()
		s.listener.conns <- server
		in := bufio.NewReader(client)
		ask := func(request string, want int) {
			t.Helper()
			client.SetDeadline(time.Now().Add(time.Minute)) //nolint:errcheck // a pipe can
			fmt.Fprintf(client, "%s HTTP/1.1\r\nHost: x\r\n\r\n", request)
			answer, err := http.ReadResponse(in, nil)
			if err != nil {
				t.Fatalf("%s: %v", request, err)
			}
			if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != want {
				t.Fatalf("%s: %d, %v", request, answer.StatusCode, err)
			}
		}
		ask("GET /healthz", http.StatusOK)
		time.Sleep(time.Minute)
		ask("GET /nowhere", http.StatusNotFound)
		time.Sleep(time.Minute)
		ask("GET /api/events/types", http.StatusUnauthorized)
		began := time.Now()
		ask("POST /api/events/publish HTTP/1.1\r\nContent-Length: 100\r\nX:", http.StatusUnauthorized)
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("it was answered after %v", took)
		}
	})
}

// A reader that always finds frames, since the bus is busy or it is slow itself,
// loses its stream with its key all the same, or with the key's right to be here.
func TestBusyStreamEndsWithItsKey(t *testing.T) {
	for name, withdraw := range map[string]func(*liveServer){
		"revoked": func(s *liveServer) { s.revoke("read") },
		"moved":   func(s *liveServer) { s.move("read", "production") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := serve(t)
				defer s.stop()
				r := s.connect(t, "", "read")
				defer r.conn.Close()
				r.until("stats")
				quit := make(chan struct{})
				var busy sync.WaitGroup
				defer busy.Wait()
				defer close(quit)
				busy.Go(func() {
					for n := 0; ; n++ {
						select {
						case <-quit:
							return
						case s.feed <- liveEvent(t, n, nil):
						}
						time.Sleep(10 * time.Millisecond)
					}
				})
				withdraw(s)
				began := time.Now()
				for kind := "event"; kind != ""; kind, _ = r.next() {
					if took := time.Since(began); took > 10*time.Second {
						t.Fatalf("the stream goes on after %v", took)
					}
					time.Sleep(20 * time.Millisecond) // slower than the bus
				}
			})
		})
	}
}

func TestStreamEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t)
		revoked := s.connect(t, "", "read")
		stays := s.connect(t, "", "all")
		revoked.until("stats")
		stays.until("stats")
		s.revoke("read")
		began := time.Now()
		for {
			if kind, _ := revoked.next(); kind == "" {
				break
			}
			stays.until("stats")
		}
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("a revoked key's stream went on for %v", took)
		}
		stays.until("stats")

		s.stop() // ends the other, so that a server can drain
		for {
			if kind, _ := stays.next(); kind == "" {
				break
			}
		}
		synctest.Wait()
		if s.Watchers() != 0 {
			t.Errorf("%d streams are open", s.Watchers())
		}
		opened, closed := s.audit.of(audit.StreamOpen), s.audit.of(audit.StreamClose)
		if len(opened) != 2 || len(closed) != 2 {
			t.Errorf("%d openings, %d ends in the audit trail", len(opened), len(closed))
		}
	})
}

// TestSlowReaders keeps 100 readers for 100 seconds, 10,000 stream-seconds, at
// 200 events a second: half read on, a quarter read ten frames a second, and a
// quarter never read. Memory doesn't grow with the events that they miss, and
// those that never read are let go.
func TestSlowReaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, func(c *httpapi.Config) { c.Recent = 256; c.Logger = nil })
		defer s.stop()
		e := liveEvent(t, 1, func(e *schema.Envelope) {
			e.Event = schema.Raw{Name: "user.created", Data: []byte(`{"text":"` + strings.Repeat("x", 600) + `"}`)}
		})
		const readers, seconds, perSecond = 100, 100, 200
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		got := make([]int, readers)
		missed := make([]int, readers)
		for i := range readers {
			r := s.connect(t, "?view=full", "all")
			wg.Go(func() {
				defer r.conn.Close()
				switch i % 4 {
				case 2:
					<-ctx.Done()
					return
				case 3:
					context.AfterFunc(ctx, func() { r.conn.Close() }) //nolint:errcheck // to end it
				default:
					context.AfterFunc(ctx, func() { r.conn.Close() }) //nolint:errcheck // as above
				}
				for {
					kind, data := r.next()
					switch kind {
					case "":
						return
					case "event":
						got[i]++
					case "missed":
						var m struct{ Count int }
						if err := json.Unmarshal([]byte(data), &m); err != nil {
							t.Error(err)
						}
						missed[i] += m.Count
					}
					if i%4 == 3 {
						time.Sleep(time.Second / 10)
					}
				}
			})
		}
		var early, late uint64
		for second := range seconds {
			for range perSecond {
				s.feed <- e
			}
			time.Sleep(time.Second)
			if second == 20 {
				early = heap()
				if n := s.Watchers(); n != readers*3/4 {
					t.Errorf("%d readers, of which 25 never read", n)
				}
			}
		}
		late = heap()
		cancel()
		wg.Wait()
		if late > early+early/4+(1<<20) {
			t.Errorf("the heap grew from %d to %d KiB", early>>10, late>>10)
		}
		for i := range readers {
			if total := got[i] + missed[i]; i%4 < 2 && total < seconds*perSecond*99/100 {
				t.Errorf("reader %d saw %d events and was told of %d it missed", i, got[i], missed[i])
			}
		}
	})
}
