package httpapi_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/phi/audit"
	"github.com/carebus/carebus/schema"
)

// canary stands wherever a request can hold a value; no answer and no line of
// the log may hold it.
const canary = "Zq7xCanary"

func TestErrors(t *testing.T) {
	publish := func(body string, changes ...change) func(t *testing.T, a *api) *httptest.ResponseRecorder {
		return func(t *testing.T, a *api) *httptest.ResponseRecorder {
			return a.send(t, http.MethodPost, "/api/events/publish", body, changes...)
		}
	}
	call := func(method, path string, changes ...change) func(t *testing.T, a *api) *httptest.ResponseRecorder {
		return func(t *testing.T, a *api) *httptest.ResponseRecorder { return a.send(t, method, path, "", changes...) }
	}
	media := func(s string) change { return func(r *http.Request) { r.Header.Set("Content-Type", s) } }
	with := func(name, value string) string {
		return fmt.Sprintf(`{"type":"user.created","source":"pms","%s":%s}`, name, value)
	}
	busFails := func(err error) func(*api) { return func(a *api) { a.bus.fail = err } }
	eventFails := func(err error) func(*api) {
		return func(a *api) { a.bus.refuse = func(schema.Envelope) error { return err } }
	}
	seen := map[string]bool{}
	for _, c := range []struct {
		name    string
		problem string
		status  int
		do      func(t *testing.T, a *api) *httptest.ResponseRecorder
		set     func(a *api)
		config  func(c *httpapi.Config)
		field   string // of the first fault
		log     string // what the operator is told
	}{
		{name: "an unknown path", problem: "not-found", status: 404, do: call("GET", "/"+canary)},
		{name: "a path below a type", problem: "not-found", status: 404, do: call("GET", "/api/events/types/a.b/"+canary)},
		{name: "an unknown type's name", problem: "no-such-type", status: 404, do: call("GET", "/api/events/types/"+canary)},
		{name: "no pipeline", problem: "not-configured", status: 404, do: call("POST", "/api/events/etl/start"), config: func(c *httpapi.Config) { c.ETL = nil }},
		{name: "the wrong method", problem: "method-not-allowed", status: 405, do: call("DELETE", "/api/events/publish")},
		{name: "a stranger's method", problem: "method-not-allowed", status: 405, do: call(strings.ToUpper(canary), "/api/events/types")},
		{name: "no credentials", problem: "no-credentials", status: 401, do: call("GET", "/api/events/bus/status", as(""))},
		{name: "another scheme", problem: "no-credentials", status: 401, do: call("GET", "/api/events/bus/status", header("Authorization", "Basic "+canary))},
		{name: "credentials in the URL", problem: "no-credentials", status: 401, do: call("GET", "/api/events/bus/status?api_key=all", as(""))},
		{name: "a wrong token", problem: "bad-credentials", status: 401, do: call("GET", "/api/events/types", as(canary))},
		{name: "two tokens", problem: "bad-credentials", status: 401, do: call("GET", "/api/events/types", as("all"), as("read"))},
		{name: "the key store away", problem: "auth-unavailable", status: 503, do: call("GET", "/api/events/types", as("away"))},
		{name: "publish with a reader's key", problem: "missing-scope", status: 403, do: publish(goodBody, as("read"))},
		{name: "read with a publisher's key", problem: "missing-scope", status: 403, do: call("GET", "/api/events/stream", as("publish"))},
		{name: "operate with a reader's key", problem: "missing-scope", status: 403, do: call("POST", "/api/events/etl/stop", as("read"))},
		{name: "another environment's key", problem: "wrong-environment", status: 403, do: publish(goodBody, as("other"))},
		{name: "a type that the key doesn't allow", problem: "type-not-allowed", status: 403, do: publish(`{"type":"note.signed","source":"pms"}`, as("users"))},
		{name: "from another site", problem: "cross-origin", status: 403, do: publish(goodBody, header("Sec-Fetch-Site", "cross-site"))},
		{name: "the limit", problem: "rate-limited", status: 429, do: func(t *testing.T, a *api) *httptest.ResponseRecorder {
			for range 2 {
				want(t, a.send(t, "GET", "/api/events/types", "", as("slow")), 200, nil)
			}
			return a.send(t, "GET", "/api/events/types", "", as("slow"))
		}},
		{name: "a batch beyond the limit", problem: "rate-limited", status: 429, do: func(t *testing.T, a *api) *httptest.ResponseRecorder {
			want(t, a.send(t, "GET", "/api/events/types", "", as("slow")), 200, nil)
			return a.send(t, "POST", "/api/events/publish", "["+goodBody+","+goodBody+","+goodBody+"]", as("slow"))
		}},
		{name: "too many streams", problem: "too-many-streams", status: 429, do: call("GET", "/api/events/stream"), config: func(c *httpapi.Config) { c.MaxStreams = 1 }, set: func(a *api) { a.watch("read", 1) }},
		{name: "too many streams of one key", problem: "too-many-streams", status: 429, do: call("GET", "/api/events/stream", as("read")), config: func(c *httpapi.Config) { c.MaxStreams = 4 }, set: func(a *api) { a.watch("read", 2) }},

		{name: "a bad limit", problem: "bad-parameter", status: 400, do: call("GET", "/api/events/types?limit="+canary)},
		{name: "a limit of 0", problem: "bad-parameter", status: 400, do: call("GET", "/api/events/types?limit=0")},
		{name: "a bad kind", problem: "bad-parameter", status: 400, do: call("GET", "/api/events/types?kind="+canary)},
		{name: "a bad place", problem: "bad-parameter", status: 400, do: call("GET", "/api/events/types?after="+canary)},
		{name: "an unknown parameter", problem: "bad-parameter", status: 400, do: call("GET", "/api/events/types?"+canary+"=1")},
		{name: "a parameter twice", problem: "bad-parameter", status: 400, do: call("GET", "/api/events/types?limit=1&limit=2")},
		{name: "a broken query", problem: "bad-parameter", status: 400, do: call("GET", "/api/events/types?limit=%zz")},
		{name: "a bad severity", problem: "bad-parameter", status: 400, do: call("GET", "/api/events/stream?severity="+canary)},
		{name: "a bad view", problem: "bad-parameter", status: 400, do: call("GET", "/api/events/stream?view="+canary)},
		{name: "a bad rate", problem: "bad-parameter", status: 400, do: call("GET", "/api/events/stream?rate=-1")},
		{name: "a bad type filter", problem: "bad-parameter", status: 400, do: call("GET", "/api/events/stream?type="+canary)},
		{name: "a bad idempotency key", problem: "bad-parameter", status: 400, do: publish(goodBody, header("Idempotency-Key", canary+" "))},
		{name: "two idempotency keys", problem: "bad-parameter", status: 400, do: publish(goodBody, header("Idempotency-Key", "a"), header("Idempotency-Key", "b"))},
		{name: "a ce- header twice", problem: "bad-parameter", status: 400, do: publish("{}", header("Ce-Specversion", "1.0"), header("Ce-Id", "a"), header("Ce-Id", "b"))},
		{name: "a ce- header's encoding", problem: "bad-parameter", status: 400, do: publish("{}", header("Ce-Specversion", "1.0"), header("Ce-Id", "%zz"))},

		{name: "an empty body", problem: "bad-body", status: 400, do: publish("", media("application/json"))},
		{name: "an empty batch", problem: "bad-body", status: 400, do: publish("[]")},
		{name: "an array that ends early", problem: "bad-body", status: 400, do: publish(`[{"a":"` + canary + `"`)},
		{name: "binary data that isn't JSON", problem: "bad-body", status: 400, do: publish(canary, header("Ce-Specversion", "1.0"), header("Ce-Type", "user.created"), header("Ce-Source", "a"), header("Ce-Id", "1"))},
		{name: "no JSON", problem: "bad-body", status: 400, do: publish(canary)},
		{name: "an object that ends early", problem: "bad-body", status: 400, do: publish(`{"type":"` + canary)},
		{name: "a CloudEvent that ends early", problem: "bad-body", status: 400, do: publish(cloudEvent[:len(cloudEvent)-1], media("application/cloudevents+json"))},
		{name: "JSON in another encoding", problem: "bad-body", status: 400, do: publish(with("subject", "\"\xff\""))},
		{name: "binary mode with a body of no type", problem: "unsupported-type", status: 415, do: publish(canary, header("Ce-Specversion", "1.0"), func(r *http.Request) { r.Header.Del("Content-Type") })},
		{name: "binary mode without a body or a type", problem: "invalid-event", status: 422, do: publish("", header("Ce-Specversion", "1.0"), header("Ce-Id", "1"), header("Ce-Source", "a"), media("application/json")), field: "type"},
		{name: "damaged gzip", problem: "bad-body", status: 400, do: publish(canary, header("Content-Encoding", "gzip"))},
		{name: "a batch that is none", problem: "bad-body", status: 400, do: publish("{}", media("application/cloudevents-batch+json"))},
		{name: "a large body", problem: "body-too-large", status: 413, do: publish(with("data", `{"a":"`+strings.Repeat(canary, 1000)+`"}`)), config: func(c *httpapi.Config) { c.MaxBodyBytes = 1 << 10 }},
		{name: "a gzip bomb", problem: "body-too-large", status: 413, do: publish(bomb(t), header("Content-Encoding", "gzip")), config: func(c *httpapi.Config) { c.MaxBodyBytes = 1 << 16 }},
		{name: "too many events", problem: "too-many-events", status: 413, do: publish("[" + strings.Repeat("{},", 1000) + "{}]")},
		{name: "too many lines", problem: "too-many-events", status: 413, do: publish(strings.Repeat("{}\n", 1001), media("application/x-ndjson"))},
		{name: "no media type", problem: "unsupported-type", status: 415, do: publish(goodBody, func(r *http.Request) { r.Header.Del("Content-Type") })},
		{name: "a form", problem: "unsupported-type", status: 415, do: publish("a=b", media("application/x-www-form-urlencoded"))},
		{name: "another charset", problem: "unsupported-type", status: 415, do: publish(goodBody, media("application/json; charset=latin1"))},
		{name: "another encoding", problem: "unsupported-type", status: 415, do: publish(goodBody, header("Content-Encoding", canary))},
		{name: "JSON of another kind", problem: "unsupported-type", status: 415, do: publish(goodBody, media("application/"+canary+"+json"))},

		{name: "no object", problem: "invalid-event", status: 422, do: publish(`"` + canary + `"`), field: "event"},
		{name: "no type", problem: "invalid-event", status: 422, do: publish(`{"source":"` + canary + `"}`), field: "type"},
		{name: "an unknown member", problem: "invalid-event", status: 422, do: publish(with(canary, `"`+canary+`"`)), field: "member 3"},
		{name: "a bad id", problem: "invalid-event", status: 422, do: publish(with("id", `" `+canary+`"`)), field: "id"},
		{name: "a bad kind of event", problem: "invalid-event", status: 422, do: publish(with("kind", `"`+canary+`"`)), field: "kind"},
		{name: "a bad time", problem: "invalid-event", status: 422, do: publish(with("time", `"`+canary+`"`)), field: "time"},
		{name: "data that is none", problem: "invalid-event", status: 422, do: publish(with("data", `"`+canary+`"`)), field: "data"},
		{name: "data of another form", problem: "invalid-event", status: 422, do: publish(with("data", `{"entity_id":{"`+canary+`":1}}`)), field: "data.entity_id"},
		{name: "another environment", problem: "invalid-event", status: 422, do: publish(with("environment", `"`+strings.ToLower(canary)+`"`)), field: "environment"},
		{name: "CloudEvents without a version", problem: "invalid-event", status: 422, do: publish(goodBody, media("application/cloudevents+json")), field: "specversion"},
		{name: "a CloudEvent without an id", problem: "invalid-event", status: 422, do: publish(`{"specversion":"1.0","type":"user.created","source":"` + canary + `"}`), field: "id"},
		{name: "a CloudEvent with an empty id", problem: "invalid-event", status: 422, do: publish(`{"specversion":"1.0","id":"","type":"user.created","source":"pms"}`, media("application/cloudevents+json")), field: "id"},
		{name: "CloudEvents of another version", problem: "invalid-event", status: 422, do: publish(strings.Replace(cloudEvent, `"1.0"`, `"`+canary+`"`, 1)), field: "specversion"},
		{name: "an unknown type", problem: "unknown-type", status: 422, do: publish(`{"type":"` + strings.ToLower(canary) + `.made","source":"pms"}`)},
		{name: "a type that is none", problem: "invalid-event", status: 422, do: publish(`{"type":"` + canary + `","source":"pms"}`), field: "type"},
		{name: "a batch of bad events", problem: "invalid-event", status: 422, do: publish(`[{"source":"` + canary + `"},{"type":"` + canary + `"}]`)},
		{name: "a batch that fails in several ways", problem: "batch-failed", status: 422, do: publish(`[{"source":"` + canary + `"},{"type":"no.such","source":"a"}]`)},

		{name: "an event too large for the bus", problem: "event-too-large", status: 413, do: publish(goodBody), set: eventFails(fmt.Errorf("%w: %s", httpapi.ErrTooLarge, canary))},
		{name: "an event that can't be scrubbed", problem: "unscrubbable", status: 422, do: publish(goodBody), set: eventFails(fmt.Errorf("%w: %s", httpapi.ErrUnscrubbable, canary))},
		{name: "an id that is PHI", problem: "unscrubbable", status: 422, do: publish(goodBody), field: "id", set: eventFails(fmt.Errorf("%w: %w", httpapi.ErrUnscrubbable, &schema.ValidationError{Faults: []schema.Fault{{Field: "id", Rule: "was taken for PHI"}}}))},
		{name: "the bus full", problem: "bus-full", status: 503, do: publish(goodBody), set: busFails(httpapi.ErrFull), log: "the bus is full"},
		{name: "the bus away", problem: "bus-unavailable", status: 503, do: publish("[" + goodBody + "]"), set: busFails(httpapi.ErrUnavailable), log: "the bus is unavailable"},
		{name: "the bus failing otherwise", problem: "internal", status: 500, do: publish(goodBody), set: busFails(errors.New("redis answered NOPERM")), log: "redis answered NOPERM"},
		{name: "an event that fails otherwise", problem: "internal", status: 500, do: publish("[" + goodBody + "]"), set: eventFails(errors.New("redis answered NOPERM")), log: "redis answered NOPERM"},
		{name: "the bus's status away", problem: "bus-unavailable", status: 503, do: call("GET", "/api/events/bus/status"), set: func(a *api) { a.bus.down = true }},
		{name: "a panic", problem: "internal", status: 500, do: publish(goodBody), set: func(a *api) { a.bus.panics = true }},
		{name: "the pipeline failing", problem: "etl-failed", status: 503, do: call("POST", "/api/events/etl/start"), set: func(a *api) { a.etl.fail = errors.New("no") }},
		{name: "publish without an audit trail", problem: "audit-unavailable", status: 503, do: publish(goodBody), set: func(a *api) { a.audit.err = audit.ErrBroken }},
		{name: "operate without an audit trail", problem: "audit-unavailable", status: 503, do: call("POST", "/api/events/etl/stop"), set: func(a *api) { a.audit.err = audit.ErrBroken }},
		{name: "not ready: Redis", problem: "not-ready", status: 503, do: call("GET", "/readyz", as("")), set: func(a *api) { a.bus.down = true }},
		{name: "not ready: the audit trail", problem: "not-ready", status: 503, do: call("GET", "/readyz", as("")), set: func(a *api) { a.audit.err = audit.ErrBroken }},
		{name: "not ready: another part", problem: "not-ready", status: 503, do: call("GET", "/readyz", as("")), config: func(c *httpapi.Config) { c.Health = func(context.Context) error { return errors.New("no") } }},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAPI(t, func(cfg *httpapi.Config) {
				if c.config != nil {
					c.config(cfg)
				}
			})
			if c.set != nil {
				c.set(a)
			}
			w := c.do(t, a)
			if w.Code != c.status || problemName(w) != c.problem {
				t.Fatalf("%d %s, want %d %s: %s", w.Code, problemName(w), c.status, c.problem, w.Body)
			}
			seen[c.problem] = true
			if c.problem == "body-too-large" && !strings.Contains(w.Body.String(), " bytes") || c.problem == "too-many-events" && !strings.Contains(w.Body.String(), "1000") {
				t.Errorf("it doesn't tell the limit: %s", w.Body)
			}
			if w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%v", w.Header())
			}
			if c.status == 429 || c.status == 503 {
				if n, err := strconv.Atoi(w.Header().Get("Retry-After")); err != nil || n < 1 {
					t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
				}
			}
			if c.status == 401 && w.Header().Get("WWW-Authenticate") == "" || c.status == 405 && w.Header().Get("Allow") == "" {
				t.Errorf("%v", w.Header())
			}
			if c.field != "" && !strings.Contains(w.Body.String(), `"errors":[{"field":"`+c.field+`"`) {
				t.Errorf("the fault isn't at %s: %s", c.field, w.Body)
			}
			if strings.Count(a.log.String(), "events were not published") != min(1, len(c.log)) || !strings.Contains(a.log.String(), c.log) || c.log != "" && strings.Contains(w.Body.String(), "NOPERM") {
				t.Errorf("the log: %s; the answer: %s", a.log, w.Body)
			}
			noCanary(t, a, w)
		})
	}
	for _, name := range httpapi.ProblemNames() {
		if !seen[name] {
			t.Errorf("no test meets the problem %s", name)
		}
	}
}

// noCanary checks that nothing that came out holds what went in.
func noCanary(t *testing.T, a *api, w *httptest.ResponseRecorder) {
	t.Helper()
	low := strings.ToLower(canary)
	if strings.Contains(strings.ToLower(w.Body.String()), low) || strings.Contains(strings.ToLower(fmt.Sprint(w.Header())), low) {
		t.Errorf("the answer repeats a value: %v %s", w.Header(), w.Body)
	}
	if strings.Contains(strings.ToLower(a.log.String()), low) {
		t.Errorf("the log repeats a value: %s", a.log)
	}
	if strings.Contains(strings.ToLower(fmt.Sprint(a.audit.records)), low) {
		t.Errorf("the audit trail repeats a value: %v", a.audit.records)
	}
}
