package canary

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/schema"
)

const (
	asJSON  = "application/json"
	asCE    = "application/cloudevents+json"
	asBatch = "application/cloudevents-batch+json"
	asLines = "application/x-ndjson"
)

// send sends a request and keeps the whole answer. Each header is "name: value".
func (r *rig) send(method, target, contentType, body string, headers ...string) {
	r.t.Helper()
	request, err := http.NewRequest(method, r.url+target, strings.NewReader(body))
	if err != nil {
		r.t.Fatalf("a request of the test itself: %v", err)
	}
	request.Header.Set("Authorization", "Bearer "+r.key)
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		fmt.Fprintf(r.answers, "cut off\n") // the client's error quotes the test's own URL
		return
	}
	defer response.Body.Close() //nolint:errcheck // it is read
	answer, err := httputil.DumpResponse(response, true)
	if err != nil {
		r.t.Fatal(err)
	}
	fmt.Fprintf(r.answers, "%s\n\n", answer)
}

// publish sends a body to the publishing endpoint.
func (r *rig) publish(contentType, body string, headers ...string) {
	r.t.Helper()
	r.send(http.MethodPost, "/api/events/publish", contentType, body, headers...)
}

func publishBody(data string) string {
	return `{"type":"patient.created","source":"pms/` + mark + `","subject":"patient/p-2","data":` + data + `}`
}

func cloudEvent(data string) string {
	return `{"specversion":"1.0","id":"` + schema.NewID() + `","type":"patient.created","source":"pms/` + mark + `","subject":"patient/p-3","data":` + data + `}`
}

// knock goes through everything that the HTTP API takes, and what it doesn't.
func (r *rig) knock() {
	r.t.Helper()
	for _, c := range canaries {
		member, query := object(c.field, c.value), url.QueryEscape(c.value)
		var bodies, events []string
		for _, data := range c.payloads() {
			bodies, events = append(bodies, publishBody(data)), append(events, cloudEvent(data))
		}
		r.publish(asJSON, "["+strings.Join(bodies, ",")+"]")
		r.publish(asLines, strings.Join(bodies, "\n"))
		r.publish(asBatch, "["+strings.Join(events, ",")+"]")
		r.publish(asJSON, bodies[0])
		r.publish(asCE, events[0])
		r.publish(asJSON, member, "ce-specversion: 1.0", "ce-id: "+schema.NewID(), "ce-type: patient.created", "ce-source: pms/"+mark,
			"ce-other: "+url.PathEscape(c.value))

		// Bad bodies.
		for _, bad := range []string{
			c.value, member[:len(member)-1], "{" + c.value + "}", `"` + c.value + `"`, publishBody(member) + c.value,
			`{"type":"patient.created","source":"pms/x",` + member[1:], // a member that nobody knows
			`{"type":` + `"` + c.value + `","source":"pms/x","data":{}}`,
			`{"type":"patient.created","kind":"` + c.value + `","severity":"` + c.value + `","source":"` + c.value + `","time":"` + c.value + `","environment":"` + c.value + `"}`,
			`{"type":"invoice.issued","source":"pms/x","data":{"amounts":[{"minor":"` + c.value + `","currency":"` + c.value + `"}],"outcome":"` + c.value + `"}}`,
			`{"type":"patient.created","source":"pms/x","data":"` + c.value + `"}`,
			`{"type":"patient.created","source":"pms/x","id":"` + c.value + ` and more","data":{}}`,
		} {
			r.publish(asJSON, bad)
			r.publish(asCE, bad)
			r.publish(asBatch, "["+bad+"]")
		}
		r.publish("text/plain", c.value)
		r.publish("application/json; charset="+query, member)
		r.publish(asJSON, member, "Content-Encoding: gzip")
		r.publish(asJSON, publishBody(member), "Content-Encoding: "+query)

		// Bad credentials, places and headers.
		r.publish(asJSON, publishBody(member), "Authorization: Bearer "+query)
		r.publish(asJSON, publishBody(member), "Authorization: Basic "+base64.StdEncoding.EncodeToString([]byte(c.value)))
		r.publish(asJSON, publishBody(member), "Traceparent: "+query, "Tracestate: a="+query, "Baggage: a="+query)
		r.publish(asJSON, publishBody(member), "Origin: https://"+query, "Sec-Fetch-Site: cross-site")
		r.publish(asJSON, publishBody(member), "User-Agent: "+query, "X-Request-Id: "+query, "Referer: "+query, "Cookie: a="+query)
		for _, path := range []string{
			"/" + url.PathEscape(c.value), "/api/events/types/" + url.PathEscape(c.value), "/api/events/types?after=" + query, "/api/events/types?" + query + "=1",
			"/api/events/stream?type=" + query, "/api/events/stream?view=" + query, "/api/events/bus/status?patient=" + query, "/api/events/etl/status?patient=" + query,
			"/?q=" + query, "/metrics?q=" + query, "/healthz?q=" + query,
		} {
			r.send(http.MethodGet, path, "", "")
		}
		r.send(strings.Map(letters, c.field), "/api/events/types", "", "")
	}
	// An opaque id stays, so only what can be told by its form is none of these.
	for _, c := range plain() {
		r.publish(asJSON, publishBody(`{}`), "Idempotency-Key: "+c.value)
		r.publish(asJSON, `{}`, "ce-specversion: 1.0", "ce-id: "+schema.NewID(), "ce-type: patient.created", "ce-source: pms/"+mark,
			"ce-subject: "+url.PathEscape(c.value), "ce-actor: "+url.PathEscape(c.value), "ce-tenant: "+url.PathEscape(c.value), "ce-correlationid: "+url.PathEscape(c.value))
	}
	for _, path := range []string{"/", "/healthz", "/readyz", "/metrics", "/api/events/openapi.json", "/api/events/asyncapi.json", "/api/events/types", "/api/events/bus/status", "/api/events/etl/status"} {
		r.send(http.MethodGet, path, "", "")
	}
}

// letters keeps what a method may have.
func letters(c rune) rune {
	if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
		return c
	}
	return -1
}

// holdRequest begins to publish a body with all canaries and doesn't end, so that
// the sink holds it when it is brought down.
func (r *rig) holdRequest() {
	r.t.Helper()
	body, hand := io.Pipe()
	request, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.url+"/api/events/publish", body)
	if err != nil {
		r.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+r.key)
	request.Header.Set("Content-Type", asJSON)
	go http.DefaultClient.Do(request) //nolint:errcheck,bodyclose // the sink is brought down
	if _, err := io.WriteString(hand, publishBody(object("note", everything()))[:2000]); err != nil {
		r.t.Fatal(err)
	}
}

// intrude writes into Redis past the bus.
func (r *rig) intrude() {
	r.t.Helper()
	add := func(values ...any) {
		r.t.Helper()
		if err := r.client.XAdd(r.t.Context(), &redis.XAddArgs{Stream: stream, Values: values}).Err(); err != nil {
			r.t.Fatal(err)
		}
	}
	event := func(data, typ, env, id, subject string) string {
		return fmt.Sprintf(`{"specversion":"1.0","id":%q,"source":"pms/%s","type":%q,"subject":%q,"time":"2026-11-20T09:30:00Z","kind":"crud","severity":"low",`+
			`"environment":%q,"schemaversion":1,"dataclassification":"restricted","data":%s}`, id, mark, typ, subject, env, data)
	}
	for _, c := range canaries {
		member := object(c.field, c.value)
		for _, data := range c.payloads() {
			add("event", event(data, "patient.created", environment, schema.NewID(), "patient/p-4"))
		}
		good := event(member, "patient.created", environment, schema.NewID(), "patient/p-4")
		for _, text := range []string{
			event(member, "stranger.made", environment, schema.NewID(), "patient/p-4"), // of a type that nobody knows
			event(member, "patient.created", "production", schema.NewID(), "patient/p-4"),
			good[:len(good)-3], member, "[" + member + "]", good + good,
			c.field + ": " + c.value, c.sentence(), "name: " + c.value + "\x00\xff", "",
		} {
			add("event", text)
		}
		add("event", good, "for", c.value)
		add("event", good, c.field, c.value)
		add(c.field, c.value) // no event at all
		add("event", event(member, c.value, environment, schema.NewID(), "patient/p-4"))
		if !schema.ValidEnvironment(c.value) { // a name of an environment may be told
			add("event", event(member, "patient.created", c.value, schema.NewID(), "patient/p-4"))
		}
		add("event", object("type", c.value))
	}
	for _, c := range plain() {
		good := event(`{}`, "patient.created", environment, schema.NewID(), c.value)
		add("event", good)
		add("event", event(`{}`, "patient.created", environment, c.value, "patient/p-4"))
		add("event", strings.Replace(good, `"kind"`, `"actor":"`+c.value+`","tenant":"`+c.value+`","correlationid":"`+c.value+`","kind"`, 1))
	}
}
