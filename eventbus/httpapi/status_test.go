package httpapi_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/phi/audit"
)

func TestStatusAndControl(t *testing.T) {
	a := newAPI(t)
	var bus httpapi.BusStatus
	want(t, a.send(t, http.MethodGet, "/api/events/bus/status", ""), http.StatusOK, &bus)
	if !bus.Connected || bus.Shards[0].Groups[0].Name != "reminders" {
		t.Errorf("%+v", bus)
	}
	for _, step := range []struct{ method, path, state string }{
		{http.MethodGet, "/api/events/etl/status", "stopped"},
		{http.MethodPost, "/api/events/etl/start", "running"},
		{http.MethodPost, "/api/events/etl/start", "running"},
		{http.MethodGet, "/api/events/etl/status", "running"},
		{http.MethodPost, "/api/events/etl/stop", "stopped"},
		{http.MethodPost, "/api/events/etl/stop", "stopped"},
	} {
		var etl httpapi.ETLStatus
		want(t, a.send(t, step.method, step.path, ""), http.StatusOK, &etl)
		if etl.State != step.state {
			t.Errorf("%s %s: %s, want %s", step.method, step.path, etl.State, step.state)
		}
	}
	for action, n := range map[audit.Action]int{audit.ReadStatus: 3, audit.ETLStart: 2, audit.ETLStop: 2} {
		if got := a.audit.of(action); len(got) != n || got[0].Actor != "key/all" || got[0].Outcome != audit.OK {
			t.Errorf("the audit trail of %s: %+v", action, got)
		}
	}
}

func TestPublicEndpoints(t *testing.T) {
	a := newAPI(t)
	for path, text := range map[string]string{"/healthz": `"ok"`, "/readyz": `"ready"`, "/metrics": "up 1", "/": "<!doctype html>", "/api/events/openapi.json": `"3.1.0"`} {
		w := a.send(t, http.MethodGet, path, "", as(""))
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), text) {
			t.Errorf("%s: %d %.80s", path, w.Code, w.Body)
		}
		if head := a.send(t, http.MethodHead, path, "", as("")); head.Code != http.StatusOK || head.Body.Len() > 0 {
			t.Errorf("HEAD %s: %d, %d bytes", path, head.Code, head.Body.Len())
		}
	}
}

// A slowBus tells its status only once it may.
type slowBus struct {
	httpapi.BusMonitor
	calls atomic.Int64
	may   chan struct{}
}

func (b *slowBus) BusStatus(ctx context.Context) (httpapi.BusStatus, error) {
	b.calls.Add(1)
	select {
	case <-b.may:
		return b.BusMonitor.BusStatus(ctx)
	case <-ctx.Done():
		return httpapi.BusStatus{}, ctx.Err()
	}
}

// Whoever asks, without credentials, whether the server is ready costs Redis no more
// than one look at a time; that the first of them goes away fails no other.
func TestReadyAsksOnceAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := &slowBus{may: make(chan struct{})}
		a := newAPI(t, func(c *httpapi.Config) { bus.BusMonitor, c.Bus = c.Bus, bus })
		const many = 20
		first, leave := context.WithCancel(t.Context())
		answers := make(chan int, many)
		ask := func(ctx context.Context) {
			w := httptest.NewRecorder()
			a.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/readyz", nil))
			answers <- w.Code
		}
		go ask(first)
		synctest.Wait()
		for range many - 1 {
			go ask(t.Context())
		}
		synctest.Wait()
		leave()
		synctest.Wait()
		if n := bus.calls.Load(); n != 1 {
			t.Errorf("the bus was asked %d times", n)
		}
		close(bus.may)
		for range many {
			if code := <-answers; code != http.StatusOK {
				t.Errorf("status %d", code)
			}
		}
	})
}
